"""Texts that an older version froze are read as they were meant; people's own are told how to rename a key."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from deciding_world import TEXTS

from harvester.curated import snapshots
from harvester.errors import SettingsError
from harvester.settings import load_settings
from harvester.steps.frozen import read_frozen
from harvester.steps.publish import publish_now
from harvester.steps.replay import replay

TOPICS = (
    'categories = ["cs.CL"]\n\n[harvest]\nfirst_days = 30   # how far back\n\n'
    '[topics.a]\ninclude = ["first_days = 3"]\n'
)


def test_early_windows_are_read_under_the_name_that_they_have_now() -> None:
    (topic,) = read_frozen({"topics.toml": TOPICS}).topics
    assert topic.since_day(date(2024, 6, 3)) == date(2024, 5, 4)
    assert topic.include == ("first_days = 3",)


def test_what_is_wrong_in_frozen_texts_is_told_as_ever() -> None:
    with pytest.raises(SettingsError, match="secnod_days"):
        read_frozen({"topics.toml": TOPICS.replace("first_days =", "secnod_days =", 1)})


def test_a_snapshot_of_an_older_version_with_early_windows_is_replayed(tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        path = tmp_path / "editorial" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}[harvest]\nsince = 30\n" if name == "topics.toml" else text, encoding="utf-8")
    settings = load_settings({}, tmp_path)
    at = datetime(2024, 6, 3, 3, tzinfo=UTC)
    publish_now(settings, at, lambda: at, lambda _: None)
    latest = snapshots.latest(settings.data / "curated")
    assert latest
    manifest = latest.path / "manifest.json"
    old = manifest.read_text(encoding="utf-8").replace("since = 30", "first_days = 30")
    assert "first_days" in old
    manifest.chmod(0o644)
    manifest.write_text(old, encoding="utf-8")
    assert replay(settings).identical
    later = at.replace(hour=4)
    assert publish_now(settings, later, lambda: later, lambda _: None).shelved.held_back == ()
