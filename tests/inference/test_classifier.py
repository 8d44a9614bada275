from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from stancelab import Example, Prediction, StanceClassifier
from stancelab.checkpoint import (
    CheckpointInfo,
    CorpusScores,
    DevScores,
    EncoderInfo,
    TrainingData,
    load_info,
    save_checkpoint,
)
from stancelab.encoding import Cut, InputSettings
from stancelab.errors import CheckpointError, ConfigError, DataError, MissingPackageError
from stancelab.inference.backends.base import Backend
from stancelab.inference.classifier import warn_of_cut
from stancelab.results import Provenance, check_provenance
from stancelab.schema import STANCE_ID, STANCES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

ROW: dict[str, Any] = {"text": "Norway welcomed the ceasefire.", "source": "Norway", "target": "the ceasefire"}


@pytest.fixture(scope="module")
def classifier(checkpoint: Path) -> StanceClassifier:
    return StanceClassifier.from_pretrained(checkpoint, device="cpu")


def test_examples_dicts_and_data_frames_give_the_same(classifier: StanceClassifier) -> None:
    from_dict = classifier.predict([ROW])
    assert classifier.predict([Example(id="x", **ROW)]) == from_dict
    assert classifier.predict(pd.DataFrame([ROW])) == from_dict
    assert classifier.predict(iter([ROW])) == from_dict


def test_other_names_change_what_the_model_reads(classifier: StanceClassifier, tmp_path: Path) -> None:
    row = {"text": "Iran met Kenya , then Norway opposed it .", "target": "the treaty of Norway"}
    (tmp_path / "names.yaml").write_text("the treaty of Norway: [it]\n")
    [plain] = classifier.predict_proba([row])
    given: list[Any] = [{"the treaty of Norway": ["it"]}, {"the treaty of Norway": "it"}, tmp_path / "names.yaml"]
    [marked] = classifier.predict_proba([{**row, "target_start": 37, "target_end": 39}])
    assert plain.tolist() != marked.tolist()
    for aliases in given:
        np.testing.assert_array_equal(classifier.predict_proba([row], aliases=aliases), [marked])
        assert classifier.predict([row], aliases=aliases)[0].p_favor == marked[2]
    np.testing.assert_array_equal(classifier.predict_proba([{**row, "aliases": "it"}]), [marked])
    np.testing.assert_array_equal(classifier.predict_proba([row]), [plain], "they hold for one call")


def test_offsets_are_those_of_the_table(classifier: StanceClassifier) -> None:
    row = {"text": "Iran met Kenya , then Norway opposed it .", "target": "the treaty of Norway"}
    spanned = {**row, "target_start": 38, "target_end": 39}
    [marked] = classifier.predict([{**row, "target_start": 37, "target_end": 39}])
    assert classifier.predict([spanned], offsets="one_based+inclusive") == [marked]
    with pytest.raises(ConfigError, match="offsets: found 'utf32', allowed one of characters"):
        classifier.predict([spanned], offsets="utf32")


