"""What ranking may see of a paper: its words, with the topics and the theme that they hit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from harvester.curated.match import Matching, compile_topics
from harvester.editorial.learning.past import Text, TopicHits
from harvester.ids import ArxivId, arxiv_subject, find_repos
from harvester.phrases import pattern
from harvester.records import Match, Paper, PaperRecord
from harvester.topics import Harvest, Topic

_LONG_AGO = datetime(1991, 8, 14, tzinfo=UTC)  # arXiv's first day, where no date is asked for


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads texts; made by `reader`."""

    matching: Matching
    theme: re.Pattern[str] | None
    topics: tuple[str, ...]
    categories: tuple[str, ...]  # all that any topic asks for

    def read(self, record: PaperRecord) -> Text:
        """Reads what one record says, matching its topics; one without categories is taken to carry all that are asked."""
        record = record if record.categories else replace(record, categories=self.categories)
        subject = arxiv_subject(record.arxiv_id)
        paper = Paper(subject, record, (), None, "ok", None, None, None)
        return self.matched(record, self.matching.matches(paper))

    def matched(self, record: PaperRecord, matches: Iterable[Match]) -> Text:
        """Reads what one record says, whose topics are known."""
        return Text(
            title=record.title,
            abstract=record.abstract,
            authors=record.authors,
            code=any(True for _ in find_repos(f"{record.abstract} {record.comment or ''}")),
            hits=tuple(_hits(match) for match in matches),
            theme=(self._theme(record.title), self._theme(record.abstract)),
        )

    def title(self, title: str) -> Text:
        """Reads a title alone, such as a list's own wording of a paper that no upstream has told of."""
        return self.read(_bare(title))

    def _theme(self, text: str) -> int:
        return len(self.theme.findall(text)) if self.theme else 0


def reader(topics: Sequence[Topic], harvest: Harvest) -> Reader:
    """Prepares topics and theme for reading."""
    theme = "|".join(pattern(phrase) for phrase in harvest.theme)
    return Reader(
        compile_topics(topics),
        re.compile(theme, re.IGNORECASE) if theme else None,
        tuple(topic.name for topic in topics),
        tuple(sorted({category for topic in topics for category in topic.categories})),
    )


def _bare(title: str) -> PaperRecord:
    return PaperRecord(
        arxiv_id=ArxivId("0000.00000"),  # of no paper: a text has no identifier
        version=1,
        title=title,
        abstract="",
        authors=(),
        categories=(),
        primary_category="",
        submitted_at=_LONG_AGO,
        updated_at=_LONG_AGO,
        comment=None,
        journal_ref=None,
        doi=None,
        withdrawn=None,
        withdrawn_evidence=None,
        source="",
        said_at=_LONG_AGO,
    )


def _hits(match: Match) -> TopicHits:
    found = Counter(field for _, field in {(hit.phrase, hit.field) for hit in match.hits})
    return TopicHits(match.topic, found["title"], found["abstract"])
