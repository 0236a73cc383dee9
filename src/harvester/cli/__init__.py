"""The entrance from the terminal: one module per command, loaded when it is called."""

from __future__ import annotations

import difflib
import errno
import importlib
from pathlib import Path
from typing import IO, Any

import click

from harvester import __version__
from harvester.errors import HarvesterError

_ABOUT_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)  # told without the name of a file

# The name of a command is the name of its module; its help stands here too, so that `harvester --help` imports none of them.
COMMANDS: dict[str, str] = {
    "queue": "Show the papers that wait for a decision.",
    "accept": "Put papers on a list, or move them within it.",
    "reject": "Take papers out of the queue or off the list, for good.",
    "defer": "Hide papers from the queue until a day.",
    "same": "Say that two papers are one, or two; or show which are held to be one.",
    "undo": "Take one decision back.",
    "log": "Show who decided what, and what still holds.",
    "item": "Print one paper as the lists would show it: the table row and the bullet.",
    "adopt": "Take over a hand-kept list; or, once it is kept here, what was edited in its pages by hand.",
    "lint": "Find what a reader of the lists would trip over.",
    "render": "Write the files of the lists from a snapshot.",
    "publish": "Fold decisions made since the last snapshot; no harvesting.",
    "status": "Show how fresh everything is; fail where no night was good for 36 hours.",
    "doctor": "Check folders, settings, texts, keys, clock and disk, and say what to do.",
    "replay": "Make a snapshot and its lists anew, with the network off.",
    "topics": "Show what topics and phrases bring.",
    "evaluate": "Replay history and measure nets, ranking and section suggestion.",
    "rehearse": "Play arXiv, Semantic Scholar, GitHub and OpenAlex on this machine.",
}


class _Commands(click.Group):
    """Loads a command's module when it is called; turns what a person can mend into a message."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"harvester.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "`harvester --help` lists them"
            ctx.fail(f"there is no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HarvesterError as error:
            raise Told(str(error)) from error
        except click.UsageError:  # with the usage in front, as click shows it, exit code 2
            raise
        except click.ClickException as error:
            raise Told(error.message) from error
        except OSError as error:
            if error.errno not in _ABOUT_DISK and error.filename is None:  # a closed pipe is click's to end
                raise
            from harvester.steps.refusals import remedy

            why = remedy(Path(str(error.filename or ".")), error.errno)
            raise Told(f"{error.filename or 'writing'}: {error.strerror}; {why}") from error


class Told(click.ClickException):
    """What went wrong, as runs from `flows/` tell it, too: each line begins with the program's name; exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Writes the lines to standard error."""
        for line in self.message.splitlines():
            click.echo(f"harvester: {line}", file=file, err=file is None)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Keep lists of papers: harvest arXiv, decide, publish.

    \b
    A maintainer's day:
      harvester queue                         what waits
      harvester accept 2405.18218             put it on the list, where it is suggested
      harvester reject 2405.18219 --reason "not about language models"
      harvester publish                       make the lists anew, without waiting for the night
    """
