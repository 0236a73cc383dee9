"""What upstreams said: asks them, and keeps every answer as it came."""
