"""What a system relies on, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stancelab.metrics.bootstrap import Interval
from stancelab.report.sections.perturbations import perturbation_sentences, perturbed_system
from stancelab.report.text_readers import TextReaders
from stancelab.results import PairScores, PairSet, Perturbation, PerturbationScores

NO_PAIRS = "No two rows of one sentence differ in target or source alone, so that no pairs of rows can be scored."


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
    assert words[-2:] == [NO_PAIRS, "No perturbation test was run: evaluation.perturbations=[all] runs them."]


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
    assert perturbation_sentences(found)[2:] == [
        "Predictions of net change under hidden or foreign source or target, or negation: "
        "target hidden 45.1%, target of another sentence 60.0%.",
        "Accuracy after these edits, where the stance is known: target hidden 55.0% (70.0% before).",
        "Neutral is predicted, as it should be, for: target of another sentence 74.2%.",
        "Predictions of net change under label-preserving edits: typos 7.9%, lower case 3.1%.",
    ]


def test_whether_the_label_is_preserved_is_what_metrics_json_says(file) -> None:
    words = perturbation_sentences(file(text_only=(), perturbations=[changes("shouting", 0.1, keeps=True)]))
    assert words[2:] == ["Predictions of net change under label-preserving edits: shouting 10.0%."]


@pytest.fixture
def paired(build):
    """Return a function that makes a test file with pairs of the best system, a baseline, and of a trained one."""

    def made(facts: PairSet, **own: PairScores):
        systems = [build.system("svm", 0.6, baseline=True), build.system("net", 0.5)]
        test = build.file(*systems)
        filled = [
            replace(each, scores=replace(each.scores, pairs=[own.get(each.name, own["net"])])) for each in test.systems
        ]
        return replace(test, systems=filled, facts=replace(test.facts, pairs=[facts]))

    return made


def test_pairs_of_rows_in_words_for_the_best_and_the_best_trained_system(paired) -> None:
    facts = PairSet(part="target", pairs=300, different=217, units=40)
    net = PairScores(
        both_right=0.47,
        independent=0.42,
        changed_different=0.7,
        changed_same=0.605,
        intervals={"both_right": Interval(0.4, 0.54), "changed_same": Interval(0.5, 0.7)},
    )
    svm = replace(net, both_right=0.1, intervals={})
    words = perturbation_sentences(paired(facts, net=net, svm=svm))[1:-1]
    assert [line.split()[0] for line in words] == ["svm", "Its", "net", "Its"]
    assert words[2:] == [
        "net is right on both rows of 47.0% (95% interval 40.0 to 54.0) of 217 pairs of rows that differ in the target "
        "alone and in their stance. A reader of the text alone would be right on 0.0%; answers to the two rows that "
        "are independent, and right as often, on 42.0%.",
        "Its answers differ in 70.0% of these pairs, and in 60.5% (95% interval 50.0 to 70.0) of 83 pairs with another "
        "target and the same stance.",
    ]


def test_pairs_of_one_kind_alone(paired) -> None:
    facts = PairSet(part="source", pairs=30, different=0, units=10)
    none = PairScores(both_right=None, independent=None, changed_different=None, changed_same=0.2, intervals={})
    assert perturbation_sentences(paired(facts, net=none))[1] == (
        "The answers of svm differ in 20.0% of 30 pairs with another source and the same stance."
    )
