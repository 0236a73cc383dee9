from __future__ import annotations

from datetime import timedelta
from random import Random

from builders import NIGHT, repo_record, stars
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.curated.counts import counts
from harvester.curated.renames import attributed, current_names, repositories, taken
from harvester.ids import RepoName, Subject, node_subject
from harvester.records import Observation, RepoRecord

DAY = timedelta(days=1)
OLD, NEW = Subject("github:o/old"), Subject("github:o/new")


def test_a_renamed_repository_stays_one_and_keeps_its_old_name_as_alias() -> None:
    records = [repo_record("O/Old"), repo_record("O/Old", name="O/New", at=NIGHT + DAY)]
    (repo,) = repositories(records, (), ()).values()
    assert (repo.subject, repo.name, repo.aliases) == (NEW, "O/New", ("O/Old",))
    assert (repo.status, repo.as_of) == ("ok", NIGHT + DAY)
    assert current_names(records) == {NEW: NEW, OLD: NEW}


def test_a_reused_name_is_a_different_repository_and_links_mean_the_first() -> None:
    records = [
        repo_record("o/old", "R_first"),
        repo_record("o/old", "R_first", name="o/new", at=NIGHT + DAY),
        repo_record("o/old", "R_second", at=NIGHT + 2 * DAY),
    ]
    folded = repositories(records, (), ())
    assert {subject: repo.record and repo.record.node_id for subject, repo in folded.items()} == {
        NEW: "R_first",
        OLD: "R_second",
    }
    assert {subject: repo.aliases for subject, repo in folded.items()} == {NEW: ("o/old",), OLD: ()}
    assert current_names(records) == {NEW: NEW, OLD: NEW}


def test_two_repositories_that_exchange_their_names_keep_their_links_and_stars() -> None:
    records = [
        repo_record("o/a", "R_a"),
        repo_record("o/b", "R_b"),
        repo_record("o/b", "R_a", at=NIGHT + DAY),
        repo_record("o/a", "R_b", at=NIGHT + DAY),
    ]
    said = [stars("github:o/a", 500), stars("github:o/b", 3)]
    said += [stars(node_subject("R_a"), 501, at=NIGHT + DAY), stars(node_subject("R_b"), 4, at=NIGHT + DAY)]
    folded = repositories(records, said, ())
    assert {(repo.name, repo.aliases, repo.record and repo.record.node_id) for repo in folded.values()} == {
        ("o/b", ("o/a",), "R_a"),
        ("o/a", ("o/b",), "R_b"),
    }
    known = {subject: count.value for (subject, _), count in counts(attributed(said, records)).items()}
    assert known == {"github:o/b": 501, "github:o/a": 4}
    assert current_names(records) == {Subject("github:o/a"): "github:o/b", Subject("github:o/b"): "github:o/a"}


def test_a_name_that_another_repository_has_taken_is_told_once() -> None:
    records = [
        repo_record("o/old", "R_first"),
        repo_record("o/lost", "R_third"),
        repo_record("o/old", "R_first", name="o/new", at=NIGHT + DAY),
        repo_record("o/old", "R_second", at=NIGHT + 2 * DAY),
        repo_record("o/lost", "R_fourth", at=NIGHT + 2 * DAY),
        repo_record("o/old", "R_second", at=NIGHT + 3 * DAY),
    ]
    assert taken(records, NIGHT + 2 * DAY) == [
        "github:o/lost is now another repository; what links it means the one before, which has lost its name",
        "github:o/old is now another repository; what links it means the one before, now o/new",
    ]
    assert taken(records, NIGHT + 3 * DAY) == []
    assert taken(records[:3], NIGHT) == []  # a repository with a new name is no other


def test_stars_stay_with_the_repository_that_held_the_name_then() -> None:
    records = [
        repo_record("o/old", "R_first"),
        repo_record("o/old", "R_first", name="o/new", at=NIGHT + DAY),
        repo_record("o/old", "R_second", at=NIGHT + 2 * DAY),
    ]
    said = [stars(OLD, 500), stars(OLD, 501, at=NIGHT + DAY), stars(OLD, 1, at=NIGHT + 2 * DAY)]
    assert [(held.subject, held.value) for held in attributed(said, records)] == [(NEW, 500), (NEW, 501), (OLD, 1)]


