"""What the matrix opens in a process is closed with its tests."""

from __future__ import annotations

from collections.abc import Iterator

import matrix_world
import pytest


@pytest.fixture(scope="session", autouse=True)
def _tidy() -> Iterator[None]:
    yield
    matrix_world.close()
