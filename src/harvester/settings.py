"""Settings: addresses, folders, keys and paces from the environment and `.env`; topics and lists from `editorial/`.

Reading gathers all mistakes and raises them at once. Secrets are kept out of every `repr`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from harvester import __version__
from harvester.definitions import Editorial, read_editorial, sift_editorial
from harvester.errors import SettingsError

_KEY = re.compile(r"[!-~]{8,}")  # a shorter one would occur in harmless answers, which are then not kept
_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|::1")
_NEXT_ADDRESS = re.compile(r"[\s,]+(?=[A-Za-z][A-Za-z0-9+.-]*://)")  # a comma inside an address parts nothing
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
_TOKEN = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[^/:@?&=,#]{12,}")  # of an address: what no harmless answer holds


@dataclass(frozen=True, slots=True)
class Upstream:
    """One upstream: where it is, how often it may be asked, and the key, if there is one."""

    source: str  # name of the source module
    gate: str  # upstreams with one name share one gate (arXiv counts all its interfaces together)
    url: str  # the part before the paths of the source
    interval: float  # seconds between the starts of two requests
    silence: float = 0.0  # seconds to stay silent after a 429, see `raw/patience.py`
    key: str | None = field(default=None, repr=False)
    requests: int = 100  # the most that one night's refresh may plan
    batch: int | None = None  # the most things in one request; None: as many as the upstream takes
    key_variable: str | None = None  # where its key stands; None where it takes none

    @property
    def host(self) -> str:
        """Host and port, as the gate's name needs them."""
        return urlsplit(self.url).netloc

    @property
    def on_loopback(self) -> bool:
        """Whether the upstream runs on this machine, as a rehearsal does."""
        return bool(_LOOPBACK.fullmatch(urlsplit(self.url).hostname or ""))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run needs to know that is not in the data."""

    data: Path
    editorial: Path
    lists: Path
    state: Path  # of the user, not of the checkout: gates are shared by all checkouts on a machine
    upstreams: Mapping[str, Upstream]  # by source
    contact: str | None
    attempts: int = 4  # of one request, repeated ones included
    waiting: float = 900.0  # seconds of pauses and lost attempts that one run bears from one upstream
    behind: timedelta = timedelta(0)  # of all commands' clocks behind the machine's: whole days, for rehearsals
    notify: tuple[str, ...] = field(default=(), repr=False)  # Apprise's addresses, which hold passwords and tokens
    checkout: Path = Path()  # below which relative folders lie

    @property
    def user_agent(self) -> str:
        """What upstreams see; with a contact, as arXiv and OpenAlex ask for."""
        contact = f"; contact: {self.contact}" if self.contact else ""
        return f"harvester/{__version__} (nightly metadata harvest for lists of papers{contact})"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every configured key and address to tell, to be kept out of landings and reports."""
        keys = [upstream.key for upstream in self.upstreams.values() if upstream.key]
        return (*keys, *(part for address in self.notify for part in (address, *_tokens_of(address))))

    @property
    def rehearsed(self) -> bool:
        """Whether all upstreams are on loopback; only then may a run's clock be virtual."""
        return all(upstream.on_loopback for upstream in self.upstreams.values())


# source: (gate, variable stem, address, seconds between requests, silence after a 429, variable of the key)
# Semantic Scholar's pace is that with a key; without one everybody shares a pool that grants about one answer a minute.
_UPSTREAMS: dict[str, tuple[str, str, str, float, float, str | None]] = {
    "arxiv_api": ("arxiv", "ARXIV", "https://export.arxiv.org", 3.0, 600.0, None),
    "arxiv_oai": ("arxiv", "ARXIV_OAI", "https://oaipmh.arxiv.org", 3.0, 600.0, None),
    "github": ("github", "GITHUB", "https://api.github.com", 1.0, 60.0, "GITHUB_TOKEN"),
    "semantic_scholar": (
        "semantic_scholar",
        "SEMANTIC_SCHOLAR",
        "https://api.semanticscholar.org",
        1.0,
        0.0,
        "SEMANTIC_SCHOLAR_API_KEY",
    ),
    "openalex": ("openalex", "OPENALEX", "https://api.openalex.org", 0.1, 0.0, "OPENALEX_API_KEY"),
}


_PLAIN = ("DATA", "EDITORIAL", "LISTS", "STATE", "CONTACT", "ATTEMPTS", "WAITING", "NOTIFY", "DAYS_BEHIND")
_WITHOUT_KEY = {"semantic_scholar": 60.0}  # seconds between requests
# Requests a night of the refresh with and without a key: batches of 500 (Semantic Scholar), 100 (OpenAlex, GitHub with a
# token) and 1 (GitHub without); OpenAlex's allowance without a key is a tenth of its credits at the least.
_REQUESTS = {"semantic_scholar": (200, 15), "openalex": (1000, 50), "github": (500, 60)}


