from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from stancelab import Example, Prediction, StanceClassifier
from stancelab.checkpoint import CheckpointInfo, save_checkpoint
from stancelab.encoding import InputBuilder, InputSettings
from stancelab.errors import CheckpointError, ConfigError, DataError
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from pathlib import Path

ROW = {"text": "Norway welcomed the ceasefire.", "source": "Norway", "target": "the ceasefire"}


@pytest.fixture(scope="module")
def checkpoint(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    thresholds = {"accuracy_80": 0.3, "accuracy_90": 0.999, "accuracy_95": None}
    info = CheckpointInfo(name="tiny", input=InputSettings(max_length=32), temperature=2.0, thresholds=thresholds)
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    model = AutoModelForSequenceClassification.from_pretrained(tiny_encoder, num_labels=3)
    InputBuilder(tokenizer, info.input)
    model.resize_token_embeddings(len(tokenizer))
    folder = tmp_path_factory.mktemp("checkpoint")
    save_checkpoint(folder, model, tokenizer, info, "card")
    return folder


@pytest.fixture(scope="module")
def classifier(checkpoint: Path) -> StanceClassifier:
    return StanceClassifier.from_pretrained(checkpoint, device="cpu")


def test_examples_dicts_and_data_frames_give_the_same(classifier: StanceClassifier) -> None:
    from_dict = classifier.predict([ROW])
    assert classifier.predict([Example(id="x", **ROW)]) == from_dict
    assert classifier.predict(pd.DataFrame([ROW])) == from_dict
    assert classifier.predict(iter([ROW])) == from_dict


def test_probabilities_are_given_for_dicts_too(classifier: StanceClassifier) -> None:
    [row] = classifier.predict_proba([ROW])
    [prediction] = classifier.predict([ROW])
    assert row.tolist() == [prediction.p_against, prediction.p_neutral, prediction.p_favor]


def test_a_prediction_is_whole(classifier: StanceClassifier) -> None:
    [prediction] = classifier.predict([ROW])
    assert isinstance(prediction, Prediction)
    assert prediction.p_against + prediction.p_neutral + prediction.p_favor == pytest.approx(1)
    assert prediction.confidence == max(prediction.p_against, prediction.p_neutral, prediction.p_favor)
    assert prediction.score == prediction.p_favor - prediction.p_against
    assert getattr(prediction, f"p_{prediction.predicted}") == prediction.confidence
    assert not prediction.abstained
    assert classifier.predict([ROW], min_confidence=1.0)[0].abstained


def test_missing_cells_of_a_data_frame_count_as_absent(classifier: StanceClassifier) -> None:
    frame = pd.DataFrame({**ROW, "source": [None], "target_start": [np.nan], "target_end": [np.nan]})
    assert classifier.predict(frame) == classifier.predict([{**ROW, "source": ""}])


def test_nullable_columns_of_pandas_count_as_absent_too(classifier: StanceClassifier) -> None:
    frame = pd.DataFrame({**ROW, "source": [None]}).astype("string")
    assert classifier.predict(frame) == classifier.predict([{**ROW, "source": ""}])


def test_every_file_of_a_checkpoint_is_readable_by_the_same_people(checkpoint: Path) -> None:
    assert len({path.stat().st_mode for path in checkpoint.iterdir()}) == 1


def test_a_device_that_is_not_there_is_named(checkpoint: Path) -> None:
    with pytest.raises(ConfigError, match="device: found 'nonsense', which cannot be used here"):
        StanceClassifier.from_pretrained(checkpoint, device="nonsense")


def test_no_examples_give_no_predictions(classifier: StanceClassifier) -> None:
    assert classifier.predict([]) == []
    assert classifier.predict_proba([]).shape == (0, len(STANCES))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"text": "a"}], "example 0: no key 'target'; found 'text'"),
        ([ROW, {"text": " ", "target": "b"}], "example 1, text: the text is empty; every row needs a sentence"),
        ([{"text": 3, "target": "b"}], "example 0: text is int, expected str"),
        (["text"], "example 0: found str, expected an Example or a dict with text and target"),
        ([{**ROW, "target_start": 3}], "target_start and target_end are 3 and None; give two whole numbers or neither"),
        ([{**ROW, "target_start": "a", "target_end": 5}], "target_start and target_end are 'a' and 5"),
        (
            [{**ROW, "target_start": 3, "target_end": 999}],
            "target_span: is outside the text; the text has",
        ),
    ],
)
def test_rows_that_cannot_be_used_are_named(classifier: StanceClassifier, rows: list, message: str) -> None:
    with pytest.raises(DataError) as error:
        classifier.predict(rows)
    assert message in str(error.value)


def test_one_dict_instead_of_a_list_is_explained(classifier: StanceClassifier) -> None:
    with pytest.raises(DataError, match=r"takes a list of examples, found one dict; write predict\(\[...\]\)"):
        classifier.predict(ROW)  # type: ignore[arg-type]


def test_a_run_folder_is_told_from_a_checkpoint(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "checkpoint").symlink_to(checkpoint)
    with pytest.raises(CheckpointError, match="is a run, its checkpoint is"):
        StanceClassifier.from_pretrained(tmp_path / "run")
    with pytest.raises(CheckpointError, match="no such folder; expected a checkpoint made by 'stancelab train'"):
        StanceClassifier.from_pretrained(tmp_path / "nothing")


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
    with pytest.raises(CheckpointError, match="someone/stance: neither a folder nor a checkpoint that the hub gave"):
        StanceClassifier.from_pretrained("someone/stance")


def test_thresholds_of_dev_are_known_by_name(classifier: StanceClassifier) -> None:
    assert classifier.thresholds == {"accuracy_80": 0.3, "accuracy_90": 0.999}
    assert not classifier.predict([ROW], min_confidence=classifier.threshold("accuracy_80"))[0].abstained
    assert classifier.predict([ROW], min_confidence=classifier.threshold("accuracy_90"))[0].abstained
    with pytest.raises(ConfigError, match=r"'accuracy_95' was not reached on dev; allowed accuracy_80 \(0\.30\), "):
        classifier.threshold("accuracy_95")
    with pytest.raises(ConfigError, match=r"'acuracy_80' is none of this checkpoint's; .* Did you mean 'accuracy_80'"):
        classifier.threshold("acuracy_80")
