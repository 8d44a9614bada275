from __future__ import annotations

import pytest

from stancelab.report.system_view import warnings_of


def test_warnings_name_the_seeds_where_not_all_share_them(build) -> None:
    runs = [build.run(0, ["a", "b"]), build.run(1, ["a"]), build.run(2, ["c", "b", "a"])]
    assert warnings_of(runs) == ["a", "b (seeds 0, 2)", "c (seed 2)"]
    assert warnings_of([build.run(None, ["a"])]) == ["a"]


def test_scores_of_probabilities_are_refused_where_there_are_none(build) -> None:
    with pytest.raises(ValueError, match="ece scores probabilities"):
        build.system("labels", 0.5).mean("ece")
