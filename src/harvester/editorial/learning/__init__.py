"""What ranking and section suggestion share: the past as it was known on a day, texts as numbers, and measures."""
