"""When pages change, and when they do not: nights in which nothing was heard, second runs, one count that moved."""

from __future__ import annotations

import difflib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from list_builders import AS_OF, SNAPSHOT, a_list, entry, paper, repository
from night_runner import run_night

from harvester.curated import snapshots
from harvester.definitions import STYLES, Badges, Editorial, ListDefinition, Style
from harvester.lists.lines import Facts
from harvester.pages import CountsAsOf, PaperFacts, Stamp
from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.settings import Settings
from harvester.steps.material import Material, read_stamps, write_stamp
from harvester.steps.render import Document, list_documents, render
from harvester.steps.replay import replay
from harvester.steps.stamps import digest, stamp_pages, stamped_page
from harvester.topics import Harvest


def lists(settings: Settings) -> dict[str, bytes]:
    found = settings.lists.rglob("*")
    return {path.relative_to(settings.lists).as_posix(): path.read_bytes() for path in found if path.is_file()}


def test_a_second_run_on_the_same_day_changes_no_byte(settings: Settings, rehearsal: Rehearsal) -> None:
    for at in NIGHTS[:2]:
        rehearsal.move_to(at)
        run_night(settings, at)
    before = lists(settings)
    report = run_night(settings, NIGHTS[1] + timedelta(hours=1))
    assert report.published and report.lists_changed == ()
    assert lists(settings) == before


def test_a_night_with_every_upstream_down_changes_no_byte(settings: Settings, rehearsal: Rehearsal) -> None:
    for at in NIGHTS[:2]:
        rehearsal.move_to(at)
        run_night(settings, at)
    before = lists(settings)
    for at in NIGHTS[2:4]:
        rehearsal.move_to(at)
        for upstream in ("arxiv", "github", "semantic_scholar", "openalex"):
            rehearsal.play({"upstream": upstream, "kind": "http_status", "status": 401, "times": 99})
        report = run_night(settings, at)
        assert report.state == "degraded"
        assert lists(settings) == before
        assert report.lists_changed == ()
    assert replay(settings).identical


def test_replay_tells_of_a_page_that_is_written_otherwise_now(settings: Settings, rehearsal: Rehearsal) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    manifest = snapshots.find(settings.data / "curated", None).path / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    said["pages"]["efficient-llm/README.md"]["sha256"] = "0" * 64
    manifest.write_text(json.dumps(said), encoding="utf-8")

    found = replay(settings)

    assert (found.identical, found.differences) == (False, ("lists/efficient-llm/README.md",))


def test_what_changed_is_told_for_a_day_and_stays_told_until_something_changes_again(
    settings: Settings, rehearsal: Rehearsal
) -> None:
    rehearsal.move_to(NIGHTS[0])
    run_night(settings, NIGHTS[0])
    page = settings.lists / "efficient-llm" / "CHANGES.md"
    assert "Nothing has changed yet" in page.read_text(encoding="utf-8")
    accept = {"at": "2024-06-03T08:00:00Z", "by": "ann", "list": "efficient-llm", "subject": "arxiv:2301.00774"}
    line = {**accept, "act": "accept", "section": "Network Pruning", "wording": {"title": "One shot"}}
    sitting = settings.editorial / "decisions" / "2024-06-03T080000Z-ann-aaaa.jsonl"
    sitting.write_text(json.dumps(line) + "\n", encoding="utf-8")
    rehearsal.move_to(NIGHTS[1])
    run_night(settings, NIGHTS[1])

    told = page.read_text(encoding="utf-8")

    assert f"Between {NIGHTS[0]:%Y-%m-%d} and {NIGHTS[1]:%Y-%m-%d}." in told
    assert "## Added\n\n- [One shot](https://arxiv.org/abs/2301.00774) · Network Pruning" in told
    assert "[What changed](CHANGES.md)" in (settings.lists / "efficient-llm" / "README.md").read_text(encoding="utf-8")


