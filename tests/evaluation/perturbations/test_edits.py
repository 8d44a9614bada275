from __future__ import annotations

from stancelab.evaluation.perturbations.edits import Edit, edited, moved, touches_mention
from stancelab.schema import Example, Span


def test_edits_move_spans_and_leave_mentions_alone() -> None:
    text = "He said that Iran rejects the deal."
    given = Example(id="1", text=text, target="the deal", source="Iran", target_span=Span(26, 34))
    found = edited(given, [Edit(0, 2, "The minister"), Edit(13, 17, "Iraq"), Edit(34, 35, "!!")])
    assert found is not None
    assert found.text == "The minister said that Iran rejects the deal!!"
    assert found.target_span is not None and found.source_span is not None
    assert found.text[slice(*found.target_span)] == "the deal"
    assert found.text[slice(*found.source_span)] == "Iran"
    assert edited(given, [Edit(13, 17, "Iraq")]) is None
    assert edited(given, []) is None


def test_spans_move_with_edits_before_them_and_grow_with_edits_within() -> None:
    edits = [Edit(0, 2, "xyz"), Edit(6, 7, ""), Edit(20, 21, "long")]
    assert moved(Span(5, 10), edits) == Span(6, 10)
    assert moved(None, edits) is None


def test_what_touches_a_mention() -> None:
    given = Example(id="1", text="Iran rejects the deal.", target="the deal", source="Iran")
    assert touches_mention(given, 3, 5)
    assert touches_mention(given, 12, 14)
    assert not touches_mention(given, 4, 13)
