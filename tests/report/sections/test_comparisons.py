from __future__ import annotations

from stancelab.metrics.significance import Precision
from stancelab.report.sections.comparisons import comparisons


def test_differences_in_words(build) -> None:
    minilm, mpnet = build.system("minilm", 0.774, std=0.006), build.system("mpnet", 0.77)
    svm = build.system("svm", 0.6, baseline=True)
    assert comparisons(build.file(minilm, mpnet, svm, same=("minilm", "mpnet"))) == [
        "2 of 3 pairs of systems are significantly different: "
        "p < 0.05 after Holm's correction over 3 different pairs on all test files.",
        "minilm and mpnet are not significantly different: "
        "a difference of more than 3.4 points is excluded (95% interval -2.6 to 3.4).",
        "mpnet was trained with one seed: the test compares checkpoints, not training procedures.",
    ]
    assert comparisons(build.file(minilm, svm)) == [
        "1 of 1 pair of systems is significantly different: "
        "p < 0.05 after Holm's correction over 1 different pair on all test files.",
        "minilm is significantly different from every other system.",
    ]


def test_one_system_has_no_pairs(build) -> None:
    assert comparisons(build.file(build.system("a", 0.5))) == []


def test_intervals_that_no_difference_can_have_are_counted(build) -> None:
    net = build.system("net", 0.69, std=0.1, runs=[build.run(0), build.run(1)])
    svm, majority = build.system("svm", 0.6, baseline=True), build.system("majority", 0.2, baseline=True)
    assert comparisons(build.file(net, svm, majority, margin=0.55))[2] == (
        "1 of 3 intervals of differences leaves [-100, 100] points: with two seeds it is not informative."
    )
    assert "3 of 3 intervals of differences leave" in comparisons(build.file(net, svm, majority, margin=1.5))[2]


def test_what_could_have_been_found_and_what_would_find_more(build) -> None:
    systems = [build.system("net", 0.7), build.system("svm", 0.6, baseline=True), build.system("rules", 0.5)]
    pairs = {
        ("net", "svm"): {"precision": Precision(0.01, 9.0, 0.8, 0.031, 0.042)},
        ("net", "rules"): {"precision": Precision(0.02, 9.0, 0.1, 0.055, None)},
    }
    words = comparisons(build.file(*systems, pairs=pairs))
    assert words[2:5] == [
        "Against the other systems, a difference of 3.1 to 5.5 points, depending on the system, is found with "
        "probability 80% (4.2 points after correction for 3 pairs).",
        "For svm, the variance between seeds is the larger part: more seeds would find smaller ones.",
        "For rules, the variance between sentences is the larger part: more sentences would find smaller ones.",
    ]


def test_equivalence_is_said_where_a_margin_is_set(build) -> None:
    systems = [build.system("net", 0.7), build.system("mpnet", 0.7), build.system("rules", 0.69)]
    pairs = {("net", "mpnet"): {"equivalence_p": 0.012}, ("net", "rules"): {"equivalence_p": 0.2}}
    words = comparisons(build.file(*systems, same=("net", "mpnet", "rules"), pairs=pairs, tolerance=2.0))
    assert words[4:6] == [
        "net and mpnet are equivalent within ±2.0 points (two one-sided tests, p = 0.012, uncorrected).",
        "Equivalence of net within ±2.0 points is not shown for rules.",
    ]


def test_notes_and_borrowed_seeds(build) -> None:
    systems = [build.system("net", 0.7, std=0.01), build.system("one", 0.6)]
    borrowed = {("net", "one"): {"borrowed": ("one",), "method": "seeds_and_data"}}
    words = comparisons(build.file(*systems, pairs=borrowed, notes=["one has one seed"]))
    assert words[-1] == "one has one seed."
    crossed = {("net", "one"): {"method": "t_test"}}
    assert "not by approximate randomization" in comparisons(build.file(*systems, pairs=crossed))[-1]
