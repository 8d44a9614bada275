"""SetFit on a few rows: it learns them, repeats itself, and never unpickles."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.baselines.setfit import SetFitBaseline
from stancelab.schema import STANCE_ID

pytest.importorskip("setfit", reason="needs the package setfit")

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.baselines.settings import BaselineSettings
    from stancelab.schema import Example


@pytest.fixture
def tiny(settings: BaselineSettings, tiny_encoder: Path) -> BaselineSettings:
    return replace(settings, encoder=str(tiny_encoder), seed=3)


def test_it_fits_and_repeats_itself(
    corpus: list[Example], tiny: BaselineSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    few = corpus[:12]
    baseline = SetFitBaseline(tiny).fit(few, corpus[12:])
    probabilities = baseline.predict_proba(few)
    assert probabilities.shape == (12, 3)
    assert probabilities.sum(axis=1) == pytest.approx(1)
    gold = np.array([STANCE_ID[example.stance or ""] for example in few])
    assert probabilities[np.arange(12), gold].mean() > 1 / 3
    described = baseline.describe()
    assert {name: described[name] for name in ("encoder", "rows", "pairs")} == {
        "encoder": tiny.encoder, "rows": 12, "pairs": 480
    }  # fmt: skip
    assert (described["fit"]["not_converged"], described["fit"]["all_coefficients_zero"]) == (0, 0)
    assert baseline.seed == 3
    assert baseline.predict_proba([]).shape == (0, 3)
    again = SetFitBaseline(tiny).fit(few[::-1], []).predict_proba(few)
    assert again.tolist() == probabilities.tolist()
    # What a command prints there is its result.
    assert capsys.readouterr().out == ""


def test_a_stance_that_train_lacks_has_no_probability(corpus: list[Example], tiny: BaselineSettings) -> None:
    few = [example for example in corpus if example.stance != "neutral"][:8]
    probabilities = SetFitBaseline(tiny).fit(few, []).predict_proba(corpus[:5])
    assert probabilities[:, STANCE_ID["neutral"]].tolist() == [0] * 5
    assert probabilities.sum(axis=1) == pytest.approx(1)


def test_a_pickled_head_beside_the_weights_is_not_read(
    corpus: list[Example], tiny: BaselineSettings, tmp_path: Path
) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(tiny.encoder, folder)
    (folder / "model_head.pkl").write_bytes(b"not read")
    probabilities = SetFitBaseline(replace(tiny, encoder=str(folder))).fit(corpus[:6], []).predict_proba(corpus[:2])
    assert probabilities.shape == (2, 3)
