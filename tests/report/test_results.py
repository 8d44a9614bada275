from __future__ import annotations

from stancelab.report.results import warnings_of


def test_warnings_name_the_seeds_where_not_all_share_them() -> None:
    runs = [
        {"seed": 0, "warnings": ["a", "b"]},
        {"seed": 1, "warnings": ["a"]},
        {"seed": 2, "warnings": ["c", "b", "a"]},
    ]
    assert warnings_of(runs) == ["a", "b (seeds 0, 2)", "c (seed 2)"]
    assert warnings_of([{"seed": None, "warnings": ["a"]}]) == ["a"]
