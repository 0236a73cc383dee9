"""Make the rehearsal's world anew: `python scripts/make_world.py SHARED [OUT]`, SHARED with seeds and real data.

Facts (ids, titles, authors, categories, dates, repositories, dated counts) are taken over where the folder has them.
Whatever is made up is named in the line's `synthetic` field, or carries the origin "synthetic". Abstracts are ours
(`world_texts.py`). Nothing is random: the same folder gives the same bytes.

What is staged for each night is written in `stage_papers` and `stage_repositories` (`world_repositories.py`).
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import world_sources as sources
from world_repositories import repository, stage_repositories, unite
from world_texts import SEEN, Line, abstract, midnight, number, pick, stamp, tally, topic_of

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src" / "harvester" / "rehearsal" / "world_files"
ANNOUNCED = [date(2024, 5, d) for d in (28, 29, 30, 31)] + [
    date(2024, 6, d) for d in (3, 4, 5, 6, 7, 10, 11, 12, 13, 14)
]
NIGHTS = [day for day in ANNOUNCED if day.month == 6]
NAMELESS = {
    "2208.07339": ["Tim Dettmers", "Mike Lewis", "Younes Belkada", "Luke Zettlemoyer"]
}  # listed without authors
PER_DAY = 7  # papers of the stream in one announcement


def announcement(submitted: datetime) -> datetime:
    """When arXiv would show it: 20:00 US Eastern of the next announcing day after the 18:00 UTC deadline."""
    day = (submitted + timedelta(hours=6)).date()
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return midnight(day + timedelta(days=1)) if day.weekday() < 4 else midnight(day + timedelta(days=3))


def version(paper: Line, submitted: datetime, visible: datetime, comment: str | None = None, **more: Any) -> Line:
    text = abstract(paper["id"], paper["title"], paper["topic"], more.pop("link", None))
    line = {"submitted": stamp(submitted), "visible": stamp(visible), "abstract": text}
    return line | ({"comment": comment} if comment else {}) | more


# -- the papers that the lists hold ---------------------------------------------------------------------------------


def published(paper_id: str, record: Line) -> tuple[datetime, bool]:
    """Time of version 1 and whether it had to be made up (from the id: month and running number)."""
    known = record.get("published")
    if known:
        text = known if "T" in known else f"{known}T12:00:00Z"
        return datetime.fromisoformat(text).astimezone(UTC), "T" not in known
    month = datetime(2000 + int(paper_id[:2]), int(paper_id[2:4]), 1, 9, tzinfo=UTC)
    return month + timedelta(minutes=2 * int(paper_id[5:])), True


def listed_paper(paper_id: str, seen: sources.Listed, record: Line, versions: int) -> Line:
    recased = record.get("field_source", {}).get("title") == "llmbible"  # which writes Every Word So
    title = re.sub(r"\s+", " ", seen.title if recased else record.get("title") or seen.title)
    made_up = ["abstract"]
    paper: Line = {
        "id": paper_id,
        "title": title,
        "authors": list(record.get("authors") or seen.authors or NAMELESS[paper_id]),
    }
    paper["categories"] = record.get("categories") or ["cs.CL"]
    if not record.get("categories"):
        made_up.append("categories")
    elif record.get("primary_category") in paper["categories"]:
        first = record["primary_category"]
        paper["categories"] = [first, *(c for c in paper["categories"] if c != first)]
    paper["topic"] = topic_of(title) or "inference"
    at, guessed = published(paper_id, record)
    made_up += ["submitted"] if guessed else []
    repository = seen.repositories[0] if seen.repositories else None
    link = repository if number(paper_id, "link") % 3 == 0 else None
    paper["versions"] = [version(paper, at, announcement(at), link=link)]
    for extra in range(1, versions):
        later = at + timedelta(days=3 * extra)
        paper["versions"].append(version(paper, later, announcement(later), link=link))
        made_up.append(f"v{extra + 1}.submitted")
    if repository:
        paper["repository"] = repository
    return paper | {"synthetic": made_up}


def count_listed(papers: list[Line], known: dict[str, list[tuple[str, int, str]]]) -> None:
    """Citations of listed papers: real dated ones where there are any, and every kind of missing."""
    for place, paper in enumerate(papers):
        first = datetime.fromisoformat(paper["versions"][0]["visible"])
        dated = [v for v in known.get(paper["id"], []) if v[0] < "2024-06-01"][-3:]
        age = max(1, (midnight(SEEN) - first).days)
        dice = number(paper["id"], "citations")
        value = age * (dice % 40) // 60
        growth = round((dice % 40) / 60 * 0.5, 2)
        paper["semantic_scholar"] = tally(first + timedelta(days=1), [[str(SEEN), value]], growth)
        if dated:
            steps = [[day, count] for day, count, _ in dated]
            paper["semantic_scholar"] = tally(first + timedelta(days=1), steps, growth, dated[-1][2])
        elif place % 20 == 5:
            paper["semantic_scholar"] = tally(first + timedelta(days=1), [[str(SEEN), 0]], 0)
        elif (
            place % 40 == 11
        ):  # then OpenAlex does not know it either: what a null should fall back to is not our matter
            paper["semantic_scholar"] = tally(first + timedelta(days=1), None, 0)
        elif place % 25 == 3 or place % 45 == 7:
            paper["semantic_scholar"] = None
        nulled = paper["semantic_scholar"] is not None and paper["semantic_scholar"]["counts"] is None
        known_to_openalex = place % 45 != 7 and not nulled and (place % 25 == 3 or dice % 5 > 0)
        if known_to_openalex:
            paper["openalex"] = tally(first + timedelta(days=6), [[str(SEEN), value // 4]], round(growth / 4, 2))
        if place % 60 == 17 and known_to_openalex:
            doi = f"10.5555/rehearsal.{paper['id']}"
            paper |= {"doi": doi, "journal_ref": "Proceedings of the Rehearsal, 2024", "openalex_merged": True}
            paper["synthetic"] += ["doi", "journal_ref"]


# -- the stream -----------------------------------------------------------------------------------------------------


def submission(day: date, place: int) -> datetime:
    """A time of submission that leads to the announcement at 00:00 UTC of `day`."""
    weekend = {0: 2, 1: 0}.get(day.weekday(), 0)
    end = midnight(day) - timedelta(days=weekend, hours=6)
    return end - timedelta(hours=3 * place + 1, minutes=number(str(day), place) % 60)


def stream_records(records: dict[str, Line], listed: set[str]) -> dict[str, list[Line]]:
    """Real papers of May and June 2024 by month of their id, efficiency and other topics taken in turn."""
    chosen = {}
    for month, wanted in (("2405", 5 * PER_DAY), ("2406", (len(ANNOUNCED) - 5) * PER_DAY)):
        usable = [
            r
            for key, r in sorted(records.items())
            if key.startswith(month) and key not in listed and r["authors"] and r["published"] and r["categories"]
        ]
        hits = [r for r in usable if topic_of(r["title"])]
        others = [r for r in usable if not topic_of(r["title"])]
        half = min(len(hits), wanted // 2 + wanted // 8)
        taken = hits[-half:] + others[-(wanted - half) :]
        chosen[month] = sorted(taken, key=lambda r: number(r["arxiv_id"], "order"))
    return chosen


def stream_paper(record: Line, day: date, place: int, night: int | None) -> Line:
    title = re.sub(r"\s+", " ", record["title"])
    paper: Line = {
        "id": record["arxiv_id"],
        "title": title,
        "authors": record["authors"],
        "categories": record["categories"],
        "topic": topic_of(title),
    }
    at = submission(day, place)
    if place == 0 and night is not None:  # the late one: held back for days, once for weeks
        at -= timedelta(days=20 if night == 4 else 4)
    link = comment = None
    if paper["topic"] and place % 2 == 0:
        slug = re.sub(r"\W+", "-", title.split(":")[0].lower()).strip("-")[:40]
        paper["repository"] = f"rehearsal-labs/{slug}"
        link = paper["repository"] if place % 4 else None
        comment = None if link else f"12 pages. Code: https://github.com/{paper['repository']}/tree/main."
    paper["versions"] = [version(paper, at, midnight(day), comment, link=link)]
    dice = number(paper["id"], "citations")
    if place % PER_DAY not in (1, 2):
        paper["semantic_scholar"] = tally(day + timedelta(days=1), [[str(day), 0]], round(dice % 9 / 10, 1))
    if place % PER_DAY != 2:
        late = 0 if place % PER_DAY == 1 else 4
        paper["openalex"] = tally(day + timedelta(days=late), [[str(day), 0]], round(dice % 5 / 10, 1))
    return paper | {"synthetic": ["abstract", "comment", "repository", "submitted"]}


def invented_paper(night: int, day: date) -> Line:
    """A paper that never was, because a withdrawal should not be told of a real one."""
    topic = ("quantization", "pruning", "kv cache", "low rank", "speculative decoding")[night % 5]
    paper: Line = {
        "id": f"2405.9{night:04}",
        "title": f"Rehearsal Paper {night + 1}: A Pretend Study of {topic.title().replace('Kv', 'KV')}",
        "authors": ["Ada Rehearsal", "Ben Pretend"],
        "categories": ["cs.CL", "cs.LG"],
        "topic": topic,
    }
    at = midnight(day) - timedelta(days=5, hours=7)
    paper["versions"] = [version(paper, at, announcement(at))]
    reason = pick(("Withdrawn: the proof of Lemma 2 is wrong", "This paper has been withdrawn by the authors"), night)
    paper["versions"].append(version(paper, submission(day, 1), midnight(day), reason, withdrawn=True))
    return paper | {"synthetic": ["everything"]}


def stage_papers(listed: list[Line], records: dict[str, Line]) -> list[Line]:
    """The stream; and for each night a late paper, a revision of a listed one and a withdrawal."""
    pools = stream_records(records, {paper["id"] for paper in listed})
    stream = []
    for place, day in enumerate(ANNOUNCED):
        month = "2405" if place < 5 else "2406"
        batch = [pools[month].pop() for _ in range(min(PER_DAY, len(pools[month])))]
        night = NIGHTS.index(day) if day in NIGHTS else None
        stream += [stream_paper(record, day, n, night) for n, record in enumerate(batch)]
    for night, day in enumerate(NIGHTS):
        stream.append(invented_paper(night, day))
        revised = listed[night * 17 + 4]
        comment = f"Version {len(revised['versions']) + 1}, revised for the rehearsal"
        revised["versions"].append(version(revised, submission(day, 2), midnight(day), comment))
        revised["synthetic"].append(f"v{len(revised['versions'])}")
    return stream


def never_at_arxiv() -> list[Line]:
    """Two well-known papers that only have a publisher's DOI; their counts are made up."""
    known = [
        ("10.1162/neco.1997.9.8.1735", "Long Short-Term Memory", ["Sepp Hochreiter", "Jürgen Schmidhuber"], 1997, 11),
        (
            "10.1109/5.726791",
            "Gradient-based learning applied to document recognition",
            ["Yann LeCun", "Léon Bottou", "Yoshua Bengio", "Patrick Haffner"],
            1998,
            11,
        ),
    ]
    lines = []
    for doi, title, authors, year, month in known:
        at = datetime(year, month, 15, tzinfo=UTC)
        value = 30_000 + number(doi) % 20_000
        paper: Line = {"id": doi, "title": title, "authors": authors, "categories": [], "topic": None, "doi": doi}
        paper["versions"] = [version(paper, at, at)]
        paper["semantic_scholar"] = tally(at, [[str(SEEN), value]], 12)
        paper["openalex"] = tally(at, [[str(SEEN), value * 2 // 3]], 8)
        lines.append(paper | {"synthetic": ["abstract", "day of publication", "counts"]})
    return lines


def main(shared: Path, out: Path) -> None:
    bullet_text = sources.read_seed(shared / "seeds" / "004_5ba7cabd43c95164.txt", "mac_roman")
    table_text = sources.read_seed(shared / "seeds" / "001_3d0a2a30dc170c29.txt", "cp1252")
    records = sources.metadata(shared)
    seen = sources.bullets(bullet_text) | sources.rows(table_text)
    history = {k: v for k, v in sources.table_list_entries(shared).items() if k in records and k not in seen}
    seen |= {key: history[key] for key in sorted(history)[:65]}
    versions: dict[str, int] = {}
    for key, found in re.findall(r"arxiv\.org/abs/(\d{4}\.\d{4,5})v(\d+)", bullet_text):
        versions[key] = max(int(found), versions.get(key, 1))
    listed = [listed_paper(key, seen[key], records.get(key, {}), versions.get(key, 1)) for key in sorted(seen)]
    count_listed(listed, sources.dated_counts(shared, "citations"))
    papers = listed + stage_papers(listed, records) + never_at_arxiv()
    papers.sort(key=lambda paper: paper["id"])

    linked = sources.repositories_of(bullet_text) | sources.repositories_of(table_text)
    names = linked | {paper["repository"] for paper in papers if paper.get("repository")}
    stars = sources.dated_counts(shared, "stars")
    repositories = [repository(name, stars) for name in unite(names)]
    repositories = stage_repositories(repositories, {name.lower() for name in linked}, NIGHTS)
    write(out / "papers.jsonl", papers)
    write(out / "repositories.jsonl", repositories)


def write(path: Path, lines: list[Line]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    print(f"{path.name}: {len(lines)} lines, {len(text.encode()):,} bytes")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else OUT)