def load_settings(environ: Mapping[str, str], folder: Path) -> Settings:
    """Reads the environment and `folder/.env` (the environment wins); relative folders lie below `folder`."""
    from dotenv import dotenv_values
    from platformdirs import user_state_path

    known = {key: value for key, value in dotenv_values(folder / ".env").items() if value is not None}
    variables = {key: value.strip() for key, value in {**known, **environ}.items() if value.strip()}
    mistakes: list[str] = []
    upstreams = {source: _upstream(source, variables, mistakes) for source in _UPSTREAMS}
    contact = variables.get("HARVESTER_CONTACT")
    if contact and not contact.isprintable():
        mistakes.append("HARVESTER_CONTACT must be one printable line, such as a mail address")
    attempts = _whole("HARVESTER_ATTEMPTS", 4, (1, 20), variables, mistakes)
    waiting = _seconds("HARVESTER_WAITING", 900.0, variables, mistakes)
    behind = _whole("HARVESTER_DAYS_BEHIND", 0, (0, 36_500), variables, mistakes)
    notify = _addresses(variables.get("HARVESTER_NOTIFY", ""), mistakes)
    mistakes += _misspelt(variables)
    if mistakes:
        raise SettingsError(list(dict.fromkeys(mistakes)))  # interfaces of one upstream share variables
    return Settings(
        data=folder / variables.get("HARVESTER_DATA", "data"),
        editorial=folder / variables.get("HARVESTER_EDITORIAL", "editorial"),
        lists=folder / variables.get("HARVESTER_LISTS", "lists"),
        state=folder / variables["HARVESTER_STATE"] if "HARVESTER_STATE" in variables else user_state_path("harvester"),
        upstreams=upstreams,
        contact=contact,
        attempts=attempts,
        waiting=waiting,
        behind=timedelta(days=behind),
        notify=notify,
        checkout=folder,
    )


def _addresses(text: str, mistakes: list[str]) -> tuple[str, ...]:
    """Parts addresses at commas and spaces; a mistake never repeats one."""
    parts = tuple(filter(None, (part.strip(" ,") for part in _NEXT_ADDRESS.split(text))))
    wrong = [number for number, part in enumerate(parts, 1) if not _is_address(part)]
    mistakes += [
        f"HARVESTER_NOTIFY must hold addresses of Apprise such as mailtos://user:password@example.org, parted by commas; "
        f"the {number}. is none"
        for number in wrong
    ]
    return parts