def night(
    style: Style, papers: list[PaperFacts], days: int, known: dict[str, Any], template: str = ""
) -> tuple[dict[str, str], Any]:
    """One night's pages and what its manifest says of them, `days` after the first."""
    definition = replace(a_list(style), templates={"own.md": template} if template else {})
    until = AS_OF + timedelta(days=days)
    papers = [replace(one, citations_as_of=until) for one in papers]
    listed = tuple(entry(one.subject, order=n) for n, one in enumerate(papers, 1))
    facts = Facts.of(papers, [repository("ada/cut", 5)])
    found = Material(listed, facts, until, snapshots.snapshot_name(until))
    pages, held_back = stamp_pages(found, editorial(definition), {}, known)
    assert not held_back
    stamps = read_stamps({"pages": pages}, definition.slug)  # type: ignore[typeddict-item]  # as in a manifest
    texts = {one.path: one.write(stamps[one.path]) for one in list_documents(found, definition, None)}
    return texts, pages


def editorial(*definitions: ListDefinition) -> Editorial:
    return Editorial((), Harvest(), definitions, {})


PAPERS = [paper(f"arxiv:2405.{n:05}", 10 + n, submitted_at=datetime(2023, 1, 1, tzinfo=UTC)) for n in range(9)]


@pytest.mark.parametrize("style", STYLES)
def test_a_night_that_confirms_every_number_changes_nothing(style: Style) -> None:
    first, known = night(style, PAPERS, 0, {})
    second, after = night(style, PAPERS, 1, known)

    assert (first, known) == (second, after)
    assert all(said["since"] == SNAPSHOT for said in after.values())


def new_lines(first: dict[str, str], second: dict[str, str]) -> list[str]:
    """What stands on the one page that differs, and did not before."""
    (changed,) = [path for path in first if first[path] != second[path]]
    diff = difflib.unified_diff(first[changed].split("\n"), second[changed].split("\n"), n=0, lineterm="")
    return [line[1:] for line in list(diff)[2:] if line[0] == "+"]


MOVED = [replace(PAPERS[0], citations=11), *PAPERS[1:]]


@pytest.mark.parametrize("style", STYLES)
def test_a_night_in_which_one_count_changed_changes_its_line_alone(style: Style) -> None:
    first, known = night(style, PAPERS, 0, {})
    second, after = night(style, MOVED, 1, known)

    (line,) = new_lines(first, second)
    assert "[**11**]" in line
    assert {said["since"] for said in after.values()} == {SNAPSHOT}


@pytest.mark.parametrize("style", STYLES)
def test_dates_that_stayed_behind_for_a_month_are_renewed_with_the_next_count(style: Style) -> None:
    first, known = night(style, PAPERS, 0, {})

    assert night(style, PAPERS, 30, known)[0] == first
    assert len(new_lines(first, night(style, MOVED, 29, known)[0])) == 1
    assert "as of 2024-07-03 or later" in new_lines(first, night(style, MOVED, 30, known)[0])[0]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "other",
    [{"citations_source": "openalex"}, {"citations": None, "citations_source": None}, {"title": "Another"}],
    ids=["another source", "a count that vanished", "another title"],
)
def test_what_is_more_than_the_value_of_a_count_dates_the_page_anew(style: Style, other: dict[str, Any]) -> None:
    first, known = night(style, PAPERS, 0, {})
    second, _ = night(style, [replace(PAPERS[0], **other), *PAPERS[1:]], 1, known)

    assert "made from snapshot 2024-06-04T031204Z" in new_lines(first, second)[0]


def test_the_dates_of_a_page_are_never_newer_than_one_of_its_counts() -> None:
    """A count that came in late, by an older observation, is older than what the page says."""
    until = AS_OF + timedelta(days=1)
    one = CountsAsOf("citations", "semantic_scholar", AS_OF.date(), AS_OF.date())
    late = replace(one, since=AS_OF.date() - timedelta(days=3), until=until.date())
    before = {"since": SNAPSHOT, "sha256": "-", "uncounted": digest("page"), "window": None}
    before["as_of"] = write_stamp(Stamp(SNAPSHOT, (one,)))["as_of"]

    for said, since in [(replace(one, until=until.date()), SNAPSHOT), (late, "later")]:
        page = Document("README.md", Stamp("later", (said,)), lambda stamp: "page 2", lambda stamp: "page")
        assert stamped_page(page, before)["since"] == since


