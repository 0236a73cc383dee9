"""How conversations ended, told without reading what was wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from harvester.raw.ends import ends
from harvester.raw.landings import finish, open_folder
from harvester.records import Outcome

NIGHT = datetime(2026, 11, 20, 3, tzinfo=UTC)


def ended(raw: Path, night: datetime, what: str, outcome: Outcome | None) -> None:
    folder = open_folder(raw, "arxiv_api", night, what, {"n": what})
    if outcome:
        finish(folder, outcome, night)


def test_ends_come_newest_first_with_kind_and_verdict(tmp_path: Path) -> None:
    ended(tmp_path, NIGHT, "search", Outcome("complete"))
    ended(tmp_path, NIGHT + timedelta(days=1), "search-w2", Outcome("failed", "HTTP 503", degraded=True))
    ended(tmp_path, NIGHT + timedelta(days=2), "ids", Outcome("partial", "its pages are spent"))
    ended(tmp_path, NIGHT + timedelta(days=3), "search", None)
    found = [(end.kind, end.good, end.bad) for end in ends(tmp_path, "arxiv_api")]
    assert found == [
        ("search", False, False),
        ("ids", True, False),
        ("search", False, True),
        ("search", True, False),
    ]


def test_an_end_that_cannot_be_read_is_told_and_hides_no_other(tmp_path: Path) -> None:
    ended(tmp_path, NIGHT, "search", Outcome("complete"))
    ended(tmp_path, NIGHT + timedelta(days=1), "search", Outcome("complete"))
    (next((tmp_path / "arxiv_api").glob("2026-11-21*")) / "done.json").write_text("{", encoding="utf-8")
    (tmp_path / "arxiv_api" / "notes of mine").mkdir()
    broken, good = ends(tmp_path, "arxiv_api")
    assert broken.problem and "done.json" in broken.problem and not broken.good
    assert good.good
