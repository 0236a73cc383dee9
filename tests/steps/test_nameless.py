"""Without HARVESTER_CONTACT real upstreams see a nameless client: told in every report and by the doctor."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from harvester.settings import load_settings
from harvester.steps.conclude import conclude
from harvester.steps.doctor import Wishes, examine
from harvester.steps.night import begin

NOW = datetime(2024, 6, 3, 3, tzinfo=UTC)
REAL = {"HARVESTER_OPENALEX_URL": "https://upstream.invalid"}
NAMED = {"HARVESTER_CONTACT": "ann@example.org"}


@pytest.mark.parametrize(
    ("more", "told"), [(REAL, 1), ({**REAL, **NAMED}, 0), ({}, 0)], ids=["nameless", "named", "rehearsal"]
)
def test_a_missing_contact_is_told_once_in_report_and_by_the_doctor(
    home: Path, environment: dict[str, str], more: dict[str, str], told: int
) -> None:
    settings = load_settings({**environment, **more}, home)
    with begin(settings, None, lambda: NOW, lambda _: None) as night:
        notes = conclude(night, NOW, [], None, None, []).notes
    assert sum("HARVESTER_CONTACT is not set" in note for note in notes) == told
    checks = examine({**environment, **more}, home, Wishes(), lambda: NOW, lambda _: None)
    assert sum("HARVESTER_CONTACT is not set" in check.said for check in checks) == told
