from __future__ import annotations

import unicodedata

import pytest

from stancelab.schema import Example, Span, normal_text
from stancelab.text_keys import name_key, place_keys, row_key, text_key

PACT = "the ministry hailed the pact"


@pytest.mark.parametrize(
    "copy",
    [
        "The ministry  hailed the pact",
        "The ministry hailed the pact https://t.co/AbC123",
        "The ministry hailed the pact https://t.co/x…",
        "The ministry hailed the pact http…",
        "The ministry hailed the pact: www.example.org/a?b=c",
        "RT @kenya: RT @somalia: The ministry hailed the pact",
        "@kenya @somalia The ministry hailed the pact",
        "The ministry hailed the pact via @bbc",
        "The ministry hailed the pact 1,204 retweets",
        "Retweets: 12 | The ministry hailed the pact",
        "The min\u00adistry hailed\u200b the pact",
        "Ｔｈｅ ministry hailed the pact",
        "The&nbsp;ministry hailed the pact",
        "The&amp;nbsp;ministry hailed the pact",
    ],
)
def test_copies_of_a_text_have_one_key(copy: str) -> None:
    assert text_key(copy) == PACT


def test_unicode_forms_and_quotes_do_not_count() -> None:
    text = "Lệnh ngừng bắn của người dân’s"
    assert text_key(unicodedata.normalize("NFD", text)) == text_key(text) == text_key(text.replace("’", "'"))
    assert name_key("Cafe\u0301 “X”") == 'café "x"'


@pytest.mark.parametrize("text", ["https://a.org/b", "@kenya", "joe@example.org wrote", "10 shares of Apple & Co."])
def test_what_is_no_copy_keeps_its_words(text: str) -> None:
    assert text_key(text) == normal_text(text)


def test_plain_texts_keep_the_key_that_splits_follow_from() -> None:
    assert text_key("Die Straße — nein, `so` nicht.") == "die straße - nein, `so` nicht."
    assert text_key("Kenya hailed the pact, Art. 5 of 12.") == "kenya hailed the pact, art. 5 of 12."


def test_rows_of_two_marked_mentions_are_two() -> None:
    text = "Lumeria praised Velnia, while Pelagia scolded Velnia"
    first, second = text.index("Velnia"), text.rindex("Velnia")
    rows = [
        Example(id=str(start), text=text, target="Velnia", target_span=None if start < 0 else Span(start, start + 6))
        for start in (-1, first, second)
    ]
    unmarked, at_first, at_second = map(row_key, rows)
    assert unmarked == at_first != at_second
    copy = Example(id="c", text=f"@x {text}", target="Velnia", target_span=Span(second + 3, second + 9))
    assert row_key(copy) == at_second
    assert place_keys(rows[1]) == ("", "")
