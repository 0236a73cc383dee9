"""A list that is kept here: adopted once, published, its pages edited by hand and adopted again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from harvester.settings import Settings, load_settings
from harvester.steps import decide
from harvester.steps.adopt import Adopted, Adopting, adopt
from harvester.steps.adopt_again import AdoptedAgain, adopt_again
from harvester.steps.publish import PublishedNow, Shelved, publish_now
from harvester.steps.standing import Standing, read_standing

START = datetime(2024, 5, 20, 3, 0, tzinfo=UTC)
TOPICS = 'categories = ["cs.CL"]\n[topics.pruning]\ninclude = ["pruning"]\n'


BULLETS = """# Mine

Hello.

## Tuning
- **First**, `ICML`, [arxiv](https://arxiv.org/abs/2405.00001)

  *Ann, Bo* · ([code](https://github.com/ann/code) - ann)
  - `quoted`
- **Second**, `ACL`, [arxiv](https://arxiv.org/abs/2405.00002)
- **Third**, `ACL`, [arxiv](https://arxiv.org/abs/2405.00003)
- **Fourth**, `ACL`, [arxiv](https://arxiv.org/abs/2405.00004)

## Pruning

Some prose.

### Papers
- **Fifth**, `ACL`, [arxiv](https://arxiv.org/abs/2405.00005)
"""
HEAD = "| Title & Authors | Introduction | Links |\n|:--|:--:|:--:|\n"
FRONT = f"""# Mine

- [Tuning](tuning.md)
- [Pruning](pruning.md)
- [Survey](survey.md)

## Paper from 11/01/2026 - Now

{HEAD}|**Tuning** | | |
|[First](https://arxiv.org/abs/2405.00001) <br> Ann |<img src='f.png'>|[Github](https://github.com/ann/1) |
"""
TUNING = "## Tuning\n" + HEAD
TUNING += "".join(
    f"|[{name}](https://arxiv.org/abs/2405.0000{n}) <br> Ann |<img src='f.png'>|[Github](https://github.com/ann/{n}) |\n"
    for n, name in enumerate(("First", "Second", "Third", "Fourth"), 1)
)
PRUNING = f"## Pruning\n{HEAD}|[Fifth](https://arxiv.org/abs/2405.00005) <br> Bo | | |\n"


class World:
    """A checkout in a folder of its own; each thing that is done takes an hour."""

    def __init__(self, folder: Path, slug: str = "mine") -> None:
        self.slug = slug
        self.hours = count()
        (folder / "editorial").mkdir(parents=True, exist_ok=True)
        (folder / "editorial" / "topics.toml").write_text(TOPICS, encoding="utf-8")
        self.settings: Settings = load_settings({}, folder)

    def now(self) -> datetime:
        return START + timedelta(hours=next(self.hours))

    def signed(self, by: str = "ann") -> Adopting:
        at = self.now()
        return Adopting(by, at, f"s{at:%d%H}")

    def keep(self, texts: Mapping[str, str]) -> Adopted:
        """Takes over a hand-kept list and publishes it."""
        done = adopt(self.settings.editorial, texts, self.slug, None, self.signed(), facts_only=False, dry_run=False)
        self.publish()
        return done

    def publish(self) -> str:
        return self._published().curated.snapshot

    def shelved(self) -> Shelved:
        """Publishes, and returns what became of the pages."""
        return self._published().shelved

    def _published(self) -> PublishedNow:
        at = self.now()
        return publish_now(self.settings, at, lambda: at, lambda line: None)

    def decide_elsewhere(self, paper: str, section: str) -> None:
        """Somebody else puts a paper into another section."""
        decide.accept(self.standing(), [paper], self.signature("bob"), self.slug, section)

    def signature(self, by: str) -> decide.Signature:
        at = self.now()
        return decide.Signature(by, at, f"d{at:%d%H}")

    def pages(self) -> dict[str, str]:
        folder = self.settings.lists / self.slug
        return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.md")}

    def again(
        self,
        texts: Mapping[str, str],
        *,
        copies: Mapping[str, str] | None = None,
        removals: bool = False,
        dry_run: bool = False,
        by: str = "ann",
    ) -> AdoptedAgain:
        signed = self.signed(by)
        return adopt_again(self.settings, texts, self.slug, signed, copies or {}, removals=removals, dry_run=dry_run)

    def standing(self) -> Standing:
        return read_standing(self.settings, START.date())

    def files(self) -> dict[str, bytes]:
        """Everything that people said, byte for byte."""
        folder = self.settings.editorial
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
