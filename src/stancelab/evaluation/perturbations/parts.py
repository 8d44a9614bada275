"""Perturbations of source and target: hidden, or replaced by another one of the corpus."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from stancelab.schema import NEUTRAL, SOURCE, TARGET, Example, Part, find_mention

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from stancelab.evaluation.perturbations.edits import Perturbed

#: The target of an example whose target is hidden.
NO_TARGET: Final = "something"

#: Parts of the corpus that are tried for one sentence until one is not mentioned in it.
_TRIES: Final = 20


def hide_target(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Replace the target by "something", without a span."""
    return [replace(example, target=NO_TARGET, target_span=None) for example in examples]


def hide_source(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Replace a source by the author; an example of the author's own stance does not change."""
    return [replace(example, source="", source_span=None) if example.source else None for example in examples]


def target_of_corpus(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Replace the target by one of another sentence that this one does not mention; the stance is neutral."""
    return _of_corpus(examples, random, TARGET)


def source_of_corpus(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Replace the source by one of another sentence that this one does not mention; the stance is neutral."""
    return _of_corpus(examples, random, SOURCE)


def _of_corpus(examples: Sequence[Example], random: np.random.Generator, part: Part) -> Perturbed:
    values = sorted({_words(example, part) for example in examples} - {""})
    found: Perturbed = []
    for example in examples:
        own = _words(example, part)
        picks = random.integers(len(values), size=_TRIES).tolist() if own else []
        others = (values[pick] for pick in picks)
        fitting = (each for each in others if each != own and find_mention(example.text, each) is None)
        other = next(fitting, None)
        found.append(None if other is None else replace(_with_part(example, part, other), stance=NEUTRAL))
    return found


def _words(example: Example, part: Part) -> str:
    return example.target if part == TARGET else example.source


def _with_part(example: Example, part: Part, words: str) -> Example:
    if part == TARGET:
        return replace(example, target=words, target_span=None)
    return replace(example, source=words, source_span=None)
