"""One core for learning: the same sums on every machine, and no threads that wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_core() -> Iterator[None]:
    """Keeps linear algebra to one thread until the block ends, in all threads of the process.

    Parts of a sum that threads add up come in an order of their own on each machine. And vectors are short here: on two busy
    cores, section suggestion took 24 s with two threads and 0.3 s with one.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
