from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.editorial.decisions import read_lines, write_line
from harvester.errors import DecisionError
from harvester.ids import Subject
from harvester.records import Decision, Link, Note, Wording

FILE = "editorial/decisions/2026-11-20T210410Z-ann-k3f9.jsonl"
ACCEPT = Decision(
    id="2026-11-20T210410Z-ann-k3f9:1",
    at=datetime(2026, 11, 20, 21, 4, 10, tzinfo=UTC),
    by="ann",
    list="efficient-llm",
    subject=Subject("arxiv:2405.18218"),
    act="accept",
    section="Network Pruning",
    saw=1,
    saw_score=0.93,
)


def only(line: str) -> Decision:
    decisions, torn, mistakes = read_lines(line + "\n", FILE)
    assert torn is None and mistakes == ()
    return decisions[0]


def mistake(line: str) -> str:
    decisions, torn, mistakes = read_lines(line + "\n", FILE)
    assert decisions == () and torn is None and len(mistakes) == 1
    return str(mistakes[0])


def line_with(**changes: object) -> str:
    fields = json.loads(write_line(ACCEPT))
    fields.update(changes)
    return json.dumps({key: value for key, value in fields.items() if value is not None})


def test_a_line_reads_like_a_sentence_and_leaves_out_what_says_nothing() -> None:
    assert write_line(ACCEPT) == (
        '{"at":"2026-11-20T21:04:10Z","by":"ann","list":"efficient-llm","subject":"arxiv:2405.18218","act":"accept",'
        '"section":"Network Pruning","saw":{"version":1,"score":0.93}}'
    )


def test_every_field_has_its_place_in_the_line() -> None:
    full = replace(ACCEPT, place=2, order=3, note="n", reason="r", follows="f:1", wording=Wording(title="T", bold=True))
    assert list(json.loads(write_line(full))) == (
        "at by list subject act place section order note reason follows saw wording".split()
    )
    assert only(write_line(full)) == full


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
nasty = text | st.sampled_from(
    ["a\nb", "a\u2028b\u2029c", "\x00", "\r\n", "\x85", '"\\', "\u202egnp.exe", "👩‍🔬", "\ufeff"]
)
word = nasty.filter(lambda value: bool(value.strip()))
links = st.builds(Link, nasty, nasty, st.none() | nasty)
notes = st.builds(Note, nasty, st.integers(0, 5), st.booleans(), st.booleans())
wordings = st.builds(
    Wording,
    title=st.none() | nasty,
    url=st.none() | nasty,
    authors=st.none() | nasty,
    venue=st.none() | nasty,
    links=st.lists(links, max_size=2).map(tuple),
    notes=st.lists(notes, max_size=2).map(tuple),
    figure=st.none() | nasty,
    figure_width=st.none() | nasty,
    listed_on=st.none() | nasty,
    marks=st.lists(nasty, max_size=2).map(tuple),
    bold=st.booleans(),
    citations_seen=st.none() | st.integers(0, 10**6),
    citations_seen_url=st.none() | nasty,
)
subjects = st.sampled_from(
    ["arxiv:2405.18218", "arxiv:quant-ph/0201082", "github:owner/name", "doi:10.1145/3600006"]
) | (st.text(st.characters(exclude_categories=["Cs", "Z", "C"]), min_size=1, max_size=20).map("url:https://{}".format))
decisions = st.builds(
    Decision,
    id=st.just(ACCEPT.id),
    at=st.datetimes(timezones=st.just(UTC)),
    by=word,
    list=word,
    subject=subjects.map(Subject),
    act=st.just("accept"),
    place=st.integers(1, 9),
    section=nasty,
    order=st.none() | st.integers(0, 10**9),
    note=st.none() | nasty,
    reason=st.none() | word,
    until=st.none(),
    undoes=st.none(),
    follows=st.none() | word,
    saw=st.none() | st.integers(1, 99),
    saw_score=st.none() | st.floats(0, 1),
    wording=st.none() | wordings,
) | st.builds(
    Decision,
    id=st.just(ACCEPT.id),
    at=st.datetimes(timezones=st.just(UTC)),
    by=word,
    list=word,
    subject=subjects.map(Subject),
    act=st.just("defer"),
    until=st.dates(),
)


@given(decisions)
def test_reading_undoes_writing_whatever_the_text(decision: Decision) -> None:
    line = write_line(decision)
    assert len(line.splitlines()) == 1
    assert only(line) == decision


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda body: body.decode("utf-8", "replace")))
def test_no_text_breaks_the_reader(body: str) -> None:
    decisions, torn, mistakes = read_lines(body, FILE)
    lines = [line for line in body.split("\n") if line.strip()]
    assert len(decisions) + len(mistakes) + (torn is not None) == len(lines)


