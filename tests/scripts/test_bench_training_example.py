"""transformers' example is run as it is, on the rows of the dataset, with the settings that its stand-in has."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import transformers
from transformers import HfArgumentParser, TrainingArguments

from stancelab.errors import DataError
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
#: A script of the same outline: it trains on what `--train_file` holds, and answers what `--test_file` holds.
SCRIPT = """
import json, sys
from pathlib import Path
import evaluate
from transformers import AutoModelForSequenceClassification, AutoTokenizer, HfArgumentParser, Trainer, TrainingArguments

[arguments], rest = (lambda found: (found[:1], found[1]))(
    HfArgumentParser(TrainingArguments).parse_args_into_dataclasses(return_remaining_strings=True)
)
told = dict(zip(rest[::2], rest[1::2]))
tokenizer = AutoTokenizer.from_pretrained(told["--model_name_or_path"])
rows = [json.loads(line) for line in Path(told["--train_file"]).read_text().splitlines()]
inputs = [{**tokenizer(row["text"], padding="max_length", max_length=16), "labels": row["label"]} for row in rows]
evaluate.load("accuracy")
model = AutoModelForSequenceClassification.from_pretrained(told["--model_name_or_path"], num_labels=3)
Trainer(model=model, args=arguments, train_dataset=inputs).train()
if arguments.do_predict:
    lines = ["index\\tprediction"]
    for place, line in enumerate(Path(told["--test_file"]).read_text().splitlines()):
        lines.append(f"{place}\\t{json.loads(line)['label']}")
    Path(arguments.output_dir, "predict_results.txt").write_text("\\n".join(lines))
"""


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    before = {*sys.modules}
    yield importlib.import_module("bench_training_example")
    for name in {*sys.modules} - before:
        if name.startswith("bench_"):
            del sys.modules[name]


@pytest.fixture
def job(tiny_encoder: Path, tmp_path: Path) -> dict[str, Any]:
    script = tmp_path / "run_classification.py"
    script.write_text(SCRIPT, encoding="utf-8")
    return {"script": str(script), "encoder": str(tiny_encoder), "learning_rate": 3e-5, "epochs": None, "seed": 7}


@pytest.fixture
def dataset() -> SimpleNamespace:
    def row(number: int) -> Example:
        return Example(
            id=f"r{number}",
            text=f"Norway met Iran on day {number} .",
            source="" if number % 2 else "Norway",
            target="Iran",
            stance=STANCES[number % 3],
        )

    return SimpleNamespace(train=[row(number) for number in range(6)], validation=[row(number) for number in range(4)])


def test_the_command_line_has_the_settings_of_the_job(
    example: Any, job: dict[str, Any], tmp_path: Path, dataset: Any
) -> None:
    words = example.script_words(job, tmp_path)
    arguments, rest = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses(  # type: ignore[arg-type]
        words, return_remaining_strings=True
    )
    assert dict(zip(rest[::2], rest[1::2], strict=True)) == {
        "--model_name_or_path": job["encoder"],
        "--train_file": str(tmp_path / "train.json"),
        "--validation_file": str(tmp_path / "validation.json"),
        "--text_column_names": "text,source,target",
        "--max_seq_length": "64",  # the encoder's positions; one with more takes 128
    }
    assert (arguments.learning_rate, arguments.seed, arguments.num_train_epochs) == (3e-5, 7, 3)
    assert (arguments.per_device_train_batch_size, arguments.use_cpu, arguments.bf16) == (32, True, False)
    assert (arguments.do_train, arguments.do_eval, arguments.do_predict) == (True, False, False)
    assert "--test_file" in example.script_words(job, tmp_path, predict=True)
    # The stand-in has what the script is told, and differs in nothing else.
    own = example.example_trainer(job, dataset, tmp_path / "output")[0].args.to_dict()
    assert {name for name, value in arguments.to_dict().items() if value != own[name]} == {"do_train", "log_level"}


def test_rows_are_written_with_all_columns_as_text(example: Any, dataset: Any, tmp_path: Path) -> None:
    example.write_rows(tmp_path / "rows.json", dataset.train[:2])
    lines = (tmp_path / "rows.json").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"text": "Norway met Iran on day 0 .", "source": "Norway", "target": "Iran", "label": 0},
        {"text": "Norway met Iran on day 1 .", "source": "", "target": "Iran", "label": 1},
    ]


def test_a_script_is_run_and_its_trainer_is_told(
    example: Any, job: dict[str, Any], dataset: Any, tmp_path: Path
) -> None:
    pytest.importorskip("evaluate")
    folder = tmp_path / "run"
    folder.mkdir()
    trainers: list[Any] = []
    argv, trainer = [*sys.argv], transformers.Trainer
    example.run_script(job, dataset, folder, trainers.append)
    assert [each.state.global_step for each in trainers] == [3]  # three epochs of one batch
    assert (sys.argv, transformers.Trainer) == (argv, trainer)
    taken, answers = example.whole_script(job, dataset, folder)
    np.testing.assert_array_equal(answers, [0, 1, 2, 0])
    assert taken.cpu > 0


def test_a_missing_package_of_the_script_is_told(
    example: Any, job: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    training = importlib.import_module("bench_training")
    training.check_script(Path(job["script"]))
    monkeypatch.setattr(training.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DataError, match="the package evaluate is missing"):
        training.check_script(Path(job["script"]))
