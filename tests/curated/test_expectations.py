"""What holds a snapshot back, and what does not."""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterable
from dataclasses import replace

import pytest
from builders import NIGHT, repo_record

from harvester.curated.expectations import Key, Placed, Shown, demand
from harvester.errors import HeldBack, SnapshotError
from harvester.ids import Subject
from harvester.records import Count, Entry, Repo, Status, Wording

SUBJECTS = [Subject(f"arxiv:2405.{number:05}") for number in range(400)]
KEYS: list[Key] = [(subject, "citations") for subject in SUBJECTS]
REPO = Subject("github:o/x")


def count(subject: str, value: int | None = 10, set_aside: int | None = None) -> Count:
    source, as_of = ("semantic_scholar", NIGHT) if value is not None else (None, None)
    status: Status = "suspect" if set_aside is not None else "ok" if value is not None else "never_asked"
    return Count(Subject(subject), "citations", value, source, as_of, status, NIGHT, set_aside)


def shown(
    known: Iterable[Key] = (),
    suspect: Iterable[Key] = (),
    entries: Iterable[Placed] = (),
    gone: Iterable[Key] = (),
) -> Shown:
    return Shown(frozenset(known), frozenset(suspect), frozenset(gone), {REPO: "R_1"}, frozenset(entries))


def unmet(
    before: Shown,
    counts: Iterable[Count] = (),
    *,
    asked: Collection[Key] = (),
    entries: Iterable[Entry] = (),
    explained: Collection[tuple[str, Subject]] = (),
    repos: Iterable[Repo] = (),
) -> tuple[str, ...]:
    told: dict[Key, Count] = {(one.subject, one.kind): one for one in counts}
    try:
        demand(before, told, {repo.subject: repo for repo in repos}, asked, entries, explained)
    except HeldBack as refusal:
        return refusal.unmet
    return ()


def with_suspects(number: int, of: int) -> list[Count]:
    return [count(subject, set_aside=1 if place < number else None) for place, subject in enumerate(SUBJECTS[:of])]


@pytest.mark.parametrize(
    ("suspects", "of", "held"),
    [(2, 20, False), (3, 20, True), (3, 299, True), (3, 300, False), (4, 400, False), (5, 400, True)],
)
def test_more_than_a_hundredth_and_at_least_three_at_once_are_too_many(suspects: int, of: int, held: bool) -> None:
    assert bool(unmet(shown(), with_suspects(suspects, of), asked=KEYS)) is held


def test_falls_of_fewer_than_five_are_trifles_that_hold_nothing_back() -> None:
    def fallen(by: int) -> list[Count]:
        return [*(count(each, by, set_aside=0) for each in SUBJECTS[:9]), *map(count, SUBJECTS[9:100])]

    assert not unmet(shown(), fallen(4), asked=KEYS)
    assert unmet(shown(), fallen(5), asked=KEYS)
    risen = [*(count(each, 1, set_aside=100) for each in SUBJECTS[:9]), *map(count, SUBJECTS[9:100])]
    assert unmet(shown(), risen, asked=KEYS)


def test_the_first_few_are_named_and_the_rest_counted() -> None:
    (why,) = unmet(shown(), with_suspects(5, 20), asked=KEYS)
    assert why == (
        "5 of 20 counts changed at once as counts hardly do: arxiv:2405.00000 citations 10 → 1, "
        "arxiv:2405.00001 citations 10 → 1, arxiv:2405.00002 citations 10 → 1 and 2 more"
    )


def test_what_readers_know_as_suspect_and_what_nobody_asks_for_holds_nothing_back() -> None:
    assert not unmet(shown(suspect=KEYS[:3]), with_suspects(5, 20), asked=KEYS)
    assert not unmet(shown(), with_suspects(5, 20), asked=KEYS[3:])


def test_many_that_are_gone_at_once_hold_back_until_three_days_say_so() -> None:
    def gone(days: int) -> list[Count]:
        told = [replace(count(subject), status="gone", missing_days=days) for subject in SUBJECTS[:3]]
        return [*told, *map(count, SUBJECTS[3:20])]

    (why,) = unmet(shown(known=KEYS[:20]), gone(1), asked=KEYS)
    assert why.startswith("3 of 20 known counts are said to be gone at once: arxiv:2405.00000 citations 10, ")
    assert unmet(shown(known=KEYS[:20]), gone(2), asked=KEYS)
    assert not unmet(shown(known=KEYS[:20]), gone(3), asked=KEYS)
    assert not unmet(shown(known=KEYS[:20], gone=KEYS[:3]), gone(1), asked=KEYS)


def test_a_known_count_that_would_be_unknown_holds_back_where_it_is_still_asked_for() -> None:
    before = shown(known=KEYS[:2])
    (why,) = unmet(before, [count(SUBJECTS[0], None), count(SUBJECTS[1])], asked=KEYS[:2])
    assert why == "1 count known before would be unknown: arxiv:2405.00000 citations"
    assert unmet(before, [count(SUBJECTS[1])], asked=KEYS[:2]), "no row at all is no better"
    assert not unmet(before, [count(SUBJECTS[1])], asked=KEYS[1:2])


def test_a_renamed_repository_and_another_one_under_its_old_name_hold_nothing_back() -> None:
    key: Key = (REPO, "stars")
    renamed: Key = (Subject("github:o/new"), "stars")
    assert not unmet(shown(known=[key]), asked=[renamed])
    record = repo_record("o/x", "R_2")
    other = Repo(REPO, record.name, record, (), "ok", NIGHT)
    assert not unmet(shown(known=[key]), asked=[key], repos=[other])
    same = repo_record("o/x", "R_1")
    assert unmet(shown(known=[key]), asked=[key], repos=[Repo(REPO, same.name, same, (), "ok", NIGHT)])


def test_an_entry_may_go_only_where_a_decision_says_so() -> None:
    entry = Entry("one", SUBJECTS[0], 1, "S", None, Wording(), None, NIGHT, "ann", "s:1")
    before = shown(entries=[("one", SUBJECTS[0], 1), ("two", SUBJECTS[1], 1)])
    (why,) = unmet(before, entries=[entry])
    assert why == "1 entry would go that no decision takes away: arxiv:2405.00001 of two"
    assert not unmet(before, entries=[entry], explained=[("two", SUBJECTS[1])])
    assert unmet(before, entries=[entry], explained=[("one", SUBJECTS[1])])


def test_the_refusal_is_a_snapshot_error_and_survives_pickling() -> None:
    refusal = pickle.loads(pickle.dumps(HeldBack(["one", "two"])))
    assert issubclass(HeldBack, SnapshotError)
    assert (refusal.unmet, str(refusal)) == (("one", "two"), "one\ntwo")
