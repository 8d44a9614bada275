from __future__ import annotations

import pytest

from stancelab.metrics.bootstrap import Interval
from stancelab.report.figures.dots import difference_plot, interval_plot, perturbation_plot, slice_plot
from stancelab.results import Perturbation, PerturbationScores


@pytest.fixture
def file(build):
    typos = Perturbation(name="typos", preserves_label=True, rows=1200, scored_rows=40)
    scores = PerturbationScores(
        changed=0.079, accuracy_before=0.7, accuracy_after=0.69, intervals={"changed": Interval(0.05, 0.1)}
    )
    systems = [build.system("net", 0.774, (0.741, 0.803)), build.system("svm <b>", 0.6, (0.57, 0.63), baseline=True)]
    part = build.part("words", "31+")
    return build.file(
        *systems,
        slices=[(part, {"net": (0.5, 0.55), "svm <b>": (0.4, 0.45)})],
        perturbations=[(typos, {"net": scores})],
    )


def test_labels_say_what_the_figures_show(file) -> None:
    assert "net 77.4; svm &lt;b&gt; 60.0. Always answering the majority class scores 20.0." in interval_plot(file)
    assert "svm &lt;b&gt; 17.4, 95% interval 14.4 to 20.4" in difference_plot(file)
    assert "by slice: words 31+ 55.0" in slice_plot(file, file.slices, file.best)
    assert "Share of predictions of net on test that change: typos 7.9" in perturbation_plot(file, file.best)


def test_numbers_stand_beside_the_names(file) -> None:
    assert "77.4  [74.1, 80.3]</text>" in interval_plot(file)
    assert "7.9  (n=1,200)</text>" in perturbation_plot(file, file.best)
    assert "svm &lt;b&gt;</text>" in difference_plot(file)
