from __future__ import annotations

import pytest

from stancelab.report.mistakes import Piece, find, mark

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


@pytest.mark.parametrize(
    ("text", "words", "span"),
    [
        (TEXT, "ankara", (0, 6)),
        ("A ban, not a band or bans.", "BAND", (13, 17)),
        ("The banner", "ban", None),
        ("So (he said) it is.", "(he said)", (3, 12)),
        ("Straße", "STRASSE", None),
        ("anything", "", None),
    ],
)
def test_words_are_found_whole(text: str, words: str, span: tuple[int, int] | None) -> None:
    assert find(text, words) == span
