"""What the commands that decide have in common: their options, who decides and when, and how they answer."""

from __future__ import annotations

import getpass
import os
import secrets
import string
import subprocess
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from harvester.cli.shown import show
from harvester.cli.times import MOMENT, now
from harvester.errors import DecisionError

if TYPE_CHECKING:
    from harvester.steps.decide import Decided, Signature
    from harvester.steps.standing import Standing

_Command = TypeVar("_Command", bound=Callable[..., Any])

list_option = click.option(
    "--list", "slug", metavar="NAME", help="Which list; needed only where several could be meant."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def given_name(_: click.Context, __: click.Parameter, by: str | None) -> str | None:
    """Refuses an empty name: the one that was given is never replaced by git's."""
    if by is not None and not by.strip():
        raise click.BadParameter("a name is needed, such as --by ann; leave it out to sign with git's user.name")
    return by.strip() if by else None


_by_option = click.option(
    "--by", metavar="WHO", callback=given_name, help="Who decides. [default: git's user.name, else the login name]"
)
_at_option = click.option(
    "--at", type=MOMENT, help="When it was decided, where that was not now (UTC, such as 2026-11-20T21:04:10Z)."
)


def signed(function: _Command) -> _Command:
    """Adds the options of every command that writes decisions."""
    for option in (json_option, _at_option, _by_option, list_option):
        function = option(function)
    return function


def standing_now(at: datetime | None = None, slug: str | None = None, ids: Sequence[str] = ()) -> Standing:
    """Reads what holds now, and tells on standard error which decision lines and definitions are wrong.

    For a command on one list, or on papers that only some lists know, only what is wrong with those. A definition that
    such a command needs and that cannot be read stops it with the same words: that is not told twice.
    """
    from harvester.settings import load_settings
    from harvester.steps.standing import concerned, read_standing

    standing = read_standing(load_settings(os.environ, Path.cwd()), moment(at).date())
    lists = concerned(standing, ids, slug)
    for mistake in standing.mistakes():
        if mistake.list is None or mistake.list in lists:
            click.echo(f"warning: {mistake}", err=True)
    for name, mistakes in standing.editorial.broken.items() if slug is None and not ids else ():
        click.echo(f"warning: the list {name} is left out: {'; '.join(mistakes)}", err=True)
    return standing


def moment(at: datetime | None) -> datetime:
    """Returns the time of a decision, in UTC and whole seconds; now, by the clock of the settings, where none is named."""
    from harvester.settings import load_settings

    return (at or now(load_settings(os.environ, Path.cwd()))).replace(microsecond=0)


def signature(standing: Standing, by: str | None, at: datetime | None) -> Signature:
    """Signs with a name, a time, and a suffix that tells sittings of one second apart."""
    from harvester.steps.decide import Signature

    return Signature(by or who(standing.folder), moment(at), suffix())


def suffix() -> str:
    """Returns a few random letters that tell sittings of one second apart."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(4))


def who(folder: Path) -> str:
    """Returns who decides where nobody said it: git's user name, else the login name."""
    ask = ["git", "-C", str(folder), "config", "user.name"]
    try:
        name = subprocess.run(ask, capture_output=True, text=True, timeout=5).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        name = ""  # no git here: the login name says it
    if name:
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no login name either, as in some containers
        raise DecisionError(["nobody knows who decides: say it with --by WHO, or `git config user.name WHO`"]) from None


def answer(standing: Standing, done: Sequence[Decided], as_json: bool) -> None:
    """Says what was decided, one line a paper."""
    if as_json:
        rows = [
            {
                "list": one.list,
                "subject": one.subject,
                "title": standing.title(one.subject),
                "act": one.act,
                "section": one.section,
                "said": one.said,
                "decisions": list(one.decisions),
            }
            for one in done
        ]
        show(rows, (), as_json)
        return
    for one in done:
        title = standing.title(one.subject)
        click.echo(f"{one.subject}{f' ({title})' if title else ''}: {one.said}  [{one.list}]")
