"""Trainings that go on from a checkpoint."""

from __future__ import annotations

import dataclasses
import json
import logging
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from stancelab import StanceClassifier
from stancelab.checkpoint import CheckpointInfo, StartInfo, load_info
from stancelab.checkpoint.info import MOST_STARTS
from stancelab.data.build import build
from stancelab.data.prepared import PreparedDataset, load_prepared
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.encoders import ModelSettings, resolve_encoder
from stancelab.encoding import InputSettings
from stancelab.errors import CheckpointError
from stancelab.files import fingerprint, sha256_of, write_manifest
from stancelab.inference.backends.torch import TorchBackend
from stancelab.inference.provenance import checkpoint_provenance
from stancelab.training.finetune import TrainedModel, finetune
from stancelab.training.finished import finished_training
from stancelab.training.load_encoder import check_encoder, load_encoder
from stancelab.training.settings import TrainingSettings
from stancelab.training.start import start_of

if TYPE_CHECKING:
    from collections.abc import Callable

HEADS = ("pair", "sequence")
SETTINGS = TrainingSettings(epochs=2, learning_rate=1e-3, batch_size=8, precision="fp32", report_to=[])
#: So little changes no logit by what a test could see.
STILL = dataclasses.replace(SETTINGS, epochs=1, learning_rate=1e-12)


def model_of(path: Path | str, head: str = "pair", **changes: Any) -> ModelSettings:
    given = InputSettings(**{"max_length": 32, **changes})
    return ModelSettings(name="tiny", name_or_path=str(path), head=head, head_learning_rate=None, input=given)


def logits_of(network: Any, builder: Any, dataset: PreparedDataset) -> np.ndarray:
    return TorchBackend(network, builder).logits(dataset.validation)


