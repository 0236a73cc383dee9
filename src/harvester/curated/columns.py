"""Every table and every column once: name, type, meaning, and what a null means.

Schema, checks and data dictionary (`schema.py`) follow from here. All times are UTC; whole numbers are never negative.
"""

from __future__ import annotations

from harvester.curated.described import UNKNOWN, Column, TableDefinition
from harvester.curated.queue_columns import CANDIDATES, SCORES, TWINS

SCHEMA_VERSION = 3  # of all tables together; rises when a column changes its meaning, type or name, or goes

_STATUSES = (
    "`ok`, `not_found` (asked, not known there), `gone` (was known, is no longer there), `failed` (asked, no usable "
    "answer), `never_asked`"
)
_COUNTED = (
    f"{_STATUSES}, `no_count` (known there, without a count of its own: a last value stands with its date, and for "
    "citations the next source is asked), or `suspect` (answered with half of the last value or less, or with a hundred "
    "times as many: set aside, and the last value stands, until three answers on different days agree)"
)
_SUBJECT = "What the row is about, one spelling each:"

PAPERS = TableDefinition(
    "papers",
    "papers.parquet",
    "One row a paper: all that were harvested, and all that a decision or a refresh names.",
    ("subject",),
    (
        Column("subject", "string", f"{_SUBJECT} `arxiv:2405.18218`, `doi:10.1145/3600006.3613165`."),
        Column("arxiv_id", "string", "arXiv id without version.", "the paper is known by its DOI only"),
        Column("version", "int32", "Newest version seen.", UNKNOWN),
        Column("title", "string", "Title of that version, as arXiv says it.", UNKNOWN),
        Column("abstract", "string", "Abstract of that version.", UNKNOWN),
        Column("authors", "list<string>", "Authors in order; empty without metadata."),
        Column("categories", "list<string>", "arXiv categories, cross-lists too; empty without metadata."),
        Column("primary_category", "string", "Primary arXiv category.", UNKNOWN),
        Column("submitted_at", "timestamp", "When version 1 was submitted.", UNKNOWN),
        Column("updated_at", "timestamp", "When the newest version was submitted.", UNKNOWN),
        Column("withdrawn", "bool", "Whether the newest version is withdrawn.", "nothing tells"),
        Column("withdrawn_evidence", "string", "The words that tell.", "nothing tells"),
        Column("comment", "string", "Comment of the authors.", "none given"),
        Column("journal_ref", "string", "Journal reference, as the authors gave it to arXiv.", "none given"),
        Column("doi", "string", "DOI of the published version, as given to arXiv, or of the subject.", "none given"),
        Column(
            "versions",
            "list<struct>",
            "Versions seen by harvester, in order; earlier ones may be missing.",
            fields=(
                Column("number", "int32", "Number of the version."),
                Column("updated_at", "timestamp", "When it was submitted."),
            ),
        ),
        Column("topics", "list<string>", "Topics of `topics.toml` that match title and abstract."),
        Column("first_seen_at", "timestamp", "When harvester first saw the paper.", "never seen"),
        Column("metadata_status", "string", f"What the last answer about the paper said: {_STATUSES}."),
        Column("metadata_as_of", "timestamp", "When arXiv last confirmed this row's metadata.", UNKNOWN),
        Column("citations", "int32", "Citations, last known value.", "never known; never read it as zero"),
        Column("citations_source", "string", "Who said `citations`: `semantic_scholar`, or `openalex` where that "
               "never knew a value. The two count differently: do not compare across.", "never known"),
        Column("citations_status", "string", f"What the last attempt said: {_COUNTED}."),
        Column("citations_as_of", "timestamp", "When `citations` was last confirmed.", "never known"),
        Column("citations_asked_at", "timestamp", "When the last attempt was.", "never asked"),
        Column("citations_disagree", "bool", "Whether Semantic Scholar and OpenAlex differ by more than a quarter of the "
               "larger count, each as last known (both stand in `observations`); `citations` is never a mixture.",
               "fewer than two of them ever knew a value"),
    ),
)  # fmt: skip

REPOSITORIES = TableDefinition(
    "repositories",
    "repositories.parquet",
    "One row a GitHub repository that a paper or an entry names; the node id is its identity through renames, and by it "
    "a known repository is asked.",
    ("subject",),
    (
        Column(
            "subject",
            "string",
            f"{_SUBJECT} `github:owner/name`, current name in lower case; `github-id:…` with its node id while another "
            "repository has its name.",
        ),
        Column("name", "string", "`owner/name` as GitHub spells it now, or spelt it last."),
        Column("node_id", "string", "GitHub's id, kept through renames.", "never answered"),
        Column("stars", "int32", "Stars, last known value.", "never known; never read it as zero"),
        Column("stars_status", "string", f"What the last attempt said: {_COUNTED}."),
        Column("stars_as_of", "timestamp", "When `stars` was last confirmed.", "never known"),
        Column("archived", "bool", "Whether its owner has archived it (read-only).", "GitHub never said"),
        Column("fork", "bool", "Whether it is a fork.", "GitHub never said"),
        Column("forks", "int32", "Forks of it.", "GitHub never said"),
        Column("description", "string", "One line by its owner.", "none given"),
        Column("license", "string", "SPDX id.", "no licence, or GitHub cannot tell which"),
        Column("language", "string", "Main programming language.", "GitHub names none"),
        Column("pushed_at", "timestamp", "Last push.", "empty repository, or never answered"),
        Column("created_at", "timestamp", "When it was created.", "never answered"),
        Column(
            "aliases",
            "list<string>",
            "Names that mean it where they are linked, such as the one before a rename; also when another has taken them.",
        ),
        Column("status", "string", f"What the last answer about the repository said: {_STATUSES}."),
        Column("as_of", "timestamp", "When GitHub last confirmed that it exists.", "never answered"),
    ),
)

