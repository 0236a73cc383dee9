"""The fields of a fault: every one that a kind reads is allowed, and any other is refused with what is allowed."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from harvester.rehearsal import arxiv_faults, faults, hostile_faults
from harvester.rehearsal.fault_fields import COMMON, EXAMPLE, checked, fields_of, read_script
from harvester.rehearsal.faults import KINDS


def test_every_option_that_a_fault_reads_may_be_written() -> None:
    sources = "".join(inspect.getsource(module) for module in (faults, arxiv_faults, hostile_faults))
    read = set(re.findall(r'fault\.option\(\s*"(\w+)"', sources))
    allowed = {name for kind in KINDS for name in fields_of(kind)}
    assert read <= allowed and allowed - set(COMMON) <= read


def test_the_example_is_one() -> None:
    assert read_script(EXAMPLE) == read_script(f"[{EXAMPLE}]")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"upstream": "arxiv"}', "line 1: a fault needs a kind; there are: "),
        ('{"kind": "http_530"}', "line 1: no fault of the kind 'http_530'; did you mean 'http_50"),
        (
            '\n{"kind": "stall", "secs": 3}',
            "line 2: a fault of the kind 'stall' has no 'secs'; it may have: kind, upstream",
        ),
        ('[{"kind": "stall"}, 3]', "fault 2: a fault is a JSON object such as "),
        (
            '{"kind": "stall"}\n{"kind": ',
            "line 2: not valid JSON: Expecting value at column 10; write one object a line",
        ),
        ('[{"kind": "stall"},\n]', "line 2: not valid JSON: "),
    ],
)
def test_a_slip_is_told_with_its_place_and_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        read_script(text)


def test_a_single_fault_is_checked_without_a_place() -> None:
    with pytest.raises(ValueError, match=r"^a fault of the kind 'reset' has no 'seconds'"):
        checked({"kind": "reset", "seconds": 1})


def test_every_kind_and_field_stands_in_the_manual() -> None:
    manual = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    names = {*KINDS, *(field for kind in KINDS for field in fields_of(kind))}
    assert [name for name in sorted(names) if f"`{name}`" not in manual] == []
