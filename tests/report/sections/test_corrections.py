from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.report.sections.corrections import correction_sentences
from stancelab.report.view import view_files
from stancelab.report.write import write_report
from stancelab.results import DatasetProvenance, read_results, write_results

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.schema import Example


def test_corrections_are_counted_by_split_with_scores_before_and_after(
    fake_system, small_test: list[Example], tmp_path: Path
) -> None:
    systems = [fake_system("minilm", 0), fake_system("svm", accuracy=0.5)]
    evaluate(systems, {"test": small_test}, tmp_path, EvaluationSettings(bootstrap_resamples=100))
    results = read_results(tmp_path)
    assert correction_sentences(results.provenance.dataset, view_files(results)) == []
    changed = [
        replace(
            system,
            tests={
                "test": replace(
                    system.tests["test"],
                    mean=replace(system.tests["test"].mean, macro_f1=after),
                    before_corrections={"macro_f1": before, "accuracy": 0.1},
                )
            },
        )
        for system, before, after in zip(results.systems, (0.612, 0.58), (0.634, 0.581), strict=True)
    ]
    results = replace(
        results,
        systems=changed,
        tests={"test": replace(results.tests["test"], corrected_rows=14)},
        provenance=replace(
            results.provenance, dataset=DatasetProvenance(name="mine", corrected={"train": 1200, "test": 14})
        ),
    )
    found = correction_sentences(results.provenance.dataset, view_files(results))
    assert found[:2] == [
        "Labels that a person corrected: 1,200 in train and 14 in test.",
        "Macro-F1 on test before → after 14 corrections: minilm 61.2 → 63.4, svm 58.0 → 58.1.",
    ]
    assert found[2].startswith("Where the corrected test rows were found by a model, scores after correction favor")
    write_results(tmp_path, results)
    paths = write_report(tmp_path)
    for path in (paths.html, paths.markdown):
        assert "1,200 in train and 14 in test" in path.read_text()
    only_train = DatasetProvenance(name="mine", corrected={"train": 3})
    assert correction_sentences(only_train, []) == ["Labels that a person corrected: 3 in train."]
