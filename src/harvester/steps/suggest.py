"""Which section a paper goes to where nobody names one: the likeliest guess of the night, said with how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harvester.definitions import ListDefinition
from harvester.errors import DecisionError
from harvester.former_names import written_formerly
from harvester.ids import Subject
from harvester.scores import Guess, percent
from harvester.steps.standing import Standing

_WEAK = 0.5  # below it the paper more probably belongs elsewhere


@dataclass(frozen=True, slots=True)
class Suggested:
    """A section of the list, and what to say of the guess."""

    path: str
    said: str = ""  # "(17%; next: KV Cache 12%)"
    weak: bool = False


def suggested_section(standing: Standing, definition: ListDefinition, subject: Subject) -> Suggested:
    """Returns the section that the queue shows for a paper; DecisionError says how to go on where the list has none such."""
    matched = standing.match(definition.slug, subject)
    if len(definition.sections) == 1:
        return Suggested(definition.sections[0].path)
    if matched is None or not matched.section:
        why = f"no section is suggested for {subject} in list {definition.slug}"
        raise DecisionError([f"{why}; name one with --section; {sections_of(definition)}"])
    section = definition.section(matched.section)
    if section is None:
        raise DecisionError([_gone(standing, definition, subject, matched.section)])
    guesses = matched.rated.guesses if matched.rated else ()
    first = next((guess for guess in guesses if guess.section == matched.section), None)
    if first is None:
        return Suggested(section.path)
    said = f" ({'; '.join(_words(first, guesses))})"
    return Suggested(section.path, said, first.probability < _WEAK)


def _words(first: Guess, guesses: Sequence[Guess]) -> Iterator[str]:
    yield percent(first.probability)
    for guess in [one for one in guesses if one is not first][:1]:
        yield f"next: {guess.section} {percent(guess.probability)}"


def _gone(standing: Standing, definition: ListDefinition, subject: Subject, section: str) -> str:
    file = f"{standing.spoken}/lists/{definition.slug}.toml"
    return (
        f'the section suggested for {subject} is "{section}", which list {definition.slug} does not have any more: name one '
        f"with --section; or add {written_formerly(section)} to the section that has its papers now, in {file}; "
        f"or let `harvester publish` suggest anew; {sections_of(definition)}"
    )


def sections_of(definition: ListDefinition) -> str:
    """Names all sections of a list, for an error message."""
    return "sections: " + ", ".join(f'"{section.path}"' for section in definition.sections)
