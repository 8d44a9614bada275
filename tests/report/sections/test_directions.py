from __future__ import annotations

from dataclasses import replace

from stancelab.metrics.bootstrap import Interval
from stancelab.report.sections.directions import direction_sentences, error_rows
from stancelab.results import ErrorKinds


def test_wrong_directions_in_words(build) -> None:
    net = build.system("net", 0.6)  # three of nine rows are right
    kinds = ErrorKinds(
        favor_as_against=1, against_as_favor=1, stance_as_neutral=2, neutral_as_stance=2, direction_share=2 / 9,
        direction_interval=Interval(0.1, 0.4),
    )  # fmt: skip
    net = replace(net, scores=replace(net.scores, errors=kinds))
    file = build.file(net, build.system("svm", 0.5))
    assert direction_sentences(file) == [
        "net takes favor for against or against for favor on 22.2% of rows (95% interval 10.0 to 40.0), 33.3% of its "
        "errors."
    ]
    (row,) = error_rows(file)
    assert (row.name, row.direction, row.total) == ("net", 2, 6)
    assert direction_sentences(build.file(build.system("old", 0.6))) == []
