"""Run awesome-lint (an npm package, pinned in scripts/awesome-lint) on Markdown pages, with our documented exceptions.

    python scripts/awesome_lint.py lists/ [--raw] [--json]

Files are copied into a temporary folder outside of any repository, where awesome-lint asks nobody over the network. npm
itself asks its registry unless its cache holds the packages. Exit code 1 where errors are left, 2 where it cannot run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent / "awesome-lint"
INSTALL = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]


@dataclass(frozen=True, slots=True)
class Message:
    """What awesome-lint says about one place; a warning (spelling of product names) fails nothing."""

    file: str
    line: int
    rule: str
    error: bool
    said: str


class CannotRun(Exception):
    """npm or node is missing, or the registry did not answer."""


def exceptions() -> dict[str, str]:
    """Rules that our pages do not keep, with the reason."""
    told = tomllib.loads((HERE / "exceptions.toml").read_text(encoding="utf-8"))["exceptions"]
    return {one["rule"]: one["reason"] for one in told}


def install(folder: Path) -> None:
    """Installs the pinned packages, checked by the digests of the lock, into a folder."""
    if not (shutil.which("npm") and shutil.which("node")):
        raise CannotRun("npm and node (20 or newer) are needed; install them, or leave this check to CI")
    for name in ("package.json", "package-lock.json", "lint.mjs"):
        shutil.copy(HERE / name, folder / name)
    _run(INSTALL, folder)


def messages(installed: Path, pages: dict[str, Path]) -> list[Message]:
    """Lints pages by the name under which they are told."""
    names = dict(zip((f"pages/{at}/{path.name}" for at, path in enumerate(pages.values())), pages, strict=True))
    for copy, name in names.items():
        (installed / copy).parent.mkdir(parents=True)
        shutil.copy(pages[name], installed / copy)
    said = [json.loads(line) for line in _run(["node", "lint.mjs", *names], installed).splitlines()]
    return [Message(**{**one, "file": names[one["file"]]}) for one in said]


def _run(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise CannotRun(f"{command[0]} {command[1]} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


def _pages(paths: Sequence[Path]) -> dict[str, Path]:
    found = [page for path in paths for page in (sorted(path.rglob("*.md")) if path.is_dir() else [path])]
    return {page.as_posix(): page for page in found}


def main() -> int:
    """Lints, tells, and returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a page, or a folder of pages")
    parser.add_argument("--raw", action="store_true", help="make no exceptions")
    parser.add_argument("--json", action="store_true", help="print every message as JSON, excepted ones too")
    given = parser.parse_args()
    allowed = {} if given.raw else exceptions()
    try:
        with tempfile.TemporaryDirectory(prefix="awesome-lint-") as scratch:
            install(Path(scratch))
            found = messages(Path(scratch), _pages(given.paths))
    except CannotRun as error:
        print(f"awesome-lint: {error}", file=sys.stderr)
        return 2
    errors = [one for one in found if one.error and one.rule not in allowed]
    if given.json:
        print(json.dumps([{**asdict(one), "excepted": one.error and one.rule in allowed} for one in found], indent=1))
    else:
        for one in errors:
            print(f"{one.file}:{one.line}: {one.rule}: {one.said}")
    _sum_up(found, errors, allowed)
    return 1 if errors else 0


def _sum_up(found: Sequence[Message], errors: Sequence[Message], allowed: dict[str, str]) -> None:
    excepted = Counter(one.rule for one in found if one.error and one.rule in allowed)
    by_rule = f" ({', '.join(f'{rule} {count}' for rule, count in excepted.most_common())})" if excepted else ""
    warnings = sum(not one.error for one in found)
    print(f"{len(errors)} errors, {warnings} warnings, {excepted.total()} excepted{by_rule}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
