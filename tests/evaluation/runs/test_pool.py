from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.errors import ConfigError, DataError
from stancelab.evaluation.evaluate import evaluate
from stancelab.evaluation.runs.pool import gather_folds
from stancelab.results import Provenance, read_results

if TYPE_CHECKING:
    from pathlib import Path


def test_folds_become_one_evaluation_of_all_rows(fake_system, examples, settings, tmp_path: Path) -> None:
    folds = {}
    for fold in range(3):
        systems = [fake_system("net", seed) for seed in (0, 1)] + [fake_system("svm", 7, 0.6, is_baseline=True)]
        rows = examples[fold * 20 : fold * 20 + 20]
        evaluate(systems, {"test": rows}, tmp_path / f"{fold}", settings, provenance=Provenance(title="mine"))
        folds[f"fold {fold}"] = tmp_path / f"{fold}"
    found = gather_folds(folds)
    assert [(each.name, each.seed, each.is_baseline) for each in found.systems] == [
        ("net", 0, False), ("net", 1, False), ("svm", 7, True),
    ]  # fmt: skip
    assert [row.id for row in found.tests["test"]] == [row.id for row in examples]
    assert (list(found.provenance.baselines), found.provenance.title) == (["svm"], "mine, 3 folds")
    together = evaluate(found.systems, found.tests, tmp_path / "all", settings, provenance=found.provenance)
    assert together.tests["test"].rows == 60
    whole = together.systems[0].tests["test"]
    assert len(whole.runs) == 2
    parts = [read_results(folder).systems[0].tests["test"].mean.accuracy for folder in folds.values()]
    assert whole.mean.accuracy == pytest.approx(sum(parts) / 3, abs=1e-6)


def test_folds_that_do_not_fit_together(
    fake_system, examples, two_runs: dict[str, Path], settings, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="new has other test files than old; folds have the same"):
        gather_folds(two_runs)
    evaluate([fake_system("net", 0)], {"test": examples[:20]}, tmp_path / "1", settings)
    evaluate([fake_system("net", 0)], {"test": examples[10:40]}, tmp_path / "2", settings)
    evaluate([fake_system("net", 1)], {"test": examples[40:]}, tmp_path / "3", settings)
    with pytest.raises(DataError, match="b: test has rows that another fold has too:\n  id 'row-10'"):
        gather_folds({"a": tmp_path / "1", "b": tmp_path / "2"})
    with pytest.raises(DataError, match="other systems or seeds:\n  net: only in a\n  net: only in c"):
        gather_folds({"a": tmp_path / "1", "c": tmp_path / "3"})
    with pytest.raises(ConfigError, match="found 1 run, expected the evaluations of two or more folds"):
        gather_folds({"a": tmp_path / "1"})