@pytest.fixture(scope="module")
def runs(dataset: PreparedDataset, tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run for each head."""
    folder = tmp_path_factory.mktemp("runs")
    for head in HEADS:
        finetune(dataset, model_of(tiny_encoder, head), SETTINGS, output=folder / head)
    return {head: folder / head for head in HEADS}


@pytest.fixture
def copy(runs: dict[str, Path], tmp_path: Path) -> Path:
    """A copy of the run with the pair head, which a test may change."""
    return Path(shutil.copytree(runs["pair"], tmp_path / "copy" / "2026-01-01_10-00-00"))


@pytest.fixture(scope="module")
def divided_anew(dataset: PreparedDataset, tmp_path_factory: pytest.TempPathFactory) -> PreparedDataset:
    """The dataset with 12 rows of train in validation and 5 of them in test."""
    folder = tmp_path_factory.mktemp("divided_anew")
    table = folder / "anew.csv"
    with table.open("w", encoding="utf-8") as file:
        file.write("id,text,source,target,stance,split\n")
        for number, row in enumerate([*dataset.train, *dataset.validation, *dataset.tests["test"]]):
            split = "validation" if number < 12 else "test" if number < 17 else row.split
            file.write(f"{row.id},{row.text},{row.source},{row.target},{row.stance},{split}\n")
    corpus = CorpusSettings(name="anew", path=str(table))
    build([corpus], SplitSettings(kind="given"), AuditSettings(leakage="keep"), folder / "prepared")
    return load_prepared(folder / "prepared")


def reseal(checkpoint: Path) -> None:
    """Let the manifest state what the files now are, as a stranger can."""
    (checkpoint / "manifest.json").unlink()
    write_manifest(checkpoint, {"kind": "checkpoint"})


@pytest.mark.parametrize("head", HEADS)
def test_the_first_answers_are_those_of_the_checkpoint(
    runs: dict[str, Path], dataset: PreparedDataset, head: str
) -> None:
    before = StanceClassifier.from_pretrained(runs[head]).backend.logits(dataset.validation)
    settings = model_of(runs[head], head)
    network, builder, _ = load_encoder(settings, start_of(settings))
    np.testing.assert_allclose(logits_of(network, builder, dataset), before, atol=1e-5)
    new, builder, _ = load_encoder(model_of(runs[head] / "checkpoint", head), None)
    differs = np.abs(logits_of(new, builder, dataset) - before).max() > 1e-2
    assert differs == (head == "pair"), "transformers loads its own heads by itself"


@pytest.mark.parametrize("head", HEADS)
def test_a_training_goes_on_with_the_head(
    runs: dict[str, Path], dataset: PreparedDataset, tmp_path: Path, caplog: pytest.LogCaptureFixture, head: str
) -> None:
    caplog.set_level(logging.INFO)
    before = StanceClassifier.from_pretrained(runs[head]).backend.logits(dataset.validation)
    trained = finetune(dataset, model_of(runs[head], head), STILL, output=tmp_path / "run")
    after = StanceClassifier.from_pretrained(trained.checkpoint).backend.logits(dataset.validation)
    np.testing.assert_allclose(after, before, atol=1e-5)
    told = [line for line in caplog.messages if "its head is taken over" in line]
    assert told == [f"{runs[head] / 'checkpoint'}, trained on toy (84 rows): its head is taken over"]
    assert not any("updates are few" in warning for warning in trained.info.warnings), "no head is new"


def test_the_new_checkpoint_says_where_it_comes_from(
    runs: dict[str, Path], tiny_encoder: Path, dataset: PreparedDataset, tmp_path: Path
) -> None:
    checkpoint = runs["pair"] / "checkpoint"
    first = StartInfo(
        name=str(checkpoint),
        sha256=sha256_of(checkpoint / "model.safetensors"),
        head_sha256=sha256_of(checkpoint / "head.safetensors"),
        dataset="toy",
        train_rows=84,
        recipe=fingerprint(StanceClassifier.from_pretrained(checkpoint).provenance().identity()),
    )
    once = finetune(dataset, model_of(runs["pair"]), STILL, output=tmp_path / "once")
    assert once.info.starts == [first]
    assert load_info(once.checkpoint) == once.info
    assert (once.info.encoder.name, once.info.encoder) == (str(tiny_encoder), load_info(checkpoint).encoder)
    twice = finetune(dataset, model_of(once.checkpoint), STILL, output=tmp_path / "twice")
    assert [start.name for start in twice.info.starts] == [str(once.checkpoint), str(checkpoint)]
    assert twice.info.encoder == once.info.encoder
    card = (twice.checkpoint / "README.md").read_text()
    names = [f"{folder.parent.name}/{folder.name}" for folder in (tmp_path / "once", runs["pair"])]
    told = "and that from ".join(f"`{name}`, which was trained on toy (84 training rows), " for name in names)
    assert f"Fine-tuned further from {told.removesuffix(', ')}.\n" in card
    provenance = StanceClassifier.from_pretrained(once.checkpoint).provenance()
    assert (provenance.start, provenance.start_sha256) == (first.name, [first.sha256, first.head_sha256])
    assert StanceClassifier.from_pretrained(runs["pair"]).provenance().differences(provenance)[0].startswith("start (")


def test_seeds_of_one_training_have_one_recipe(runs: dict[str, Path]) -> None:
    start = start_of(model_of(runs["pair"]))
    assert start is not None

    def recipe(**changes: Any) -> str:
        return fingerprint(checkpoint_provenance(dataclasses.replace(start.info, **changes)).identity())

    assert recipe(seed=1) == recipe() == start.record.recipe != ""
    assert recipe(training={**start.info.training, "learning_rate": 0.5}) != recipe()
    assert recipe(dataset=dataclasses.replace(start.info.dataset, fingerprint="x")) != recipe()


def test_a_long_row_of_trainings_can_be_written(runs: dict[str, Path]) -> None:
    start = start_of(model_of(runs["pair"]))
    assert start is not None
    many = dataclasses.replace(start.info, starts=[StartInfo(name=str(number)) for number in range(MOST_STARTS)])
    records = dataclasses.replace(start, info=many).records
    assert len(records) == MOST_STARTS
    assert [each.name for each in records[:2]] == [str(runs["pair"] / "checkpoint"), "0"]


@pytest.mark.parametrize(("of_checkpoint", "asked"), [("pair", "sequence"), ("sequence", "pair")])
def test_another_head_is_new(
    runs: dict[str, Path],
    dataset: PreparedDataset,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    of_checkpoint: str,
    asked: str,
) -> None:
    trained = finetune(dataset, model_of(runs[of_checkpoint], asked), STILL, output=tmp_path / "run")
    assert (
        f"{runs[of_checkpoint] / 'checkpoint'} has the head {of_checkpoint}, and model.head={asked}: a new head takes "
        f"its place; model.head={of_checkpoint} takes it over"
    ) in caplog.messages
    assert [start.head_taken for start in trained.info.starts] == [False]
    assert any("11 updates are few" in warning for warning in trained.info.warnings)
    encoder = "embeddings.word_embeddings.weight"
    start = load_file(runs[of_checkpoint] / "checkpoint" / "model.safetensors")
    found = load_file(trained.checkpoint / "model.safetensors")
    prefix = {"pair": "", "sequence": "bert."}
    words = found[prefix[asked] + encoder]
    torch.testing.assert_close(words[:60], start[prefix[of_checkpoint] + encoder][:60], atol=1e-6, rtol=0)


def test_outputs_in_another_order_get_a_new_head(copy: Path, caplog: pytest.LogCaptureFixture) -> None:
    checkpoint = copy / "checkpoint"
    order = ["favor", "neutral", "against"]
    for name, change in (
        ("stancelab.json", {"labels": order}),
        ("config.json", {"id2label": dict(enumerate(order)), "label2id": {each: n for n, each in enumerate(order)}}),
    ):
        (checkpoint / name).write_text(json.dumps({**json.loads((checkpoint / name).read_text()), **change}))
    reseal(checkpoint)
    settings = model_of(copy)
    start = start_of(settings)
    assert start is not None
    assert not start.record.head_taken
    start.tell(settings, ["favor"])
    assert caplog.messages == [
        f"{checkpoint}: its head answers in the order favor, neutral, against; a new one takes its place"
    ]
    network, _, _ = load_encoder(settings, start)
    assert network.config.id2label == {0: "against", 1: "neutral", 2: "favor"}


def test_another_input_is_named(
    runs: dict[str, Path], caplog: pytest.LogCaptureFixture, dataset: PreparedDataset
) -> None:
    marked = model_of(runs["sequence"], "sequence", mark=["source", "target"], pair=False, keep="start", max_length=24)
    start = start_of(marked)
    assert start is not None
    start.tell(marked, ["favor"])
    assert caplog.messages == [
        f"{runs['sequence'] / 'checkpoint'} was trained with another input: model.input.pair was True and is False, "
        "model.input.mark was ['target'] and is ['source', 'target']"
    ]
    network, builder, _ = load_encoder(marked, start)
    assert logits_of(network, builder, dataset).shape == (28, 3), "the new markers have embeddings"
    caplog.clear()
    same = model_of(runs["sequence"], "sequence", name_absent=False)
    start.tell(same, ["favor"])
    two = dataclasses.replace(start, info=dataclasses.replace(start.info, classes=["against", "favor"]))
    two.tell(same, dataset.classes)
    assert caplog.messages == [f"{start.record.name}: no row of its training was neutral, as rows are here"]


def test_the_text_only_ablation_of_a_checkpoint(
    runs: dict[str, Path], dataset: PreparedDataset, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hidden = model_of(runs["pair"], hide=["source", "target"])
    trained = finetune(dataset, hidden, dataclasses.replace(SETTINGS, epochs=1), output=tmp_path / "run")
    assert "model.input.hide was [] and is ['source', 'target']" in caplog.text
    assert trained.info.starts[0].head_taken
    before, after = (load_file(run / "checkpoint" / "head.safetensors") for run in (runs["pair"], tmp_path / "run"))
    assert not torch.equal(before["score.1.weight"], after["score.1.weight"]), "the head learns"
    example = dataset.tests["test"][0]
    other = dataclasses.replace(example, target="the summit", source="China", target_span=None, source_span=None)
    probabilities = StanceClassifier.from_pretrained(trained.checkpoint).predict_proba([example, other])
    np.testing.assert_allclose(probabilities[0], probabilities[1], atol=1e-6)


def test_markers_that_were_trained_keep_their_embeddings(runs: dict[str, Path]) -> None:
    settings = dataclasses.replace(model_of(runs["sequence"], "sequence"), marker_start="punctuation")
    network, builder, _ = load_encoder(settings, start_of(settings))
    marker = builder.tokenizer.convert_tokens_to_ids("[T]")
    before = load_file(runs["sequence"] / "checkpoint" / "model.safetensors")["bert.embeddings.word_embeddings.weight"]
    assert torch.equal(network.get_input_embeddings().weight[marker], before[marker])


def test_texts_of_both_trainings_are_known(
    runs: dict[str, Path],
    dataset: PreparedDataset,
    divided_anew: PreparedDataset,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    trained = finetune(divided_anew, model_of(runs["pair"]), STILL, output=tmp_path / "run")
    classifier = StanceClassifier.from_pretrained(trained.checkpoint)
    rows = [*dataset.train, *divided_anew.train, *divided_anew.validation]
    seen = {row.text for row in (*dataset.train, *divided_anew.train)}
    found = classifier.trained_on(rows)
    assert found is not None
    assert found.tolist() == [row.text in seen for row in rows]
    assert not found.all()
    warning = (
        f"12 of {len(divided_anew.validation)} rows of validation, 5 of {len(divided_anew.tests['test'])} rows of test "
        "have a training text of the checkpoint that the training started from, so scores on them may be too high"
    )
    assert warning in trained.info.warnings
    assert [line for line in caplog.messages if "training text of" in line] == [f"tiny: {warning}"]


def test_nothing_is_said_of_rows_that_no_training_has_seen(runs: dict[str, Path], dataset: PreparedDataset) -> None:
    start = start_of(model_of(runs["pair"]))
    assert start is not None
    assert start.warnings(dataset) == []
    unknown = dataclasses.replace(start, texts=None).warnings(dataset)
    assert len(unknown) == 1
    assert "keeps no hashes of its training texts" in unknown[0]


def halved(head: Path) -> None:
    head.write_bytes(head.read_bytes()[: head.stat().st_size // 2])


def of_another_size(head: Path) -> None:
    save_file({name: weight[..., :8].contiguous() for name, weight in load_file(head).items()}, head)


@pytest.mark.parametrize("damage", [halved, of_another_size])
@pytest.mark.parametrize("sealed", [True, False])
def test_a_damaged_head_is_told(copy: Path, damage: Callable[[Path], None], sealed: bool) -> None:
    damage(copy / "checkpoint" / "head.safetensors")
    if not sealed:
        reseal(copy / "checkpoint")
    told = "SHA-256 is .* the file was changed or damaged" if sealed else "a file is damaged or of a kind"
    with pytest.raises(CheckpointError, match=told) as caught:
        check_encoder(model_of(copy))
    assert "\n" not in str(caught.value)


def test_a_head_that_is_missing_is_told(copy: Path) -> None:
    (copy / "checkpoint" / "head.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"not a complete checkpoint, head\.safetensors missing"):
        check_encoder(model_of(copy))


def test_the_folder_of_a_run_is_its_checkpoint(runs: dict[str, Path], tiny_encoder: Path, tmp_path: Path) -> None:
    assert resolve_encoder(str(runs["pair"])) == str(runs["pair"] / "checkpoint")
    given, inner = (start_of(model_of(path)) for path in (runs["pair"], runs["pair"] / "checkpoint"))
    assert given is not None
    assert inner is not None
    assert given.record == inner.record
    assert start_of(model_of(tiny_encoder)) is None
    with pytest.raises(CheckpointError, match=rf"holds 2 runs; name one, such as {re.escape(str(runs['sequence']))}"):
        start_of(model_of(runs["pair"].parent))
    (tmp_path / "run.log").write_text("")
    with pytest.raises(CheckpointError, match=r"holds no checkpoint, since the run .* is not finished"):
        start_of(model_of(tmp_path))


def test_another_head_makes_another_training(
    copy: Path, dataset: PreparedDataset, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    settings = dataclasses.replace(STILL, resume=True)

    def train(name: str, *earlier: str) -> TrainedModel:
        folders = [tmp_path / each for each in earlier]
        return finetune(dataset, model_of(copy), settings, output=tmp_path / name, earlier=folders)

    first = train("first")
    train("second", "first")
    assert f"the training is done already: its checkpoint is taken from {tmp_path / 'first'}" in caplog.messages
    head = copy / "checkpoint" / "head.safetensors"
    save_file({name: weight + 0.01 for name, weight in load_file(head).items()}, head)
    reseal(copy / "checkpoint")
    caplog.clear()
    third = train("third", "first", "second")
    assert "the training is done already" not in caplog.text
    assert first.info.starts[0].sha256 == third.info.starts[0].sha256
    assert first.info.starts[0].head_sha256 != third.info.starts[0].head_sha256
    known, other = (
        json.loads((tmp_path / name / "training.json").read_text())["identity"] for name in ("first", "third")
    )
    assert known != other
    assert finished_training([tmp_path / "first"], known, first.info.starts[0].sha256) is not None
    assert finished_training([tmp_path / "first"], known, first.info.encoder.sha256) is None


def test_a_head_that_was_changed_is_tried_again(copy: Path) -> None:
    check_encoder(model_of(copy))
    head = copy / "checkpoint" / "head.safetensors"
    save_file({name: weight * torch.nan for name, weight in load_file(head).items()}, head)
    reseal(copy / "checkpoint")
    with pytest.raises(CheckpointError, match="its weights give no numbers but NaN"):
        check_encoder(model_of(copy))


def test_a_checkpoint_on_the_hub(
    runs: dict[str, Path], tiny_encoder: Path, dataset: PreparedDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub is not asked: its cache holds a checkpoint and an encoder."""
    for name in ("huggingface_hub.constants.HF_HUB_CACHE", "transformers.utils.hub.TRANSFORMERS_CACHE"):
        monkeypatch.setattr(name, str(tmp_path), raising=False)
    commit = "0a" * 20
    for name, folder in (("mine", runs["pair"] / "checkpoint"), ("encoder", tiny_encoder)):
        shutil.copytree(folder, tmp_path / f"models--me--{name}" / "snapshots" / commit)
        (tmp_path / f"models--me--{name}" / "refs").mkdir()
        (tmp_path / f"models--me--{name}" / "refs" / "main").write_text(commit)
    assert start_of(model_of("me/encoder")) is None
    settings = model_of("me/mine")
    check_encoder(settings)
    start = start_of(settings)
    assert start is not None
    assert (start.record.name, start.record.on_hub) == ("me/mine", True)
    assert start.folder == tmp_path / "models--me--mine" / "snapshots" / commit
    network, builder, encoder = load_encoder(settings, start)
    before = StanceClassifier.from_pretrained(runs["pair"]).backend.logits(dataset.validation)
    np.testing.assert_allclose(logits_of(network, builder, dataset), before, atol=1e-5)
    assert encoder.name == str(tiny_encoder)


def test_descriptions_without_a_start_are_read() -> None:
    assert "starts" not in CheckpointInfo().as_json()
    assert CheckpointInfo.from_json(CheckpointInfo().as_json()).starts == []
    known = CheckpointInfo(starts=[StartInfo(name="a", sha256="0b"), StartInfo(name="b")])
    assert CheckpointInfo.from_json(json.loads(json.dumps(known.as_json()))) == known
