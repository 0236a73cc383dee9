"""How old what is known is: the numbers that lists need, and the metadata of listed papers."""

from __future__ import annotations

from datetime import datetime, timedelta

from harvester.curated import due
from harvester.ids import Subject, arxiv_of
from harvester.report import Freshness
from harvester.steps.fold import Folded, papers_to_count, repositories_to_count


def citation_numbers(folded: Folded) -> list[due.Number]:
    """Returns the citations that are wanted, with what is known of them."""

    def born_at(subject: Subject) -> datetime | None:
        paper = folded.papers.get(subject)
        return paper.record.submitted_at if paper and paper.record else None

    wanted = papers_to_count(folded)
    return [due.Number(one, born_at(one), folded.counts.get((one, "citations"))) for one in wanted]


def star_numbers(folded: Folded) -> list[due.Number]:
    """Returns the stars that are wanted, with what is known of them."""
    return [
        due.Number(
            repo.subject, repo.record.created_at if repo.record else None, folded.counts.get((repo.subject, "stars"))
        )
        for repo in repositories_to_count(folded)
    ]


def metadata_age(folded: Folded, as_of: datetime) -> Freshness:
    """Measures how long ago arXiv confirmed the listed papers; they are asked weekly."""
    listed = (
        folded.papers.get(subject) for subject in {one.subject for one in folded.entries if arxiv_of(one.subject)}
    )
    confirmed = (paper.metadata_as_of for paper in listed if paper and paper.metadata_as_of)
    return due.of_ages([(max(as_of - at, timedelta(0)), due.WEEKLY) for at in confirmed])
