"""Predictions for the rows of a table, by a checkpoint that nobody trained."""

from __future__ import annotations

import csv
import gzip
import io
import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

import pytest

from stancelab.cli import main
from stancelab.cli.commands.predict import PredictConfig, execute
from stancelab.inference.classifier import StanceClassifier
from stancelab.inference.settings import PredictSettings
from stancelab.tables.stdin import spooled_stdin

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def table(workplace: Path) -> str:
    """Three rows, of which the second cannot be used."""
    (workplace / "in.csv").write_text("text,target,n\nIran hailed it.,it,1\n,it,2\nKenya met China.,China,3\n")
    return "in.csv"


def test_a_url_is_not_read(workplace: Path, checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["predict", f"checkpoint={checkpoint}", "input=https://example.org/a.csv?dl=1", "output=out.csv"]
    assert main(words) == 2
    told = "stancelab: https://example.org/a.csv?dl=1: URLs are not read; download it first (curl -L -o FILE 'https:"
    assert capsys.readouterr().err.startswith(told)


def test_the_table_comes_out_with_predictions(
    table: str, checkpoint: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    settings = PredictSettings(on_bad_rows="drop", min_confidence=1.0, prefix="x_")
    config = PredictConfig(checkpoint=str(checkpoint), input=table, output="out.csv", predict=settings)
    execute(config, Path("run"), "stancelab predict")
    with Path("out.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["n"] for row in rows] == ["1", "3"]
    assert {row["x_abstained"] for row in rows} == {"True"}
    manifest = json.loads(Path("run/manifest.json").read_text())
    counts = {"rows": 2, "rejected": 1, "abstained": 2, "cut_texts": 0, "cut_targets": 0, "cut_sources": 0}
    counts |= {"not_in_text": 0, "untold_targets": 0, "untold_sources": 0}
    assert (manifest["kind"], manifest["counts"]) == ("predict", counts)
    assert manifest["config"]["predict"]["prefix"] == "x_"
    assert manifest["checkpoint"] == str(checkpoint)
    device = StanceClassifier.from_pretrained(checkpoint).backend.device
    assert (manifest["backend"], manifest["device"]) == ("torch", device)
    assert f"computed by torch on {device}" in caplog.messages
    assert capsys.readouterr().out.splitlines() == [
        "2 rows predicted, 1 left out, 2 abstained (100.0%; confidence below 1.00)",
        "predictions: out.csv",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["predict.batch_size=0", "predict.min_confidence=7"], "predict.batch_size: found 0, allowed is 1 or more\n"
         "  predict.min_confidence: found 7.0, allowed is 0 to 1; write 0.07 for 7%"),
        (["predict.min_confidence=accuracy_90"], "a threshold of the checkpoint is named with predict.threshold=NAME"),
        (["predict.on_bad_rows=drop", "predict.columns.text=Tweet"], "no column 'Tweet'"),
        ([], "Correct them, or leave them out with predict.on_bad_rows=drop"),
        (["predict.on_bad_rows=drop"], "nowhere: no such folder; expected a checkpoint made by 'stancelab train'"),
    ],
)  # fmt: skip
def test_what_cannot_be_predicted(table: str, refused: Callable[..., str], words: list[str], message: str) -> None:
    assert message in refused("predict", "checkpoint=nowhere", f"input={table}", "output=out.csv", *words)


def test_the_table_is_checked_before_the_checkpoint(table: str, refused: Callable[..., str]) -> None:
    given = ["checkpoint=nowhere", "predict.on_bad_rows=drop"]
    assert "größe.csv: no such file" in refused("predict", *given, "input=größe.csv", "output=out.csv")
    assert "out.xlsx: .xlsx files are read, not written" in refused(
        "predict", *given, f"input={table}", "output=out.xlsx"
    )


@pytest.mark.parametrize(
    ("given", "output", "message"),
    [
        ("nothere/", "out.csv", "stancelab: nothere/: no such folder"),
        ("in/nothing/", "x/", "stancelab: in/nothing/: no such folder"),
        ("in/nothing", "x/", "stancelab: in/nothing: no such file or folder"),
        ("in.csv/", "x/", "stancelab: in.csv/: is a file, no folder"),
        ("im.csv", "x/", "stancelab: im.csv: no such file. Did you mean 'in.csv'?"),
        (
            "in.csv",
            "out_dir/",
            "stancelab: out_dir/: is a folder, which is for inputs that are a folder or a pattern; name a file that "
            "ends in .csv, .tsv, .tab, .jsonl, .ndjson (each also with .gz or .zst) or .parquet",
        ),
        (
            "[in.csv,b.csv]",
            "out",
            "stancelab: input: found the list [in.csv,b.csv]; give one file, a folder, or a pattern such as "
            "'parts/*.csv'",
        ),
    ],
)
def test_inputs_and_outputs_that_are_not_there(
    table: str, refused: Callable[..., str], given: str, output: str, message: str
) -> None:
    assert message in refused("predict", "checkpoint=nowhere", f"input={given}", f"output={output}")


def pipe(monkeypatch: pytest.MonkeyPatch, given: bytes) -> None:
    spooled_stdin.cache_clear()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))


