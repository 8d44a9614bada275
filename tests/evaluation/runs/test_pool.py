from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from stancelab.errors import ConfigError, DataError
from stancelab.evaluation.evaluate import evaluate
from stancelab.evaluation.runs.pool import gather_folds
from stancelab.metrics.classification import scores_of
from stancelab.metrics.cross_validation import corrected_t
from stancelab.results import CheckpointProvenance, DatasetProvenance, Provenance, read_results
from stancelab.schema import STANCE_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from stancelab.schema import Example


def dataset(fold: int = 0, seed: int = 13, train: int = 32, **changes: Any) -> DatasetProvenance:
    split = {"kind": "kfold", "folds": 3, "fold": fold, "seed": seed, "validation": 0.1, "target": None, **changes}
    return DatasetProvenance(name="small", split=split, counts={"train": {"rows": train}})


@pytest.fixture
def write(fake_system, settings, tmp_path: Path) -> Callable[..., Path]:
    """Evaluates two seeds of a system and a baseline as one fold."""

    def made(name: str, rows: Sequence[Example], made_of: DatasetProvenance | None, **changes: Any) -> Path:
        systems = [fake_system("net", seed) for seed in (0, 1)] + [fake_system("svm", 7, 0.6, is_baseline=True)]
        checkpoints = [CheckpointProvenance(name="net", seed=seed, **changes) for seed in (0, 1)]
        provenance = Provenance(title="mine", dataset=made_of, checkpoints=checkpoints)
        evaluate(systems, {"test": rows}, tmp_path / name, settings, provenance=provenance)
        return tmp_path / name

    return made


@pytest.fixture
def three(write, examples) -> dict[str, Path]:
    return {f"fold {k}": write(f"{k}", examples[k * 20 : k * 20 + 20], dataset(k)) for k in range(3)}


def test_folds_become_one_evaluation_of_all_rows(three: dict[str, Path], examples, settings, tmp_path: Path) -> None:
    found = gather_folds(three)
    assert [(each.name, each.seed, each.is_baseline) for each in found.systems] == [
        ("net", 0, False), ("net", 1, False), ("svm", 7, True),
    ]  # fmt: skip
    assert [row.id for row in found.tests["test"]] == [row.id for row in examples]
    assert (list(found.provenance.baselines), found.provenance.title) == (["svm"], "mine, 3 folds")
    pooled = found.provenance.pooled
    assert pooled is not None
    assert (pooled.kind, pooled.folds, pooled.seeds, pooled.test_to_train) == ("kfold", 3, [13], 20 / 32)
    together = evaluate(
        found.systems, found.tests, tmp_path / "all", settings, provenance=found.provenance, folds=found.folds
    )
    assert together.tests["test"].rows == 60
    whole = together.systems[0].tests["test"]
    assert len(whole.runs) == 2
    parts = [read_results(folder).systems[0].tests["test"].mean.accuracy for folder in three.values()]
    assert whole.mean.accuracy == pytest.approx(sum(parts) / 3, abs=1e-6)


def test_systems_are_compared_as_ways_of_training_from_their_folds(
    three: dict[str, Path], examples, settings, tmp_path: Path
) -> None:
    found = gather_folds(three)
    together = evaluate(
        found.systems, found.tests, tmp_path / "all", settings, provenance=found.provenance, folds=found.folds
    )
    (learner,) = together.comparisons["test"].learners
    gold = np.array([STANCE_ID[row.stance or ""] for row in examples])
    by_run = [each.predict_proba(examples).argmax(axis=1) for each in found.systems]
    scores = np.array(
        [[scores_of(gold[k : k + 20], run[k : k + 20]).value("macro_f1") for k in (0, 20, 40)] for run in by_run]
    )
    differences = scores[:2].mean(axis=0) - scores[2]
    if learner.systems == ("svm", "net"):
        differences = -differences
    interval, p = corrected_t(differences.tolist(), 20 / 32)
    assert learner.difference == pytest.approx(differences.mean(), abs=1e-6)
    assert tuple(learner.interval) == pytest.approx(tuple(interval), abs=1e-6)
    assert (learner.p, learner.folds) == (pytest.approx(p, abs=1e-6), 3)
    assert learner.p_holm == learner.p


def test_partitions_are_runs_and_their_folds_are_apart(three, write, examples, settings, tmp_path: Path) -> None:
    other = [*examples[10:], *examples[:10]]
    again = {f"again {k}": write(f"b{k}", other[k * 20 : k * 20 + 20], dataset(k, seed=14)) for k in range(3)}
    found = gather_folds({**three, **again})
    assert [(each.name, each.seed) for each in found.systems] == [
        ("net", 0), ("net", 1), ("net", 2), ("net", 3), ("svm", 0), ("svm", 1),
    ]  # fmt: skip
    assert [row.id for row in found.tests["test"]] == [row.id for row in examples]
    assert found.provenance.pooled is not None
    assert found.provenance.pooled.seeds == [13, 14]
    numbers = found.folds["test"].by_run
    assert sorted(set(numbers["net", 0].tolist())) == [0, 1, 2]
    assert sorted(set(numbers["net", 1].tolist())) == [3, 4, 5]
    together = evaluate(found.systems, found.tests, tmp_path / "all", settings, folds=found.folds)
    assert together.comparisons["test"].learners[0].folds == 6


