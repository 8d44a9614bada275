"""The benchmark of prediction takes the rows of a text together, and its ratios and shares are those worked by hand."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from stancelab.errors import ConfigError, DataError
from stancelab.schema import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
NAMES = ("bench_machine", "bench_inference_systems", "bench_inference")
ROWS = [
    Example(id="0", text="Norway welcomed the ceasefire .", target="the ceasefire"),
    Example(id="1", text="Iran condemned the treaty and Norway met Kenya .", target="the treaty"),
    Example(id="2", text="Kenya backed the pact .", target="the pact"),
]


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield SimpleNamespace(**{name: importlib.import_module(name) for name in NAMES})
    for name in NAMES:
        sys.modules.pop(name, None)


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_rows_of_a_text_stand_together_and_those_without_a_target_are_left_out(modules: Any, tmp_path: Path) -> None:
    lines = ["text,target,stance", "One .,a,favor", "Two .,b,unknown", "One .,c,against", "Three .,,favor", "Four .,d,"]
    rows = modules.bench_inference.read_rows(write(tmp_path / "table.csv", lines), 3)
    assert [(row["text"], row["target"], row["stance"]) for row in rows] == [
        ("One .", "a", "favor"),
        ("One .", "c", "against"),
        ("Two .", "b", None),
    ]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [(["text,about", "One .,a"], "has no column target"), (["text,target", "One .,"], "has no row")],
)
def test_a_table_that_cannot_be_used_is_refused(modules: Any, tmp_path: Path, lines: list[str], reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        modules.bench_inference.read_rows(write(tmp_path / "table.csv", lines), 3)


def test_flops_are_those_counted_by_hand(modules: Any) -> None:
    config = SimpleNamespace(hidden_size=4, intermediate_size=10, num_hidden_layers=3)
    flops = modules.bench_machine.EncoderFlops.of_config(config)
    # Four products of 4 x 4 and two of 4 x 10 in each layer; attention multiplies 4 numbers twice for two tokens.
    assert flops == (2 * 3 * (4 * 16 + 2 * 40), 2 * 2 * 3 * 4)
    assert flops.of([1, 2]) == 3 * flops.of_token + 5 * flops.of_two


def test_ratios_are_medians_over_rounds_and_shares_are_of_the_peak(modules: Any) -> None:
    found_of = modules.bench_inference.Found
    found = {
        "torch": found_of(wall=[1.0, 2.0, 1.0], cpu=[2.0, 2.0, 2.0], labels=[0, 1, 2, 2], gflop=10.0),
        modules.bench_inference.PIPELINE: found_of(wall=[4.0, 4.0, 4.0], cpu=[4.0, 6.0, 8.0], labels=[0, 1, 1, 2]),
    }
    for each in found.values():
        each.single_wall = each.single_cpu = [0.001, 0.002, 0.003]
    rows = [{"stance": stance} for stance in ("against", "neutral", "favor", None)]
    content = modules.bench_inference.figures(found, {"fp32": [20.0, 10.0]}, rows)["systems"]
    ours, pipeline = content["torch"], content[modules.bench_inference.PIPELINE]
    assert (ours["wall"]["rows_per_second"], ours["wall"]["of_pipeline"]) == (4.0, 4.0)
    assert (ours["cpu"]["rows_per_second"], ours["cpu"]["of_pipeline"]) == (2.0, 3.0)
    assert ours["wall"]["of_best_pipeline"] is None
    assert ours["wall"]["share_of_peak"] == {"fp32": 0.5} and ours["cpu"]["share_of_peak"] == {"fp32": 0.5}
    assert ours["cpu"]["single_ms"]["p50"] == pytest.approx(2.0)
    assert (ours["labels_as_torch"], pipeline["labels_as_torch"]) == (4, 3)
    # Of the three rows with a stance: F1 of 1, 2/3 and 0.
    assert (ours["macro_f1"], pipeline["macro_f1"]) == (1.0, pytest.approx(5 / 9))


def test_pipeline_and_plain_model_answer_as_the_backend_does(
    modules: Any, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    systems = modules.bench_inference_systems
    backend, plain = systems.load("torch", checkpoint, ROWS), systems.load(systems.PLAIN, checkpoint, ROWS)
    answers = backend.answer(ROWS).tolist()
    assert plain.answer(ROWS).tolist() == answers
    assert systems.load(systems.PIPELINE, checkpoint, ROWS).answer(ROWS).tolist() == answers
    assert sorted(backend.lengths) == sorted(plain.lengths) and len(plain.lengths) == 3
    assert not plain.is_stand_in
    monkeypatch.setattr("stancelab.inference.backends.torch.onednn_is_faster", lambda: True)
    assert systems.load(systems.BY_MKL, checkpoint, ROWS).answer(ROWS).tolist() == answers
    monkeypatch.setattr("stancelab.inference.backends.torch.onednn_is_faster", lambda: False)
    with pytest.raises(ConfigError, match="does not stand in for MKL"):
        systems.load(systems.BY_MKL, checkpoint, ROWS)


def test_a_checkpoint_without_export_leaves_out_onnx(
    modules: Any, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    systems = modules.bench_inference_systems
    job = {"checkpoint": str(checkpoint), "single": 2, "rows": [{"id": "0", "text": "One .", "target": "a"}]}
    path = tmp_path / "job.json"
    path.write_text(json.dumps(job), encoding="utf-8")
    answers: list[dict[str, Any]] = []
    monkeypatch.setattr(systems, "own_pipe", lambda: answers.append)
    monkeypatch.setattr(systems, "quiet", lambda: None)
    monkeypatch.setattr(systems, "next_turn", iter([systems.LOAD, systems.END]).__next__)
    monkeypatch.setattr(sys, "argv", ["", "onnx", str(path)])
    systems.main()
    assert "has no onnx" in answers[0][systems.REFUSED]


def test_rows_are_taken_at_equal_distances(modules: Any) -> None:
    assert [row.id for row in modules.bench_inference_systems.spread(ROWS * 2, 3)] == ["0", "2", "1"]
    assert len(modules.bench_inference_systems.spread(ROWS, 50)) == 3


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["nowhere", "table.csv"], "nowhere"),
        (["nowhere", "table.csv", "0"], "found '0', allowed is a whole number of 1 or more"),
        (["nowhere"], "required: table"),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_code_2(tmp_path: Path, words: list[str], reason: str) -> None:
    command = [sys.executable, str(SCRIPTS / "bench_inference.py"), *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1 and reason in done.stderr


def test_the_table_is_markdown(modules: Any, capsys: pytest.CaptureFixture[str]) -> None:
    modules.bench_machine.print_table(["system", "rows/s"], [["torch", "1,000"]])
    assert capsys.readouterr().out.splitlines() == [
        "| system | rows/s |",
        "| ------ | -----: |",
        "| torch  |  1,000 |",
    ]
    assert np.isclose(modules.bench_machine.ratio_of([4, 9, 8], [2, 3, 8]), 2.0)
