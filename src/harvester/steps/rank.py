"""Rank the candidates of every list by what the list accepted and rejected so far, and say which of them are shown.

Ranking is a pure function of the fold, as the fold is of its inputs: a replay makes the same scores. Nothing in a night may
fail because ranking does: then the candidates of that list have no score and say why, the night is degraded, and the
reason becomes one of the snapshot's inputs, so that a replay does not try what had failed. Where sections alone cannot be
suggested, the scores stand, and each candidate has the section whose topics match most strongly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from harvester.curated import twins
from harvester.definitions import Editorial, ListDefinition
from harvester.editorial import again, pairs, policy, threshold
from harvester.editorial import entries as listed
from harvester.editorial import rank as ranking
from harvester.editorial import sections as placing
from harvester.editorial.learning.cores import one_core
from harvester.editorial.learning.past import History, Past, Text
from harvester.ids import Subject
from harvester.records import Candidate, Decision, Match
from harvester.scores import Basis, Guess, ListQueue, Rated, Score, Threshold
from harvester.steps.fold import Folded
from harvester.steps.own_history import known_history
from harvester.steps.shelves import shelves
from harvester.steps.texts import reader

NO_FAILURES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates in the order of their queues, how each queue was made, and which lists could not be ranked."""

    candidates: tuple[Candidate, ...]
    queues: tuple[ListQueue, ...]
    failures: Mapping[str, str]  # by list, in words
    unplaced: Mapping[str, str]  # the same of suggesting sections

    @property
    def causes(self) -> tuple[str, ...]:
        """Says what failed, for the report."""
        told = "its candidates are shown without scores, the strongest match first"
        instead = "its candidates have the section whose topics match most strongly"
        return (
            *(f"ranking the list {slug} failed ({why}); {told}" for slug, why in self.failures.items()),
            *(f"suggesting sections of {slug} failed ({why}); {instead}" for slug, why in self.unplaced.items()),
        )


def rank(
    folded: Folded,
    harvested: frozenset[Subject],
    decisions: Sequence[Decision],
    editorial: Editorial,
    as_of: datetime,
    failed: Mapping[str, str] = NO_FAILURES,
    unplaced: Mapping[str, str] = NO_FAILURES,
) -> Ranked:
    """Ranks the candidates of all lists; `harvested` are the papers that came by.

    `failed` are the lists not to be tried, `unplaced` those for which sections are not to be suggested, with the reasons.
    """
    judged = listed.fold(decisions)
    groups = twins.groups(folded.twins, pairs.held_apart(judged))
    world = _World(folded, harvested, tuple(decisions), editorial, judged, groups, as_of.date())
    candidates: list[Candidate] = []
    queues: list[ListQueue] = []
    failures = _Failures(dict(failed), dict(unplaced))
    for definition in editorial.lists:
        own = [one for one in folded.candidates if one.list == definition.slug]
        rated, queue = _try(own, definition, world, failures)
        before = _before(definition, world)
        ordered = policy.placed(policy.ranked(rated, world.today, before), definition.queue, world.today, before)
        candidates += ordered
        queues += [_counted(queue, ordered, definition)] if own else []
    told = (dict(sorted(one.items())) for one in (failures.ranking, failures.placing))
    return Ranked(tuple(candidates), tuple(queues), *told)


@dataclass(frozen=True, slots=True)
class _Failures:
    """What failed, by list and in words; grows while lists are ranked."""

    ranking: dict[str, str]
    placing: dict[str, str]


@dataclass(frozen=True, slots=True)
class _World:
    """What ranking looks at."""

    folded: Folded
    harvested: frozenset[Subject]
    decisions: tuple[Decision, ...]
    editorial: Editorial
    judged: listed.Folded
    groups: Mapping[Subject, tuple[Subject, ...]]  # of papers that are one
    today: date


def _try(
    own: Sequence[Candidate], definition: ListDefinition, world: _World, failures: _Failures
) -> tuple[list[Candidate], ListQueue]:
    """Rates the candidates of one list; where that fails, none of them has a score."""
    slug = definition.slug
    if own and slug not in failures.ranking:
        try:
            with one_core():
                return _rated(own, definition, world, failures)
        except Exception as error:  # noqa: BLE001 because a night without scores is a night, and says what failed
            failures.ranking[slug] = _in_words(error)
    why = f"ranking failed: {failures.ranking[slug]}" if slug in failures.ranking else "nothing waits"
    return [replace(one, rated=Rated(None, why=why)) for one in own], ListQueue(slug, None, why)


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0][:200]


