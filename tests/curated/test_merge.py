from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from builders import NIGHT, paper_record
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.curated.merge import RepoLink, entry_links, links, papers
from harvester.ids import Subject
from harvester.records import Absence, Entry, Link, Note, Paper, PaperRecord, Version, Wording

P = Subject("arxiv:2405.00001")
DAY = timedelta(days=1)


def absence(subject: Subject = P, at: datetime = NIGHT) -> Absence:
    return Absence(subject, "arxiv_api", at)


def only(*records: PaperRecord, absent: tuple[Absence, ...] = ()) -> Paper:
    (paper,) = papers(records, absent, ()).values()
    return paper


def test_the_newest_words_of_the_newest_version_are_the_paper() -> None:
    paper = only(
        paper_record("2405.00001", 2, at=NIGHT, title="Second"),
        paper_record("2405.00001", 2, at=NIGHT + DAY, title="Second, mended"),
        paper_record("2405.00001", 1, at=NIGHT + 2 * DAY, title="First, late"),
    )
    assert paper.record is not None
    assert paper.record.title == "Second, mended"
    assert paper.versions == (
        Version(1, datetime(2024, 6, 1, 12, tzinfo=UTC)),
        Version(2, datetime(2024, 6, 2, 12, tzinfo=UTC)),
    )
    assert paper.first_seen_at == NIGHT
    assert (paper.metadata_status, paper.metadata_as_of) == ("ok", NIGHT + DAY)


def test_withdrawal_follows_the_newest_version() -> None:
    withdrawn = paper_record("2405.00001", 2, withdrawn=True, withdrawn_evidence="This paper has been withdrawn")
    back = paper_record("2405.00001", 3, at=NIGHT + DAY)
    assert only(withdrawn).withdrawn is True
    assert only(withdrawn).withdrawn_evidence == "This paper has been withdrawn"
    assert only(withdrawn, back).withdrawn is None


def test_a_source_that_cannot_tell_does_not_silence_one_that_can() -> None:
    told = paper_record("2405.00001", 2, source="arxiv_oai", withdrawn=True, withdrawn_evidence="source type I")
    silent = paper_record("2405.00001", 2, at=NIGHT + DAY)
    assert only(told, silent).withdrawn is True


def test_a_paper_that_was_known_and_is_absent_now_is_gone_and_keeps_its_metadata() -> None:
    paper = only(paper_record("2405.00001"), absent=(absence(at=NIGHT + DAY),))
    assert (paper.metadata_status, paper.metadata_as_of) == ("gone", NIGHT)
    assert paper.record is not None


def test_a_paper_that_came_back_is_ok() -> None:
    assert only(paper_record("2405.00001", at=NIGHT + DAY), absent=(absence(),)).metadata_status == "ok"


def test_named_papers_have_a_row_without_metadata_and_other_subjects_none() -> None:
    missing, asked = Subject("doi:10.1145/1.2"), Subject("arxiv:2405.00009")
    folded = papers((), (absence(asked),), (missing, asked, Subject("github:o/x"), Subject("url:https://x.example")))
    assert [(p.subject, p.record, p.metadata_status) for p in folded.values()] == [
        (asked, None, "not_found"),
        (missing, None, "never_asked"),
    ]


moments = st.integers(0, 3).map(lambda n: NIGHT + n * DAY)
records = st.builds(
    lambda number, version, at, title, withdrawn: paper_record(
        f"2405.0000{number}", version, at=at, title=title, withdrawn=withdrawn
    ),
    st.integers(1, 2),
    st.integers(1, 3),
    moments,
    st.sampled_from(["A", "B"]),
    st.sampled_from([None, True]),
)


@settings(deadline=None)  # machines are shared
@given(st.lists(records, max_size=8), st.lists(st.builds(absence, at=moments), max_size=2), st.randoms())
def test_order_of_arrival_does_not_matter_and_twice_is_once(
    said: list[PaperRecord], absent: list[Absence], random: Random
) -> None:
    shuffled = said * 2
    random.shuffle(shuffled)
    folded = papers(said, absent, (P,))
    again = papers(shuffled, absent[::-1] * 2, (P, P))
    assert again == folded
    assert list(again) == list(folded)


def test_links_are_found_in_abstract_and_comment_under_the_current_name() -> None:
    record = paper_record(
        "2405.00001",
        abstract="Code: https://github.com/Old/Name.",
        comment="See github.com/old/name and github.com/two/x",
    )
    current = {Subject("github:old/name"): Subject("github:new/name")}
    assert links(papers((record,), (), ()).values(), current) == [
        RepoLink(P, Subject("github:new/name"), "abstract"),
        RepoLink(P, Subject("github:new/name"), "comment"),
        RepoLink(P, Subject("github:two/x"), "comment"),
    ]


def test_links_of_editors_are_found_in_links_and_notes_of_entries_about_papers() -> None:
    wording = Wording(
        links=(Link("Code", "https://github.com/a/b"), Link("Paper", "https://arxiv.org/abs/2405.00001")),
        notes=(Note("also [here](https://github.com/c/d)"),),
    )
    entry = Entry("list", P, 1, "S", None, wording, None, NIGHT, "ann", "s:1")
    project = Entry("list", Subject("github:e/f"), 1, "S", None, wording, None, NIGHT, "ann", "s:2")
    assert entry_links((entry, project), {}) == [
        RepoLink(P, Subject("github:a/b"), "entry"),
        RepoLink(P, Subject("github:c/d"), "entry"),
    ]


def told_by_oai(version: int, at: datetime = NIGHT + DAY, **more: object) -> PaperRecord:
    history = tuple(Version(n, datetime(2024, 6, n, 12, tzinfo=UTC), "D") for n in range(1, version + 1))
    return paper_record("2405.00001", version, source="arxiv_oai", at=at, versions=history, **more)  # type: ignore[arg-type] # `more` is whatever a test tells


def test_a_sweep_tells_versions_that_nobody_saw() -> None:
    paper = only(paper_record("2405.00001", 2), told_by_oai(4))
    assert [version.number for version in paper.versions] == [1, 2, 3, 4]
    assert paper.versions[2] == Version(3, datetime(2024, 6, 3, 12, tzinfo=UTC))


def test_title_and_authors_are_the_feeds_where_it_told_the_same_version() -> None:
    feed = paper_record("2405.00001", 2, title="Über", authors=("Ö. Ö",))
    swept = told_by_oai(2, title='\\"Uber', authors=("Oe",), journal_ref="Proc. X")
    record = only(feed, swept).record
    assert record
    assert (record.title, record.authors, record.journal_ref) == ("Über", ("Ö. Ö",), "Proc. X")
    assert record.said_at == swept.said_at
    newer = only(feed, told_by_oai(3, title="A third title")).record
    assert newer
    assert newer.title == "A third title"


def test_a_withdrawal_told_by_a_sweep_stands_until_a_version_with_text_follows() -> None:
    drawn = told_by_oai(2, withdrawn=True, withdrawn_evidence="source type I of version 2")
    assert only(paper_record("2405.00001"), drawn).withdrawn is True
    assert only(drawn, told_by_oai(3, at=NIGHT + 2 * DAY, withdrawn=False)).withdrawn is False