def test_a_repository_that_lost_its_only_name_keeps_link_and_stars_under_its_id() -> None:
    records = [repo_record("o/old", "R_first"), repo_record("o/old", "R_second", at=NIGHT + DAY)]
    said = [stars(OLD, 500), stars(OLD, 1, at=NIGHT + DAY)]
    first = node_subject("R_first")
    assert [(held.subject, held.value) for held in attributed(said, records)] == [(first, 500), (OLD, 1)]
    folded = repositories(records, said, ())
    assert {subject: (repo.name, repo.aliases) for subject, repo in folded.items()} == {
        first: ("o/old", ("o/old",)),
        OLD: ("o/old", ()),
    }
    assert current_names(records) == {OLD: first}


def test_a_third_repository_that_nothing_links_and_that_lost_its_name_has_no_row() -> None:
    records = [repo_record("o/old", f"R_{number}", at=NIGHT + number * DAY) for number in range(3)]
    assert list(repositories(records, (), ())) == [node_subject("R_0"), OLD]


def test_what_is_said_by_id_is_about_that_repository_whatever_the_names() -> None:
    records = [repo_record("o/old", "R_first", number=7), repo_record("o/new", "R_first", number=7, at=NIGHT + DAY)]
    said = [stars(OLD, 500), stars(node_subject("R_first"), 501, at=NIGHT + DAY)]
    said.append(stars(node_subject(7), None, "unchanged", at=NIGHT + 2 * DAY))
    said.append(stars(node_subject("R_stranger"), 9, at=NIGHT + 2 * DAY))
    assert [(held.subject, held.value) for held in attributed(said, records)] == [(NEW, 500), (NEW, 501), (NEW, None)]
    (repo,) = repositories(records, said, ()).values()
    assert (repo.aliases, repo.status, repo.as_of) == (("o/old",), "ok", NIGHT + 2 * DAY)


def test_a_deleted_repository_is_gone_though_its_name_answers() -> None:
    records = [repo_record("o/old"), repo_record("o/old", at=NIGHT + DAY)]
    said = [stars(OLD, 500), stars(OLD, 501, at=NIGHT + DAY)]
    said.append(stars(node_subject("R_1"), None, "not_found", at=NIGHT + 2 * DAY))
    (repo,) = repositories(records, said, ()).values()
    assert (repo.status, repo.as_of) == ("gone", NIGHT + DAY)
    (count,) = counts(attributed(said, records)).values()
    assert (count.value, count.status, count.as_of) == (501, "gone", NIGHT + DAY)


def test_two_node_ids_with_one_number_and_name_are_one_repository() -> None:
    records = [repo_record("o/old", "MDEw7", number=7), repo_record("o/old", "R_7", number=7, at=NIGHT + DAY)]
    records.append(repo_record("o/other", "R_8", number=7))  # a number alone is little to join two repositories on
    (first, other) = repositories(records, (), ()).values()
    assert (first.subject, first.record and first.record.node_id, first.aliases) == (OLD, "R_7", ())
    assert other.subject == "github:o/other"
    assert taken(records, NIGHT) == ["github:o/old has another node id than before, and the same number"]
    assert taken(records, NIGHT + 2 * DAY) == []


def test_few_stars_under_a_reused_name_are_another_repositorys_and_not_suspicious() -> None:
    records = [
        repo_record("o/old", "R_first"),
        repo_record("o/old", "R_first", name="o/new", at=NIGHT + DAY),
        repo_record("o/old", "R_second", at=NIGHT + 2 * DAY),
        repo_record("o/new", "R_first", at=NIGHT + 2 * DAY),
    ]
    said = [stars(OLD, 500), stars(OLD, 501, at=NIGHT + DAY), stars(OLD, 1, at=NIGHT + 2 * DAY)]
    said.append(stars(NEW, 502, at=NIGHT + 2 * DAY))
    folded = counts(attributed(said, records))
    known = {subject: (count.value, count.status) for (subject, _), count in folded.items()}
    assert known == {OLD: (1, "ok"), NEW: (502, "ok")}


