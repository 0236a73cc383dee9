"""Who answered to which name when: the claims of repositories to names, and what follows from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from harvester.ids import RepoName, Subject, node_subject, repo_subject
from harvester.records import RepoRecord

CONFIRMING = ("ok", "unchanged")  # the statuses of an answer by a repository that is there


@dataclass(frozen=True, slots=True)
class Claim:
    """At that time the repository answered to a name; its own name counts more than one it was reached by."""

    said_at: datetime
    own: bool
    node_id: str
    spelling: RepoName

    @property
    def rank(self) -> tuple[datetime, bool, str, str]:
        """Orders claims to one name, the latest last."""
        return (self.said_at, self.own, self.node_id, self.spelling)


@dataclass(frozen=True, slots=True)
class Names:
    """What repositories are called, were called, and are meant by. Nodes are by the id they had first."""

    by_node: Mapping[str, list[RepoRecord]]  # in order of time
    claims: Mapping[Subject, list[Claim]]  # to each name, in order of time
    meant: Mapping[Subject, str]  # by each name: the node that first answered to it
    names: Mapping[str, RepoName]  # current ones; a node that lost its names has none
    subjects: Mapping[str, Subject]  # of the nodes that have a name, or are meant by one
    nodes: Mapping[str, str]  # by every id and number

    def node(self, identity: str) -> str:
        """Returns the node that has this id or number."""
        return self.nodes.get(identity, identity)

    def aliases(self, node: str) -> tuple[RepoName, ...]:
        """Returns the names that mean a node beside the one it has, in GitHub's spelling, else in the one that was asked."""
        others = (s for s, holder in self.meant.items() if holder == node and s != self.subjects[node])
        return tuple(self._spelling(self.claims[other], node) for other in sorted(others))

    @staticmethod
    def _spelling(said: Iterable[Claim], node: str) -> RepoName:
        return max((claim for claim in said if claim.node_id == node), key=lambda c: (c.own, c.rank)).spelling


def told_names(records: Iterable[RepoRecord]) -> Names:
    """Folds the names in records; the order in which they come does not matter."""
    told = sorted(set(records), key=lambda record: (record.said_at, repr(record)))
    nodes = _nodes(told)
    by_node: dict[str, list[RepoRecord]] = defaultdict(list)
    claims: dict[Subject, list[Claim]] = defaultdict(list)
    for record in told:
        node = nodes[record.node_id]
        by_node[node].append(record)
        claims[repo_subject(record.name)].append(Claim(record.said_at, True, node, record.name))
        if record.asked.lower() != record.name.lower():
            claims[repo_subject(record.asked)].append(Claim(record.said_at, False, node, record.asked))
    for subject in claims:
        claims[subject].sort(key=lambda claim: claim.rank)
    names = _names(by_node, claims)
    meant = {subject: min(said, key=_first).node_id for subject, said in claims.items()}
    subjects = {node: repo_subject(name) for node, name in names.items()}
    subjects |= {node: node_subject(node) for node in sorted(set(meant.values()) - subjects.keys())}
    return Names(by_node, claims, meant, names, subjects, nodes)


def _first(claim: Claim) -> tuple[datetime, bool, str, str]:
    return (claim.said_at, not claim.own, claim.node_id, claim.spelling)


def _nodes(records: Iterable[RepoRecord]) -> dict[str, str]:
    """Maps every node id and number to the node id that the repository had first; `records` are in order of time.

    Two node ids with one number that answered to one name are one repository: GitHub has changed the form of node ids
    before. The name is asked for as well, because a number alone is little to join two repositories on.
    """
    nodes: dict[str, str] = {}
    firsts: dict[tuple[int, Subject], str] = {}
    for record in records:
        answered = {repo_subject(record.name), repo_subject(record.asked)}
        keys = [(record.number, subject) for subject in sorted(answered)] if record.number is not None else []
        known = nodes.get(record.node_id) or next((firsts[key] for key in keys if key in firsts), record.node_id)
        node = nodes.setdefault(record.node_id, known)
        for key in keys:
            firsts.setdefault(key, node)
        if record.number is not None:
            nodes.setdefault(str(record.number), node)
    return nodes


def _names(by_node: Mapping[str, list[RepoRecord]], claims: Mapping[Subject, list[Claim]]) -> dict[str, RepoName]:
    """Returns the current name of each node: GitHub's newest word, or the newest name that no other has taken."""
    kept: dict[str, list[Claim]] = defaultdict(list)
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
