"""OAI-PMH: how a sweep follows its tokens, and how records are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import players
import pytest
from builders import NIGHT, landing
from hypothesis import given
from hypothesis import strategies as st

from harvester.records import Landing, Request, Version
from harvester.sources import arxiv_oai
from harvester.sources._oai_names import names
from harvester.windows import Window

WINDOW = Window(date(2024, 5, 1), date(2024, 6, 1))
SWEEP = arxiv_oai.Sweep("cs:cs:CL", WINDOW, pages=40)
HEAD = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>x</responseDate><request/>'
V1 = ("v1", "Wed, 1 May 2024 10:00:00 GMT", "D")


def record(number: str, day: str = "2024-05-02", versions: Sequence[tuple[str, str, str]] = (V1,), **more: str) -> str:
    told = "".join(
        f'<version version="{n}"><date>{at}</date><size>1kb</size><source_type>{kind}</source_type></version>'
        for n, at, kind in versions
    )
    texts = {"title": f"Title of\n  {number}", "authors": "Ada Author and Bo Author", "categories": "cs.CL cs.LG"}
    texts |= {"abstract": f"  Abstract of {number}.\n"} | {name.replace("_", "-"): text for name, text in more.items()}
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in texts.items())
    return (
        f"<record><header><identifier>oai:arXiv.org:{number}</identifier><datestamp>{day}</datestamp></header><metadata>"
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{number}</id><submitter>A</submitter>{told}{inner}'
        f"</arXivRaw></metadata></record>"
    )


def page(records: Sequence[str], token: str | None = None) -> bytes:
    onward = "" if token is None else f"<resumptionToken>{token}</resumptionToken>"
    return f"{HEAD}<ListRecords>{''.join(records)}{onward}</ListRecords></OAI-PMH>".encode()


def error(code: str) -> bytes:
    return f'{HEAD}<error code="{code}">because</error></OAI-PMH>'.encode()


def said(body: bytes, status: int = 200) -> Landing:
    return landing(status, body, request=Request("arxiv_oai", "GET", "/oai"))


def asked(held: players.Held) -> list[dict[str, str]]:
    return [dict(request.parameters) for request in held.requests]


def test_tokens_are_followed_alone_until_an_empty_one() -> None:
    answers = (said(page([record("2405.00001")], "one")), said(page([record("2405.00002")], "two")))
    held = players.hold(arxiv_oai.ask(SWEEP), players.in_turn(*answers, said(page([record("2405.00003")], ""))))
    assert held.outcome.state == "complete"
    first = {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "from": "2024-05-01", "until": "2024-05-31"}
    assert asked(held) == [
        first | {"set": "cs:cs:CL"},
        {"verb": "ListRecords", "resumptionToken": "one"},
        {"verb": "ListRecords", "resumptionToken": "two"},
    ]


def test_nothing_changed_is_a_complete_answer() -> None:
    held = players.hold(arxiv_oai.ask(SWEEP), players.in_turn(said(error("noRecordsMatch"))))
    assert (held.outcome.state, held.outcome.degraded) == ("complete", False)


def test_a_bad_argument_fails_with_the_servers_words_and_is_not_asked_again() -> None:
    held = players.hold(arxiv_oai.ask(SWEEP), players.in_turn(said(error("badArgument"))))
    assert (held.outcome.state, len(held.requests)) == ("failed", 1)
    assert "badArgument: because" in held.outcome.why


def test_a_token_not_taken_back_begins_anew_from_the_last_day_seen() -> None:
    answers = (said(page([record("2405.00001", "2024-05-09")], "one")), said(error("badResumptionToken")))
    held = players.hold(arxiv_oai.ask(SWEEP), players.in_turn(*answers, said(page([record("2405.00002")]))))
    assert held.outcome.state == "complete"
    assert asked(held)[-1]["from"] == "2024-05-09"


def test_a_sweep_that_goes_on_with_a_dead_token_begins_at_its_day() -> None:
    onward = arxiv_oai.Sweep("cs:cs:CL", Window(date(2024, 5, 20), WINDOW.until), 40, token="dead")
    answers = (said(error("badResumptionToken")), said(page([record("2405.00002")])))
    held = players.hold(arxiv_oai.ask(onward), players.in_turn(*answers))
    assert asked(held)[0] == {"verb": "ListRecords", "resumptionToken": "dead"}
    assert asked(held)[1]["from"] == "2024-05-20"
    assert held.outcome.state == "complete"


@pytest.mark.parametrize("token", ["same", "{n}"], ids=["the same token", "ever new tokens"])
def test_pages_that_bring_nothing_new_end_soon(token: str) -> None:
    told: list[int] = []

    def answer(request: Request) -> Landing:
        told.append(1)
        body = page([record("2405.00001", "2024-05-09")], token.format(n=len(told)))
        return landing(200, body, request=request)

    held = players.hold(arxiv_oai.ask(SWEEP), answer, most=20)
    assert (held.outcome.state, held.outcome.degraded) == ("partial", True)
    assert len(held.requests) <= 12


def test_a_budget_of_pages_ends_a_sweep_without_degrading_the_run() -> None:
    def answer(request: Request) -> Landing:
        number = len(dict(request.parameters).get("resumptionToken", ""))
        return landing(200, page([record(f"2405.{number:05}")], "x" * (number + 1)), request=request)

    held = players.hold(arxiv_oai.ask(arxiv_oai.Sweep("cs:cs:CL", WINDOW, 5)), answer)
    assert (held.outcome.state, held.outcome.degraded, len(held.requests)) == ("partial", False, 5)
    assert arxiv_oai.standing(held.landings[-1]) == arxiv_oai.Standing("x" * 5, date(2024, 5, 2))


@pytest.mark.parametrize("body", [players.HTML, page([record("2405.00001")])[:-30]], ids=["HTML", "cut XML"])
def test_a_page_that_is_none_is_asked_once_more(body: bytes) -> None:
    held = players.hold(arxiv_oai.ask(SWEEP), players.in_turn(said(body), said(page([record("2405.00001")]))))
    assert (held.outcome.state, len(held.requests)) == ("complete", 2)
    assert asked(held)[0] == asked(held)[1]
    twice = players.hold(arxiv_oai.ask(SWEEP), players.always(200, body))
    assert (twice.outcome.state, twice.outcome.degraded, len(twice.requests)) == ("failed", True, 2)


def test_days_before_the_first_datestamp_are_not_asked() -> None:
    early = arxiv_oai.Sweep("cs", Window(date(2001, 1, 1), date(2005, 9, 1)), 40)
    assert players.hold(arxiv_oai.ask(early), players.in_turn()).outcome.state == "complete"
    across = arxiv_oai.Sweep("cs", Window(date(2001, 1, 1), date(2006, 1, 1)), 40)
    held = players.hold(arxiv_oai.ask(across), players.in_turn(said(error("noRecordsMatch"))))
    assert asked(held)[0]["from"] == "2005-09-16"


@pytest.mark.parametrize(
    ("category", "group"),
    [
        ("cs.CL", "cs:cs:CL"),
        ("stat.ML", "stat:stat:ML"),
        ("eess.AS", "eess:eess:AS"),
        ("q-bio.BM", "q-bio:q-bio:BM"),
        ("astro-ph.GA", "physics:astro-ph:GA"),
        ("cond-mat.mtrl-sci", "physics:cond-mat:mtrl-sci"),
        ("physics.comp-ph", "physics:physics:comp-ph"),
        ("hep-th", "physics:hep-th"),
        ("math-ph", "physics:math-ph"),
    ],
)
def test_every_category_has_its_set(category: str, group: str) -> None:
    assert arxiv_oai.group_of(category) == group


# --- reading -----------------------------------------------------------------------------------------------------------


def test_a_record_tells_all_its_versions_and_fields() -> None:
    versions = [V1, ("v2", "Thu, 9 May 2024 08:30:01 GMT", "D")]
    more = {
        "comments": "12 pages",
        "journal_ref": "Proc. X",
        "doi": "10.1145/1.2",
        "authors": 'M. M\\"uller and B. Borg',
    }
    (paper,) = arxiv_oai.read(said(page([record("2405.00001", versions=versions, **more)]))).papers
    assert (paper.version, paper.title, paper.abstract) == (2, "Title of 2405.00001", "Abstract of 2405.00001.")
    assert paper.authors == ("M. Müller", "B. Borg")
    assert (paper.categories, paper.primary_category) == (("cs.CL", "cs.LG"), "cs.CL")
    assert (paper.comment, paper.journal_ref, paper.doi) == ("12 pages", "Proc. X", "10.1145/1.2")
    assert paper.versions == (
        Version(1, datetime(2024, 5, 1, 10, tzinfo=UTC), "D"),
        Version(2, datetime(2024, 5, 9, 8, 30, 1, tzinfo=UTC), "D"),
    )
    assert (paper.submitted_at, paper.updated_at) == (paper.versions[0].updated_at, paper.versions[1].updated_at)
    assert (paper.withdrawn, paper.said_at, paper.source) == (False, NIGHT, "arxiv_oai")


def test_a_last_version_without_source_is_a_withdrawal_and_an_earlier_one_is_not() -> None:
    drawn = [V1, ("v2", "Thu, 9 May 2024 08:30:01 GMT", "I")]
    back = [*drawn, ("v3", "Fri, 10 May 2024 08:30:01 GMT", "D")]
    rows = [record("2405.00001", versions=drawn), record("2405.00002", versions=back)]
    first, second = arxiv_oai.read(said(page(rows))).papers
    assert (first.withdrawn, first.withdrawn_evidence) == (True, "source type I of version 2")
    assert second.withdrawn is False
    (told,) = arxiv_oai.read(said(page([record("2405.00003", comments="This paper has been withdrawn")]))).papers
    assert told.withdrawn is True


def test_a_deleted_record_is_a_fact_of_its_own_and_no_absence() -> None:
    row = (
        '<record><header status="deleted"><identifier>oai:arXiv.org:2405.00009</identifier>'
        "<datestamp>2024-05-02</datestamp></header></record>"
    )
    reading = arxiv_oai.read(said(page([row, record("2405.00001")])))
    assert [gone.subject for gone in reading.deletions] == ["arxiv:2405.00009"]
    assert (reading.absences, reading.problems, len(reading.papers)) == ((), (), 1)


@pytest.mark.parametrize(
    "odd",
    [
        record("2405.00009", versions=[("v1", "yesterday", "D")]),
        record("2405.00009", versions=[("v1", "Wed, 1 May 0000 10:00:00 GMT", "D")]),
        record("2405.00009", versions=[("v1", "Wed, 1 May 9999 10:00:00 GMT", "D")]),
        record("2405.00009", versions=[("v2", V1[1], "D")]),
        record("2405.00009", versions=[]),
        record("2405.00009", title=""),
        record("2405.00009", categories="68T50"),
        record("2405.00009", abstract="<b>bold</b>"),
        record("2405.00009").replace("<id>2405.00009</id>", "<id>2405.00008</id>"),
        record("2405.00009").replace("arXivRaw", "arXiv"),
        "<record/>",
    ],
    ids=["no date", "year 0", "year 9999", "no version 1", "no version", "no title", "no category", "markup",
         "another id", "another format", "empty"],
)  # fmt: skip
def test_one_odd_record_is_kept_aside_and_the_others_are_used(odd: str) -> None:
    reading = arxiv_oai.read(said(page([record("2405.00001"), odd, record("2405.00002")])))
    assert [paper.arxiv_id for paper in reading.papers] == ["2405.00001", "2405.00002"]
    assert len(reading.problems) == 1


def test_entities_and_foreign_documents_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + page([record("2405.00001", title="&a;")])
    reading = arxiv_oai.read(said(bomb))
    assert (reading.papers, len(reading.problems)) == ((), 1)


def test_a_field_nobody_knows_raises_its_hand() -> None:
    reading = arxiv_oai.read(said(page([record("2405.00001", licence_note="new")])))
    assert len(reading.papers) == 1
    assert "a field this version does not know" in reading.problems[0]


def test_a_glance_counts_what_reading_finds() -> None:
    rows = [record("2405.00001", "2024-05-02"), record("2405.00002", "2024-05-07")]
    assert arxiv_oai.glance(said(page(rows, "x"))) == (2, date(2024, 5, 7))
    prefixed = page(rows, "x").replace(b"<datestamp>", b"<o:datestamp>").replace(b"</datestamp>", b"</o:datestamp>")
    assert arxiv_oai.glance(said(prefixed)) == (2, date(2024, 5, 7))
    assert arxiv_oai.glance(said(b"")) == (0, None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ada Author", ("Ada Author",)),
        ("A. One, B. Two and C. Three", ("A. One", "B. Two", "C. Three")),
        ("A. One, B. Two, and C. Three", ("A. One", "B. Two", "C. Three")),
        ("A. One (Univ. of X, Y), B. Two (Z (W))", ("A. One", "B. Two")),
        ("A. One (1), B. Two (2) ((1) X, (2) Y)", ("A. One", "B. Two")),
        ("A. One (never closed, B. Two", ("A. One",)),
        ("M. L. King, Jr., B. Two", ("M. L. King, Jr.", "B. Two")),
        ("ATLAS Collaboration: G. Aad, B. Abbott", ("ATLAS Collaboration", "G. Aad", "B. Abbott")),
        ("A. One et al.", ("A. One",)),
        ("A. One & B. Two; C. Three", ("A. One", "B. Two", "C. Three")),
        ("Anders Andersson, Sandy Anderson", ("Anders Andersson", "Sandy Anderson")),
        ("", ()),
    ],
)
def test_a_line_of_authors_is_taken_apart(line: str, expected: tuple[str, ...]) -> None:
    assert names(line) == expected


@given(st.lists(st.from_regex(r"[A-Z][a-z]{1,8} [A-Z][a-z]{2,8}", fullmatch=True), min_size=1, max_size=9))
def test_names_joined_as_arxiv_asks_come_back(given_names: list[str]) -> None:
    line = given_names[0] if len(given_names) == 1 else f"{', '.join(given_names[:-1])} and {given_names[-1]}"
    assert names(line) == tuple(given_names)


@given(st.text(max_size=200))
def test_no_line_of_authors_raises(line: str) -> None:
    assert all(name == " ".join(name.split()) and name for name in names(line))


@pytest.mark.parametrize("piece", ["a b ", "(", "a, ", "x and ", "(a) ", "a: "])
def test_a_line_of_a_megabyte_takes_no_longer_than_its_length(piece: str) -> None:
    assert len(names(" ".join((piece * (1_000_000 // len(piece))).split()))) <= 1_000_000
