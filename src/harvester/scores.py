"""What the machine makes of candidates: scores with their reasons, guessed sections, and who is shown.

A score is the probability that the list accepts the paper. Where there is none, `why` says so; it is never a number then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from harvester.ids import Subject

Basis = Literal["learnt", "topics"]  # learnt from what the list accepted, or told by the hits of topics alone
Place = Literal["shown", "waits", "below", "expired"]
PLACES: tuple[Place, ...] = ("shown", "waits", "below", "expired")


@dataclass(frozen=True, slots=True)
class Reason:
    """A word or a sign that speaks for a paper, or against it (`weight` below zero), in log-odds."""

    what: str
    weight: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """An accepted paper with similar words; `similarity` is the cosine of both texts, from 0 to 1."""

    subject: Subject
    similarity: float


@dataclass(frozen=True, slots=True)
class Score:
    """The probability that a list accepts a paper, and what speaks for and against it, the strongest first."""

    score: float
    reasons: tuple[Reason, ...] = ()
    nearest: tuple[Nearest, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """A section, and how probable it is."""

    section: str
    probability: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """The score below which candidates are not shown, and how many accepted papers scored no less, unseen in training."""

    score: float
    kept: int
    of: int


@dataclass(frozen=True, slots=True)
class Rated:
    """What a night made of one candidate.

    `place`: `shown`; `waits` for a coming day, as more came than one day shows; `below` the threshold; `expired` (let in
    long ago, and its score is low now; on which day it fell, a single night does not know).
    """

    score: Score | None
    basis: Basis | None = None  # None: there is no score
    why: str | None = None  # there is no score: why
    guesses: tuple[Guess, ...] = ()  # of sections, the most probable first
    place: Place = "shown"
    let_in_on: date | None = None  # as tonight's scores tell; None: waits, below, or shown as people asked for it
    version: int | None = None  # of the paper that was scored
    threshold: Threshold | None = None  # of the list; None: its history is too short for one


@dataclass(frozen=True, slots=True)
class Again:
    """Why a paper is shown again that was rejected or deferred; `decision` is the one that it was."""

    decision: str
    why: str


@dataclass(frozen=True, slots=True)
class ListQueue:
    """How the queue of one list was made, for the report; candidates that people have deferred are in none of its places."""

    list: str
    basis: Basis | None  # None: there are no scores
    why: str | None = None  # there are no scores: why
    accepted: int = 0  # papers that were learnt from
    rejected: int = 0
    others: int = 0  # papers that came by and nobody decided
    shown: int = 0
    waits: int = 0
    below: int = 0
    expired: int = 0
    again: int = 0  # of those shown: a second look
    per_day: int = 0
    threshold: Threshold | None = None
    without_threshold: str | None = None  # why there is none


def queue_words(queue: ListQueue) -> str:
    """Says in one line how a queue was made."""
    hidden = ((queue.waits, f"wait ({queue.per_day} new ones a day)"), (queue.expired, "expired"))
    parts = [f"{queue.shown:,} shown" + (f" ({queue.again:,} again)" if queue.again else "")]
    parts += [f"{number:,} {words}" for number, words in hidden if number]
    return f"{', '.join(parts)}; {_threshold_words(queue)}; {_basis_words(queue)}"


def _threshold_words(queue: ListQueue) -> str:
    if queue.threshold is None:
        return f"no threshold ({queue.without_threshold or 'there are no scores'})"
    return f"{queue.below:,} {threshold_words(queue.threshold)}"


def threshold_words(threshold: Threshold) -> str:
    """Says where a threshold lies and what it keeps."""
    share = threshold.kept / threshold.of
    return (
        f"below the threshold of {percent(threshold.score)}, which keeps {share:.1%} of what this list accepted "
        f"({threshold.kept:,} of {threshold.of:,})"
    )


def _basis_words(queue: ListQueue) -> str:
    if queue.basis is None:
        return f"not ranked: {queue.why}"
    if queue.basis == "topics":
        return "scores tell what topics hit, as hardly anything was accepted yet"
    rejected = f", {queue.rejected:,} rejected" if queue.rejected else ""
    return f"learnt from {queue.accepted:,} accepted papers{rejected} and {queue.others:,} others that came by"


def percent(probability: float) -> str:
    """Writes a probability as people read it: "83%", "4%", "0.3%", "<0.1%", ">99%"."""
    if probability < 0.001:
        return "<0.1%"
    if probability >= 0.995:  # none is certain: what is stored was rounded
        return ">99%"
    return f"{probability:.1%}" if probability < 0.01 else f"{probability:.0%}"
