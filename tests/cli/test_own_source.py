"""An experiment in the user's own folder needs no `# @package _global_`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from stancelab.cli import main
from stancelab.cli.own_configs import OwnConfigs
from stancelab.cli.with_hydra import compose
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = "defaults:\n  - override /model: mpnet\n\nname: first\n\ntraining:\n  epochs: 2\n"


@pytest.mark.parametrize("head", ["", "# @package _global_\n"])
@pytest.mark.parametrize("place", ["plain", "it's (1) größe"])
def test_an_experiment_with_and_without_its_head(tmp_path: Path, head: str, place: str) -> None:
    folder = tmp_path / place
    (folder / "experiment").mkdir(parents=True)
    (folder / "experiment" / "first.yaml").write_text(head + CONTENT)
    config = compose("train", ["experiment=first", "--config-dir", "x"], OwnConfigs(folder, "--config-dir"))
    assert (config.name, config.training.epochs, config.model.name) == ("first", 2, "mpnet")
    assert config.training.learning_rate == 4e-5


def test_other_groups_keep_their_package(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.yaml").write_text("name: mine\npath: mine.csv\n")
    config = compose("train", ["data=mine"], OwnConfigs(tmp_path, "--config-dir"))
    assert (config.data.name, config.data.path) == ("mine", "mine.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name: [a\n", "cannot be read (while parsing a flow sequence"),
        (b"name: a\n  epochs: 3\n", "cannot be read (mapping values are not allowed here"),
        (b"name: a\nname: b\n", "cannot be read (while constructing a mapping"),
        (b"name: gr\xf6\xdfe\n", "cannot be read ('utf-8' codec can't decode"),
        (b"- a\n- b\n", "found a list"),
        (b"3\n", "expected YAML of keys and values"),
    ],
)
def test_a_file_that_is_no_config_is_named(
    workplace: Path, capsys: pytest.CaptureFixture[str], content: bytes, message: str
) -> None:
    (workplace / "mine" / "experiment").mkdir(parents=True)
    file = workplace / "mine" / "experiment" / "first.yaml"
    file.write_bytes(content)
    words = ["--config-dir", "mine", "experiment=first"]
    for more in ([], ["--help"]):
        assert main(["prepare", *words, *more]) == 2
        shown = capsys.readouterr().err
        assert shown.startswith(f"stancelab: {file}: ")
        assert message in shown
        assert "expected YAML of keys and values, as in configs/" in shown
    assert not (workplace / "outputs").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("defaults: joint\n", "found joint in its defaults; expected a list"),
        ("defaults: [{a: b, c: d}]\n", "found {'a': 'b', 'c': 'd'} in its defaults; expected a list"),
        ("defaults: [[joint]]\n", "found ['joint'] in its defaults; expected a list"),
        ("defaults: [{override /model: 3}]\n", "found {'override /model': 3} in its defaults; expected a list"),
        ("# @package\nname: a\n", "Expected header format: KEY VALUE, got '@package'"),
    ],
)
def test_a_head_that_cannot_be_used_is_named(workplace: Path, content: str, message: str) -> None:
    (workplace / "experiment").mkdir()
    (workplace / "experiment" / "first.yaml").write_text(content)
    with pytest.raises(ConfigError, match=re.escape(f"{workplace / 'experiment' / 'first.yaml'}: {message}")):
        compose("train", ["experiment=first"], OwnConfigs(workplace, "--config-dir"))
