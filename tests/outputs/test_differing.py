from __future__ import annotations

from stancelab.outputs.differing import differing_settings, shown_settings


def test_settings_that_are_the_same_in_all_runs_are_left_out() -> None:
    runs = [
        {"name": "a", "seed": 0, "training.epochs": 3, "training.teacher": []},
        {"name": "b", "seed": 1, "training.epochs": 3, "training.teacher": ["x"]},
        {"name": "c", "seed": 1, "training.epochs": 3, "evaluation.bins": 15},
    ]
    assert differing_settings(runs) == [
        {"seed": 0, "training.teacher": []},
        {"seed": 1, "training.teacher": ["x"]},
        {"seed": 1},
    ]


def test_what_goes_with_a_name_is_not_repeated() -> None:
    runs = [
        {"model.name": "minilm", "model.name_or_path": "p", "training.learning_rate": 1e-4, "model.head": "pair"},
        {"model.name": "mpnet", "model.name_or_path": "q", "training.learning_rate": 4e-5, "model.head": "pair"},
        {"model.name": "mpnet", "model.name_or_path": "q", "training.learning_rate": 4e-5, "model.head": "sequence"},
    ]
    assert differing_settings(runs) == [
        {"model.name": "minilm", "model.head": "pair"},
        {"model.name": "mpnet", "model.head": "pair"},
        {"model.name": "mpnet", "model.head": "sequence"},
    ]
    runs[1] = {**runs[1], "training.learning_rate": 1e-3}
    assert [each["training.learning_rate"] for each in differing_settings(runs)] == [1e-4, 1e-3, 4e-5]


def test_settings_are_shown_as_a_command_line_has_them() -> None:
    settings = {"seed": 0, "training.teacher": ["a", "b"], "split.target": None, "model.name": "tiny"}
    assert shown_settings(settings) == 'seed=0 training.teacher=["a","b"] split.target=null model.name=tiny'
    assert shown_settings(settings, 2, 5) == 'seed=0 training.teacher=["a"… (+2 more)'
