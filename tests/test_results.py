from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stancelab import results as types
from stancelab.errors import ConfigError, DataError
from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.significance import Comparison
from stancelab.results import (
    CheckpointProvenance,
    Comparisons,
    Procedure,
    Provenance,
    Results,
    check_provenance,
    read_results,
    write_results,
)

METRICS_PAGE = Path(__file__).resolve().parents[1] / "docs" / "metrics.md"


def some(difference: float = 0.1234567) -> Results:
    pair = Comparison(("a", "b"), difference, Interval(0.1, 0.25), 1 / 3, 1.0, "randomization")
    return Results(
        provenance=Provenance(title="mine", config={"level": 0.123456789}),
        primary_metric="macro_f1",
        procedure=Procedure(
            bootstrap_resamples=100, randomization_rounds=100, unit="text", level=0.05, seed=1, bins=15
        ),
        tests={},
        comparisons={"test": Comparisons(pairs=[pair], groups={"a": "a", "b": "b"})},
        systems=[types.SystemResults(name="a", is_baseline=False, seeds=[None, 3], tests={})],
    )


def test_what_is_written_is_what_is_read_with_scores_of_six_decimals(tmp_path: Path) -> None:
    written = write_results(tmp_path, some())
    assert read_results(tmp_path) == written
    (pair,) = written.comparisons["test"].pairs
    assert (pair.difference, pair.p, pair.interval) == (0.123457, 0.333333, (0.1, 0.25))
    assert pair.systems == ("a", "b")
    assert written.provenance.config == {"level": 0.123456789}
    content = json.loads((tmp_path / "metrics.json").read_text())
    assert content["format"] == types.FORMAT
    assert list(content) == [each.name for each in dataclasses.fields(Results)]


def test_folders_without_an_evaluation_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nofolder: no such folder; expected the folder of an evaluation"):
        read_results(tmp_path / "nofolder")
    with pytest.raises(DataError, match=r"holds no metrics\.json; expected the folder of an evaluation$"):
        read_results(tmp_path)
    for name in ("a", "b"):
        write_results(tmp_path / name, some())
    with pytest.raises(DataError, match=r"the evaluations in it are a, b"):
        read_results(tmp_path)
    with pytest.raises(DataError, match="is a file; expected"):
        read_results(tmp_path / "a" / "metrics.json")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 3}, "found format 3, this version reads 4; evaluate again"),
        ({"format": None}, "found format None"),
        ({"systems": None}, r"not readable or incomplete \(Expected `array`, got `null`.*\); evaluate again"),
    ],
)
def test_files_of_another_layout_are_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    write_results(tmp_path, some())
    path = tmp_path / "metrics.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(DataError, match=message):
        read_results(tmp_path)
    path.write_text("{")
    with pytest.raises(DataError, match="not readable or incomplete"):
        read_results(tmp_path)


def test_a_provenance_that_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"provenance\.config\.x\[1\]: found nan, allowed are finite numbers"):
        check_provenance(Provenance(config={"x": [1, float("nan")]}))
    with pytest.raises(ConfigError, match="provenance: found <object object"):
        check_provenance(Provenance(config={"x": object()}))


def test_paths_and_the_numbers_of_numpy_become_plain() -> None:
    given = Provenance(config={"x": [1, None]}, baselines={"svm": {"C": np.float64(0.5), "from": Path("a/b")}})
    found = check_provenance(given)
    assert found.config == {"x": [1, None]}
    assert found.baselines == {"svm": {"C": 0.5, "from": "a/b"}}
    assert type(found.baselines["svm"]["C"]) is float


def test_systems_are_found_by_name_and_slices_by_attribute_and_value() -> None:
    found = some()
    assert found.system("a") is found.systems[0]
    assert found.system("b") is None
    assert types.Slice(attribute="words", value="31+", rows=1, units=1, classes={}).key == ("words", "31+")


def test_text_only_ablations_are_trained_without_source_and_target() -> None:
    hidden: list[tuple[str, list[str]]] = [
        ("text", ["source", "target"]),
        ("text", ["target", "source"]),
        ("net", []),
        ("half", ["source"]),
    ]
    checkpoints = [CheckpointProvenance(name=name, hidden=parts) for name, parts in hidden]
    assert Provenance(checkpoints=checkpoints).text_only == ["text"]


def test_the_page_on_metrics_json_lists_the_fields_of_the_types() -> None:
    headings = re.findall(r"^### (\w+)\n(.*?)(?=^#|\Z)", METRICS_PAGE.read_text(), re.MULTILINE | re.DOTALL)
    described = {name: found for name, text in headings if (found := re.findall(r"^- `(\w+)`", text, re.MULTILINE))}
    defined = {
        name: list(getattr(value, "_fields", None) or [each.name for each in dataclasses.fields(value)])
        for name, value in vars(types).items()
        if (dataclasses.is_dataclass(value) or hasattr(value, "_fields")) and not name.startswith("_")
    }
    assert described == defined


def test_a_checkpoint_of_before_a_setting_was_there_is_like_one_that_has_it_off() -> None:
    before = CheckpointProvenance(name="net", training={"epochs": 3})
    off, on = (
        dataclasses.replace(before, training={"epochs": 3, "r_drop": weight}, seed=seed)
        for seed, weight in enumerate((0.0, 1.0))
    )
    assert before.differences(off) == []
    assert before.identity() == off.identity()
    assert off.differences(on) == ["training.r_drop (none, 1.0)"]
