import codecs
import io
from pathlib import Path

import pytest

from stancelab.errors import DataError
from stancelab.tables.encodings import find_encoding
from stancelab.tables.options import TableOptions

# fmt: off
SENTENCES = {
    "French": (
        "Le président a salué l’accord où la Chine, très réservée, s’"
        "était elle-même abstenue ; voilà ce qui gêne."
    ),
    "German": (
        "Die Präsidentin begrüßte das Abkommen, die Opposition lehnte"
        " es schärfer ab als früher: „unnötig“."
    ),
    "Spanish": (
        "El niño saludó la decisión; mañana votarán los diputados seg"
        "ún el señor Muñoz. ¿Quién lo impedirá?"
    ),
    "Portuguese": "A nação não apoia a decisão; a reunião de amanhã será às três, e ninguém contestará a posição.",
    "Swedish": (
        "Regeringen välkomnade avtalet på måndagen, medan oppositione"
        "n försökte hålla emot ända till slutet."
    ),
    "Polish": (
        "Prezydent poparł tę umowę, choć rząd był przeciw; żaden pose"
        "ł się nie wstrzymał, a część wyszła źle."
    ),
    "Czech": (
        "Ministr přivítal dohodu, ačkoli opozice ji ostře odmítla; žá"
        "dný poslanec se nezdržel a všichni mlčeli."
    ),
    "Hungarian": (
        "A miniszter üdvözölte az egyezményt, de az ellenzék erősen b"
        "írálta; később kétségbe vonták a döntést is, őszintén."
    ),
    "Turkish": (
        "Cumhurbaşkanı anlaşmayı öven bir konuşma yaptı, ancak muhale"
        "fet ısrarla karşı çıktı; görüşme sürüyor."
    ),
    "Russian": "Президент поддержал соглашение, хотя оппозиция выступила против него; Москва молчит.",
    "Ukrainian": "Президент підтримав угоду, хоча опозиція виступила проти неї; Київ мовчить, її ґрунт міцний.",
    "Greek": "Ο πρόεδρος χαιρέτισε τη συμφωνία, ενώ η αντιπολίτευση την απέρριψε με οργή.",
    "Chinese": "总统表示，他不支持这个协议，因为它对国家的经济没有好处，而反对党的人说他们会投票。",
    "Taiwan": "總統表示，他不支持這個協議，因為它對國家的經濟沒有好處，而反對黨的人說他們會投票。",
    "Japanese": "大統領はこの協定を支持しないと述べたが、野党は賛成すると言っている。",
    "Korean": "대통령은 이 협정을 지지하지 않는다고 말했지만 야당은 찬성한다고 말했다.",
    "Hebrew": "הנשיא תמך בהסכם אך האופוזיציה התנגדה לו בתוקף.",
    "Arabic": "أيد الرئيس الاتفاق لكن المعارضة رفضته بشدة.",
    "Capitals": "ПРЕЗИДЕНТ ПОДДЕРЖАЛ СОГЛАШЕНИЕ, ХОТЯ ОППОЗИЦИЯ ВЫСТУПИЛА ПРОТИВ НЕГО.",
    "Thai": "ประธานาธิบดีสนับสนุนข้อตกลงนี้ แต่ฝ่ายค้านไม่เห็นด้วย",
}
# fmt: on


def found(text: str, encoding: str) -> str:
    content = f"text,target,stance\n{text},the pact,favor\n" * 3
    return find_encoding(Path("a.csv"), io.BytesIO(content.encode(encoding)), TableOptions(group="data"))


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("French", "cp1252"), ("French", "mac_roman"), ("Spanish", "cp850"),
        ("German", "cp1252"), ("German", "mac_roman"), ("Spanish", "cp1252"), ("Portuguese", "cp1252"),
        ("Swedish", "cp1252"), ("Polish", "cp1250"), ("Czech", "cp1250"), ("Hungarian", "cp1250"),
        ("Turkish", "cp1254"), ("Russian", "cp1251"), ("Russian", "koi8_r"), ("Capitals", "cp1251"),
        ("Capitals", "koi8_r"), ("Russian", "iso8859_5"),
        ("Russian", "cp866"), ("Ukrainian", "cp1251"), ("Greek", "cp1253"), ("Chinese", "gb18030"),
        ("Taiwan", "big5"), ("Japanese", "shift_jis"), ("Japanese", "euc_jp"), ("Korean", "euc_kr"),
        ("Hebrew", "cp1255"), ("Arabic", "cp1256"), ("Thai", "cp874"),
    ],
)  # fmt: skip
def test_an_encoding_is_told_by_the_text_that_it_gives(language: str, encoding: str) -> None:
    text = SENTENCES[language]
    assert text.encode(encoding).decode(found(text, encoding)) == text


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_encodings_are_told_by_their_bytes(language: str, encoding: str) -> None:
    assert found(SENTENCES[language], encoding) == encoding.removesuffix("-sig")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_told_by_its_nul_bytes(encoding: str) -> None:
    assert found("plain", encoding) == encoding


def test_a_text_of_which_encodings_give_different_words_is_refused_with_both() -> None:
    with pytest.raises(DataError) as error:
        found("Le père vote.", "cp1252")
    assert "cp1252 gives 'père'" in str(error.value)
    assert "cp1250 gives 'pčre'" in str(error.value)
    assert "data.encoding=cp1252" in str(error.value)


def test_what_is_no_text_in_any_encoding_stays_utf8_so_that_reading_names_the_byte() -> None:
    content = ("text\n" + "Präsidentin, früher, größer\n" * 50).encode() + b"caf\xe9\n"
    assert find_encoding(Path("a.csv"), io.BytesIO(content), TableOptions()) == "utf-8"


def test_a_late_byte_is_seen() -> None:
    content = b"text\n" + b"plain words\n" * 200_000 + "Die Präsidentin grüßte.\n".encode("cp1252")
    assert find_encoding(Path("a.csv"), io.BytesIO(content), TableOptions()) == "cp1252"


def test_ascii_is_utf8() -> None:
    assert find_encoding(Path("a.csv"), io.BytesIO(codecs.BOM_UTF8 + b"a,b\n"), TableOptions()) == "utf-8"
    assert found("plain", "ascii") == "utf-8"


@pytest.mark.parametrize(
    "text",
    [
        "Kenya’s envoy didn’t hail the pact.",
        "“No pact” – said the minister’s aide…",
        "The “pact” was hailed — by Norway.",
    ],
)
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_english_print(text: str, encoding: str) -> None:
    assert text.encode(encoding).decode(found(text, encoding)) == text


def test_a_letter_that_another_encoding_takes_for_an_apostrophe() -> None:
    with pytest.raises(DataError, match=r"cp1252 gives 'aqu’,the'; mac_roman gives 'aquí,the'"):
        found("El pacto no vale aquí", "mac_roman")
