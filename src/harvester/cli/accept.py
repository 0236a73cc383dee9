"""`harvester accept`: put papers on a list, or move them within it."""

from __future__ import annotations

from datetime import datetime

import click

from harvester.cli.deciding import answer, signature, signed, standing_now


@click.command("accept")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--section", metavar="NAME", help="Which section. [default: where it stands, else the suggested one]")
@click.option("--note", metavar="TEXT", help="A note shown with the entry; an empty one takes the note away.")
@click.option(
    "--place", type=click.IntRange(1), help="Which placement, for a paper that stands in a list several times."
)
@signed
def command(
    ids: tuple[str, ...],
    section: str | None,
    note: str | None,
    place: int | None,
    slug: str | None,
    by: str | None,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Put papers on a list, or move them within it.

    ID is an arXiv id, a DOI, owner/name on GitHub or any link, in any spelling. A paper need not be in the queue. One that
    stands on the list already is moved to the section named. Without --section the likeliest is taken, and the answer says
    how likely it is. The pages show it after `harvester publish` or the next night.

    \b
    Examples:
      harvester accept 2405.18218
      harvester accept https://arxiv.org/abs/2405.18218v2 --section "Network Pruning" --note "with code"
      harvester accept 2405.18218 2405.16325 --list efficient-llm --by ann
    """
    from harvester.steps.decide import accept

    standing = standing_now(at, slug, ids)
    done = accept(standing, ids, signature(standing, by, at), slug, section, note, place)
    answer(standing, done, as_json)
