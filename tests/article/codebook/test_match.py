from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("ahocorasick")

from stancelab.article.codebook import Codebook, Matcher, parse_codebook
from stancelab.article.types import Mention
from stancelab.mentions import is_whole, same_words
from stancelab.schema import Span


def matcher(text):
    return Matcher(parse_codebook(text))


def said(text, codebook):
    """The mentions of a text, as (words, entry) pairs."""
    return [(text[slice(*each.span)], each.entry) for each in matcher(codebook).mentions(text)]


def test_mentions_have_roles_and_places_in_the_whole_document():
    text = "Tariffs rose.\r\n\r\nThe ministry's view:\n \nTariffs and the ministry."
    found = matcher("tariffs: {source: false}\nministry: {target: false}\n").mentions(text)
    assert found == [
        Mention(entry="tariffs", span=Span(0, 7), source=False, target=True),
        Mention(entry="ministry", span=Span(21, 29), source=True, target=False),
        Mention(entry="tariffs", span=Span(40, 47), source=False, target=True),
        Mention(entry="ministry", span=Span(56, 64), source=True, target=False),
    ]
    assert [text[slice(*each.span)] for each in found] == ["Tariffs", "ministry", "Tariffs", "ministry"]


def test_nothing_to_find():
    assert Matcher(Codebook()).mentions("Russia said no.") == []
    assert matcher("Russia: []").mentions("") == []
    assert matcher("Russia: []").mentions(" \n\n \n") == []


def test_the_name_is_an_alias():
    assert said("Rents rose; the rent cap fell.", "rents: [rent cap]") == [("Rents", "rents"), ("rent cap", "rents")]


@pytest.mark.parametrize(
    ("alias", "text", "is_found"),
    [
        ("the Kremlin", "THE KREMLIN DENIES", True),
        ("the Kremlin", "Kremlin denies", False),
        ("Turkey", "turkey", False),
        ("Turkey", "TURKEY", True),
        ("turkey meat", "Turkey Meat", True),
        ("NATO", "Nato", False),
        ("nato", "NATO", True),
        ("IT", "It rained", False),
        ("IT", "IT staff left", True),
        ("IT", "IT RAINED ALL DAY LONG", False),
        ("eBay", "EBAY", True),
        ("eBay", "Ebay", False),
        ("İzmir", "İZMİR", True),
        ("İzmir", "IZMIR", True),
        ("Straße", "STRASSE", True),
        ("Ελλάδα", "ΕΛΛΆΔΑ", True),
        ("Россия", "россия", False),
        ("Россия", "РОССИЯ", True),
    ],
)
def test_a_capital_matches_a_capital_only(alias, text, is_found):
    assert bool(said(text, f"X1: ['{alias}']")) is is_found


@pytest.mark.parametrize(
    ("alias", "text", "words"),
    [
        ("Россия", "По словам Россия, да", "Россия"),
        ("俄罗斯外交部", "俄罗斯外交部表示反对", "俄罗斯外交部"),
        ("ロシア", "ロシアが反対した", "ロシア"),
        ("러시아", "러시아는 반대했다", "러시아"),
        ("روسيا", "قالت روسيا إنها", "روسيا"),
        ("روسيا", "وروسيا ترفض", "روسيا"),
        ("ישראל", "בישראל אמרו", "ישראל"),
        ("รัสเซีย", "รัฐบาลรัสเซียปฏิเสธ", "รัสเซีย"),
        ("भारत", "भारत ने कहा", "भारत"),
        ("Côte", "la Co\u0302te", "Co\u0302te"),
        ("White House", "the White\n  House", "White\n  House"),
        ("O'Neill", "Mrs O’Neill", "O’Neill"),
        ("AT&T", "AT&T's offer", "AT&T"),
        ("OPEC+", "OPEC+ cut", "OPEC+"),
        ("C++", "in C++.", "C++"),
    ],
)
def test_scripts_and_forms(alias, text, words):
    assert said(text, f'X1: ["{alias}"]') == [(words, "X1")]


