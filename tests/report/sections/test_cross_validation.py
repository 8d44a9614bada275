"""Pooled folds in words: these models, and ways of training."""

from __future__ import annotations

from dataclasses import replace

from stancelab.metrics.bootstrap import Interval
from stancelab.report.sections.cross_validation import cross_validation_sentences
from stancelab.results import LearnerComparison, Pooled


def test_scores_are_of_these_models_and_learners_have_a_test_of_their_own(build) -> None:
    test = build.file(build.system("net", 0.6), build.system("svm", 0.5, baseline=True))
    assert cross_validation_sentences(test) == []
    learner = LearnerComparison(
        systems=("net", "svm"), difference=0.1, interval=Interval(-0.02, 0.22), p=0.08, p_holm=0.08, folds=5
    )
    pooled = Pooled(kind="kfold", folds=5, seeds=[13], test_to_train=0.25)
    test = replace(test, pooled=pooled, compared=replace(test.compared, learners=[learner]))
    assert cross_validation_sentences(test) == [
        "Rows of 5 folds are pooled: each is answered by a model that was trained without its fold.",
        "Scores, intervals and letters are of these 5 models of each system and seed, not of the way of training them: "
        "models of two folds share most of their training rows.",
        "As ways of training, net is 10.0 points above svm over 5 folds (95% interval -2.0 to 22.0, p = 0.08; "
        "corrected p = 0.08; variance corrected for shared training rows).",
        "0 of 1 pair differs as ways of training (corrected p < 0.05); net and svm are not significantly different.",
    ]
    below = replace(learner, difference=-0.1, interval=Interval(-0.15, -0.05), p=0.001, p_holm=0.001)
    words = cross_validation_sentences(
        replace(test, pooled=replace(pooled, seeds=[13, 14]), compared=replace(test.compared, learners=[below]))
    )
    assert words[0].startswith("Rows of 5 folds in each of 2 partitions are pooled")
    assert "these 10 models" in words[1]
    assert words[2] == "What is called a seed here is one of a system's seeds in one of the partitions."
    assert "net is 10.0 points below svm over 5 folds (95% interval 5.0 to 15.0" in words[3]
    assert words[4] == "1 of 1 pair differs as ways of training (corrected p < 0.05)."
