"""Fold everything said so far into tables and publish them as a snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from harvester.curated import due, expectations, snapshots, tables
from harvester.editorial.log import Log
from harvester.errors import HeldBack
from harvester.ids import Subject, node_subject, repo_subject
from harvester.records import Observation, Repo, Status
from harvester.report import Figures
from harvester.steps import tell
from harvester.steps.ages import citation_numbers, metadata_age, star_numbers
from harvester.steps.doubts import doubted
from harvester.steps.fold import Folded, fold, papers_to_count, repositories_to_count
from harvester.steps.gather import MISREAD, Gathered, gather
from harvester.steps.night import Night
from harvester.steps.rank import Ranked, rank
from harvester.steps.stamps import mark

if TYPE_CHECKING:
    import pyarrow as pa


FEW = 0.01  # share of values without an answer that is only a note: one odd record is not an outage


@dataclass(frozen=True, slots=True)
class Curated:
    """What became of the fold: the snapshot that holds now, and its figures."""

    snapshot: str
    published: bool  # False: the same inputs as the snapshot before, nothing was written
    figures: Figures
    notes: tuple[str, ...]
    causes: tuple[str, ...] = ()  # why the night is degraded though a snapshot holds
    held_back: tuple[str, ...] = ()  # why nothing was published, and the snapshot of before still holds


def curate(night: Night) -> Curated:
    """Folds landings and frozen decisions, and publishes the snapshot unless its inputs are those of the latest.

    What does not meet what the latest snapshot lets expect is held back: nothing that readers see changes then.
    """
    curated = night.settings.data / "curated"
    gathered = gather(night.settings.data / "raw", night.memory)
    folded = fold(gathered, night.said.decisions, night.editorial, night.as_of)
    before = snapshots.latest(curated)
    known_before = _known(before)
    night.say(f"curate: {len(folded.papers):,} papers, {len(folded.entries):,} entries")
    ranked = rank(folded, gathered.harvested, night.said.decisions, night.editorial, night.as_of)
    inputs = {**night.frozen, "landings": {address: list(sums) for address, sums in gathered.digests.items()}}
    inputs |= {"unranked": ranked.failures} if ranked.failures else {}
    inputs |= {"unplaced": ranked.unplaced} if ranked.unplaced else {}
    made = build_tables(folded, ranked)
    figures = replace(_figures(folded, gathered, known_before, night.as_of), queues=ranked.queues)
    tonight = [problem for problem in gathered.problems if f"{night.as_of:{tell.STAMP}}" in problem]
    notes = (*folded.notes, *doubted(folded), *_first_few(tonight))
    causes = (*_unanswered(figures), *ranked.causes, *(problem for problem in tonight if MISREAD in problem))
    unmet = _unmet(before, folded, night)
    if before and unmet and not night.publish_anyway:
        night.say("curate: the snapshot is held back")
        return Curated(before.name, False, figures, notes, causes, unmet)
    marks = mark(curated, made, night.editorial, night.as_of)
    shown = {"pages": marks.pages, "changes": marks.changes}
    published = snapshots.publish(curated, night.as_of, made, inputs, shown=shown)
    anyway = (f"published anyway, as asked: {why}" for why in unmet)
    lists_held_back = (f"a list is held back: {why}" for why in marks.held_back.values())
    return Curated(
        snapshot=published.name,
        published=published.new,
        figures=figures,
        notes=(*published.notes, *anyway, *marks.notes, *notes),
        causes=(*lists_held_back, *causes),
    )


def _unmet(before: snapshots.SnapshotRef | None, folded: Folded, night: Night) -> tuple[str, ...]:
    """Compares the fold with the latest snapshot; returns the expectations that it does not meet."""
    if before is None:
        return ()
    names = ("papers", "repositories", "entries")
    shown = expectations.Shown.of({name: snapshots.read_table(before, name) for name in names})
    asked: set[expectations.Key] = {(subject, "citations") for subject in papers_to_count(folded)}
    asked |= {(repo.subject, "stars") for repo in repositories_to_count(folded)}
    entries_known = frozenset(one for one in shown.entries if not night.said.held_back(one[0]))
    expected = replace(shown, entries=entries_known)  # a list with a malformed line is held back by itself
    explained = _explained(snapshots.read_manifest(before)["inputs"], night.said)
    try:
        expectations.demand(expected, folded.counts, folded.repos, asked, folded.entries, explained)
    except HeldBack as refusal:
        return refusal.unmet
    return ()


def _explained(inputs: Mapping[str, Any], said: Log) -> frozenset[tuple[str, Subject]]:
    """Returns lists and subjects that verdicts of new sittings are about; a sitting that was edited counts as new."""
    known = inputs.get("decisions", {})
    new = {name.removesuffix(".jsonl") for name, digest in said.digests.items() if known.get(name) != digest}
    verdicts = (decision for decision in said.decisions if decision.act != "edit")
    return frozenset((one.list, one.subject) for one in verdicts if one.id.rpartition(":")[0] in new)


def build_tables(folded: Folded, ranked: Ranked) -> Mapping[str, pa.Table]:
    """Writes the fold, and its candidates as they were ranked, as tables; the same fold gives the same bytes."""
    return tables.build(
        papers=folded.papers,
        repos=folded.repos,
        links=folded.links,
        matches=folded.matches,
        entries=folded.entries,
        candidates=ranked.candidates,
        counts=folded.counts,
        history=folded.history,
        twins=folded.twins,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What the snapshot before held, to tell what is new."""

    papers: frozenset[str]
    candidates: frozenset[tuple[str, str]]
    citations: int


