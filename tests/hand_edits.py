"""What hands do to rendered pages, and what became of it."""

from __future__ import annotations

import re

from adopting_world import World

from harvester.steps.adopt_again import AdoptedAgain


def order(world: World, section: str = "Tuning") -> str:
    """The last digits of a section's entries, as its page shows them after a publication."""
    world.publish()
    text = world.pages().get("tuning.md", world.pages()["README.md"])
    body = text.partition(f"# {section}\n")[2].partition("\n#")[0]
    found = re.findall(r"abs/2405\.0000(\d)", body)
    return "".join(dict.fromkeys(found))


def line_of(text: str, subject: str) -> str:
    return next(line for line in text.split("\n") if f"abs/2405.0000{subject}" in line) + "\n"


def moved(text: str, subject: str, before: str) -> str:
    line, target = line_of(text, subject), line_of(text, before)
    return text.replace(line, "").replace(target, line + target)


def acts(done: AdoptedAgain) -> list[str]:
    return [decision.act for decision in done.decisions]
