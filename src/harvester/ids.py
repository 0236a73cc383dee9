"""Identifiers: read every spelling people use, write exactly one.

A *subject* is what a decision, an entry or an observation is about, written `kind:key`:
`arxiv:2405.18218`, `github:owner/name`, `doi:10.1145/3600006.3613165`, `openreview:AbCdEf`, `url:https://…`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NewType
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

ArxivId = NewType("ArxivId", str)  # versionless: "2405.18218", "quant-ph/0201082"
RepoName = NewType("RepoName", str)  # "owner/name" in the spelling found; GitHub ignores case
Doi = NewType("Doi", str)  # lower case, without resolver: "10.1145/3600006.3613165"
Subject = NewType("Subject", str)

# Forms and history: https://info.arxiv.org/help/arxiv_identifier.html
_ARXIV = re.compile(
    r"(?<!\d)(?<!\d\.)"
    r"(?P<id>\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[A-Za-z-]+)?/\d{2}(?:0[1-9]|1[0-2])\d{3})"
    r"(?:v(?P<version>[1-9]\d{0,3}))?(?!\d)"  # the most versions so far are some hundred
)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)
_ARXIV_HOSTS = ("arxiv.org", "ar5iv.org", "alphaxiv.org")
_READERS = ("ar5iv.org", "ar5iv.labs.arxiv.org", "alphaxiv.org", "huggingface.co", "hf.co")  # show arXiv's papers
_ARXIV_DRESS = re.compile(r"^(?:arxiv\s*:\s*)+", re.IGNORECASE)
_RESOLVERS = ("doi.org", "dx.doi.org", "www.doi.org")
_DOI = re.compile(r"10\.\d{4,9}/\S+", re.IGNORECASE)
# Publishers whose addresses hold the DOI: `dl.acm.org/doi/abs/10.1145/…`, `link.springer.com/chapter/10.1007/…`.
_PUBLISHERS = tuple(
    "acm.org springer.com wiley.com science.org sciencemag.org sagepub.com siam.org tandfonline.com acs.org aps.org "
    "pnas.org royalsocietypublishing.org worldscientific.com informs.org annualreviews.org biorxiv.org medrxiv.org".split()
)
_PUBLISHED = re.compile(r"/(?:[A-Za-z]+/){1,3}(10\.\d{4,9}/[^?#]+?)(?:\.pdf|\.epub|/(?:full|abstract|pdf|meta))?/?")
_PREPRINT_VERSION = re.compile(r"(?<=\d)v\d+(?:\.\w+)*$")  # of bioRxiv and medRxiv, whose DOI has none
_DOI_TAIL = re.compile(r"[.,;)\]}>\"']+$")
_REPO_PART = re.compile(r"[A-Za-z0-9_.-]+")
_NODE = "github-id:"  # what a repository is told by whose name may be another one's
_OPENREVIEW_ID = re.compile(r"[A-Za-z0-9_-]{6,}")

# First path segments on github.com that are pages of the site, never an owner.
_RESERVED = frozenset(
    "about apps blog collections contact customer-stories enterprise events explore features gist issues join login "
    "marketplace new notifications orgs organizations pricing pulls search security settings signup site sponsors "
    "stars topics trending users tree blob".split()
)


def read_arxiv_id(text: str) -> tuple[ArxivId, int | None] | None:
    """Reads one arXiv id in any spelling: bare, `arXiv:`, abs/pdf/html link, DataCite DOI, any case, version or not.

    Returns the versionless id and the version (None where none was written), or None where `text` is not an arXiv id.
    """
    found = text.strip()
    if "://" in found or found.lower().startswith(("www.", "arxiv.org", "export.arxiv.org", "doi.org")):
        parts = _split(found)
        host = parts.netloc.lower().removeprefix("www.")
        if host in ("doi.org", "dx.doi.org"):
            found = unquote(parts.path).strip("/")
        elif any(host == known or host.endswith("." + known) for known in _ARXIV_HOSTS):
            found = re.sub(r"^/(?:abs|pdf|html|format|src|ps|overview)/", "", unquote(parts.path)).strip("/")
        elif host in ("huggingface.co", "hf.co") and parts.path.startswith("/papers/"):
            found = parts.path.removeprefix("/papers/").strip("/")
        else:
            return None
    found = _ARXIV_DOI.sub("", _ARXIV_DRESS.sub("", found), count=1)
    found = re.sub(r"\.pdf$", "", found, flags=re.IGNORECASE)
    match = _ARXIV.fullmatch(found) or _ARXIV.fullmatch(found.lower())
    return _canonical(match) if match else None


def is_reader(url: str) -> bool:
    """Tells whether an address is of a site that shows arXiv's papers in a way of its own: it is no copy of arXiv's page."""
    host = _split(url).netloc.lower().removeprefix("www.")
    return host in _READERS


def find_arxiv_ids(text: str) -> Iterator[tuple[ArxivId, int | None]]:
    """Yields every arXiv id in running text, in order, repeated ones too."""
    for match in _ARXIV.finditer(_ARXIV_DOI.sub(" ", text)):
        yield _canonical(match)


def _canonical(match: re.Match[str]) -> tuple[ArxivId, int | None]:
    number = match["id"]
    if "/" in number:  # old ids: the subject class is not part of the identity
        archive, _, tail = number.partition("/")
        number = f"{archive.partition('.')[0].lower()}/{tail}"
    version = match["version"]
    return ArxivId(number), int(version) if version else None


def read_doi(text: str) -> Doi | None:
    """Reads a DOI, bare or behind a resolver or `doi:`; DOIs are compared without case, so lower case is returned."""
    found = text.strip()
    if re.match(r"https?://", found, flags=re.IGNORECASE):
        parts = _split(found)
        if parts.netloc.lower() not in _RESOLVERS:
            return _published(parts)
        found = parts.path.lstrip("/")
    found = re.sub(r"^doi:\s*", "", unquote(found), flags=re.IGNORECASE)
    match = _DOI.fullmatch(_DOI_TAIL.sub("", found))
    return Doi(match[0].lower()) if match else None


def _published(parts: SplitResult) -> Doi | None:
    """Reads the DOI that a publisher's address holds."""
    host = parts.netloc.lower()
    if not any(host == known or host.endswith("." + known) for known in _PUBLISHERS):
        return None
    found = _PUBLISHED.fullmatch(unquote(parts.path))
    if not found or not _DOI.fullmatch(found[1]):
        return None
    return Doi(_PREPRINT_VERSION.sub("", found[1].lower()) if "rxiv.org" in host else found[1].lower())


