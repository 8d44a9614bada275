from __future__ import annotations

import pytest

from stancelab.article.pairs.quotes import quotations_of


def quoted(text: str) -> list[list[str]]:
    return [[text[start:end] for start, end in quotation.spans] for quotation in quotations_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"We will sign," Lund said. "We have waited."', [['"We will sign,"'], ['"We have waited."']]),
        ("“We will sign,” Lund said.", [["“We will sign,”"]]),
        ("He called it «a farce» and left.", [["«a farce»"]]),
        # One quotation over three sentences, and over a line break.
        ("“It is over. It was\nnever begun. Go,” he said.", [["“It is over. It was\nnever begun. Go,”"]]),
        # A paragraph opens the quotation anew.
        ("“It is over.\n\n“Go home,” he said.", [["“It is over.", "“Go home,”"]]),
        ('"It is over.\n\n"Go home," he said.', [['"It is over.', '"Go home,"']]),
        # A paragraph that does not: the mark was never closed.
        ('"It is over.\n\nHe left. "Go," he said.', [['"It is over.'], ['"Go,"']]),
        # Single marks; apostrophes and possessives are none.
        ("‘We don’t know,’ he said of the ministers’ plan.", [["‘We don’t know,’"]]),
        ("'We don't know,' he said of the ministers' plan.", [["'We don't know,'"]]),
        ("It was ‘like a landlord’ and Ireland’s patience ended. ‘Go,’ he said.", [["‘like a landlord’"], ["‘Go,’"]]),
        ("The ministers' plan of the '90s is Norway's.", []),
        ("A 5\" gun and a 6' wall.", []),
        ("", []),
    ],
)
def test_quotations(text, expected):
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("He called the vote “a farce” twice.", [False]),
        ("It was “groundless and irresponsible.”", [False]),
        ("“Never,” he said.", [True]),
        ("He said: “No.”", [True]),
        ("He said the text was “in no position to help anyone”.", [True]),
    ],
)
def test_quoted_words_are_no_speech(text, speech):
    assert [quotation.is_speech for quotation in quotations_of(text)] == speech
