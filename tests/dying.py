"""A word-counter for the scripts that run a night or a week: it ends its own process by SIGKILL at the n-th word."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable


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
