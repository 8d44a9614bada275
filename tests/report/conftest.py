"""A small run with all that a report shows: two test files, seeds, baselines, sentences that look like markup."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.jackknife import Difference
from stancelab.metrics.significance import RANDOMIZATION, Comparison
from stancelab.report.system_view import SystemView
from stancelab.report.text_readers import TextReaders
from stancelab.report.view import FileView
from stancelab.results import (
    Calibration,
    CheckpointProvenance,
    Comparisons,
    DatasetProvenance,
    Guessing,
    Majority,
    PartialInput,
    PerClass,
    Perturbation,
    PerturbationScores,
    Provenance,
    RunScores,
    Scores,
    Selective,
    Slice,
    SliceScores,
    SystemScores,
    TestFile,
)
from stancelab.schema import STANCES, Example, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SCRIPT = "<script>alert('x')</script>"

PROVENANCE = Provenance(
    title="MiniLM & friends <on> a small corpus",
    command="stancelab evaluate dataset=outputs/datasets/small 'checkpoint=[a,b]'",
    config={"data": {"name": "small", "labels": {"against": ["con", "no"]}}, "note": "a <b>bold</b> note"},
    dataset=DatasetProvenance(
        name="small",
        fingerprint="0123456789abcdef",
        counts={"train": {"rows": 1200, "against": 500}, "test": {"rows": 60}},
        audit={"duplicates": {"exact": 3}},
    ),
    checkpoints=[
        CheckpointProvenance(
            name="minilm", encoder="mini", seed=0, temperature=1.25, dev_metric="macro_f1", dev_score=0.7
        )
    ],
    versions={"python": "3.11.0"},
    hardware="2 cores",
)


def rows(split: str, sentences: int) -> list[Example]:
    """Two rows a sentence; every target of the first kind is rare."""
    found: list[Example] = []
    for number in range(sentences):
        text = f"Minister {number} | praised {SCRIPT} and the *Accord* of _{split}_."
        start = text.index("the *Accord*")
        span = Span(start, start + len("the *Accord*"))
        for target, stance in ((f"Minister {number}", "neutral"), ("the *Accord*", ("against", "favor")[number % 2])):
            found.append(
                Example(
                    id=f"{split}-{len(found)}",
                    text=text,
                    target=target,
                    source="" if target.startswith("Minister") else f"minister {number}",
                    stance=stance,
                    target_span=span if target.startswith("the") else None,
                    split=split,
                )
            )
    return found


@pytest.fixture(scope="session")
def finished_run(fake_system, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    systems = [fake_system("minilm", seed, 0.85, confidence=None) for seed in (0, 1, 2)]
    systems += [
        fake_system("svm <b>", 13, 0.7, confidence=None, is_baseline=True),
        fake_system("majority", confidence=None, is_baseline=True, always="neutral"),
    ]
    tests = {"test_rw": rows("test_rw", 60), "test_mt": rows("test_mt", 40)}
    evaluate(systems, tests, folder, EvaluationSettings(bootstrap_resamples=200), provenance=PROVENANCE)
    return folder


@pytest.fixture
def bare_run(fake_system, tmp_path: Path) -> Path:
    """One system, one test file, no provenance."""
    settings = EvaluationSettings(bootstrap_resamples=100)
    evaluate([fake_system("only", accuracy=1.0)], {"test": rows("test", 3)}, tmp_path, settings)
    return tmp_path


@pytest.fixture
def small_test() -> list[Example]:
    return rows("test", 90)


def scores(macro_f1: float, accuracy: float | None = None, ece: float | None = None) -> Scores:
    return Scores(
        accuracy=macro_f1 if accuracy is None else accuracy, macro_precision=0.5, macro_recall=0.5, macro_f1=macro_f1,
        f_avg=0.5, brier=ece and 0.4, nll=ece and 0.8, ece=ece, aurc=ece and 0.1,
    )  # fmt: skip


def build_run(
    seed: int | None = 0,
    warnings: Sequence[str] = (),
    calibration: Calibration | None = None,
    selective: Selective | None = None,
) -> RunScores:
    per_class: dict[str, PerClass] = {
        stance: PerClass(precision=0.5, recall=0.5, f1=0.5, support=3) for stance in STANCES
    }
    return RunScores(
        seed=seed, predictions="", scores=scores(0.5), intervals={}, per_class=per_class, per_target={},
        confusion=[[1, 1, 1]] * 3, calibration=calibration, selective=selective, warnings=list(warnings),
    )  # fmt: skip


class Builders:
    """Views of test files with the numbers that sentences are made of."""

    run = staticmethod(build_run)

    @staticmethod
    def system(
        name: str,
        score: float,
        interval: tuple[float, float] | None = None,
        *,
        baseline: bool = False,
        std: float | None = None,
        accuracy: float | None = None,
        ece: float | None = None,
        runs: Sequence[RunScores] | None = None,
    ) -> SystemView:
        """A system whose macro-F1 is `score`."""
        found = SystemScores(
            mean=scores(score, accuracy, ece),
            std=None if std is None else scores(std),
            intervals={} if interval is None else {"macro_f1": Interval(*interval), "accuracy": Interval(*interval)},
            runs=list(runs or [build_run(seed) for seed in range(1 if std is None else 3)]),
            slices=[],
            perturbations=None,
        )
        return SystemView(name, baseline, found)

    @staticmethod
    def part(
        attribute: str,
        value: str,
        rows: int = 100,
        classes: tuple[int, int, int] = (40, 30, 30),
        units: int | None = None,
    ) -> Slice:
        return Slice(
            attribute=attribute,
            value=value,
            rows=rows,
            units=rows if units is None else units,
            classes=dict(zip(STANCES, classes, strict=True)),
        )

    @staticmethod
    def difference(difference: float, p_holm: float) -> Difference:
        """A difference whose p-value was multiplied by four."""
        return Difference(difference, Interval(difference - 0.1, difference + 0.1), p_holm / 4, p_holm)

    @staticmethod
    def file(
        *systems: SystemView,
        level: float = 0.05,
        same: Sequence[str] = (),
        margin: float = 0.03,
        text_only: Sequence[str] = (),
        warnings: Sequence[str] = (),
        notes: Sequence[str] = (),
        pairs: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
        tolerance: float | None = None,
        slices: Sequence[tuple[Slice, Mapping[str, tuple[float, float]]]] = (),
        perturbations: Sequence[tuple[Perturbation, Mapping[str, PerturbationScores]]] = (),
        readers: TextReaders | None = None,
        overlap: int = 0,
    ) -> FileView:
        """A test file; systems differ significantly, except for those of `same`, which do not among themselves.

        `pairs` has further fields of some comparisons, `tolerance` is the margin of equivalence in points. Slices come
        with macro-F1 and accuracy by system, whose intervals are 10 and 5 points to both sides.
        """
        compared = []
        for first, second in itertools.combinations(systems, 2):
            found = first.mean("macro_f1") - second.mean("macro_f1")
            p = 0.4 if {first.name, second.name} <= set(same) else 0.0004
            interval = Interval(found - margin, found + margin)
            pair = Comparison((first.name, second.name), found, interval, p / 3, p, RANDOMIZATION)
            compared.append(replace(pair, **(pairs or {}).get(pair.systems, {})))
        facts = TestFile(
            rows=9, texts=9, targets=2, unit="text", units=9, classes=dict.fromkeys(STANCES, 3),
            majority=Majority(stance="neutral", macro_f1=0.2, accuracy=0.5, f_avg=0.0), warnings=[],
            guessing=Guessing(accuracy=0.34, macro_f1=0.333, f_avg=0.32), train_overlap_rows=overlap,
            partial_input_upper_bounds=PartialInput(text=0.974, text_target=0.99, text_source=0.98),
            slices=[facts for facts, _ in slices], perturbations=[facts for facts, _ in perturbations],
        )  # fmt: skip
        filled = [
            replace(
                system,
                scores=replace(
                    system.scores,
                    slices=[_slice_scores(*by_system[system.name]) for _, by_system in slices],
                    perturbations=[found[system.name] for _, found in perturbations if system.name in found] or None,
                ),
            )
            for system in systems
        ]
        family = len(compared)
        found_all = Comparisons(pairs=compared, groups={}, family=family, warnings=list(warnings), notes=list(notes))
        readers = TextReaders() if readers is None else readers
        return FileView(
            "test", "macro_f1", level, text_only, facts, found_all, filled, readers=readers, margin=tolerance
        )


def _slice_scores(macro_f1: float, accuracy: float) -> SliceScores:
    return SliceScores(
        scores=scores(macro_f1, accuracy),
        intervals={
            "macro_f1": Interval(macro_f1 - 0.1, macro_f1 + 0.1), "accuracy": Interval(accuracy - 0.05, accuracy + 0.05)
        },
    )  # fmt: skip


@pytest.fixture(scope="session")
def build() -> type[Builders]:
    return Builders