def test_half_a_character_is_refused_on_both_ways() -> None:
    with pytest.raises(DecisionError, match="half a character"):
        write_line(replace(ACCEPT, note="a\ud800b"))
    assert "half a character" in mistake(line_with(note="a\ud800b"))
    assert "half a character" in mistake(line_with(wording={"marks": ["\udfff"]}))


def test_what_would_turn_a_reviewed_diff_around_is_written_as_an_escape() -> None:
    line = write_line(replace(ACCEPT, note="\u202eabc\u2028"))
    assert "\\u202eabc\\u2028" in line
    assert only(line).note == "\u202eabc\u2028"


def test_a_torn_last_line_is_left_out_and_reported() -> None:
    whole = write_line(ACCEPT)
    decisions, torn, mistakes = read_lines(whole + "\n" + whole[:50], FILE)
    assert [decision.id for decision in decisions] == [ACCEPT.id] and mistakes == ()
    assert torn is not None and str(torn).startswith(f"{FILE}, line 2: the last line is torn")


def test_a_whole_last_line_without_line_feed_counts() -> None:
    decisions, torn, mistakes = read_lines(write_line(ACCEPT), FILE)
    assert len(decisions) == 1 and torn is None and mistakes == ()


def test_a_broken_line_in_the_middle_is_a_mistake_with_file_and_line() -> None:
    whole = write_line(ACCEPT)
    decisions, torn, mistakes = read_lines(f"{whole}\n{whole[:60]}\n{whole}\r\n", FILE)
    assert [decision.id[-1] for decision in decisions] == ["1", "3"] and torn is None
    assert str(mistakes[0]).startswith(f"{FILE}, line 2: not JSON")


def test_merge_marks_say_what_they_are() -> None:
    assert "left over from a merge" in mistake("<<<<<<< HEAD")


def test_a_mistake_names_its_list_where_the_line_tells_it() -> None:
    _, _, known = read_lines(line_with(act="acept") + "\n", FILE)
    _, _, unknown = read_lines("gibberish\n", FILE)
    assert (known[0].list, unknown[0].list) == ("efficient-llm", None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (line_with(sektion="x"), '"sektion" is unknown; did you mean "section"?'),
        (line_with(act="acept"), "did you mean 'accept'?"),
        (line_with(wording={"titel": "x"}), '"wording.titel" is unknown; did you mean "title"?'),
        (line_with(wording={"links": [{"label": "x"}]}), '"wording.links[1].url" is missing'),
        (line_with(saw={"versoin": 1}), "did you mean"),
        (line_with(saw={"version": 1, "score": 93}), "is a probability"),
        (line_with(by=""), '"by" is missing or empty'),
        (line_with(at="2026-11-20T21:04:10"), "must be a UTC time such as"),
        (line_with(at="yesterday"), "must be a UTC time such as"),
        (line_with(subject="https://arxiv.org/abs/2405.18218v2"), "write it as 'arxiv:2405.18218'"),
        (line_with(subject="nothing"), "is not a subject"),
        (line_with(place=0), "at least 1"),
        (line_with(place=2**31), "at most 2147483647"),
        (line_with(order=-1), "at least 0"),
        (line_with(order="3"), "must be a number, not '3'"),
        (line_with(place=True), "must be a whole number"),
        (line_with(section=None), 'accept without section; add "section":"…"'),
        (line_with(act="reject"), "reject without reason"),
        (line_with(act="defer"), "defer without until"),
        (line_with(act="defer", until="soon"), "must be a day such as"),
        (line_with(until="2026-12-01"), '"until" belongs to defer'),
        (line_with(undoes="x:1"), '"undoes" belongs to reopen'),
        ('{"at":1,"at":2}', '"at" is written twice'),
        ("[]", "one JSON object"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_wrong_line_is_told_with_its_remedy(line: str, said: str) -> None:
    assert said in mistake(line)


def test_all_mistakes_of_a_line_are_told_at_once() -> None:
    told = mistake(line_with(by="", place=0, sektion="x"))
    assert all(part in told for part in ('"by"', '"place"', '"sektion"'))


def test_the_readme_tells_every_field() -> None:
    told = (Path(__file__).resolve().parents[2] / "editorial" / "README.md").read_text(encoding="utf-8")
    names = [field.name for noun in (Decision, Wording, Link, Note) for field in fields(noun)]
    names = [name for name in names if name not in ("id", "edits", "twin", "saw_score")]
    names += ["from", "to", "same_as", "apart_from", "version", "score"]
    assert [name for name in names if f"`{name}`" not in told] == []