def test_a_window_that_would_show_another_paper_is_not_kept() -> None:
    """A paper of the window's first day, listed a day later, stands in no window that begins after it."""
    definition = a_list("table")
    first_day = AS_OF - timedelta(days=definition.recent_days - 1)
    fresh = paper("arxiv:2405.00001", 3, submitted_at=AS_OF)
    aged = paper("arxiv:2405.00002", 3, submitted_at=first_day)
    first, known = night("table", [fresh], 0, {})
    kept, _ = night("table", [replace(fresh, citations=4)], 1, known)
    other, _ = night("table", [replace(fresh, citations=4), aged], 1, known)

    assert "## Papers from 2024-05-05 to 2024-06-03" in first["README.md"] and first["README.md"] != kept["README.md"]
    assert "## Papers from 2024-05-05 to 2024-06-03" in kept["README.md"]
    assert "## Papers from 2024-05-06 to 2024-06-04" in other["README.md"]


@pytest.mark.parametrize("badges", ["dynamic", "none"])
@pytest.mark.parametrize("style", STYLES)
def test_stars_that_no_snapshot_tells_are_not_dated(style: Style, badges: Badges) -> None:
    listed = [entry("github:ada/cut"), entry("arxiv:2405.00001", order=2)]
    facts = [paper("arxiv:2405.00001", 3)]
    for told, definition in [(True, a_list(style)), (False, a_list(style, badges=badges))]:
        pages = render(listed, facts, [repository("ada/cut", 5)], definition, AS_OF, SNAPSHOT)
        assert any("stars from GitHub as of" in text for text in pages.values()) == told
        assert any("Citations from Semantic Scholar" in text for text in pages.values())


DATED = "{{ stamp }}\n{% for line in lines %}{{ line.title }} {{ line | cited }}\n{% endfor %}"


@pytest.mark.parametrize("style", STYLES)
def test_a_page_of_a_template_is_dated_anew_where_something_else_than_counts_and_dates_changed(style: Style) -> None:
    fresh = [paper("arxiv:2405.00001", 3, submitted_at=AS_OF), *PAPERS[2:]]
    _, known = night(style, fresh, 0, {}, DATED)
    for days, listed in [(1, fresh), (1, [*fresh[:-1], replace(fresh[-1], citations=99)]), (29, fresh)]:
        _, after = night(style, listed, days, known, DATED)
        assert after["a-list/own.md"]["since"] == SNAPSHOT
    assert night(style, PAPERS, 1, known, DATED)[1]["a-list/own.md"]["since"] != SNAPSHOT


def test_a_template_that_names_the_window_is_dated_with_it() -> None:
    leaving = [paper("arxiv:2405.00001", 3, submitted_at=AS_OF - timedelta(days=29))]
    _, known = night("table", leaving, 0, {}, DATED + "{{ pages[0].window }}")
    _, after = night("table", leaving, 1, known, DATED + "{{ pages[0].window }}")
    assert after["a-list/own.md"]["since"] != SNAPSHOT


def test_a_template_that_cannot_be_filled_holds_back_its_list_and_no_other() -> None:
    broken = replace(a_list("table"), slug="broken", templates={"README.md": "a\n{{ nobody }}"})
    found = Material((), Facts.of([], []), AS_OF, SNAPSHOT)

    pages, held_back = stamp_pages(found, editorial(broken, a_list("bullets")), {}, {})

    assert held_back == {"broken": "editorial/lists/broken.README.md.j2, line 2: 'nobody' is undefined"}
    assert set(pages) == {"a-list/README.md", "a-list/CHANGES.md"}
