from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from stancelab.errors import ConfigError, DataError
from stancelab.evaluation.checks import check_primary_metric, check_systems, check_tests, chosen_tests


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
        r"'test': 1 of 2 rows have no stance.*\n  row 2 \(id 'row-1'\): found stance None",
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
