"""Commands whose settings Hydra composes: its words, its folders, and errors that pass it by."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.cli import main
from stancelab.cli.own_configs import OwnConfigs
from stancelab.cli.with_hydra import compose, hydra_settings, run_composed
from stancelab.errors import ConfigError, DataError, StancelabError
from stancelab.files import write_manifest
from stancelab.outputs.runs import find_runs

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def prepare_as(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., None]], None]:
    """A function that puts another in the place of what `stancelab prepare` does."""

    def put(execute: Callable[..., None]) -> None:
        monkeypatch.setattr("stancelab.cli.commands.prepare.execute", execute)

    return put


def test_plain_words_are_runs_where_a_command_takes_runs() -> None:
    words = ["a/1", "evaluation.bins=5", "b"]
    assert hydra_settings("compare", words, None) == ["runs=[a/1,b]", "evaluation.bins=5"]
    assert hydra_settings("train", ["a/1"], None) == ["a/1"]


def test_own_configs_are_searched_and_options_come_last() -> None:
    own = OwnConfigs(Path("/it's/mine"), "--config-dir")
    words = ["--config-dir", "mine", "seed=0,1", "-m", "training.epochs=1"]
    assert hydra_settings("train", words, own) == [
        "seed=0,1", "training.epochs=1", "hydra.searchpath=['own:///it\\'s/mine']", "-m",
    ]  # fmt: skip


@pytest.mark.parametrize("given", ["", "file://other", "'file://it\\'s',pkg://stancelab"])
@pytest.mark.parametrize("key", ["hydra.searchpath", "++hydra.searchpath"])
def test_own_configs_stand_beside_a_search_path_of_ones_own(key: str, given: str) -> None:
    own = OwnConfigs(Path("/mine"), "--config-dir")
    both = f"'own:///mine',{given}".rstrip(",")
    assert hydra_settings("train", [f"{key}=[{given}]", "seed=1"], own) == [f"{key}=[{both}]", "seed=1"]


def test_configs_of_both_places_are_composed(workplace: Path) -> None:
    for folder, group, content in (("mine", "split", "kind: random\nseed: 8\n"), ("other", "model", "name: big\n")):
        (workplace / folder / group).mkdir(parents=True)
        (workplace / folder / group / "x.yaml").write_text(content)
    words = [f"hydra.searchpath=[file://{workplace}/other]", "split=x", "model=x"]
    config = compose("train", words, OwnConfigs(workplace / "mine", "--config-dir"))
    assert (config.split.seed, config.model.name) == (8, "big")


def test_a_config_is_composed_without_a_run(workplace: Path) -> None:
    config = compose("train", ["data=table", "data.path=größe.csv", "seed=4"], None)
    assert (config.data.path, config.seed) == ("größe.csv", 4)
    assert list(workplace.iterdir()) == []


def test_a_command_gets_config_folder_and_line(prepare_as: Callable[[Callable[..., None]], None]) -> None:
    given: list[Any] = []
    prepare_as(lambda *words: given.extend(words))
    run_composed("prepare", ["split.seed=5", "name=mine"], "stancelab prepare split.seed=5", None)
    config, folder, line = given
    assert (config.split.seed, line) == (5, "stancelab prepare split.seed=5")
    assert not folder.is_absolute()
    assert folder.parent == Path("outputs/prepare/mine")
    assert (folder / ".hydra" / "overrides.yaml").read_text().splitlines() == ["- split.seed=5", "- name=mine"]


def test_a_command_that_is_interrupted_before_it_begins_leaves_no_folder(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> None:
        assert [path.name for path in (workplace / "outputs" / "prepare").iterdir()] == ["mine"]
        raise KeyboardInterrupt

    monkeypatch.setattr("stancelab.cli.with_hydra._task", interrupted)
    assert main(["prepare", "name=mine"]) == 130
    assert not (workplace / "outputs" / "prepare").exists()


def test_own_configs_are_logged_with_what_named_them(
    prepare_as: Callable[[Callable[..., None]], None], workplace: Path, caplog: pytest.LogCaptureFixture
) -> None:
    prepare_as(lambda *given: None)
    (workplace / "mine" / "split").mkdir(parents=True)
    (workplace / "mine" / "split" / "halves.yaml").write_text("kind: random\ntest: 0.5\n")
    own = OwnConfigs(workplace / "mine", "stancelab.yaml")
    with caplog.at_level(logging.INFO):
        run_composed("prepare", ["split=halves"], "stancelab prepare", own)
    [log] = workplace.rglob("run.log")
    assert f"own configs: {workplace / 'mine'}, named by stancelab.yaml" in log.read_text()


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (DataError("the table is odd"), DataError, "the table is odd"),
        (
            PermissionError(13, "Permission denied", "mine.csv"),
            StancelabError,
            "mine.csv: Permission denied; check the path, its permissions and the space left",
        ),
    ],
)
def test_an_error_keeps_its_words_and_leaves_no_folder(
    prepare_as: Callable[[Callable[..., None]], None],
    workplace: Path,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    kind: type[Exception],
    message: str,
) -> None:
    def fail(*given: object) -> None:
        raise error

    prepare_as(fail)
    with pytest.raises(kind) as found:
        run_composed("prepare", [], "stancelab prepare", None)
    assert str(found.value) == message
    assert list(workplace.iterdir()) == []
    # Hydra would tell of an error in words of its own.
    assert "hydra" not in capsys.readouterr().err.lower()


def test_what_a_failed_run_made_is_kept(prepare_as: Callable[[Callable[..., None]], None], workplace: Path) -> None:
    def fail(config: object, folder: Path, line: str) -> None:
        (folder / "half.txt").write_text("made")
        raise DataError("and then it failed")

    prepare_as(fail)
    with pytest.raises(DataError, match="and then it failed"):
        run_composed("prepare", [], "stancelab prepare", None)
    assert [path.read_text() for path in workplace.rglob("half.txt")] == ["made"]


def test_an_error_that_nobody_can_mend_is_shown_whole(prepare_as: Callable[[Callable[..., None]], None]) -> None:
    def fail(*given: object) -> None:
        raise ZeroDivisionError("a bug")

    prepare_as(fail)
    with pytest.raises(ZeroDivisionError, match="a bug"):
        run_composed("prepare", [], "stancelab prepare", None)


def test_settings_that_cannot_be_composed_make_no_folder(workplace: Path) -> None:
    with pytest.raises(StancelabError, match=r"unknown setting 'splt\.seed'"):
        run_composed("prepare", ["splt.seed=1"], "stancelab prepare", None)
    with pytest.raises(ConfigError, match=r"split\.seed: found -1"):
        run_composed("prepare", ["split.seed=-1"], "stancelab prepare", None)
    assert list(workplace.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["name=a/../../b"], ["name=/tmp/b"], ["data.name=../../b"], ["name=../b", "seed=0,1", "-m"]]
)
def test_a_name_does_not_lead_out_of_the_outputs(workplace: Path, words: list[str]) -> None:
    with pytest.raises(StancelabError, match=r"^name: found '.*b.*', allowed is a name, or several joined by '/'"):
        run_composed("train", words, "stancelab train", None)
    assert list(workplace.iterdir()) == []


def test_the_name_of_several_corpora_is_a_folder(workplace: Path) -> None:
    words = ["data=several", "+data@data.corpora.diplomacy=diplomacy", "name=mine"]
    for name in ("../b", "a/b", ".."):
        with pytest.raises(StancelabError, match=r"data.name: found .*, allowed are letters and digits of any script"):
            run_composed("train", [*words, f"data.name={name}"], "stancelab train", None)
    assert list(workplace.iterdir()) == []


def test_others_are_told_that_a_process_is_at_work_on_a_run(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def execute(config: Any, run_folder: Path, line: str) -> None:
        seen.extend(run.state for run in find_runs(workplace / "outputs", ["prepare"]))
        write_manifest(run_folder, {})

    monkeypatch.setattr("stancelab.cli.commands.prepare.execute", execute)
    assert main(["prepare"]) == 0
    assert seen == ["at work"]
    [run] = find_runs(workplace / "outputs", ["prepare"])
    assert run.state == "finished"
    assert not (run.folder / ".at_work.lock").exists()
    assert ".at_work.lock" not in (run.folder / "manifest.json").read_text()
