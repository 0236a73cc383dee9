"""Look at everything a run needs before it needs it, and say what to do. Nothing is changed, nothing lands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from harvester.errors import SettingsError
from harvester.settings import Settings, load_settings
from harvester.steps import online, probe, soundness
from harvester.steps.night import demand_true_dates
from harvester.steps.notify import Message, send
from harvester.steps.probe import Check

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]+")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to do beyond looking at this machine."""

    online: bool = False  # ask every upstream once
    notify: bool = False  # send a message to every address
    all_landings: bool = False  # look into all of them, not only those of the last month


def examine(
    environ: Mapping[str, str], folder: Path, wishes: Wishes, clock: Callable[[], datetime], say: Callable[[str], None]
) -> list[Check]:
    """Returns what was found, in the order of the examination."""
    settings, found = _settings(environ, folder)
    if settings is None:
        return found
    now = clock()  # the machine's: records, gates and upstreams know no other
    found += _behind(settings, now, wishes) + _keys(settings, wrong=[check.said for check in found])
    for variable, path in _folders(settings):
        found += probe.folder(variable, path)
    since = None if wishes.all_landings else soundness.looked_into_since(now - settings.behind)
    looks: list[tuple[str, Callable[[], list[Check]]]] = [
        ("disk", lambda: [probe.disk(settings.data)]),
        ("clock", lambda: [] if settings.rehearsed else [probe.clock(settings.data, now)]),
        ("texts", lambda: soundness.texts(settings)),
        ("decisions", lambda: soundness.decisions(settings)),
        ("landings", lambda: soundness.answers(settings, since)),
        ("snapshots", lambda: soundness.snapshot(settings)),
        ("runs", lambda: soundness.records(settings)),
        ("gates", lambda: soundness.gates(settings, now)),
    ]
    for area, look in looks:
        found += _looked(area, look)
    if wishes.online or wishes.notify:
        found += _outside(settings, wishes, clock, say, sound=not any(c.area == "settings" for c in _wrong(found)))
    return found


def _looked(area: str, look: Callable[[], list[Check]]) -> list[Check]:
    try:
        return look()
    except OSError as error:
        return [Check(area, "wrong", f"{error.filename}: {error.strerror}; nothing more could be looked at there")]


def _wrong(found: list[Check]) -> Iterator[Check]:
    return (check for check in found if check.state == "wrong")


def _settings(environ: Mapping[str, str], folder: Path) -> tuple[Settings | None, list[Check]]:
    """Reads the settings; what is wrong with them is left out, so that the rest can be looked at."""
    try:
        settings = load_settings(environ, folder)
    except SettingsError as error:
        found = [Check("settings", "wrong", mistake) for mistake in error.mistakes]
        named = (match[0] for mistake in error.mistakes if (match := _VARIABLE.search(mistake)))
        try:
            return load_settings({**environ, **dict.fromkeys(named, "")}, folder), found
        except SettingsError:
            return None, [*found, Check("settings", "note", "mend these first: nothing else could be looked at")]
    file = folder / ".env"
    read = (
        f"read from the environment and {file}" if file.is_file() else f"read from the environment; {file} is not there"
    )
    return settings, [Check("settings", "ok", read)]


def _behind(settings: Settings, now: datetime, wishes: Wishes) -> list[Check]:
    """Says what time the commands take, where that is not the machine's; wrong only where a real upstream is to be asked."""
    days, then = settings.behind.days, now - settings.behind
    told = f"HARVESTER_DAYS_BEHIND={days}: to all commands it is {then:%Y-%m-%d %H:%M} UTC"
    try:
        demand_true_dates(settings)
    except SettingsError as error:
        if wishes.online:
            return [Check("settings", "wrong", mistake) for mistake in error.mistakes]
        told += ", as beside a rehearsal; a run would be refused: unset it for real nights"
    return [Check("settings", "note", told)] if days else []


def _folders(settings: Settings) -> tuple[tuple[str, Path], ...]:
    named = (
        ("HARVESTER_DATA", settings.data),
        ("HARVESTER_EDITORIAL", settings.editorial),
        ("HARVESTER_LISTS", settings.lists),
        ("HARVESTER_STATE", settings.state),
    )
    parts = (settings.data / name for name in ("raw", "curated", "runs"))
    return (*named, *(("HARVESTER_DATA", path) for path in parts if path.exists()))


_WITHOUT = {
    "github": "GITHUB_TOKEN is not set: 60 repositories a night instead of all",
    "semantic_scholar": "SEMANTIC_SCHOLAR_API_KEY is not set: a pool shared with everybody, often refused",
    "openalex": "OPENALEX_API_KEY is not set: a small daily allowance",
}


def _keys(settings: Settings, wrong: Sequence[str]) -> list[Check]:
    """Says which keys are not set; one that is set and no key (`wrong`) is told already."""
    absent = [said for source, said in _WITHOUT.items() if not settings.upstreams[source].key]
    unset = [said for said in absent if not any(mistake.startswith(said.partition(" ")[0]) for mistake in wrong)]
    missing = [Check("keys", "note", said) for said in unset]
    if not settings.contact and not settings.rehearsed:
        missing.append(Check("keys", "note", "HARVESTER_CONTACT is not set: a nameless client is refused sooner"))
    if not settings.notify:
        missing.append(Check("keys", "note", "HARVESTER_NOTIFY is not set: nobody is told of a night that failed"))
    if absent and not missing:  # set, but no keys: the settings say so
        return []
    return missing or [Check("keys", "ok", "all keys, a contact and addresses to tell are set")]


def _outside(
    settings: Settings, wishes: Wishes, clock: Callable[[], datetime], say: Callable[[str], None], *, sound: bool
) -> list[Check]:
    if not sound:
        return [Check("online", "note", "nobody was asked or told: mend the settings first")]
    found = online.ask_all(settings, clock, say) if wishes.online else []
    return found + (_tell(settings) if wishes.notify else [])


def _tell(settings: Settings) -> list[Check]:
    if not settings.notify:
        return [Check("notify", "wrong", "HARVESTER_NOTIFY is not set: there is nobody to tell")]
    text = "This is a test: from here people are told of bad nights, and of the first good one after them."
    refused = send(settings.notify, Message("test", "harvester: a test", text))
    taken = len(settings.notify) - len(refused)
    found = [Check("notify", "ok", f"{taken} of {len(settings.notify)} addresses took the test message")]
    return [*(found if taken else []), *(Check("notify", "wrong", said) for said in refused)]