def _known(before: snapshots.SnapshotRef | None) -> _Known:
    if before is None:
        return _Known(frozenset(), frozenset(), 0)
    papers = snapshots.read_table(before, "papers")
    waiting = snapshots.read_table(before, "candidates")
    return _Known(
        frozenset(papers["subject"].to_pylist()),
        frozenset(zip(waiting["list"].to_pylist(), waiting["subject"].to_pylist(), strict=True)),
        len(papers) - papers["citations"].null_count,
    )


def _figures(folded: Folded, gathered: Gathered, before: _Known, as_of: datetime) -> Figures:
    tonight = [seen for seen in gathered.observations if seen.said_at >= as_of]
    asked = {seen.subject for seen in tonight if seen.kind == "citations"}
    waiting = {(candidate.list, candidate.subject) for candidate in folded.candidates}
    wanted = {*papers_to_count(folded)}
    stars, stars_age = _stars_by_repository(folded, tonight), due.freshness(star_numbers(folded), as_of)
    unanswered = (subject for subject in asked & wanted if folded.counts[subject, "citations"].status == "failed")
    return Figures(
        papers=len(folded.papers),
        papers_new=len(folded.papers.keys() - before.papers),
        candidates=len({subject for _, subject in waiting}),
        candidates_new=len({subject for _, subject in waiting - before.candidates}),
        entries=len(folded.entries),
        citations_wanted=len(wanted),
        citations_asked=len(asked & wanted),
        citations_known_before=before.citations,
        citations_known=sum(
            1 for (_, kind), count in folded.counts.items() if kind == "citations" and count.value is not None
        ),
        citations_failed=len(set(unanswered)),
        stars_wanted=len(stars),
        stars_asked=sum(1 for seen in stars if seen),
        stars_refreshed=sum(1 for seen in stars if {"ok", "unchanged"} & {*seen}),
        stars_failed=sum(1 for seen in stars if seen[-1:] == ["failed"]),
        stars_known=stars_age.values + stars_age.gone,
        citations_age=due.freshness(citation_numbers(folded), as_of),
        stars_age=stars_age,
        metadata_age=metadata_age(folded, as_of),
        set_aside=sum(1 for count in folded.counts.values() if count.status == "suspect"),
    )


def _stars_by_repository(folded: Folded, tonight: Iterable[Observation]) -> list[list[Status]]:
    """Returns, for each repository whose stars are wanted, what was said of it tonight, in order.

    One that has answered once is asked by its id, others by any of their names.
    """
    said: dict[Subject, list[Observation]] = {}
    for seen in tonight:
        if seen.kind == "stars":
            said.setdefault(seen.subject, []).append(seen)
    found = []
    for repo in repositories_to_count(folded):
        ids = (node_subject(known) for known in _identities(repo))
        names = dict.fromkeys((repo.subject, *map(repo_subject, repo.aliases), *ids))
        all_said = (seen for name in names for seen in said.get(name, ()))
        found.append([seen.status for seen in sorted(all_said, key=lambda seen: seen.said_at)])
    return found


def _identities(repo: Repo) -> list[str | int]:
    """Returns what a repository is asked by beside its names: its node id with a token, its number without."""
    known = (repo.record.node_id, repo.record.number) if repo.record else ()
    return [one for one in known if one]


def _unanswered(figures: Figures) -> tuple[str, ...]:
    """Says what makes a night degraded though its conversations ended well: many values without a usable answer."""
    counted = (
        ("citation counts", figures.citations_failed, figures.citations_asked),
        ("star counts", figures.stars_failed, figures.stars_asked),
    )
    return tuple(
        f"{failed} of {asked} {noun} got no usable answer; the last values stand with their dates"
        for noun, failed, asked in counted
        if failed > asked * FEW
    )


def _first_few(problems: Sequence[str]) -> tuple[str, ...]:
    """Names the first few answers that could not be used whole, and counts the rest."""
    shown = [f"kept aside: {problem}" for problem in problems[:5]]
    return tuple(shown + ([f"kept aside: {len(problems) - 5} more"] if len(problems) > 5 else []))
