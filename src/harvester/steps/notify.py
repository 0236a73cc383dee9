"""Tell people of bad runs and of the first good one after them, by mail, chat or webhook. [door: notifications]

Told is what is new: the first bad run, another state or other causes, the first good one. While nothing changes people
are told again once a week. What was told stands in the records of the runs; a message that nobody took is tried again by
the next run. Addresses are Apprise's: https://github.com/caronc/apprise/wiki
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from os import getpid
from pathlib import Path
from threading import Thread
from typing import Literal

from harvester.report import Report, RunKind
from harvester.report_words import headline
from harvester.settings import Settings
from harvester.steps import tell
from harvester.steps.runs import Run, bad_since, run_of, runs, troubles

AGAIN = timedelta(days=7) - timedelta(hours=12)  # runs do not start to the minute
PATIENCE = 60.0  # seconds for one address
_CAUSES = 10
_CHARACTERS = 1_500  # of a message; some chats cut at 2,000
_KINDS = {"nightly": "night", "weekly": "weekly run", "backfill": "backfill"}


@dataclass(frozen=True, slots=True)
class Message:
    """What people are told."""

    mood: Literal["failed", "degraded", "recovered", "test"]
    title: str
    body: str


def message_of(report: Report, before: Iterable[Run], data: Path) -> Message | None:
    """Returns what is to be told of a run that ended, given the earlier ones (the newest first); None for no news."""
    earlier = [run for run in before if run.kind == report.kind and run.as_of < report.as_of]
    told = next((run for run in earlier if run.notified), None)
    run = run_of(report)
    if run.good:
        return _recovered(report, told, earlier, data) if told and told.bad else None
    same = told is not None and (told.state, troubles(told)) == (run.state, troubles(run))
    if told and same and run.as_of - told.as_of < AGAIN:
        return None
    return _trouble(report, earlier, data)


def tell_people(settings: Settings, report: Report, say: Callable[[str], None]) -> Report:
    """Tells people of a run where there is news, and notes in its record whether they were; never raises for it."""
    if not settings.notify:
        return report
    message = message_of(report, runs(settings.data), settings.data)
    if message is None:
        return report
    refused = send(settings.notify, message)
    noted = replace(report, notified=len(refused) < len(settings.notify), notes=(*report.notes, *refused))
    for note in refused or ("people were told",):
        say(f"notify: {note}")
    tell.write_record(settings.data, noted)
    return noted


def tell_of_failed_start(settings: Settings, kind: RunKind, at: datetime, why: str, say: Callable[[str], None]) -> None:
    """Records a run that could not even start, unless it has a record that the next one goes on from, and tells people."""
    for secret in settings.secrets:
        why = why.replace(secret, "[key]")
    report = Report(at.replace(microsecond=0), at, "failed", ended_at=at, causes=(why,), kind=kind)
    if any(
        run.as_of >= report.as_of or (run.state == "running" and run.pid == getpid()) for run in runs(settings.data)
    ):
        if settings.notify:
            earlier = [run for run in runs(settings.data) if run.kind == kind and run.as_of < report.as_of]
            send(settings.notify, _trouble(report, earlier, settings.data))
        return
    with suppress(OSError):  # a full disk, as a rule: that is why it failed
        tell.write_record(settings.data, report)
    with suppress(OSError):
        tell_people(settings, report, say)


def send(addresses: Sequence[str], message: Message) -> list[str]:
    """Sends a message to every address; returns in words which did not take it, never with the address itself."""
    refused = []
    for number, address in enumerate(addresses, 1):
        why = _sent_in_time(address, message)
        if why is not None:
            which = f"the {number}. address of HARVESTER_NOTIFY ({address.partition(':')[0]})"
            refused.append(f"{which} {why}; mend it, and try it with `harvester doctor --notify`")
    return refused


def _sent_in_time(address: str, message: Message) -> str | None:
    """Sends to one address in a thread that nobody waits for without end: some services have no deadline of their own."""
    told: list[str | None] = []
    sender = Thread(target=lambda: told.append(_send(address, message)), daemon=True)
    sender.start()
    sender.join(PATIENCE)
    return told[0] if told else f"did not answer within {PATIENCE:.0f} seconds"


def _send(address: str, message: Message) -> str | None:
    """Returns why the address did not take the message, None where it did."""
    import logging
    import warnings

    from apprise import Apprise, NotifyType

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # its words may hold the address
    moods = {"failed": NotifyType.FAILURE, "degraded": NotifyType.WARNING, "recovered": NotifyType.SUCCESS}
    mood = moods.get(message.mood, NotifyType.INFO)
    try:
        with warnings.catch_warnings(action="ignore"):  # its plugins' own, about Python's modules
            service = Apprise()
            known = service.add(address)
        if not known:
            return "is none that Apprise understands"
        taken = service.notify(title=message.title, body=message.body, notify_type=mood)
        return None if taken else "did not take the message"
    except Exception as error:  # noqa: BLE001 because a service that stumbles must not fail a night; it is told
        return f"could not be told ({type(error).__name__})"


def _trouble(report: Report, earlier: Sequence[Run], data: Path) -> Message:
    """Says what is wrong, since when runs are bad, and which was the last good one."""
    mood: Literal["failed", "degraded"] = "degraded" if report.state == "degraded" else "failed"
    more = len(report.causes) - _CAUSES
    causes = [*report.causes[:_CAUSES], *([f"{more} more"] if more > 0 else [])]
    lines = [headline(report), _since(report, earlier), _where(data), *(f"- {cause}" for cause in causes)]
    return Message(mood, f"harvester: {_named(report)} {mood}", _cut("\n".join(lines)))


def _recovered(report: Report, told: Run, earlier: Sequence[Run], data: Path) -> Message:
    before = [run for run in earlier if run.as_of <= told.as_of]
    last = max(run.as_of for run in earlier if run.bad)
    words = (
        f"all is well again; runs were bad since {_shown(bad_since(before))}, the last one was that of {_shown(last)}"
    )
    lines = [headline(report), words]
    return Message("recovered", f"harvester: {_named(report)} recovered", _cut("\n".join([*lines, _where(data)])))


def _since(report: Report, earlier: Sequence[Run]) -> str:
    """Says since when runs of this kind are bad."""
    good = next((run.as_of for run in earlier if run.good), None)
    last = f"the last good one was that of {_shown(good)}" if good else "there was no good one yet"
    return f"bad since {_shown(bad_since(earlier) or report.as_of)}; {last}"


def _shown(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "an unknown time"


def _named(report: Report) -> str:
    return f"{_KINDS[report.kind]} of {report.as_of:%Y-%m-%d}"


def _where(data: Path) -> str:
    return f"data: {data.resolve()}; `harvester status` shows more"


def _cut(text: str) -> str:
    return text if len(text) <= _CHARACTERS else f"{text[: _CHARACTERS - 1]}…"