@pytest.mark.parametrize("text", ["Russians", "Prussia", "Russia_1", "Russia1", "ロシア語", "White\n\nHouse"])
def test_inside_a_word_or_over_paragraphs_is_none(text):
    assert said(text, "X1: [Russia, White House, ロシ]") == []


def test_the_longest_name_is_taken():
    codebook = "Russia: {demonyms: [Russian]}\nministry: [Russian Foreign Ministry, Ministry]\nForeign: []\n"
    assert said("The Russian Foreign Ministry and the Ministry", codebook) == [
        ("Russian Foreign Ministry", "ministry"),
        ("Ministry", "ministry"),
    ]
    assert said("New York Times Square", "paper: [New York Times]\nplaza: [Times Square]\n") == [
        ("New York Times", "paper")
    ]


@pytest.mark.parametrize(
    "text", ["see https://x.org/Russia/1", "www.Russia.org", "press.Russia@Russia.org", "x@a.Russia"]
)
def test_addresses_hold_no_mentions(text):
    assert said(f"{text} Russia", "Russia: []") == [("Russia", "Russia")]


def test_exceptions_are_passed_over_unless_they_are_names():
    exceptions = "US: {cities: [Washington], except: [Washington Post]}\n"
    assert said("The Washington Post wrote", exceptions) == []
    assert said("The Washington Post wrote", exceptions + "paper: [Washington Post]\n") == [
        ("Washington Post", "paper")
    ]


def test_an_entry_that_may_be_neither_is_passed_over():
    codebook = "Russia: []\nRussia Today: {source: false, target: false}\n"
    assert said("Russia Today said that Russia agreed.", codebook) == [("Russia", "Russia")]


def test_a_demonym_of_an_entry_that_may_be_no_target_needs_an_office():
    codebook = "Russia: {demonyms: [Russian], target: false}"
    assert said("Russian gas, said Russian officials", codebook) == [("Russian officials", "Russia")]


def test_an_office_ends_before_the_next_name():
    codebook = "Russia: {demonyms: [Russian]}\nLavrov: [Minister Lavrov]\n"
    found = matcher(codebook).mentions("Russian Foreign Minister Lavrov said")
    assert [(each.entry, each.span, each.source) for each in found] == [
        ("Russia", Span(0, 7), False),
        ("Lavrov", Span(16, 31), True),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Russian State Duma", [("Russian State Duma", "Duma")]),
        ("Russia's State Duma", [("Russia's State Duma", "Duma")]),
        ("Russia’s\nState Duma", [("Russia’s\nState Duma", "Duma")]),
        ("Russian State Duma clerks", [("Russian State Duma clerks", "clerks")]),
        ("Russia, State Duma", [("Russia", "Russia"), ("State Duma", "Duma")]),
        ("State Duma Russia", [("State Duma", "Duma"), ("Russia", "Russia")]),
        ("Russia's Russia", [("Russia", "Russia"), ("Russia", "Russia")]),
        ("China's State Duma", [("China", "China"), ("State Duma", "Duma")]),
    ],
)
def test_a_whole_in_front_of_its_part(text, found):
    codebook = (
        "Russia: {demonyms: [Russian]}\nDuma: {aliases: [State Duma], within: Russia}\nChina: []\n"
        "clerks: {within: Duma}\n"
    )
    assert said(text, codebook) == found


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Spain is divided. The Congress was told so.", "Cortes"),
        ("The Congress was told so. Madrid shrugged.", "Cortes"),
        ("The Congress was told so.", "US Congress"),
        ("Norway was told so by the Congress.", "US Congress"),
        ("Spain and the United States spoke. The Congress was told so.", "US Congress"),
        ("Spain watched the US Senate. The Congress was told so.", "US Congress"),
        ("Spain and Peru spoke. The Congress was told so.", None),
        ("In Accra, the opposition Northern Congress left.", None),
        ("On Tuesday Congress left.", "US Congress"),
        ("A Republican Congress left.", "US Congress"),
    ],
)
def test_a_parliament_without_its_state_is_that_of_the_one_that_the_text_names(text, entry):
    codebook = (
        "United States: []\nUS Congress: {aliases: [Congress], within: United States}\n"
        "US Senate: {within: United States}\nSpain: {cities: [Madrid]}\nNorway: []\nPeru: []\n"
        "Cortes: {aliases: [Congress of Deputies], within: Spain}\nPeruvian Congress: {within: Peru}\n"
    )
    found = [one.entry for one in matcher(codebook).mentions(text) if text[slice(*one.span)] == "Congress"]
    assert found == ([] if entry is None else [entry])


