"""awesome-lint (npm) on the shipped lists as they are published: no errors but those that we except, with reasons."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from list_builders import AS_OF, SNAPSHOT, known_facts

from harvester.definitions import read_editorial
from harvester.editorial.entries import fold
from harvester.editorial.log import read_log
from harvester.settings import read_texts
from harvester.steps.lint import lint_files
from harvester.steps.render import render

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "scripts" / "awesome_lint.py"
SEEDS = ROOT / ".." / "shared" / "seeds"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, timeout=400)
    if done.returncode == 2:
        pytest.skip(f"awesome-lint does not run here: {done.stderr.strip()}")
    return done


def put_shipped_lists(folder: Path) -> None:
    """Renders them with a number for every paper and repository, so that every badge is looked at."""
    editorial = read_editorial(read_texts(ROOT / "editorial"))
    entries = fold(read_log(ROOT / "editorial").decisions).entries
    papers, repositories = known_facts(entries)
    for definition in editorial.lists:
        for name, text in render(entries, papers, repositories, definition, AS_OF, SNAPSHOT).items():
            page = folder / definition.slug / name
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")


def test_the_shipped_lists_have_no_errors_but_documented_ones(tmp_path: Path) -> None:
    put_shipped_lists(tmp_path)
    done = run("--json", str(tmp_path))
    found: list[dict[str, Any]] = json.loads(done.stdout)
    left = [f"{one['file']}:{one['line']}: {one['rule']}" for one in found if one["error"] and not one["excepted"]]
    assert left == [] and done.returncode == 0
    used = {one["rule"] for one in found if one["excepted"]}
    assert used == {rule for rule, _ in exceptions()}, "an exception that lets nothing stand is taken out"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the raw seed lists are not beside the checkout")
def test_the_raw_seeds_have_hundreds_as_docs_say(tmp_path: Path) -> None:
    for seed in sorted(SEEDS.glob("*.txt")):
        (tmp_path / seed.stem).mkdir()
        (tmp_path / seed.stem / "README.md").write_bytes(seed.read_bytes())
    found: list[dict[str, Any]] = json.loads(run("--raw", "--json", str(tmp_path)).stdout)
    errors = Counter(one["file"] for one in found if one["error"])
    first, second = (errors[file] for file in sorted(errors))
    ours = [
        lint_files({"README.md": page.read_text(encoding="utf-8")}).errors for page in sorted(tmp_path.rglob("*.md"))
    ]
    said = " ".join((ROOT / "docs" / "lint.md").read_text(encoding="utf-8").split())
    assert f"{first} and {second} errors by awesome-lint, and {ours[0]} and {ours[1]} by the rules on pages" in said


def test_every_exception_says_why_once() -> None:
    assert all(len(reason) > 40 for _, reason in exceptions())
    assert len({rule for rule, _ in exceptions()}) == len(exceptions())


def test_the_lock_pins_every_package_and_names_no_registry() -> None:
    text = (ROOT / "scripts/awesome-lint/package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert "://" not in text
    assert all(one.get("integrity", "").startswith("sha512-") for path, one in packages.items() if path)


def exceptions() -> list[tuple[str, str]]:
    told = tomllib.loads((ROOT / "scripts/awesome-lint/exceptions.toml").read_text(encoding="utf-8"))
    return [(one["rule"], one["reason"]) for one in told["exceptions"]]
