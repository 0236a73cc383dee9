"""Why a paper has its score."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A word or a sign that speaks for a paper, or against it (`weight` below zero), in log-odds."""

    what: str
    weight: float
