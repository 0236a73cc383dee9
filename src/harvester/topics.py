"""What to harvest, as editors define it in `topics.toml`: phrases, categories, and how much to ask."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from harvester.counting import counted
from harvester.keys import Keys, Source
from harvester.phrases import Words, author_form, spellings

SINCE = 180  # days
_SET = re.compile(r"[a-z][a-z-]*(?::[A-Za-z][A-Za-z-]*){0,2}")


@dataclass(frozen=True, slots=True)
class Topic:
    """Phrases to look for in title and abstract, and phrases that rule a paper out."""

    name: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    categories: tuple[str, ...]  # a paper must carry one of them; cross-lists count
    since: int | date = SINCE  # how far back a phrase is asked for: days before the night, or a day
    at_least: int = 1  # how many of the include phrases must stand there
    require: tuple[tuple[str, ...], ...] = ()  # of each group, one phrase must stand there too
    authors: tuple[str, ...] = ()  # who fit without any include phrase
    code: bool = False  # whether a paper must link a repository
    words: Words = ()  # which words may stand for each other

    @property
    def phrases(self) -> tuple[str, ...]:
        """All phrases that decide whether a paper fits."""
        return (*self.include, *self.exclude, *(phrase for group in self.require for phrase in group))

    @property
    def forms(self) -> tuple[str, ...]:
        """What to ask arXiv for: every spelling of the include phrases, and the authors as `author_form` writes them.

        Rules only narrow what these bring, so they are not part of the question.
        """
        spelt = (form for name in (*self.include, *self.authors) for form in self.forms_of(name))
        return tuple(dict.fromkeys(spelt))

    def forms_of(self, name: str) -> tuple[str, ...]:
        """What to ask arXiv for to find one include phrase, or one author."""
        return (author_form(name),) if name in self.authors else spellings(name, self.words)

    def since_day(self, today: date) -> date:
        """Returns the first day whose papers are wanted, as seen from a night."""
        return self.since if isinstance(self.since, date) else today - timedelta(days=self.since)


@dataclass(frozen=True, slots=True)
class Harvest:
    """How much to ask again, and how much in one night."""

    overlap_days: int = 7  # asked again every night, because papers surface late
    pages: int = 100  # of arXiv's answers, 500 papers each, after which a night begins no further search
    sets: tuple[str, ...] = ()  # of OAI-PMH, swept weekly: "cs:cs:CL"; none given: those of the topics' categories
    sweep_days: int = 45  # how far back a sweep looks for changes
    sweep_pages: int = 300  # of a sweep's answers, some 1,300 papers each, in one run; the next one goes on
    theme: tuple[
        str, ...
    ] = ()  # phrases of what all papers of the lists are about; ranking looks for them, nets do not


def read_topics(source: Source) -> tuple[tuple[Topic, ...], Harvest]:
    """Reads `topics.toml`; what is wrong is among the source's mistakes."""
    root = source.root
    span = Keys(source, root.table("harvest"), "harvest.")
    since = span.days_or_day("since", SINCE)
    harvest = Harvest(
        overlap_days=span.number("overlap_days", 7, 0),
        pages=span.number("pages", 100, 1),
        sets=_read_sets(span),
        sweep_days=span.number("sweep_days", 45, 1),
        sweep_pages=span.number("sweep_pages", 300, 1),
        theme=root.words("theme"),
    )
    if span.left.pop("first_days", None) is not None:
        span.wrong("first_days", "harvest.first_days is called `since` now, and holds for phrases added later as well")
    span.done()
    common = root.words("categories")
    words = _read_words(source)
    topics = []
    for name, value in root.table("topics").items():
        keys = Keys(source, value if isinstance(value, dict) else {}, f"topics.{name}.")
        topic = _read_topic(name, keys, common, since, words)
        topics.append(topic)
        if not topic.categories:
            keys.wrong("", f'topic {name} has no categories: add `categories = ["cs.CL", …]` at the top')
    root.done()
    return tuple(topics), harvest


def _read_topic(name: str, keys: Keys, common: tuple[str, ...], since: int | date, words: Words) -> Topic:
    given = bool(keys.left.get("include"))
    topic = Topic(
        name=name,
        include=keys.words("include"),
        exclude=keys.words("exclude"),
        categories=keys.words("categories") or common,
        since=keys.days_or_day("since", since),
        at_least=keys.number("at_least", 1, 1),
        require=keys.groups("require"),
        authors=keys.words("authors"),
        code=keys.flag("code"),
        words=words,
    )
    told = given and not topic.include  # what is wrong with its phrases
    if not told and not topic.include and not topic.authors:
        keys.wrong("include", f"topics.{name}.include is empty: give at least one phrase, or delete the topic")
    elif not told and topic.at_least > max(1, len(topic.include)):
        has = counted(len(topic.include), "phrase")
        keys.wrong("at_least", f"topics.{name}.at_least is {topic.at_least}, but the topic has {has}")
    for phrase in dict.fromkeys(topic.phrases):
        if not any(char.isalnum() for char in phrase):
            keys.wrong(
                "",
                f"topics.{name} holds {phrase!r}, which has neither letter nor digit: it asks for everything; delete it",
            )
    keys.done()
    return topic


def _read_words(source: Source) -> Words:
    """Reads which words may stand for each other: `KV = ["key value"]`."""
    keys = Keys(source, source.root.table("words"), "words.")
    groups = tuple((word, *keys.words(word)) for word in [*keys.left])
    for group in groups:
        if len(group) < 2:
            keys.wrong(group[0], f'words.{group[0]} says nothing: write what stands for it, {group[0]} = ["…"]')
    return groups


def _read_sets(span: Keys) -> tuple[str, ...]:
    sets = span.words("sets")
    for name in sets:
        if not _SET.fullmatch(name):
            remedy = 'write sets of OAI-PMH such as "cs:cs:CL" (for cs.CL) or "stat"'
            span.wrong("sets", f"harvest.sets holds {name!r}: {remedy}")
    return tuple(dict.fromkeys(sets))
