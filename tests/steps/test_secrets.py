"""Keys are sent to their upstream and to nobody else, and stand in no file that a night writes."""

from __future__ import annotations

from pathlib import Path

from night_runner import run_night

from harvester.rehearsal import NIGHTS, Rehearsal
from harvester.settings import load_settings

PLANTED = {
    "GITHUB_TOKEN": "ghp_planted0123456789",
    "SEMANTIC_SCHOLAR_API_KEY": "s2-planted-0123456789",
    "OPENALEX_API_KEY": "oa-planted-0123456789",
}


def test_planted_keys_are_in_no_file_though_every_upstream_repeats_them(
    environment: dict[str, str], home: Path, rehearsal: Rehearsal
) -> None:
    settings = load_settings({**environment, **PLANTED}, home)
    rehearsal.move_to(NIGHTS[0])
    for upstream in ("github", "semantic_scholar", "openalex"):
        rehearsal.play({"upstream": upstream, "kind": "echo_authorization", "times": 1})
    said: list[str] = []
    report = run_night(settings, NIGHTS[0], said.append)
    assert report.state == "degraded"  # an answer that repeats a key is not kept
    assert any("repeated a configured key" in line for line in said)
    written = [path for path in home.rglob("*") if path.is_file()]
    assert len(written) > 50
    everything = b"\n".join(_content(path) for path in written) + "\n".join(said).encode()
    for name, key in PLANTED.items():
        assert key.encode() not in everything, name


def _content(path: Path) -> bytes:
    import gzip

    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