@pytest.mark.parametrize(
    ("aliases", "message"),
    [
        (["Biden"], "aliases: found list; expected a dict such as"),
        ({"Biden": [3]}, "aliases: 'Biden': found 3, expected text"),
        ("nowhere.yaml", "nowhere.yaml: no such file; expected YAML such as"),
    ],
)
def test_other_names_that_cannot_be_read(classifier: StanceClassifier, aliases: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        classifier.predict([ROW], aliases=aliases)


def test_a_warning_says_what_was_cut(classifier: StanceClassifier, caplog: pytest.LogCaptureFixture) -> None:
    far = {
        "text": "Iran met Kenya . " * 20 + "Norway welcomed the treaty .",
        "source": "Norway",
        "target": "the treaty",
    }
    classifier.predict([ROW, far])
    assert classifier.cut == Cut(rows=2, texts=1), "its mentions are in view"
    [warning] = caplog.messages
    assert warning.startswith("1 of 2 rows has a text that is cut at 32 tokens (cut: the target of 0, ")
    classifier.predict([ROW])
    assert len(caplog.messages) == 1, "nothing is cut"


def test_a_warning_says_what_the_input_does_not_tell(caplog: pytest.LogCaptureFixture) -> None:
    warn_of_cut(Cut(rows=7, unmarked=5, untold_targets=5), 32)
    [warning] = caplog.messages
    assert warning.startswith("of 7 rows the input says neither by a mark nor by name the target of 5, since the text")
    warn_of_cut(Cut(rows=7, unmarked=5), 32)
    assert len(caplog.messages) == 1, "the second segment names it"


def test_probabilities_are_given_for_dicts_too(classifier: StanceClassifier) -> None:
    [row] = classifier.predict_proba([ROW])
    [prediction] = classifier.predict([ROW])
    assert row.tolist() == [prediction.p_against, prediction.p_neutral, prediction.p_favor]


def test_a_stance_that_is_no_class_of_the_task_has_no_probability(classifier: StanceClassifier) -> None:
    two = StanceClassifier(classifier.backend, dataclasses.replace(classifier.info, classes=["against", "favor"]))
    rows = [ROW, {**ROW, "target": "Norway"}]
    three, [first, second] = classifier.predict_proba(rows), two.predict_proba(rows)
    assert (first[1], second[1]) == (0, 0)
    assert first[[0, 2]] == pytest.approx(three[0, [0, 2]] / three[0, [0, 2]].sum())
    assert {each.predicted for each in two.predict(rows)} <= {"against", "favor"}


def test_classes_of_a_checkpoint_are_stances(checkpoint: Path, tmp_path: Path) -> None:
    shutil.copytree(checkpoint, tmp_path / "copy")
    description = tmp_path / "copy" / "stancelab.json"
    content = json.loads(description.read_text())
    assert content["classes"] == list(STANCES)
    for classes in ([], ["favor"], ["pro", "favor"], ["favor", "against"], ["against", "favor", "favor"]):
        description.write_text(json.dumps({**content, "classes": classes}))
        with pytest.raises(CheckpointError, match="allowed are 2 or more of against, neutral, favor, in this order"):
            load_info(tmp_path / "copy")
    del content["classes"]  # a checkpoint of an earlier version
    description.write_text(json.dumps(content))
    assert load_info(tmp_path / "copy").classes == list(STANCES)


def test_a_prediction_is_whole(classifier: StanceClassifier) -> None:
    [prediction] = classifier.predict([ROW])
    assert isinstance(prediction, Prediction)
    assert prediction.p_against + prediction.p_neutral + prediction.p_favor == pytest.approx(1)
    assert prediction.confidence == max(prediction.p_against, prediction.p_neutral, prediction.p_favor)
    assert prediction.score == prediction.p_favor - prediction.p_against
    assert getattr(prediction, f"p_{prediction.predicted}") == prediction.confidence
    assert not prediction.abstained
    assert classifier.predict([ROW], min_confidence=1.0)[0].abstained


def test_every_file_of_a_checkpoint_is_readable_by_the_same_people(checkpoint: Path) -> None:
    assert len({path.stat().st_mode for path in checkpoint.iterdir()}) == 1


def test_no_examples_give_no_predictions(classifier: StanceClassifier) -> None:
    assert classifier.predict([]) == []
    assert classifier.predict_proba([]).shape == (0, len(STANCES))


def test_a_run_stands_for_its_checkpoint(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "checkpoint").symlink_to(checkpoint)
    assert StanceClassifier.from_pretrained(tmp_path / "run").info.name == "tiny"
    with pytest.raises(CheckpointError, match="no such folder; expected a checkpoint made by 'stancelab train'"):
        StanceClassifier.from_pretrained(tmp_path / "nothing")


def test_a_threshold_is_taken_by_its_name(classifier: StanceClassifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier, "thresholds", {"accuracy_80": 0.0, "accuracy_90": 1.0})
    assert not classifier.predict([ROW], min_confidence="accuracy_80")[0].abstained
    assert classifier.predict([ROW], min_confidence="accuracy_90")[0].abstained
    known = r"min_confidence: 'acuracy_90' is none of .*; allowed accuracy_80 \(0.00\), accuracy_90 \(1.00\)"
    with pytest.raises(ConfigError, match=known):
        classifier.predict([ROW], min_confidence="acuracy_90")


@pytest.mark.parametrize("given", [90, -0.1, float("nan"), True, None])
def test_a_confidence_is_between_0_and_1(classifier: StanceClassifier, given: Any) -> None:
    with pytest.raises(ConfigError, match=r"min_confidence: found .*, expected a number between 0 and 1") as found:
        classifier.predict([ROW], min_confidence=given)
    assert ("write 0.9 for 90%" in str(found.value)) == (given == 90)


def test_a_data_frame_comes_out_on_wish(classifier: StanceClassifier) -> None:
    frame = pd.DataFrame({"Tweet": [ROW["text"]] * 2, "Who": "Norway", "target": ROW["target"]}, index=["b", "a"])
    columns = {"text": "Tweet", "source": "Who"}
    found = classifier.predict(frame, columns=columns, as_frame=True)
    [prediction] = classifier.predict([ROW])
    assert list(frame.join(found).columns[3:]) == list(prediction.cells())
    assert found.index.tolist() == ["b", "a"]
    assert found.loc["a"].to_dict() == pytest.approx(prediction.cells(), abs=1e-6)
    assert classifier.predict_proba(frame, columns=columns).shape == (2, 3)
    empty = classifier.predict([], as_frame=True)
    assert empty.dtypes.equals(found.dtypes)


def test_its_repr_says_what_it_is(classifier: StanceClassifier) -> None:
    told = repr(classifier)
    for each in (
        "name='tiny'",
        "encoder=",
        "head='sequence'",
        "'against', 'neutral', 'favor'",
        "torch', device='cpu'",
    ):
        assert each in told


def test_a_pretrained_encoder_is_no_checkpoint(tiny_encoder: Path) -> None:
    with pytest.raises(CheckpointError, match=r"stancelab\.json, manifest\.json missing"):
        StanceClassifier.from_pretrained(tiny_encoder)


def test_a_hub_name_is_fetched(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def fetch(name: str) -> str:
        asked.append(name)
        return str(checkpoint)

    monkeypatch.setattr("huggingface_hub.snapshot_download", fetch)
    assert StanceClassifier.from_pretrained("someone/stance").info.name == "tiny"
    assert asked == ["someone/stance"]


def test_a_hub_name_that_cannot_be_fetched_is_explained() -> None:
    with pytest.raises(CheckpointError, match=r"someone/stance: neither a folder in .* nor a checkpoint that the hub"):
        StanceClassifier.from_pretrained("someone/stance")


def test_a_mistyped_folder_is_not_looked_for_on_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(name: str) -> str:
        raise AssertionError(name)

    monkeypatch.setattr("huggingface_hub.snapshot_download", never)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models" / "mine").mkdir(parents=True)
    with pytest.raises(CheckpointError, match=r"models/mnie: no such folder \(looked in .*\). Did you mean 'mine'"):
        StanceClassifier.from_pretrained("models/mnie")


def test_thresholds_of_dev_are_known_by_name(classifier: StanceClassifier) -> None:
    assert classifier.thresholds == {"accuracy_80": 0.3, "accuracy_90": 0.999}
    assert not classifier.predict([ROW], min_confidence=classifier.threshold("accuracy_80"))[0].abstained
    assert classifier.predict([ROW], min_confidence=classifier.threshold("accuracy_90"))[0].abstained
    with pytest.raises(ConfigError, match=r"'accuracy_95' was not reached on dev; allowed accuracy_80 \(0\.30\), "):
        classifier.threshold("accuracy_95")
    with pytest.raises(ConfigError, match="'guaranteed_95' cannot be guaranteed by dev; allowed accuracy_80"):
        classifier.threshold("guaranteed_95")
    assert classifier.unreached == ["accuracy_95", "guaranteed_95"]
    with pytest.raises(ConfigError, match=r"'acuracy_80' is none of this checkpoint's; .* Did you mean 'accuracy_80'"):
        classifier.threshold("acuracy_80")


class LengthBackend(Backend):
    """Gives each text's length as the logit of one column; stands for any backend."""

    def logits(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        return np.array([[0.0, 0.0, len(example.text)] for example in examples]).reshape(-1, 3)


def test_a_classifier_works_with_any_backend() -> None:
    info = CheckpointInfo(labels=["favor", "neutral", "against"], temperature=10.0)
    [row] = StanceClassifier(LengthBackend(), info).predict_proba([{"text": "a" * 20, "target": "b"}])
    odds = np.exp([2.0, 0.0, 0.0])
    np.testing.assert_allclose(row, odds / odds.sum())


def test_provenance_says_what_the_checkpoint_was_made_of() -> None:
    scores = CorpusScores(rows=3, macro_f1=0.6, f_avg=0.7, accuracy=0.5)
    info = CheckpointInfo(
        name="tiny",
        input=InputSettings(hide=["source"]),
        temperature=1.5,
        encoder=EncoderInfo(name="package:x", sha256="0a"),
        dataset=TrainingData(name="toy", fingerprint="f", train_rows=2, validation_rows=3),
        seed=4,
        dev=DevScores(metric="f_avg", score=0.7, nll_before=0.9, nll_after=0.8, corpora={"toy": scores}),
        training={"epochs": 3},
    )
    classifier = StanceClassifier(LengthBackend(), info)
    classifier.name = "mine"
    found = classifier.provenance()
    assert (found.name, found.seed, found.temperature, found.hidden) == ("mine", 4, 1.5, ["source"])
    assert (found.encoder, found.encoder_sha256) == ("package:x", "0a")
    assert (found.dataset, found.dataset_fingerprint, found.train_rows) == ("toy", "f", 2)
    assert (found.dev_metric, found.dev_score) == ("f_avg", 0.7)
    assert found.input["hide"] == ["source"]
    assert found.input["window"] is None
    of_pair = StanceClassifier(LengthBackend(), CheckpointInfo(head="pair", input=InputSettings(max_length=64)))
    assert of_pair.provenance().input == {"hide": [], "max_length": 64, "keep": "mentions"}, "what the pair head reads"
    assert found.training == {"epochs": 3}
    check_provenance(Provenance(checkpoints=[found]))


def test_provenance_of_a_checkpoint_that_says_little() -> None:
    found = StanceClassifier(LengthBackend(), CheckpointInfo()).provenance()
    assert (found.dataset, found.train_rows, found.dev_metric, found.dev_score) == ("", None, "", None)


@pytest.mark.parametrize(("package", "title"), [("torch", "PyTorch"), ("transformers", "transformers")])
def test_a_missing_backend_is_named_with_its_extra(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch, package: str, title: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingPackageError) as error:
        StanceClassifier.from_pretrained(checkpoint)
    assert str(error.value) == (
        f'StanceClassifier needs {title}: pip install "stancelab[torch]", or export the checkpoint where PyTorch is: '
        "stancelab export"
    )


def test_the_import_is_light() -> None:
    code = (
        "import sys, stancelab.inference.classifier; "
        "print({'scipy', 'sklearn', 'torch', 'transformers', 'pandas', 'datasets'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            lambda folder: (folder / "model.safetensors").unlink(),
            "not a complete checkpoint, model.safetensors missing",
        ),
        (lambda folder: (folder / "manifest.json").unlink(), "not a complete checkpoint, manifest.json missing"),
        (lambda folder: _edit(folder / "stancelab.json", format=99), "format is 99, this version of stancelab reads 1"),
        (lambda folder: (folder / "stancelab.json").write_text("[]"), "not a JSON object"),
        (lambda folder: (folder / "config.json").write_text("[]"), "not a transformers config"),
        (lambda folder: _edit(folder / "stancelab.json", temperature=float("nan")), "temperature: found nan"),
        (lambda folder: _edit(folder / "stancelab.json", temperature=0), "temperature: found 0, allowed are numbers"),
        (lambda folder: _edit(folder / "stancelab.json", temperature=0.5), "stancelab.json: SHA-256 is"),
        (
            lambda folder: _edit(folder / "stancelab.json", labels=["favor", "neutral", "against"]),
            "the columns of the logits are ['favor', 'neutral', 'against'] in stancelab.json but "
            "['against', 'neutral', 'favor'] in config.json",
        ),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"x"), "the file was changed or damaged"),
        (lambda folder: (folder / "tokenizer.json").write_text("{"), "tokenizer.json: SHA-256 is"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "tokenizer.json: SHA-256 is missing"),
    ],
)
def test_a_damaged_checkpoint_is_refused(checkpoint: Path, tmp_path: Path, damage, message: str) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(checkpoint, folder)
    damage(folder)
    with pytest.raises(CheckpointError, match=re.escape(message)):
        StanceClassifier.from_pretrained(folder)


