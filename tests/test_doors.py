"""Each public step checks its settings and its packages before any work."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

import stancelab as sl

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS: dict[str, tuple[str, str, Callable[[], Any]]] = {
    "prepare": ("rensa", "train", lambda: sl.prepare(sl.CorpusSettings(path="x.csv"))),
    "finetune": ("datasets", "train", lambda: sl.finetune(None, output="x")),  # type: ignore[arg-type]
    "fit_baselines": ("sklearn", "train", lambda: sl.fit_baselines(sl.BaselineSettings(), None)),  # type: ignore[arg-type]
    "evaluate": ("sklearn", "train", lambda: sl.evaluate([], {}, "x")),
    "write_report": ("matplotlib", "report", lambda: sl.write_report("x")),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_missing_package_is_one_line_with_the_extra(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    package, extra, call = STEPS[name]
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(sl.MissingPackageError) as found:
        call()
    assert str(found.value).startswith(f"{name} needs ")
    assert str(found.value).endswith(f': pip install "stancelab[{extra}]"')
    assert "\n" not in str(found.value)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sl.finetune(None, sl.ModelSettings(marker_start="x"), output="x"), "model.marker_start: found 'x'"),  # type: ignore[arg-type]
        (lambda: sl.finetune(None, training=sl.TrainingSettings(epochs=0), output="x"), "training.epochs: found 0"),  # type: ignore[arg-type]
        (lambda: sl.finetune(None, seed=-1, output="x"), "seed: found -1"),  # type: ignore[arg-type]
        (lambda: sl.fit_baselines(sl.BaselineSettings(names=["svm"]), None), "baselines.names: found 'svm'"),  # type: ignore[arg-type]
        (lambda: sl.evaluate([], {}, "x", sl.EvaluationSettings(bins=1)), "evaluation.bins: found 1"),
    ],
)
def test_impossible_settings_are_refused(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(sl.ConfigError, match=said):
        call()


def test_a_folder_without_an_evaluation_is_a_clear_error() -> None:
    with pytest.raises(sl.DataError, match="no such folder; expected the folder of an evaluation"):
        sl.write_report("no_such_run")