def _rated(
    own: Sequence[Candidate], definition: ListDefinition, world: _World, failures: _Failures
) -> tuple[list[Candidate], ListQueue]:
    history = _history(definition, world)
    past = history.before(world.today + timedelta(days=1))
    topics = definition.topics if definition.topics is not None else [one.name for one in world.editorial.topics]
    ranker = ranking.learn(past, topics)
    basis: Basis = "learnt" if ranker.learnt_from else "topics"
    limit, without = _threshold(definition, past, ranker)
    texts = [_text(history, one) for one in own]
    guesses = _guesses(definition, history, topics, world, texts, failures)
    scored = zip(own, ranker.explained(texts), guesses, strict=True)
    queue = ListQueue(
        list=definition.slug,
        basis=basis,
        accepted=ranker.learnt_from,
        rejected=len(past.rejected),
        others=len(past.undecided),
        threshold=limit,
        without_threshold=without,
    )
    return [_scored(one, score, basis, guess, limit, world) for one, score, guess in scored], queue


def _scored(
    one: Candidate, score: Score, basis: Basis, guesses: tuple[Guess, ...], limit: Threshold | None, world: _World
) -> Candidate:
    record = world.folded.papers[one.subject].record
    version = record.version if record else None
    rated = Rated(score, basis, guesses=guesses, version=version, threshold=limit)
    return replace(one, rated=rated, section=guesses[0].section if guesses else one.section)


def _history(definition: ListDefinition, world: _World) -> History:
    """Reads what the list knew: of papers that are one, those nobody decided are left out where one was."""
    matches: dict[Subject, list[Match]] = {}
    for match in world.folded.matches:
        matches.setdefault(match.subject, []).append(match)
    decided = {key.subject for key in world.judged.standing if key.list == definition.slug}
    seen = {
        subject: paper.first_seen_at.date()
        for subject, paper in world.folded.papers.items()
        if subject in world.harvested and paper.first_seen_at
        if subject in decided or not decided.intersection(world.groups.get(subject, ()))
    }
    read = reader(world.editorial.topics, world.editorial.harvest)
    return known_history(definition, world.folded.papers, matches, seen, world.decisions, read)


def _text(history: History, candidate: Candidate) -> Text:
    return history.texts[candidate.subject][-1].text


def _guesses(
    definition: ListDefinition,
    history: History,
    topics: Sequence[str],
    world: _World,
    texts: Sequence[Text],
    failures: _Failures,
) -> list[tuple[Guess, ...]]:
    """Suggests sections for each text; where that fails, none for any."""
    if definition.slug not in failures.placing:
        try:
            placed = ((one.text, one.section) for one in history.placed(date.min, world.today + timedelta(days=1)))
            return placing.learn(shelves(definition, world.editorial.topics), placed, topics).guess(texts)
        except Exception as error:  # noqa: BLE001 because scores are worth having without sections, and it is told
            failures.placing[definition.slug] = _in_words(error)
    return [() for _ in texts]


def _threshold(definition: ListDefinition, past: Past, ranker: ranking.Ranker) -> tuple[Threshold | None, str | None]:
    """Returns the list's threshold, or why there is none."""
    if definition.queue.recall >= 1:
        return None, "none is asked for"
    lacking = threshold.lacking(past)
    if lacking or not ranker.tried.places:
        return None, lacking or "topics alone tell"
    return threshold.threshold_of(ranker.tried.places, ranker.tried.passed, definition.queue.recall), None


def _before(definition: ListDefinition, world: _World) -> policy.Before:
    """Returns what people did with this list's queue: what they put off or reopened, and what they took from it."""
    reopened = again.reopened(definition.slug, world.decisions, world.judged)
    asked = {subject: decision.at.date() for subject, decision in reopened.items()}
    for key, decision in world.judged.deferred.items():
        if key.list == definition.slug and decision.until:
            asked[key.subject] = max(decision.until, asked.get(key.subject, decision.until))
    for subject, day in tuple(asked.items()):
        for twin in world.groups.get(subject, ()):  # of papers that are one, a queue shows any
            asked[twin] = max(day, asked.get(twin, day))
    decided = {key.subject: one for key, one in world.judged.standing.items() if key.list == definition.slug}
    came = Counter(
        paper.first_seen_at.date()
        for subject, decision in {**reopened, **decided}.items()
        if subject in world.harvested and (paper := world.folded.papers.get(subject))
        if paper.first_seen_at and paper.first_seen_at <= decision.at
    )
    return policy.Before(asked, came)


def _counted(queue: ListQueue, ordered: Sequence[Candidate], definition: ListDefinition) -> ListQueue:
    open_now = [one for one in ordered if one.deferred_until is None]
    places = Counter(one.rated.place for one in open_now if one.rated)
    return replace(
        queue,
        shown=places["shown"],
        waits=places["waits"],
        below=places["below"],
        expired=places["expired"],
        again=sum(1 for one in open_now if one.again),
        per_day=definition.queue.per_day,
    )