def test_a_repository_that_no_longer_answers_is_gone_and_one_that_never_did_is_not_found() -> None:
    said = [
        stars(OLD, None, "not_found", at=NIGHT + DAY),
        stars(NEW, None, "not_found"),
        stars("github:o/broken", None, "failed"),
    ]
    folded = repositories([repo_record("o/old")], said, [RepoName("O/New"), RepoName("o/never")])
    assert {repo.name: (repo.status, repo.as_of) for repo in folded.values()} == {
        "o/old": ("gone", NIGHT),
        "O/New": ("not_found", None),
        "o/broken": ("failed", None),
        "o/never": ("never_asked", None),
    }


def test_not_modified_confirms_a_repository() -> None:
    (repo,) = repositories([repo_record("o/old")], [stars(OLD, None, "unchanged", at=NIGHT + DAY)], ()).values()
    assert (repo.status, repo.as_of) == ("ok", NIGHT + DAY)


def test_a_failed_attempt_leaves_what_is_known() -> None:
    (repo,) = repositories([repo_record("o/old")], [stars(OLD, None, "failed", at=NIGHT + DAY)], ()).values()
    assert (repo.status, repo.as_of) == ("failed", NIGHT)
    assert repo.record is not None


def test_an_old_name_that_leads_nowhere_does_not_take_the_repository_with_it() -> None:
    records = [repo_record("o/old", name="o/new")]
    said = [stars(NEW, 7, at=NIGHT + DAY), stars(OLD, None, "not_found", at=NIGHT + 2 * DAY)]
    (repo,) = repositories(records, said, ()).values()
    assert (repo.status, repo.as_of) == ("ok", NIGHT + DAY)


names = st.sampled_from(["o/a", "O/A", "o/b", "o/c"])
moments = st.integers(0, 4).map(lambda n: NIGHT + n * DAY)
known = st.lists(
    st.builds(
        lambda asked, name, node, at: repo_record(asked, node, name=name, at=at),
        names,
        names,
        st.sampled_from(["R_1", "R_2"]),
        moments,
    ),
    max_size=8,
)
seen = st.lists(
    st.builds(
        lambda name, value, at: stars(f"github:{name.lower()}", value, "failed" if value is None else "ok", at=at),
        names,
        st.sampled_from([None, 0, 5]),
        moments,
    ),
    max_size=6,
)


@settings(deadline=None)  # machines are shared
@given(known, seen, st.randoms())
def test_order_of_arrival_does_not_matter_and_twice_is_once(
    records: list[RepoRecord], said: list[Observation], random: Random
) -> None:
    folded = repositories(records, said, [RepoName("o/c")])
    shuffled, answers = records * 2, said * 2
    random.shuffle(shuffled)
    random.shuffle(answers)
    assert repositories(shuffled, answers, [RepoName("o/c")] * 2) == folded
    assert current_names(shuffled) == current_names(records)


@settings(deadline=None)  # machines are shared
@given(known, seen)
def test_every_current_name_has_one_row_and_no_alias_belongs_to_two(
    records: list[RepoRecord], said: list[Observation]
) -> None:
    folded = repositories(records, said, ())
    current = current_names(records)
    assert set(current.values()) <= set(folded)
    aliases = [alias.lower() for repo in folded.values() for alias in repo.aliases]
    assert len(aliases) == len(set(aliases))
    assert all(current[Subject(f"github:{alias.lower()}")] == s for s, repo in folded.items() for alias in repo.aliases)
    meant = {s for s, repo in folded.items() if repo.record and repo.aliases} | set(current.values())
    assert meant == set(current.values())
    assert {held.subject for held in attributed(said, records)} <= set(folded)
