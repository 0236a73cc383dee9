"""What a sweep found, and what that says about the searches: which papers they never showed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harvester.curated import merge
from harvester.curated.match import Matching, compile_topics
from harvester.ids import Subject
from harvester.raw import landings
from harvester.records import Paper, PaperRecord
from harvester.report import Sweeping, Talk
from harvester.sources import arxiv_api, arxiv_oai
from harvester.steps.gather import Gathered, gather
from harvester.steps.harvest import read_search
from harvester.steps.night import Night
from harvester.windows import Window, settled


def findings(night: Night, talks: Sequence[Talk]) -> Sweeping:
    """Compares what the sweeps of this run said with what was known before it."""
    raw = night.settings.data / "raw"
    gathered = gather(raw, night.memory)
    tonight = {talk.address for talk in talks if talk.source == arxiv_oai.NAME}
    now, before = _papers(gathered, night)
    matching = compile_topics(night.editorial.topics)
    swept = {subject: paper for subject, paper in now.items() if matching.matches(paper)}
    searches = tuple(_settled(night))
    asked_as = {
        name: topic.forms_of(name) for topic in night.editorial.topics for name in (*topic.include, *topic.authors)
    }
    expected = [subject for subject, paper in swept.items() if _was_due(paper, matching, asked_as, searches)]
    missed = tuple(subject for subject in expected if subject not in gathered.searched)
    return Sweeping(
        records=sum(gathered.sweeps.get(address, 0) for address in tonight),
        pages=sum(len(gathered.digests.get(address, ())) for address in tonight),
        papers=len(swept),
        only_swept=tuple(s for s in swept if s not in gathered.searched and s not in before),
        recall_of=len(expected),
        recalled=len(expected) - len(missed),
        missed=missed,
        new_versions=tuple(s for s in before if _number(now[s]) > _number(before[s])),
        withdrawn=tuple(s for s in before if now[s].withdrawn and not before[s].withdrawn),
    )


def _papers(gathered: Gathered, night: Night) -> tuple[dict[Subject, Paper], dict[Subject, Paper]]:
    """Folds the papers that this run's sweeps told of: as they are known now, and those known before as they were then."""
    told = {word.arxiv_id for word in gathered.papers if word.source == arxiv_oai.NAME and word.said_at >= night.as_of}
    words = [word for word in gathered.papers if word.arxiv_id in told]
    earlier = [word for word in words if word.said_at < night.as_of]
    return _fold(words), _fold(earlier)


def _fold(words: Iterable[PaperRecord]) -> dict[Subject, Paper]:
    return merge.papers(words, (), ())


def _number(paper: Paper) -> int:
    return paper.record.version if paper.record else 0


@dataclass(frozen=True, slots=True)
class _Asked:
    """A search that was answered whole: the days on which no further paper is expected, and what it looked for."""

    window: Window
    forms: frozenset[str]
    categories: frozenset[str]


def _settled(night: Night) -> Iterator[_Asked]:
    for folder in landings.folders(night.settings.data / "raw"):
        if folder.source != arxiv_api.NAME or not folder.what.startswith("search"):
            continue
        outcome, search = landings.outcome_of(folder), read_search(folder.wanted)
        window = settled(search.window, folder.night.date(), night.editorial.harvest.overlap_days)
        if outcome and outcome.state == "complete" and window:
            yield _Asked(window, frozenset(search.phrases), frozenset(search.categories))


def _was_due(
    paper: Paper, matching: Matching, asked_as: Mapping[str, tuple[str, ...]], searches: Sequence[_Asked]
) -> bool:
    """Tells whether a search had to bring the paper: one of its phrases, its categories and its day were asked for."""
    if paper.record is None:
        return False
    day, categories = paper.record.submitted_at.date(), {*paper.record.categories}
    spelt = {form for match in matching.matches(paper) for hit in match.hits for form in asked_as[hit.phrase]}
    return any(
        one.window.since <= day < one.window.until
        and not one.categories.isdisjoint(categories)
        and not one.forms.isdisjoint(spelt)
        for one in searches
    )
