"""The model card of a checkpoint, without any training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from transformers import AutoTokenizer

from stancelab.checkpoint import CheckpointInfo, CorpusScores, DevScores, EncoderInfo, TrainingData
from stancelab.encoding import Cut, InputBuilder, InputSettings
from stancelab.training.answers import TeacherRecord
from stancelab.training.model_card import model_card, run_name

if TYPE_CHECKING:
    from pathlib import Path

SCORES = CorpusScores(rows=1234, macro_f1=0.6, f_avg=0.7, accuracy=0.5)
DEV = DevScores(metric="macro_f1", score=0.6, nll_before=0.9, nll_after=0.8, corpora={"toy": SCORES})


def card(encoder: Path, **settings) -> str:
    info = CheckpointInfo(
        name="tiny",
        input=InputSettings(max_length=32, **settings),
        thresholds={"accuracy_80": 0.7, "accuracy_90": None, "guaranteed_80": 0.81, "guaranteed_90": None},
        coverage={"accuracy_80": 0.625, "guaranteed_80": 0.4},
        encoder=EncoderInfo(name="someone/encoder", on_hub=True),
        dataset=TrainingData(name="toy", fingerprint="0a1b", train_rows=4321, validation_rows=1234),
        dev=DEV,
    )
    cut = {"train": Cut(rows=4321, texts=20, targets=3, sources=5)}
    return model_card(info, "toy-tiny", InputBuilder(AutoTokenizer.from_pretrained(encoder), info.input), cut)


def test_figures_and_metadata(tiny_encoder: Path) -> None:
    text = card(tiny_encoder)
    assert "base_model: someone/encoder\n" in text
    assert "4,321 training and 1,234 validation rows" in text
    assert "accuracy_80: 0.70 (answers 62%)" in text
    assert "with a probability of 95% | guaranteed_80: 0.81 (answers 40%) |" in text
    assert "accuracy_90" not in text
    assert "| cut in train | 20 of 4,321 rows have a text that is cut at 32 tokens (cut: the target of 3, " in text
    assert "| toy | 1,234 | 50.0 | 60.0 | 70.0 |" in text
    assert "0.900 before temperature scaling, 0.800 after" in text


def test_the_teachers_are_named(tiny_encoder: Path) -> None:
    info = CheckpointInfo(name="tiny", input=InputSettings(max_length=32), dev=DEV)
    asked = [{"folder": f"runs/{name}/checkpoint", "fingerprint": name * 4} for name in ("0a", "1b")]
    record = TeacherRecord(checkpoints=asked, labeled_rows=4102, other_pairs=34623)
    builder = InputBuilder(AutoTokenizer.from_pretrained(tiny_encoder), info.input)
    assert (
        "| teacher | `runs/0a` (fingerprint `0a0a0a0a`), `runs/1b` (fingerprint `1b1b1b1b`): its "
        "probabilities were learned besides the labels, of 4,102 labeled rows and 34,623 other pairs of their texts |\n"
    ) in model_card(info, "toy-tiny", builder, teacher=record)


def test_one_is_no_plural(tiny_encoder: Path) -> None:
    info = CheckpointInfo(name="tiny", input=InputSettings(max_length=32), dev=DEV)
    record = TeacherRecord(labeled_rows=1, other_pairs=1, unlabeled_pairs=1, unlabeled_texts=1)
    builder = InputBuilder(AutoTokenizer.from_pretrained(tiny_encoder), info.input)
    card = model_card(info, "toy-tiny", builder, teacher=record)
    assert "of 1 labeled row and 1 other pair of their texts, and of 1 pair of 1 text without a label |" in card


def test_the_output_of_a_stance_that_is_no_class_is_left_out(tiny_encoder: Path) -> None:
    info = CheckpointInfo(name="tiny", classes=["against", "favor"], input=InputSettings(max_length=32), dev=DEV)
    text = model_card(info, "two", InputBuilder(AutoTokenizer.from_pretrained(tiny_encoder), info.input))
    assert "| classes of its task | against, favor; no training row has another stance, and it answers none: " in text
    assert "    logits[:, 1] = -torch.inf  # neutral is no class of its task\n    print(torch.softmax(logits / " in text
    assert "torch.inf" not in card(tiny_encoder)


@pytest.mark.parametrize(
    ("settings", "call"),
    [
        ({}, 'tokenizer("Norway welcomed  [T] the ceasefire [/T] .", "Norway: the ceasefire", return_tensors="pt")'),
        ({"pair": False}, 'tokenizer("Norway welcomed  [T] the ceasefire [/T] .", return_tensors="pt")'),
    ],
)
def test_the_example_is_written_as_the_tokenizer_gets_it(tiny_encoder: Path, settings: dict, call: str) -> None:
    assert call in card(tiny_encoder, **settings)


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("/home/someone/outputs/train/teacher/2026-01-01_10-00-00/checkpoint", "teacher/2026-01-01_10-00-00"),
        ("../teacher/checkpoint/", "teacher"),
        ("~/teacher", "teacher"),
        ("owner/name", "owner/name"),
        ("checkpoint", "checkpoint"),
    ],
)
def test_where_a_teacher_lies_is_not_told(folder: str, name: str) -> None:
    assert run_name(folder) == name
