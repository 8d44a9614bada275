"""Which folder of the user's own configs is used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from stancelab.cli import main
from stancelab.cli.own_configs import (
    FILE,
    VARIABLE,
    OwnConfigs,
    find_own_configs,
    hidden_configs,
    options_of,
    without_config_dir,
)
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """The working directory with a stancelab.yaml, another folder with one beside a table, and folders of configs."""
    monkeypatch.delenv(VARIABLE, raising=False)
    here, data = tmp_path / "here", tmp_path / "data"
    found = {"here": here, "data": data}
    for name in ("by_option", "by_variable", "here/by_file", "data/by_file"):
        found[name] = tmp_path / name
        found[name].mkdir(parents=True)
    for folder in (here, data):
        (folder / FILE).write_text("config_dir: by_file\n")
    monkeypatch.chdir(here)
    return found


def test_option_then_variable_then_file(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    by_file = find_own_configs([f"data.path={folders['data'] / 'mine.csv'}"])
    assert by_file is not None
    assert (by_file.folder, by_file.named_by) == (folders["here/by_file"], FILE)
    (folders["here"] / FILE).unlink()
    beside = find_own_configs([f"data.path={folders['data'] / 'mine.csv'}"])
    assert beside is not None
    assert (beside.folder, beside.named_by) == (folders["data/by_file"], str(folders["data"] / FILE))
    monkeypatch.setenv(VARIABLE, str(folders["by_variable"]))
    by_variable = find_own_configs([])
    assert by_variable is not None
    assert (by_variable.folder, by_variable.named_by) == (folders["by_variable"], VARIABLE)
    folder = str(folders["by_option"])
    for words in (["--config-dir", folder], [f"--config-dir={folder}"], ["-cd", folder], [f"-cd={folder}"]):
        by_option = find_own_configs(words)
        assert by_option is not None
        assert (by_option.folder, by_option.named_by) == (folders["by_option"], "--config-dir")
    monkeypatch.delenv(VARIABLE)
    assert find_own_configs(["data.path=mine.csv"]) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("config_dir: nowhere", "nowhere is no folder; expected one with groups as folders"),
        ("config_dri: x", "expected one line, 'config_dir: FOLDER'"),
        ("config_dir: x\nmodel: y", "expected one line, 'config_dir: FOLDER'"),
        ("config_dir: 3", "3 is no folder; expected one with groups as folders"),
        ("config_dir: [x]", "expected one line, 'config_dir: FOLDER'"),
        ("", "found None; expected one line"),
        ("a: [", "is no YAML"),
    ],
)
def test_a_file_that_cannot_be_used(folders: dict[str, Path], content: str, message: str) -> None:
    (folders["here"] / FILE).write_text(content)
    with pytest.raises(ConfigError, match=re.escape(message)):
        find_own_configs([])


def test_a_variable_that_names_no_folder(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "nowhere")
    with pytest.raises(ConfigError, match=f"{VARIABLE}: nowhere is no folder"):
        find_own_configs([])


def test_options_are_the_projects_and_ones_own(folders: dict[str, Path]) -> None:
    (folders["here/by_file"] / "model").mkdir()
    (folders["here/by_file"] / "model" / "mine.yaml").write_text("name: mine\n")
    assert {"mine", "minilm"} <= set(options_of("model", find_own_configs([])))
    assert "mine" not in options_of("model", None)


def test_the_option_is_taken_out() -> None:
    words = ["a=1", "--config-dir", "x", "-m", "--config-dir=y", "-cd", "z", "-cd=z"]
    assert without_config_dir(words) == ["a=1", "-m"]


@pytest.mark.parametrize(
    "words", [["--config-dir"], ["seed=1", "-cd"], ["--config-dir", "-m"], ["--config-dir="], ["-cd="], ["-cd", ""]]
)
def test_the_option_without_a_folder_is_refused(folders: dict[str, Path], words: list[str]) -> None:
    with pytest.raises(ConfigError, match=r"^(--config-dir|-cd): no folder is given; write (--config-dir|-cd) FOLDER"):
        find_own_configs(words)


@pytest.mark.parametrize(
    "word", ["data.path={}", "data.path='{}'", 'data.path="{}"', "+data.path={}", "++data.path={}"]
)
def test_the_file_beside_the_table_is_found_however_the_path_is_written(folders: dict[str, Path], word: str) -> None:
    (folders["here"] / FILE).unlink()
    found = find_own_configs([word.format(folders["data"] / "mine.csv")])
    assert found is not None
    assert found.folder == folders["data/by_file"]


def test_configs_with_the_name_of_one_of_the_projects_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("data/table.yaml", "data/mine.yaml", "experiment/first.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("name: x\n")
    assert hidden_configs(OwnConfigs(tmp_path, "--config-dir")) == [tmp_path / "data" / "table.yaml"]
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert main(["prepare", "--help"]) == 0
    told = (
        f"stancelab: {tmp_path / 'data' / 'table.yaml'}: is not read, the project has a config of this name; rename it"
    )
    assert capsys.readouterr().err.splitlines() == [told]
