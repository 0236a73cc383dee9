"""Decisions as tests of folding need them: by the minute, in one list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from harvester.editorial.entries import Folded, Key
from harvester.ids import Subject
from harvester.records import Act, Decision, Wording

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PAPER = Subject("arxiv:2405.18218")
KEY = Key("efficient-llm", PAPER, 1)


def said(
    act: Act,
    minute: int,
    name: str = "",
    *,
    subject: str = PAPER,
    by: str = "ann",
    section: str | None = None,
    place: int = 1,
    order: int | None = None,
    note: str | None = None,
    follows: Decision | None = None,
    undoes: Decision | None = None,
    wording: Wording | None = None,
) -> Decision:
    return Decision(
        id=f"{name or f'sitting-{minute:04d}'}:1",
        at=START + timedelta(minutes=minute),
        by=by,
        list="efficient-llm",
        subject=Subject(subject),
        act=act,
        place=place,
        section=(section or "Quantization") if act == "accept" else None,
        order=order,
        note=note,
        reason="off topic" if act == "reject" else None,
        until=date(2026, 12, 1) if act == "defer" else None,
        follows=follows.id if follows else None,
        undoes=undoes.id if undoes else None,
        wording=wording,
    )


def sections(folded: Folded) -> list[tuple[str, str]]:
    return [(entry.subject, entry.section) for entry in folded.entries]
