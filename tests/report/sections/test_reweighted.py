from __future__ import annotations

from dataclasses import replace

from stancelab.metrics.bootstrap import Interval
from stancelab.report.sections.reweighted import reweighted_tables
from stancelab.results import Procedure, Reweighted, Scores

PROCEDURE = Procedure(
    bootstrap_resamples=100, randomization_rounds=100, unit="text", level=0.05, seed=1, bins=15,
    prevalence={"against": 0.1, "neutral": 0.7, "favor": 0.2}, weight="w",
)  # fmt: skip


def test_tables_of_weights_and_prevalence(build) -> None:
    found = Reweighted(
        scores=Scores(accuracy=0.4, macro_precision=0.5, macro_recall=0.55, macro_f1=0.5, f_avg=0.45),
        intervals={"macro_f1": Interval(0.4, 0.6)},
    )
    net = build.system("net", 0.6)
    net = replace(net, scores=replace(net.scores, weighted=found, at_prevalence=found))
    file = build.file(net)
    assert reweighted_tables(build.file(build.system("net", 0.6)), replace(PROCEDURE, prevalence={}, weight="")) == []
    weighted, prevalent = reweighted_tables(replace(file, facts=replace(file.facts, effective_rows=7.5)), PROCEDURE)
    assert weighted.title == "By design weights of the column w, worth 7.5 rows of equal weight"
    assert prevalent.title == (
        "At a prevalence of against 10.0%, neutral 70.0% and favor 20.0%, by design weights of the column w"
    )
    assert weighted.metrics == ["macro_f1", "macro_recall", "f_avg", "accuracy"]
    estimates, plain = prevalent.rows["net"]
    assert [each.mean for each in estimates] == [0.5, 0.55, 0.45, 0.4]
    assert estimates[0].interval == (0.4, 0.6)
    assert estimates[1].interval is None
    assert plain == 0.6