@pytest.mark.parametrize("output", ["-", "out.csv"])
def test_messages_name_standard_input_and_no_temporary_file(
    workplace: Path,
    checkpoint: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    output: str,
) -> None:
    words = ["predict", f"checkpoint={checkpoint}", "input=-", f"output={output}"]
    pipe(monkeypatch, b"text,goal\na,b\n")
    assert main(words) == 2
    assert "stancelab: standard input: columns are missing" in capsys.readouterr().err
    pipe(monkeypatch, b"text,target,speaker\nIran hailed it.,it,x\n,it,y\n")
    assert main([*words, "predict.on_bad_rows=drop"]) == 0
    told = capsys.readouterr().err
    assert "standard input: " in told
    assert tempfile.gettempdir() + "/stancelab-" not in told
    [rejected] = workplace.rglob("*.rejected.csv")
    with rejected.open() as file:
        assert [row["file"] for row in csv.DictReader(file)] == ["standard input"]
    spooled_stdin.cache_clear()


def test_a_header_alone_is_a_stream_that_ends(
    workplace: Path, checkpoint: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, b"text,target\n")
    assert main(["predict", f"checkpoint={checkpoint}", "input=-", "output=-"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"text,target,predicted,")
    spooled_stdin.cache_clear()


def test_what_is_not_given_is_named(refused: Callable[..., str]) -> None:
    assert "not given: checkpoint, input; write for example checkpoint=VALUE" in refused("predict", "output=out.csv")


def test_a_threshold_that_the_checkpoint_lacks_writes_nothing(
    table: str, checkpoint: Path, refused: Callable[..., str]
) -> None:
    given = [f"checkpoint={checkpoint}", f"input={table}", "output=out.csv", "predict.on_bad_rows=drop"]
    assert "'accuracy_95' was not reached on dev" in refused("predict", *given, "predict.threshold=accuracy_95")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["predict.threshold=accuracy_xx"], "predict.threshold: 'accuracy_xx' is none of this checkpoint's; allowed"),
        (["predict.backend=onnx"], "has no onnx/model.onnx; make it with 'stancelab export checkpoint="),
        (["predict.backend=onnx", "predict.device=cuda"], "the exported network computes on the cpu alone"),
    ],
)
def test_what_the_checkpoint_cannot_do_is_told_before_its_weights_and_the_table_are_read(
    workplace: Path, checkpoint_copy: Path, refused: Callable[..., str], words: list[str], message: str
) -> None:
    (checkpoint_copy / "model.safetensors").write_bytes(b"damaged")
    assert message in refused("predict", f"checkpoint={checkpoint_copy}", "input=no.csv", "output=out.csv", *words)


def test_an_output_that_cannot_be_written_is_told_before_the_weights_are_read(
    table: str, checkpoint_copy: Path, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkpoint_copy / "model.safetensors").write_bytes(b"damaged")
    monkeypatch.setattr("tempfile.TemporaryFile", MagicMock(side_effect=PermissionError))
    given = [f"checkpoint={checkpoint_copy}", f"input={table}", "output=out.csv", "predict.on_bad_rows=drop"]
    assert "cannot be written to; name another output" in refused("predict", *given)


def test_dashes_are_standard_input_and_output(
    workplace: Path, checkpoint: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    spooled_stdin.cache_clear()
    piped = b'{"text": "Iran hailed it.", "target": "it", "n": 1}\n{"text": "Kenya left.", "target": "it", "n": 2}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped)))
    Path("run").mkdir()
    settings = PredictSettings(where="n > 1")
    execute(PredictConfig(checkpoint=str(checkpoint), input="-", output="-", predict=settings), Path("run"), "x")
    [line] = capsysbinary.readouterr().out.decode().splitlines()
    row = json.loads(line)
    assert (row["text"], row["n"]) == ("Kenya left.", 2)
    assert row["predicted"] in ("against", "neutral", "favor")
    assert [path.name for path in Path("run").iterdir()] == ["manifest.json"]
    spooled_stdin.cache_clear()


def test_a_folder_of_tables(workplace: Path, checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("in").mkdir()
    for name in ("a.csv", "b.csv"):
        Path("in", name).write_text("text,target\nIran hailed it.,it\n")
    assert main(["predict", f"checkpoint={checkpoint}", "input=in", "output=out"]) == 0
    assert capsys.readouterr().out.splitlines() == ["2 rows predicted", "predictions: out"]
    assert sorted(path.name for path in Path("out").iterdir()) == ["a.csv", "b.csv"]


def test_what_was_interrupted_goes_on(
    workplace: Path, checkpoint: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("in.csv").write_text("text,target,n\n" + "".join(f"Iran hailed it.,it,{n}\n" for n in range(2_500)))
    words = ["predict", f"checkpoint={checkpoint}", "input=in.csv", "output=out.csv.gz"]
    asked: list[int] = []
    predict_proba = StanceClassifier.predict_proba

    def interrupted(self: StanceClassifier, examples: Any) -> Any:
        asked.append(len(examples))
        if len(asked) == 2:
            raise KeyboardInterrupt
        return predict_proba(self, examples)

    monkeypatch.setattr("stancelab.inference.jobs.table.PART_SECONDS", 0.0)
    monkeypatch.setattr(StanceClassifier, "predict_proba", interrupted)
    assert main(words) == 130
    assert "this command goes on:\nstancelab predict" in capsys.readouterr().err
    assert main(words) == 2
    assert "an unfinished prediction left 2,000 rows" in capsys.readouterr().err
    assert main([*words, "predict.resume=true", "predict.batch_size=4"]) == 2
    assert "but of another predict.batch_size; give the same again" in capsys.readouterr().err
    assert main([*words, "predict.resume=true", "predict.threads=1"]) == 0
    assert asked == [2_000, 500, 500]
    with gzip.open("out.csv.gz", "rt") as file:
        assert [int(row["n"]) for row in csv.DictReader(file)] == list(range(2_500))
    assert sorted(path.name for path in workplace.iterdir()) == ["in.csv", "out.csv.gz", "outputs"]