def is_doi_link(url: str) -> bool:
    """Tells whether an address is of a resolver of DOIs, not of a publisher."""
    return _split(url).netloc.lower() in _RESOLVERS


def read_repo(text: str) -> RepoName | None:
    """Reads a GitHub repository from a link or `owner/name`; None for owners, gists and pages of the site itself.

    Branches, files, queries and `.git` behind the name are dropped: they are places inside the same repository.
    """
    found = text.strip()
    if "://" in found or found.lower().startswith(("github.com/", "www.github.com/")):
        parts = _split(found)
        if parts.netloc.lower().removeprefix("www.").partition(":")[0] != "github.com":
            return None
        found = unquote(parts.path)
    segments = [segment for segment in found.split("/") if segment]
    if len(segments) < 2 or segments[0].lower() in _RESERVED:
        return None
    owner, name = segments[0], segments[1].rstrip(".,;)'\"").removesuffix(".git")
    if not (_REPO_PART.fullmatch(owner) and _REPO_PART.fullmatch(name)) or name in (".", ".."):
        return None
    return RepoName(f"{owner}/{name}")


_REPO_LINK = re.compile(r"(?:https?://)?(?:www\.)?github\.com/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+", re.IGNORECASE)


def find_repos(text: str) -> Iterator[RepoName]:
    """Yields every repository linked in running text (abstract, comment), in order, once each."""
    seen: set[str] = set()
    for match in _REPO_LINK.finditer(text):
        repo = read_repo(match[0] if "://" in match[0] else "https://" + match[0])
        if repo and repo.lower() not in seen:
            seen.add(repo.lower())
            yield repo


