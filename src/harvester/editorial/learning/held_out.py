"""What models make of papers that they have not learnt from: the ground for probabilities and for thresholds.

Papers are dealt into parts by their identifiers, so that every machine and every night deals the same; each part is scored
by models that have learnt from the others alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harvester.editorial.learning.models import Role, fit
from harvester.editorial.learning.words import Views
from harvester.ids import Subject

if TYPE_CHECKING:
    import numpy as np

_PARTS = 3
_FEWEST = (5, 100)  # accepted and passed-over papers without which a part tells nothing


@dataclass(frozen=True, slots=True)
class HeldOut:
    """By paper: the margin that it got, and the part that it was dealt into."""

    margins: np.ndarray[Any, Any]
    parts: np.ndarray[Any, Any]

    def places(self, chosen: Sequence[bool], among: Sequence[bool]) -> list[float]:
        """Returns, for each chosen paper, the share of the others in its part that are no lower.

        Margins of different parts are not compared: each model has its own scale.
        """
        import numpy as np

        found: list[float] = []
        for part in range(_PARTS):
            ours = self.margins[np.asarray(chosen, bool) & (self.parts == part)]
            others = np.sort(self.margins[np.asarray(among, bool) & (self.parts == part)])
            if len(others):
                found += (1 - np.searchsorted(others, ours, side="left") / len(others)).tolist()
        return found


def hold_out(views: Views, subjects: Sequence[Subject], roles: Sequence[Role]) -> HeldOut | None:
    """Scores each paper by models of the other parts; None where there are too few papers."""
    import numpy as np

    if roles.count("accepted") < _FEWEST[0] or roles.count("passed") < _FEWEST[1]:
        return None
    parts = np.array([_part(subject) for subject in subjects])
    margins = np.zeros(len(roles))
    for part in range(_PARTS):
        learnt, scored = np.flatnonzero(parts != part), np.flatnonzero(parts == part)
        left = [roles[number] for number in learnt.tolist()]
        if not left.count("accepted") or not left.count("passed"):
            return None
        margins[scored] = fit(views.rows(learnt.tolist()), left).margins(views.rows(scored.tolist()))
    return HeldOut(margins, parts)


def _part(subject: Subject) -> int:
    return hashlib.sha256(f"part {subject}".encode()).digest()[0] % _PARTS
