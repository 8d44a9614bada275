from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stancelab.encoding import Cut
from stancelab.evaluation.input_gaps import cut_of, gaps_of
from stancelab.results import InputGaps

if TYPE_CHECKING:
    import pytest


def test_the_most_over_the_runs_is_told() -> None:
    cuts = [Cut(rows=9, texts=3, unmarked=2), None, Cut(rows=9, texts=1, targets=1, unmarked=2, untold_targets=2)]
    assert gaps_of(cuts) == InputGaps(
        cut_texts=3, cut_targets=1, cut_sources=0, not_in_text=2, untold_targets=2, untold_sources=0
    )
    assert gaps_of([None]) is None
    assert gaps_of([]) is None


def test_a_system_that_is_not_told_the_target_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    class System:
        cut = Cut(rows=9, unmarked=4, untold_targets=4)

    system: Any = System()
    assert cut_of(system, "minilm on test") == System.cut
    assert caplog.messages == [
        "minilm on test: of 9 rows the input says neither by a mark nor by name the target of 4, "
        "since the text does not mention it"
    ]
    other: Any = object()
    assert cut_of(other, "majority on test") is None
