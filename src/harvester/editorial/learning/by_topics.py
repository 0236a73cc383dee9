"""What topics tell by themselves: all there is of a list that has hardly accepted anything yet, one voice of several later.

The weights were set by hand and are no more than a sensible beginning: a phrase in the title says as much as four in the
abstract, the theme in the title as much as a phrase, and a paper that no topic fits is out of the question. They
were not fitted to any list. How well they order is the first line of what `harvester evaluate --learning-curve` prints.
"""

from __future__ import annotations

from math import exp

from harvester.editorial.learning.past import Text
from harvester.scores import Reason

_NOTHING = -9.0  # log-odds of a paper without any hit: a net would not have passed it
_ANY = 2.5  # of a paper that some topic fits
_TITLE, _ABSTRACT = 1.2, 0.3  # of each phrase, at most three and five
_THEME_TITLE, _THEME_ABSTRACT = 1.2, 1.0

TOPIC, THEME = "topic ", "theme"  # reasons: the name of a topic stands behind its word


def reasons(text: Text) -> tuple[Reason, ...]:
    """Returns what topics that hit, and the theme, add to the log-odds of a paper that just fits; the strongest first."""
    found = (Reason(what, round(weight, 2)) for what, weight in shares(text).items())
    return tuple(sorted((one for one in found if one.weight), key=lambda one: (-one.weight, one.what)))


def shares(text: Text) -> dict[str, float]:
    """Returns what each topic that hits, and the theme, adds to `odds`; topics share what many hits are capped at."""
    in_title, in_abstract = sum(hits.in_title for hits in text.hits), sum(hits.in_abstract for hits in text.hits)
    title = _TITLE * min(in_title, 3) / max(in_title, 1)
    abstract = _ABSTRACT * min(in_abstract, 5) / max(in_abstract, 1)
    found = {TOPIC + hits.topic: title * hits.in_title + abstract * hits.in_abstract for hits in text.hits}
    theme = _THEME_TITLE * min(text.theme[0], 1) + _THEME_ABSTRACT * min(text.theme[1], 1)
    return {**found, THEME: theme} if theme else found


def odds(text: Text) -> float:
    """Returns what topics and theme add to the log-odds of a paper without any; a phrase counts for each topic with it."""
    return _ANY * bool(text.hits) + sum(shares(text).values())


def probability(text: Text) -> float:
    """Returns the probability that topics alone give."""
    return 1 / (1 + exp(-_NOTHING - odds(text)))
