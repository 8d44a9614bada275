"""The text-only ablation, pairs of rows and the perturbation tests: what a system relies on.

Perturbation tests change the examples and count changed predictions (CheckList: Ribeiro et al., ACL 2020). Pairs of
rows that differ in target or source alone are contrast sets (Gardner et al., Findings of EMNLP 2020).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.pages.formatting import counted, percent
from stancelab.report import titles
from stancelab.report.sections.headline import interval_words
from stancelab.report.sections.text_only import text_only_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.metrics.bootstrap import Interval
    from stancelab.report.system_view import SystemView
    from stancelab.report.view import FileView, PairView
    from stancelab.results import PerturbationScores

#: Edits after which the sentence gives no stance: neutral is right.
NEUTRAL_AFTER: Final = ("target_of_corpus", "source_of_corpus")


def perturbed_system(test: FileView) -> SystemView | None:
    """Return the best system that answered changed examples, None where none did."""
    return next((system for system in test.systems if system.scores.perturbations), None)


def perturbation_sentences(test: FileView) -> list[str]:
    """Return the sentences on what the systems of a test file rely on."""
    sentences = text_only_sentences(test) + _pairs(test)
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
        what = "hidden or foreign source or target, or negation"
        sentences.append(f"Predictions of {system.name} change under {what}: {_changes(other)}.")
    sentences += _after(other)
    if kept:
        sentences.append(f"Predictions of {system.name} change under label-preserving edits: {_changes(kept)}.")
    return sentences


def _pairs(test: FileView) -> list[str]:
    """Say of the systems that are shown in detail whether they tell rows of one sentence apart."""
    if not test.row_pairs:
        return ["No two rows of one sentence differ in target or source alone, so that no pairs of rows can be scored."]
    return [line for system in test.shown for pairs in test.row_pairs for line in _of_pairs(pairs, system.name)]


def _of_pairs(pairs: PairView, system: str) -> list[str]:
    facts, own = pairs.facts, pairs.scores[system]
    same, sentences = facts.pairs - facts.different, []
    if own.both_right is not None and own.independent is not None and own.changed_different is not None:
        sentences.append(
            f"{system} is right on both rows of {_share(own.both_right, own.intervals.get('both_right'))} of "
            f"{counted(facts.different, 'pair')} of rows that differ in the {facts.part} alone and in their stance. "
            f"A reader of the text alone would be right on 0.0%; answers to the two rows that are independent, and "
            f"right as often, on {percent(own.independent)}%."
        )
    changes = []
    if own.changed_different is not None:
        share = _share(own.changed_different, own.intervals.get("changed_different"))
        changes.append(f"in {share} of these pairs")
    if own.changed_same is not None:
        share = _share(own.changed_same, own.intervals.get("changed_same"))
        changes.append(f"in {share} of {counted(same, 'pair')} with another {facts.part} and the same stance")
    return (
        [*sentences, f"Its answers differ {', and '.join(changes)}."]
        if sentences
        else [f"The answers of {system} differ {changes[0]}."]
    )


def _share(share: float, interval: Interval | None) -> str:
    return f"{percent(share)}%" + ("" if interval is None else f" ({interval_words(interval)})")


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
