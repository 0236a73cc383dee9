"""Repository records fold to repositories: GitHub's id is the identity, names come and go.

What links a name means the repository that first answered to it, for it was there when the link was written: renamed or
moved, it keeps that link, and so it does when another repository takes the name. What is asked by its id is told of that
repository alone; what was asked by a name is told of the one that held it then.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from harvester.curated.names import CONFIRMING, Claim, Names, told_names
from harvester.ids import RepoName, Subject, node_of, repo_of, repo_subject
from harvester.records import Observation, Repo, RepoRecord, Status


def repositories(
    records: Iterable[RepoRecord], stars: Iterable[Observation], named: Iterable[RepoName]
) -> dict[Subject, Repo]:
    """Folds all that was said about repositories, sorted by the subject of the current name.

    `stars` tell when a repository was confirmed (304), missing or not reachable. `named` are names that papers and entries
    link: those that never answered have a row too. A repository that lost its only name to another has a row under its id
    as long as links mean it.
    """
    names = told_names(records)
    answers: dict[Subject, list[tuple[Subject, Observation]]] = defaultdict(list)
    for asked, held in _held(stars, names):
        answers[held.subject].append((asked, held))
    found = [_repo(node, names, answers) for node in names.subjects]
    folded = {repo.subject: repo for repo in found}
    spellings = sorted({*named, *(name for subject in answers if (name := repo_of(subject)))}, reverse=True)
    for name in spellings:  # reversed, so that of several spellings the first, with capitals, remains
        subject = repo_subject(name)
        if subject not in names.claims:
            folded[subject] = _unanswered(subject, name, answers.get(subject, []))
    return dict(sorted(folded.items()))


def current_names(records: Iterable[RepoRecord]) -> dict[Subject, Subject]:
    """Maps every name that ever answered, as subject, to the subject of the repository that is meant by it."""
    names = told_names(records)
    return {subject: names.subjects[node] for subject, node in sorted(names.meant.items())}


def taken(records: Iterable[RepoRecord], since: datetime) -> list[str]:
    """Says of each name that has been seen to be another repository's than before from `since` on, and of changed ids."""
    names = told_names(records)
    words = []
    for subject, said in sorted(names.claims.items()):
        for before, now in pairwise(said):
            if now.node_id != before.node_id and now.said_at >= since and names.meant[subject] != now.node_id:
                kept = names.names.get(names.meant[subject])
                left = f"now {kept}" if kept else "which has lost its name"
                words.append(f"{subject} is now another repository; what links it means the one before, {left}")
    for node, said_of in sorted(names.by_node.items()):
        for was, is_now in pairwise(said_of):
            if was.node_id != is_now.node_id and is_now.said_at >= since:
                words.append(f"{names.subjects.get(node, node)} has another node id than before, and the same number")
    return list(dict.fromkeys(words))


def attributed(stars: Iterable[Observation], records: Iterable[RepoRecord]) -> list[Observation]:
    """Returns observations under the subject of the repository that was meant when they were made.

    What was said about a repository that has lost every name to others, and that nothing links, is left out: under the
    name it had, it would pass for the past of its successor. Observations about anything but repositories pass unchanged.
    """
    return [held for _, held in _held(stars, told_names(records))]


def _held(stars: Iterable[Observation], names: Names) -> Iterable[tuple[Subject, Observation]]:
    """Yields each observation under its repository's current subject, beside the name or id that was asked."""
    for observation in stars:
        identity = node_of(observation.subject)
        said = names.claims.get(observation.subject, ())
        if identity is None and not said:
            yield observation.subject, observation
            continue
        node = names.node(identity) if identity is not None else _holder_at(said, observation.said_at)
        if node in names.subjects:
            yield observation.subject, replace(observation, subject=names.subjects[node])


def _holder_at(said: Iterable[Claim], at: datetime) -> str:
    claims = list(said)
    earlier = bisect_right(claims, at, key=lambda claim: claim.said_at)
    return claims[max(earlier - 1, 0)].node_id


def _repo(node: str, names: Names, answers: Mapping[Subject, list[tuple[Subject, Observation]]]) -> Repo:
    subject, records = names.subjects[node], names.by_node[node]
    said = answers.get(subject, [])
    confirmed = max([records[-1].said_at, *(o.said_at for _, o in said if o.status in CONFIRMING)])
    counting = _counting(subject, said)
    misses = [o for o in counting if o.status not in CONFIRMING and o.said_at > confirmed]
    last: Status = max(misses, key=_by_time).status if misses else "ok"
    return Repo(
        subject=subject,
        name=names.names.get(node, records[-1].name),
        record=records[-1],
        aliases=names.aliases(node),
        status="gone" if last == "not_found" else last,
        as_of=confirmed,
    )


def _counting(subject: Subject, said: Iterable[tuple[Subject, Observation]]) -> list[Observation]:
    """Returns the answers whose misses count: an old name may stop leading here although the repository stands.

    So by its id before by its name, and by its name before others.
    """
    told = list(said)
    by_id = [o for asked, o in told if node_of(asked) is not None]
    by_name = [o for asked, o in told if asked == subject]
    return by_id or by_name or [o for _, o in told]


def _unanswered(subject: Subject, name: RepoName, said: list[tuple[Subject, Observation]]) -> Repo:
    if not said:
        return Repo(subject, name, None, (), "never_asked", None)
    confirmed = [o.said_at for _, o in said if o.status in CONFIRMING]
    last = max((o for _, o in said), key=_by_time)
    status: Status = "ok" if last.status in CONFIRMING else last.status
    return Repo(subject, name, None, (), status, max(confirmed, default=None))


def _by_time(observation: Observation) -> tuple[datetime, bool, str]:
    return (observation.said_at, observation.status in CONFIRMING, observation.status)
