from __future__ import annotations

import csv
import dataclasses
import logging
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from transformers import AutoTokenizer

from stancelab import StanceClassifier
from stancelab.checkpoint import CheckpointInfo, EncoderInfo, files_fingerprint, save_checkpoint
from stancelab.data.build import build
from stancelab.data.prepared import PreparedDataset, load_prepared
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.encoders import ModelSettings
from stancelab.encoding import InputSettings
from stancelab.errors import CheckpointError, ConfigError, DataError
from stancelab.files import sha256_of
from stancelab.heads.pair import PairClassifier
from stancelab.layout import PACKAGE
from stancelab.metrics.temperature import softmax
from stancelab.schema import Example
from stancelab.training.answers import WITH_CORPUS, TeacherRecord, check_teachers
from stancelab.training.every_pair import every_pair
from stancelab.training.finetune import finetune
from stancelab.training.settings import TrainingSettings
from stancelab.training.soft_labels import read_soft_labels, write_soft_labels
from stancelab.training.teacher import taught
from stancelab.training.unlabeled import read_unlabeled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TEXT = "Norway backed Iran and Kenya ."
ANSWER = (0.125, 0.25, 0.625)


def prepare(folder: Path, table: Path, **split) -> PreparedDataset:
    settings = SplitSettings(**{"kind": "given", **split})
    # The texts differ in one word: at the default they are near duplicates of one another.
    audit = AuditSettings(leakage="keep", near_duplicates=0.8, ngram=5)
    build([CorpusSettings(name="toy", path=str(table))], settings, audit, folder)
    return load_prepared(folder)


@pytest.fixture(scope="module")
def toy_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen texts with two rows each, of which twelve are train."""
    lines = ["id,text,source,target,stance,split"]
    verbs = {"backed": "favor", "condemned": "against", "met": "neutral", "praised": "favor"}
    for number, (verb, stance) in enumerate(verbs.items()):
        for place, actor in enumerate(("Norway", "Iran", "Kenya", "Somalia")):
            split = ("train", "train", "train", ("validation", "test")[number % 2])[place]
            text = f"{actor} {verb} the treaty and the pact ."
            lines += [f"{actor}-{verb}-{target},{text},{actor},the {target},{stance},{split}"
                      for target in ("treaty", "pact")]  # fmt: skip
    path = tmp_path_factory.mktemp("corpus") / "toy.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def small(toy_table: Path, tmp_path_factory: pytest.TempPathFactory) -> PreparedDataset:
    return prepare(tmp_path_factory.mktemp("small"), toy_table)


@pytest.fixture(scope="module")
def teachers(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two checkpoints that nobody trained."""
    folders = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        network = PairClassifier.from_encoder(tiny_encoder)
        encoder = EncoderInfo(name="/home/me/some-encoder")
        info = CheckpointInfo(
            name="tiny", head="pair", input=InputSettings(max_length=32), encoder=encoder, seed=seed, temperature=0.5
        )
        folder = tmp_path_factory.mktemp("teacher")
        save_checkpoint(folder, network, AutoTokenizer.from_pretrained(tiny_encoder), info, "card")
        folders.append(folder)
    return folders


def write_table(path: Path, pairs: Sequence[Example], answer: tuple[float, float, float] = ANSWER) -> Path:
    write_soft_labels(path, pairs, np.array([answer] * len(pairs)), {})
    return path


def pair_of(example: Example) -> tuple[str, str, str]:
    return example.text, example.source, example.target


def test_without_a_teacher_the_rows_stay_as_they_are(small: PreparedDataset, tmp_path: Path) -> None:
    found = taught(small, [], tmp_path / "cache")
    assert found.examples == small.train
    assert found.soft is None
    assert not (tmp_path / "cache").exists()


