"""Reads one repository, as REST or GraphQL describe it, by PyGithub's `Repository`: its field names and its types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from harvester.ids import RepoName, read_repo
from harvester.records import Landing, RepoRecord
from harvester.sources._answers import AHEAD, LONGEST_TITLE, read_count, read_text

if TYPE_CHECKING:
    from github.Repository import Repository

# Asked for with GraphQL and written into every query; `upstreams` counts the cost of such a batch as one point.
GRAPHQL_FIELDS = (
    "id databaseId nameWithOwner url stargazerCount forkCount isArchived isFork pushedAt createdAt "
    "licenseInfo{spdxId} primaryLanguage{name} description"
)
# GraphQL's word, REST's word (which is PyGithub's) of the fields that are used.
_REST_NAMES = {
    "id": "node_id",
    "databaseId": "id",
    "url": "html_url",
    "nameWithOwner": "full_name",
    "stargazerCount": "stargazers_count",
    "forkCount": "forks_count",
    "isArchived": "archived",
    "isFork": "fork",
    "pushedAt": "pushed_at",
    "createdAt": "created_at",
    "description": "description",
}
# Known, and of no use to a list: a server may send them all the same.
_IGNORED = {"isDisabled", "isPrivate", "latestRelease", "__typename"}
_NO_LICENCE = "NOASSERTION"  # GitHub found a licence file and cannot tell which
_NUMBER = range(1, 2**53)  # what JSON holds exactly
_NODE_ID = re.compile(r"[\x21-\x7e]{1,200}")


def from_graphql(node: Mapping[str, Any]) -> dict[str, Any]:
    """Writes a GraphQL repository with REST's field names; fields that no one asked for are kept under their own name."""
    licence, language = node.get("licenseInfo"), node.get("primaryLanguage")
    described: dict[str, Any] = {_REST_NAMES.get(key, key): value for key, value in node.items() if key not in _IGNORED}
    described.pop("licenseInfo", None)
    described.pop("primaryLanguage", None)
    described["license"] = {"spdx_id": licence.get("spdxId")} if isinstance(licence, dict) else licence
    described["language"] = language.get("name") if isinstance(language, dict) else language
    return described


def read_repository(
    attributes: dict[str, Any], asked: RepoName | None, landing: Landing
) -> tuple[int | None, RepoRecord | None, list[str]]:
    """Reads stars and record of a repository with REST's field names, and what is wrong with it.

    `asked` is the name it was asked by, None where it was asked by its id. Without node id, name and a count that can be
    true there are no stars: then it is not a repository. A field of the record alone that cannot be read costs the
    record, not the stars.
    """
    from github import BadAttributeException, Github
    from github.Repository import Repository

    problems = [
        f"GitHub sent a field this version does not know: {key}"
        for key in sorted(map(str, attributes))
        if not hasattr(Repository, key)
    ]
    called = asked or str(attributes.get("full_name"))[:140]
    if not isinstance(attributes.get("full_name"), str):  # PyGithub would stumble over it
        return None, None, [*problems, f"{called}: the answer is no repository"]
    # Github() opens no connection; `retry=None` keeps it from building what it would need for one.
    repository = Github(retry=None).create_from_raw_data(Repository, _used(attributes))
    try:
        name, node_id = read_repo(repository.full_name or ""), repository.node_id or ""
        stars, url = read_count(repository.stargazers_count), repository.html_url
    except BadAttributeException:
        return None, None, [*problems, f"{called}: the answer is no repository"]
    if name is None or not _NODE_ID.fullmatch(node_id) or stars is None:
        return None, None, [*problems, f"{called}: the answer is no repository with a name, an id and stars"]
    if url and not url.lower().endswith(f"/{name.lower()}"):  # then whose stars these are cannot be told
        return None, None, [*problems, f"{called}: GitHub gives it the name {name} and another one's address"]
    try:
        record = _record(repository, asked or name, name, landing)
    except (BadAttributeException, ValueError, TypeError, AttributeError, OverflowError):
        return stars, None, [*problems, f"{called}: a field of the repository is not what GitHub documents"]
    return stars, record, problems


def _used(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Picks the fields that are used. A licence without SPDX id gets an empty one: PyGithub would fetch it otherwise."""
    used = {key: attributes[key] for key in (*_REST_NAMES.values(), "license", "language") if key in attributes}
    if isinstance(licence := used.get("license"), dict):
        used["license"] = {"spdx_id": licence.get("spdx_id")}
    return used


def _record(repository: Repository, asked: RepoName, name: RepoName, landing: Landing) -> RepoRecord:
    forks = read_count(repository.forks_count)
    if forks is None and repository.forks_count is not None:
        raise ValueError("forks must be a count")
    licence = read_text(repository.license.spdx_id) if repository.license else None
    pushed_at, created_at = _utc(repository.pushed_at), _utc(repository.created_at)
    if max(filter(None, (pushed_at, created_at)), default=landing.fetched_at) > landing.fetched_at + AHEAD:
        raise ValueError("a date of the future")
    if len(repository.description or "") > LONGEST_TITLE:
        raise ValueError("a description without end")
    return RepoRecord(
        asked=asked,
        name=name,
        node_id=repository.node_id,
        archived=repository.archived,
        fork=repository.fork,
        description=read_text(repository.description),
        license=None if licence == _NO_LICENCE else licence,
        language=read_text(repository.language),
        forks=forks,
        pushed_at=pushed_at,
        created_at=created_at,
        source=landing.request.source,
        said_at=landing.fetched_at,
        etag=landing.header("etag") if landing.request.method == "GET" else None,
        number=_number(repository.id),
    )


def _number(told: Any) -> int | None:
    return told if isinstance(told, int) and not isinstance(told, bool) and told in _NUMBER else None


def _utc(moment: datetime | None) -> datetime | None:
    """Brings a time to UTC; an empty repository was never pushed to."""
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
