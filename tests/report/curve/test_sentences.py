from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from stancelab.metrics.bootstrap import Interval
from stancelab.pages.formatting import p_value
from stancelab.report.curve.index import Size, read_index
from stancelab.report.curve.sentences import curve_sentences
from stancelab.report.curve.view import Curve, Point, read_curves
from stancelab.results import CurveStep

if TYPE_CHECKING:
    from pathlib import Path


def test_growth_baselines_and_ablation_in_words(curve_folder: Path) -> None:
    (curve,) = read_curves(curve_folder, read_index(curve_folder))
    grown, step, above, ablation = curve_sentences(curve)
    low, high = (net.mean("macro_f1") for point in curve.points if (net := point.test.system("net")))
    assert grown == f"net scores {100 * low:.1f} with 600 training rows and {100 * high:.1f} with 1,201."
    assert step == (
        f"The last step, from 600 to 1,201 rows, adds {100 * (high - low):.1f} points, "
        "which is a significant difference (p = 0.006; corrected p = 0.012)."
    )
    assert above == "From 1,201 training rows on net is significantly above every baseline."
    beginning, *tested = re.split(r" points with [0-9,]+ rows ", ablation)
    assert beginning.startswith("The difference of net to hidden, its text-only ablation, is ")
    pairs = [next(p for p in point.test.pairs if set(p.systems) == {"net", "hidden"}) for point in curve.points]
    for words, pair in zip(tested, pairs, strict=True):
        assert words.startswith(f"(p {p_value(pair.p)}; corrected p {p_value(pair.p_holm)})")


@pytest.mark.parametrize(
    ("score", "same", "expected"),
    [
        (0.502, (), ["minilm scores 49.8 points less."]),
        (0.98, ("svm", "minilm"), ["minilm scores 2.0 points less, which is not a significant difference."]),
        (1.0, ("svm", "minilm"), ["minilm scores the same.", "minilm is not significantly above svm."]),
    ],
)
def test_a_loss_to_the_best_baseline_is_said_in_points(build, score, same, expected) -> None:
    systems = [build.system("svm", 1.0, baseline=True), build.system("minilm", score)]
    systems.append(build.system("majority", 0.2, baseline=True))
    test = build.file(*systems, same=same)
    curve = Curve([Point(Size(name="139rows", title="139 rows", train_rows=139), test)])
    beginning = "With 139 training rows the best baseline, svm, scores 100.0; "
    assert curve_sentences(curve) == [beginning + expected[0], *expected[1:]]


def test_a_lead_that_is_not_significant_is_not_called_so(build) -> None:
    systems = [build.system("minilm", 0.62), build.system("svm", 0.6, baseline=True)]
    test = build.file(*systems, build.system("majority", 0.2, baseline=True), same=("minilm", "svm"))
    curve = Curve([Point(Size(name="139rows", title="139 rows", train_rows=139), test)])
    assert curve_sentences(curve) == [
        "With 139 training rows the best baseline, svm, scores 60.0; minilm scores 2.0 points more.",
        "minilm is not significantly above svm.",
    ]


def test_a_loss_from_one_size_to_the_next_is_called_a_loss(build) -> None:
    points = [
        Point(
            Size(name=f"{rows}rows", title=f"{rows} rows", train_rows=rows), build.file(build.system("minilm", score))
        )
        for rows, score in ((100, 0.63), (200, 0.6))
    ]
    beginning = "The last step, from 100 to 200 rows, lowers the score by 3.0 points"
    assert curve_sentences(Curve(points))[1] == f"{beginning}, not tested, since a size has one run."
    step = CurveStep(
        test="test", system="minilm", smaller="100rows", larger="200rows", difference=-0.03,
        interval=Interval(-0.1, 0.04), p=0.2, p_holm=0.4,
    )  # fmt: skip
    assert curve_sentences(Curve(points, [step, replace(step, system="other")]))[1] == (
        f"{beginning}, which is not a significant difference (p = 0.2; corrected p = 0.4 over 2 steps)."
    )
