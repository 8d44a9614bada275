"""What a system relies on, in words."""

from __future__ import annotations

import pytest

from stancelab.metrics.bootstrap import Interval
from stancelab.report.sections.perturbations import perturbation_sentences, perturbed_system
from stancelab.report.text_readers import TextReaders
from stancelab.results import Perturbation, PerturbationScores


@pytest.fixture
def file(build):
    def made(classes=(20, 10, 10), rows: int = 40, text_only=("hidden",), perturbations=()):
        systems = [build.system("net", 0.6), build.system("hidden", 0.527)]
        several = build.part("stances_in_sentence", "several", rows, classes)
        slices = [(several, {"net": (0.668, 0.699), "hidden": (0.469, 0.478)})]
        readers = TextReaders(full=dict.fromkeys(text_only, "net"))
        return build.file(*systems, text_only=text_only, slices=slices, perturbations=perturbations, readers=readers)

    return made


def changes(name: str, changed: float, before: float | None = None, after: float | None = None, *, keeps: bool = False):
    scores = PerturbationScores(
        changed=changed, accuracy_before=before, accuracy_after=after, intervals={"changed": Interval(0.0, 1.0)}
    )
    return Perturbation(name=name, preserves_label=keeps, rows=50, scored_rows=40), {"net": scores}


def test_without_an_ablation_or_tests_it_is_said_how_to_get_them(file) -> None:
    words = perturbation_sentences(file(text_only=()))
    assert words[0].startswith("No text-only ablation was evaluated: 'model.input.hide=[source,target]'")
    assert words[-1] == "No perturbation test was run: evaluation.perturbations=[all] runs them."


def test_changed_predictions_in_words(file) -> None:
    perturbations = [
        changes("target_hidden", 0.451, 0.7, 0.55),
        changes("target_of_corpus", 0.6, 0.7, 0.742),
        changes("typos", 0.079, 0.7, 0.69, keeps=True),
        changes("lower_case", 0.031, 0.7, 0.7, keeps=True),
    ]
    found = file(text_only=(), perturbations=perturbations)
    system = perturbed_system(found)
    assert system is not None and system.name == "net"
    assert perturbation_sentences(found)[1:] == [
        "Predictions of net change under edits of source, target or negation: "
        "target hidden 45.1%, target of another sentence 60.0%.",
        "Accuracy after these edits, where the stance is known: target hidden 55.0% (70.0% before).",
        "Neutral is predicted, as it should be, for: target of another sentence 74.2%.",
        "Predictions of net change under label-preserving edits: typos 7.9%, lower case 3.1%.",
    ]


def test_whether_the_label_is_preserved_is_what_metrics_json_says(file) -> None:
    words = perturbation_sentences(file(text_only=(), perturbations=[changes("shouting", 0.1, keeps=True)]))
    assert words[1:] == ["Predictions of net change under label-preserving edits: shouting 10.0%."]
