"""What a command line names by paths."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from stancelab.cli.inputs import find_checkpoints, folders_of, named_paths, read_predictions
from stancelab.data.column_settings import LabelSettings
from stancelab.data.settings import CorpusSettings
from stancelab.errors import CheckpointError, ConfigError, DataError
from stancelab.schema import Example

A, B = Path("a"), Path("b")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (None, []),
        ("a", [(None, [A])]),
        (["a", "b"], [(None, [A, B])]),
        ({"x": "a", "y": ["a", "b"]}, [("x", [A]), ("y", [A, B])]),
        ([], [(None, [])]),
        ("{ответы: a, 答案: [a, b]}", [("ответы", [A]), ("答案", [A, B])]),
        ("{x: a}", [("x", [A])]),
    ],
)
def test_paths_with_and_without_names(given: Any, named: list[tuple[str | None, list[Path]]]) -> None:
    assert named_paths("checkpoint", given) == named


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (3, "checkpoint: found 3, expected a path, a list of them, or NAME: PATH pairs"),
        ("{x: a", "checkpoint: cannot read '{x: a'; pairs are written 'checkpoint={NAME: PATH, NAME: PATH}'"),
        (["a", "./a"], "checkpoint: a is given twice"),
        ({"x": []}, "checkpoint: no path is given for 'x'"),
    ],
)
def test_what_names_no_path(given: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        named_paths("checkpoint", given)


def test_predictions_are_not_read_from_urls() -> None:
    with pytest.raises(DataError, match=r"^https://a.org/b.csv: URLs are not read; download it first"):
        named_paths("predictions", {"x": "https://a.org/b.csv"})


def test_folders_are_listed_one_by_one() -> None:
    assert folders_of("runs", {"x": ["a", "b"]}) == [("x", A), ("x", B)]


def test_a_folder_without_a_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="neither a checkpoint nor a run or a sweep that holds one"):
        find_checkpoints(str(tmp_path))


def test_a_run_that_is_not_finished_is_named(tmp_path: Path) -> None:
    run = tmp_path / "net" / "2026-01-01_00-00-00"
    (run / ".hydra").mkdir(parents=True)
    (run / "tensorboard").mkdir()
    for folder in (tmp_path, tmp_path / "net", run):
        with pytest.raises(CheckpointError) as found:
            find_checkpoints(str(folder))
        assert str(found.value) == (
            f"{folder}: holds no checkpoint, since the run {run} is not finished; wait for it, or, where it was "
            "interrupted, give its command again with training.resume=true"
        )


def test_predictions_are_called_after_their_file_and_read_in_the_corpus_words(tmp_path: Path) -> None:
    (tmp_path / "llm.v2.csv").write_text("id,label\n1,dafür\n2,against\n")
    tests = {
        "test": [
            Example(id="1", text="x", source="", target="t", stance="neutral"),
            Example(id="2", text="y", source="", target="t", stance="favor"),
        ]
    }
    corpus = CorpusSettings(labels=LabelSettings(favor=["dafür"], against=["dagegen"], neutral=["offen"]))
    [system] = read_predictions([(None, [tmp_path / "llm.v2.csv"])], tests, [], [corpus])
    assert (system.name, system.seed) == ("llm", None)
    runs = read_predictions([("llm", [tmp_path / "llm.v2.csv"] * 2)], tests, ["test"], [corpus])
    assert [(run.name, run.seed) for run in runs] == [("llm", 0), ("llm", 1)]


def test_letter_case_of_labels_does_not_matter_in_predictions(tmp_path: Path) -> None:
    (tmp_path / "llm.csv").write_text("id,label\n1,Favor\n2, AGAINST \n3,Neutral\n4,I cannot say\n")
    tests = {"test": [Example(id=str(row), text="x", target="t", stance="favor") for row in range(1, 5)]}
    [system] = read_predictions([(None, [tmp_path / "llm.csv"])], tests, [], [CorpusSettings()], on_unparsed="wrong")
    assert system.predict_proba(tests["test"]).tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 0]]


def test_checkpoints_are_found_by_the_name_of_their_runs(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="neither a checkpoint nor a run"):
        (tmp_path / "train" / "mine").mkdir(parents=True)
        find_checkpoints("mine", str(tmp_path))


def test_checkpoints_are_found_without_their_weights(checkpoint_copy: Path) -> None:
    (checkpoint_copy / "model.safetensors").write_bytes(b"damaged")
    assert find_checkpoints(str(checkpoint_copy)) == [(checkpoint_copy, "tiny", 0)]
    assert find_checkpoints({"mine": str(checkpoint_copy)}) == [(checkpoint_copy, "mine", 0)]
