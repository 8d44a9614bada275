from __future__ import annotations

import json
from typing import TYPE_CHECKING

from stancelab.cli.sweep_table import SweptRun, sweep_table

if TYPE_CHECKING:
    from pathlib import Path


def swept(root: Path, name: str, words: list[str], dev: float | None) -> SweptRun:
    folder = root / name
    folder.mkdir()
    if dev is not None:
        (folder / "training.json").write_text(json.dumps({"dev": {"metric": "f_avg", "f_avg": dev}}))
    # A test score is there and is not to be shown.
    systems = [{"name": "tiny", "is_baseline": False, "tests": {"test": {"mean": {"f_avg": 0.99}}}}]
    (folder / "metrics.json").write_text(json.dumps({"primary_metric": "f_avg", "systems": systems}))
    return SweptRun(folder, words)


def test_the_best_setting_comes_first_and_no_test_score_is_shown(tmp_path: Path) -> None:
    runs = [
        swept(tmp_path, "a", ["training.epochs=1"], 0.5),
        swept(tmp_path, "b", ["training.epochs=2"], None),
        swept(tmp_path, "c", ["training.epochs=3"], 0.625),
    ]
    assert sweep_table(runs) == [
        "dev f_avg in percent, by setting, the best first",
        "      dev  setting            folder",
        "1    62.5  training.epochs=3  c",
        "2    50.0  training.epochs=1  a",
        "3  failed  training.epochs=2  b",
        "Note: the best of 3 is flattered by having been chosen on these rows; stancelab evaluate scores it on test "
        "files.",
    ]


def test_seeds_of_a_setting_are_one_line(tmp_path: Path) -> None:
    scores = {("1", "0"): 0.5, ("1", "1"): 0.54, ("2", "0"): 0.6, ("2", "1"): None}
    runs = [
        swept(tmp_path, f"{epochs}{seed}", [f"training.epochs={epochs}", f"seed={seed}"], dev)
        for (epochs, seed), dev in scores.items()
    ]
    lines = sweep_table(runs)
    assert lines[0].endswith("(means and standard deviations over seeds)")
    assert lines[2].split("  ") == ["1", "60.0 (of 1; 1 failed)", "training.epochs=2", "2 folders"]
    assert lines[3].split() == ["2", "52.0", "±", "2.8", "training.epochs=1", "2", "folders"]


def test_runs_with_other_validation_rows_are_told(tmp_path: Path) -> None:
    runs = [swept(tmp_path, str(fold), [f"split.fold={fold}"], 0.5) for fold in (0, 1)]
    assert sweep_table(runs)[-1] == (
        "Note: runs that differ in split.fold have other validation rows; their scores do not compare."
    )


def test_a_sweep_without_scores_on_dev_has_no_table(tmp_path: Path) -> None:
    assert sweep_table([swept(tmp_path, "a", ["seed=0"], None)]) == []
    assert sweep_table([]) == []
