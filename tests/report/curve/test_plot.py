from __future__ import annotations

import pytest

from stancelab.report.curve.plot import apart


def test_names_are_moved_apart_around_where_they_belong() -> None:
    assert apart([1.0, 5.0, 9.0], 1.0) == [1.0, 5.0, 9.0]
    assert apart([5.0, 5.0, 5.0], 1.0) == [4.0, 5.0, 6.0]
    # The two in the middle push one another, and then the one below.
    assert apart([4.0, 5.0, 5.2], 1.0) == pytest.approx([3.733, 4.733, 5.733], abs=0.001)
