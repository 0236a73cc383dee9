from __future__ import annotations

from harvester.editorial.learning.past import Text, TopicHits
from harvester.editorial.sections import Joined, Shelf, learn

TOPICS = ("pruning", "quantization", "survey")
SHELVES = [
    Shelf("Network Pruning", "Network Pruning", ("pruning",)),
    Shelf("Quantization", "Quantization", ("quantization",)),
    Shelf("Survey", "Survey", ("survey",)),
    Shelf("Tools", "Tools"),
]


def about(what: str, topic: str | None = None) -> Text:
    hits = (TopicHits(topic, 1, 1),) if topic else ()
    return Text(f"A paper on {what}", f"We look at {what}.", hits=hits)


def placed() -> list[tuple[Text, str]]:
    words = {"Network Pruning": "sparse weights", "Quantization": "four bits", "Tools": "a toolkit with kernels"}
    return [(about(f"{what}, case {number}"), path) for path, what in words.items() for number in range(5)]


def test_the_lists_own_placements_tell() -> None:
    guess = learn(SHELVES, placed(), TOPICS).guess([about("a toolkit")])[0]
    assert guess[0].section == "Tools"
    assert len(guess) == 3
    assert guess[0].probability > guess[1].probability >= guess[2].probability


def test_probabilities_are_rounded_so_that_they_do_not_exceed_one() -> None:
    words = ("sparse", "weights", "four", "bits", "toolkit", "kernels", "models", "case")
    texts = [about(" ".join(words[start:end])) for end in range(9) for start in range(end)]
    for guesses in learn(SHELVES[:3], placed(), TOPICS).guess(texts):
        found = [round(1000 * one.probability) for one in guesses]
        assert 998 <= sum(found) <= 1000 and found == sorted(found, reverse=True)


def test_a_new_section_is_guessed_by_its_topics() -> None:
    assert learn(SHELVES, placed(), TOPICS).guess([about("everything so far", "survey")])[0][0].section == "Survey"


def test_a_list_without_any_paper_is_guessed_by_titles_and_topics() -> None:
    sections = learn(SHELVES, [], TOPICS)
    assert sections.guess([about("networks", "pruning")])[0][0].section == "Network Pruning"
    assert sections.guess([about("quantization")])[0][0].section == "Quantization"


def test_more_sections_than_papers_are_no_cause_for_a_warning() -> None:
    many = [Shelf(f"Section {number}", f"word{number} other{number}") for number in range(30)]
    placed = [(about(f"word{number}"), f"Section {number}") for number in range(3)]
    assert learn(many, placed, TOPICS).guess([about("word7")])[0][0].section == "Section 7"


def test_a_renamed_section_keeps_its_papers() -> None:
    renamed = [("Pruning" if path == "Network Pruning" else path) for _, path in placed()]
    was = [(text, path) for (text, _), path in zip(placed(), renamed, strict=True)]
    assert learn(SHELVES, was, TOPICS).guess([about("sparse weights")])[0][0].section == "Network Pruning"


def test_a_section_that_went_is_not_suggested() -> None:
    gone = [*placed(), *[(about("old things"), "Attic")] * 5]
    guessed = {one.section for one in learn(SHELVES, gone, TOPICS).guess([about("old things")])[0]}
    assert "Attic" not in guessed


def test_one_section_is_certain_and_none_gives_no_guess() -> None:
    assert [one.section for one in learn(SHELVES[:1], placed(), TOPICS).guess([about("x")])[0]] == ["Network Pruning"]
    assert learn([], placed(), TOPICS).guess([about("x")]) == [()]


def test_titles_are_one_that_differ_by_a_word_or_a_slip() -> None:
    joined = Joined(["Network Pruning", "Knowledge Distillation", "Hardware"])
    assert joined.find("Pruning") == "Network Pruning"
    assert joined.find("Knowledge Distllation") == "Knowledge Distillation"
    assert joined.find("Hardware/System") == "Hardware"
    assert joined.find("Others") is None


def test_words_that_stand_in_one_placement_each_say_nothing_and_do_no_harm() -> None:
    placed = [(Text(f"word{n}", f"unique{n}"), "A" if n % 2 else "B") for n in range(30)]
    paper = Text("On pruning", "We prune.", hits=(TopicHits("pruning", 1, 1),))
    [guesses] = learn([Shelf("A", "A"), Shelf("B", "B", ("pruning",))], placed, ["pruning"]).guess([paper])
    assert guesses[0].section == "B"
