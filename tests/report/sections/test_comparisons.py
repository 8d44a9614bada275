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
