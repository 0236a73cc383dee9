"""What of a running text is a title: what stands in front of it and behind it is cut off, and kept apart."""

from __future__ import annotations

import re
from functools import lru_cache

from harvester.formats._shapes import (
    is_authors,
    is_date,
    is_label,
    is_name,
    is_tag,
    is_venue,
    says_venue,
    weight,
    words,
)

_SENTENCE = re.compile(r"(?<=[.?!。])\s+(?=[^\W_a-z]|[\d\"“(\[])")
_STOP = re.compile(r"[.?!。]")
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b(?:vs|al|e\.g|i\.e|etc|Dr|Mr|St|No|Fig|cf|Vol|Proc))\.$")
_SHORTCODE = re.compile(r"(?:\d+\s*)?:[a-z][a-z0-9_+-]*:\d*|\d+⭐")
_CODED = re.compile(r":[a-z]")
_FIRST_GROUP = re.compile(
    r"\s*(?:\[([^\[\]]{0,60})\]|\(([^()]{0,60})\)|【([^【】]{0,60})】|「([^「」]{0,60})」)\s*[:：|-]?\s*"
)
_LAST_GROUP = re.compile(r"\s*(?:\[([^\[\]]{0,120})\]|\(([^()]{0,120})\)|（([^（）]{0,120})）)\s*[.,]?$")
_PREFIX = re.compile(r"([^:：|–—]{2,40}?)\s*(:\s|：|\||\s[–—-]\s)\s*")
_TITLED = re.compile(r"\W*(?:papers?|titles?|(?:论文)?(?:标题|题目|名称)|论文|文章|name|pdf|arxiv)\W*", re.IGNORECASE)
_BY = re.compile(r",?\s+by\s+(?=[A-Z])")
_JOINED = re.compile(r"\b(?:and|or|of|the|our|on|in)\b", re.IGNORECASE)
_GLOSS = re.compile(r"([\x20-\x7e]+?)\s*[：:，,|（—-]\s*(?=[\u3400-\u9fff])")  # the title in Chinese, too
_WHO = re.compile(r"(?:authors?|name)\W*", re.IGNORECASE)
_SIGN = re.compile(r"[∀∂∃∇∑√∫∞]-?[^\W_]")  # of mathematics, where a name begins with one: "∞-former", "∞Bench"
_LONGEST = 2_000  # characters in which a title is looked for
OPENS = " \t.,;:：|·•*_~]>)}’'`-–—+&/\\"
_CLOSES = " \t,;:|·•*_~[<({‘'`-–—+&/\\"
_CLOSES_TITLE = _CLOSES + "⚠️🔥⭐👍✨🌟"
_BRACKETS = ("]", ")", "）")


def trim(text: str) -> tuple[str, tuple[str, ...]]:
    """Cuts a running text to its title; returns it and what was cut off (venue, authors, dates, tags), part by part."""
    title, left = _trim(text[:_LONGEST])
    return title, (*left, text[_LONGEST:]) if len(text) > _LONGEST else left


@lru_cache(1_024)  # a block's texts are looked at twice or more: as a title, beside one, in a part of the block
def _trim(text: str) -> tuple[str, tuple[str, ...]]:
    front: list[str] = []
    behind: list[str] = []
    title = _trim_front(_SHORTCODE.sub(" ", text) if _CODED.search(text) or "⭐" in text else text, front)
    if _STOP.search(title):
        title = _first_sentences(title, behind)
    last: list[str] = []
    title = _trim_end(title, last)
    return title, tuple(part for part in (*front, *reversed(last), *behind) if part)


def _trim_front(text: str, left: list[str]) -> str:
    title = text.lstrip(OPENS)
    while title:
        group = _FIRST_GROUP.match(title) if title[0] in "[(【「" or title[0].isspace() else None
        if group and weight(title[group.end() :]):
            inner = next((part for part in group.groups() if part is not None), "")
            if group[2] is None or _is_beside(inner) or is_tag(f"({inner})"):
                left.append(group[0].strip(" :：|-") if words(inner) else "")
                title = title[group.end() :].lstrip(OPENS)
                continue
        prefix = _PREFIX.match(title)
        if prefix and _is_prefix(prefix[1], prefix[2]) and weight(title[prefix.end() :]):
            left.append("" if _TITLED.fullmatch(prefix[1]) else prefix[1].strip())
            title = title[prefix.end() :].lstrip(OPENS)
            continue
        dated, _, rest = title.partition(" ")
        if len(dated) >= 6 and is_date(dated) and weight(rest):
            left.append(dated)
            title = rest.lstrip(OPENS)
            continue
        if not title[0].isascii() and not title[0].isalnum() and title[0] != "“" and not _SIGN.match(title):
            title = title[1:].lstrip(OPENS)  # an emoji
            continue
        break
    return title


