"""A list whose taste is known: it accepts papers about pruning, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

from harvester.editorial.learning.past import History, Sighting, Text, Told, TopicHits, Verdict
from harvester.ids import Subject

BEGIN = date(2024, 1, 1)
GOOD = ("pruning weights", "sparse networks", "removing neurons", "lottery ticket", "magnitude pruning")
BAD = ("dialogue corpora", "speech synthesis", "protein folding", "news summaries", "legal texts", "music tagging")
TOPICS = ("pruning", "inference")


def good(number: int) -> Text:
    what = GOOD[number % len(GOOD)]
    hits = (TopicHits("pruning", number % 2, 1),)
    return Text(
        f"On {what}, part {number}", f"We study {what} of language models, case {number}.", hits=hits, theme=(0, 1)
    )


def bad(number: int) -> Text:
    what = BAD[number % len(BAD)]
    return Text(f"On {what}, part {number}", f"We study {what} with care, case {number}.")


def subject(number: int) -> Subject:
    return Subject(f"arxiv:2401.{number:05}")


def pruning_history(papers: int = 600, days: int = 150, accepted_every: int = 10) -> History:
    """Papers evenly over the days; each tenth is about pruning and listed five days later."""
    on = [BEGIN + timedelta(days=number * days // papers) for number in range(papers)]
    liked = range(0, papers, accepted_every)
    texts = {
        subject(number): [Told(on[number], good(number // accepted_every) if number in liked else bad(number))]
        for number in range(papers)
    }
    sections = ("Structured", "Unstructured")
    return History(
        "pruning",
        tuple(Sighting(subject(number), on[number]) for number in range(papers)),
        tuple(
            Verdict(subject(number), on[number] + timedelta(days=5), sections[number // accepted_every % 2])
            for number in liked
        ),
        texts=texts,
    )
