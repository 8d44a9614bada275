"""A dataset is prepared from Python by its settings alone, once for all who ask for it."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.data.manifest import CountedFor
from stancelab.data.prepare import prepare
from stancelab.data.quality.audit import audit
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.encoders import ModelSettings
from stancelab.encoding import InputSettings
from stancelab.errors import CheckpointError, ConfigError, DataError
from stancelab.layout import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable

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
    assert dataset.folder.parent == tmp_path / "outputs" / "datasets"
    assert dataset.folder.name == f"table-mine-random-seed13-{dataset.manifest.key[:8]}"
    assert {"train": len(dataset.train), "validation": len(dataset.validation), "test": len(dataset.tests["test"])} == {
        "train": 70, "validation": 10, "test": 20,
    }  # fmt: skip
    assert dataset.audit.max_length is None
    assert [path.name for path in (tmp_path / "outputs").iterdir()] == ["datasets"]


def test_a_plain_script_needs_neither_torch_nor_transformers(corpus: CorpusSettings, tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from stancelab.data.prepare import prepare\n"
        "from stancelab.data.settings import CorpusSettings\nfrom stancelab.data.split_settings import SplitSettings\n"
        'dataset = prepare(CorpusSettings(path="mine.csv"), split=SplitSettings(kind="random"))\n'
        "print(dataset.folder, len(dataset.train), *({'torch', 'transformers', 'hydra'} & set(sys.modules)))\n"
    )
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    folder, rows = done.stdout.split()
    assert folder.startswith("outputs/datasets/table-mine-random-seed13-")
    assert rows == "70"


def test_a_dataset_is_used_again_until_its_settings_change(corpus: CorpusSettings, tmp_path: Path) -> None:
    first = prepare(corpus, split=RANDOM, root=tmp_path)
    assert written(prepare([corpus], split=RANDOM, root=str(tmp_path))) == written(first)
    strict = prepare(corpus, split=RANDOM, audit=AuditSettings(near_duplicates=1), root=tmp_path)
    assert strict.folder != first.folder
    assert first.folder.is_dir()
    assert (strict.audit.duplicates.similarity, first.audit.duplicates.similarity) == (1, 0.7)
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
    model = ModelSettings(
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
    model = ModelSettings(name_or_path="package:nowhere", sha256=None, head="pair", input=InputSettings())
    with pytest.raises(CheckpointError, match="nowhere"):
        prepare(corpus, split=RANDOM, model=model, root=tmp_path / "out")


def test_files_of_one_name_have_folders_of_their_own(
    rows: Rows, write_csv: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "2023").mkdir()
    (tmp_path / "2024").mkdir()
    old, new = (CorpusSettings(path=str(write_csv(part, f"{year}/data.csv"))) for year, part in
                (("2023", rows[:60]), ("2024", rows[40:])))  # fmt: skip
    first = prepare(old, split=RANDOM, root=tmp_path)
    second = prepare(new, split=RANDOM, root=tmp_path)
    half = prepare(old, split=SplitSettings(kind="random", test=0.5), root=tmp_path)
    assert len({first.folder, second.folder, half.folder}) == 3
    # What is read late, as after a training, is what was there when the dataset was opened.
    assert {row.text for row in first.tests["test"]} <= {row["text"] for row in rows[:60]}
    assert not {row.text for row in first.train} & {row.text for row in first.tests["test"]}


def test_a_file_that_was_moved_is_the_same_data_and_one_that_was_changed_is_not(
    corpus: CorpusSettings, tmp_path: Path
) -> None:
    first = prepare(corpus, split=RANDOM, root=tmp_path)
    (tmp_path / "elsewhere").mkdir()
    there = tmp_path / "elsewhere" / "mine.csv"
    there.write_bytes(Path(str(corpus.path)).read_bytes())
    assert written(prepare(CorpusSettings(path=str(there)), split=RANDOM, root=tmp_path)) == written(first)
    lines = there.read_text(encoding="utf-8").splitlines(keepends=True)
    there.write_text("".join(lines[:-1]), encoding="utf-8")
    assert prepare(CorpusSettings(path=str(there)), split=RANDOM, root=tmp_path).folder != first.folder
    renamed = tmp_path / "renamed.csv"
    renamed.write_bytes(Path(str(corpus.path)).read_bytes())
    again = prepare(CorpusSettings(path=str(renamed)), split=RANDOM, root=tmp_path)
    assert [row.id for row in again.tests["test"]] == [row.id for row in first.tests["test"]]
    assert again.fingerprint == first.fingerprint


def test_rows_that_were_changed_after_the_dataset_was_opened_are_not_read(
    corpus: CorpusSettings, tmp_path: Path
) -> None:
    dataset = prepare(corpus, split=RANDOM, root=tmp_path)
    other = prepare(corpus, split=SplitSettings(kind="random", test=0.5), root=tmp_path)
    for name in ("test.parquet", "audit.json"):
        (dataset.folder / name).write_bytes((other.folder / name).read_bytes())
    with pytest.raises(DataError, match=r"test\.parquet: was changed after the dataset was opened"):
        _ = dataset.tests
    with pytest.raises(DataError, match=r"audit\.json: was changed after the dataset was opened"):
        _ = dataset.audit
    (dataset.folder / "train.parquet").unlink()
    with pytest.raises(DataError, match=r"train\.parquet: is gone after the dataset was opened"):
        _ = dataset.train


def test_a_file_that_changes_while_it_is_read_is_refused(
    corpus: CorpusSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(str(corpus.path))

    def changing(*args: Any) -> Any:
        path.write_text(path.read_text(encoding="utf-8") + "x,y,z,favor,d\n", encoding="utf-8")
        return audit(*args)

    monkeypatch.setattr("stancelab.data.build.audit", changing)
    with pytest.raises(DataError, match=r"mine\.csv: was changed while it was read; nothing is written"):
        prepare(corpus, split=RANDOM, root=tmp_path)
    assert not list((tmp_path / "datasets").glob("*"))


@pytest.mark.parametrize("name", ["../x", "a/b", "..", "", ".hidden", "a\\b", "a:b", "x" * 300 + "/.."])
def test_a_name_that_leads_elsewhere_is_refused(corpus: CorpusSettings, tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"name: found .*, allowed are letters and digits of any script"):
        prepare(corpus, split=RANDOM, root=tmp_path / "outputs", name=name)
    assert not (tmp_path / "outputs").exists()


@pytest.mark.parametrize("name", ["Übung", "корпус", "语料", "कोष_१", "u\u0308bung"])
def test_names_in_any_script(rows: Rows, write_csv: Callable[..., Path], tmp_path: Path, name: str) -> None:
    path = write_csv(rows, f"{name}.csv")
    dataset = prepare(CorpusSettings(name=name, path=str(path)), split=RANDOM, root=tmp_path)
    assert dataset.folder.name.startswith(unicodedata.normalize("NFC", name))
    assert set(dataset.tests) == {"test"}
    both = [CorpusSettings(name=name, path=str(path)), CorpusSettings(name="b", path=str(path))]
    together = prepare(both, split=RANDOM, audit=AuditSettings(leakage="keep"), root=tmp_path)
    assert set(together.tests) == {f"test_{name}", "test_b"}


def test_other_settings_of_one_name_and_corrections_elsewhere_are_told(
    corpus: CorpusSettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    dataset = prepare(corpus, split=RANDOM, root=tmp_path)
    row = dataset.train[0]
    stance = "favor" if row.stance != "favor" else "against"
    fixed = tmp_path / "fixed.csv"
    fixed.write_text(f"id,correction\n{row.id},{stance}\n", encoding="utf-8")
    assert "corrected labels" not in caplog.text
    corrected = prepare(replace(corpus, corrections=[fixed]), split=RANDOM, root=tmp_path)
    assert corrected.folder != dataset.folder
    assert "1 of 1 correction changed a label: train 1" in caplog.text
    assert f"not the dataset {dataset.folder}, which stays as it is: data.corrections=" in caplog.text
    again = prepare(corpus, split=RANDOM, root=tmp_path)
    assert again.train[0].stance == row.stance
    assert f"{corrected.folder} holds the same data with 1 corrected label;" in caplog.text
    assert f"data.corrections={fixed} takes the corrected ones" in caplog.text


def test_a_hub_dataset_is_current_until_its_revision_changes(
    rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    revision: list[str | None] = ["a"]
    reads = []

    def load(*_: object, **__: object) -> dict[str, Rows]:
        reads.append(1)
        return {"train": rows}

    monkeypatch.setattr("stancelab.data.sources.revision_of", lambda _: revision[0])
    monkeypatch.setattr("datasets.load_dataset", load)
    corpus = CorpusSettings(name="hubbed", hub="owner/table")
    first = prepare(corpus, split=RANDOM, root=tmp_path)
    assert [each.revision for each in first.manifest.inputs] == ["a"]
    assert prepare(corpus, split=RANDOM, root=tmp_path).folder == first.folder
    assert len(reads) == 1
    revision[0] = "b"
    second = prepare(corpus, split=RANDOM, root=tmp_path)
    assert second.folder != first.folder
    revision[0] = None  # no network
    assert prepare(corpus, split=RANDOM, root=tmp_path).folder in (first.folder, second.folder)
    assert "hub:owner/table: the hub does not answer" in caplog.text
    assert len(reads) == 2
