"""Whatever a person does to the entries of a page: once it is adopted, the page is rendered as the person left it.

Also for hostile texts; and pages that nobody touched have the same entries for somebody who adopts them as a new list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import lists_checked as raw
import pytest
from adopted_anew import AT, assert_same, listed, read_anew, shown
from adopting_world import TOPICS
from hypothesis import given, settings
from hypothesis import strategies as st
from list_builders import a_list

from harvester.definitions import STYLES, Editorial, ListDefinition, Style
from harvester.editorial.decisions import read_lines, write_line
from harvester.editorial.entries import fold
from harvester.editorial.log import Log
from harvester.formats import PARSE, RENDER
from harvester.formats._text import one_line
from harvester.ids import Subject, is_paper
from harvester.lists.compose import compose
from harvester.lists.lines import Facts
from harvester.pages import Page
from harvester.records import Decision, Link, Note, Wording
from harvester.steps.adopt import Adopting, adopt
from harvester.steps.adopting.handwork import PageNow
from harvester.steps.adopting.outlines import outline
from harvester.steps.adopting.plan_decisions import plan_decisions
from harvester.steps.adopting.renditions import page_then
from harvester.steps.standing import Standing
from harvester.topics import Harvest

PAGES = raw.hand_kept("horseee", "llm-plaza")


def name_of(path: Path) -> str:
    return "/".join(path.parts[-2:])


def decided(decisions: Iterable[Decision], name: str) -> tuple[Decision, ...]:
    """The decisions as they are read back from their sitting."""
    text = "".join(f"{write_line(decision)}\n" for decision in decisions)
    found, torn, wrong = read_lines(text, f"{name}.jsonl")
    assert torn is None and wrong == ()
    return found


def standing(definition: ListDefinition, decisions: tuple[Decision, ...]) -> Standing:
    editorial = Editorial((), Harvest(), (definition,), {})
    log = Log(decisions, (), (), {})
    return Standing(
        folder=Path(),
        data=Path(),
        editorial=editorial,
        log=log,
        folded=fold(decisions),
        matched=(),
        candidates=(),
        papers={},
        snapshot=None,
    )


def pages_of(definition: ListDefinition, decisions: tuple[Decision, ...], snapshot: str) -> dict[str, Page]:
    """All pages but the front page in table style, which shows what was listed of late: other days, other rows."""
    composed = compose(fold(decisions).entries, Facts.of((), ()), definition, AT, snapshot)
    return {page.path: page for page in composed if page.window is None}


def written(definition: ListDefinition, pages: Mapping[str, Page]) -> dict[str, str]:
    return {path: RENDER[definition.style](page) for path, page in pages.items()}


def assert_left_as_edited(definition: ListDefinition, before: list[Decision], after: list[Decision]) -> None:
    """The page with `after` is what the person made of the page with `before`."""
    stood = decided(before, "2026-10-01T000000Z-import-aaaa")
    pages = pages_of(definition, stood, "2026-10-02T000000Z")
    own = {(entry.subject, entry.place): entry for entry in fold(stood).entries}
    edited = written(definition, pages_of(definition, decided(after, "x"), "2026-10-02T000000Z"))
    seen = []
    for path, page in pages.items():
        then, parsed = page_then(page, definition, own), PARSE[definition.style](edited[path])
        seen.append(PageNow(path, then, parsed, outline(then, parsed)))

    def plan(decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
        now = standing(definition, decisions)
        return plan_decisions(seen, now, definition, Adopting("ann", AT, "k3f9"), removals=True).decisions

    if before == after:
        assert plan(stood) == ()
    paths = {title: path for page in seen for title, path in page.outlined.paths.items()}
    anew = decided(
        (replace(one, section=paths.get((one.section or "").casefold())) for one in read_anew(edited, definition)),
        "anew",
    )
    assert written(definition, pages_of(definition, anew, "2026-10-02T000000Z")) == edited
    more = decided(plan(stood), "2026-11-01T000000Z-ann-k3f9")
    assert written(definition, pages_of(definition, (*stood, *more), "2026-10-02T000000Z")) == edited
    assert plan((*stood, *more)) == ()  # once is enough


HOSTILE = st.sampled_from(
    [
        "|", "\\|", "\\", "`", "](javascript:alert(1))", "[", "]", "](", "![x](y)", "<script>", "</td>", "<br>",
        "<!-- entries -->", "-->", "*", "**", "_", "$x_1$", "&amp;", "&#124;", "\n", "\n\n- ", "\r\n| a | b |",
        "\u202e", "\u2066", "\u200b", "\x00", "# ", "> ", "1. ", "· ([a](b))", "citation: ", " - owner", "\ufeff",
        "é", "日本", "🚀", "H$_2$O", "\\alpha", "<http://x.y>", "---", " / ", "<!-- harvester: made from snapshot x -->",
    ]
)  # fmt: skip
TEXT = st.lists(st.one_of(HOSTILE, st.text(max_size=6)), min_size=1, max_size=5).map("".join)
WORDS = TEXT.filter(lambda text: any(char.isalnum() for char in one_line(text)))
# A label with a question mark beside a repository is the tail of an address, which reading mends: no label of ours.
LABELS = WORDS.map(lambda text: text.replace("?", "!"))
LINKS = st.lists(
    st.builds(Link, LABELS, st.sampled_from(["https://a.org/x", "https://b.org/y", "https://github.com/a/b"])),
    max_size=3,
)


def nested(notes: Iterable[Note]) -> list[Note]:
    """A level below is at most one below that of the note above."""
    found: list[Note] = []
    for note in notes:
        found.append(replace(note, depth=min(note.depth, found[-1].depth + 1 if found else 1)))
    return found


MARKDOWN = st.sampled_from(
    [
        "plain words",
        "`code` and *slanted*",
        "see [a blog](https://a.org/b), too",
        "**bold**: 3 < 4",
        "a | b",
        "50 % of $x$",
    ]
)
NOTES = st.lists(
    st.builds(Note, WORDS, depth=st.integers(1, 3), quoted=st.just(True))
    | st.builds(Note, MARKDOWN, depth=st.integers(1, 3)),
    max_size=3,
).map(nested)
WORDINGS = st.builds(
    Wording,
    title=WORDS,
    authors=st.none() | WORDS,
    venue=st.none() | WORDS,
    links=LINKS.map(tuple),
    notes=NOTES.map(tuple),
    marks=st.sampled_from([(), ("Publish: ICML'24",), ("Type: Survey", "Publish: ACL")]),
    bold=st.booleans(),
    url=st.none() | st.sampled_from(["https://c.org/z", "https://aclanthology.org/2024.acl-long.1"]),
    figure=st.none() | st.sampled_from(["figures/a b.png", "https://d.org/f.png"]),
    listed_on=st.none() | st.sampled_from(["05/29", "--> x"]),
)
SECTIONS = ("One", "Two", "Two / Below")
SUBJECTS = st.sampled_from(
    [
        *(f"arxiv:2405.0000{number}" for number in range(1, 5)),
        "doi:10.1000/a.b", "github:ann/code", "url:https://e.org/page", "openreview:abc_DEF-12",
    ]
)  # fmt: skip
ENTRIES = st.dictionaries(
    st.tuples(SUBJECTS, st.integers(1, 2)), st.tuples(st.sampled_from(SECTIONS), WORDINGS), max_size=6
)


Placed = tuple[str, int]  # subject and place


# An entry of a repository or a page is about the address that its title links to: another one would be another entry.
def accepts(entries: Iterable[tuple[Placed, tuple[str, Wording]]]) -> list[Decision]:
    return [
        Decision("", AT - timedelta(days=30), "import", "a-list", Subject(subject), "accept", place,
                 section=section, order=order, wording=wording if is_paper(Subject(subject)) else replace(wording, url=None))
        for order, ((subject, place), (section, wording)) in enumerate(entries, 1)
    ]  # fmt: skip


def hostile(style: Style, titles: Sequence[str], proses: Sequence[str]) -> ListDefinition:
    """A list whose sections have any title, and prose."""
    plain = a_list(style, *SECTIONS)
    sections = tuple(
        replace(section, title=title, prose=prose)
        for section, title, prose in zip(plain.sections, titles, proses, strict=True)
    )
    return replace(plain, sections=sections)


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=60, deadline=None)
@given(
    before=ENTRIES,
    after=ENTRIES,
    kept=st.sets(st.tuples(SUBJECTS, st.integers(1, 2))),
    titles=st.lists(WORDS, min_size=3, max_size=3, unique_by=lambda text: one_line(text).casefold()),
    proses=st.lists(st.sampled_from(["", "Some prose.", "More *prose*\n\nin two paragraphs"]), min_size=3, max_size=3),
    data=st.data(),
)
def test_whatever_is_done_to_a_page_stays_as_the_person_left_it(
    style: Style,
    before: dict[Placed, tuple[str, Wording]],
    after: dict[Placed, tuple[str, Wording]],
    kept: set[Placed],
    titles: list[str],
    proses: list[str],
    data: st.DataObject,
) -> None:
    edited = {**after, **{key: entry for key, entry in before.items() if key in kept}}
    order = data.draw(st.permutations(list(edited.items())))
    assert_left_as_edited(hostile(style, titles, proses), accepts(before.items()), accepts(order))


def reworked(decisions: Iterable[Decision]) -> list[Decision]:
    """What a thorough person might do: titles, notes, links and order of many entries, some removed, some new."""
    found: list[Decision] = []
    for at, decision in enumerate(decisions):
        words = decision.wording or Wording()
        match at % 7:
            case 0:
                words = replace(words, title=f"{words.title or 'A title'}, revised")
            case 1:
                words = replace(words, notes=(*words.notes, Note("`new` and *important*")))
            case 2:
                words = replace(words, links=(*words.links, Link("blog", f"https://example.org/{at}")))
            case 3:
                found.insert(max(len(found) - 2, 0), decision)
                continue
            case 4 if at % 3 == 0:
                continue
            case 5:
                extra = replace(decision, subject=Subject(f"arxiv:2401.{at:05}"), place=1, wording=Wording(title="New"))
                found.append(extra)
        found.append(replace(decision, wording=words))
    orders: dict[str | None, int] = {}
    numbered = []
    for decision in found:
        orders[decision.section] = orders.get(decision.section, 0) + 1
        numbered.append(replace(decision, order=orders[decision.section]))
    return numbered


@pytest.mark.skipif(not PAGES, reason="../shared/realdata/lists is absent: it is no part of the repository")
@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_hand_kept_pages_stay_as_they_are_and_as_they_are_left(path: Path, tmp_path: Path) -> None:
    texts = {"README.md": path.read_text(encoding="utf-8")}
    (tmp_path / "topics.toml").write_text(TOPICS, encoding="utf-8")
    done = adopt(tmp_path, texts, "mine", None, Adopting("import", AT, "k3f9"), facts_only=False, dry_run=True)
    for style in STYLES:
        definition = replace(done.definition, style=style)
        assert_left_as_edited(definition, list(done.decisions), list(done.decisions))
        stood = decided(done.decisions, "x")
        pages = written(definition, pages_of(definition, stood, "2026-10-02T000000Z"))
        here = [
            (one.section or "", one.subject, shown(one.wording or Wording(), style))
            for one in read_anew(pages, definition)
        ]
        assert_same(listed(definition, standing(definition, stood)), here)
        assert_left_as_edited(definition, list(done.decisions), reworked(done.decisions))
