"""A night whose snapshot is held back, as a timer sees it."""

from __future__ import annotations

import json

from night_process import NIGHTLY, Stage

from harvester.rehearsal import NIGHTS

SECOND = ("nightly.py", "--as-of", f"{NIGHTS[1]:%Y-%m-%dT%H:%M:%SZ}")


def test_a_held_back_night_exits_with_3_and_is_published_when_a_person_says_so(stage: Stage) -> None:
    assert stage.run(*NIGHTLY).returncode == 0
    before = {path: path.read_bytes() for path in (stage.home / "lists").rglob("*") if path.is_file()}
    sittings = (stage.home / "editorial" / "decisions").glob("*.jsonl")
    max(sittings, key=lambda path: path.stat().st_size).unlink()
    stage.rehearsal.move_to(NIGHTS[1])

    held = stage.run(*SECOND)
    assert held.returncode == 3, held.stderr
    assert "cause: the snapshot is held back: " in held.stdout
    assert "entries would go that no decision takes away" in held.stdout
    assert "harvester publish --publish-anyway" in held.stdout
    assert (stage.home / "data" / "curated" / "LATEST").read_text() == "2024-06-03T030000Z\n"
    assert {path: path.read_bytes() for path in (stage.home / "lists").rglob("*") if path.is_file()} == before
    record = json.loads((stage.home / "data" / "runs" / "2024-06-04T030000Z.json").read_text())
    assert (record["state"], record["exit_code"], record["published"]) == ("degraded", 3, False)
    assert len(record["held_back"]) == 1

    stage.rehearsal.reset_log()
    published = stage.run(*SECOND, "--publish-anyway")
    assert published.returncode == 0, published.stdout + published.stderr
    assert "note: published anyway, as asked: " in published.stdout
    assert stage.rehearsal.requests() == [], "the answers of the night were kept"
    assert (stage.home / "data" / "curated" / "LATEST").read_text() == "2024-06-04T030000Z\n"
