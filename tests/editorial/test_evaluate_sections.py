from __future__ import annotations

from datetime import date

from harvester.editorial.evaluate_sections import guessed_sections
from harvester.editorial.learning.past import History, Text, Verdict
from harvester.editorial.sections import Shelf
from harvester.ids import Subject

MONTHS = [(date(2024, 1, 1), date(2024, 2, 1)), (date(2024, 2, 1), date(2024, 3, 1))]
NESTED = ("Survey", "Survey / Other", "Quantization", "Quantization / Papers", "Quantization / Other")


def listed(*placed: tuple[date, str, str], sections: tuple[str, ...] = ()) -> History:
    """A list of titles alone: day, section and title of each paper."""
    verdicts = (
        Verdict(Subject(f"arxiv:2401.{number:05}"), on, section, Text(title, ""))
        for number, (on, section, title) in enumerate(placed)
    )
    return History("mine", (), tuple(verdicts), sections=sections)


def everywhere(sections: tuple[str, ...]) -> list[tuple[date, str, str]]:
    """In each section four papers in January and one in February, with words of their own."""
    days = [*(date(2024, 1, day) for day in (3, 4, 5, 6)), date(2024, 2, 3)]
    return [(on, path, f"word{number} thing{number}") for number, path in enumerate(sections) for on in days]


def plain(path: str) -> Shelf:
    return Shelf(path, path)


def test_sections_that_a_list_defines_are_sections_however_alike_their_names() -> None:
    found = guessed_sections(listed(*everywhere(NESTED), sections=NESTED), MONTHS, (), plain)
    assert found is not None
    assert (found.all.papers, found.all.first.value, found.confused) == (5, 1.0, ())


def test_a_title_that_no_list_defines_is_the_section_of_which_it_is_another_name() -> None:
    titles = ("Survey", "Survey / Other", "Hardware")
    asked: list[str] = []

    def told(path: str) -> Shelf:
        asked.append(path)
        return plain(path)

    assert guessed_sections(listed(*everywhere(titles)), MONTHS, (), told) is not None
    assert set(asked) == {"Survey", "Hardware"}
    asked.clear()
    renamed = listed(*everywhere(titles), sections=("Survey", "Hardware and Systems"))
    assert guessed_sections(renamed, MONTHS, (), told) is not None
    assert set(asked) == {"Survey", "Hardware and Systems"}


def test_a_model_has_not_heard_of_sections_that_were_opened_later_in_its_month() -> None:
    learnt: list[str] = []

    def told(path: str) -> Shelf:
        learnt.append(path)
        return plain(path)

    late = [(date(2024, 2, 9), "Tools", "a toolkit"), (date(2024, 2, 20), "Survey", "word0 thing0")]
    assert guessed_sections(listed(*everywhere(("Survey", "Hardware")), *late), MONTHS, (), told) is not None
    assert learnt == ["Survey", "Hardware", "Survey", "Hardware", "Tools"]
