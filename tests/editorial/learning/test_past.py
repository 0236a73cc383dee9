from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.editorial.learning.past import Example, History, Past, Sighting, Text, Told, Trial, Verdict
from harvester.ids import Subject

DAY = date(2024, 1, 1)
TEXT = Text("A title", "An abstract")


def paper(number: int) -> Subject:
    return Subject(f"arxiv:2401.{number:05}")


def days(number: int) -> date:
    return DAY + timedelta(days=number)


def always(*subjects: Subject) -> dict[Subject, list[Told]]:
    return {subject: [Told(date.min, Text(f"Title of {subject}", ""))] for subject in subjects}


def test_a_model_sees_neither_dates_nor_identifiers() -> None:
    assert {field.name for field in fields(Text)} == {"title", "abstract", "authors", "code", "hits", "theme"}


def test_a_past_refuses_what_is_of_its_day_or_later() -> None:
    with pytest.raises(ValueError, match="not before"):
        Past(DAY, accepted=(Example(paper(1), DAY, TEXT),))


def test_a_past_refuses_a_paper_in_two_roles() -> None:
    one = Example(paper(1), days(-3), TEXT)
    with pytest.raises(ValueError, match="two roles"):
        Past(DAY, accepted=(one,), undecided=(one,))


def test_a_trial_refuses_a_paper_that_was_learnt_from() -> None:
    past = Past(DAY, accepted=(), undecided=(Example(paper(1), days(-3), TEXT),))
    with pytest.raises(ValueError, match="learnt from and scored"):
        Trial(past, days(31), (Example(paper(1), days(2), TEXT),), frozenset())


def test_a_trial_refuses_what_came_outside_its_time() -> None:
    with pytest.raises(ValueError, match="outside"):
        Trial(Past(DAY, ()), days(31), (Example(paper(1), days(31), TEXT),), frozenset())


def test_a_paper_is_scored_as_it_read_when_it_came_and_learnt_from_as_it_read_before_the_day() -> None:
    first, later = Text("First wording", ""), Text("Later wording", "")
    history = History(
        "efficient",
        (Sighting(paper(1), days(3)),),
        (),
        texts={paper(1): [Told(days(3), first), Told(days(10), later)]},
    )
    assert [one.text for one in history.trial(DAY, days(31)).seen] == [first]
    assert [one.text for one in history.before(days(10)).undecided] == [first]
    assert [one.text for one in history.before(days(11)).undecided] == [later]


def test_a_paper_of_which_only_a_later_text_is_known_is_left_out_and_named() -> None:
    history = History("efficient", (Sighting(paper(1), days(3)),), (), texts={paper(1): [Told(days(4), TEXT)]})
    trial = history.trial(DAY, days(31))
    assert (trial.seen, trial.unread) == ((), (paper(1),))


def test_a_paper_that_came_after_it_was_listed_is_left_out_and_named() -> None:
    history = History(
        "efficient", (Sighting(paper(1), days(5)),), (Verdict(paper(1), days(4)),), texts=always(paper(1))
    )
    trial = history.trial(DAY, days(31))
    assert (trial.seen, trial.listed_before) == ((), (paper(1),))


def test_a_paper_is_accepted_whenever_that_was_but_learnt_from_only_then() -> None:
    history = History(
        "efficient", (Sighting(paper(1), days(5)),), (Verdict(paper(1), days(40)),), texts=always(paper(1))
    )
    assert history.trial(DAY, days(31)).accepted == {paper(1)}
    assert [one.subject for one in history.before(days(31)).undecided] == [paper(1)]
    assert [one.subject for one in history.before(days(41)).accepted] == [paper(1)]


def test_what_is_not_listed_within_three_weeks_is_passed_over() -> None:
    history = History(
        "efficient",
        (Sighting(paper(1), days(-22)), Sighting(paper(2), days(-20))),
        (),
        texts=always(paper(1), paper(2)),
    )
    assert [one.subject for one in history.before(DAY).passed_over] == [paper(1)]


def test_a_section_is_learnt_from_the_lists_own_title_where_no_text_of_the_day_is_known() -> None:
    title = Text("As the list words it", "")
    verdict = Verdict(paper(1), days(2), "Pruning", title)
    history = History("efficient", (), (verdict,), texts={paper(1): [Told(days(9), TEXT)]})
    assert [(one.text, one.section) for one in history.placed(DAY, days(31))] == [(title, "Pruning")]


moments = st.integers(-60, 60).map(days)


@given(
    seen=st.lists(moments, max_size=12),
    accepted=st.dictionaries(st.integers(0, 11), moments, max_size=6),
    rejected=st.dictionaries(st.integers(0, 11), moments, max_size=6),
    told=st.dictionaries(st.integers(0, 11), st.lists(moments, min_size=1, max_size=3), max_size=12),
)
def test_whatever_happened_nothing_of_the_future_is_learnt_from(
    seen: list[date], accepted: dict[int, date], rejected: dict[int, date], told: dict[int, list[date]]
) -> None:
    texts = {paper(n): [Told(on, Text(on.isoformat(), "")) for on in sorted(when)] for n, when in told.items()}
    history = History(
        "efficient",
        tuple(Sighting(paper(n), on) for n, on in enumerate(seen)),
        tuple(Verdict(paper(n), on) for n, on in accepted.items()),
        tuple(Verdict(paper(n), on) for n, on in rejected.items()),
        texts,
    )
    trial = history.trial(DAY, days(31))  # raises where a paper stands on both sides
    learnt = (*trial.past.accepted, *trial.past.rejected, *trial.past.undecided)
    assert all(one.on < DAY and date.fromisoformat(one.text.title) < DAY for one in learnt)
    assert all(date.fromisoformat(one.text.title) <= one.on for one in trial.seen)