PAPER_REPOSITORIES = TableDefinition(
    "paper_repositories",
    "paper_repositories.parquet",
    "Which paper names which repository, and where.",
    ("paper", "repository", "found_in"),
    (
        Column("paper", "string", "`subject` in `papers`."),
        Column("repository", "string", "`subject` in `repositories`."),
        Column("found_in", "string", "`abstract`, `comment`, or `entry` (linked by the editors of a list)."),
    ),
)

_AS_MACHINE = "the editors wrote none: the machine's word is used"

ENTRIES = TableDefinition(
    "entries",
    "entries.parquet",
    "What stands on the lists, in the editors' own words; complete without any other table.",
    ("list", "subject", "place"),
    (
        Column("list", "string", "Slug of the list."),
        Column("subject", "string", f"{_SUBJECT} `arxiv:…`, `github:…`, `doi:…`, `openreview:…`, `url:…`."),
        Column("place", "int32", "Which placement of the subject in this list, from 1."),
        Column("section", "string", "Section, full path of titles: `Quantization / Papers`."),
        Column(
            "position",
            "int32",
            "Place in the whole list, from 1: by section in alphabetical order, new ones (the "
            "latest first), then adopted ones by `order`. Pages follow the list's own order of sections.",
        ),
        Column(
            "order",
            "float64",
            "Position in the section as adopted; an entry moved by hand stands between two, such as 3.5.",
            "neither adopted from a page nor moved by hand",
        ),
        Column("title", "string", "Title as the editors wrote it.", _AS_MACHINE),
        Column("url", "string", "Where the title links to.", "to the subject's own page"),
        Column("authors", "string", "Authors as the editors wrote them.", _AS_MACHINE),
        Column("venue", "string", "Venue as the editors wrote it.", "none written"),
        Column(
            "links",
            "list<struct>",
            "Links behind the title, in order.",
            fields=(
                Column("label", "string", "Text of the link."),
                Column("url", "string", "Address."),
                Column("owner", "string", "Name shown behind the link.", "none"),
            ),
        ),
        Column(
            "notes",
            "list<struct>",
            "What the editors wrote below the entry, in order.",
            fields=(
                Column("text", "string", "Markdown of one line."),
                Column("depth", "int32", "List levels below the entry."),
                Column("quoted", "bool", "Shown between backticks."),
                Column("bullet", "bool", "A list item of its own, else a paragraph."),
            ),
        ),
        Column("figure", "string", "Address of an image.", "none"),
        Column("figure_width", "string", "Its width as written.", "none written"),
        Column("listed_on", "string", "The list's own date mark, as written.", "none written"),
        Column("marks", "list<string>", "Badges and emoji in front, in order."),
        Column("bold", "bool", "Whether the title is set in bold."),
        Column(
            "citations_seen",
            "int32",
            "Citations a hand-kept list gave when adopted; never shown, see `observations`.",
            "none given",
        ),
        Column("citations_seen_url", "string", "Where that number linked to.", "no link"),
        Column("note", "string", "Note given when the paper was accepted.", "none given"),
        Column("decided_at", "timestamp", "When the decision was made that put it there."),
        Column("decided_by", "string", "Who made it."),
        Column("decision", "string", "Its id: file of the sitting, colon, line."),
    ),
)

OBSERVATIONS = TableDefinition(
    "observations",
    "observations/<YYYY-MM>.parquet",
    "History of citations and stars: a row when value or status of a subject, kind and source changed, in the file of "
    "its month (UTC). An unchanged answer adds no row; it moves `citations_as_of` or `stars_as_of`.",
    ("subject", "kind", "source", "said_at"),
    (
        Column("subject", "string", "`subject` in `papers`, `repositories` or `entries`; history follows a rename."),
        Column("kind", "string", "`citations` or `stars`."),
        Column(
            "source",
            "string",
            "Who said so: `semantic_scholar`, `openalex`, `github`; or `google_scholar`, as a hand-kept list had it "
            "on the list's date (such a number is history only and never becomes `citations`).",
        ),
        Column("said_at", "timestamp", "When."),
        Column("value", "int32", "The value, as it was accepted.", "there was none, see `status`"),
        Column("status", "string", f"{_COUNTED.replace(', `never_asked`', '')}."),
        Column(
            "set_aside",
            "int32",
            "A number that was answered and can hardly be true. It is no value: leave it out of plots and sums.",
            "`status` is not `suspect`",
        ),
    ),
)

TABLES = {
    table.name: table
    for table in (PAPERS, REPOSITORIES, PAPER_REPOSITORIES, ENTRIES, CANDIDATES, SCORES, TWINS, OBSERVATIONS)
}
