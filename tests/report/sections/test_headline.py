from __future__ import annotations

import pytest

from stancelab.report.sections.headline import headline


@pytest.fixture
def minilm(build):
    return build.system("minilm", 0.774, (0.741, 0.803), std=0.006)


@pytest.fixture
def mpnet(build):
    return build.system("mpnet", 0.77, (0.74, 0.8))


@pytest.fixture
def svm(build):
    return build.system("svm", 0.6, (0.57, 0.63), baseline=True)


def test_best_system_against_best_baseline(build, minilm, mpnet, svm) -> None:
    assert headline(build.file(minilm, mpnet, svm)) == [
        "minilm has the highest macro-F1: 77.4 "
        "(95% interval 74.1 to 80.3, for the training; mean of 3 seeds, standard deviation 0.6).",
        "The difference to the best baseline, svm, is 17.4 points "
        "(95% interval 14.4 to 20.4, p < 0.001; corrected p < 0.001).",
        "svm scores 60.0 (95% interval 57.0 to 63.0).",
        "Always answering neutral, the majority class, scores 20.0 (57.4 points lower).",
    ]


def test_systems_that_do_not_differ_are_named(build, minilm, mpnet, svm) -> None:
    words = headline(build.file(minilm, mpnet, svm, same=("minilm", "mpnet")))
    assert words[3] == (
        "minilm and mpnet are not significantly different: "
        "a difference of more than 3.4 points is excluded (95% interval -2.6 to 3.4)."
    )
    words = headline(build.file(minilm, mpnet, svm, same=("minilm", "mpnet", "svm")))
    assert words[1].endswith("is 17.4 points (95% interval 14.4 to 20.4, p = 0.133; corrected p = 0.4).")
    assert words[3:6] == [
        "minilm is not significantly different from mpnet and svm.",
        "Against mpnet, a difference of more than 3.4 points is excluded (95% interval -2.6 to 3.4).",
        "Against svm, a difference of more than 20.4 points is excluded (95% interval 14.4 to 20.4).",
    ]
    few = {("minilm", name): {"interval": None} for name in ("mpnet", "svm")}
    words = headline(build.file(minilm, mpnet, svm, same=("minilm", "mpnet", "svm"), pairs=few))
    assert words[4] == "No difference to them is excluded, with fewer than ten resampling units."


def test_the_level_decides_what_is_significant(build, minilm, svm) -> None:
    assert len(headline(build.file(minilm, svm, level=0.0005))) == 4
    words = headline(build.file(minilm, svm, level=0.0004))
    assert words[3].startswith("minilm and svm are not significantly different: a difference of more than 20.4")


def test_where_significance_is_out_of_reach_it_is_said(build, minilm, svm) -> None:
    words = headline(build.file(minilm, svm, same=("minilm", "svm"), warnings=["8 sentences are too few"]))
    assert words[3] == "Whether minilm and svm differ cannot be decided: 8 sentences are too few."
    assert len(words) == 5


def test_a_baseline_that_wins_is_called_one(build) -> None:
    svm = build.system("svm", 0.7, (0.6, 0.8), baseline=True)
    words = headline(build.file(svm, build.system("net", 0.6, (0.5, 0.7))))
    assert words[0].startswith("svm, a baseline, has the highest macro-F1: 70.0")
    assert words[1].startswith("The difference to the best trained system, net, is 10.0 points")


@pytest.mark.parametrize("baseline", [False, True])
def test_systems_of_one_kind_are_compared_with_the_next_best(build, baseline: bool) -> None:
    systems = [build.system(name, 0.7, (0.6, 0.8), baseline=baseline) for name in ("a", "b")]
    assert headline(build.file(*systems))[1].startswith("The difference to the next best system, b, is 0.0 points")


def test_one_system_is_compared_with_the_majority_alone(build) -> None:
    words = headline(build.file(build.system("a", 0.1, (0.05, 0.15))))
    assert len(words) == 2
    assert words[1].endswith("scores 20.0 (10.0 points higher).")


def test_an_interval_that_no_difference_can_have_is_called_not_informative(build, svm) -> None:
    net = build.system("net", 0.69, (0.6, 0.8), std=0.1, runs=[build.run(0), build.run(1)])
    words = headline(build.file(net, svm, same=("net", "svm"), margin=1.185))
    assert words[1].endswith("(95% interval -109.5 to 127.5, p = 0.133; corrected p = 0.4).")
    assert words[2] == "With two seeds this interval is not informative: it leaves [-100, 100] points."
    assert words[4] == (
        "net and svm are not significantly different: no difference is excluded (95% interval -109.5 to 127.5)."
    )


def test_what_an_interval_is_about(build, mpnet, svm) -> None:
    words = headline(build.file(mpnet, svm))
    assert words[0] == "mpnet has the highest macro-F1: 77.0 (95% interval 74.0 to 80.0, for this checkpoint)."


def test_with_few_documents_there_is_a_p_value_alone(build, minilm, svm) -> None:
    without = {("minilm", "svm"): {"interval": None}}
    words = headline(build.file(minilm, svm, same=("minilm", "svm"), pairs=without))
    assert words[1].endswith("is 17.4 points (p = 0.133; corrected p = 0.4).")
    assert words[3] == (
        "minilm and svm are not significantly different: "
        "no difference is excluded, with fewer than ten resampling units."
    )


def test_systems_with_the_same_answers_are_not_tested(build, minilm, mpnet) -> None:
    alike = {("minilm", "mpnet"): {"method": "identical"}}
    words = headline(build.file(minilm, mpnet, same=("minilm", "mpnet"), pairs=alike))
    assert words[1].endswith("(the same answers).")
    assert words[3] == "minilm and mpnet give the same answers."
