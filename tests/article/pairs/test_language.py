from __future__ import annotations

import pytest

from stancelab.article.pairs.language import is_english


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ministry said that it had not been told of the decision of the court and would reply in due time.", True),
        ("Norway backs truce", True),
        ("", True),
        ("Das Ministerium erklärte, dass es über die Entscheidung des Gerichts nicht informiert worden sei.", False),
        ("Le ministère a déclaré qu'il n'avait pas été informé de la décision de la cour et qu'il répondrait.", False),
        ("El ministerio dijo que no había sido informado de la decisión del tribunal y que respondería pronto.", False),
        ("Het ministerie zei dat het niet op de hoogte was van het besluit van de rechtbank en later reageert.", False),
        (
            "Ministeriet sagde, at det ikke var blevet orienteret om rettens afgørelse, og at det vil svare senere.",
            False,
        ),
        ("Министерство заявило", False),
        ("Министерство заявило, что не было проинформировано о решении суда и ответит на него в своё время.", False),
    ],
)
def test_is_english(text, expected):
    assert is_english(text) is expected
