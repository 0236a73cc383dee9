"""`harvester lint`, as people call it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from deciding_world import settle_in

from harvester.cli import main

ROOT = Path(__file__).resolve().parents[2]
Lint = Callable[..., Result]


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lint:
    settle_in(tmp_path)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, ["lint", *arguments])


def accept(**more: object) -> None:
    line = {
        "at": "2024-06-03T12:00:00Z",
        "by": "ann",
        "list": "efficient",
        "subject": "arxiv:2405.00001",
        "act": "accept",
    }
    folder = Path("editorial/decisions")
    folder.mkdir(exist_ok=True)
    (folder / "2024-06-03T120000Z-ann-aaaa.jsonl").write_text(json.dumps({**line, **more}) + "\n", encoding="utf-8")


def test_the_shipped_lists_have_no_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "editorial", tmp_path / "editorial")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["lint"])
    assert done.exit_code == 0, done.output
    assert done.stderr.startswith("0 errors")


def test_a_decision_with_a_dead_link_fails_and_is_told_with_its_line(lint: Lint) -> None:
    accept(section="Survey", wording={"links": [{"label": "code", "url": "None"}]})
    done = lint("--list", "efficient")
    assert done.exit_code == 1
    assert "editorial/decisions/2024-06-03T120000Z-ann-aaaa.jsonl:1: error entry-link: " in done.stdout
    assert "1 error," in done.stderr
    assert lint("--list", "moe").exit_code == 0


def test_a_line_that_cannot_be_read_is_an_error(lint: Lint) -> None:
    accept(act="acept", section="Survey")
    done = lint("--json")
    found = [row for row in json.loads(done.stdout) if row["severity"] == "error"]
    assert done.exit_code == 1 and [row["rule"] for row in found] == ["broken-decision"]
    assert found[0]["line"] == 1 and "did you mean 'accept'?" in found[0]["said"]


def test_an_edit_that_replaced_another_word_than_the_one_that_stands_is_told(lint: Lint) -> None:
    accept(section="Survey")
    edit = {"act": "edit", "from": {"title": "What arXiv said once"}, "to": {"title": "Ours"}}
    Path("editorial/decisions/2024-06-03T130000Z-bob-aaaa.jsonl").write_text(
        json.dumps(
            {"at": "2024-06-03T13:00:00Z", "by": "bob", "list": "efficient", "subject": "arxiv:2405.00001", **edit}
        )
    )
    told = next(line for line in lint().stdout.split("\n") if "outdated-edit" in line)
    assert told.startswith("editorial/decisions/2024-06-03T130000Z-bob-aaaa.jsonl:1: warning outdated-edit: ")
    assert "harvester undo" in told
    queue = CliRunner().invoke(main, ["queue", "--list", "efficient"])
    assert "1 edit no longer applies: arxiv:2405.00001 in list efficient: bob changed the title" in queue.stderr
    assert "no longer" not in CliRunner().invoke(main, ["queue", "--list", "moe"]).stderr


def test_titles_are_compared_with_those_of_the_snapshot(lint: Lint) -> None:
    accept(section="Survey", wording={"title": "Quite another paper about cats"})
    assert "warning title-differs: arxiv:2405.00001" in lint().stdout


def test_an_exception_takes_a_finding_out(lint: Lint) -> None:
    accept(section="Survey", wording={"title": "Quite another paper about cats"})
    with Path("editorial/lists/efficient.toml").open("a") as file:
        file.write(
            '[[lint_exceptions]]\nrule = "title-differs"\nsubject = "arxiv:2405.00001"\nreason = "renamed in v2"\n'
        )
    done = lint("--list", "efficient", "--json")
    (row,) = (row for row in json.loads(done.stdout) if row["rule"] == "title-differs")
    assert row["excepted"] is True and row["reason"] == "renamed in v2" and done.exit_code == 0
    assert "excepted title-differs: arxiv:2405.00001" in lint().stdout
    assert "[let stand: renamed in v2]" in lint().stdout


def test_what_is_found_on_a_page_is_told_with_the_line_to_mend(lint: Lint) -> None:
    accept(section="Survey", wording={"title": "A paper", "notes": [{"text": "see [there](#nowhere)"}]})
    Path("editorial/lists/efficient.head.md").write_text("Hello.\n\n[up](#gone)\n", encoding="utf-8")
    told = {line.split(": ")[0]: line for line in lint("--list", "efficient").stdout.splitlines() if "-anchor" in line}

    heads = [line for line in told.values() if "[from editorial/lists/efficient.head.md:3: edit it there]" in line]
    entries = [
        line for line in told.values() if "[from editorial/decisions/2024-06-03T120000Z-ann-aaaa.jsonl:1: " in line
    ]
    assert len(heads) == 1
    assert [line.partition(":")[0] for line in entries] == ["lists/efficient/README.md", "lists/efficient/survey.md"]
    assert all("and run `harvester adopt lists/efficient/" in line for line in entries)


def test_any_page_can_be_linted(lint: Lint) -> None:
    Path("page.md").write_text("# A\n\n[x](#b) [y](None)\n", encoding="utf-8")
    done = lint("page.md")
    assert done.exit_code == 1
    assert [line.split(": ")[0:2] for line in done.stdout.splitlines()] == [
        ["page.md:3", "error broken-anchor"],
        ["page.md:3", "error page-link"],
    ]
    Path("other.md").write_text("# B\n\n[x](page.md#a)\n", encoding="utf-8")
    assert lint("other.md").exit_code == 0


def test_what_is_no_page_is_told(lint: Lint) -> None:
    Path("page.md").write_bytes(b"\xff\xfe")
    assert "not UTF-8 at byte 1" in lint("page.md").stderr
    assert lint("none.md").exit_code == 2
    assert lint("page.md", "--list", "efficient").exit_code == 2
    assert "there is no list 'x'" in lint("--list", "x").stderr


def test_a_fence_that_nobody_ends_is_told_in_head_foot_and_prose(lint: Lint) -> None:
    lists = Path("editorial/lists")
    (lists / "efficient.head.md").write_text("Hello.\n\n```bash\nmake\n", encoding="utf-8")
    (lists / "efficient.foot.md").write_text("```\nends what the head began, in the page\n```\n<!-- no end\n")
    text = (lists / "efficient.toml").read_text(encoding="utf-8") + 'prose = """\nSee\n~~~\n"""\n'
    (lists / "efficient.toml").write_text(text, encoding="utf-8")
    done = lint("--list", "efficient")
    found = [line.partition(": error")[0] for line in done.stdout.split("\n") if "error unclosed-block" in line]
    assert done.exit_code == 1
    assert found == [
        "editorial/lists/efficient.foot.md:4",
        "editorial/lists/efficient.head.md:3",
        "editorial/lists/efficient.toml:12",
    ]


def test_files_beside_a_page_are_looked_for(lint: Lint) -> None:
    Path("docs").mkdir()
    Path("docs/there.md").write_text("# There\n", encoding="utf-8")
    Path("LICENSE").touch()
    text = "[a](docs/there.md) [b](docs/gone.md) [c](LICENSE) ![d](assets/teaser.png)\n"
    Path("mine.md").write_text(text, encoding="utf-8")
    Path("docs/mine.md").write_text("[c](../LICENSE) [e](LICENSE)\n", encoding="utf-8")
    done = lint("mine.md", "docs/mine.md")
    assert [
        line.partition(": ")[2].partition(": mend")[0].partition(": put")[0] for line in done.stdout.split("\n")
    ] == [
        "warning missing-file: there is no file docs/LICENSE below docs",
        "warning missing-file: there is no file assets/teaser.png below .",
        "error missing-page: there is no page docs/gone.md",
        "",
    ]


def test_files_beside_the_pages_of_a_list_are_looked_for(lint: Lint) -> None:
    Path("editorial/lists/efficient.head.md").write_text("![a](img/a.png) [b](../../LICENSE)\n", encoding="utf-8")
    done = lint("--list", "efficient")
    assert done.stdout.count("missing-file") == 2
    assert "[from editorial/lists/efficient.head.md:1: edit it there]" in done.stdout
    Path("lists/efficient/img").mkdir(parents=True)
    Path("lists/efficient/img/a.png").touch()
    Path("LICENSE").touch()
    assert "missing-file" not in lint("--list", "efficient").stdout


def test_definitions_and_templates_that_cannot_be_read_are_findings_and_the_other_lists_are_linted(lint: Lint) -> None:
    accept(section="Survey", wording={"links": [{"label": "code", "url": "None"}]})
    lists = Path("editorial/lists")
    (lists / "moe.toml").write_text("title = 3\n<<<<<<< HEAD\n", encoding="utf-8")
    (lists / "efficient.README.md.j2").write_text("a\n{{ nobody }}\n", encoding="utf-8")
    (lists / "gone.README.md.j2").write_text("", encoding="utf-8")
    found = [line.partition(": error ")[::2] for line in lint().stdout.splitlines() if ": error " in line]

    assert [(spot, said.partition(":")[0]) for spot, said in found] == [
        ("editorial/decisions/2024-06-03T120000Z-ann-aaaa.jsonl:1", "entry-link"),
        ("editorial/lists/efficient.README.md.j2:2", "broken-definition"),
        ("editorial/lists/gone.README.md.j2:1", "broken-definition"),
        ("editorial/lists/moe.toml:2", "broken-definition"),
    ]
    assert "moe.toml" not in lint("--list", "efficient").stdout
    assert lint("--list", "moe").exit_code == 1
