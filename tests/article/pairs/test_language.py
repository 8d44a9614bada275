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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The Kremlin's critics hailed Ukraine. Russia's opposition praised NATO. A Russian dissident praised "
            "Ukraine. Former US officials attacked Israel.",
            True,
        ),
        (
            "Norway hails NATO. Kenya slams Poland. Turkey rejects Irish offer. Iran condemns France. Rome warns Fiji.",
            True,
        ),
        ("Paris, Berlin and Rome welcomed talks. Kyiv’s allies pledged weapons. Moscow’s envoys walked out.", True),
        (
            "Die Kritiker des Kremls lobten Kiew. Russlands Opposition pries NATO. Ein Dissident pries Kiew. Ehemalige "
            "Beamte griffen Israel an.",
            False,
        ),
        (
            "Norwegen lobt NATO. Kenia tadelt Polen. Iran verurteilt Paris. Spanien hilft Rom. Peking warnt Tokio.",
            False,
        ),
        (
            "Les critiques du Kremlin saluent Kiev. Un dissident russe salue Kiev. Anciens officiels attaquent Israel.",
            False,
        ),
        (
            "Paris accuse Moscou. Berlin refuse Kiev. Madrid propose un plan. Rome dispute Prague. Oslo note Riga.",
            False,
        ),
        ("Los críticos del Kremlin elogian Kiev. Disidente ruso elogia Kiev. Exfuncionarios atacan Israel ya.", False),
        ("I critici del Cremlino lodano Kiev. Dissidente russo loda Kiev. Ex funzionari attaccano Israele.", False),
        ("Critici van het Kremlin prijzen Kiev. Russische dissident prijst Kiev. Ambtenaren vallen Israel aan.", False),
        ("Krytycy Kremla chwala Kijow. Opozycja chwali NATO. Dysydent chwali Kijow. Polska broni Litwy.", False),
        ("Jan's critici en Piet's vrienden zien het niet en zeggen dat een van de landen te zwak is.", False),
    ],
)
def test_terse_texts(text, expected):
    assert is_english(text) is expected
