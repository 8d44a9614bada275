from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from stancelab.errors import ConfigError, DataError
from stancelab.evaluation.checks import (
    check_one_training,
    check_primary_metric,
    check_systems,
    check_tests,
    chosen_tests,
)
from stancelab.evaluation.evaluate import evaluate
from stancelab.results import CheckpointProvenance


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (("a", 1), ("a", 1), r"system 'a' \(seed 1\) is given twice"),
        (("a b", None), ("a/b", None), "system 'a b' and system 'a/b' would share the file name 'a-b'"),
        (("x", None), ("X", None), "would share the file name"),
        (("a", 1), ("a-seed1", None), "would share the file name 'a-seed1'"),
        (("a", 1), (" ", 1), "empty name"),
    ],
)
def test_names_have_to_distinguish_systems(fake_system, first, second, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        check_systems([fake_system(*first), fake_system(*second)])


def test_no_system_has_the_name_of_a_baseline(fake_system) -> None:
    with pytest.raises(ConfigError, match=r"called 'svm', as a baseline is; .*'predictions=\{my_svm: FILE\}'"):
        check_systems([fake_system("svm", 1), fake_system("svm", 2, is_baseline=True)])
    check_systems([fake_system("svm", 1, is_baseline=True), fake_system("svm", 2, is_baseline=True)])


def test_seeds_of_one_system_differ_by_nothing_else() -> None:
    def trained(name: str = "net", seed: int = 0, **changes: Any) -> CheckpointProvenance:
        given: dict[str, Any] = {
            "encoder": "mini", "training": {"learning_rate": 2e-5, "resume": False}, "dataset_fingerprint": "01",
            "train_rows": 16222, "version": "1.0",
        }  # fmt: skip
        return CheckpointProvenance(name=name, seed=seed, **{**given, **changes})

    resumed = trained(seed=1, training={"learning_rate": 2e-5, "resume": True})
    check_one_training([trained(), resumed, trained("other", encoder="large")])
    few = trained(seed=2, train_rows=1000, dataset_fingerprint="02", training={"learning_rate": 1e-4})
    with pytest.raises(ConfigError) as caught:
        check_one_training([trained(), resumed, few, trained(seed=3, version="1.1")])
    assert "as in 'checkpoint={net_a: FOLDER, net_b: FOLDER}'" in str(caught.value)
    assert [line.strip() for line in str(caught.value).splitlines()[1:]] == [
        "net, seeds 0 and 2: training.learning_rate (2e-05, 0.0001), dataset (01, 02), train_rows (16222, 1000)",
        "net, seeds 0 and 3: stancelab (1.0, 1.1)",
    ]
    with pytest.raises(ConfigError, match=r"net, seeds 0 and 1: start \(none, \['0a', '0b'\]\)"):
        check_one_training([trained(), trained(seed=1, start="quickstart", start_sha256=["0a", "0b"])])
    first: dict[str, Any] = {"start": "a", "start_sha256": ["0a"], "start_recipe": "x1"}
    second: dict[str, Any] = {"start": "b", "start_sha256": ["0b"]}
    check_one_training([trained(**first), trained(seed=1, **second, start_recipe="x1")])
    with pytest.raises(ConfigError, match=r"net, seeds 0 and 1: start \(x1, x2\)"):
        check_one_training([trained(**first), trained(seed=1, **second, start_recipe="x2")])
    with pytest.raises(ConfigError, match=r"net, seeds 0 and 1: start \(\['0a'\], \['0b'\]\)"):
        check_one_training([trained(**{**first, "start_recipe": ""}), trained(seed=1, **second)])
    check_one_training([trained(), trained(seed=1, dataset_fingerprint="02", train_rows=9)], ("dataset", "train_rows"))


def test_an_evaluation_refuses_runs_of_other_settings(fake_system, examples, tmp_path) -> None:
    class Checkpoint(fake_system):  # type: ignore[misc]
        def provenance(self) -> CheckpointProvenance:
            return CheckpointProvenance(name=self.name, seed=self.seed, training={"epochs": 3 + self.seed})

    with pytest.raises(ConfigError, match=r"net, seeds 0 and 1: training\.epochs \(3, 4\)"):
        evaluate([Checkpoint("net", 0), Checkpoint("net", 1)], {"test": examples}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_there_has_to_be_a_system() -> None:
    with pytest.raises(ConfigError, match="no checkpoint and no baseline"):
        check_systems([])


def test_systems_are_objects_of_a_class_that_derives_from_system(fake_system) -> None:
    class Nameless(type(fake_system("a"))):  # type: ignore[misc]
        def __init__(self) -> None: ...

    one = fake_system("a")
    assert check_systems(each for each in [one]) == [one]
    for given, message in (
        (one, "systems: found FakeSystem, expected a list of systems"),
        ([one, type(one)], r"systems\[1\]: found FakeSystem, expected a StanceClassifier, a baseline, or an object"),
        ([object()], r"systems\[0\]: found object"),
        ([fake_system(5)], r"systems\[0\]: FakeSystem has no name; a system's name is text"),
        ([Nameless()], r"systems\[0\]: Nameless has no name"),
    ):
        with pytest.raises(ConfigError, match=message):
            check_systems(given)


def test_unusable_test_files(examples) -> None:
    def refuse(tests, message: str) -> None:
        with pytest.raises(DataError, match=message):
            check_tests(tests)

    unlabeled = [examples[0], dataclasses.replace(examples[1], stance=None)]
    refuse(
        {"test": unlabeled},
        r"'test': 1 of 2 rows has no stance.*\n  row 2 \(id 'row-1'\): found stance None",
    )
    refuse({"test": []}, "test file 'test': has no rows")
    refuse({}, "no test file")
    refuse({"../test": examples}, "its name may hold only letters, digits, _ and -")
    clash = [dataclasses.replace(examples[0], extra={"predicted": "favor"})]
    refuse({"test": clash}, "extra columns 'predicted' have names that the predictions use; rename")
    number: Any = {"kind": 3}
    refuse({"test": [dataclasses.replace(examples[0], extra=number)]}, "row 1, extra column 'kind': found 3, expected")


def test_test_files_are_chosen_by_name(examples) -> None:
    tests = {"test_rw": examples, "test_mt": examples[:3]}
    assert list(chosen_tests(tests, [])) == ["test_rw", "test_mt"]
    assert chosen_tests(tests, ["test_mt"]) == {"test_mt": examples[:3]}
    with pytest.raises(ConfigError, match=r"found 'test_m', 'x', allowed test_rw, test_mt\. Did you mean 'test_mt'"):
        chosen_tests(tests, ["test_m", "x", "test_rw"])


def test_a_primary_metric_is_one_that_ranks_systems() -> None:
    assert check_primary_metric("f_avg") == "f_avg"
    with pytest.raises(ConfigError, match=r"found 'macro-f1', allowed macro_f1, f_avg, accuracy\. Did you mean 'macro"):
        check_primary_metric("macro-f1")
