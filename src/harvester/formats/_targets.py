"""Where a link leads: its tidied address, what it is about, which version it named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from harvester.formats._text import clean_url
from harvester.ids import (
    ArxivId,
    RepoName,
    Subject,
    arxiv_subject,
    is_reader,
    read_arxiv_id,
    read_repo,
    read_subject,
    repo_subject,
)

_TAB = re.compile(r"(?:^|&)tab=[^&]*")
# How nearly every paper and repository is linked: these two are read at once, all others by the rules of `ids`.
_PAPER = re.compile(r"https?://arxiv\.org/(?:abs|pdf)/(\d\d(?:0[1-9]|1[0-2])\.\d{4,5})(?:v([1-9]\d{0,3}))?(?:\.pdf)?")
_CODE = re.compile(r"https://github\.com/([A-Za-z0-9_-]+/[A-Za-z0-9_.-]*[A-Za-z0-9_-])")
_DAMAGED_PAPER = re.compile(
    r"https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/(\d\d(?:0[1-9]|1[0-2])\.\d{4,5})(?:v|\.pd|\.|[^\w./-].*)", re.IGNORECASE
)
_LONGEST = 2_000  # characters of an address that may hold an id


@dataclass(frozen=True, slots=True)
class Target:
    """An address after the permitted normalisations (docs/lists.md), and what it names."""

    url: str
    subject: Subject | None
    repo: RepoName | None = None
    version: int | None = None


@lru_cache(maxsize=8_192)
def read_target(url: str) -> Target | None:
    """Reads a link's address; None where it must not be a link.

    arXiv: the abstract's page without version. GitHub: without `?tab=…`, `.git` and a slash at the end. Everything else
    stays as it is, apart from characters that could not stand in a link.
    """
    if paper := _PAPER.fullmatch(url):
        return _paper(ArxivId(paper[1]), int(paper[2]) if paper[2] else None)
    if (code := _CODE.fullmatch(url)) and not url.endswith(".git") and (repo := read_repo(code[1])):
        return Target(url, repo_subject(repo), repo)
    safe = clean_url(url)
    if safe is None:
        return None
    if "://" not in safe or len(safe) > _LONGEST:
        repo = (
            read_repo(safe) if safe.startswith(("github.com/", "www.github.com/")) and len(safe) <= _LONGEST else None
        )
        return _code(safe, repo) if repo else Target(safe, None)
    if arxiv := read_arxiv_id(safe):
        return Target(safe, arxiv_subject(arxiv[0])) if is_reader(safe) else _paper(*arxiv)
    if damaged := _DAMAGED_PAPER.fullmatch(safe):
        return _paper(ArxivId(damaged[1]), None)
    repo = read_repo(safe)
    return _code(safe, repo) if repo else Target(safe, read_subject(safe))


def _paper(arxiv_id: ArxivId, version: int | None) -> Target:
    return Target(f"https://arxiv.org/abs/{arxiv_id}", arxiv_subject(arxiv_id), None, version)


def _code(safe: str, repo: RepoName) -> Target:
    parts = urlsplit(safe if "://" in safe else "https://" + safe)
    path = parts.path.rstrip("/").removesuffix(".git")
    url = urlunsplit(("https", "github.com", path, _TAB.sub("", parts.query).lstrip("&"), parts.fragment))
    return Target(url, read_subject(url), repo)


def tidy_url(url: str) -> str | None:
    """Returns a link's address after the permitted normalisations; None where it is no link."""
    target = read_target(url)
    return target.url if target else None


def subject_of(url: str) -> Subject | None:
    """Returns what an address of the web is about."""
    target = read_target(url)
    return target.subject if target else None


def repo_at(url: str) -> RepoName | None:
    """Returns the repository that an address of the web leads to."""
    target = read_target(url)
    return target.repo if target else None
