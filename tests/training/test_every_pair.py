"""The pairs of a text's mentions that no row has."""

from __future__ import annotations

from stancelab.schema import Example, Span
from stancelab.training.every_pair import every_pair, unlabeled_pairs

TEXT = "Norway backed Iran and Kenya ."


def test_every_pair_of_mentions_that_no_row_has() -> None:
    rows = [
        Example(id="1", text=TEXT, source="Norway", target="Iran", stance="favor", corpus="c", document="d"),
        Example(id="2", text="Somalia met China .", source="Somalia", target="China", corpus="c"),
        Example(id="3", text=TEXT, source="Norway", target="Kenya", stance="favor", corpus="c", document="d"),
    ]
    found = every_pair(rows)
    assert [(pair.source, pair.target) for pair in found] == [
        ("", "Norway"),
        ("", "Iran"),
        ("", "Kenya"),
        ("Iran", "Norway"),
        ("Iran", "Kenya"),
        ("Kenya", "Norway"),
        ("Kenya", "Iran"),
        ("", "Somalia"),
        ("", "China"),
        ("China", "Somalia"),
    ]
    assert (found[3].source_span, found[3].target_span) == (Span(14, 18), Span(0, 6))
    assert {(pair.stance, pair.corpus) for pair in found} == {(None, "c")}
    assert [pair.document for pair in found] == ["d"] * 7 + [""] * 3
    assert len({pair.id for pair in [*rows, *found]}) == len(rows) + len(found)


def test_pairs_of_mentions_that_overlap_are_left_out() -> None:
    text = "Norway opposed the Iran deal ."
    rows = [
        Example(id="1", text=text, source="Norway", target="the Iran deal"),
        Example(id="2", text=text, source="Norway", target="Iran"),
    ]
    assert [(pair.source, pair.target) for pair in every_pair(rows)] == [
        ("", "Norway"),
        ("", "the Iran deal"),
        ("", "Iran"),
        ("the Iran deal", "Norway"),
        ("Iran", "Norway"),
    ]


def test_names_that_the_text_lacks_make_no_pairs() -> None:
    rows = [
        Example(id="1", text=TEXT, source="the ministry", target="Iran"),
        Example(id="2", text=TEXT, target="the treaty"),
    ]
    assert [(pair.source, pair.target) for pair in every_pair(rows)] == [("", "Iran")]
    assert every_pair([]) == []


def test_each_mention_of_a_name_is_one_of_its_own() -> None:
    rows = [
        Example(id="1", text="Iran met Iran .", target="Iran"),
        Example(id="2", text="Iran met Iran .", target="Iran", target_span=Span(9, 13)),
    ]
    assert [(pair.source_span, pair.target_span) for pair in every_pair(rows)] == [
        (Span(0, 4), Span(9, 13)),
        (Span(9, 13), Span(0, 4)),
    ]


def test_pairs_of_an_unlabeled_text_have_its_sources_and_its_author() -> None:
    text = "Iran left the talks , Norway did not ."
    rows = [
        Example(id="1", text=text, source="Iran", target="the talks"),
        Example(id="2", text=text, source="", target="Norway"),
    ]
    found = unlabeled_pairs(rows)
    assert [(pair.source, pair.target) for pair in found] == [
        ("", "Iran"),
        ("", "the talks"),
        ("", "Norway"),
        ("Iran", "the talks"),
        ("Iran", "Norway"),
    ]
    assert {pair.stance for pair in found} == {None}