@pytest.mark.parametrize("batch_size", [0, "8", 2.0, True])
def test_a_batch_has_one_text_or_more(checkpoint: Path, batch_size: Any) -> None:
    with pytest.raises(ConfigError, match=f"batch_size: found {batch_size!r}, allowed are whole numbers from 1"):
        StanceClassifier.from_pretrained(checkpoint, batch_size=batch_size)


def test_a_checkpoint_whose_columns_are_permuted_means_the_same(checkpoint: Path, tmp_path: Path) -> None:
    order = ["favor", "against", "neutral"]
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint)
    rows = [STANCE_ID[label] for label in order]
    with torch.no_grad():
        model.classifier.weight.copy_(model.classifier.weight[rows].clone())
        model.classifier.bias.copy_(model.classifier.bias[rows].clone())
    info = dataclasses.replace(load_info(checkpoint), labels=order)
    folder = tmp_path / "permuted"
    folder.mkdir()
    save_checkpoint(folder, model, AutoTokenizer.from_pretrained(checkpoint), info, "card")
    expected = StanceClassifier.from_pretrained(checkpoint).predict_proba([ROW])
    found = StanceClassifier.from_pretrained(folder).predict_proba([ROW])
    np.testing.assert_allclose(found, expected, atol=1e-6)


def _edit(path: Path, **changes) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
