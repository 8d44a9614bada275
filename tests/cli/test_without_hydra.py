"""Commands whose words are merged by OmegaConf alone."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from stancelab.cli import main
from stancelab.cli.without_hydra import merge, run_plain
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

ODD_VALUES = [
    "größe (1), Kopie=2.csv", "данные.csv", "it's.csv", "two words.csv", "C:\\new\\a'b.csv", "a\\", "'", "[a.csv",
    "{source}", "0,1", "1e3", "true", "null",
]  # fmt: skip


@pytest.mark.parametrize("value", ODD_VALUES)
def test_values_are_taken_as_they_are_written(value: str) -> None:
    assert merge("predict", [f"input={value}"]).input == value


def test_a_group_takes_some_of_its_settings_in_braces() -> None:
    columns = merge("predict", ["predict.columns.source=Speaker", "predict.columns={text: Tweet}"]).predict.columns
    assert (columns.text, columns.source, columns.target) == ("Tweet", "Speaker", None)


def test_a_setting_that_holds_a_list_takes_one() -> None:
    assert merge("predict", ["predict.ignore=[note, a b]"]).predict.ignore == ["note", "a b"]
    assert merge("runs", ["runs.remove=[states]"]).runs.remove == ["states"]


def test_values_have_the_types_of_their_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    config = merge(
        "predict",
        [
            "input=~/a b.csv", "predict.batch_size=8", "predict.overwrite=true", "predict.threshold=null",
            "predict.min_confidence=0.5", "predict.columns.text='a, b'", "predict.prefix=",
        ],
    )  # fmt: skip
    assert config.input == "/home/me/a b.csv"
    settings = config.predict
    assert (settings.batch_size, settings.overwrite, settings.threshold) == (8, True, None)
    assert (settings.min_confidence, settings.columns.text, settings.prefix) == (0.5, "a, b", "")


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("predict.batch_siz=3", "unknown setting 'predict.batch_siz'. Did you mean 'predict.batch_size'?"),
        ("outptu=3", "unknown setting 'outptu'. Did you mean 'output'?"),
        ("predict.columns.text.x=3", "unknown setting 'predict.columns.text.x'."),
        (
            "predict.batch_size=many",
            "predict.batch_size=many: found 'many', expected a whole number",
        ),
        (
            "predict.min_confidence=0,9",
            "predict.min_confidence=0,9: found '0,9', expected a number; decimals are written with a point, 0.9; a thr",
        ),
        ("predict.min_confidence=a,b", "predict.min_confidence=a,b: found 'a,b', expected a number; a threshold of"),
        (
            "predict.columns={txt: a}",
            "unknown setting 'predict.columns.txt'. Did you mean 'predict.columns.text'?",
        ),
        ("predict.batch_size=[", "cannot read 'predict.batch_size=['"),
        ("predict=3", "predict=3: expected pairs; write 'predict={NAME: VALUE, NAME: VALUE}'"),
        ("predict.overwrite=maybe", "predict.overwrite=maybe: found 'maybe', expected true or false"),
        (
            "predict.batch_size=null",
            "predict.batch_size=null: found null; expected a value; write 'predict.batch_size=VALUE'",
        ),
        ("predict.batch_size=[1]", "predict.batch_size=[1]: found '[1]', expected a whole number"),
        ("input=${", "input=${: no viable alternative at input '${'"),
        ("=3", "cannot read '=3'; write KEY=VALUE"),
        ("mine.csv", "cannot read 'mine.csv'; write KEY=VALUE"),
        ("--input=mine.csv", "no option '--input'. A setting is written without dashes: input=mine.csv"),
        ("-m", "no option '-m'. Settings are written KEY=VALUE; --help lists them"),
        ("--dry-run", "no option '--dry-run'. Settings are written KEY=VALUE; --help lists them"),
        ("--config-dir", "no option '--config-dir'."),
    ],
)
def test_mistakes_are_explained(word: str, message: str) -> None:
    with pytest.raises(ConfigError, match="^" + re.escape(message)):
        merge("predict", [word])


@pytest.mark.parametrize(
    ("word", "message"),
    [
        (
            "output=${nothing}.csv",
            "Interpolation key 'nothing' not found; '${' begins the name of another setting;"
            " in the name of a file write it '\\${'",
        ),
        ("output=${output}", "Recursive interpolation detected"),
        ("output=${nothing:1}", "Unsupported interpolation type nothing"),
    ],
)
def test_an_interpolation_that_leads_nowhere_is_explained(
    capsys: pytest.CaptureFixture[str], word: str, message: str
) -> None:
    assert main(["predict", "checkpoint=x", "input=a.csv", word]) == 2
    assert capsys.readouterr().err == f"stancelab: {word}: {message}\n"


@pytest.mark.parametrize(
    ("words", "empty"),
    [
        (["checkpoint=x", "input=", "output=b.csv"], "input"),
        (["checkpoint=", "input=a.csv", "output= "], "checkpoint, output"),
        (["checkpoint=x", "input=a.csv", "output=b.csv", "output_root="], "output_root"),
    ],
)
def test_a_setting_without_its_value_is_not_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], empty: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["predict", *words]) == 2
    first = empty.partition(",")[0]
    assert capsys.readouterr().err == f"stancelab: given without a value: {empty}; write for example {first}=VALUE\n"


def test_a_run_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    handlers = list(logging.getLogger().handlers)
    assert main(["predict", "checkpoint=x", "input=a.csv", "output=b.csv"]) == 2
    assert "a.csv: no such file" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert logging.getLogger().handlers == handlers


def test_predict_works_where_hydra_is_not_installed(tmp_path: Path) -> None:
    code = (
        "import importlib.machinery as m, json, sys\n"
        "real = m.PathFinder.find_spec\n"
        "class Finder(m.PathFinder):\n"
        "    @classmethod\n"
        "    def find_spec(cls, name, path=None, target=None):\n"
        "        missing = name.partition('.')[0] in ('hydra', 'sklearn', 'datasets', 'rensa')\n"
        "        return None if missing else real(name, path, target)\n"
        "sys.meta_path[sys.meta_path.index(m.PathFinder)] = Finder\n"
        "from stancelab.cli import main\n"
        "words = ['checkpoint=x', 'input=a.csv', 'output=b.csv']\n"
        "codes = [main(['predict', '--help']), main(['predict', *words]), main(['train'])]\n"
        "print(json.dumps(codes))\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert json.loads(shown.stdout.splitlines()[-1]) == [0, 2, 2]
    assert shown.stdout.startswith("stancelab predict: Classify the rows of a table with a checkpoint.")
    assert "a.csv: no such file" in shown.stderr
    assert 'stancelab train needs Hydra: pip install "stancelab[train]"' in shown.stderr


def test_a_name_does_not_lead_out_of_the_outputs(workplace: Path) -> None:
    words = ["checkpoint=x", "input=in.csv", "output=out.csv", "name=../../b"]
    with pytest.raises(ConfigError, match=r"name: found '../../b', allowed is a name"):
        run_plain("predict", words, "stancelab predict")
    assert list(workplace.iterdir()) == []


def test_a_list_is_read_as_one() -> None:
    config = merge("predict", ["predict.ignore=[Who, 'a b']", 'predict.missing_words=["nan"]', "predict.where=[x]"])
    assert config.predict.ignore == ["Who", "a b"]
    assert config.predict.missing_words == ["nan"]
    assert config.predict.where == "[x]", "a setting that holds text is taken as it is written"
