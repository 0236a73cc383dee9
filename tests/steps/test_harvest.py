"""What a search has asked, as its folder tells it: coverage counts what stood in the query."""

from __future__ import annotations

import json
from datetime import date

from harvester.sources.arxiv_api import query
from harvester.steps.harvest import forms, read_search, search_json
from harvester.windows import Asked, Search, Want, Window, missing

WEEK = Window(date(2024, 5, 27), date(2024, 6, 4))


def test_what_was_asked_is_written_as_the_query_spells_it_and_read_back() -> None:
    search = Search(WEEK, ("Low-Rank", "KV  cache"), ("cs.CL", "cs.LG"))
    wanted = json.loads(json.dumps(search_json(search)))
    assert wanted["forms"] == ["low rank", "lowrank", "kv cache"]
    assert query(read_search(wanted)) == query(search)
    assert search_json(read_search(wanted)) == wanted


def test_a_folder_from_before_forms_were_written_covers_the_spellings_of_its_phrases() -> None:
    old = {"window": ["2024-05-27", "2024-06-04"], "phrases": ["Low-Rank"], "categories": ["cs.CL"]}
    assert read_search(old).phrases == ("low rank", "lowrank")


def test_another_way_to_write_a_phrase_asks_only_for_the_spellings_that_are_new() -> None:
    today = date(2024, 6, 10)
    before = read_search(
        search_json(Search(Window(date(2024, 5, 1), date(2024, 6, 10)), ("low rank", "fine-tuning"), ("cs.CL",)))
    )
    wants = [Want(forms(["Low-rank", "Fine tuning"]), ("cs.CL",), date(2024, 5, 1))]
    older = missing(wants, [Asked(before, date(2024, 6, 9))], (), today, 7)[1:]
    assert [search.phrases for search in older] == [("lowrank",)]
