"""What a checkpoint's stancelab.json says, as types and as JSON."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from transformers import AutoTokenizer

from stancelab import StanceClassifier
from stancelab.checkpoint import (
    ApproximateScores,
    CheckpointInfo,
    CorpusScores,
    DevScores,
    EncoderInfo,
    ExportInfo,
    TrainingData,
    checkpoint_folder,
    files_fingerprint,
    load_info,
    names_kept,
    save_checkpoint,
    unfinished_run,
)
from stancelab.checkpoint.names import MOST_ALIASES, unknown_aliases
from stancelab.encoding import InputSettings
from stancelab.errors import CheckpointError
from stancelab.files import write_manifest
from stancelab.heads.pair import PairClassifier

DEV = DevScores(
    metric="f_avg",
    score=0.7,
    nll_before=0.9,
    nll_after=0.8,
    corpora={"toy": CorpusScores(rows=3, macro_f1=0.6, f_avg=0.7, accuracy=0.5)},
)
INFO = CheckpointInfo(
    name="tiny",
    head="pair",
    input=InputSettings(hide=["source"], max_length=64),
    temperature=1.5,
    thresholds={"accuracy_90": None},
    encoder=EncoderInfo(name="package:x", sha256="0a"),
    dataset=TrainingData(name="toy", fingerprint="f", train_rows=2, validation_rows=3),
    seed=4,
    dev=DEV,
    training={"epochs": 3},
)


def test_the_layout_of_the_file_is_that_of_format_2() -> None:
    content = INFO.as_json()
    assert (content["format"], content["head"]) == (2, "pair")
    assert content["encoder"] == {"name": "package:x", "sha256": "0a", "on_hub": False}
    assert content["dataset"] == {"name": "toy", "fingerprint": "f", "train_rows": 2, "validation_rows": 3}
    assert content["dev"] == {
        "metric": "f_avg",
        "f_avg": 0.7,
        "nll_before": 0.9,
        "nll_after": 0.8,
        "corpora": {"toy": {"rows": 3, "macro_f1": 0.6, "f_avg": 0.7, "accuracy": 0.5}},
    }


def test_what_is_written_is_read_back() -> None:
    assert CheckpointInfo.from_json(INFO.as_json()) == INFO
    assert CheckpointInfo.from_json(CheckpointInfo().as_json()) == CheckpointInfo()


def test_only_settings_of_the_input_that_the_head_reads_are_written() -> None:
    assert INFO.as_json()["input"] == {"hide": ["source"], "max_length": 64, "keep": "mentions"}
    of_sequence = CheckpointInfo(head="sequence", input=InputSettings(window=5))
    assert of_sequence.as_json()["input"] == dataclasses.asdict(InputSettings(window=5))


def test_settings_of_the_input_that_older_versions_lacked_are_as_they_worked_then() -> None:
    content = INFO.as_json()
    del content["input"]["keep"]
    assert CheckpointInfo.from_json(content).input.keep == "start"
    of_sequence = CheckpointInfo(head="sequence").as_json()
    del of_sequence["input"]["keep"], of_sequence["input"]["name_absent"]
    read = CheckpointInfo.from_json(of_sequence).input
    assert (read.keep, read.name_absent) == ("start", False)


def test_files_with_all_settings_of_the_input_are_read() -> None:
    whole = dataclasses.asdict(INFO.input)
    assert {"mark", "window", "pair", "template"} <= set(whole)
    assert CheckpointInfo.from_json({**INFO.as_json(), "input": whole}) == INFO


def test_format_1_has_no_head_but_the_encoders_own() -> None:
    content = {**INFO.as_json(), "format": 1}
    del content["head"]
    assert CheckpointInfo.from_json(content).head == "sequence"


def test_parts_that_a_file_leaves_empty_are_empty() -> None:
    content = {**INFO.as_json(), "encoder": {}, "dataset": {}, "dev": {}}
    found = CheckpointInfo.from_json(content)
    assert (found.encoder, found.dataset, found.dev) == (EncoderInfo(), TrainingData(), None)


@pytest.mark.parametrize("change", [{"input": {"windo": 3}}, {"dev": {"metric": "f_avg"}}, {"surprise": 1}])
def test_what_does_not_fit_is_refused(change: dict) -> None:
    with pytest.raises((TypeError, KeyError)):
        CheckpointInfo.from_json({**INFO.as_json(), **change})


def test_names_of_the_training_are_kept() -> None:
    columns = {"text": ["text"], "source": ["source", "Who"], "aliases": ["aliases"], "stance": ["Label"]}
    kept = names_kept({"eu": ("Brussels",)}, columns)
    assert kept == {
        "aliases": {"eu": ["Brussels"]},
        "columns": {"source": ["source", "Who"], "aliases": ["aliases"]},
    }
    info = CheckpointInfo(**kept)
    assert CheckpointInfo.from_json(info.as_json()) == info
    assert not {"columns", "aliases_left_out"} & CheckpointInfo().as_json().keys(), "earlier versions know neither"


def test_more_names_than_a_checkpoint_keeps_are_told(caplog: pytest.LogCaptureFixture) -> None:
    aliases = {str(number): ["a", "b"] for number in range(MOST_ALIASES // 2)}
    assert len(names_kept(aliases, {})["aliases"]) == MOST_ALIASES // 2
    assert not caplog.messages
    kept = names_kept({**aliases, "EU": ["Brussels"]}, {})
    assert kept == {"aliases": {}, "aliases_left_out": MOST_ALIASES + 1, "columns": {}}
    assert "aliases: 100,001 other names are more than a checkpoint keeps; predict.aliases=FILE" in caplog.text
    line = unknown_aliases({}, MOST_ALIASES + 1, "predict.aliases=FILE")
    assert line is not None
    assert "trained with 100,001 other names of targets and sources, more than it keeps" in line


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"aliases": ["Biden"]}, r"aliases: found \['Biden'\], allowed are lists of names by name"),
        ({"aliases": {"joe biden": "Biden"}}, "aliases: found 'Biden' for 'joe biden', allowed is a list of names"),
        ({"aliases": {"x": ["y"] * (MOST_ALIASES + 1)}}, "aliases: found 100,001 names, allowed are 100,000 at most"),
        ({"columns": {"text": [3]}}, r"columns: found \[3\] for 'text', allowed is a list of names"),
        ({"aliases_left_out": "many"}, "aliases_left_out: found 'many', allowed is a whole number"),
    ],
)
def test_names_that_cannot_be_those_of_a_training(
    checkpoint: Path, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    folder = shutil.copytree(checkpoint, tmp_path / "copy")
    content = json.loads((folder / "stancelab.json").read_text())
    (folder / "stancelab.json").write_text(json.dumps({**content, **change}))
    with pytest.raises(CheckpointError, match=message):
        load_info(folder)


@pytest.fixture
def with_pair_head(tiny_encoder: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "with_pair_head"
    folder.mkdir()
    torch.manual_seed(0)
    network, tokenizer = PairClassifier.from_encoder(tiny_encoder), AutoTokenizer.from_pretrained(tiny_encoder)
    save_checkpoint(folder, network, tokenizer, CheckpointInfo(head="pair", input=InputSettings(max_length=32)), "card")
    return folder


def test_a_checkpoint_without_its_pair_head_is_incomplete(with_pair_head: Path) -> None:
    assert load_info(with_pair_head).head == "pair"
    (with_pair_head / "head.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"not a complete checkpoint, head.safetensors missing"):
        load_info(with_pair_head)


def test_a_pair_head_that_was_changed_or_is_of_another_encoder_is_refused(with_pair_head: Path) -> None:
    save_file({"source_given": torch.zeros(4, 8)}, with_pair_head / "head.safetensors")
    with pytest.raises(CheckpointError, match=r"head.safetensors: SHA-256 is .* the file was changed or damaged"):
        StanceClassifier.from_pretrained(with_pair_head)
    (with_pair_head / "manifest.json").unlink()
    write_manifest(with_pair_head, {"kind": "checkpoint"})
    with pytest.raises(CheckpointError, match=r"does not load as a transformers model, a file is damaged"):
        StanceClassifier.from_pretrained(with_pair_head)


def test_the_fingerprint_is_that_of_the_files(checkpoint: Path, with_pair_head: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(checkpoint, tmp_path / "copy"))
    assert files_fingerprint(copy) == files_fingerprint(checkpoint) != files_fingerprint(with_pair_head)
    content = json.loads((copy / "manifest.json").read_text())
    del content["files"]["model.safetensors"]
    (copy / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(CheckpointError, match=r"manifest.json does not state the SHA-256 of model.safetensors"):
        files_fingerprint(copy)


def test_a_path_is_a_folder_and_only_a_name_is_looked_for_on_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "some" / "folder").mkdir(parents=True)
    assert checkpoint_folder("some/folder") == Path("some/folder")
    assert checkpoint_folder("./nowhere") == Path("nowhere")
    assert checkpoint_folder(Path("someone/model")) == Path("someone/model")
    with pytest.raises(CheckpointError, match=r"someone/model: neither a folder in .* nor a checkpoint that the hub"):
        checkpoint_folder("someone/model")


def test_a_run_that_is_not_finished_has_no_checkpoint(tmp_path: Path) -> None:
    run = tmp_path / "net" / "now"
    run.mkdir(parents=True)
    (run / "run.log").write_text("")
    assert unfinished_run(tmp_path) == unfinished_run(run) == run
    with pytest.raises(CheckpointError, match=rf"{run}: holds no checkpoint, since the run {run} is not "):
        load_info(run)
    (run / "manifest.json").write_text("{}")
    assert unfinished_run(tmp_path) is None


INT8 = ApproximateScores(flips=3, difference=0.21, macro_f1=0.7, macro_f1_fp32=0.71, ece=0.03, ece_fp32=0.02)
BF16 = {"torch-bf16": dataclasses.replace(INT8, flips=1)}
EXPORT = ExportInfo(
    rows=12, compared_on="x", difference=2e-6, int8=INT8, static_int8=INT8, calibrated_on="y", bf16=BF16
)
EXPORTED = dataclasses.replace(INFO, onnx=EXPORT)


def test_what_an_export_measured_is_read_back() -> None:
    assert CheckpointInfo.from_json(json.loads(json.dumps(EXPORTED.as_json()))) == EXPORTED
    assert "onnx" not in INFO.as_json()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rows": 0}, "onnx.rows: found 0, allowed are whole numbers from 1"),
        ({"rows": 2**60}, "onnx.rows: found"),
        ({"difference": -1}, "onnx.difference: found -1, allowed is 0 to 1"),
        ({"difference": float("nan")}, "onnx.difference: found nan, allowed is 0 to 1"),
        ({"difference": "small"}, "onnx.difference: found 'small', allowed is 0 to 1"),
        ({"compared_on": 3}, "onnx.compared_on: found 3, allowed is text"),
        ({"int8": {**dataclasses.asdict(INT8), "flips": 13}}, "onnx.int8.flips: found 13, allowed is 0 to 12"),
        ({"int8": {**dataclasses.asdict(INT8), "ece": True}}, "onnx.int8.ece: found True, allowed is 0 to 1"),
        (
            {"int8": {**dataclasses.asdict(INT8), "forced": "yes"}},
            "onnx.int8.forced: found 'yes', allowed are true and",
        ),
        (
            {"int8": {**dataclasses.asdict(INT8), "fp32_layers": -1}},
            "onnx.int8.fp32_layers: found -1, allowed are whole numbers from 0",
        ),
        ({"calibrated_on": 3}, "onnx.calibrated_on: found 3, allowed is text"),
        (
            {"static_int8": {**dataclasses.asdict(INT8), "flips": 13}},
            "onnx.static_int8.flips: found 13, allowed is 0 to 12",
        ),
        ({"static_int8": {"flips": 1}}, "missing 5 required keyword-only arguments"),
        ({"int8": {"flips": 1}}, "missing 5 required keyword-only arguments"),
        ({"bf16": {"torch-bf16": {"flips": 1}}}, "missing 5 required keyword-only arguments"),
        (
            {"bf16": {"torch-bf16": {**dataclasses.asdict(INT8), "flips": -1}}},
            "onnx.bf16.torch-bf16.flips: found -1, allowed is 0 to 12",
        ),
        ({"bf16": {"torch-bf16": 3}}, "must be a mapping"),
        ({"bf16": []}, "onnx.bf16: found [], allowed is an object"),
        ({"more": 1}, "unexpected keyword argument 'more'"),
    ],
)
def test_what_an_export_may_not_say(checkpoint_copy: Path, change: dict, told: str) -> None:
    path = checkpoint_copy / "stancelab.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "onnx": {**EXPORTED.as_json()["onnx"], **change}}))
    with pytest.raises(CheckpointError, match=re.escape(told)):
        load_info(checkpoint_copy)


#: An integer that is no float.
HUGE = 10**401

WRONG = [
    (
        {"thresholds": {"accuracy_85": float("nan")}},
        "thresholds.accuracy_85: found nan, allowed are numbers from 0 to 1",
    ),
    ({"thresholds": {"accuracy_90": 5}}, "thresholds.accuracy_90: found 5, allowed are numbers from 0 to 1, or null"),
    ({"thresholds": "x"}, "thresholds: found 'x', allowed is an object"),
    ({"thresholds": {"accuracy_80": "x"}}, "thresholds[...]: found text, allowed is a number or null"),
    ({"thresholds": {"accuracy_80": True}}, "thresholds[...]: found true or false, allowed is a number or null"),
    ({"coverage": {"accuracy_80": None}}, "coverage[...]: found null, allowed is a number"),
    ({"coverage": {"accuracy_80": -0.5}}, "coverage.accuracy_80: found -0.5, allowed are numbers from 0 to 1"),
    ({"temperature": 1e300}, "temperature: found 1e+300, allowed are numbers from 0.005 to 200"),
    ({"temperature": 1e-300}, "temperature: found 1e-300, allowed are numbers from 0.005 to 200"),
    ({"temperature": float("inf")}, "temperature: found inf, allowed are numbers from 0.005 to 200"),
    ({"temperature": True}, "temperature: found True, allowed is a number"),
    ({"temperature": HUGE}, "temperature: found 1000"),
    ({"classes": ["favor"]}, "classes: found ['favor'], allowed are 2 or more of against, neutral, favor, in this"),
    ({"classes": ["favor", "against"]}, "classes: found ['favor', 'against'], allowed are 2 or more of"),
    ({"classes": ["against", "against", "favor"]}, "classes: found ['against', 'against', 'favor'], allowed are 2"),
    ({"classes": ["against", 3]}, "classes[1]: found 3, allowed is text"),
    ({"labels": ["against", "neutral", 3]}, "labels[2]: found 3, allowed is text"),
    ({"input": {"max_length": 128.5}}, "input.max_length: found 128.5, allowed is a whole number"),
    ({"input": {"mark": ["target", ["source"]]}}, "input.mark[1]: found ['source'], allowed is text"),
    ({"input": []}, "input: found [], allowed is an object"),
    ({"head": ["pair"]}, "head: found ['pair'], allowed is text"),
    ({"head": "pairs"}, "head: found 'pairs', allowed is pair or sequence"),
    ({"encoder": []}, "encoder: found [], allowed is an object"),
    ({"dataset": {"train_rows": "3"}}, "dataset.train_rows: found '3', allowed is a whole number"),
    ({"dev": ["f_avg"]}, "dev: found ['f_avg'], allowed is an object"),
    ({"dev": {"metric": "f_avg"}}, "dev: found {'metric': 'f_avg'}, object missing required field `score`"),
    ({"onnx": "x"}, "onnx: found 'x', allowed is an object"),
    ({"onnx": {"rows": 1, "compared_on": "x", "difference": HUGE}}, "onnx.difference: found 1000"),
    ({"starts": {"name": "a"}}, "starts: found {'name': 'a'}, allowed is a list"),
    ({"starts": [{"sha256": "0a"}]}, "starts[0]: found [{'sha256': '0a'}], object missing required field `name`"),
    ({"starts": [{"name": "a", "head_sha256": 3}]}, "starts[0].head_sha256: found 3, allowed is text or null"),
    ({"starts": [{"name": "a", "head_taken": "yes"}]}, "starts[0].head_taken: found 'yes', allowed is true or false"),
    ({"starts": [{"name": "a"}, {"name": "a", "train_rows": -1}]}, "starts[1].train_rows: found -1, allowed are whole"),
    ({"starts": [{"name": "a", "of": "b"}]}, "StartInfo.__init__() got an unexpected keyword argument 'of'"),
    ({"starts": [{"name": "a"}] * 101}, "starts: found 101 checkpoints, allowed are 100 at most"),
    ({"aliases": {"nairobi": "Kenya"}}, "aliases: found 'Kenya' for 'nairobi', allowed is a list of names such as"),
    ({"aliases_left_out": -1}, "aliases_left_out: found -1, allowed are whole numbers from 0"),
    ({"missing_words": "n/a"}, "missing_words: found 'n/a', allowed is a list"),
    ({"repair": "all"}, "repair: found 'all', allowed is none or ftfy"),
    ({"training": {"a": ["\ud800"]}}, "holds half of a character (a lone surrogate); take the folder"),
    ({"seed": "\ud800"}, "holds half of a character"),
    ({"\ud800": 1}, "holds half of a character"),
    ({"format": [2]}, "format is [2], this version of stancelab reads 1 and 2"),
]


@pytest.mark.parametrize(("change", "told"), WRONG, ids=[str(number) for number in range(len(WRONG))])
def test_what_a_file_may_not_say(checkpoint_copy: Path, change: dict, told: str) -> None:
    path = checkpoint_copy / "stancelab.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    for backend in ("torch", "onnx"):
        with pytest.raises(CheckpointError, match=re.escape(f"{path}: {told}")) as caught:
            StanceClassifier.from_pretrained(checkpoint_copy, backend=backend)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < len(str(path)) + 300


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"auto_map": {"AutoModel": "own.Model"}},
            "auto_map: found {'AutoModel': 'own.Model'}, which is never taken of",
        ),
        ({"quantization_config": {"quant_method": "fp8"}}, "quantization_config: found {'quant_method': 'fp8'}, which"),
        (
            {"transformers_weights": "../a.safetensors"},
            "transformers_weights: found '../a.safetensors', which is never",
        ),
        (
            {"_attn_implementation": "user/kernel"},
            "_attn_implementation: found 'user/kernel', allowed are eager, sdpa,",
        ),
        ({"attn_implementation": {"": "user/kernel"}}, "attn_implementation: found {'': 'user/kernel'}, allowed are"),
        ({"num_labels": 10**9}, "num_labels: found 1000000000, but id2label names 3"),
        ({"num_hidden_layers": 1025}, "num_hidden_layers: found 1025, allowed are 1,024 at most"),
        ({"text_config": {"depths": [2, 10**6]}}, "text_config.depths[1]: found 1000000, allowed are 1,024 at most"),
        ({"hidden_size": 2**31 + 1}, "hidden_size: found 2147483649, allowed are 2,147,483,648 at most"),
        ({"vocab_size": -(10**400)}, "vocab_size: found -1000"),
    ],
)
def test_what_config_json_may_not_say(checkpoint_copy: Path, change: dict, told: str) -> None:
    path = checkpoint_copy / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(CheckpointError, match=re.escape(f"{path}: {told}")) as caught:
        load_info(checkpoint_copy)
    assert len(str(caught.value)) < len(str(path)) + 300


def test_what_config_json_may_say(checkpoint_copy: Path) -> None:
    path = checkpoint_copy / "config.json"
    more = {
        "num_labels": 3,
        "attn_implementation": "sdpa",
        "auto_map": {},
        "num_hidden_layers": 1024,
        "pad_token_id": -1,
    }
    path.write_text(json.dumps({**json.loads(path.read_text()), **more}))
    load_info(checkpoint_copy)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"seed": ' + "1" * 5000 + "}", "{", "\ud800"])
def test_files_that_are_no_json(checkpoint_copy: Path, text: str) -> None:
    (checkpoint_copy / "stancelab.json").write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(CheckpointError, match=r"stancelab.json: not readable as JSON \(.*make the folder again"):
        load_info(checkpoint_copy)


def test_a_file_that_is_too_large_is_not_read(checkpoint_copy: Path) -> None:
    with (checkpoint_copy / "stancelab.json").open("r+b") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(CheckpointError, match=r"stancelab.json: found 68.2 MB, allowed are 67.1 MB at most"):
        load_info(checkpoint_copy)


def test_a_threshold_that_was_not_reached_is_null(checkpoint_copy: Path) -> None:
    assert load_info(checkpoint_copy).thresholds["accuracy_95"] is None


def test_a_file_without_its_input_is_refused(checkpoint_copy: Path) -> None:
    path = checkpoint_copy / "stancelab.json"
    content = json.loads(path.read_text())
    del content["input"]
    path.write_text(json.dumps(content))
    with pytest.raises(CheckpointError, match="input: is missing"):
        load_info(checkpoint_copy)


def test_a_tokenizer_with_ids_beyond_the_embedding_is_refused(checkpoint_copy: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(checkpoint_copy)
    tokens = len(tokenizer)
    tokenizer.add_tokens(["beyond"])
    tokenizer.save_pretrained(checkpoint_copy)
    (checkpoint_copy / "manifest.json").unlink()
    write_manifest(checkpoint_copy, {"kind": "checkpoint"})
    with pytest.raises(
        CheckpointError, match=rf"a token with the id {tokens}, allowed are 0 to {tokens - 1}, the rows"
    ):
        StanceClassifier.from_pretrained(checkpoint_copy, backend="torch")
