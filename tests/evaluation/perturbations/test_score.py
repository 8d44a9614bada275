"""A system that reads its target is told apart from one that does not; shares are those of a plain count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.evaluation.perturbations.score import make_probes
from stancelab.evaluation.runs.external import SavedPredictions
from stancelab.report import write_report
from stancelab.schema import Example, System

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SETTINGS = EvaluationSettings(bootstrap_draws=100, randomization_rounds=100, probes=["all"])


class Reader(System):
    """Against what is called bad, for what is called good, else neutral; a blind one reads the text alone."""

    seed = None

    def __init__(self, name: str, blind: bool = False) -> None:
        self.name, self.blind = name, blind

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        words = [each.text if self.blind else each.target for each in examples]
        said = [0 if "bad" in word else 2 if "good" in word else 1 for word in words]
        return np.eye(3)[said] * 0.94 + 0.02


def sentences(count: int) -> list[Example]:
    rows = []
    for number in range(count):
        text = f"In year {number} Kenya did not like the bad plan but the good idea."
        rows += [
            Example(id=f"{number}-{target}", text=text, source="Kenya", target=target, stance=stance)
            for target, stance in (("the bad plan", "against"), ("the good idea", "favor"))
        ]
    return rows


def test_a_reader_changes_its_answer_and_a_blind_one_does_not(tmp_path: Path) -> None:
    rows = sentences(20)
    metrics = evaluate([Reader("reads"), Reader("blind", blind=True)], {"test": rows}, tmp_path, SETTINGS, {})
    facts = metrics["tests"]["test"]["probes"]
    assert [(each["name"], each["rows"], each["scored_rows"]) for each in facts] == [
        ("target_hidden", 40, 40), ("source_hidden", 40, 40), ("target_of_sentence", 40, 40),
        ("lower_case", 40, 40), ("typos", 40, 40), ("contractions", 40, 40), ("countries", 40, 40),
    ]  # fmt: skip
    scores = {
        system["name"]: dict(zip([f["name"] for f in facts], system["tests"]["test"]["probes"], strict=True))
        for system in metrics["systems"]
    }
    swapped = scores["reads"]["target_of_sentence"]
    assert (swapped["changed"], swapped["accuracy_before"], swapped["accuracy_after"]) == (1, 1, 1)
    assert swapped["intervals"]["changed"] == [1, 1]
    assert scores["reads"]["target_hidden"]["changed"] == 1
    assert scores["reads"]["target_hidden"]["accuracy_after"] == 0
    blind = scores["blind"]["target_of_sentence"]
    assert (blind["changed"], blind["accuracy_before"], blind["accuracy_after"]) == (0, 0.5, 0.5)
    assert scores["reads"]["typos"]["changed"] == 0

    paths = write_report(tmp_path)
    markdown = paths.markdown.read_text()
    assert (
        "With another target of the sentence, reads answers otherwise on 100.0% of 40 rows; it is right on 100.0%"
        in markdown
    )
    assert "No text-only twin" in markdown
    assert 'id="reliance"' in paths.html.read_text()


def test_shares_are_means_over_seeds_with_intervals_over_units(system, examples, tmp_path: Path) -> None:
    systems = [system("net", 0), system("net", 1)]
    settings = EvaluationSettings(bootstrap_draws=300, probes=["target_hidden"])
    metrics = evaluate(systems, {"test": examples}, tmp_path, settings, {})
    [found] = metrics["systems"][0]["tests"]["test"]["probes"]
    # This system answers by the row's place and label alone, so that a hidden target changes nothing.
    assert found["changed"] == 0
    assert found["accuracy_after"] == pytest.approx(
        metrics["systems"][0]["tests"]["test"]["mean"]["accuracy"], abs=1e-6
    )
    low, high = found["intervals"]["accuracy_after"]
    assert low < found["accuracy_after"] < high


def test_tables_of_predictions_are_not_asked(tmp_path: Path) -> None:
    rows = sentences(5)
    saved = SavedPredictions("llm", None, {each.id: np.eye(3)[0] for each in rows}, has_probabilities=False)
    metrics = evaluate([saved, Reader("reads")], {"test": rows}, tmp_path, SETTINGS, {})
    assert metrics["systems"][0]["tests"]["test"]["probes"] is None
    assert "reads answers otherwise" in write_report(tmp_path).markdown.read_text()


def test_only_the_probes_that_were_asked_for_and_apply() -> None:
    rows = sentences(3)
    assert [probe.name for probe in make_probes(rows, ["typos", "countries"], 1)] == ["typos", "countries"]
    assert make_probes(rows, [], 1) == []
    assert [probe.name for probe in make_probes(rows, ["source_of_corpus"], 1)] == []
    assert EvaluationSettings(probes=["typo"]).problems()[0].endswith("Did you mean 'typos'?")
