"""The editors' own words for an entry, and what they changed of it.

None and empty mean that the editors said nothing: the machine's word is used. `records.py` has these nouns too.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A link as the editors show it. `owner` is shown behind it, in bullet style."""

    label: str
    url: str
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What editors wrote below an entry: Markdown of one line; `depth` counts list levels below the entry."""

    text: str
    depth: int = 1
    quoted: bool = False  # shown between backticks
    bullet: bool = True  # a list item of its own, or a paragraph below the entry


@dataclass(frozen=True, slots=True)
class Wording:
    """The editors' own words for an entry; None and empty mean that the machine's word is used."""

    title: str | None = None
    url: str | None = None  # where the title links to, when not to the subject's own page
    authors: str | None = None  # as written, also shortened
    venue: str | None = None
    links: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()
    figure: str | None = None  # address of an image
    figure_width: str | None = None
    listed_on: str | None = None  # the list's own date mark, as written: "05/29"
    marks: tuple[str, ...] = ()  # badges and emoji in front: "Publish: ICML'24", "Type: …"
    bold: bool = False  # the title is set in bold
    citations_seen: int | None = None  # what the hand-kept list said; never shown as a current count
    citations_seen_url: str | None = None  # where that number linked to


EditValue = str | float | bool | tuple[Link, ...] | tuple[Note, ...] | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Edit:
    """One field of an entry that an editor changed: of its wording, or `section`, `order`, `note`.

    `before` is what readers saw, the editors' own word or the machine's; None and empty say that there was nothing.
    """

    field: str
    before: EditValue
    after: EditValue
