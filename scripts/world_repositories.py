"""The repositories of the rehearsal's world, and what befalls them night by night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from world_texts import SEEN, Line, midnight, number, stamp, tally


def repository(name: str, known: dict[str, list[tuple[str, int, str]]]) -> Line:
    dice = number(name.lower(), "repository")
    dated = [v for v in known.get(name.lower(), []) if v[0] < "2024-06-01"][-3:]
    created = datetime(2022, 6, 1, 8, tzinfo=UTC) + timedelta(hours=dice % 12_000)
    newest = dated[-1][1] if dated else dice % 3000 + 3
    steps = [[day, value] for day, value, _ in dated] or [[str(SEEN), newest]]
    line: Line = {"name": name, "id": 400_000_000 + dice % 400_000_000, "created": stamp(created)}
    line["node_id"] = f"R_kgDO{dice % 16**8:08X}"
    line["pushed"] = None if dice % 37 == 0 else stamp(datetime(2024, 5, 1, tzinfo=UTC) + timedelta(hours=dice % 500))
    growth = newest / 400 if dated else dice % 12 / 4
    line["stars"] = tally(created, steps, round(growth, 2), dated[-1][2] if dated else "synthetic")
    line |= {"forks": newest // 9, "license": (None, "MIT", "Apache-2.0", "NOASSERTION", "MIT")[dice % 5]}
    line |= {"language": ("Python", "Python", "C++", None)[dice % 4], "description": None}
    if dice % 3 == 0:
        line["release"] = [f"v0.{dice % 9}.0", stamp(datetime(2024, 4, 2, tzinfo=UTC))]
    return line | {"events": [], "synthetic": ["all but name and dated stars"]}


def unite(names: set[str]) -> list[str]:
    """One spelling for each name: of two that differ in case the one with more capitals."""
    best: dict[str, str] = {}
    for name in sorted(names, key=lambda n: (sum(c.isupper() for c in n), n)):
        best[name.lower()] = name
    return sorted(best.values(), key=str.lower)


def stage_repositories(lines: list[Line], listed: set[str], nights: list[date]) -> list[Line]:
    """For each night a listed repository is renamed, one archived, one deleted; once an old name is taken again."""
    staged = [line for line in lines if line["name"].lower() in listed]
    more = []
    for night, day in enumerate(nights):
        at = stamp(midnight(day) - timedelta(hours=5))
        renamed, archived, deleted = staged[night * 8 + 1], staged[night * 8 + 3], staged[night * 8 + 6]
        renamed["events"].append({"at": at, "kind": "renamed", "to": f"{renamed['name']}-renamed"})
        archived["events"].append({"at": at, "kind": "archived"})
        deleted["events"].append({"at": at, "kind": "deleted"})
        if night == 1:
            again = repository(renamed["name"], {})
            again |= {"id": again["id"] + 1, "node_id": again["node_id"][:-1] + "Z"}
            again["created"] = again["stars"]["since"] = stamp(midnight(nights[4]) - timedelta(hours=4))
            again["stars"] |= {"counts": [[str(nights[4]), 2]], "per_day": 0.5}
            more.append(again)
    for line in lines:
        if line["name"].lower() == "hiyouga/llama-efficient-tuning":
            event = {"at": "2023-10-15T00:00:00Z", "kind": "renamed", "to": "hiyouga/LLaMA-Factory"}
            line["events"].insert(0, event)
    return lines + more
