"""How a flow is started from the command line: arguments, settings, lock, Prefect, progress, mistakes, exit codes.

Nothing here imports Prefect at the top: `--help`, a mistake in the settings and a second start answer at once.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from harvester.errors import HarvesterError, RunningError, SettingsError
from harvester.report import RunKind
from harvester.report_words import to_text
from harvester.settings import Settings, load_settings

if TYPE_CHECKING:
    from harvester.steps.night import Night

EXIT_CODES = """exit codes:
  0    done
  1    failed; also: another run is at work, or the settings are wrong
  2    wrong arguments; also: nobody agreed to a backfill (--yes)
  3    degraded: the report names what could not be had, or why the snapshot was held back
  130  stopped by SIGINT (143: by SIGTERM); the next run goes on from there"""
_AS_OF = (
    "the time that identifies the run (now); the same time again asks nothing twice. Beside a rehearsal any time, else "
    "within the last 24 hours"
)
FRAMES = 3  # of a traceback in the report


def nightly(arguments: Sequence[str]) -> int:
    """Runs `python flows/nightly.py`; returns the exit code."""
    about = "Harvest, refresh, curate and publish one night, and report."
    examples = """  python flows/nightly.py
  python flows/nightly.py --as-of 2024-06-03T03:00:00Z    a virtual night, beside a rehearsal"""
    parser = _parser("nightly", about, examples)
    _add_run_options(parser)
    asked = parser.parse_args(arguments)
    return exit_code_of(lambda: _nightly(asked.as_of, publish_anyway=asked.publish_anyway))


def _nightly(as_of: datetime | None, *, publish_anyway: bool) -> int:
    import embedded

    embedded.end_on_signals()
    settings, say = settings_here(), progress()
    with begun(settings, as_of, say, "nightly") as night:
        say(f"night of {night.as_of:%Y-%m-%d %H:%M:%S} UTC{', continued' if night.continued else ''}; starting Prefect")
        with embedded.prefect_at(prefect_home(settings), Path.cwd()) as notes:
            from nightly import in_flow

            report = in_flow(replace(with_notes(night, notes), publish_anyway=publish_anyway))
    sys.stdout.write(to_text(report))
    return report.exit_code


def weekly(arguments: Sequence[str]) -> int:
    """Runs `python flows/weekly.py`; returns the exit code."""
    about = (
        "Make the latest snapshot anew from what its manifest names, without network, and compare it byte by byte; then "
        "ask arXiv's OAI-PMH what was changed in the last weeks, curate and publish."
    )
    parser = _parser("weekly", about, "  python flows/weekly.py")
    _add_run_options(parser)
    asked = parser.parse_args(arguments)
    return exit_code_of(lambda: _weekly(asked.as_of, publish_anyway=asked.publish_anyway))


def _weekly(as_of: datetime | None, *, publish_anyway: bool) -> int:
    import embedded

    embedded.end_on_signals()
    settings, say = settings_here(), progress()
    with begun(settings, as_of, say, "weekly") as night:
        say(f"weekly run of {night.as_of:%Y-%m-%d %H:%M:%S} UTC{', continued' if night.continued else ''}")
        with embedded.prefect_at(prefect_home(settings), Path.cwd()) as notes:
            from weekly import in_flow

            report = in_flow(replace(with_notes(night, notes), publish_anyway=publish_anyway))
    sys.stdout.write(to_text(report))
    return report.exit_code


def backfill(arguments: Sequence[str]) -> int:
    """Runs `python flows/backfill.py`; returns the exit code."""
    about = (
        "Ask arXiv for history: the papers submitted on some days that match the topics, and every record changed on them "
        "with its versions. What was asked before is not asked again; stopped or killed, the same command goes on."
    )
    examples = """  python flows/backfill.py --from 2024-01-01 --until 2024-07-01
  python flows/backfill.py --from 2024-01-01 --until 2024-07-01 --yes    without asking, as a timer needs it"""
    parser = _parser("backfill", about, examples)
    parser.add_argument("--from", dest="since", type=day, metavar="DAY", required=True, help="the first day (UTC)")
    parser.add_argument("--until", type=day, metavar="DAY", required=True, help="the day behind the last one (UTC)")
    parser.add_argument("--yes", action="store_true", help="start without asking; the estimate is printed all the same")
    _add_run_options(parser)
    asked = parser.parse_args(arguments)
    from harvester.steps.backfill import span

    try:
        span(asked.since, asked.until, asked.as_of or utc_now())
    except SettingsError as error:
        parser.error(str(error))
    agreed = (lambda: True) if asked.yes else _agreed
    return exit_code_of(
        lambda: _backfill((asked.since, asked.until), asked.as_of, agreed, publish_anyway=asked.publish_anyway)
    )


def _backfill(
    days: tuple[date, date], as_of: datetime | None, agreed: Callable[[], bool], *, publish_anyway: bool
) -> int:
    import embedded

    from harvester.steps.backfill import estimate, span
    from harvester.steps.night import freeze, frozen_night

    embedded.end_on_signals()
    settings, say = settings_here(), progress()
    clock = clock_of(settings)
    seen = frozen_night(settings, as_of or clock(), freeze(settings), clock, say)
    window = span(*days, seen.as_of)
    say(f"backfill from {window.since} until {window.until}: {estimate(seen, window)}")
    if not agreed():
        sys.stderr.write("harvester: nothing was asked; --yes starts without a question\n")
        return 2
    home = prefect_home(settings)
    with begun(settings, as_of, say, "backfill") as night, embedded.prefect_at(home, Path.cwd()) as notes:
        from backfill import in_flow

        begun_night = replace(with_notes(night, notes), publish_anyway=publish_anyway)
        report = in_flow(begun_night, window.since, window.until)
    sys.stdout.write(to_text(report))
    return report.exit_code


def _agreed() -> bool:
    """Asks on a terminal whether to go on; without one nobody can agree."""
    if not sys.stdin.isatty():
        return False
    sys.stderr.write("go on? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


@contextmanager
def begun(settings: Settings, as_of: datetime | None, say: Callable[[str], None], kind: RunKind) -> Iterator[Night]:
    """Begins a run; where it cannot start, people are told as of a failed one, unless somebody tries a time by hand."""
    from embedded import PrefectError

    from harvester.steps.night import begin
    from harvester.steps.notify import tell_of_failed_start

    try:
        with begin(settings, as_of, clock_of(settings), say, kind) as night:
            yield night
    except RunningError:  # the other one is at work, and tells how it ends
        raise
    except (HarvesterError, PrefectError, OSError) as error:
        if as_of is None:
            why = _of_disk(error) if isinstance(error, OSError) else str(error)
            tell_of_failed_start(settings, kind, clock_of(settings)(), why, say)
        raise


def utc_now() -> datetime:
    """Reads the clock: an entrance may."""
    return datetime.now(UTC)


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """Returns a clock that is as far behind the machine's as the settings say."""
    return lambda: utc_now() - settings.behind


