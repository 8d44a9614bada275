from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.report.figures.confidence import coverage_plot, reliability_plot
from stancelab.report.view import view_files
from stancelab.results import read_results

if TYPE_CHECKING:
    from pathlib import Path


def test_labels_say_what_the_figures_show(finished_run: Path) -> None:
    test = view_files(read_results(finished_run))[0]
    ece, aurc = (f"{100 * test.best.mean(metric):.1f}" for metric in ("ece", "aurc"))
    shown = reliability_plot(test.best, "reliability-0", test.name)
    assert f"Reliability diagram of minilm on test_rw, expected calibration error {ece}: confidence " in shown
    assert f"Risk-coverage curves on test_rw, area under the curve: minilm {aurc}; svm" in coverage_plot(test)
