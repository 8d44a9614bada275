"""Perturbations of source and target: hidden, or replaced by another one of the sentence or of the corpus."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from stancelab.schema import NEUTRAL, SOURCE, TARGET, Example, Part, Span, find_mention

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


def target_of_sentence(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Replace the target by another one of the same sentence; the stance is known where a row has source and target."""
    return _of_sentence(examples, random, TARGET)


def source_of_sentence(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Replace the source by another one of the same sentence; the stance is known where a row has source and target."""
    return _of_sentence(examples, random, SOURCE)


def target_of_corpus(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Replace the target by one of another sentence that this one does not mention; the stance is neutral."""
    return _of_corpus(examples, random, TARGET)


def source_of_corpus(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Replace the source by one of another sentence that this one does not mention; the stance is neutral."""
    return _of_corpus(examples, random, SOURCE)


def _of_sentence(examples: Sequence[Example], random: np.random.Generator, part: Part) -> Perturbed:
    by_text: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_text[example.text].append(example)
    stances = {(each.text, each.source, each.target): each.stance for each in examples}
    found: Perturbed = []
    for example in examples:
        others = sorted(
            {
                (_words(each, part), each.span(part))
                for each in by_text[example.text]
                if _words(each, part) not in ("", _words(example, part))
            },
            key=repr,
        )
        if not others:
            found.append(None)
            continue
        words, span = others[int(random.integers(len(others)))]
        changed = _with_part(example, part, words, span)
        found.append(replace(changed, stance=stances.get((changed.text, changed.source, changed.target))))
    return found


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


def _with_part(example: Example, part: Part, words: str, span: Span | None = None) -> Example:
    if part == TARGET:
        return replace(example, target=words, target_span=span)
    return replace(example, source=words, source_span=span)
