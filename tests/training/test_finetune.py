from __future__ import annotations

import dataclasses
import json
import logging
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

from stancelab import StanceClassifier
from stancelab.data.build import build
from stancelab.data.prepared import PreparedDataset, load_prepared
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.encoders import ModelSettings
from stancelab.encoding import InputSettings, make_builder
from stancelab.errors import ConfigError, StancelabError
from stancelab.files import sha256_of
from stancelab.inference.backends.torch import TorchBackend
from stancelab.schema import STANCES
from stancelab.training.every_pair import every_pair
from stancelab.training.finetune import TrainedModel, finetune
from stancelab.training.progress import DevProgress
from stancelab.training.resume import TrainingState
from stancelab.training.settings import TrainingSettings
from stancelab.training.soft_labels import write_soft_labels

SETTINGS = TrainingSettings(epochs=24, learning_rate=1e-3, batch_size=8, precision="fp32")

#: At 1e-3 the sequence head on random weights stays at chance for three of eight seeds, at 3e-3 for none of them.
LEARNING_RATES = {"pair": 1e-3, "sequence": 3e-3}


def model_of(encoder: Path, head: str = "pair") -> ModelSettings:
    return ModelSettings(name="tiny", name_or_path=str(encoder), head=head, input=InputSettings(max_length=32))


def train(
    dataset: PreparedDataset, encoder: Path, folder: Path, seed: int = 0, head: str = "pair", **changes
) -> TrainedModel:
    settings = dataclasses.replace(SETTINGS, **({"learning_rate": LEARNING_RATES[head]} | changes))
    return finetune(dataset, model_of(encoder, head), settings, seed=seed, output=folder, state=folder / "state")