def test_the_answers_of_a_table_are_joined_to_the_rows(small: PreparedDataset, tmp_path: Path) -> None:
    labeled = small.train[1:3]
    others = [pair for pair in every_pair(small.train) if pair.text == labeled[0].text]
    elsewhere = Example(id="x", text="Somalia met China .", source="Somalia", target="China")
    # A pair that the table has twice is learned from once.
    table = write_table(tmp_path / "table.parquet", [*labeled, *others, others[0], elsewhere])
    found = taught(small, [str(table)], tmp_path / "cache")
    assert found.examples[: len(small.train)] == small.train
    added = found.examples[len(small.train) :]
    assert [pair_of(pair) for pair in added] == [pair_of(pair) for pair in others]
    assert {(pair.stance, pair.corpus) for pair in added} == {(None, "toy")}
    assert found.soft is not None
    answered = [1, 2, *range(len(small.train), len(found.examples))]
    np.testing.assert_allclose(found.soft[answered], [ANSWER] * len(answered))
    rest = [row for row in range(len(small.train)) if row not in answered]
    assert np.isnan(found.soft[rest]).all()
    assert not (tmp_path / "cache").exists(), "a table needs no cache"


def test_the_probabilities_of_checkpoints_are_averaged(
    small: PreparedDataset, teachers: list[Path], tmp_path: Path
) -> None:
    found = taught(small, [str(folder) for folder in teachers], tmp_path)
    assert [pair_of(pair) for pair in found.examples] == [
        pair_of(pair) for pair in [*small.train, *every_pair(small.train)]
    ]
    of_each = [StanceClassifier.from_pretrained(folder).predict_proba(found.examples) for folder in teachers]
    assert np.abs(of_each[0] - of_each[1]).max() > 0.01, "the two differ"
    assert found.soft is not None
    np.testing.assert_allclose(found.soft, np.mean(of_each, axis=0), atol=1e-3)
    np.testing.assert_allclose(found.soft.sum(axis=1), 1)


