"""`harvester status` for people and for monitors: a line, tables, JSON, exit codes, quick and without slow packages."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvester.cli import main
from harvester.report import Figures, Freshness, Report, Talk
from harvester.report_words import to_text
from harvester.steps import tell

NIGHT = datetime(2026, 11, 20, 5, 30, tzinfo=UTC)
SLOW = ("pandas", "prefect", "lxml", "requests", "arxiv", "apprise", "rich", "jinja2")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "editorial").mkdir()
    (tmp_path / "editorial" / "topics.toml").write_text(
        'categories = ["cs.CL"]\n[topics.a]\ninclude = ["kv"]\n', encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def night(here: Path, *causes: str) -> None:
    talk = Talk("github", "stars", "9 repositories", "complete", requests=7)
    figures = Figures(stars_age=Freshness(10, 9, 0.5, 40.0), citations_age=Freshness(), set_aside=2)
    report = Report(
        NIGHT, NIGHT, "degraded" if causes else "done", NIGHT, talks=(talk,), figures=figures, causes=causes
    )
    tell.write_record(here / "data", report)


def test_people_get_one_line_and_tables(here: Path) -> None:
    night(here)
    shown = CliRunner().invoke(main, ["status", "--at", "2026-11-20T12:00:00Z"])
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith("well: the last good night was that of 2026-11-20 05:30 UTC\n")
    for words in ("nightly", "github", "90.0%", "set aside as suspect: 2", "not asked for yet: from "):
        assert words in shown.output


def test_what_is_gone_is_known_all_the_same_and_told(here: Path) -> None:
    figures = Figures(stars_known=122, stars_age=Freshness(119, 119, 0.5, 4.0, gone=3))
    report = Report(NIGHT, NIGHT, "done", NIGHT, figures=figures)
    tell.write_record(here / "data", report)
    shown = CliRunner().invoke(main, ["status", "--at", "2026-11-20T12:00:00Z"])
    assert "122, of which 3 are gone" in shown.output and "122, of which 3 are gone (" in to_text(report)


def test_monitors_get_exit_codes_and_json(here: Path) -> None:
    none = CliRunner().invoke(main, ["status", "--json"])
    assert (none.exit_code, json.loads(none.output)["exit_code"]) == (1, 1)
    night(here, "github stars: GitHub refused (HTTP 401)")
    night_before = tell.read_frozen(here / "data", NIGHT)
    assert night_before is None
    bad = CliRunner().invoke(main, ["status", "--json", "--at", "2026-11-20T12:00:00Z"])
    told = json.loads(bad.output)
    assert (bad.exit_code, told["runs"]["nightly"]["bad_since"]) == (1, "2026-11-20T05:30:00Z")
    assert "HTTP 401" in told["verdict"]
    assert {one["source"]: one["requests"] for one in told["upstreams"]}["github"] == 7
    assert told["values"]["stars"]["median_days"] == 0.5


def test_what_coverage_cannot_tell_is_explained(here: Path) -> None:
    (here / "editorial" / "topics.toml").unlink()
    told = json.loads(CliRunner().invoke(main, ["status", "--json"]).output)
    assert told["coverage"] is None and "no topics could be read" in told["coverage_unknown"]
    assert "which days were asked for is not known" in CliRunner().invoke(main, ["status"]).output


def test_the_age_that_is_allowed_can_be_set(here: Path) -> None:
    night(here)
    assert CliRunner().invoke(main, ["status", "--at", "2026-11-22T12:00:00Z"]).exit_code == 1
    assert CliRunner().invoke(main, ["status", "--at", "2026-11-22T12:00:00Z", "--max-age", "60"]).exit_code == 0
    assert CliRunner().invoke(main, ["status", "--max-age", "0"]).exit_code == 2


def test_it_loads_nothing_slow(here: Path) -> None:
    night(here)
    call = (
        "import sys\nfrom click.testing import CliRunner\nfrom harvester.cli import main\n"
        f"CliRunner().invoke(main, ['status'])\nprint(sorted(set(sys.modules) & set({SLOW!r})))"
    )
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_beside_a_rehearsal_it_tells_of_the_rehearsals_time(here: Path) -> None:
    night(here)
    days = str((datetime.now(UTC) - NIGHT).days)
    shown = CliRunner().invoke(main, ["status"], env={"HARVESTER_DAYS_BEHIND": days})
    assert (shown.exit_code, shown.output[:5]) == (0, "well:")
