from __future__ import annotations

from stancelab.cli.sweep_folders import setting_folders, varied_words


def test_words_that_all_runs_have_are_left_out() -> None:
    jobs = [["data=x", "seed=0", "training.epochs=1"], ["data=x", "seed=1", "training.epochs=1"]]
    assert varied_words(jobs) == [["seed=0"], ["seed=1"]]
    assert varied_words([["data=x"]]) == [[]]


def test_a_folder_names_the_setting_in_letters_that_mean_nothing_elsewhere() -> None:
    varied = [
        ["training.learning_rate=0.0001", "seed=0"],
        ["training.learning_rate=0.00012345678", "seed=0"],
        ["model.input.hide=[source,target]", "+x='a b/c'"],
        ["training.teacher=[]"],
        [],
    ]
    assert setting_folders(varied) == [
        "learning_rate-0.0001__seed-0",
        "learning_rate-0.0001235__seed-0",
        "hide-source_target__x-a_b_c",
        "teacher-none",
        "run",
    ]


def test_keys_that_end_alike_are_written_out() -> None:
    assert setting_folders([["seed=0", "split.seed=1"]]) == ["seed-0__split.seed-1"]


def test_no_two_folders_have_one_name() -> None:
    varied = [["x=a b"], ["x=a,b"], ["x=" + "a" * 300], ["x=" + "a" * 301]]
    names = setting_folders(varied, taken=["x-a_b"])
    assert names == ["x-a_b-2", "x-a_b-3", "x-" + "a" * 98, "x-" + "a" * 98 + "-2"]
