"""Names that the sections of a list had before: whoever wrote one of them meant the section that has it now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormerNames:
    """The paths of a list's sections, and those they had before; case does not count."""

    present: Mapping[str, str]  # paths, by themselves in small letters
    former: Mapping[str, str]  # paths of today, by a former one in small letters

    @classmethod
    def of(cls, sections: Iterable[tuple[str, Sequence[str]]]) -> FormerNames:
        """Reads them from sections, each a path and those it had before."""
        every = list(sections)
        former = {_folded(name): path for path, names in every for name in names}
        return cls({_folded(path): path for path, _ in every}, former)

    def now(self, path: str) -> str:
        """Returns the path that is meant today; the same where no section had it before.

        A section below one that was renamed needs no word of its own: "Old / Papers" is "New / Papers", if there is one.
        """
        if not self.former or _folded(path) in self.present:
            return path
        if (whole := self.former.get(_folded(path))) is not None:
            return whole
        parts = path.split(" / ")
        for at in range(len(parts) - 1, 0, -1):
            top = self.former.get(_folded(" / ".join(parts[:at])))
            below = self.present.get(_folded(" / ".join([top, *parts[at:]]))) if top else None
            if below is not None:
                return below
        return path


def written_formerly(path: str) -> str:
    """Writes the line of a definition that gives a section one former name; TOML escapes as JSON does."""
    return f"formerly = [{json.dumps(path, ensure_ascii=False)}]"


def mistaken(sections: Sequence[tuple[str, Sequence[str]]]) -> Iterator[tuple[int, str]]:
    """Yields what is wrong with former names: the number of the section, from 1, and why."""
    numbers = {_folded(path): number for number, (path, _) in enumerate(sections, 1)}
    taken: dict[str, int] = {}
    for number, (_, names) in enumerate(sections, 1):
        for name in names:
            if (has := numbers.get(_folded(name))) is not None:
                why = f"is the path of sections[{has}] now, whose papers stay there: take it out"
            elif (first := taken.setdefault(_folded(name), number)) != number or _twice(name, names):
                where = f"by sections[{first}], too" if first != number else "twice"
                why = f"is given {where}: its papers can go to one section, once"
            else:
                continue
            yield number, f'sections[{number}].formerly: "{name}" {why}'


def _twice(name: str, names: Sequence[str]) -> bool:
    return sum(_folded(one) == _folded(name) for one in names) > 1


def _folded(path: str) -> str:
    return path.strip().casefold()
