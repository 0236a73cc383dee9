"""`harvester same`: papers that are one."""

from __future__ import annotations

from datetime import datetime

import click

from harvester.cli.deciding import answer, signature, signed, standing_now
from harvester.cli.shown import show


@click.command("same")
@click.argument("papers", metavar="[ID ID]", nargs=-1)
@click.option("--not", "are_two", is_flag=True, help="They are two papers, whatever titles or identifiers tell.")
@signed
def command(
    papers: tuple[str, ...], are_two: bool, slug: str | None, by: str | None, at: datetime | None, as_json: bool
) -> None:
    """Say that two papers are one, or two; or show which are held to be one.

    The second stays, the first leaves queue and list; where only the first is listed, or waits while the second does not,
    that one stays. Who accepts, rejects or defers either of them decides on the one that stays. Without ID, show which are
    held to be one, and what tells so. `harvester undo` takes either back.

    \b
    Examples:
      harvester same
      harvester same 10.1145/3600006.3613165 2309.06180
      harvester same 2405.00001 2405.00002 --not
    """
    from harvester.steps import same as steps

    if len(papers) not in (0, 2):
        raise click.UsageError("name two papers, or none to see which are held to be one")
    if are_two and not papers:
        raise click.UsageError("--not needs the two papers that are not one")
    standing = standing_now(at, slug)
    if papers:
        decide = steps.apart if are_two else steps.same
        answer(standing, [decide(standing, papers[0], papers[1], signature(standing, by, at), slug)], as_json)
        return
    rows = [
        {
            "id": twin.subject,
            "same_as": twin.same_as,
            "kind": twin.kind,
            "evidence": twin.evidence,
            "title": standing.title(twin.subject),
        }
        for twin in standing.twins
    ]
    show(rows, ("id", "same_as", "evidence", "title"), as_json)
