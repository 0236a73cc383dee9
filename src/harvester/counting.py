"""Numbers with their nouns: "1 record", "2 entries"."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Returns the number with thousands parted and its noun in the right form; only the last word is inflected."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeou" else f"{noun}s"
    return f"{number:,} {noun if number == 1 else many}"