def test_a_partition_has_to_be_complete(three, write, examples) -> None:
    few = {label: three[label] for label in ("fold 0", "fold 2")}
    with pytest.raises(DataError, match=r"split\.seed=13 is not complete.*\n  fold 1 is missing"):
        gather_folds(few)
    with pytest.raises(DataError, match=r"\n  fold 0 is given 2 times: fold 0, b\n  fold 1 is missing"):
        gather_folds({**few, "b": write("b", examples[20:40], dataset(0))})
    with pytest.raises(DataError, match=r"\n  fold 1 is missing"):  # that of another partition
        gather_folds({**few, "b": write("b", examples[20:40], dataset(1, seed=14))})
    with pytest.raises(DataError, match=r"their split differs:\n  validation: 0\.1 in fold 0, 0\.2 in b"):
        gather_folds({**few, "b": write("b", examples[20:40], dataset(1, validation=0.2))})
    with pytest.raises(ConfigError, match="found 1 run, expected the evaluations of two or more folds"):
        gather_folds({"a": three["fold 0"]})


def test_evaluations_that_are_no_folds(three, write, examples) -> None:
    for made_of, words in (
        (None, "does not say its split"),
        (DatasetProvenance(name="small"), "does not say its split"),
        (dataset(kind="random"), "is of split=random"),
    ):
        with pytest.raises(DataError, match=f"b: {words}; pool takes the folds of one cross-validation"):
            gather_folds({**three, "b": write("b", examples, made_of)})


def test_targets_that_are_left_out_in_turn(write, examples) -> None:
    targets = list(dict.fromkeys(each.target for each in examples))
    runs = {
        target: write(
            f"{k}", [e for e in examples if e.target == target], dataset(kind="leave_target_out", target=target)
        )
        for k, target in enumerate(targets)
    }
    found = gather_folds(runs)
    assert len(found.tests["test"]) == 60
    assert found.provenance.pooled is not None
    assert (found.provenance.pooled.kind, found.provenance.pooled.folds) == ("leave_target_out", 3)


def test_folds_that_do_not_fit_together(three, write, fake_system, examples, settings, tmp_path: Path) -> None:
    few = {label: three[label] for label in ("fold 0", "fold 1")}
    with pytest.raises(DataError, match="b: test has rows that another fold has too:\n  id 'row-30'"):
        gather_folds({**few, "b": write("b", examples[30:], dataset(2))})
    with pytest.raises(ConfigError, match=r"net, seeds 0 and 0: training\.epochs \(none, 5\)"):
        gather_folds({**few, "b": write("b", examples[40:], dataset(2), training={"epochs": 5})})
    evaluate(
        [fake_system("net", 2)], {"test": examples[40:]}, tmp_path / "c", settings,
        provenance=Provenance(dataset=dataset(2)),
    )  # fmt: skip
    with pytest.raises(DataError, match=r"other systems or seeds:\n  net \(seed 0\): only in fold 0, fold 1\n"):
        gather_folds({**few, "c": tmp_path / "c"})
    evaluate(
        [fake_system("net", 0)], {"other": examples[40:]}, tmp_path / "d", settings,
        provenance=Provenance(dataset=dataset(2)),
    )  # fmt: skip
    with pytest.raises(DataError, match="d has other test files than fold 0; folds have the same"):
        gather_folds({**few, "d": tmp_path / "d"})


def of_target(target: str, removed: int, data_key: str = "") -> DatasetProvenance:
    """Return a dataset of sixty rows whose test are the twenty of one target."""
    split = {"kind": "leave_target_out", "seed": 13, "validation": 0.1, "target": target, "folds": 5, "fold": 0}
    counts = {"train": {"rows": 40 - removed}, "test": {"rows": 20}}
    audit = {"removed": {"rejected": 7, "leaked": removed, "straddling": 0}}
    return DatasetProvenance(name="small", split=split, counts=counts, audit=audit, data_key=data_key)


def test_some_of_the_targets_are_pooled_where_that_is_asked_for_and_said(write, examples) -> None:
    runs = {f"t{k}": write(f"t{k}", examples[k * 20 : k * 20 + 20], of_target(f"t{k}", k)) for k in range(3)}
    assert gather_folds(runs).provenance.title == "mine, 3 folds"
    some = {label: runs[label] for label in ("t0", "t2")}
    with pytest.raises(DataError, match=r"targets are missing: the folds of 't0', 't2' test 40 of 60 rows"):
        gather_folds(some)
    assert gather_folds(some, partial=True).provenance.title == "mine, 2 folds, 40 of 60 rows"


def test_some_of_the_folds_are_pooled_where_that_is_asked_for_and_said(three: dict[str, Path]) -> None:
    some = {label: three[label] for label in ("fold 0", "fold 2")}
    with pytest.raises(DataError, match=r"fold 1 is missing"):
        gather_folds(some)
    assert gather_folds(some, partial=True).provenance.title == "mine, 2 of 3 folds"


def test_folds_of_other_data_are_refused(write, examples) -> None:
    keys = ("a", "a", "b")
    runs = {f"t{k}": write(f"t{k}", examples[k * 20 : k * 20 + 20], of_target(f"t{k}", 0, keys[k])) for k in range(3)}
    with pytest.raises(DataError, match="not of one partition: t0 and t2 were divided from other rows"):
        gather_folds(runs)
