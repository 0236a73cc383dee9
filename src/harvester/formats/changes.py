"""The page that tells what changed in a list; plain Markdown, the same for every style. It is not read back."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.formats._markdown import destination, escape, link
from harvester.formats._page import stamp
from harvester.pages import Change, Changes, Page

NAME = "changes"
_MARK = "<!-- what changed -->"
_HEADINGS = {
    "added": "Added",
    "removed": "Removed",
    "moved": "Moved",
    "renamed": "Renamed",
    "withdrawn": "Withdrawn",
    "code": "New code",
    "citations": "Most new citations",
    "stars": "Most new stars",
}


def render(page: Page, changes: Changes | None) -> str:
    """Writes the page; `page` gives title, way home and stamp. None: there is no earlier day to compare with."""
    parts = [f"# {escape(page.title)}: what changed", f"[↑ {escape(page.title)}](README.md) {_MARK}", stamp(page)]
    if changes is None:
        parts.append("Nothing has changed yet; changes are told from the list's second day on.")
    else:
        parts.append(f"Between {changes.since} and {changes.until}.")
        parts += list(_kinds(changes))
    return "\n\n".join(part for part in parts if part) + "\n"


def is_told_by(text: str) -> bool:
    """Tells whether a page is one of these, which no list is adopted from."""
    return any(line.endswith(_MARK) for line in text.split("\n", 5)[:5])


def _kinds(changes: Changes) -> Iterator[str]:
    for kind, heading in _HEADINGS.items():
        found = [change for change in changes.changes if change.kind == kind]
        if found:
            yield f"## {heading}"
            yield "\n".join(f"- {_line(change)}" for change in found)


def _line(change: Change) -> str:
    title = link(change.title, change.url)
    match change.kind:
        case "added" | "removed":
            return f"{title} · {escape(change.section)}"
        case "moved":
            return f"{title} · {escape(change.before or '')} → {escape(change.after or '')}"
        case "renamed":
            now = f", now {escape(change.after)}" if change.after and change.after != change.title else ""
            return f"{title} · formerly {escape(change.before or '')}{now}"
        case "withdrawn":
            return f"{title} · {escape(change.section)}"
        case "code":
            name = (change.after or "").removeprefix("https://github.com/")
            return f"{title} · [{escape(name)}]({destination(change.after or '')})"
        case _:
            gained = int(change.after or 0) - int(change.before or 0)
            return f"{title} · {change.before} → {change.after} (+{gained})"