def settings_here() -> Settings:
    """Reads the settings of the current folder, as every command of `harvester` does."""
    return load_settings(os.environ, Path.cwd())


def prefect_home(settings: Settings) -> Path:
    """Where the embedded Prefect keeps its database and the log of its server."""
    return settings.data / ".prefect"


def with_notes(night: Night, notes: Sequence[str]) -> Night:
    """Returns the night with notes added, for its report."""
    return replace(night, notes=(*night.notes, *notes))


def moment(text: str) -> datetime:
    """Reads a time such as 2024-06-03T03:00:00Z; a time without a zone is UTC."""
    try:
        return in_utc(datetime.fromisoformat(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2024-06-03T03:00:00Z") from None


def day(text: str) -> date:
    """Reads a day such as 2024-06-03."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2024-06-03") from None


def in_utc(when: datetime) -> datetime:
    """Gives a time its zone: UTC where it has none."""
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def progress() -> Callable[[str], None]:
    """Returns a `say` that writes lines to standard error, each with the seconds since now."""
    start = time.monotonic()

    def say(words: str) -> None:
        sys.stderr.write(f"{time.monotonic() - start:6.1f} s  {words}\n")  # one write: threads do not mix their lines
        sys.stderr.flush()

    return say


def cause(step: str, error: BaseException, secrets: Sequence[str]) -> str:
    """Says why a step failed: our own errors speak for themselves, others bring the end of their traceback."""
    if isinstance(error, HarvesterError):
        words = f"{step}: {error}"
    elif isinstance(error, OSError) and error.filename:
        words = f"{step}: {_of_disk(error)}"
    else:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_telling(frame)][-FRAMES:]
        places = ", ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
        words = f"{step}: {type(error).__name__}: {error} (unexpected; in {places})"
    for secret in secrets:
        words = words.replace(secret, "[key]")
    return words


def _of_disk(error: OSError) -> str:
    """Says which file the system refused, and what to do."""
    where = f"{error.filename}: " if error.filename else ""
    if error.filename:
        from harvester.steps.refusals import remedy

        why = remedy(Path(str(error.filename)), error.errno)
        return f"{where}{error.strerror or error}; {why}; `harvester doctor` says how things are then"
    return f"{error.strerror or error}; mend that (`harvester doctor` says how), then run the same command again"


_OURS = ("running.py", "nightly.py", "weekly.py", "backfill.py")


def _is_telling(frame: traceback.FrameSummary) -> bool:
    """Whether a frame says something about the step, not about Prefect around it."""
    path = Path(frame.filename)
    return "prefect" not in path.parts and path.name not in _OURS


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    """Adds what every kind of run takes."""
    parser.add_argument("--as-of", type=moment, metavar="TIME", help=_AS_OF)
    parser.add_argument(
        "--publish-anyway",
        action="store_true",
        help="publish the snapshot also where it would be held back; the report of the run that was held back says why",
    )


def _parser(program: str, about: str, examples: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=f"python flows/{program}.py",
        description=about,
        epilog=f"examples:\n{examples}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def exit_code_of(command: Callable[[], int]) -> int:
    """Runs a command; what a person can mend is told without a traceback."""
    from embedded import PrefectError, end_children

    try:
        return command()
    except (HarvesterError, PrefectError, OSError) as error:  # OSError: a full disk, a folder that may not be written
        words = _of_disk(error) if isinstance(error, OSError) else str(error)
        sys.stderr.write("".join(f"harvester: {line}\n" for line in words.splitlines()))
        return 1
    finally:
        end_children()
