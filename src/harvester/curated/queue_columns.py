"""The tables of the queue: who waits, what ranking made of them, and which of them are one paper."""

from __future__ import annotations

from harvester.curated.described import UNKNOWN, Column, TableDefinition

CANDIDATES = TableDefinition(
    "candidates",
    "candidates.parquet",
    "Papers that match a list's topics and that nobody has decided.",
    ("list", "subject"),
    (
        Column("list", "string", "Slug of the list."),
        Column("subject", "string", "`subject` in `papers`."),
        Column("position", "int32", "Place in the list's queue, from 1."),
        Column("arxiv_id", "string", "arXiv id without version.", "not an arXiv paper"),
        Column("title", "string", "Title, as arXiv says it.", UNKNOWN),
        Column("first_seen_at", "timestamp", "When harvester first saw the paper."),
        Column("topics", "list<string>", "Topics that match."),
        Column("phrases", "list<string>", "Phrases that hit, each once."),
        Column(
            "evidence",
            "list<struct>",
            "Where each phrase was found.",
            fields=(
                Column("topic", "string", "Topic."),
                Column("phrase", "string", "Phrase as written in `topics.toml`."),
                Column("field", "string", "`title` or `abstract`."),
                Column("text", "string", "The words as found."),
            ),
        ),
        Column("section", "string", "Suggested section.", "no suggestion"),
        Column("state", "string", "`waiting` or `deferred`."),
        Column("deferred_until", "date", "First day on which it is shown again.", "not deferred"),
        Column("withdrawn", "bool", "Whether the paper is withdrawn.", "nothing tells"),
        Column("submitted_at", "timestamp", "When version 1 was submitted.", UNKNOWN),
        Column("again", "string", "Why it is shown again though it was rejected or deferred.", "it is no second look"),
        Column("again_of", "string", "The decision that it was, as in `entries.decision`.", "it is no second look"),
    ),
)

_NO_THRESHOLD = "the list's history is too short for a threshold"
_UNSCORED = "there is no score, see `why`"

SCORES = TableDefinition(
    "scores",
    "scores.parquet",
    "What ranking made of each candidate, learnt anew each night from what the list accepted, rejected and passed over "
    "until then. A score is the probability that the list accepts the paper.",
    ("list", "subject"),
    (
        Column("list", "string", "Slug of the list."),
        Column("subject", "string", "`subject` in `papers` and `candidates`."),
        Column("score", "float64", "Probability that the list accepts it, to four significant digits.", _UNSCORED),
        Column("why", "string", "Why there is no score.", "there is one"),
        Column(
            "basis",
            "string",
            "`learnt` from what the list accepted, or told by the hits of `topics` alone, as it hardly accepted any yet.",
            _UNSCORED,
        ),
        Column("scored_version", "int32", "Version of the paper whose text was scored.", _UNSCORED),
        Column(
            "reasons",
            "list<struct>",
            "What weighs most, first what speaks for the paper, then what speaks against it; empty without a score.",
            fields=(
                Column(
                    "what",
                    "string",
                    "A word of title or abstract, or a sign, such as `topic pruning` or `no repository`.",
                ),
                Column(
                    "weight",
                    "float64",
                    "Log-odds that it adds (0.7 doubles the odds), beside the average paper that was passed over, or, where "
                    "topics alone tell, beside a paper that just fits one; below zero it speaks against the paper.",
                ),
            ),
        ),
        Column(
            "nearest",
            "list<struct>",
            "Accepted papers with the most similar words, at most three.",
            fields=(
                Column("subject", "string", "`subject` in `entries`."),
                Column("similarity", "float64", "Cosine of both texts, from 0 to 1."),
            ),
        ),
        Column(
            "sections",
            "list<struct>",
            "The most probable sections, at most three; empty without a score.",
            fields=(
                Column("section", "string", "Full path of titles, as in `entries.section`."),
                Column("probability", "float64", "Of the paper belonging there, if the list accepts it."),
            ),
        ),
        Column(
            "place",
            "string",
            "`shown` in the queue; `waits` for a coming day, as more came than one day shows; `below` the threshold; "
            "`expired`, let in long ago (`expire_days`) and with a low score now. What is deferred (`candidates.state`) is "
            "not shown, whatever stands here.",
        ),
        Column(
            "let_in_on",
            "date",
            "Day on which the queue let it in, from which its age counts for expiry; counted anew each night, by that "
            "night's scores. When it expired, the first snapshot tells in which its `place` is so.",
            "it waits, lies below the threshold, or is shown as somebody put it off or reopened it, or for a second look",
        ),
        Column("threshold", "float64", "Score below which candidates of this list are not shown.", _NO_THRESHOLD),
        Column(
            "threshold_kept",
            "int32",
            "Accepted papers that scored no less than the threshold, by models that had not seen them.",
            _NO_THRESHOLD,
        ),
        Column("threshold_of", "int32", "Accepted papers that were scored in that way.", _NO_THRESHOLD),
    ),
)

TWINS = TableDefinition(
    "twins",
    "twins.parquet",
    "Pairs of subjects that are one paper, among those listed and those that match; a queue shows one of them. Pairs that "
    "people hold apart (`harvester same --not`) are no longer among them.",
    ("subject", "same_as"),
    (
        Column("subject", "string", "One of the two, that which sorts first."),
        Column("same_as", "string", "The other one."),
        Column("kind", "string", "What tells: `identifier`, `title` (with the authors), `abstract`, or `people`."),
        Column("evidence", "string", "The same in words."),
    ),
)
