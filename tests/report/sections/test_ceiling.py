from __future__ import annotations

from dataclasses import replace

import pytest

from stancelab.metrics.bootstrap import Interval
from stancelab.report.sections.ceiling import ceiling_sentences
from stancelab.results import AgainstAnnotators, HumanCeiling, Scores


def scores(value: float) -> Scores:
    return Scores(accuracy=0.7, macro_precision=0.5, macro_recall=0.5, macro_f1=value, f_avg=0.6)


@pytest.mark.parametrize(
    ("interval", "end"),
    [
        (Interval(-0.1, -0.01), "(difference -5.2, 95% interval -10.0 to -1.0)."),
        (Interval(-0.1, 0.01), "(difference -5.2, 95% interval -10.0 to 1.0): a difference is not shown."),
        (None, "(not tested)."),
    ],
)
def test_the_ceiling_and_the_best_system_beside_it(build, interval: Interval | None, end: str) -> None:
    net = build.system("net", 0.6)
    net = replace(
        net,
        scores=replace(
            net.scores, against_annotators=AgainstAnnotators(scores=scores(0.71), difference=-0.052, interval=interval)
        ),
    )
    file = build.file(net)
    ceiling = HumanCeiling(
        annotators=3, items=40, answers=110, ties=10, scores=scores(0.762), intervals={"macro_f1": Interval(0.7, 0.82)}
    )
    assert ceiling_sentences(file) == []
    assert ceiling_sentences(replace(file, facts=replace(file.facts, human_ceiling=ceiling))) == [
        "Human ceiling: 3 annotators score 76.2 macro-F1 (95% interval 70.0 to 82.0) against the majority of the "
        "others, F_avg 60.0, accuracy 70.0 (110 labels of 40 items; 10 more have no single majority to compare with).",
        f"net scores 71.0 against the same majorities, 5.2 points below the annotators {end}",
    ]
