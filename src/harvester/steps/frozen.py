"""Read the editorial texts that a manifest or an interrupted run keeps, also as earlier versions took them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from harvester.definitions import Editorial, read_editorial

# Keys of `topics.toml` that have another name now. People are told to rename theirs; what is frozen nobody can change.
_RENAMED = {"first_days": "since"}


def read_frozen(texts: Mapping[str, str]) -> Editorial:
    """Reads texts that were usable when they were frozen; raises SettingsError where they are not any more."""
    return read_editorial({**texts, "topics.toml": _renamed(texts.get("topics.toml", ""))})


def _renamed(topics: str) -> str:
    for old, new in _RENAMED.items():
        topics = re.sub(rf"^(\s*){old}(\s*=)", rf"\g<1>{new}\g<2>", topics, flags=re.MULTILINE)
    return topics
