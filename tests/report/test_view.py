from __future__ import annotations

import pytest

from stancelab.report.view import view_files
from stancelab.results import read_results


def test_systems_are_ranked_and_runs_averaged(finished_run) -> None:
    results = read_results(finished_run)
    first, _ = view_files(results)
    assert first.name == "test_rw"
    assert [system.name for system in first.systems] == ["minilm", "svm <b>", "majority"]
    assert [system.is_baseline for system in first.systems] == [False, True, True]
    best = first.best
    assert best.seeds == [0, 1, 2]
    assert best.mean("macro_f1") == pytest.approx(sum(run.scores.macro_f1 for run in best.runs) / 3, abs=1e-5)
    assert best.confusion.sum() == pytest.approx(first.facts.rows)
    assert best.per_class["favor"].support == first.facts.classes["favor"]
    assert first.metrics == ["macro_f1", "f_avg", "accuracy"]
    assert [pair.systems[0] for pair in first.pairs_of_best] == ["minilm", "minilm"]


def test_slices_have_titles(build) -> None:
    file = build.file(
        build.system("net", 0.5), slices=[(build.part("targets_in_sentence", "three_or_more"), {"net": (0.4, 0.5)})]
    )
    (each,) = file.slices
    assert (each.attribute, each.value) == ("targets in sentence", "three or more")
    assert not each.is_small and each.has_all_classes


def test_the_best_trained_system_is_no_baseline_and_an_ablation_only_where_there_is_no_other(build) -> None:
    svm, text, net = (
        build.system("svm", 0.9, baseline=True), build.system("text", 0.8), build.system("net", 0.7)
    )  # fmt: skip
    all_three = build.file(svm, text, net, text_only=("text",))
    assert [(each.name, all_three.role(each)) for each in all_three.systems] == [
        ("svm", "best system"), ("text", ""), ("net", "best trained system")
    ]  # fmt: skip
    assert [each.name for each in build.file(svm, text, text_only=("text",)).shown] == ["svm", "text"]
    assert [each.name for each in build.file(net, svm).shown] == ["net"]
    assert build.file(svm).best_trained is None
