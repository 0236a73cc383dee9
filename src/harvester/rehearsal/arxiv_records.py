"""A paper as OAI-PMH tells it: the sets it belongs to, and its record in each metadata format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from xml.sax.saxutils import escape

from harvester.rehearsal.world import PaperNow, World

LICENSE = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
GROUPS = {
    "cs": "cs",
    "math": "math",
    "stat": "stat",
    "eess": "eess",
    "econ": "econ",
    "q-bio": "q-bio",
    "q-fin": "q-fin",
}


def groups(categories: Iterable[str]) -> list[str]:
    """The sets of a paper, from the widest to the narrowest: `cs`, `cs:cs`, `cs:cs:CL`; cross-lists are included."""
    found: dict[str, None] = {}
    for category in categories:
        archive, _, narrow = category.partition(".")
        if not archive.islower():
            continue  # an ACM class among the categories
        group = GROUPS.get(archive, "physics")
        levels = [group, f"{group}:{archive}", f"{group}:{archive}:{narrow}" if narrow else f"{group}:{archive}"]
        found |= dict.fromkeys(levels)
    return list(found)


@cache
def sets() -> frozenset[str]:
    """All sets that may be asked for: those of the package's own world, and the ones of computer science."""
    seen = (name for facts in World.load().papers.values() for name in groups(facts.categories))
    return frozenset(seen) | frozenset(groups(f"cs.{narrow}" for narrow in COMPUTER_SCIENCE))


COMPUTER_SCIENCE = (
    "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS PF PL RO SC SD SE "
    "SI SY"
).split()


def raw(paper: PaperNow) -> str:
    """`arXivRaw`: one `version` element for each version; `source_type` I marks a withdrawal."""
    versions = "".join(
        f'<version version="v{number}"><date>{_mail_date(version.submitted)}</date><size>{_size(version.withdrawn)}</size>'
        f"<source_type>{'I' if version.withdrawn else 'D'}</source_type></version>"
        for number, version in enumerate(paper.versions, 1)
    )
    authors = _joined(paper.facts.authors)
    return (
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" {XSI} '
        'xsi:schemaLocation="http://arxiv.org/OAI/arXivRaw/ http://arxiv.org/OAI/arXivRaw.xsd">\n'
        f" <id>{paper.id}</id><submitter>{escape(paper.facts.authors[0])}</submitter>{versions}"
        f"<title>{escape(paper.facts.title)}</title><authors>{escape(authors)}</authors>{_rest(paper)}</arXivRaw>\n"
    )


def _size(withdrawn: bool) -> str:
    return "1kb" if withdrawn else "512kb"


def _mail_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _joined(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _rest(paper: PaperNow) -> str:
    """What `arXiv` and `arXivRaw` have in common after the authors."""
    told = {
        "categories": " ".join(paper.facts.categories),
        "comments": paper.version.comment,
        "journal-ref": paper.facts.journal_ref,
        "doi": paper.facts.doi,
        "license": LICENSE,
        "abstract": paper.version.abstract,
    }
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in told.items() if text)


def arxiv(paper: PaperNow) -> str:
    """`arXiv`: authors in parts; `created` follows the current version, not the first."""
    authors = "".join(_author(name) for name in paper.facts.authors)
    return (
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/" {XSI} '
        'xsi:schemaLocation="http://arxiv.org/OAI/arXiv/ http://arxiv.org/OAI/arXiv.xsd">\n'
        f" <id>{paper.id}</id><created>{paper.updated:%Y-%m-%d}</created><authors>{authors}</authors>"
        f"<title>{escape(paper.facts.title)}</title>{_rest(paper)}</arXiv>\n"
    )


def _author(name: str) -> str:
    forenames, _, keyname = name.rpartition(" ")
    first = f"<forenames>{escape(forenames)}</forenames>" if forenames else ""
    return f"<author><keyname>{escape(keyname)}</keyname>{first}</author>"


def dublin_core(paper: PaperNow) -> str:
    """`oai_dc`: the fifteen plain elements, as far as they apply."""
    facts = paper.facts
    told = [("title", facts.title)]
    told += [("creator", ", ".join(reversed(name.rsplit(" ", 1)))) for name in facts.authors]
    told += [("subject", category) for category in facts.categories]
    told += [("description", paper.version.abstract)]
    told += [("description", f"Comment: {paper.version.comment}")] if paper.version.comment else []
    told += [("date", f"{version.submitted:%Y-%m-%d}") for version in paper.versions]
    told += [("type", "text"), ("identifier", f"http://arxiv.org/abs/{paper.id}")]
    told += [("identifier", f"doi:{facts.doi}")] if facts.doi else []
    rows = "".join(f" <dc:{tag}>{escape(text)}</dc:{tag}>\n" for tag, text in told)
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" {XSI} xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/ '
        f'http://www.openarchives.org/OAI/2.0/oai_dc.xsd">\n{rows}</oai_dc:dc>\n'
    )


METADATA: Mapping[str, tuple[str, str, Callable[[PaperNow], str]]] = {
    "oai_dc": (
        "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        "http://www.openarchives.org/OAI/2.0/oai_dc/",
        dublin_core,
    ),
    "arXiv": ("http://arxiv.org/OAI/arXiv.xsd", "http://arxiv.org/OAI/arXiv/", arxiv),
    "arXivRaw": ("http://arxiv.org/OAI/arXivRaw.xsd", "http://arxiv.org/OAI/arXivRaw/", raw),
}
