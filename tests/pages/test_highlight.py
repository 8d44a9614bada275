from __future__ import annotations

from stancelab.pages.highlight import Piece, mark

TEXT = "Ankara says Ankara's ally erred."


def test_pieces_join_to_the_text_and_carry_their_kind() -> None:
    pieces = mark(TEXT, (21, 25), (0, 6))
    assert pieces == [
        Piece("Ankara", "source"),
        Piece(" says Ankara's ", ""),
        Piece("ally", "target"),
        Piece(" erred.", ""),
    ]


def test_where_they_overlap_the_target_wins() -> None:
    assert mark("the EU envoy", (4, 6), (0, 12)) == [
        Piece("the ", "source"),
        Piece("EU", "target"),
        Piece(" envoy", "source"),
    ]
    assert mark("abc", (0, 3), (0, 3)) == [Piece("abc", "target")]
    assert mark("abc", None, None) == [Piece("abc", "")]
