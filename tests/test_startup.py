"""Start-up is a feature: which slow modules each command loads before it does anything."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SLOW = [
    "prefect",
    "pandas",
    "pyarrow",
    "lxml",
    "arxiv",
    "github",
    "semanticscholar",
    "requests",
    "sklearn",
    "rich",
    "jinja2",
]


CALL = """
from click.testing import CliRunner
from harvester.cli import main
assert CliRunner().invoke(main, {arguments!r}).exit_code == 0
"""


def loaded(statement: str) -> set[str]:
    code = f"import sys, json\n{statement}\nprint(json.dumps(sorted(set(sys.modules) & set({SLOW!r}))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_loads_nothing_slow() -> None:
    assert (
        loaded(
            "from click.testing import CliRunner\nfrom harvester.cli import main\nCliRunner().invoke(main, ['--help'])"
        )
        == set()
    )


def commands() -> list[str]:
    from harvester.cli import main

    return sorted(main.commands) if main.commands else sorted(main.list_commands(None))  # type: ignore[arg-type]  # lazy group


@pytest.mark.parametrize("name", commands())
def test_the_help_of_a_command_loads_nothing_slow(name: str) -> None:
    assert loaded(CALL.format(arguments=[name, "--help"])) == set()


@pytest.mark.parametrize("step", ["harvest", "refresh", "curate", "publish", "replay"])
def test_steps_import_slow_packages_only_when_they_run(step: str) -> None:
    assert loaded(f"import harvester.steps.{step}") == set()