def arxiv_subject(arxiv_id: ArxivId) -> Subject:
    """Writes the subject of an arXiv paper."""
    return Subject(f"arxiv:{arxiv_id}")


def repo_subject(name: RepoName) -> Subject:
    """Writes the subject of a repository, lower case because GitHub ignores case."""
    return Subject(f"github:{name.lower()}")


def node_subject(identity: str | int) -> Subject:
    """Writes the subject of a repository that is asked by its identity: GitHub's node id, or its number."""
    return Subject(f"{_NODE}{identity}")


def doi_subject(doi: Doi) -> Subject:
    """Writes the subject of a paper that is known by its DOI."""
    return Subject(f"doi:{doi}")


def read_subject(text: str) -> Subject | None:
    """Reads a subject from a subject, an id, or a link of any kind; None where `text` is none of them."""
    found = text.strip()
    kind, _, key = found.partition(":")
    if kind == "github" and (repo := read_repo(key)):
        return repo_subject(repo)
    if kind == "openreview" and _OPENREVIEW_ID.fullmatch(key):
        return Subject(f"openreview:{key}")
    if kind == "url":
        return Subject(f"url:{key}") if key else None
    if arxiv := read_arxiv_id(found):
        return arxiv_subject(arxiv[0])
    if doi := read_doi(found):
        return doi_subject(doi)
    if "://" not in found:
        return None
    if repo := read_repo(found):
        return repo_subject(repo)
    if note := _openreview(found):
        return Subject(f"openreview:{note}")
    return Subject(f"url:{found}")


def _openreview(url: str) -> str | None:
    parts = _split(url)
    if parts.netloc.lower().removeprefix("www.") != "openreview.net":
        return None
    ids = parse_qs(parts.query).get("id", [])
    return ids[0] if ids and _OPENREVIEW_ID.fullmatch(ids[0]) else None


def arxiv_of(subject: Subject) -> ArxivId | None:
    """Reads the arXiv id out of a subject; None for other kinds."""
    return ArxivId(subject[6:]) if subject.startswith("arxiv:") else None


def repo_of(subject: Subject) -> RepoName | None:
    """Reads the repository out of a subject; None for other kinds."""
    return RepoName(subject[7:]) if subject.startswith("github:") else None


def node_of(subject: Subject) -> str | None:
    """Returns the node id or number of a subject that is a repository's identity; None for every other one."""
    return subject.removeprefix(_NODE) if subject.startswith(_NODE) else None


def doi_of(subject: Subject) -> Doi | None:
    """Reads the DOI out of a subject; None for other kinds."""
    return Doi(subject[4:]) if subject.startswith("doi:") else None


def is_paper(subject: Subject) -> bool:
    """Tells whether citations can be asked for the subject: an arXiv id or a DOI."""
    return subject.startswith(("arxiv:", "doi:"))


_ROOTS = {
    "arxiv": "https://arxiv.org/abs/",
    "github": "https://github.com/",
    "doi": "https://doi.org/",
    "openreview": "https://openreview.net/forum?id=",
    "url": "",
}


def url_of(subject: Subject) -> str:
    """Writes the address where a reader finds the subject."""
    kind, _, key = subject.partition(":")
    return _ROOTS[kind] + key


def split_url(url: str) -> SplitResult:
    """Splits a URL; one that urllib refuses (`https://[x`) counts as one without host and path."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _split(url: str) -> SplitResult:
    """Splits a URL written with or without scheme."""
    return split_url(url if "://" in url else "https://" + url)
