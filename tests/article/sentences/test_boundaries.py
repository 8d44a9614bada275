"""Sentences of running prose: abbreviations of news, names in lower case, times of day, ordinary words."""

from __future__ import annotations

import pytest

from stancelab.article.sentences.boundaries import boundaries


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in boundaries(text)]


@pytest.mark.parametrize(
    "marked",
    [
        "It left the bank.‖ Norland agreed.",
        "They fled Homs.‖ Assad spoke.",
        "He spoke for the Kurds.‖ Ankara denied it.",
        "They went to the port.‖ Vestia sent ships.",
        "He is ill.‖ Vestia sent a doctor.",
        "Vestia said no.‖ Norland said yes.",
        "Is it so?‖ No.‖ Vestia lies.",
        "It is No. 3 on the list.",
        "Lt. Dow met Insp. Hall, Mme. Roy and Cmdr. Sato in Miss. and Mass. last week.",
        "It began at 5 p.m.‖ Vestia was late.",
        "It began at 5 p.m. Monday.",
        "It began at 5 p.m. Moscow time.",
        "It began at 9 a.m. GMT.‖ Nobody came.",
        "Norland's G.D.P. grew.",
        "The word Yahoo! shares a sign with others.",
        "Nobody was hurt.‖ al-Shabaab denied it.",
        "Shares fell.‖ eBay did not comment.",
        "It met in Zurich.‖ Élysée officials stayed away.",
        "« Non. »‖ Le ministre est parti.",
        '"We go," he said.‖ "They stay."',
        "The hall was empty. (Nobody knew why.)".replace(". (", ".‖ ("),
        "",
        " \n ",
    ],
)
def test_boundaries(marked):
    expected = [part.strip() for part in marked.split("‖") if part.strip()]
    assert parts(marked.replace("‖", "")) == expected


def test_without_the_rules_nupunkt_takes_ordinary_words_for_abbreviations():
    text = "It left the bank. Norland agreed."
    assert len(boundaries(text, mended=False)) == 1
    assert len(boundaries(text)) == 2


def test_a_long_stretch_without_a_blank_is_not_split():
    long = 'A."' * 2000
    assert parts(f"They met. {long} They left. He stayed.") == ["They met.", long, "They left.", "He stayed."]
