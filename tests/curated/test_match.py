from __future__ import annotations

import re
from dataclasses import replace

from builders import paper_record
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.curated.match import compile_topics
from harvester.curated.merge import papers
from harvester.phrases import pattern
from harvester.records import Hit, Match, Paper
from harvester.topics import Topic


def paper(title: str, abstract: str = "", categories: tuple[str, ...] = ("cs.CL",)) -> Paper:
    record = paper_record(
        "2405.00001", title=title, abstract=abstract, categories=categories, primary_category=categories[0]
    )
    return papers((record,), (), ())["arxiv:2405.00001"]  # type: ignore[index]  # a subject, written out


def topic(*include: str, exclude: tuple[str, ...] = (), categories: tuple[str, ...] = ("cs.CL",)) -> Topic:
    return Topic("compression", include, exclude, categories)


def hits(found: Paper, *topics: Topic) -> list[tuple[str, str, str]]:
    return [(h.phrase, h.field, h.text) for m in compile_topics(topics).matches(found) for h in m.hits]


def test_a_match_carries_its_evidence_as_written_and_as_found() -> None:
    found = paper("Low-Rank  Adapters", "We adapt low rank layers; low-rank helps. Finetuning is cheap.")
    assert compile_topics([topic("low rank", "fine-tuning", "pruning")]).matches(found) == (
        Match(
            found.subject,
            "compression",
            (
                Hit("low rank", "title", "Low-Rank"),
                Hit("low rank", "abstract", "low rank"),
                Hit("fine-tuning", "abstract", "Finetuning"),
            ),
        ),
    )


def test_phrases_match_whole_words_in_the_plural_too() -> None:
    assert hits(paper("KV caches"), topic("KV cache")) == [("KV cache", "title", "KV caches")]
    assert hits(paper("KV caching"), topic("KV cache")) == [("KV cache", "title", "KV caching")]
    assert hits(paper("OKV caches, kv cacher"), topic("KV cache")) == []


def test_phrases_with_signs_are_found() -> None:
    assert hits(paper("Kernels in C++ for GPT-3.5"), topic("C++", "GPT-3.5")) == [
        ("C++", "title", "C++"),
        ("GPT-3.5", "title", "GPT-3.5"),
    ]


def test_an_exclude_phrase_anywhere_rules_the_topic_out() -> None:
    wanted = topic("pruning", exclude=("decision tree",))
    assert hits(paper("Pruning", "of decision trees"), wanted) == []
    assert hits(paper("Pruning", "of attention heads"), wanted) != []


def test_a_paper_must_carry_one_of_the_categories_and_cross_lists_count() -> None:
    assert hits(paper("Pruning", categories=("cs.CV", "cs.CL")), topic("pruning")) != []
    assert hits(paper("Pruning", categories=("cs.CV",)), topic("pruning")) == []


def test_enough_phrases_must_stand_there_and_one_of_each_group() -> None:
    two = replace(topic("pruning", "sparsity", "low rank"), at_least=2)
    assert not hits(paper("Pruning and pruning"), two) and hits(paper("Pruning", "for sparsity"), two)
    of_models = replace(topic("pruning"), require=(("LLM", "language model"), ("GPU",)))
    assert not hits(paper("Pruning LLMs"), of_models)
    assert hits(paper("Pruning LLMs", "on GPUs"), of_models) == [("pruning", "title", "Pruning")]


def test_phrases_count_as_several_only_at_places_of_their_own() -> None:
    same = replace(topic("KV", "key value"), words=(("KV", "key value"),), at_least=2)
    assert not hits(paper("KV for all"), same) and hits(paper("KV for all", "key-value pairs"), same)
    serving = replace(topic("model serving", "LLM serving", "serving system"), at_least=2)
    serving = replace(serving, words=(("LLM", "large language model"),))
    assert not hits(paper("Large Language Model Serving"), serving)
    assert not hits(paper("A model  serving system", "Of model-serving systems"), replace(serving, at_least=3))
    assert hits(paper("A model serving system", "Of model serving"), serving)
    assert hits(paper("Serving systems", "Model serving on the edge"), serving)


def test_the_longest_place_takes_no_other_phrase_its_own() -> None:
    three = replace(topic("sparse", "sparse attention", "attention head"), at_least=2)
    assert hits(paper("Sparse attention heads"), three)  # "sparse" and "attention head"
    assert not hits(paper("Sparse attention"), three)


def test_known_authors_fit_without_a_phrase_and_code_may_be_wanted() -> None:
    by_author = replace(topic("pruning"), authors=("Bo Äuthor",))
    assert hits(paper("Anything"), by_author) == [("Bo Äuthor", "authors", "Bo Author")]
    with_code = replace(topic("pruning"), code=True)
    assert not hits(paper("Pruning"), with_code)
    assert hits(paper("Pruning", "see https://github.com/a/b"), with_code)


def test_evidence_is_cut_from_the_text_as_written_whatever_stands_between() -> None:
    text = "İ KV \n  -\n caches; ﬁne   grained"
    assert hits(paper("x", text), topic("KV cache")) == [("KV cache", "abstract", "KV \n  -\n caches")]


def test_a_paper_without_metadata_matches_nothing() -> None:
    (unknown,) = papers((), (), ["arxiv:2405.00001"]).values()  # type: ignore[list-item]  # a subject, written out
    assert compile_topics([topic("pruning")]).matches(unknown) == ()


words = st.sampled_from(["low", "rank", "fine", "tuning", "c++", "3.5", "x", "5", ","])
written = st.lists(words, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" ", "-", "  ", "\n", "–", "", "/", "$ {", "\u2212"]).map(
        lambda gap: gap.join(parts)
    )
)


@settings(deadline=None)  # machines are shared
@given(written, st.lists(written, max_size=6), st.sampled_from(["", "s", "es", "."]))
def test_one_pass_for_all_finds_what_the_expression_of_a_phrase_finds(
    phrase: str, text: list[str], ending: str
) -> None:
    title = " ".join(text) + ending
    found = re.search(pattern(phrase), title.upper(), re.I)
    told = hits(paper(title.upper()), topic(phrase))
    assert bool(told) == bool(found)
    assert not found or title.upper()[found.start() :].startswith(told[0][2])
