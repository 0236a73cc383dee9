"""Our own abstracts for the rehearsal's papers: a topic read off the title, and sentences made from templates.

No sentence of a real abstract is used. The phrases come in varied spellings on purpose (hyphens, plurals, British
spelling, acronyms), because a keyword net must find them all. Times, counts and dice are written here as well.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

SEEN = date(2024, 5, 20)  # the day of values that nobody dated
Line = dict[str, Any]

TOPICS: dict[str, tuple[str, tuple[str, ...]]] = {
    "kv cache": (
        r"kv[- ]?cache|key[- ]value",
        ("KV cache compression", "the key-value cache", "compressing KV caches", "KV-cache eviction"),
    ),
    "speculative decoding": (
        r"speculati|draft|lookahead",
        ("speculative decoding", "speculative sampling", "decoding speculatively with draft models"),
    ),
    "quantization": (
        r"quant|\bbits?\b|int4|int8|\bfp[48]\b|binar",
        (
            "post-training quantization",
            "quantizing weights to low bit widths",
            "low-bit quantisation",
            "quantized LLMs",
        ),
    ),
    "pruning": (
        r"prun|spars|slim|shear",
        ("structured pruning", "network pruning", "pruned layers", "weight sparsity"),
    ),
    "distillation": (
        r"distil|teacher|student",
        ("knowledge distillation", "distilling a large teacher", "a distilled student model"),
    ),
    "mixture of experts": (
        r"experts?\b|\bmoe\b",
        ("mixture of experts", "sparse mixture-of-experts layers", "Mixture-of-Expert models", "MoE inference"),
    ),
    "low rank": (
        r"lora\b|low[- ]rank|adapter|fine[- ]?tun|peft",
        ("low-rank adaptation", "parameter-efficient fine-tuning", "LoRA adapters", "parameter efficient finetuning"),
    ),
    "prompt compression": (
        r"prompt compress|compress.*(prompt|context)|prefill",
        ("prompt compression", "compressed prompts", "context compression"),
    ),
    "attention": (
        r"attention|transformer|long[- ]context|state space|recurrent|linear",
        ("efficient attention", "linear attention", "sub-quadratic architectures", "efficient architectures"),
    ),
    "inference": (
        r"inference|serving|accelerat|fast|efficien|latency|throughput|memory|compress|gpu|mobile|edge|lightweight",
        ("efficient inference", "inference acceleration", "LLM serving", "memory-efficient inference"),
    ),
}
OPENINGS = (
    "We look at {phrase} for large language models.",
    "Large language models are costly to run; this entry is about {phrase}.",
    "{Phrase} is examined here on language models of three sizes.",
    "How far does {phrase} go before quality suffers?",
)
CLOSINGS = (
    "A small method is proposed and measured on made-up tasks.",
    "The figures in the text are invented for practice runs.",
    "Results are reported for two pretend benchmarks.",
)
ELSEWHERE = (
    "A question that has nothing to do with the cost of running models is treated on made-up examples.",
    "This entry stands for the many papers of a day that an editor of efficiency lists passes over.",
    "Dialogue, language and evaluation are discussed with examples of our own.",
)
NOTE = "(Text written for the rehearsal; the paper's own abstract is at arXiv.)"


def stamp(at: datetime | date) -> str:
    if not isinstance(at, datetime):
        at = datetime(at.year, at.month, at.day, tzinfo=UTC)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def tally(since: datetime | date, counts: Any, per_day: float, origin: str = "synthetic") -> Line:
    return {"since": stamp(since), "counts": counts, "per_day": per_day, "origin": origin}


def number(*words: object) -> int:
    """A number that depends on nothing but the words: our dice."""
    return int.from_bytes(hashlib.sha256("|".join(map(str, words)).encode()).digest()[:6], "big")


def pick(choices: Sequence[str], *words: object) -> str:
    """One of the choices, always the same for the same words."""
    return choices[number(*words) % len(choices)]


def topic_of(title: str) -> str | None:
    """The first topic whose pattern is in the title."""
    return next((topic for topic, (pattern, _) in TOPICS.items() if re.search(pattern, title, re.I)), None)


def abstract(paper_id: str, title: str, topic: str | None, link: str | None) -> str:
    """Two or three sentences of our own about a paper of that title and topic."""
    if topic is None:
        sentences = [f"About “{title}”.", pick(ELSEWHERE, paper_id)]
    else:
        phrase = pick(TOPICS[topic][1], paper_id, "phrase")
        opening = pick(OPENINGS, paper_id, "opening")
        sentences = [opening.format(phrase=phrase, Phrase=phrase[0].upper() + phrase[1:])]
        sentences.append(pick(CLOSINGS, paper_id, "closing"))
    if link:
        sentences.append(f"Code is available at https://github.com/{link}.")
    return " ".join([*sentences, NOTE])
