from __future__ import annotations

import unicodedata

import pytest

from stancelab.mentions import find_words, is_whole, same_words


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("卢梅里亚外长今天欢迎停火协议但拒绝制裁", "停火协议", "停火协议"),
        ("欧盟EU支持", "EU", "EU"),
        ("カルドラ政府は停戦案を歓迎した", "停戦案", "停戦案"),
        ("大ソビエト連邦", "ソビエト", "ソビエト"),
        ("ｶﾞｻﾞ地区は", "ガザ地区", "ｶﾞｻﾞ地区"),
        ("รัฐบาลคัลโดราสนับสนุนข้อตกลงหยุดยิง", "ข้อตกลงหยุดยิง", "ข้อตกลงหยุดยิง"),
        ("칼도라 정부는 휴전안을 환영했다", "휴전안", "휴전안"),
        ("나토는 EU와", "EU", "EU"),
        (nfd("칼도라 정부는 휴전안을"), "휴전안", nfd("휴전안")),
        ("رفضت كالدورا والاتفاق", "الاتفاق", "الاتفاق"),
        ("رفضت للاتفاق", "الاتفاق", "لاتفاق"),
        ("رفضت الاتِّفاقُ", "الاتفاق", "الاتِّفاقُ"),
        (nfd("Café Réunion rejected the pact"), "Café Réunion", nfd("Café Réunion")),
        ("Café Réunion rejected the pact", nfd("Café Réunion"), "Café Réunion"),
        ("ＥＵ said no", "EU", "ＥＵ"),
        ("Lumeria rejected the people’s treaty", "the people's treaty", "the people’s treaty"),
        ("Lumeria rejected the people's treaty", "the people’s treaty", "the people's treaty"),
        ("the river\u200b accord", "the river accord", "the river\u200b accord"),
        ("the river ac\u00adcord", "the river accord", "the river ac\u00adcord"),
        ("the\u00a0river  \n accord", "the river accord", "the\u00a0river  \n accord"),
        ("the Iran–Contra affair", "Iran-Contra", "Iran–Contra"),
        ("Die Straße", "STRASSE", "Straße"),
        ("İstanbul", "istanbul", "İstanbul"),
        ("IŞIK yandı", "ışık", "IŞIK"),
        ("ΟΔΟΣ", "οδος", "ΟΔΟΣ"),
        ("I like @JoeBiden!", "Joe Biden", "JoeBiden"),
        ("we say #joebiden", "Joe Biden", "joebiden"),
        ("we say #joe_biden", "Joe Biden", "joe_biden"),
        ("#StopBiden now", "Biden", "Biden"),
        ("@realDonaldTrump spoke", "Donald Trump", "DonaldTrump"),
        ("#TheRiverAccord", "the river accord", "RiverAccord"),
        ("#BBCNews24", "BBC News", "BBCNews"),
        ("Joe Biden spoke", "#JoeBiden", "Joe Biden"),
        ("it is #JoeBiden", "#JoeBiden", "#JoeBiden"),
    ],
)
def test_words_are_found_in_any_script_and_form(text: str, words: str, said: str) -> None:
    found = find_words(text, words)
    assert found is not None
    assert text[slice(*found)] == said


@pytest.mark.parametrize(
    ("text", "words", "start"),
    [
        ("भारतीय दल ने भारत की नीति सराही", "भारत", 13),
        (nfd("Rocé praised Roce"), "Roce", 14),
        ("The Iskaria-backed militia fled; Iskaria cheered", "Iskaria", 33),
        ("The Iskaria-backed militia fled", "Iskaria", 4),
        ("한국어를 배운다, 한국은", "한국", 10),
        ("イランはイラ", "イラ", 4),
        ("#Bidenomics is not Biden", "Biden", 19),
    ],
)
def test_a_place_inside_another_word_is_passed_over(text: str, words: str, start: int) -> None:
    found = find_words(text, words)
    assert found is not None
    assert found[0] == start


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("José spoke", "Jose"),
        (nfd("José spoke"), "Jose"),
        ("भारतीय दल", "भारत"),
        ("ورق", "رق"),
        ("x 👩\u200d👩\u200d👧 y", "👩"),
        ("write to joe@JoeBiden.com", "Joe Biden"),
        ("see https://x.com/#JoeBiden", "Joe Biden"),
        ("#joebidens", "Joe Biden"),
        ("the U.S.A", "U.S."),
        ("anything", "\u200b"),
    ],
)
def test_other_words_are_not_found(text: str, words: str) -> None:
    assert find_words(text, words) is None


def test_a_range_is_whole_where_it_cuts_no_word() -> None:
    text = "😡 Fenmark's café praised the pact"
    assert is_whole(text, 2, 9)
    assert not is_whole(text, 3, 9)
    assert not is_whole(text, 2, 8)
    assert not is_whole(text, 1, 9)
    assert not is_whole(text, 2, 99)
    assert not is_whole(nfd("café"), 0, 4)


def test_same_words() -> None:
    assert same_words("The  Café’s", nfd("the café's"))
    assert not same_words("cafe", "café")
