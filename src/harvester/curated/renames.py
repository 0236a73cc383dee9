"""Repository records fold to repositories: the node id is the identity, names come and go.

A name belongs to the repository that answered to it last. So an old name leads to the renamed repository until another
repository takes it, and what was said earlier under that name stays with the repository that held it then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from harvester.ids import RepoName, Subject, repo_of, repo_subject
from harvester.records import Observation, Repo, RepoRecord, Status

_CONFIRMING = ("ok", "unchanged")


@dataclass(frozen=True, slots=True)
class _Claim:
    """At that time the repository answered to a name; its own name counts more than one it was reached by."""

    said_at: datetime
    own: bool
    node_id: str
    spelling: RepoName

    @property
    def rank(self) -> tuple[datetime, bool, str, str]:
        return (self.said_at, self.own, self.node_id, self.spelling)


def repositories(
    records: Iterable[RepoRecord], stars: Iterable[Observation], named: Iterable[RepoName]
) -> dict[Subject, Repo]:
    """Folds all that was said about repositories, sorted by the subject of the current name.

    `stars` tell when a repository was confirmed (304), missing or not reachable. `named` are names that papers and entries
    link: those that never answered have a row too. A repository that has lost every name to others has no row: nobody can
    reach it.
    """
    by_node, claims = _gather(records)
    names = _names(by_node, claims)
    answers: dict[Subject, list[tuple[Subject, Observation]]] = defaultdict(list)
    for asked, held in _held(stars, claims, names):
        answers[held.subject].append((asked, held))
    found = [_repo(node, names[node], by_node[node], claims, answers) for node in names]
    folded = {repo.subject: repo for repo in found}
    spellings = sorted({*named, *(name for subject in answers if (name := repo_of(subject)))}, reverse=True)
    for name in spellings:  # reversed, so that of several spellings the first, with capitals, remains
        subject = repo_subject(name)
        if subject not in claims:
            folded[subject] = _unanswered(subject, name, answers.get(subject, []))
    return dict(sorted(folded.items()))


def current_names(records: Iterable[RepoRecord]) -> dict[Subject, Subject]:
    """Maps every name that ever answered, as subject, to the subject of the repository that holds it now."""
    by_node, claims = _gather(records)
    names = _names(by_node, claims)
    owners = {subject: said[-1].node_id for subject, said in claims.items()}
    return {subject: repo_subject(names[node]) for subject, node in sorted(owners.items())}


def taken(records: Iterable[RepoRecord], since: datetime) -> list[str]:
    """Says of each name that has led to another repository than before from `since` on: its stars are not the old ones'."""
    by_node, claims = _gather(records)
    names = _names(by_node, claims)
    words = []
    for subject, said in sorted(claims.items()):
        for before, now in pairwise(said):
            if now.node_id != before.node_id and now.said_at >= since:
                left = f"the one before is {name}" if (name := names.get(before.node_id)) else "the one before is lost"
                words.append(f"{subject} is now another repository, with other stars; {left}")
    return list(dict.fromkeys(words))


def attributed(stars: Iterable[Observation], records: Iterable[RepoRecord]) -> list[Observation]:
    """Returns observations under the current name of the repository that was meant when they were made.

    What was said about a repository that has lost every name to others is left out: under the name it had, it would pass
    for the past of its successor. Observations about anything but repositories pass unchanged.
    """
    by_node, claims = _gather(records)
    return [held for _, held in _held(stars, claims, _names(by_node, claims))]


Claims = Mapping[Subject, list[_Claim]]


def _gather(records: Iterable[RepoRecord]) -> tuple[dict[str, list[RepoRecord]], Claims]:
    """Returns the records of each node, and who answered to each name when, both in order of time."""
    by_node: dict[str, list[RepoRecord]] = defaultdict(list)
    claims: dict[Subject, list[_Claim]] = defaultdict(list)
    for record in set(records):
        by_node[record.node_id].append(record)
        claims[repo_subject(record.name)].append(_Claim(record.said_at, True, record.node_id, record.name))
        if record.asked.lower() != record.name.lower():
            claims[repo_subject(record.asked)].append(_Claim(record.said_at, False, record.node_id, record.asked))
    for node in by_node:
        by_node[node].sort(key=lambda record: (record.said_at, repr(record)))
    for subject in claims:
        claims[subject].sort(key=lambda claim: claim.rank)
    return by_node, claims


def _names(by_node: Mapping[str, list[RepoRecord]], claims: Claims) -> dict[str, RepoName]:
    """Returns the current name of each node: GitHub's newest word, or the newest name that no other has taken."""
    kept: dict[str, list[_Claim]] = defaultdict(list)
    for said in claims.values():
        kept[said[-1].node_id].append(said[-1])
    names = {}
    for node in sorted(by_node):
        newest = by_node[node][-1].name
        if claims[repo_subject(newest)][-1].node_id == node:
            names[node] = newest
        elif kept[node]:
            names[node] = max(kept[node], key=lambda claim: claim.rank).spelling
    return names


def _held(
    stars: Iterable[Observation], claims: Claims, names: Mapping[str, RepoName]
) -> Iterable[tuple[Subject, Observation]]:
    """Yields each observation under its repository's current name, beside the name that was asked."""
    for observation in stars:
        said = claims.get(observation.subject)
        if not said:
            yield observation.subject, observation
            continue
        earlier = bisect_right(said, observation.said_at, key=lambda claim: claim.said_at)
        node = said[max(earlier - 1, 0)].node_id
        if node in names:
            yield observation.subject, replace(observation, subject=repo_subject(names[node]))


def _repo(
    node: str,
    name: RepoName,
    records: list[RepoRecord],
    claims: Claims,
    answers: Mapping[Subject, list[tuple[Subject, Observation]]],
) -> Repo:
    subject = repo_subject(name)
    said = answers.get(subject, [])
    # An old name may stop leading here although the repository stands: its misses count only while nobody asked by the new.
    under = subject if any(asked == subject for asked, _ in said) else None
    confirmed = max([records[-1].said_at, *(o.said_at for _, o in said if o.status in _CONFIRMING)])
    misses = [
        o for asked, o in said if o.status not in _CONFIRMING and under in (None, asked) and o.said_at > confirmed
    ]
    last: Status = max(misses, key=_by_time).status if misses else "ok"
    others = {s: held[-1] for s, held in claims.items() if held[-1].node_id == node and s != subject}
    return Repo(
        subject=subject,
        name=name,
        record=records[-1],
        aliases=tuple(_spelling(claims[other], node) for other in sorted(others)),
        status="gone" if last == "not_found" else last,
        as_of=confirmed,
    )


def _spelling(said: list[_Claim], node: str) -> RepoName:
    """Returns the spelling of a name that GitHub used, else the one that was asked."""
    return max((claim for claim in said if claim.node_id == node), key=lambda claim: (claim.own, claim.rank)).spelling


def _unanswered(subject: Subject, name: RepoName, said: list[tuple[Subject, Observation]]) -> Repo:
    if not said:
        return Repo(subject, name, None, (), "never_asked", None)
    confirmed = [o.said_at for _, o in said if o.status in _CONFIRMING]
    last = max((o for _, o in said), key=_by_time)
    status: Status = "ok" if last.status in _CONFIRMING else last.status
    return Repo(subject, name, None, (), status, max(confirmed, default=None))


def _by_time(observation: Observation) -> tuple[datetime, bool, str]:
    return (observation.said_at, observation.status in _CONFIRMING, observation.status)
