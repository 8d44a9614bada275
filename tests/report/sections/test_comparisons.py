from __future__ import annotations

from stancelab.report.sections.comparisons import comparisons


def test_differences_in_words(build) -> None:
    minilm, mpnet = build.system("minilm", 0.774, std=0.006), build.system("mpnet", 0.77)
    svm = build.system("svm", 0.6, baseline=True)
    assert comparisons(build.file(minilm, mpnet, svm, same=("minilm", "mpnet"))) == [
        "2 of 3 pairs of systems are significantly different (Holm-corrected p < 0.05).",
        "minilm is not significantly different from mpnet.",
        "mpnet was trained with one seed: the test compares checkpoints, not training procedures.",
    ]
    assert comparisons(build.file(minilm, svm)) == [
        "1 of 1 pair of systems is significantly different (Holm-corrected p < 0.05).",
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
