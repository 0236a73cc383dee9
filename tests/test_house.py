"""The house keeps itself: who may import whom, which doors there are, and files that fit one sitting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "harvester"
SITTING = 300  # lines that a newcomer reads in one sitting
GROUND = {
    "",
    "ids",
    "records",
    "words",
    "pages",
    "windows",
    "errors",
    "report",
    "report_words",
    "conversations",
    "counting",
    "settings",
    "definitions",
    "topics",
    "keys",
    "tex",
    "findings",
    "former_names",
    "phrases",
    "scores",
}
ROOMS = {"sources", "raw", "curated", "editorial", "lists", "formats"}

# Who may import whom. A room may import itself and the ground; the corridor joins the rooms; entrances see the corridor.
MAY_IMPORT: dict[str, set[str]] = {
    **dict.fromkeys(GROUND, GROUND),
    **{room: GROUND | {room} for room in ROOMS},
    "steps": GROUND | ROOMS | {"steps"},
    "cli": GROUND | ROOMS | {"steps", "cli", "rehearsal"},
    "rehearsal": {"", "ids", "records", "rehearsal"},
    "__main__": {"cli"},
    "flows": {"", "steps", "settings", "report", "report_words", "errors"},
}
PLUGS = ("sources", "formats")  # plugs of one row do not know each other
SHARED_GRAMMAR = {"_markdown", "_feed"}  # what the plugs of a row share carries an underscore

# The doors: everything else is a function from values to values.
DOORS = {
    "sockets": ({"requests", "httpx", "socket", "urllib.request", "http.client"}, {"raw/wire.py"}),
    "locks": ({"filelock", "fcntl"}, {"raw/gate.py", "steps/tell.py"}),
    "Prefect": ({"prefect"}, set[str]()),
}
DISK_DOORS = {
    "raw/landings.py",
    "raw/gate.py",  # the gate's stamp lies beside its lock
    "curated/snapshots.py",
    "curated/manifests.py",  # the reading half of that door
    "curated/parquet.py",  # its files, one at a time
    "editorial/log.py",
    "editorial/lists.py",  # adopting writes a list's definition
    "lists/shelf.py",
    "settings.py",
    "steps/tell.py",
    "steps/probe.py",  # tries folders out, for the doctor
    "steps/recorded.py",  # histories that others recorded, to be measured on
    "steps/readings.py",  # a cache beside the data, which may be deleted at any time
}
DISK_WORDS = {
    "write_text",
    "write_bytes",
    "read_text",
    "read_bytes",
    "mkdir",
    "unlink",
    "rename",
    "rmtree",
    "symlink_to",
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py")) + sorted((ROOT / "flows").glob("*.py"))


def room_of(path: Path) -> str:
    if path.is_relative_to(ROOT / "flows"):
        return "flows"
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT if path.is_relative_to(ROOT / "flows") else PACKAGE).as_posix()


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            # "from harvester.raw import wire" names the module harvester.raw.wire
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def ours(path: Path) -> Iterator[tuple[int, list[str]]]:
    for line, module in imports(path):
        parts = module.split(".")
        if parts[0] == "harvester":
            yield line, parts[1:]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_point_down_never_sideways(path: Path) -> None:
    allowed = MAY_IMPORT[room_of(path)]
    known = set(MAY_IMPORT)
    for line, parts in ours(path):
        target = parts[0] if parts and parts[0] in known else ""
        assert target in allowed, f"{name_of(path)}:{line}: {room_of(path) or 'harvester'} may not import {target}"


@pytest.mark.parametrize("path", [p for p in modules() if room_of(p) in PLUGS], ids=name_of)
def test_plugs_do_not_know_each_other(path: Path) -> None:
    if path.stem == "__init__":
        return  # the registry is the one place that names them all
    family = path.stem.partition("_parse")[0]  # a plug may be split: table.py and table_parse.py
    for line, parts in ours(path):
        if parts[:1] == [room_of(path)] and len(parts) > 1:
            plug = parts[1]
            assert plug in SHARED_GRAMMAR or plug.startswith((family, "_")), (
                f"{name_of(path)}:{line}: imports plug {plug}"
            )


@pytest.mark.parametrize("path", [p for p in modules() if room_of(p) not in ("rehearsal", "flows")], ids=name_of)
def test_doors_are_named(path: Path) -> None:
    for door, (words, doors) in DOORS.items():
        for line, module in imports(path):
            opened = any(module == word or module.startswith(word + ".") for word in words)
            assert not opened or name_of(path) in doors, f"{name_of(path)}:{line}: {module}: no door for {door} here"


@pytest.mark.parametrize(
    "path", [p for p in modules() if room_of(p) not in ("rehearsal", "flows", "cli", "desk")], ids=name_of
)
def test_files_are_touched_at_named_doors_only(path: Path) -> None:
    if name_of(path) in DISK_DOORS:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        touched = isinstance(node, ast.Attribute) and node.attr in DISK_WORDS
        opened = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
        where = f"{name_of(path)}:{getattr(node, 'lineno', 0)}"
        assert not touched and not opened, f"{where}: files are touched at a named door, not here"


READ = sorted(
    path for folder in ("src", "flows", "tests", "scripts", "benchmarks") for path in (ROOT / folder).rglob("*.py")
)


@pytest.mark.parametrize("path", READ, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_fits_one_sitting(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= SITTING, f"{path.relative_to(ROOT)} has {lines} lines: split it by noun"


# Who may ask what time it is; everybody else is told.
CLOCKS = {"raw/gate.py", "flows", "cli", "rehearsal"}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_the_clock_is_read_at_the_entrances_and_the_gate(path: Path) -> None:
    if name_of(path) in CLOCKS or room_of(path) in CLOCKS:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today"):
            of_clock = isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date")
            assert not of_clock, f"{name_of(path)}:{node.lineno}: time comes in as an argument"


def test_the_lock_file_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert lock.count("--hash=sha256:") > 1000