@pytest.mark.parametrize("noun", ["Congress", "Senate", "Parliament"])
def test_each_common_noun_of_an_entry_is_that_of_the_state_that_the_text_names(noun):
    codebook = (
        "United States: []\nUS Congress: {aliases: [Congress, Senate, Parliament], within: United States}\nSpain: []\n"
        "Cortes: {aliases: [Congress of Deputies, Spanish Senate, Spanish Parliament], within: Spain}\n"
    )
    assert said(f"Spain is divided. The {noun} was told so.", codebook) == [("Spain", "Spain"), (noun, "Cortes")]


@pytest.mark.parametrize("place", ["MOSCOW, Oct. 9 –", "MOSCOW, Sept. 14 (Agency) —", "MOSCOW, Russia, Oct. 9 —"])
def test_a_city_before_an_abbreviated_month_is_a_dateline(place):
    codebook = "Russia: {cities: [Moscow, MOSCOW]}\n"
    assert [name for _, name in said(f"{place} Farmers wept.", codebook) if name == "MOSCOW"] == []
    assert said("MOSCOW, No. 9 of the list said so.", codebook) == [("MOSCOW", "Russia")]


@pytest.mark.parametrize("office", ["Labor Minister", "home secretary", "climate envoy", "fisheries ministry"])
def test_an_adjective_with_any_portfolio_may_be_a_source(office):
    found = matcher("Norway: {demonyms: [Norwegian]}\n").mentions(f"Norwegian {office} Kari Lund spoke.")
    assert [(one.source, one.span) for one in found] == [(True, Span(0, len("Norwegian ") + len(office)))]


NAMES = (
    "Russia",
    "Russian",
    "US",
    "the US",
    "State Duma",
    "Duma",
    "Moscow",
    "a-b",
    "US Post",
    "ß",
    "俄罗斯",
    "Russia-US",
)
CODEBOOK = """
Russia: {demonyms: [Russian], cities: [Moscow], persons: true, except: [Russia-US]}
US: {aliases: [the US], except: [US Post]}
State Duma: {aliases: [Duma, a-b], within: Russia}
letters: ["ß", "俄罗斯"]
"""


@given(
    st.lists(
        st.sampled_from(
            (*NAMES, "in", "officials", "'s", "-", "—", " ", "\n", "\n\n", ".", "e\u0301", "\u00ad", "X", "İ")
        )
    )
)
def test_mentions_are_whole_ordered_and_apart(parts):
    text = "".join(parts)
    found = matcher(CODEBOOK).mentions(text)
    spans = [each.span for each in found]
    assert all(first.end <= second.start for first, second in pairwise(spans))
    for each in found:
        words = text[slice(*each.span)]
        assert is_whole(text, *each.span)
        assert "\n\n" not in words
        # What a mention ends in is a name; before it may stand a state whose body it is, behind it an office.
        assert any(same_words(words[-len(name) - 2 :].strip("\u00ad "), name) or name in words for name in NAMES)
        assert each.source or each.target


@given(
    st.sampled_from(NAMES[:7]), st.sampled_from(["", "and ", "“", "("]), st.sampled_from(["", ".", " said", "”", "'s"])
)
def test_a_name_that_stands_alone_is_found(name, before, after):
    found = matcher(CODEBOOK).mentions(f"{before}{name}{after}")
    assert [each.span for each in found] == [Span(len(before), len(before) + len(name))]
