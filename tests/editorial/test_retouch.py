from __future__ import annotations

import tomllib

import pytest

from harvester.definitions import SectionDefinition
from harvester.editorial.retouch import Retouches, retouch
from harvester.errors import ListError

TEXT = '''# The list of lists
title = "Mine"  # said once
style = "table"

[[sections]]
path = "One"  # the first
topics = ["a"]

[[sections]] # another
path = "One / Below"
prose = """
Two
lines."""
title = "Below it"

[[lint_exceptions]]
rule = "x"
'''


def test_what_is_not_changed_stays_as_it_was_written() -> None:
    after = retouch(TEXT, "mine.toml", Retouches("Ours", {"One / Below": {"prose": "One line.", "title": ""}}))
    assert after == TEXT.replace('"Mine"  # said once', '"Ours"').replace('"""\nTwo\nlines."""', '"One line."').replace(
        'title = "Below it"\n', ""
    )


def test_a_new_key_stands_below_the_others_of_its_section() -> None:
    after = retouch(TEXT, "mine.toml", Retouches(keys={"One": {"prose": 'Say | \\ " it\nso.'}}))
    assert 'topics = ["a"]\nprose = "Say | \\\\ \\" it\\nso."\n' in after
    last = retouch(
        TEXT.replace('title = "Below it"\n', ""), "mine.toml", Retouches(keys={"One / Below": {"title": "X"}})
    )
    assert tomllib.loads(last)["sections"][1]["title"] == "X" and last.endswith('[[lint_exceptions]]\nrule = "x"\n')


def test_new_sections_stand_behind_those_above_them() -> None:
    first, second = SectionDefinition("Zero", "Zero", 1), SectionDefinition("One / More", "More!", 2, prose="Text.")
    third = SectionDefinition("One / Most", "Most", 2)
    after = retouch(TEXT, "mine.toml", Retouches(new=[(first, None), (second, "One"), (third, "One / More")]))
    paths = [section["path"] for section in tomllib.loads(after)["sections"]]
    assert paths == ["Zero", "One", "One / More", "One / Most", "One / Below"]
    assert "# The list of lists" in after and "# another" in after


@pytest.mark.parametrize(
    "text",
    [
        'title = "Mine"\nsections = [{path = "One"}]\n',
        'title = "Mine"\nprose = """\n[[sections]]\n"""\n[[sections]]\npath = "One"\n',
    ],
)
def test_a_file_that_is_written_otherwise_is_not_touched_and_the_change_is_told(text: str) -> None:
    with pytest.raises(ListError, match=r"by hand.*prose of 'One' = \"New\""):
        retouch(text, "mine.toml", Retouches(keys={"One": {"prose": "New"}}))
