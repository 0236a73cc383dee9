"""What topics tell by themselves, for a list that has hardly accepted anything yet.

The numbers are those of a logistic regression on the papers that came by in the months before January 2024 and on what one
list on efficient language models accepted of them; they say how much a phrase in the title weighs beside one in the
abstract, and are no more than a beginning: five accepted papers replace them.
"""

from __future__ import annotations

from math import exp

from harvester.editorial.learning.past import Text
from harvester.editorial.learning.reasons import Reason

_NOTHING = -6.5  # log-odds of a paper without any hit
_TITLE, _ABSTRACT = 1.2, 0.3  # of each phrase, at most three and five
_THEME_TITLE, _THEME_ABSTRACT = 1.2, 1.0


def reasons(text: Text) -> tuple[Reason, ...]:
    """Returns each topic that hits, and the theme, with its weight; the strongest first."""
    found = [
        Reason(f"topic {hits.topic}", round(_TITLE * min(hits.in_title, 3) + _ABSTRACT * min(hits.in_abstract, 5), 2))
        for hits in text.hits
    ]
    theme = _THEME_TITLE * min(text.theme[0], 1) + _THEME_ABSTRACT * min(text.theme[1], 1)
    found += [Reason("the theme", round(theme, 2))] if theme else []
    return tuple(sorted(found, key=lambda one: (-one.weight, one.what)))


def probability(text: Text) -> float:
    """Returns the probability that topics alone give, whatever the number of topics that name a phrase."""
    in_title, in_abstract = sum(hits.in_title for hits in text.hits), sum(hits.in_abstract for hits in text.hits)
    odds = _NOTHING + _TITLE * min(in_title, 3) + _ABSTRACT * min(in_abstract, 5)
    odds += _THEME_TITLE * min(text.theme[0], 1) + _THEME_ABSTRACT * min(text.theme[1], 1)
    return 1 / (1 + exp(-odds))