def _is_address(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:  # a bracket that nobody closes
        return False
    return bool(_ADDRESS.fullmatch(text))


def _tokens_of(address: str) -> list[str]:
    """Returns the parts of an address that look like tokens or are its password; not its host, which is no secret."""
    parts = urlsplit(address)
    rest = f"{parts.path}/{parts.query}/{parts.fragment}".replace("+", "/")
    user = parts.netloc.rpartition("@")[0]
    password = user.partition(":")[2]
    found = [piece for piece in re.split(r"[/:@?&=,#]", f"{rest}/{user}") if _TOKEN.fullmatch(piece)]
    return [*found, *([password] if _KEY.fullmatch(password) else [])]


def _misspelt(variables: Mapping[str, str]) -> list[str]:
    """Finds variables that nothing reads or that differ from ours by a slip; what is silently not heard may do harm."""
    stems = [row[1] for row in _UPSTREAMS.values()]
    known = {f"HARVESTER_{name}" for name in _PLAIN}
    known |= {
        f"HARVESTER_{stem}_{what}" for stem in stems for what in ("URL", "INTERVAL", "SILENCE", "REQUESTS", "BATCH")
    }
    unheard = {f"HARVESTER_{stem}_BATCH" for stem in ("ARXIV", "ARXIV_OAI")}
    shared = {f"HARVESTER_ARXIV_OAI_{what}" for what in ("INTERVAL", "SILENCE", "REQUESTS")}
    useless = [f"{name} is not heard: leave it out" for name in variables if name in unheard]
    useless += [
        f"{name} is not heard: all interfaces of arXiv share {name.replace('_OAI', '')}"
        for name in variables
        if name in shared
    ]
    ours = (name for name in variables if name.startswith("HARVESTER_") and name not in known)
    near = ((name, difflib.get_close_matches(name, known, n=1, cutoff=0.93)) for name in ours)
    return useless + [f"{name} is unknown; did you mean {found[0]}?" for name, found in near if found]


def _upstream(source: str, variables: Mapping[str, str], mistakes: list[str]) -> Upstream:
    gate, stem, address, interval, silence, key_variable = _UPSTREAMS[source]
    url = variables.get(f"HARVESTER_{stem}_URL", address).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        mistakes.append(f"HARVESTER_{stem}_URL must be an http(s) address such as {address}, not {url!r}")
    elif parts.username or parts.query:
        mistakes.append(f"HARVESTER_{stem}_URL must not hold a user name or a query: keys have variables of their own")
    family = gate.upper()  # all interfaces of one upstream share its pace
    key = variables.get(key_variable) if key_variable else None
    if key and not _KEY.fullmatch(key):
        mistakes.append(
            f"{key_variable} is not a key: at least 8 characters without spaces; copy it again, or leave it out"
        )
    interval = interval if key else _WITHOUT_KEY.get(source, interval)
    requests = _REQUESTS.get(source, (100, 100))[0 if key else 1]
    batch = f"HARVESTER_{family}_BATCH"
    upstream = Upstream(
        source=source,
        gate=gate,
        url=url,
        interval=_seconds(f"HARVESTER_{family}_INTERVAL", interval, variables, mistakes),
        silence=_seconds(f"HARVESTER_{family}_SILENCE", silence, variables, mistakes),
        requests=_whole(f"HARVESTER_{family}_REQUESTS", requests, (0, 2000), variables, mistakes),
        batch=_whole(batch, 0, (1, 500), variables, mistakes) if batch in variables else None,
        key=key,
        key_variable=key_variable,
    )
    if gate == "arxiv" and upstream.interval < interval and not upstream.on_loopback:
        mistakes.append(f"HARVESTER_ARXIV_INTERVAL must be at least {interval:g} seconds, as arXiv's terms of use ask")
    if key and parts.scheme == "http" and not upstream.on_loopback:
        mistakes.append(f"HARVESTER_{stem}_URL is plain http, where {key_variable} could be read on the way: use https")
    return upstream


def _seconds(variable: str, default: float, variables: Mapping[str, str], mistakes: list[str]) -> float:
    text = variables.get(variable)
    if text is None:
        return default
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        mistakes.append(f"{variable} must be a number of seconds from 0 to 86400, not {text!r}")
        return default
    return seconds


def _whole(
    variable: str, default: int, bounds: tuple[int, int], variables: Mapping[str, str], mistakes: list[str]
) -> int:
    text = variables.get(variable, str(default))
    low, high = bounds
    if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
        mistakes.append(f"{variable} must be a whole number from {low} to {high}, not {text!r}")
        return default
    return int(text)


def read_texts(folder: Path) -> dict[str, str]:
    """Reads the files of `editorial/` that define topics and lists, by path below the folder."""
    paths = [
        folder / "topics.toml",
        *(path for kind in ("toml", "md", "j2") for path in sorted((folder / "lists").glob(f"*.{kind}"))),
    ]
    texts: dict[str, str] = {}
    mistakes: list[str] = []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            mistakes.append(
                f"{path} is missing: run in a checkout, set HARVESTER_EDITORIAL, or write the topics to harvest into it"
            )
        except (OSError, UnicodeDecodeError) as error:
            mistakes.append(f"{path} cannot be read as UTF-8 text: {error}")
    if mistakes:
        raise SettingsError(mistakes)
    return texts


def load_editorial(settings: Settings) -> Editorial:
    """Reads topics and list definitions as they are now; a mistake is named with the folder it was read from."""
    try:
        return read_editorial(read_texts(settings.editorial))
    except SettingsError as error:
        raise SettingsError(named(settings, error.mistakes)) from None


def readable_editorial(settings: Settings) -> Editorial:
    """Reads the same, and leaves out lists that cannot be read: what is wrong with one is no matter of the others."""
    found = sift_editorial(read_texts(settings.editorial))
    if found.mistakes:
        raise SettingsError(named(settings, found.mistakes))
    broken = {slug: tuple(named(settings, mistakes)) for slug, mistakes in found.of_lists.items()}
    return replace(found.editorial, broken=broken)


def named(settings: Settings, mistakes: Iterable[str]) -> list[str]:
    """Returns mistakes in editorial texts with the folder that they were read from in front."""
    folder = f"{settings.editorial.as_posix()}/"
    return [mistake if mistake.startswith(folder) else folder + mistake for mistake in mistakes]
