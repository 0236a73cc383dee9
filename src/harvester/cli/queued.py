"""Candidates as `harvester queue` shows them: a row, a remark, and everything about one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from math import log
from typing import TYPE_CHECKING

import click

from harvester.cli import disputed
from harvester.cli.shown import Row, printable, show
from harvester.editorial.queue import state_of
from harvester.errors import DecisionError
from harvester.scores import Basis, Rated, Score, percent

if TYPE_CHECKING:
    from harvester.records import Candidate
    from harvester.steps.standing import Standing

_FOR = 2  # reasons, or phrases, that a row has room for
_STRONG = -0.7  # log-odds of a reason that halves the odds: what speaks against a paper so much is told, too
_STATES: Mapping[str, str] = {"waits": "waits for a coming day", "below": "below the threshold"}


def row(standing: Standing, candidate: Candidate, today: date) -> Row:
    """Returns everything that is known of a candidate, for JSON."""
    shown, rated = standing.papers.get(candidate.subject), candidate.rated
    return {
        "list": candidate.list,
        "id": candidate.subject.removeprefix("arxiv:"),
        "subject": candidate.subject,
        "title": standing.title(candidate.subject),
        "section": candidate.section,
        **_scored(standing, rated),
        "state": "deferred" if candidate.deferred_until else "waiting",
        "place": candidate.rated.place if candidate.rated else None,
        "again": candidate.again.why if candidate.again else None,
        "topics": [match.topic for match in candidate.matches],
        "phrases": _phrases(candidate),
        "seen": candidate.first_seen_at.date(),
        "age_days": _age(candidate, today),
        "first_seen_at": candidate.first_seen_at,
        "submitted_at": shown.submitted_at if shown else None,
        "version": shown.version if shown else None,
        "deferred_until": candidate.deferred_until,
        "withdrawn": candidate.withdrawn,
        "twins": [
            {"subject": other, "kind": twin.kind, "evidence": twin.evidence}
            for other, twin in standing.twins_of(candidate.subject)
        ],
        "conflict": disputed.as_rows(standing, candidate),
        "remark": remark(standing, candidate),
    }


def _scored(standing: Standing, rated: Rated | None) -> Row:
    score, limit = rated.score if rated else None, rated.threshold if rated else None
    return {
        "score": score.score if score else None,
        "unscored": unscored(rated),
        "basis": rated.basis if rated else None,
        "scored_version": rated.version if rated else None,
        "reasons": [{"what": one.what, "weight": one.weight} for one in score.reasons] if score else [],
        "nearest": [
            {"subject": one.subject, "title": standing.title(one.subject), "similarity": one.similarity}
            for one in (score.nearest if score else ())
        ],
        "sections": [
            {"section": one.section, "probability": one.probability} for one in (rated.guesses if rated else ())
        ],
        "let_in_on": rated.let_in_on if rated else None,
        "threshold": {"score": limit.score, "kept": limit.kept, "of": limit.of} if limit else None,
    }


def unscored(rated: Rated | None) -> str | None:
    """Says why there is no score; None where there is one."""
    if rated is None:
        return "no night has ranked it yet"
    return None if rated.score else rated.why


def _phrases(candidate: Candidate) -> list[str]:
    return list(dict.fromkeys(hit.phrase for match in candidate.matches for hit in match.hits))


def _age(candidate: Candidate, today: date) -> int:
    return max((today - candidate.first_seen_at.date()).days, 0)


def cells(standing: Standing, candidate: Candidate, today: date) -> Row:
    """Returns what people are shown of a candidate in one row."""
    rated = candidate.rated
    return {
        "list": candidate.list,
        "id": candidate.subject.removeprefix("arxiv:"),
        "score": percent(rated.score.score) if rated and rated.score else "?",
        "title": standing.title(candidate.subject),
        "section": _section(candidate),
        "why": _why(candidate),
        "age": f"{_age(candidate, today)} d",
        "remark": remark(standing, candidate),
    }


def _section(candidate: Candidate) -> str | None:
    guesses = candidate.rated.guesses if candidate.rated else ()
    known = next((one.probability for one in guesses if one.section == candidate.section), None)
    return candidate.section if known is None else f"{candidate.section} {percent(known)}"


def _why(candidate: Candidate) -> str:
    """Returns the two strongest reasons for a candidate, and a strong one against it; phrases where there is no score.

    A topic and the word that it is called by count together: one may speak for the paper and the other against it.
    """
    score = candidate.rated.score if candidate.rated else None
    if score is None:
        phrases = _phrases(candidate)
        return ", ".join(phrases[:_FOR]) + (f" +{len(phrases) - _FOR}" if len(phrases) > _FOR else "")
    total: dict[str, float] = defaultdict(float)
    for one in score.reasons:
        total[one.what.removeprefix("topic ")] += one.weight
    order = sorted(total.items(), key=lambda each: -each[1])
    helping = [what for what, weight in order if weight > 0]
    strong = [f"but {what}" for what, weight in reversed(order) if weight <= _STRONG]
    return "; ".join(words for words in (", ".join(helping[:_FOR]), *strong[:1]) if words)


def remark(standing: Standing, candidate: Candidate) -> str:
    """Says what is to be known of a candidate before it is decided, and why it is not shown."""
    remarks = [f"again: {candidate.again.why}"] if candidate.again else []
    remarks += ["withdrawn"] if candidate.withdrawn else []
    twins = len(standing.twins_of(candidate.subject))
    remarks += [f"{twins} twin{'s' * (twins != 1)}"] if twins else []
    state = state_of(candidate)
    remarks += [_STATES[state]] if state in _STATES else []
    remarks += [f"until {candidate.deferred_until}"] if candidate.deferred_until else []
    if state == "expired":
        since = candidate.rated.let_in_on if candidate.rated else None  # snapshots of schema 2 do not tell
        remarks.append(f"expired, in the queue since {since}" if since else "expired")
    return "; ".join([*remarks, *disputed.in_short(standing, candidate)])


def show_one(standing: Standing, named: str, slug: str | None, today: date, as_json: bool) -> None:
    """Shows one candidate with its abstract and all evidence; DecisionError where it is in no queue."""
    from harvester.ids import url_of
    from harvester.steps.standing import subject_named

    subject = subject_named(named)
    found = [c for c in standing.candidates if c.subject == subject and slug in (None, c.list)]
    if not found:
        same = [f"; it is the same as {other} ({twin.evidence})" for other, twin in standing.twins_of(subject)]
        why = f"{subject} is in no queue; `harvester log {subject}` shows whether it was decided{''.join(same)}"
        raise DecisionError([why])
    shown = standing.papers.get(subject)
    if as_json:
        facts = {"url": url_of(subject), "authors": shown and shown.authors, "abstract": shown and shown.abstract}
        show([{**row(standing, c, today), **facts, "evidence": _evidence(c)} for c in found], (), as_json)
        return
    lines = [standing.title(subject), shown and ", ".join(shown.authors), url_of(subject), "", shown and shown.abstract]
    for line in lines:
        click.echo(printable(line or ""))
    for candidate in found:
        told = remark(standing, candidate)
        head = f"list {candidate.list}: suggested for {_sections(candidate)}{f' ({told})' if told else ''}"
        click.echo(f"\n{printable(head)}")
        scored, evidence = _scored_words(standing, candidate.rated), _evidence_words(standing, candidate)
        for line in (*disputed.ways_out(standing, candidate), *scored, *evidence):
            click.echo(f"  {printable(line)}")


def _evidence(candidate: Candidate) -> list[Row]:
    hits = (hit for match in candidate.matches for hit in match.hits)
    return [{"phrase": hit.phrase, "field": hit.field, "text": hit.text} for hit in hits]


def _scored_words(standing: Standing, rated: Rated | None) -> Iterator[str]:
    if rated is None or rated.score is None:
        yield f"no score: {unscored(rated)}"
        return
    by = "learnt from what the list accepted" if rated.basis == "learnt" else "told by topics alone"
    yield f"score {percent(rated.score.score)}, {by}"
    for side, sign in (("for", 1), ("against", -1)):
        if reasons := [f"{one.what} {one.weight:+.2f}" for one in rated.score.reasons if one.weight * sign > 0]:
            yield f"{side}: {', '.join(reasons)}"
    yield from _sum_words(rated.score, rated.basis)
    for near in rated.score.nearest:
        yield f"near {near.subject} ({near.similarity:.2f}): {standing.title(near.subject) or 'no title known'}"


def _sum_words(score: Score, basis: Basis | None) -> Iterator[str]:
    """Says what the weights are, and what they add up to."""
    if score.reasons and 0 < score.score < 1:
        total = log(score.score / (1 - score.score))
        rest = total - sum(one.weight for one in score.reasons)
        beside = "any paper that fits a topic" if basis == "topics" else "the average paper that was passed over"
        yield f"weights are log-odds beside {beside} (0.7 doubles the odds, -0.7 halves them);"
        yield f"with all else, {rest:+.2f}, they are {total:+.2f}, which is {percent(score.score)}"


def _evidence_words(standing: Standing, candidate: Candidate) -> Iterator[str]:
    for other, twin in standing.twins_of(candidate.subject):
        yield f"the same as {other}: {twin.evidence}"
    for match in candidate.matches:
        for hit in match.hits:
            yield f"{match.topic}: {hit.phrase!r} in the {hit.field}, as {printable(hit.text)!r}"


def _sections(candidate: Candidate) -> str:
    guesses = candidate.rated.guesses if candidate.rated else ()
    told = ", ".join(f"{one.section} {percent(one.probability)}" for one in guesses)
    return told or candidate.section or "no section"
