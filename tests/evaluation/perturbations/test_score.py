"""A system that reads its target differs from one that does not; shares are those of a plain count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.perturbations.score import PerturbedRows, perturb, score_perturbations
from stancelab.evaluation.runs.external import ExternalPredictions
from stancelab.schema import Example, System

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.results import PerturbationScores, Results

SETTINGS = EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100, perturbations=["all"])


class Reader(System):
    """Against what is called bad, for what is called good, else neutral; one of partial input reads the text alone."""

    seed = None

    def __init__(self, name: str, text_only: bool = False) -> None:
        self.name, self.text_only = name, text_only

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        words = [each.text if self.text_only else each.target for each in examples]
        predicted = [0 if "bad" in word else 2 if "good" in word else 1 for word in words]
        return np.eye(3)[predicted] * 0.94 + 0.02


def sentences(count: int) -> list[Example]:
    rows = []
    for number in range(count):
        text = f"In year {number} Kenya did not like the bad plan but the good idea."
        rows += [
            Example(id=f"{number}-{target}", text=text, source="Kenya", target=target, stance=stance)
            for target, stance in (("the bad plan", "against"), ("the good idea", "favor"))
        ]
    return rows


def scores_of(found: Results, system: str) -> dict[str, PerturbationScores]:
    names = [each.name for each in found.tests["test"].perturbations]
    tested = found.system(system)
    assert tested is not None
    own = tested.tests["test"].perturbations
    assert own is not None
    return dict(zip(names, own, strict=True))


def test_a_reader_of_the_target_changes_its_answer_and_one_of_the_text_does_not(tmp_path: Path) -> None:
    rows = sentences(20)
    found = evaluate([Reader("reads"), Reader("text", text_only=True)], {"test": rows}, tmp_path, SETTINGS)
    facts = found.tests["test"].perturbations
    assert [(each.name, each.rows, each.scored_rows) for each in facts] == [
        ("target_hidden", 40, 40), ("source_hidden", 40, 40),
        ("lower_case", 40, 40), ("typos", 40, 40), ("contractions", 40, 40), ("countries", 40, 40),
    ]  # fmt: skip
    kept = [each.name for each in facts if each.preserves_label]
    assert kept == ["lower_case", "typos", "contractions", "countries"]
    reads, text = scores_of(found, "reads"), scores_of(found, "text")
    hidden = reads["target_hidden"]
    assert (hidden.changed, hidden.accuracy_before, hidden.accuracy_after) == (1, 1, 0)
    # Where all answers change, nothing says how many would on other rows.
    assert hidden.intervals == {}
    other = text["target_hidden"]
    assert (other.changed, other.accuracy_before, other.accuracy_after) == (0, 0.5, 0.5)
    assert reads["typos"].changed == 0


def test_shares_are_means_over_seeds_with_intervals_over_units(fake_system, examples, tmp_path: Path) -> None:
    systems = [fake_system("net", 0), fake_system("net", 1)]
    settings = EvaluationSettings(bootstrap_resamples=300, perturbations=["target_hidden"])
    found = evaluate(systems, {"test": examples}, tmp_path, settings)
    own = scores_of(found, "net")["target_hidden"]
    # This system answers by the row's place and label alone, so that a hidden target changes nothing.
    assert own.changed == 0
    assert own.accuracy_after == pytest.approx(found.systems[0].tests["test"].mean.accuracy, abs=1e-6)
    low, high = own.intervals["accuracy_after"]
    assert own.accuracy_after is not None and low < own.accuracy_after < high


def test_accuracies_are_left_out_where_no_stance_is_known_after_the_change() -> None:
    rows = sentences(20)
    unknown = [replace(each, target="something", stance=None) for each in rows]
    test = GoldRows.of(rows, "text")
    perturbed = [PerturbedRows("target_hidden", np.arange(40), unknown)]
    now = np.array([1, *test.gold[1:]])
    (own,) = score_perturbations(perturbed, [[now]], [test.gold], test)
    assert (own.changed, own.accuracy_before, own.accuracy_after) == (1 / 40, None, None)
    assert list(own.intervals) == ["changed"]


def test_pairs_of_a_files_own_rows_are_scored_without_any_perturbation(tmp_path: Path) -> None:
    systems = [Reader("reads"), Reader("text", text_only=True)]
    found = evaluate(systems, {"test": sentences(20)}, tmp_path, replace(SETTINGS, perturbations=[]))
    assert [(each.part, each.pairs, each.different) for each in found.tests["test"].pairs] == [("target", 20, 20)]
    reads, text = (system.tests["test"].pairs[0] for system in found.systems)
    assert (reads.both_right, reads.independent, reads.changed_different) == (1, 1, 1)
    assert (text.both_right, text.independent, text.changed_different, text.changed_same) == (0, 0, 0, None)


def test_external_predictions_have_no_perturbation_tests(tmp_path: Path) -> None:
    rows = sentences(5)
    saved = ExternalPredictions("llm", None, {each.id: np.eye(3)[0] for each in rows}, has_probabilities=False)
    found = evaluate([saved, Reader("reads")], {"test": rows}, tmp_path, SETTINGS)
    assert found.systems[0].tests["test"].perturbations is None
    assert found.systems[1].tests["test"].perturbations


def test_only_the_perturbations_that_were_asked_for_and_apply() -> None:
    rows = sentences(3)
    assert [each.name for each in perturb(rows, ["typos", "countries"], 1)] == ["typos", "countries"]
    assert perturb(rows, [], 1) == []
    assert [each.name for each in perturb(rows, ["source_of_corpus"], 1)] == []
