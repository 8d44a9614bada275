"""The table of baselines."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancelab.baselines import make_baseline
from stancelab.baselines.registry import BASELINES, DEFAULT
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from stancelab.baselines.settings import BaselineSettings

CONFIGS = Path(__file__).resolve().parents[2] / "configs" / "baselines"


@pytest.mark.parametrize("name", BASELINES)
def test_every_name_makes_the_baseline_of_that_name(name: str, settings: BaselineSettings) -> None:
    if BASELINES[name].package:
        pytest.importorskip(BASELINES[name].package)
    assert make_baseline(name, settings).name == name


def test_an_unknown_name_is_refused(settings: BaselineSettings) -> None:
    with pytest.raises(ConfigError, match=r"baselines\.names: found 'ngram_svn'.*Did you mean 'ngram_svm'\?"):
        make_baseline("ngram_svn", settings)


def test_the_default_config_names_the_default_baselines() -> None:
    text = (CONFIGS / "default.yaml").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^  - (\w+)", text, re.MULTILINE)) == DEFAULT


def test_names_can_be_listed_without_numpy_or_scikit_learn() -> None:
    heavy = "{'numpy', 'sklearn', 'scipy', 'torch', 'transformers'}"
    code = f"import sys, stancelab.baselines; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