def test_answers_are_kept_for_the_same_teacher_and_dataset(
    small: PreparedDataset, toy_table: Path, teachers: list[Path], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    one, other = (str(folder) for folder in teachers)
    first = taught(small, [one], cache)
    [table] = cache.iterdir()
    write_table(table, first.examples)  # other answers in its place, to see that they are read
    again = taught(small, [one], cache)
    assert again.soft is not None
    np.testing.assert_allclose(again.soft, [ANSWER] * len(first.examples))

    of_other = taught(small, [other], cache)
    of_both = taught(small, [one, other], cache)
    fewer = prepare(tmp_path / "fewer", toy_table, train_rows=8)
    of_fewer = taught(fewer, [one], cache)
    for found in (of_other, of_both, of_fewer):
        assert found.soft is not None
        assert not np.allclose(found.soft, ANSWER)
    assert len(list(cache.iterdir())) == 4


def test_a_kept_table_says_who_answered(small: PreparedDataset, teachers: list[Path], tmp_path: Path) -> None:
    taught(small, [str(teachers[1])], tmp_path)
    [table] = tmp_path.iterdir()
    made = pq.read_schema(table).metadata[b"stancelab"].decode()
    assert f'"dataset_fingerprint": "{small.fingerprint}"' in made
    assert f'"weights": "{files_fingerprint(teachers[1])}"' in made
    assert '"seed": 1' in made
    assert '"encoder": "some-encoder"' in made
    assert len(read_soft_labels(table).pairs) == len(small.train) + len(every_pair(small.train))


def test_a_teacher_that_cannot_be_loaded_is_named(small: PreparedDataset, teachers: list[Path], tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"training.teacher: .*none: no such folder; expected a checkpoint made"):
        taught(small, [str(teachers[0]), str(tmp_path / "none")], tmp_path / "cache")
    with pytest.raises(
        CheckpointError, match=r"training.teacher: someone/model: neither a folder in .* nor a checkpoint"
    ):
        taught(small, ["someone/model"], tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_the_folder_of_a_run_stands_for_its_checkpoint(
    small: PreparedDataset, teachers: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "checkpoint").symlink_to(teachers[0])
    with pytest.raises(ConfigError, match=r"training.teacher: .* and .*run are the same checkpoint"):
        taught(small, [str(teachers[0]), str(tmp_path / "run")], tmp_path / "cache")
    of_run = taught(small, [str(tmp_path / "run")], tmp_path / "cache").soft
    of_checkpoint = taught(small, [str(teachers[0])], tmp_path / "cache").soft
    assert of_run is not None
    assert of_checkpoint is not None
    np.testing.assert_array_equal(of_run, of_checkpoint)
    assert len(list((tmp_path / "cache").iterdir())) == 1, "they are one teacher"


@pytest.mark.parametrize("alone", ["table.parquet", WITH_CORPUS])
def test_a_table_is_a_teacher_alone(small: PreparedDataset, teachers: list[Path], tmp_path: Path, alone: str) -> None:
    message = rf"training.teacher: found {alone} among 2 teachers; allowed are checkpoints, .* or one table"
    for names in ([alone, str(teachers[0])], [str(teachers[0]), alone], [alone, alone]):
        with pytest.raises(ConfigError, match=message):
            taught(small, names, tmp_path)


def test_a_table_that_answers_no_row_is_refused(small: PreparedDataset, tmp_path: Path) -> None:
    table = write_table(tmp_path / "table.parquet", every_pair(small.train))
    rows = len(small.train)
    with pytest.raises(
        ConfigError, match=rf"table.parquet answers none of the {rows} training rows; .* or set training.teacher=\[\]"
    ):
        taught(small, [str(table)], tmp_path)


def test_a_file_that_is_no_table_of_probabilities_is_named(
    small: PreparedDataset, toy_table: Path, tmp_path: Path
) -> None:
    needed = "text, source, target, source_start, source_end, target_start, target_end, p_against, p_neutral, p_favor"
    with pytest.raises(DataError) as caught:
        taught(small, [str(toy_table)], tmp_path)
    assert str(caught.value) == (
        f"training.teacher: {toy_table} is a file, and no table of a teacher's probabilities; found the columns id, "
        "text, source, target, stance, split; allowed are folders of checkpoints, or a .parquet table with the columns "
        f"{needed}"
    )
    other = tmp_path / "train.parquet"
    pq.write_table(pq.read_table(small.folder / "train.parquet", columns=["text", "stance"]), other)
    with pytest.raises(DataError, match=rf"lacks the columns source, .*; found text, stance; needed are {needed}"):
        check_teachers([str(other)])


def test_the_same_checkpoint_twice_is_refused(small: PreparedDataset, teachers: list[Path], tmp_path: Path) -> None:
    one, other = (str(folder) for folder in teachers)
    with pytest.raises(ConfigError, match=rf"training.teacher: {one} is given twice; name each checkpoint once"):
        taught(small, [one, other, one], tmp_path)
    copy = tmp_path / "copy"
    shutil.copytree(one, copy)
    with pytest.raises(ConfigError, match=rf"training.teacher: {one} and {copy} are the same checkpoint"):
        check_teachers([one, str(copy)])


def test_the_sequence_head_is_taught_labeled_rows_alone(
    small: PreparedDataset, teachers: list[Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    table = write_table(tmp_path / "table.parquet", [*small.train, *every_pair(small.train)])
    with caplog.at_level(logging.INFO):
        found = taught(small, [str(table)], tmp_path, with_pairs=False)
    assert found.examples == small.train
    assert found.record is not None
    assert (found.record.labeled_rows, found.record.other_pairs) == (len(small.train), 0)
    assert not found.record.with_other_pairs
    assert "the model learns of the teacher on labeled rows alone" in caplog.text

    asked = taught(small, [str(teachers[0])], tmp_path / "cache", with_pairs=False)
    [kept] = (tmp_path / "cache").iterdir()
    assert len(read_soft_labels(kept).pairs) == len(small.train), "only these were asked about"
    whole = taught(small, [str(teachers[0])], tmp_path / "cache")
    assert (asked.examples, len(whole.examples) > len(small.train)) == (small.train, True)


def test_what_taught_is_recorded(small: PreparedDataset, teachers: list[Path], tmp_path: Path) -> None:
    pairs = every_pair(small.train)
    table = write_table(tmp_path / "table.parquet", [*small.train[:5], *pairs[:7]])
    entry = {"file": "table.parquet", "sha256": sha256_of(table)}
    of_table = taught(small, [str(table)], tmp_path).record
    assert of_table == TeacherRecord(tables=[entry], labeled_rows=5, other_pairs=7)
    asked = [{"folder": str(folder), "fingerprint": files_fingerprint(folder)} for folder in teachers]
    of_checkpoints = TeacherRecord(checkpoints=asked, labeled_rows=len(small.train), other_pairs=len(pairs))
    for _ in ("asked", "from the cache"):
        assert taught(small, [str(folder) for folder in teachers], tmp_path / "cache").record == of_checkpoints


def test_a_table_that_is_not_there_is_named(small: PreparedDataset, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none.parquet: no such file"):
        taught(small, [str(tmp_path / "none.parquet")], tmp_path)


@pytest.fixture
def beside_corpus(toy_table: Path, small: PreparedDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus of the project that comes with a teacher."""
    folder = tmp_path / "data" / "toy"
    write_table(folder / "teacher.parquet", small.train)
    monkeypatch.setattr(
        "stancelab.training.answers.own_corpus", lambda name: folder / "toy.csv" if name == "toy" else None
    )
    return folder


def test_the_teacher_that_comes_with_a_corpus(
    beside_corpus: Path, small: PreparedDataset, toy_table: Path, tmp_path: Path
) -> None:
    assert beside_corpus.is_dir()
    found = taught(small, [WITH_CORPUS], tmp_path / "cache")
    assert found.examples == small.train
    assert found.soft is not None
    np.testing.assert_allclose(found.soft, [ANSWER] * len(small.train))
    whole = prepare(tmp_path / "whole", toy_table, train_share=1.0)
    assert taught(whole, [WITH_CORPUS], tmp_path / "cache").soft is not None, "a share of 1 keeps all rows"


def test_a_table_of_a_corpus_is_recorded_with_the_corpus(
    beside_corpus: Path, small: PreparedDataset, tmp_path: Path
) -> None:
    found = taught(small, [WITH_CORPUS], tmp_path / "cache")
    entry = {"file": "toy/teacher.parquet", "sha256": sha256_of(beside_corpus / "teacher.parquet")}
    assert found.record == TeacherRecord(tables=[entry], labeled_rows=len(small.train))


def test_the_teacher_of_a_corpus_is_not_used_for_another_table_of_its_name(
    beside_corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert beside_corpus.is_dir()
    lines = [
        f"{n},Somalia met China {n} .,Somalia,China,{('favor', 'against')[n % 2]},{split}"
        for n, split in enumerate(("train",) * 6 + ("dev", "test"))
    ]
    (tmp_path / "own.csv").write_text("id,text,source,target,stance,split\n" + "\n".join(lines) + "\n")
    own = prepare(tmp_path / "own", tmp_path / "own.csv")
    found = taught(own, [WITH_CORPUS], tmp_path / "cache")
    assert (found.examples, found.soft, found.record) == (own.train, None, None)
    assert "corpus toy answers none of the training rows that data.name=toy calls so: it is not used." in caplog.text
    assert "set training.teacher=[]" in caplog.text


@pytest.mark.parametrize("sample", [{"train_rows": 8}, {"train_share": 0.5}, {"shots": 2}])
def test_the_teacher_of_a_corpus_is_not_used_with_a_part_of_train(
    beside_corpus: Path, toy_table: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, sample: dict
) -> None:
    assert beside_corpus.is_dir()
    part = prepare(tmp_path / "part", toy_table, **sample)
    with caplog.at_level(logging.INFO):
        found = taught(part, [WITH_CORPUS], tmp_path / "cache")
    assert found.soft is None
    assert found.examples == part.train
    [name] = sample
    assert f"the teacher was trained on all of train, and split.{name} keeps a part: it is not used" in caplog.text


def test_the_teacher_of_a_corpus_is_not_used_with_another_split(
    beside_corpus: Path, toy_table: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert beside_corpus.is_dir()
    other = prepare(tmp_path / "other", toy_table, kind="random", seed=1)
    with caplog.at_level(logging.INFO):
        found = taught(other, [WITH_CORPUS], tmp_path / "cache")
    assert found.soft is None
    assert "the teacher was trained on texts that this split holds out: it is not used" in caplog.text


def test_a_corpus_without_a_teacher_is_learned_from_its_labels(
    small: PreparedDataset, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        found = taught(small, [WITH_CORPUS], tmp_path)
    assert found.soft is None
    assert "no corpus of this dataset comes with a teacher; learning from the labels alone" in caplog.text


def test_a_student_comes_nearer_to_its_teacher(dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path) -> None:
    """The teacher is sure of the labels, and says of all other pairs what no label tells."""
    of_labels = {
        "against": (0.7, 0.2, 0.1),
        "neutral": (0.2, 0.6, 0.2),
        "favor": (0.1, 0.2, 0.7),
    }
    others = every_pair(dataset.train)
    answers = np.array([*(of_labels[row.stance or ""] for row in dataset.train), *[ANSWER] * len(others)])
    write_soft_labels(tmp_path / "table.parquet", [*dataset.train, *others], answers, {})
    model = ModelSettings(name="tiny", name_or_path=str(tiny_encoder), input=InputSettings(max_length=32))
    settings = TrainingSettings(epochs=40, learning_rate=1e-3, batch_size=8, precision="fp32")

    def distances(teacher: list[str]) -> tuple[float, float]:
        """The mean distance from the teacher's answers: on labeled rows, and on other pairs of unseen texts."""
        run = tmp_path / ("taught" if teacher else "untaught")
        trained = finetune(dataset, model, dataclasses.replace(settings, teacher=teacher), output=run)
        assert trained.info.training["teacher"] == teacher
        student = StanceClassifier.from_pretrained(trained.checkpoint)
        rows = dataset.tests["test"]
        expected = np.array([of_labels[row.stance or ""] for row in rows])
        # Before the temperature, which fits the probabilities to the labels of dev again.
        labeled = np.abs(softmax(student.backend.logits(rows)) - expected).mean()
        other = np.abs(softmax(student.backend.logits(every_pair(rows))) - np.array(ANSWER)).mean()
        return float(labeled), float(other)

    taught_by, untaught = distances([str(tmp_path / "table.parquet")]), distances([])
    assert taught_by[0] < 0.1 < untaught[0]
    assert taught_by[1] < 0.05 < untaught[1]


def test_a_model_that_sees_less_than_its_teacher_learns_from_the_labels(
    dataset: PreparedDataset, tmp_path: Path
) -> None:
    found = taught(dataset, ["corpus"], tmp_path, hidden=True)
    assert (found.examples, found.soft, found.teachers) == (dataset.train, None, ())


def test_what_was_not_used_is_not_recorded(dataset: PreparedDataset, tmp_path: Path) -> None:
    assert taught(dataset, ["corpus"], tmp_path).teachers == ()


def unlabeled_table(path: Path, texts: Sequence[str]) -> Path:
    """A table of unlabeled rows, in each of which Iran may be a source and the talks are a target alone."""
    path.write_text("text,source,target\n" + "".join(f"{text},Iran,the talks\n" for text in texts))
    return path


def test_checkpoints_answer_unlabeled_texts_but_none_that_is_held_out(
    small: PreparedDataset, teachers: list[Path], tmp_path: Path
) -> None:
    held_out = small.validation[0]
    table = unlabeled_table(tmp_path / "more.csv", ["Iran left the talks ."])
    with table.open("a") as file:
        file.write(f'"{held_out.text}",,{held_out.target}\n')
    names = [str(teachers[0])]
    without = taught(small, names, tmp_path / "cache")
    found = taught(small, names, tmp_path / "cache", unlabeled=[str(table)])
    assert found.examples[: len(without.examples)] == without.examples
    more = found.examples[len(without.examples) :]
    assert [(row.text, row.source, row.target, row.stance) for row in more] == [
        ("Iran left the talks .", "", "Iran", None),
        ("Iran left the talks .", "", "the talks", None),
        ("Iran left the talks .", "Iran", "the talks", None),
    ]
    assert {row.corpus for row in more} == {small.train[0].corpus}
    assert found.soft is not None
    expected = StanceClassifier.from_pretrained(teachers[0]).predict_proba(more)
    np.testing.assert_allclose(found.soft[-3:], expected, atol=1e-3)


def test_a_table_answers_unlabeled_texts_that_are_named(small: PreparedDataset, tmp_path: Path) -> None:
    more = [Example(id="1", text="Iran left the talks .", source="Iran", target="the talks")]
    table = write_table(tmp_path / "table.parquet", [*small.train, *more])
    assert len(taught(small, [str(table)], tmp_path).examples) == len(small.train)
    file = unlabeled_table(tmp_path / "more.csv", ["Iran left the talks ."])
    found = taught(small, [str(table)], tmp_path, unlabeled=[str(file)])
    assert [row.text for row in found.examples[len(small.train) :]] == ["Iran left the talks ."]


def test_unlabeled_texts_that_come_with_a_corpus(
    beside_corpus: Path, small: PreparedDataset, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    more = [Example(id="1", text="Iran left the talks .", source="Iran", target="the talks")]
    write_table(beside_corpus / "teacher.parquet", [*small.train, *more])
    assert len(taught(small, [WITH_CORPUS], tmp_path).examples) == len(small.train)
    unlabeled_table(beside_corpus / "unlabeled.csv", ["Iran left the talks ."])
    with caplog.at_level(logging.INFO):
        found = taught(small, [WITH_CORPUS], tmp_path)
    assert found.examples[-1].text == "Iran left the talks ."
    assert "and 1 pair of 1 unlabeled text\n" in caplog.text


def test_unlabeled_texts_need_a_teacher(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"training.unlabeled: found more.csv, but no training.teacher"):
        check_teachers([], ["more.csv"])


def test_unlabeled_rows_of_the_project_are_named_by_their_corpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "diplomacy").mkdir()  # a folder of this name where the command is given changes nothing
    monkeypatch.chdir(tmp_path)
    with (PACKAGE.parents[1] / "data" / "diplomacy" / "unlabeled.csv").open(encoding="utf-8", newline="") as file:
        expected = [row["text"] for row in csv.DictReader(file)]
    assert [row.text for row in read_unlabeled(["diplomacy"])] == expected
    with pytest.raises(
        DataError, match=r"mpqa_stances: no such file, and no corpus .* unlabeled texts \(diplomacy\)\.$"
    ):
        read_unlabeled(["mpqa_stances"])  # a corpus without such rows
    with pytest.raises(DataError, match=r"diplomacyy: no such file, .* Did you mean 'diplomacy'\?$"):
        read_unlabeled(["diplomacyy"])
    with pytest.raises(DataError, match=r"^training.unlabeled: more.csv: no such file\.$"):
        read_unlabeled(["more.csv"])


def test_unlabeled_rows_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text("text,source,target\nIran left .,Iran,\n")
    with pytest.raises(DataError, match=r"training.unlabeled: 1 row of .*more.csv cannot be used:\n.*row 1.*target"):
        check_teachers([WITH_CORPUS], [str(file)])
    file.write_text("text,source\nIran left .,Iran\n")
    with pytest.raises(DataError, match=r"columns are missing; the file has 'text', 'source'"):
        check_teachers([WITH_CORPUS], [str(file)])
    with pytest.raises(DataError, match=r"none.csv"):
        check_teachers([WITH_CORPUS], [str(tmp_path / "none.csv")])
