"""The headings of a page as sections with paths that name each of them once."""

from __future__ import annotations

from collections.abc import Sequence

from harvester.pages import ParsedEntry, ParsedSection, Repair

NO_HEADING = 7  # the level of what is deeper than any heading
_DEEPEST = 5  # below a page's title, Markdown has five levels of headings


def lost_numbers(lines: Sequence[int]) -> list[Repair]:
    """Tells of entries in numbered lists (by their lines): a section's order is kept, its numbers are nobody's word."""
    if not lines:
        return []
    many = f"{len(lines)} entries from here on stand" if len(lines) > 1 else "an entry stands"
    return [Repair(lines[0], f"{many} in a numbered list: the order is kept, the numbers are not")]


class Outline:
    """Takes headings and prose in order and says in which section one stands."""

    def __init__(self, title: str | None) -> None:
        self.top = title or ""
        self._open: list[tuple[int, str]] = []  # levels and titles from the top down
        self._made: dict[str, tuple[str, int, int]] = {}  # path: title, level, line
        self._folded: dict[str, str] = {}  # path without case: path
        self._numbers: dict[str, int] = {}  # path without case: the last number that was given to a repeated heading
        self._prose: dict[str, list[str]] = {}
        self._told: set[str] = set()  # paths of sections with prose below entries
        self.path = ""

    def enter(self, level: int, title: str, line: int) -> None:
        """Begins the section below a heading."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        name = title.replace(" / ", "/") or "Untitled"
        while len(self._open) >= _DEEPEST:  # a page has no headings for more: the titles become one
            name = f"{self._open.pop()[1]}: {name}"
            title = name
        above = " / ".join(part for _, part in self._open)
        path = self._unique(f"{above} / {name}" if above else name)
        self._open.append((level, path.rpartition(" / ")[2] if above else path))
        self._folded[path.casefold()] = path
        self._made[path] = (title or "Untitled", len(self._open), line)
        self.path = path

    def _unique(self, path: str) -> str:
        """A heading that was there before gets a number, so that its entries stay where they are."""
        found = path
        while found.casefold() in self._folded:
            number = self._numbers[path.casefold()] = self._numbers.get(path.casefold(), 1) + 1
            found = f"{path} ({number})"
        return found

    def below(self, title: str, line: int) -> None:
        """Begins a section below the last heading, whose level no heading has: it ends with the next one."""
        self.enter(NO_HEADING, title, line)

    def leave(self, level: int) -> None:
        """Ends the sections of that level and below: what follows belongs to the one above them."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        self.path = " / ".join(name for _, name in self._open)

    def at(self, path: str, line: int) -> None:
        """Goes to the section of that path, and begins it (and those above it) where there is none yet.

        The next heading is not below it.
        """
        titles = path.split(" / ")
        self._open = []
        for depth, title in enumerate(titles, NO_HEADING):
            above = " / ".join(titles[: depth - NO_HEADING + 1])
            found = self._folded.get(above.casefold())
            if found is None:
                self.enter(depth, title, line)
            else:
                self._open.append((depth, title))
                self.path = found

    def place(self, line: int) -> str:
        """Returns the path of the section, and begins one named like the list where no heading came yet."""
        if not self.path:
            self.enter(1, self.top or "Papers", line)
        return self.path

    def add_prose(self, line: str) -> None:
        """Keeps a line of the section that is no entry."""
        self._prose.setdefault(self.path, []).append(line)

    def told_below(self, entries: Sequence[ParsedEntry], line: int) -> list[Repair]:
        """Tells, once a section, of a text that stands below entries of its section: prose stands above them."""
        if not entries or entries[-1].section != self.path or self.path in self._told:
            return []
        self._told.add(self.path)
        return [Repair(line, f'a text below entries of "{self.path}" stands above them now')]

    def prose(self) -> list[str]:
        """The lines that are kept of the section so far."""
        return self._prose.setdefault(self.path, [])

    def sections(self) -> tuple[ParsedSection, ...]:
        """Returns all sections in the order of the page."""
        return tuple(
            ParsedSection(path, title, level, line, "\n".join(self._prose.get(path, [])).strip("\n"))
            for path, (title, level, line) in self._made.items()
        )