@pytest.fixture(scope="module", params=["pair", "sequence"])
def trained(
    request: pytest.FixtureRequest,
    dataset: PreparedDataset,
    tiny_encoder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> TrainedModel:
    return train(dataset, tiny_encoder, tmp_path_factory.mktemp("trained"), head=request.param)


@pytest.fixture(scope="module")
def sequence(dataset: PreparedDataset, tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> TrainedModel:
    return train(dataset, tiny_encoder, tmp_path_factory.mktemp("sequence"), head="sequence")


def weights(trained: TrainedModel) -> dict[str, torch.Tensor]:
    files = [load_file(path) for path in sorted(trained.checkpoint.glob("*.safetensors"))]
    return {name: weight for file in files for name, weight in file.items()}


def test_it_learns_and_says_how_well(trained: TrainedModel, dataset: PreparedDataset) -> None:
    assert trained.info.dev is not None
    assert (trained.info.dev.metric, trained.info.dev.score > 0.9) == ("macro_f1", True)
    assert trained.info.dev.corpora["toy"].rows == len(dataset.validation)
    assert trained.info.dataset.fingerprint == dataset.fingerprint
    evaluations = [entry for entry in trained.history if "eval_macro_f1" in entry]
    assert len(evaluations) == SETTINGS.epochs


def test_the_run_folder_holds_what_the_training_leaves(trained: TrainedModel) -> None:
    run = trained.checkpoint.parent
    assert {path.name for path in run.iterdir()} == {"checkpoint", "tensorboard", "training.json", "state"}
    content = json.loads((run / "training.json").read_text())
    description = json.loads((trained.checkpoint / "stancelab.json").read_text())
    assert content["dev"] == description["dev"]
    assert content["history"] == trained.history
    assert content["warnings"] == description["warnings"] == trained.info.warnings
    assert "updates are few (training.min_updates is 500)" in trained.info.warnings[0]
    assert set(content["cut"]) == {"train", "validation"}
    assert content["cut"]["train"] == {
        "rows": 84,
        "texts": 0,
        "targets": 0,
        "sources": 0,
        "unmarked": 0,
        "untold_targets": 0,
        "untold_sources": 0,
    }
    assert list((run / "tensorboard").iterdir())


def test_the_learning_rate_of_the_encoder_is_recorded(
    dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    model = dataclasses.replace(model_of(tiny_encoder), learning_rate=3e-4)
    settings = dataclasses.replace(SETTINGS, epochs=1, learning_rate=None)
    trained = finetune(dataset, model, settings, output=tmp_path / "run")
    assert trained.info.training["learning_rate"] == 3e-4
    assert {path.name for path in tmp_path.iterdir()} == {"run", "interrupted"}


def test_the_folder_is_complete_and_holds_no_pickle(trained: TrainedModel) -> None:
    names = {path.name for path in trained.checkpoint.iterdir()}
    assert ("head.safetensors" in names) == (trained.info.head == "pair")
    assert {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "stancelab.json",
        "README.md",
        "manifest.json",
        "training_texts.npy",
    } <= names
    assert not [name for name in names if name.endswith((".bin", ".pt", ".pth", ".pkl"))]
    assert not any((trained.checkpoint.parent / "state").iterdir()), "the state of a finished run is removed"


def test_it_knows_the_texts_it_was_trained_on(trained: TrainedModel, dataset: PreparedDataset) -> None:
    classifier = StanceClassifier.from_pretrained(trained.checkpoint)
    asked = [*dataset.train[:3], dataclasses.replace(dataset.train[0], target="something else"), *dataset.tests["test"]]
    train = {row.text for row in dataset.train}
    found = classifier.trained_on(asked)
    assert found is not None
    assert found.tolist() == [row.text in train for row in asked]
    assert found[:4].all()
    assert not found.all()


def test_plain_transformers_gives_the_same_logits(sequence: TrainedModel, dataset: PreparedDataset) -> None:
    model = AutoModelForSequenceClassification.from_pretrained(sequence.checkpoint).eval()
    tokenizer = AutoTokenizer.from_pretrained(sequence.checkpoint)
    description = json.loads((sequence.checkpoint / "stancelab.json").read_text())
    example = dataset.tests["test"][0]
    before, after = example.text.split(example.target)
    text, pair = f"{before} [T] {example.target} [/T] {after}", f"{example.source}: {example.target}"
    with torch.inference_mode():
        logits = model(**tokenizer(text, pair, return_tensors="pt")).logits[0] / description["temperature"]
    ours = StanceClassifier.from_pretrained(sequence.checkpoint).predict_proba([example])[0]
    by_name = dict(zip(STANCES, ours, strict=True))
    for index, probability in enumerate(logits.softmax(-1).tolist()):
        assert by_name[model.config.id2label[index]] == pytest.approx(probability, abs=1e-5)


def test_token_ids_of_prediction_are_those_of_training(
    trained: TrainedModel, dataset: PreparedDataset, tiny_encoder: Path
) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    in_training = make_builder(trained.info.head, tokenizer, trained.info.input).encode(dataset.validation)
    backend = StanceClassifier.from_pretrained(trained.checkpoint).backend
    assert isinstance(backend, TorchBackend)
    assert backend.builder.encode(dataset.validation) == in_training


def test_predictions_do_not_depend_on_order_or_batch_size(trained: TrainedModel, dataset: PreparedDataset) -> None:
    examples = [*dataset.tests["test"], *dataset.validation]
    classifier = StanceClassifier.from_pretrained(trained.checkpoint, batch_size=64)
    whole = classifier.predict_proba(examples)
    classifier.backend.batch_size = 3
    np.testing.assert_allclose(classifier.predict_proba(examples[::-1])[::-1], whole, atol=1e-5)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(
    trained: TrainedModel, dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    head = trained.info.head
    again = weights(train(dataset, tiny_encoder, tmp_path / "again", head=head))
    other = weights(train(dataset, tiny_encoder, tmp_path / "other", seed=1, head=head))
    first = weights(trained)
    assert all(torch.equal(first[name], again[name]) for name in first)
    of_head = {"pair": "score.1.weight", "sequence": "classifier.weight"}[head]
    assert not torch.equal(first[of_head], other[of_head])


class _KilledError(Exception):
    pass


@pytest.fixture(scope="module")
def two_corpora(dataset: PreparedDataset, tmp_path_factory: pytest.TempPathFactory) -> PreparedDataset:
    """A dataset of the toy corpus and a smaller one."""
    folder = tmp_path_factory.mktemp("two_corpora")
    large, small = (CorpusSettings(name=name, path=str(folder / f"{name}.csv")) for name in ("large", "small"))
    rows = [*dataset.train, *dataset.validation, *dataset.tests["test"]]
    for corpus, own, actor in ((large, rows, "the author"), (small, rows[::5], "the minister")):
        with Path(str(corpus.path)).open("w", encoding="utf-8") as file:
            file.write("id,text,source,target,stance,split\n")
            for row in own:
                file.write(f"{row.id},{actor} : {row.text},{row.source},{row.target},{row.stance},{row.split}\n")
    build([large, small], SplitSettings(kind="given"), AuditSettings(leakage="keep"), folder / "prepared")
    return load_prepared(folder / "prepared")


def test_a_mixture_trains_on_so_many_texts_of_each_corpus(
    two_corpora: PreparedDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    shares = {"large": 1.0, "small": 3.0}
    trained = train(two_corpora, tiny_encoder, tmp_path, epochs=2, epoch_texts=40, corpus_shares=shares)
    evaluations = [entry["step"] for entry in trained.history if "eval_macro_f1" in entry]
    assert evaluations == [5, 10], "40 texts in batches of 8"
    assert trained.info.training["corpus_shares"] == shares
    assert set(trained.info.dev.corpora if trained.info.dev else {}) == {"large", "small"}


def test_shares_are_checked_before_any_work(two_corpora: PreparedDataset, tmp_path: Path) -> None:
    settings = dataclasses.replace(SETTINGS, corpus_shares={"large": 1.0}, teacher=[str(tmp_path / "none")])
    with pytest.raises(ConfigError, match=r"corpus_shares: found large, but the training rows are from large, small"):
        finetune(two_corpora, model_of(tmp_path / "none"), settings, output=tmp_path / "run")
    assert not any(tmp_path.iterdir())


def test_a_share_of_unlabeled_texts_is_asked_for_before_any_work(two_corpora: PreparedDataset, tmp_path: Path) -> None:
    shares = {"large": 1.0, "small": 1.0}
    settings = dataclasses.replace(SETTINGS, corpus_shares=shares, teacher=["none"], unlabeled=["more.csv"])
    with pytest.raises(ConfigError, match=r"give them a share under the name unlabeled, 0 to leave them out"):
        finetune(two_corpora, model_of(tmp_path / "none"), settings, output=tmp_path / "run")
    # The sequence head leaves these texts out, so that the next thing to be checked is the encoder.
    with pytest.raises(StancelabError) as raised:
        finetune(two_corpora, model_of(tmp_path / "none", head="sequence"), settings, output=tmp_path / "run")
    assert "corpus_shares" not in str(raised.value)
    assert not any(tmp_path.iterdir())


def test_what_taught_is_in_the_run_and_on_the_card(
    dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    pairs = every_pair(dataset.train)
    table = tmp_path / "table.parquet"
    write_soft_labels(table, [*dataset.train, *pairs], np.full((len(dataset.train) + len(pairs), 3), 1 / 3), {})
    for head, others in (("pair", len(pairs)), ("sequence", 0)):
        trained = train(dataset, tiny_encoder, tmp_path / head, head=head, epochs=1, teacher=[str(table)])
        assert json.loads((tmp_path / head / "training.json").read_text())["teacher"] == {
            "tables": [{"file": "table.parquet", "sha256": sha256_of(table)}],
            "checkpoints": [],
            "labeled_rows": len(dataset.train),
            "other_pairs": others,
            "unlabeled_texts": 0,
            "unlabeled_pairs": 0,
            "with_other_pairs": head == "pair",
        }
        card = (trained.checkpoint / "README.md").read_text(encoding="utf-8")
        assert (
            f"| teacher | table `table.parquet` (SHA-256 `{sha256_of(table)[:16]}…`): its probabilities were " in card
        )
        assert f"of {len(dataset.train)} labeled rows and {others} other pairs of their texts |" in card


@pytest.mark.parametrize(
    ("evaluations_per_epoch", "killed_after", "mixture"),
    [(1, 2, {}), (3, 4, {}), (3, 4, {"corpus_temperature": 0.5, "epoch_texts": 60})],
)
def test_a_resumed_run_ends_with_the_weights_of_an_unbroken_one(
    two_corpora: PreparedDataset,
    tiny_encoder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    evaluations_per_epoch: int,
    killed_after: int,
    mixture: dict[str, Any],
) -> None:
    dataset = two_corpora
    changes: dict[str, Any] = {"evaluations_per_epoch": evaluations_per_epoch, "epochs": 2, **mixture}
    unbroken = train(dataset, tiny_encoder, tmp_path / "unbroken", **changes)
    saved = []

    def die(*_: object, **__: object) -> None:
        saved.append(1)
        if len(saved) == killed_after:
            raise _KilledError

    with monkeypatch.context() as patch, pytest.raises(_KilledError):
        patch.setattr(DevProgress, "on_save", die)  # called when a state is saved
        train(dataset, tiny_encoder, tmp_path / "broken", **changes)
    assert not (tmp_path / "broken" / "checkpoint").exists()
    resumed = train(dataset, tiny_encoder, tmp_path / "broken", resume=True, **changes)

    steps = [entry["step"] for entry in resumed.history if "eval_macro_f1" in entry]
    assert steps == [entry["step"] for entry in unbroken.history if "eval_macro_f1" in entry]
    assert resumed.info.dev == unbroken.info.dev
    assert resumed.info.temperature == unbroken.info.temperature
    expected, found = weights(unbroken), weights(resumed)
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def steps_of(trained: TrainedModel) -> list[int]:
    return [entry["step"] for entry in trained.history if "eval_macro_f1" in entry]


def train_broken(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    saves: int,
    dataset: PreparedDataset,
    encoder: Path,
    **changes: Any,
) -> None:
    """Train as `train` does, and die when so many states are kept."""
    saved = []

    def die(*_: object, **__: object) -> None:
        saved.append(1)
        if len(saved) == saves:
            raise _KilledError

    with monkeypatch.context() as patch, pytest.raises(_KilledError):
        patch.setattr(DevProgress, "on_save", die)  # called when a state is saved
        train(dataset, encoder, folder, **changes)


#: Early stopping ends such a training before its last epoch.
STOPPED: dict[str, Any] = {"epochs": 9, "patience": 3, "learning_rate": 1e-6, "head_learning_rate": None}


@pytest.mark.parametrize("before_the_end", [0, 1, 2])
def test_a_resumed_run_stops_early_where_an_unbroken_one_does(
    dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before_the_end: int
) -> None:
    unbroken = train(dataset, tiny_encoder, tmp_path / "unbroken", **STOPPED)
    evaluations = len(steps_of(unbroken))
    assert evaluations < STOPPED["epochs"]
    train_broken(tmp_path / "broken", monkeypatch, evaluations - before_the_end, dataset, tiny_encoder, **STOPPED)
    resumed = train(dataset, tiny_encoder, tmp_path / "broken", resume=True, **STOPPED)
    assert steps_of(resumed) == steps_of(unbroken)
    expected, found = weights(unbroken), weights(resumed)
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    assert resumed.info.dev == unbroken.info.dev
    assert resumed.info.warnings == unbroken.info.warnings


def test_states_kept_by_time_change_nothing_and_are_gone_on_from(
    dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: dict[str, Any] = {"epochs": 2, "gradient_accumulation": 2}
    unbroken = train(dataset, tiny_encoder, tmp_path / "unbroken", save_minutes=0, **changes)
    changes["save_minutes"] = 1e-9  # after each update
    train_broken(tmp_path / "broken", monkeypatch, 3, dataset, tiny_encoder, **changes)
    [state] = [path for path in (tmp_path / "broken" / "state").iterdir() if path.is_dir()]
    assert {path.name for path in state.iterdir()} == {"checkpoint-2", "checkpoint-3"}, "no evaluation yet"
    resumed = train(dataset, tiny_encoder, tmp_path / "broken", resume=True, **changes)
    assert steps_of(resumed) == steps_of(unbroken)
    expected, found = weights(unbroken), weights(resumed)
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_a_moved_folder_of_states_keeps_its_best_weights(
    dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unbroken = train(dataset, tiny_encoder, tmp_path / "unbroken", **STOPPED)
    for saves in (2, len(steps_of(unbroken))):
        old, new = tmp_path / f"old{saves}", tmp_path / f"new{saves}"
        train_broken(old, monkeypatch, saves, dataset, tiny_encoder, **STOPPED)
        old.rename(new)
        resumed = train(dataset, tiny_encoder, new, resume=True, **STOPPED)
        expected, found = weights(unbroken), weights(resumed)
        assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_an_input_longer_than_the_encoder_is_refused(
    dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    model = ModelSettings(name="tiny", name_or_path=str(tiny_encoder), input=InputSettings(max_length=128))
    with pytest.raises(ConfigError, match=r"max_length: found 128, allowed are at most the 64 positions of"):
        finetune(dataset, model, SETTINGS, output=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_two_trainings_of_the_same_settings_do_not_share_a_state(
    dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    model = model_of(tiny_encoder)
    resolved = SETTINGS.resolved_for(model)
    state = TrainingState.of(tmp_path / "state", dataset.fingerprint, model, resolved, 0)
    busy = "another process is training with the same settings, data and seed"
    with state.locked(), pytest.raises(ConfigError, match=busy):
        train(dataset, tiny_encoder, tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_without_a_kept_state_resume_starts_from_the_encoder(
    trained: TrainedModel, dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    fresh = train(dataset, tiny_encoder, tmp_path, resume=True, head=trained.info.head)
    assert fresh.info.dev == trained.info.dev


def test_options_change_the_run(
    dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stopped = train(
        dataset, tiny_encoder, tmp_path, epochs=8, patience=1, learning_rate=1e-6, class_weights="balanced",
        label_smoothing=0.1, gradient_accumulation=2, r_drop=0.5,
    )  # fmt: skip
    assert len([entry for entry in stopped.history if "eval_macro_f1" in entry]) < 8
    assert stopped.info.training["class_weights"] == "balanced"
    # Of 84 rows in train 36 are against, 36 favor and 12 neutral.
    assert "balanced: a row counts by its class, against 0.78, neutral 2.33, favor 0.78" in caplog.text
    told = r"stopped early after epoch \d\.\d of 8: in 1 evaluation the dev macro_f1 was not above \d+\.\d, that of "
    assert re.search(told, caplog.text)


def test_the_text_only_ablation_gives_one_answer_for_all_targets(
    dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    model = ModelSettings(
        name="text_only", name_or_path=str(tiny_encoder), input=InputSettings(hide=["source", "target"], max_length=32)
    )
    settings = dataclasses.replace(SETTINGS, epochs=1)
    ablation = finetune(dataset, model, settings, output=tmp_path / "run")
    example = dataset.tests["test"][0]
    other = dataclasses.replace(example, target="the summit", source="China", target_span=None, source_span=None)
    probabilities = StanceClassifier.from_pretrained(ablation.checkpoint).predict_proba([example, other])
    np.testing.assert_allclose(probabilities[0], probabilities[1], atol=1e-6)


def test_the_card_says_what_a_reader_needs(trained: TrainedModel, dataset: PreparedDataset) -> None:
    card = (trained.checkpoint / "README.md").read_text()
    assert f"{len(dataset.train)} training and {len(dataset.validation)} validation rows" in card
    assert f"fingerprint `{dataset.fingerprint}`" in card
    assert f"{trained.info.temperature:.3f} (fitted on the validation rows)" in card
    for heading in ("## How to use it", "## Intended use", "## Limits"):
        assert heading in card


def test_the_encoder_of_the_pair_head_loads_with_plain_transformers(
    dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    trained = train(dataset, tiny_encoder, tmp_path, epochs=1)
    encoder = AutoModel.from_pretrained(trained.checkpoint)
    backend = StanceClassifier.from_pretrained(trained.checkpoint).backend
    assert isinstance(backend, TorchBackend)
    ours = backend.model.encoder.state_dict()
    theirs = encoder.state_dict()
    assert all(torch.equal(weight, theirs[name]) for name, weight in ours.items())


def test_the_card_of_the_pair_head_says_how_to_load_the_encoder(
    dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    card = (train(dataset, tiny_encoder, tmp_path, epochs=1).checkpoint / "README.md").read_text(encoding="utf-8")
    assert "`AutoModel` loads its encoder alone" in card
    assert "pipeline_tag" not in card
    assert "pipelines do not know the head: they would answer from new, random weights" in card
    assert "at most 32 tokens" in card


def test_the_card_shows_how_the_input_is_built(sequence: TrainedModel) -> None:
    card = (sequence.checkpoint / "README.md").read_text(encoding="utf-8")
    code = card.split("```python")[2].split("```")[0]
    assert "[T] the ceasefire [/T]" in code
    name = next(line.split('"')[1] for line in code.splitlines() if "AutoTokenizer.from_pretrained" in line)
    printed: list[torch.Tensor] = []
    exec(code.replace(f'"{name}"', repr(str(sequence.checkpoint))), {"print": printed.append})
    expected = StanceClassifier.from_pretrained(sequence.checkpoint).predict_proba(
        [{"text": "Norway welcomed the ceasefire.", "source": "Norway", "target": "the ceasefire"}]
    )
    np.testing.assert_allclose(printed[0].numpy(), expected, atol=1e-5)
