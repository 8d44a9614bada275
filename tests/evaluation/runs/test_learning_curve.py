from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from stancelab.errors import ConfigError, DataError
from stancelab.evaluation.evaluate import evaluate
from stancelab.evaluation.runs.learning_curve import gather_sizes
from stancelab.results import (
    CheckpointProvenance,
    DatasetProvenance,
    Provenance,
    TrainingSample,
    read_results,
    write_results,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def run(fake_system, examples, settings, tmp_path: Path):
    """Return a function that writes one run and returns its folder."""

    def write(
        name: str,
        rows: int,
        seed: int,
        *,
        trained_rows: int | None = None,
        test=None,
        more_tests=False,
        training=None,
        **split: float,
    ) -> Path:
        samples = [TrainingSample(setting=setting, amount=amount) for setting, amount in split.items()]
        provenance = Provenance(
            title="small",
            command="stancelab run",
            dataset=DatasetProvenance(
                name="small", counts={"train": {"rows": rows}}, sample=samples[0] if samples else None
            ),
            checkpoints=[
                CheckpointProvenance(
                    name="net",
                    seed=seed,
                    train_rows=trained_rows or rows,
                    dataset_fingerprint=name,
                    training=training or {},
                )
            ],
        )
        systems = [
            fake_system("net", seed, accuracy=0.9),
            fake_system("svm", 0, accuracy=0.5 + seed / 10, is_baseline=True),
            fake_system("most", answer=[[0.2, 0.3, 0.5]] * 60, is_baseline=True),
        ]
        tests = {"test": test or examples, **({"test_b": examples} if more_tests else {})}
        evaluate(systems, tests, tmp_path / name, settings, provenance=provenance)
        return tmp_path / name

    return write


def test_runs_of_other_settings_are_no_seeds(run) -> None:
    folders = [run("all", 400, 0), run("half0", 201, 0, train_share=0.5)]
    other = run("half1", 199, 1, train_share=0.5, training={"learning_rate": 1e-4})
    with pytest.raises(ConfigError, match=r"net, seeds 0 and 1: training\.learning_rate \(none, 0\.0001\)"):
        gather_sizes([*folders, other])


def test_samples_of_one_size_become_seeds(run) -> None:
    folders = [
        run("all0", 400, 0), run("all1", 400, 1, train_share=1.0), run("half0", 201, 0, train_share=0.5),
        run("half1", 199, 1, train_share=0.5), run("shots", 24, 0, shots=8), run("rows", 50, 0, train_rows=50),
    ]  # fmt: skip
    sizes = gather_sizes(folders)
    assert [(size.name, size.title, size.train_rows) for size in sizes] == [
        ("8shots", "8 rows of each stance", 24),
        ("50rows", "50 rows", 50),
        ("50percent", "50% of train", 200),
        ("100percent", "100% of train", 400),
    ]
    half = [(each.name, each.seed) for each in sizes[2].gathered.systems]
    # Both svm say they have seed 0, but answer otherwise: they are two runs. "most" answers alike and stands once.
    assert half == [("net", 0), ("net", 1), ("svm", 0), ("svm", 1), ("most", None)]
    provenance = sizes[2].gathered.provenance
    assert [each.name for each in sizes[2].gathered.systems if each.is_baseline] == ["svm", "svm", "most"]
    assert list(provenance.baselines) == ["svm", "most"]
    assert provenance.commands == ["stancelab run"]
    assert provenance.title == "small, 50% of train"


def test_what_makes_no_curve_is_refused(run, examples) -> None:
    with pytest.raises(ConfigError, match="found 2 runs of 1 size"):
        gather_sizes([run("a", 400, 0), run("b", 400, 1)])
    with pytest.raises(DataError, match="beside a train split of 200 rows"):
        gather_sizes([run("c", 200, 0, trained_rows=400, train_share=0.5)])
    changed = [dataclasses.replace(examples[0], text="Another text."), *examples[1:]]
    with pytest.raises(DataError, match="test is not the one of the first run"):
        gather_sizes([run("d", 400, 0), run("e", 200, 0, test=changed, train_share=0.5)])
    with pytest.raises(ConfigError, match=r"evaluation.tests: found 'test_b', allowed test"):
        gather_sizes([run("h", 400, 0), run("i", 200, 0, train_share=0.5)], ["test_b"])
    together = run("f", 200, 0, train_share=0.5)
    results = read_results(together)
    several = dataclasses.replace(results.provenance, commands=["stancelab run", "stancelab run seed=1"])
    write_results(together, dataclasses.replace(results, provenance=several))
    with pytest.raises(DataError, match="is of several evaluations, which 'compare', 'pool' or 'curve' put together"):
        gather_sizes([run("g", 400, 0), together])


def test_only_test_files_of_all_runs_are_read(run, caplog: pytest.LogCaptureFixture) -> None:
    sizes = gather_sizes([run("a", 400, 0, more_tests=True), run("b", 200, 0, train_share=0.5)])
    assert [list(size.gathered.tests) for size in sizes] == [["test"], ["test"]]
    assert "not every run has test_b; only test is compared" in caplog.text


def test_a_run_that_does_not_say_its_size_is_refused(fake_system, examples, settings, tmp_path: Path) -> None:
    evaluate([fake_system("net", 0)], {"test": examples}, tmp_path / "a", settings)
    with pytest.raises(DataError, match="does not say how much of train it had"):
        gather_sizes([tmp_path / "a"])
