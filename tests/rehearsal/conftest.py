"""A rehearsal per test, and one HTTP session to talk to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from harvester.rehearsal import Rehearsal, rehearse


@pytest.fixture
def r() -> Iterator[Rehearsal]:
    with rehearse() as running:
        yield running


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False  # no proxy stands between a test and loopback
        yield session
