from __future__ import annotations

import pytest

from harvester.rehearsal.stemming import stems


@pytest.mark.parametrize(
    "family",
    [
        "cache caches caching cached",
        "quantization quantize quantized quantizing quantisation quantised",
        "prune pruning pruned",
        "distillation distilled distilling",
        "speculative speculation speculatively",
        "compression compress compressed compressing",
        "efficient efficiency efficiently",
        "sparse sparsity",
        "adapter adapters adaptation adaptive",
        "expert experts",
        "model models modelling modeling",
        "inference inferences",
        "accelerate acceleration accelerator accelerating",
        "fine-tuning fine-tuned",
        "LLM LLMs",
    ],
)
def test_words_of_one_family_have_one_stem(family: str) -> None:
    assert len({stems(word) for word in family.split()}) == 1


@pytest.mark.parametrize("pair", ["cache case", "prune prompt", "token taken", "low long", "rank range"])
def test_different_words_stay_apart(pair: str) -> None:
    assert len({stems(word) for word in pair.split()}) == 2


def test_hyphens_separate_and_accents_go() -> None:
    assert stems("KV-Cache") == stems("kv cache")
    assert stems("Déjà vu") == stems("deja vu")
