"""What the words beside a title are: authors, venue, date, the paper's own id; all others are left for its notes."""

from __future__ import annotations

import re

from harvester.formats._draft import Draft
from harvester.formats._left import Left, without_lone_quote
from harvester.formats._markdown import plain
from harvester.formats._shapes import is_authors, is_date, is_name, is_tag, is_venue

ID = re.compile(r"(?:arxiv:)?\d{4}\.\d{4,5}(?:v\d+)?", re.IGNORECASE)
_BESIDE_ID = re.compile(r"(?:arxiv|corr|[\s,:.()\[\]-])*", re.IGNORECASE)
AUTHORS = re.compile(r"\W*(?:authors?|by|作者)\s*[:：]\s*|by\s+(?=[A-Z])", re.IGNORECASE)
_FIRST_GROUP = re.compile(r"\s*[*_`]{0,3}(?:\[[^\[\]()]{1,60}\]|\([^()\[\]]{1,120}\))[*_`]{0,3}")
_LAST_GROUP = re.compile(r"(?:\[[^\[\]()]{1,60}\]|\([^()\[\]]{1,120}\))\s*[.,]?\s*$")
_BRACKETS = re.compile(r"[()\[\]（）]")
JOINTS = " \t,.;:|·•/&+*_~-–—\\，。；：、"


def is_own_id(text: str, own: str) -> bool:
    """Tells whether a text is the id of the paper that the entry is about, or holds nothing else."""
    found = ID.search(text)
    return bool(found and found[0].casefold().removeprefix("arxiv:") in own) and not _BESIDE_ID.sub(
        "", ID.sub("", text)
    )


def keep(draft: Draft, text: str, raw: str, left: Left) -> None:
    """Keeps a text: as authors or venue where it looks so, else for the note; what stands in brackets by itself."""
    group = _FIRST_GROUP.match(raw)
    if group and group.end() < len(raw.rstrip()) and _claim(draft, plain(group[0]), group[0], left):
        left.take()
        return keep(draft, plain(raw[group.end() :]), raw[group.end() :], left)
    if _claim(draft, text, raw, left):
        return left.take()
    group = _LAST_GROUP.search(raw) if ")" in raw or "]" in raw else None
    if group and group.start() and _claim(draft, plain(group[0]), group[0], left):
        left.add(raw[: group.start()])
        return left.take()
    return left.add(raw)


def _claim(draft: Draft, text: str, raw: str, left: Left) -> bool:
    """Tells whether a text is taken for authors, venue or the entry's own id."""
    bare = bare_text(text)
    if not bare:
        return False
    if draft.authors is None and (named := AUTHORS.match(text)):
        told, surely = text[named.end() :].strip(JOINTS), named[0].rstrip()[-1] in ":："
        if told and (surely or is_authors(told) or is_name(told)):
            draft.authors = told
            return True
    if _is_venue(draft, bare, text):
        parts = [draft.venue, bare] if draft.venue and not is_date(draft.venue) else [bare, draft.venue]
        draft.venue = ", ".join(part for part in parts if part)
    elif draft.authors is None and draft.venue is None and (both := _authors_and_venue(bare)):
        draft.authors, draft.venue = both
    elif draft.authors is None and (is_authors(bare) or (raw.strip()[:1] in "*_" and is_name(bare))):
        draft.authors = bare
    else:
        return is_own_id(bare, left.own)
    return True


def bare_text(text: str) -> str:
    """A text without joints around it, and without brackets around the whole of it."""
    bare = without_lone_quote(text.strip(JOINTS)).strip(JOINTS)
    while len(bare) > 1 and bare[0] + bare[-1] in ("()", "[]", "（）", "【】", "「」") and bare[0] not in bare[1:-1]:
        bare = bare[1:-1].strip(JOINTS)
    if not _BRACKETS.search(bare):
        return bare
    unmatched = "".join(mark for mark, other in ("()", "[]", "（）") if bare.count(mark) > bare.count(other))
    unmatched += "".join(other for mark, other in ("()", "[]", "（）") if bare.count(other) > bare.count(mark))
    return bare.strip(unmatched + JOINTS) if unmatched else bare


def _is_venue(draft: Draft, bare: str, text: str) -> bool:
    """Tells whether a text says where or when; venue and year may stand apart."""
    if draft.venue is None:
        return is_venue(bare) or is_date(bare) or is_tag(text)
    if is_date(draft.venue):
        return is_venue(bare) and not is_date(bare)
    return is_date(bare) and not any(map(str.isdigit, draft.venue)) and any(map(str.isdigit, bare))


def _authors_and_venue(text: str) -> tuple[str, str] | None:
    """Takes apart "Ada Author, Bo Author. ICML 2023", and what has the venue in front."""
    for joint in (". ", ", ", "; ", " - ", " – ", " | "):
        head, _, tail = text.rpartition(joint)
        if head and is_venue(tail) and (is_authors(head) or is_name(head)):
            return head.strip(JOINTS), tail
        head, _, tail = text.partition(joint)
        if tail and (is_venue(head) or is_date(head)) and (is_authors(tail) or is_name(tail)):
            return tail, head
    return None