def _is_beside(text: str) -> bool:
    return is_date(text) or is_venue(text) or is_label(text)


def _is_prefix(text: str, mark: str) -> bool:
    """What stands in front of a colon is a part of the title, unless it is a venue with its year, a date or "Paper"."""
    if mark.strip() not in (":", "："):
        return _is_beside(text)
    if _TITLED.fullmatch(text):
        return True
    return any(map(str.isdigit, text)) and (is_date(text) or is_venue(text))


def _first_sentences(text: str, left: list[str]) -> str:
    """Ends where authors, a venue or more sentences than a title has begin; begins behind authors."""
    at, authors = 0, []
    for boundary in _SENTENCE.finditer(text[:2_000]):
        before, behind = text[at : boundary.start()], text[boundary.end() :]
        if _ABBREVIATED.search(before):
            continue
        if is_authors(before) and weight(behind):
            authors.append(before.strip())
            at = boundary.end()
            continue
        ends_as_question = before.endswith(("?", "!"))
        tail = says_venue(behind[:200]) or is_authors(behind.split(". ")[0][:300]) or is_label(behind)
        if not ends_as_question or (tail and len(words(behind)) < 40 and weight(behind.split(". ")[0]) != 2):
            left.extend([*authors, behind])
            return before
        if tail and is_authors(behind.split(". ")[0][:300]):
            left.extend([*authors, behind])
            return before
    left.extend(authors)
    return text[at:]


def _trim_end(text: str, left: list[str]) -> str:
    title = text
    while True:
        title = title.rstrip(_CLOSES_TITLE)
        group = _LAST_GROUP.search(title[-130:]) if title.rstrip().rstrip(".,").rstrip()[-1:] in _BRACKETS else None
        if group:
            inner = next((part for part in group.groups() if part is not None), "")
            start = len(title) - len(title[-130:]) + group.start()
            if "@" in inner or _is_beside(inner) or is_authors(inner) or is_tag(f"({inner})"):
                left.append(group[0].strip(" .,") if words(inner) else "")
                title = title[:start]
                continue
        head, mark, tail = _last_part(title)
        if mark and tail and weight(head) and (is_venue(tail) or is_date(tail) or _is_label_behind(mark, tail)):
            left.append(tail.strip())
            title = head
            continue
        gloss = None if title.isascii() else _GLOSS.match(title)
        if gloss and weight(gloss[1]) == 2:
            left.append(title[gloss.end() :])
            title = gloss[1]
            continue
        by = _BY.search(title) if "by" in title else None
        if by and weight(title[: by.start()]) and is_authors(title[by.end() :]):
            left.append(title[by.end() :])
            title = title[: by.start()]
            continue
        break
    return title[:-1].rstrip() if title.endswith(".") and not title.endswith("...") else title


def _is_label_behind(mark: str, tail: str) -> bool:
    """In an enumeration ("Language, Vision, and Code") the last word is none."""
    return is_label(tail) and not (mark in (", ", ". ") and (_JOINED.search(tail) or _WHO.fullmatch(tail)))


def _last_part(text: str) -> tuple[str, str, str]:
    """Splits at the last comma, bar or dash between spaces."""
    at, mark = 0, ""
    for found in (", ", " | ", " - ", " – ", " — ", ". ", "? "):
        if (place := text.rfind(found)) > at:
            at, mark = place, found
    if at <= 0:
        return text, "", ""
    keep = at + 1 if mark == "? " else at
    return text[:keep], mark, text[at + len(mark) :]


def sentence(text: str) -> tuple[str, tuple[str, ...]]:
    """Cuts a running text as `trim` does, and before names: "A Title, Ada Author, Bo Author."."""
    title, left = trim(text)
    at = _names_behind(title) if text.rstrip().endswith(".") else 0
    return (title[:at], (title[at + 2 :], *left)) if at else (title, left)


def _names_behind(title: str) -> int:
    """Where the names behind a title begin; 0 where there are none."""
    parts = title.split(", ")
    at = len(parts)
    while at > 1 and is_name(parts[at - 1].removesuffix(" et al").strip()):
        at -= 1
    told = len(parts) - at
    enough = told >= 2 or (told == 1 and parts[-1].endswith(" et al"))
    begins = len(", ".join(parts[:at]))
    return begins if enough and weight(title[:begins]) == 2 else 0
