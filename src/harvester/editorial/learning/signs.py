"""What tells about a paper beside its words: hits of topics, the theme of the lists, accepted authors, code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harvester.editorial.learning.by_topics import THEME, TOPIC
from harvester.editorial.learning.past import Text

if TYPE_CHECKING:
    import numpy as np

_WEIGHT = 0.5  # of the strongest sign of each kind, beside the words of a text, which have length 1
_GENERAL = (
    "topics in the title",
    "topics in the abstract",
    "the theme in the title",
    "the theme in the abstract",
    "a topic and the theme in the title",
    "topics and the theme in the abstract",
    "author of accepted papers",
    "repository",
)
TOGETHER = "topics"  # the reason that these are part of, but for the last two: they and the theme go with each other
LACKING = (*_GENERAL[-2:], THEME)  # what is a reason where it is lacking, too


@dataclass(frozen=True, slots=True)
class Signs:
    """How signs are counted; made by `read_signs`."""

    topics: tuple[str, ...]
    authors: Counter[str]  # of accepted papers, by folded name
    scale: Any  # numpy array: what makes the strongest sign of each kind weigh as much as any other

    @property
    def names(self) -> list[str]:
        """The reasons that the columns are part of."""
        places = ("title", "abstract")
        general = (sign if sign in LACKING else TOGETHER for sign in _GENERAL)
        return [*(TOPIC + topic for topic in self.topics for _ in places), *general]

    def of(self, texts: Sequence[Text], own: bool = False) -> np.ndarray[Any, Any]:
        """Returns one row a text; `own` texts are accepted ones, of whose authors they themselves are left out."""
        scaled: np.ndarray[Any, Any] = _raw(texts, self.topics, self.authors, own) * self.scale
        return scaled


def read_signs(accepted: Sequence[Text], others: Sequence[Text], topics: Sequence[str]) -> Signs:
    """Learns who wrote accepted papers, and how strong each sign gets."""
    import numpy as np

    authors = Counter(name for text in accepted for name in _names(text))
    raw = np.vstack([_raw(accepted, topics, authors, True), _raw(others, topics, authors, False)])
    strongest = raw.max(axis=0)
    return Signs(tuple(topics), authors, np.where(strongest > 0, _WEIGHT / np.maximum(strongest, 1e-9), 0.0))


def _raw(texts: Sequence[Text], topics: Sequence[str], authors: Counter[str], own: bool) -> np.ndarray[Any, Any]:
    import numpy as np

    column = {topic: 2 * number for number, topic in enumerate(topics)}
    width = 2 * len(topics)
    found = np.zeros((len(texts), width + len(_GENERAL)))
    for row, text in zip(found, texts, strict=True):
        for hits in text.hits:
            if hits.topic in column:
                row[column[hits.topic]] = min(hits.in_title, 1)
                row[column[hits.topic] + 1] = np.log1p(hits.in_abstract)
        in_title, in_abstract = sum(row[:width:2]), np.log1p(sum(hits.in_abstract for hits in text.hits))
        about, says = min(text.theme[0], 1), min(text.theme[1], 1)
        row[width:] = (
            min(in_title, 2) / 2,
            in_abstract,
            about,
            says,
            min(in_title, 1) * about,
            in_abstract * says,
            np.log1p(max((authors[name] - own for name in _names(text)), default=0)),
            text.code,
        )
    return found


def _names(text: Text) -> Iterable[str]:
    return {" ".join(name.casefold().split()) for name in text.authors}
