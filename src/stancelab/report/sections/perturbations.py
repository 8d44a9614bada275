"""The text-only ablation and the perturbation tests: what a system relies on.

Perturbation tests change the examples and count changed predictions (CheckList: Ribeiro et al., ACL 2020).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.pages.formatting import percent
from stancelab.report import titles
from stancelab.report.sections.text_only import text_only_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView
    from stancelab.results import PerturbationScores

#: Edits after which the sentence gives no stance: neutral is right.
NEUTRAL_AFTER: Final = ("target_of_corpus", "source_of_corpus")


def perturbed_system(test: FileView) -> SystemView | None:
    """Return the best system that answered changed examples, None where none did."""
    return next((system for system in test.systems if system.scores.perturbations), None)


def perturbation_sentences(test: FileView) -> list[str]:
    """Return the sentences on what the systems of a test file rely on."""
    sentences = text_only_sentences(test)
    system = perturbed_system(test)
    if system is None:
        return [*sentences, "No perturbation test was run: evaluation.perturbations=[all] runs them."]
    kept, other = (
        {
            each.facts.name: each.scores[system.name]
            for each in test.perturbations
            if each.facts.preserves_label == preserves_label
        }
        for preserves_label in (True, False)
    )
    if other:
        what = "edits of source, target or negation"
        sentences.append(f"Predictions of {system.name} change under {what}: {_changes(other)}.")
    sentences += _after(other)
    if kept:
        sentences.append(f"Predictions of {system.name} change under label-preserving edits: {_changes(kept)}.")
    return sentences


def _changes(tested: Mapping[str, PerturbationScores]) -> str:
    return ", ".join(f"{titles.perturbation(name)} {percent(scores.changed)}%" for name, scores in tested.items())


def _after(tested: Mapping[str, PerturbationScores]) -> list[str]:
    """Say how often the predictions after the edits are right, over rows whose stance is known then."""
    right, neutral = [], []
    for name, scores in tested.items():
        if scores.accuracy_after is None:
            continue
        after = f"{titles.perturbation(name)} {percent(scores.accuracy_after)}%"
        if name in NEUTRAL_AFTER:
            neutral.append(after)
        else:
            before = "" if scores.accuracy_before is None else f" ({percent(scores.accuracy_before)}% before)"
            right.append(after + before)
    sentences = []
    if right:
        sentences.append(f"Accuracy after these edits, where the stance is known: {', '.join(right)}.")
    if neutral:
        sentences.append(f"Neutral is predicted, as it should be, for: {', '.join(neutral)}.")
    return sentences
