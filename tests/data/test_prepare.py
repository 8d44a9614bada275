"""A dataset is prepared from Python by its settings alone, once for all who ask for it."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.data.manifest import CountedFor
from stancelab.data.prepare import dataset_folder, prepare
from stancelab.data.settings import AuditSettings, CorpusSettings, SplitSettings
from stancelab.encoding import InputSettings
from stancelab.errors import CheckpointError, ConfigError
from stancelab.layout import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stancelab.data.prepared import PreparedDataset

Rows = list[dict[str, str]]
RANDOM = SplitSettings(kind="random")


@pytest.fixture
def corpus(rows: Rows, write_csv: Callable[..., Path]) -> CorpusSettings:
    return CorpusSettings(path=str(write_csv(rows)))


def written(dataset: PreparedDataset) -> int:
    return (dataset.folder / MANIFEST).stat().st_mtime_ns


def test_one_corpus_and_the_defaults_are_enough(corpus: CorpusSettings, tmp_path: Path) -> None:
    dataset = prepare(corpus, split=RANDOM, root=tmp_path / "outputs")
    assert dataset.folder == tmp_path / "outputs" / "datasets" / "table-mine-random-seed13"
    assert {"train": len(dataset.train), "validation": len(dataset.validation), "test": len(dataset.tests["test"])} == {
        "train": 70, "validation": 10, "test": 20,
    }  # fmt: skip
    assert dataset.audit.max_length is None
    assert [path.name for path in (tmp_path / "outputs").iterdir()] == ["datasets"]


def test_a_plain_script_needs_neither_torch_nor_transformers(corpus: CorpusSettings, tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from stancelab.data.prepare import prepare\n"
        "from stancelab.data.settings import CorpusSettings, SplitSettings\n"
        'dataset = prepare(CorpusSettings(path="mine.csv"), split=SplitSettings(kind="random"))\n'
        "print(dataset.folder, len(dataset.train), *({'torch', 'transformers', 'hydra'} & set(sys.modules)))\n"
    )
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["outputs/datasets/table-mine-random-seed13", "70"]


def test_a_dataset_is_used_again_until_its_settings_change(corpus: CorpusSettings, tmp_path: Path) -> None:
    first = prepare(corpus, split=RANDOM, root=tmp_path)
    assert written(prepare([corpus], split=RANDOM, root=str(tmp_path))) == written(first)
    strict = prepare(corpus, split=RANDOM, audit=AuditSettings(near_duplicates=1), root=tmp_path)
    assert strict.folder == first.folder
    assert strict.audit.duplicates.similarity == 1
    before = written(strict)
    again = prepare(corpus, split=RANDOM, audit=AuditSettings(near_duplicates=1), root=tmp_path, reuse=False)
    assert written(again) > before


def test_paths_may_be_path_objects(corpus: CorpusSettings, tmp_path: Path) -> None:
    given: Any = tmp_path / "mine.csv"
    dataset = prepare(CorpusSettings(path=given), split=RANDOM, root=tmp_path)
    assert dataset.manifest.settings.data[0].path == str(given)
    assert written(prepare(corpus, split=RANDOM, root=tmp_path)) == written(dataset)


def test_tokens_are_counted_with_the_encoders_tokenizer(
    corpus: CorpusSettings, tiny_encoder: Path, tmp_path: Path
) -> None:
    model: Any = SimpleNamespace(
        name_or_path=str(tiny_encoder), sha256=None, head="sequence", input=InputSettings(max_length=24)
    )
    dataset = prepare(corpus, split=RANDOM, model=model, root=tmp_path)
    assert dataset.audit.max_length == 24
    assert (dataset.audit.splits["train"].truncated_rows or 0) > 0
    assert dataset.manifest.counted_for == CountedFor(encoder=str(tiny_encoder), head=model.head, input=model.input)
    assert written(prepare(corpus, split=RANDOM, model=model, root=tmp_path)) == written(dataset)
    model.input = InputSettings(max_length=48)
    assert prepare(corpus, split=RANDOM, model=model, root=tmp_path).audit.max_length == 48


def test_impossible_settings_and_encoders_stop_before_any_work(corpus: CorpusSettings, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"split\.seed: found -1, allowed >= 0\n  audit\.leakage: found 'drop'"):
        prepare(corpus, split=SplitSettings(seed=-1), audit=AuditSettings(leakage="drop"), root=tmp_path / "out")
    with pytest.raises(ConfigError, match="no corpus is given"):
        prepare([], root=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    model: Any = SimpleNamespace(name_or_path="package:nowhere", sha256=None, head="pair", input=InputSettings())
    with pytest.raises(CheckpointError, match="nowhere"):
        prepare(corpus, split=RANDOM, model=model, root=tmp_path / "out")


@pytest.mark.parametrize(
    ("corpora", "split", "name"),
    [
        ([CorpusSettings(name="mine")], {}, "mine"),
        ([CorpusSettings(path="a b/my table.v2.csv")], {}, "table-my-table"),
        ([CorpusSettings(name="mine", path="other.csv")], {"kind": "grouped", "seed": 3}, "mine-grouped-seed3"),
        ([CorpusSettings(name="a"), CorpusSettings(name="b")], {}, "a-b"),
        ([CorpusSettings(name="a")], {"kind": "kfold", "fold": 2}, "a-kfold-seed13-fold2of5"),
        (
            [CorpusSettings(name="a")],
            {"kind": "leave_target_out", "target": "climate change!"},
            "a-leave_target_out-seed13-climate-change",
        ),
        ([CorpusSettings(name="a")], {"shots": 8, "sample_seed": 2}, "a-8shots-seed2"),
        ([CorpusSettings(name="a")], {"train_rows": 100}, "a-100rows-seed13"),
        ([CorpusSettings(name="a")], {"train_share": 0.125}, "a-12.5percent-seed13"),
        ([CorpusSettings(name="a")], {"train_share": 1.0}, "a"),
    ],
)
def test_datasets_of_different_splits_have_different_folders(
    corpora: list[CorpusSettings], split: dict[str, Any], name: str, tmp_path: Path
) -> None:
    assert dataset_folder(corpora, SplitSettings(**split), tmp_path) == tmp_path / "datasets" / name


def test_a_name_of_ones_own_tells_datasets_of_the_same_corpora_apart(tmp_path: Path) -> None:
    corpora = [CorpusSettings(name="a"), CorpusSettings(name="b")]
    assert dataset_folder(corpora, SplitSettings(), tmp_path) == tmp_path / "datasets" / "a-b"
    assert dataset_folder(corpora, SplitSettings(), tmp_path, "both") == tmp_path / "datasets" / "both"
