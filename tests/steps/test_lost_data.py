"""A folder of data that is not mounted, or lost, empties no page: what readers saw stays until somebody says otherwise."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from night_runner import run_night

from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.settings import Settings
from harvester.steps.publish import Shelved, publish_now


def publish(settings: Settings, hours: int, *, anyway: bool = False) -> Shelved:
    at = NIGHTS[0] + timedelta(hours=hours)
    return publish_now(settings, at, lambda: at, lambda _: None, anyway=anyway).shelved


def pages(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md"))}


def test_pages_stay_where_the_data_are_gone_unless_somebody_asks(settings: Settings, rehearsal: Rehearsal) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    before = pages(settings.lists)

    shutil.rmtree(settings.data / "curated")  # tables follow from the landings: that is no loss
    assert publish(settings, 3).held_back == ()
    assert {name: text.count("\n") for name, text in pages(settings.lists).items()} == {
        name: text.count("\n") for name, text in before.items()
    }

    standing = pages(settings.lists)
    settings.data.rename(settings.data.with_name("unmounted"))
    lost = publish(settings, 4)
    assert lost.changed == () and pages(settings.lists) == standing
    assert len(lost.held_back) == 2 and all(str(settings.data) in told for told in lost.held_back)
    assert all("--publish-anyway" in told for told in lost.held_back)

    shutil.rmtree(settings.data)
    assert publish(settings, 5, anyway=True).changed and pages(settings.lists) != standing
