from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.report.curve.index import read_index
from stancelab.report.curve.sentences import curve_sentences
from stancelab.report.curve.view import read_curves

if TYPE_CHECKING:
    from pathlib import Path


def test_growth_baselines_and_ablation_in_words(curve_folder: Path) -> None:
    (curve,) = read_curves(curve_folder, read_index(curve_folder))
    grown, step, apart, above, ablation = curve_sentences(curve)
    low, high = (net.mean("macro_f1") for point in curve.points if (net := point.test.system("net")))
    assert grown == f"net scores {100 * low:.1f} with 600 training rows and {100 * high:.1f} with 1,201."
    assert step == f"The last step, from 600 to 1,201 rows, adds {100 * (high - low):.1f} points."
    assert apart == "The 95% intervals of these two sizes do not overlap: more training rows are likely to help."
    assert above == "From 1,201 training rows on net is significantly above every baseline."
    assert ablation.startswith("net is above hidden, the text-only ablation, by ")
