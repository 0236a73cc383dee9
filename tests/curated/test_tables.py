from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from builders import NIGHT, citations, paper_record, repo_record, stars
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.curated import facts, schema, tables
from harvester.curated.columns import TABLES
from harvester.curated.counts import counts, history
from harvester.curated.merge import RepoLink, papers
from harvester.curated.renames import repositories
from harvester.errors import SnapshotError
from harvester.ids import RepoName, Subject
from harvester.records import Candidate, Entry, Hit, Link, Match, Note, Wording
from harvester.scores import Again, Guess, Nearest, Rated, Reason, Score, Threshold

ROOT = Path(__file__).resolve().parents[2]
P, DOI = Subject("arxiv:2405.00001"), Subject("doi:10.1145/1.2")
FOLDED = papers((paper_record("2405.00001", 2),), (), (DOI,))
text = st.text(max_size=6)
maybe = st.none() | text
moments = st.datetimes(datetime(1991, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
links = st.builds(Link, text, text, maybe)
notes = st.builds(Note, text, st.integers(0, 4), st.booleans(), st.booleans())
wordings = st.builds(
    Wording,
    title=maybe,
    url=maybe,
    authors=maybe,
    venue=maybe,
    links=st.lists(links, max_size=2).map(tuple),
    notes=st.lists(notes, max_size=2).map(tuple),
    figure=maybe,
    figure_width=maybe,
    listed_on=maybe,
    marks=st.lists(text, max_size=2).map(tuple),
    bold=st.booleans(),
    citations_seen=st.none() | st.integers(0, 10**6),
    citations_seen_url=maybe,
)
entries = st.builds(
    Entry,
    list=st.sampled_from(["one", "two"]),
    subject=st.sampled_from([P, DOI, Subject("github:o/x")]),
    place=st.integers(1, 3),
    section=text,
    order=st.none() | st.integers(0, 99),
    wording=wordings,
    note=maybe,
    decided_at=moments,
    decided_by=text,
    decision=text,
)


@settings(deadline=None)  # machines are shared
@given(st.lists(entries, max_size=8, unique_by=lambda entry: (entry.list, entry.subject, entry.place)))
def test_entries_survive_the_table_in_reading_order(said: list[Entry]) -> None:
    assert facts.read_entries(tables.entries_table(said)) == sorted(said, key=lambda entry: entry.list)


def candidate(list_: str, subject: Subject, until: date | None = None) -> Candidate:
    hits = (Hit("pruning", "title", "Pruning"), Hit("pruning", "abstract", "pruning"))
    matches = (Match(subject, "compression", hits), Match(subject, "speed", hits[:1]))
    return Candidate(list_, subject, NIGHT, matches, "Pruning", until, None)


def test_candidates_survive_the_table_in_the_order_of_the_queue() -> None:
    said = [candidate("one", DOI), candidate("one", P, date(2024, 7, 1)), candidate("two", P)]
    table = tables.candidates_table(said, FOLDED)
    assert facts.read_candidates(table) == said
    rows = {(row["list"], row["subject"]): row for row in table.to_pylist()}
    assert rows["one", P]["state"] == "deferred"
    assert rows["one", P]["title"] == "Title of 2405.00001"
    assert rows["one", DOI]["state"] == "waiting"
    assert rows["two", P]["phrases"] == ["pruning"]
    assert rows["two", P]["topics"] == ["compression", "speed"]


def test_papers_have_facts_with_their_own_repositories_and_no_count_where_none_is_known() -> None:
    counted = counts([citations(P, 7)])
    table = tables.papers_table(FOLDED.values(), counted, {})
    linked = tables.paper_repositories_table(
        [RepoLink(P, Subject("github:a/b"), "comment"), RepoLink(P, Subject("github:c/d"), "entry")]
    )
    read = facts.read_paper_facts(table, linked)
    assert (read[P].citations, read[P].citations_source, read[P].citations_as_of) == (7, "semantic_scholar", NIGHT)
    assert read[P].repositories == ("github:a/b",)
    assert (read[P].title, read[P].version, read[P].withdrawn) == ("Title of 2405.00001", 2, None)
    assert (read[DOI].title, read[DOI].citations, read[DOI].citations_status) == (None, None, "never_asked")
    assert table["doi"].to_pylist() == [None, "10.1145/1.2"]


def test_repositories_have_facts_under_their_current_name() -> None:
    records = [repo_record("o/old", name="O/New")]
    repos = repositories(records, [], [RepoName("o/never")])
    table = tables.repositories_table(repos.values(), counts([stars("github:o/new", 0)]))
    read = facts.read_repo_facts(table)
    new = read[Subject("github:o/new")]
    assert (new.name, new.stars, new.stars_status, new.aliases) == ("O/New", 0, "ok", ("o/old",))
    assert read[Subject("github:o/never")].stars is None


def test_observations_are_one_table_a_month_in_universal_time() -> None:
    eastern = datetime.fromisoformat("2024-06-30T23:00:00-05:00")
    built = tables.observation_tables(history([citations(P, 1), citations(P, 2, at=eastern)]))
    assert {name: table["value"].to_pylist() for name, table in built.items()} == {
        "observations/2024-06": [1],
        "observations/2024-07": [2],
    }


def test_the_order_of_rows_given_does_not_show() -> None:
    said = [citations(P, 1), citations(DOI, 2), citations(P, 3, at=NIGHT + timedelta(days=1))]
    assert tables.observation_tables(said) == tables.observation_tables(said[::-1])


def test_every_field_carries_its_description_also_inside_structs() -> None:
    for name, definition in TABLES.items():
        built = schema.schema(name)
        assert built.names == [column.name for column in definition.columns]
        assert all(field.metadata[b"description"] for field in built)
    struct = schema.schema("entries").field("links").type.value_type
    assert struct.field("owner").metadata[b"description"] == b"Name shown behind the link. Null: none."


def test_two_rows_with_one_key_are_refused() -> None:
    twice = [candidate("one", P), replace(candidate("one", P), section=None)]
    with pytest.raises(SnapshotError, match=r"candidates: two rows with the key one arxiv:2405\.00001"):
        tables.candidates_table(twice, FOLDED)


def test_a_negative_number_or_a_missing_one_is_refused() -> None:
    with pytest.raises(SnapshotError, match=r"observations: value of arxiv:2405\.00001 .* cannot be -1"):
        tables.observation_tables([citations(P, -1)])
    with pytest.raises(SnapshotError, match=r"links\.label of .* is null"):
        wording = Wording(links=(Link(None, "u"),))  # type: ignore[arg-type]  # what the check is for
        tables.entries_table([Entry("one", P, 1, "S", None, wording, None, NIGHT, "ann", "s:1")])


def test_half_a_surrogate_pair_in_a_title_does_not_cost_the_night() -> None:
    folded = papers((paper_record("2405.00001", title="Half \ud83d"),), (), ())
    assert tables.papers_table(folded.values(), {}, {})["title"].to_pylist() == ["Half ?"]


@pytest.mark.parametrize("path", ["docs/data-dictionary.md", "data/curated/README.md"])
def test_the_data_dictionary_is_what_the_definitions_say(path: str) -> None:
    remedy = f"""run: python -c 'from harvester.curated.schema import dictionary as d; print(d(), end="")' > {path}"""
    assert (ROOT / path).read_text(encoding="utf-8") == schema.dictionary(), remedy


def test_scores_survive_the_table_with_their_reasons() -> None:
    score = Score(0.0421, (Reason("sparse", 0.3), Reason("survey", -0.2)), (Nearest(DOI, 0.4),))
    limit = Threshold(0.01, 99, 100)
    said = [
        replace(
            candidate("one", P), rated=Rated(score, "learnt", None, (Guess("S", 0.7),), version=2, threshold=limit)
        ),
        replace(
            candidate("one", DOI), rated=Rated(Score(0.001), "topics", place="expired", let_in_on=date(2024, 5, 1))
        ),
        replace(candidate("two", P), rated=Rated(None, why="broken"), again=Again("s:1", "another title")),
    ]
    back = facts.read_candidates(tables.candidates_table(said, FOLDED), tables.scores_table(said))
    assert back == said
