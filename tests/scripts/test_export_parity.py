"""The parity of exported networks is told for each family and head, from checkpoints with random weights."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.checkpoint import ApproximateScores, ExportInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stancelab.data.prepared import PreparedDataset

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
FAMILIES = ("BERT", "MPNet", "RoBERTa", "DeBERTa-v2", "DeBERTa-v3")


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    before = {*sys.modules}
    yield importlib.import_module("export_parity")
    for name in {*sys.modules} - before:
        if name.startswith(("bench_", "export_parity")):
            del sys.modules[name]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_tokenizer_knows_the_words_of_its_texts(module: Any, name: str) -> None:
    assert tuple(module.FAMILIES) == FAMILIES
    text = "Norway welcomed the treaty."
    tokenizer = module.tokenizer_of(module.FAMILIES[name], [text] * 20)
    found = tokenizer(text, return_offsets_mapping=True)
    assert tokenizer.unk_token_id not in found["input_ids"]
    words = {text[start:end].strip() for start, end in found["offset_mapping"]}
    assert {"Norway", "welcomed", "the"} <= words


@pytest.mark.parametrize(("name", "head"), [("BERT", "pair"), ("DeBERTa-v2", "sequence")])
def test_an_export_is_compared_on_the_validation_rows(
    module: Any, export_dataset: PreparedDataset, tmp_path: Path, name: str, head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    monkeypatch.setattr(module, "SIZES", module.SIZES | small)
    family = module.FAMILIES[name]
    tokenizer = module.tokenizer_of(family, [row.text for row in export_dataset.train])
    module.random_checkpoint(family, head, tokenizer, 0, tmp_path / "checkpoint")
    found = module.parity_of(tmp_path / "checkpoint", export_dataset)
    assert not found.refused
    assert found.export.rows == len(export_dataset.validation)
    assert 0 < found.export.difference < 1e-5
    assert found.spread > 0.01, "the rows have different answers"
    assert found.export.int8.difference > found.export.difference


def test_a_refused_export_says_why(module: Any, export_dataset: PreparedDataset, tmp_path: Path) -> None:
    found = module.parity_of(tmp_path / "nowhere", export_dataset)
    assert found.export is None and "nowhere" in found.refused
    assert module.line_of("BERT", "pair", found)[:6] == ["BERT", "pair", "-", "-", "-", "-"]
    assert module.line_of("BERT", "pair", found)[6].startswith("refused: ")


@pytest.mark.parametrize(("forced", "allowed"), [(False, "yes"), (True, "no")])
def test_a_line_has_the_figures_of_the_export(module: Any, forced: bool, allowed: str) -> None:
    int8 = ApproximateScores(
        flips=7, difference=0.256, macro_f1=0.5, macro_f1_fp32=0.5, ece=0.1, ece_fp32=0.1, forced=forced
    )
    export = ExportInfo(rows=1319, compared_on="rows", difference=0.0000024, int8=int8)
    assert module.line_of("MPNet", "sequence", module.Parity(export, 0.75)) == [
        "MPNet", "sequence", "2.4e-06", "0.75", "0.26", "7 of 1,319", allowed,
    ]  # fmt: skip


def test_wrong_arguments_are_one_line_and_exit_code_2(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPTS / "export_parity.py"), "nowhere", "--families", "Llama"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1 and "invalid choice: 'Llama'" in done.stderr
