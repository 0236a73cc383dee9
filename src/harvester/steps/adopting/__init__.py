"""What a person did to rendered pages, told from what the machine did, and planned as decisions and texts."""
