"""Two runs never write into one folder, and a sweep's runs find the sweep's."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancelab.cli.run_folders import RunFolders, ablation_suffix, file_trouble, remove_empty
from stancelab.errors import ConfigError


def test_runs_of_one_second_have_folders_of_their_own(tmp_path: Path) -> None:
    given = (str(tmp_path / "train"), "net", "2026-01-01_00-00-00")
    path = "/".join(given)
    one, other = RunFolders(), RunFolders()
    assert one(*given) == path
    assert other(*given) == f"{path}-2"
    assert RunFolders()(*given) == f"{path}-3"
    # Asked again, as each run of a sweep asks.
    assert (one(*given), other(*given)) == (path, f"{path}-2")
    assert all(Path(each).is_dir() for each in (path, f"{path}-2", f"{path}-3"))


def test_where_nothing_can_be_made_hydra_tells(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert RunFolders()(str(tmp_path / "file"), "net", "now") == f"{tmp_path}/file/net/now"


@pytest.mark.parametrize("name", ["a/../../b", "..", "../b", "/tmp/b", "~/b", "", " ", "a/", "a//b", "./a", "a/. "])
def test_a_name_does_not_lead_out_of_the_folder_of_runs(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"^name: found .*, allowed is a name, or several joined by '/', that stay"):
        RunFolders()(str(tmp_path / "train"), name, "now")
    assert not any(tmp_path.iterdir())


def test_runs_may_lie_in_groups(tmp_path: Path) -> None:
    assert RunFolders()(str(tmp_path), "news/a..b (2)", "now") == f"{tmp_path}/news/a..b (2)/now"


@pytest.mark.parametrize(("made", "left"), [((".hydra/config.yaml", "run.log"), False), (("metrics.json",), True)])
def test_only_what_made_nothing_is_removed(tmp_path: Path, made: tuple[str, ...], left: bool) -> None:
    run = tmp_path / "outputs" / "train" / "net" / "now"
    for name in made:
        (run / name).parent.mkdir(parents=True, exist_ok=True)
        (run / name).write_text("")
    remove_empty([run])
    assert run.exists() is left
    assert (tmp_path / "outputs").exists() is left


@pytest.mark.parametrize(
    ("words", "suffix"),
    [
        (["experiment=quickstart", "model.input.hide=[source,target]"], "-text_only"),
        (["model.input.hide=[source]", "seed=1"], "-no_source"),
        (["++model.input.hide=['target']"], "-no_target"),
        (["model.input.hide=[]"], ""),
        (["model.input.hide=[source,target]", "name=mine"], ""),
        (["model.input.hide=[],[source,target]", "-m"], ""),
        (["experiment=mpqa_no_source"], ""),
    ],
)
def test_an_ablation_is_not_among_the_runs_of_its_experiment(words: list[str], suffix: str) -> None:
    assert ablation_suffix(words) == suffix


def test_the_suffix_stands_behind_the_name(tmp_path: Path) -> None:
    assert RunFolders("-text_only")(str(tmp_path), "net", "now") == f"{tmp_path}/net-text_only/now"


def test_trouble_with_a_file_names_it() -> None:
    told = "No such file; check the path, its permissions and the space left"
    assert file_trouble(OSError(2, "No such file", "a.csv"), Path("run")) == f"a.csv: {told}"
    assert file_trouble(OSError(2, "No such file", "from.csv", None, "to.csv"), Path("run")) == f"to.csv: {told}"
    assert file_trouble(OSError(2, "No such file"), Path("run")) == f"run: {told}"
    assert file_trouble(OSError(2, "No such file")) == told
