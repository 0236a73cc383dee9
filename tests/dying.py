"""How runs are killed in tests, by SIGKILL at the n-th word they say, and what is compared afterwards."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pandas as pd

_FETCHED = (
    "said_at",
    "first_seen_at",
    "metadata_as_of",
    "as_of",
    "citations_as_of",
    "citations_asked_at",
    "stars_as_of",
)


def until_word(last: int) -> Callable[[str], None]:
    """Returns a `say` that prints each word with its number, and kills the process at number `last` (0: never)."""
    words = 0

    def say(word: str) -> None:
        nonlocal words
        words += 1
        print(words, word, flush=True)
        if words == last:
            os.kill(os.getpid(), signal.SIGKILL)

    return say


def rows_left(home: Path) -> dict[str, pd.DataFrame]:
    """Returns the tables of the latest snapshot by path, without the times at which they were fetched."""
    latest = (home / "data" / "curated" / "latest").resolve()
    frames = {path.relative_to(latest).as_posix(): pd.read_parquet(path) for path in sorted(latest.rglob("*.parquet"))}
    return {name: frame.drop(columns=[c for c in frame.columns if c in _FETCHED]) for name, frame in frames.items()}
