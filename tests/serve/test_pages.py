"""The pages without a browser: they work without scripts, and show texts as texts."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import re
from typing import TYPE_CHECKING

import msgspec
import pytest

from stancelab.article.codebook import parse_codebook
from stancelab.article.codebook.write import codebook_text
from stancelab.article.documents import text_document
from stancelab.article.proposal.propose import propose
from stancelab.article.results import Reading
from stancelab.pages.policy import policy_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
HTMX = {**PAGE, "hx-request": "true"}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def read(client: TestClient, text: str, **fields: str) -> str:
    """Read an article on the page and return where its reading is."""
    answer = client.post("/read", data={"text": text, **fields}, headers=PAGE)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def told(text: str) -> str:
    """Return what a page tells in its problem."""
    return html.unescape(
        re.sub(r"<[^>]+>", "", re.findall(r'class="problem"(?:[^>]*)>(.*?)</(?:div|p)>', text, re.S)[0])
    )


def test_an_article_becomes_a_page_with_its_files(client: TestClient, article: str) -> None:
    place = read(client, article, title="Talks", date="2026-11-29", outlet="The Paper")
    page = client.get(place, headers=PAGE)
    assert page.status_code == 200
    for words in ("Talks", "The Paper", "2026-11-29", '<mark class="source" title="source">Norway</mark>'):
        assert words in page.text
    assert "Right is" not in page.text  # no file takes labels
    stances = list(csv.DictReader(io.StringIO(client.get(f"{place}/stances.csv").text)))
    assert {row["document"] for row in stances} == {"article"}
    assert ("Norway", "Iran", "against") in {(row["source"], row["target"], row["stance"]) for row in stances}
    assert len(list(csv.DictReader(io.StringIO(client.get(f"{place}/evidence.csv").text)))) == len(
        msgspec.json.decode(client.get(f"{place}/stances.json").content, type=Reading).evidence
    )
    for name in ("stances.csv", "evidence.csv", "stances.json"):
        assert client.get(f"{place}/{name}").headers["content-disposition"] == f'attachment; filename="{name}"'


def test_the_map_stands_in_a_frame_that_is_none_of_the_server(client: TestClient, article: str) -> None:
    place = read(client, article)
    answer = client.get(f"{place}/map.html")
    policy = answer.headers["content-security-policy"]
    assert policy == policy_of(answer.text) + "; frame-ancestors 'self'; sandbox allow-scripts allow-downloads"
    assert 'sandbox="allow-scripts allow-downloads"' in client.get(place).text
    saved = client.get(f"{place}/save-map.html")
    assert saved.text == answer.text
    assert saved.headers["content-disposition"] == 'attachment; filename="map.html"'


def test_hostile_texts_are_shown_as_text(client_of: Callable[..., TestClient], tmp_path: Path) -> None:
    client = client_of(labels=str(tmp_path / "labels.csv"))
    text = f"Norway condemned Iran over {HOSTILE} on Monday."
    codebook = f"include: default\n'{HOSTILE}': [Monday]\n"
    place = read(client, text, title=HOSTILE, outlet=HOSTILE, codebook=codebook, book="own")
    other = read(client, text, title=HOSTILE, beside=place.rpartition("/")[2])
    assert other.startswith("/compare/")
    pages = [client.get(path).text for path in (place, f"{place}/map.html", other)]
    pages.append(client.get(f"{place}/sentences", headers=HTMX).text)
    pages.append(client.post("/read", data={"text": "", "title": HOSTILE, "codebook": HOSTILE}, headers=PAGE).text)
    pages.append(client.post("/codebook", data={"codebook": f"'{HOSTILE}': 3"}, headers=HTMX).text)
    pages.append(client.post("/read", files={"file": (f"{HOSTILE}.exe", b"x")}, headers=PAGE).text)
    pages.append(client.get(f"/{HOSTILE}", headers=PAGE).text)
    pages.append(client.get(f"/?beside={HOSTILE}", headers=PAGE).text)
    pages += [client.get(f"/?{name}={place.rpartition('/')[2]}", headers=PAGE).text for name in ("again", "beside")]
    pages += [client.post("/proposal", data={"text": text}, headers=headers).text for headers in (PAGE, HTMX)]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_what_cannot_be_read_is_told_above_the_form(client: TestClient) -> None:
    def refused(status: int, **request: object) -> str:
        answer = client.post("/read", headers=PAGE, **request)  # type: ignore[arg-type]
        assert answer.status_code == status
        return told(answer.text)

    assert "text: is blank; give an article" in refused(422, data={"text": " "})
    of_date = refused(422, data={"text": "Norway met Iran.", "date": "03/04/2026"})
    assert "date: found '03/04/2026', which may be two dates; write it as 2026-11-29" in html.unescape(of_date)
    kept = client.post("/read", data={"text": "Norway <met> Iran.", "date": "x"}, headers=PAGE).text
    assert "Norway &lt;met&gt; Iran.</textarea>" in kept
    assert "file: the name 'a.exe' ends in '.exe', allowed are .txt" in refused(422, files={"file": ("a.exe", b"x")})
    both = {"data": {"text": "Norway met Iran."}, "files": {"file": ("a.txt", b"Norway met Iran.")}}
    assert "article: found a text and a file" in refused(422, **both)
    assert "codebook" in refused(422, data={"text": "a", "book": "own", "codebook": "a: [b"})
    assert "not kept any more" in refused(404, data={"text": "Norway met Iran.", "beside": "nothing"})
    broken = {**PAGE, "content-type": "multipart/form-data; boundary=x"}
    answer = client.post("/read", content=b"--x\r\nno header", headers=broken)
    assert answer.status_code == 400
    assert "form: cannot be read" in told(answer.text)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"Norway condemned Iran on Monday.\r\nMore."),
        ("../../etc/a.TXT", "Norway condemned Iran on Monday \u2014 again.".encode("utf-16")),
        ("a.md", b"---\ntitle: Talks\ndate: 2026-11-29\n---\n\nNorway condemned Iran on Monday.\n"),
        ("C:\\a.html", b"<html><body><article><h1>Talks at sea</h1><p>Norway condemned Iran on Monday over the seizure "
                       b"of a tanker in the strait, which it called unlawful.</p></article></body></html>"),
    ],
)  # fmt: skip
def test_files_are_read(name: str, content: bytes, client: TestClient) -> None:
    answer = client.post("/read", files={"file": (name, content)}, headers=PAGE)
    assert answer.status_code == 303, answer.text
    reading = msgspec.json.decode(client.get(f"{answer.headers['location']}/stances.json").content, type=Reading)
    assert next((pair.source, pair.target, pair.stance) for pair in reading.pairs) == ("Norway", "Iran", "against")
    assert reading.documents[0].path == ""


def test_a_word_document_is_read(client: TestClient, tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("Norway condemned Iran on Monday.")
    document.save(str(tmp_path / "a.docx"))
    answer = client.post("/read", files={"file": ("a.docx", (tmp_path / "a.docx").read_bytes())}, headers=PAGE)
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", b"%PDF-1.4 nothing", "file: a.pdf: cannot be read as a PDF"),
        ("a.docx", b"PK\x03\x04 nothing", "file: a.docx: "),
        ("a.txt", b"\x00\x01\x02\x03" * 100, "file: a.txt: "),
        ("a.txt", b"", "file: a.txt: is empty"),
        ("a.csv", b"text\nNorway met Iran\n", "file: the name 'a.csv' ends in '.csv'"),
        ("a.txt.gz", b"\x1f\x8b", "file: the name 'a.txt.gz' ends in '.gz'"),
        ("/etc/passwd", b"x", "file: the name 'passwd' ends in ''"),
    ],
)
def test_files_that_cannot_be_read_are_told(name: str, content: bytes, message: str, client: TestClient) -> None:
    answer = client.post("/read", files={"file": (name, content)}, headers=PAGE)
    assert answer.status_code == 422
    assert message in told(answer.text)
    assert "/tmp" not in told(answer.text)


def test_filters_leave_the_sentences_of_a_pair(client: TestClient, article: str) -> None:
    place = read(client, article)
    page = client.get(f"{place}?source=Norway&stance=against", headers=PAGE).text
    fragment = client.get(f"{place}/sentences?source=Norway&stance=against", headers=HTMX).text
    for text in (page, fragment):
        assert text.count('id="answer-') == 1
    assert "<html" not in fragment
    assert '<option value="Norway" selected>' in page
    assert '<option value="neutral">no stance</option>' in page
    assert '<p class="more">1 of ' in fragment
    assert '<p class="more">0 of ' in client.get(f"{place}/sentences?stance=x", headers=HTMX).text
    answer = client.get(f"{place}/sentences?source=Norway", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{place}?source=Norway#sentences")


def test_two_articles_stand_side_by_side(client: TestClient) -> None:
    first = read(client, "Norway condemned Iran. Kenya met China.", title="First")
    both = read(client, "Norway praised Iran. Somalia met China.", title="Second", beside=first.rpartition("/")[2])
    page = client.get(both, headers=PAGE).text
    assert page.count("<iframe") == 2
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page, re.S)
    texts = [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]
    assert texts[1] == "Norway → Iran − against −0.88, 1 sentence + favor +0.88, 1 sentence"
    assert "Kenya → China ○ no stance 0.00, 1 sentence not in it" in texts
    heads = re.findall(r'<th scope="rowgroup" colspan="3">(.*?)</th>', page)
    assert heads == ["Another stance in each (2)", "In one article alone (4)"]


def test_readings_are_kept_for_a_while(client_of: Callable[..., TestClient]) -> None:
    client = client_of(kept=2)
    places = [read(client, "Norway met Iran.") for _ in range(3)]
    assert len(set(places)) == 3
    assert [client.get(place, headers=PAGE).status_code for place in places] == [404, 200, 200]
    assert client.post(f"{places[1]}/forget", headers=PAGE).status_code == 303
    assert client.get(places[1], headers=PAGE).status_code == 404
    assert "not kept any more" in told(client.get(places[1], headers=PAGE).text)


def test_a_codebook_is_checked(client: TestClient) -> None:
    good, bad = "Smith: []\nJones: []\n", "Smith: [Jones]\nJones: []\n"
    assert "It can be used: 2 entries." in client.post("/codebook", data={"codebook": good}, headers=HTMX).text
    assert "Jones" in told(client.post("/codebook", data={"codebook": bad}, headers=HTMX).text)
    whole = client.post("/codebook", data={"codebook": good}, headers=PAGE).text
    assert "It can be used: 2 entries." in whole
    assert 'value="own" checked' in whole


def test_the_page_says_that_it_is_loading(client_of: Callable[..., TestClient]) -> None:
    client = client_of(ready=False)
    assert "still being loaded" in told(client.get("/", headers=PAGE).text)
    answer = client.post("/read", data={"text": "Norway met Iran."}, headers=PAGE)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


def test_htmx_is_the_file_that_its_notice_names(client: TestClient) -> None:
    digest = hashlib.sha256(client.get("/static/htmx.min.js").content).hexdigest()
    assert f"SHA-256: {digest}" in client.get("/static/htmx.NOTICE.txt").text


def test_what_pages_load_is_what_the_server_has(client: TestClient) -> None:
    page = client.get("/", headers=PAGE)
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    assert len(loaded) == 4
    for path in [*loaded, "/static/htmx.NOTICE.txt"]:
        assert client.get(path).status_code == 200
    assert "'unsafe" not in page.headers["content-security-policy"]
    assert not re.search(r"<script>|\son\w+=|style=|https?://", page.text)


NAMES = "Mr Smith condemned the rent cap. The rent cap helps nobody, Mr Smith said. Norway praised the rent cap."


def editor(page: str) -> str:
    """Return what stands in the editor of the codebook."""
    found = re.search(r'<textarea id="codebook"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert found is not None
    return html.unescape(found[1])


def chosen(page: str) -> str:
    """Return which codebook is chosen on the form."""
    return re.findall(r'name="book" value="(\w+)" checked', page)[0]


def test_the_page_fills_the_editor_with_a_proposal(client: TestClient) -> None:
    whole = client.post("/proposal", data={"text": NAMES, "title": "Rents"}, headers=PAGE).text
    part = client.post("/proposal", data={"text": NAMES}, headers=HTMX).text
    expected = codebook_text(propose([text_document(NAMES)], 60))
    for page in (whole, part):
        text = editor(page)
        assert text.startswith("# Proposed from the article.")
        assert text.endswith(expected)
        assert "Proposed from the article: 3 entries. Edit them" in page
    assert (chosen(whole), 'value="Rents"' in whole, "<html" in part) == ("own", True, False)
    edited = editor(whole).replace("rent cap:", "the cap on rents:").replace("\n", "\r\n")  # as browsers send it
    place = read(client, NAMES, codebook=edited, book="own")
    found = msgspec.json.decode(client.get(f"{place}/stances.json").content, type=Reading)
    assert [entry.name for entry in found.entries] == ["Norway", "Smith", "the cap on rents"]
    assert client.get(f"{place}/codebook.yaml").text == edited.replace("\r\n", "\n")


def test_a_proposal_that_cannot_be_made_leaves_the_form_as_it_is(client: TestClient) -> None:
    written = {"text": "It rained.", "codebook": "Jones: []"}
    for headers in (PAGE, HTMX):
        page = client.post("/proposal", data=written, headers=headers).text
        assert "codebook: the article names nothing" in told(page)
        assert editor(page).strip() == "Jones: []"
    file = {"file": ("a.txt", NAMES.encode())}
    without_scripts = client.post("/proposal", files=file, headers=PAGE).text
    assert f"{NAMES}</textarea>" in without_scripts  # a page cannot keep a file that was chosen
    assert "found a text and a file" in told(client.post("/proposal", data=written, files=file, headers=HTMX).text)


def test_an_article_is_read_again_with_its_codebook(client_of: Callable[..., TestClient]) -> None:
    client = client_of()
    first = client.get("/", headers=PAGE).text
    assert (chosen(first), 'id="book-server"' in first) == ("proposal", False)
    place = read(client, NAMES, date="2026-11-29")
    page = client.get(place, headers=PAGE).text
    assert "<b>3</b> entries in the codebook, proposed from the article" in page
    again = client.get(f"/?again={place.rpartition('/')[2]}", headers=PAGE).text
    assert (chosen(again), f"{NAMES}</textarea>" in again, 'value="2026-11-29"' in again) == ("own", True, True)
    saved = client.get(f"{place}/codebook.yaml")
    assert saved.headers["content-disposition"] == 'attachment; filename="codebook.yaml"'
    assert saved.text == editor(again)
    assert list(parse_codebook(saved.text).entries) == ["Norway", "Smith", "rent cap"]
    beside = client.get(f"/?beside={place.rpartition('/')[2]}", headers=PAGE).text
    assert (chosen(beside), editor(beside)) == ("proposal", saved.text)
    named = read(client, NAMES, book="default")
    assert chosen(client.get(f"/?again={named.rpartition('/')[2]}", headers=PAGE).text) == "default"
    assert len(parse_codebook(client.get(f"{named}/codebook.yaml").text).entries) > 300
    assert client.get("/?again=nothing", headers=PAGE).status_code == 404


def test_a_file_is_read_again_as_a_text(client: TestClient) -> None:
    content = b"---\ntitle: Talks\ndate: 2026-11-29\n---\n\nNorway condemned Iran on Monday.\n"
    answer = client.post("/read", files={"file": ("a.md", content)}, headers=PAGE)
    page = client.get(f"/?again={answer.headers['location'].rpartition('/')[2]}", headers=PAGE).text
    assert "Norway condemned Iran on Monday." in page
    assert 'value="Talks"' in page


@pytest.mark.parametrize(("codebook", "choice"), [("default", "default"), ("mine", "server")])
def test_the_form_chooses_the_servers_codebook(
    codebook: str, choice: str, client_of: Callable[..., TestClient], tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text("Jones: []\n")
    client = client_of(codebook=codebook if codebook == "default" else str(tmp_path / "mine.yaml"))
    page = client.get("/", headers=PAGE).text
    assert (chosen(page), 'id="book-server"' in page) == (choice, choice == "server")
    place = read(client, NAMES, book="proposal")
    assert "3</b> entries in the codebook, proposed" in client.get(place, headers=PAGE).text


def test_an_article_that_asks_too_much_is_told_above_the_form(client: TestClient) -> None:
    text = "Norway said that " * 600
    answer = client.post("/read", data={"text": text}, headers=PAGE)
    assert answer.status_code == 422
    assert "without the end of a sentence" in told(answer.text)
    assert text.strip() in answer.text


MARKED = (
    "# Talks in Oslo\n\n**Norway** condemned [Iran](https://example.org/iran) on Monday.\n\n"
    "> Kenya praised China.\n\n- Somalia warned Kenya.\n"
)
PLAIN = "Talks in Oslo\n\nNorway condemned Iran on Monday.\n\nKenya praised China.\n\nSomalia warned Kenya."


def test_marks_of_a_pasted_text_are_left_out(client: TestClient) -> None:
    place = read(client, MARKED.replace("\n", "\r\n"), book="default")
    found = msgspec.json.decode(client.get(f"{place}/stances.json").content, type=Reading)
    document = found.documents[0]
    assert (document.text, document.title) == (PLAIN, "Talks in Oslo")
    assert [each.kind for each in document.sentences] == ["headline", "sentence", "sentence", "item"]
    named = {(document.text[slice(*each.source_span or ())], document.text[slice(*each.target_span)])
             for each in found.evidence}  # fmt: skip
    assert named == {
        (one, two) for pair in (("Norway", "Iran"), ("Kenya", "China"), ("Somalia", "Kenya"))
        for one, two in (pair, pair[::-1])
    }  # fmt: skip
    page = client.get(place, headers=PAGE).text
    assert ("<h1><bdi>Talks in Oslo</bdi></h1>" in page, "<span>read as Markdown</span>" in page) == (True, True)
    assert "**" not in page
    again = client.get(f"/?again={place.rpartition('/')[2]}", headers=PAGE).text
    assert html.unescape(again).count(MARKED) == 1  # to be edited, it has its marks


def test_a_person_may_say_how_a_text_is_written(client: TestClient) -> None:
    def text(**fields: str) -> str:
        place = read(client, book="default", **fields)
        return msgspec.json.decode(client.get(f"{place}/stances.json").content, type=Reading).documents[0].text

    assert text(text=MARKED, format="text") == MARKED
    assert text(text="*Norway* condemned Iran.", format="markdown") == "Norway condemned Iran."
    page = "<html><head><title>Talks</title></head><body><article><h1>Talks</h1><p>Norway condemned Iran on Monday.</p>"
    assert text(text=page) == "Talks\n\nNorway condemned Iran on Monday."
    nothing = client.post("/read", data={"text": "---\n- a\n---\nNorway."}, headers=PAGE)
    assert told(nothing.text).strip().startswith("text: the head between --- and --- has no keys")


def test_a_file_that_is_read_again_keeps_what_it_told(client: TestClient) -> None:
    content = b"**Ada Lund:** Norway condemned Iran.\n\n# What now?\n\nKenya met China.\n"
    place = client.post("/read", data={"book": "default"}, files={"file": ("a.md", content)}, headers=PAGE).headers[
        "location"
    ]
    key = place.rpartition("/")[2]
    page = client.get(f"/?again={key}", headers=PAGE).text
    assert f'name="again" value="{key}"' in page
    text = html.unescape(re.findall(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', page, re.S)[0])
    again = read(client, text.replace("\n", "\r\n"), again=key, title="Talks", book="default", format="text")
    both = [msgspec.json.decode(client.get(f"{each}/stances.json").content, type=Reading) for each in (place, again)]
    assert [each.kind for each in both[0].documents[0].sentences] == ["sentence", "headline", "sentence"]
    assert both[0].documents[0].sentences == both[1].documents[0].sentences
    assert both[0].evidence == both[1].evidence
    assert "Talks" in client.get(again, headers=PAGE).text


def test_a_text_in_another_language_is_told(client: TestClient) -> None:
    german = "Norway hat am Mittwoch den Vertrag verurteilt, und Kenya lobte ihn, sagte der Minister gestern in Oslo."
    notes = [client.get(read(client, text, book="default"), headers=PAGE).text.count("not taken for English")
             for text in (german, "Norway condemned Iran.")]  # fmt: skip
    assert notes == [1, 0]


BRANDT = "Chancellor Lena Weber condemned the rent cap. The rent cap stays, Weber said."
WEBER = "Weber praised the rent cap. On Monday Weber spoke. Later Weber met the press about the rent cap."


def test_two_articles_propose_one_codebook(client: TestClient) -> None:
    first = read(client, BRANDT, title="First")
    assert "Lena Weber" in client.get(f"{first}/codebook.yaml").text
    alone = read(client, WEBER)
    assert list(parse_codebook(client.get(f"{alone}/codebook.yaml").text).entries) == ["Weber", "rent cap"]
    key = first.rpartition("/")[2]
    form = client.get(f"/?beside={key}", headers=PAGE).text
    assert (chosen(form), "proposed from both articles" in form) == ("proposal", True)
    both = read(client, WEBER, title="Second", beside=key, book="proposal")
    page = client.get(both, headers=PAGE).text
    assert "Both were read with one codebook of 2 entries, proposed from both." in page
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page, re.S)
    texts = [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]
    assert texts[0].startswith("Lena Weber → rent cap − against")
    assert "+ favor" in texts[0]
    keys = both.split("/")[2:]
    assert key not in keys  # the first article was read again
    books = [client.get(f"/readings/{each}/codebook.yaml").text for each in keys]
    assert books[0] == books[1]
    assert books[0].startswith("# Proposed from both articles.")
    again = client.get(f"/?again={keys[1]}&beside={keys[0]}", headers=PAGE).text
    assert (chosen(again), editor(again)) == ("own", books[0])


def test_a_codebook_that_is_chosen_for_the_second_article_is_that_of_both(client: TestClient) -> None:
    key = read(client, BRANDT, title="First", book="default").rpartition("/")[2]
    same = read(client, WEBER, beside=key, book="default")
    assert same.split("/")[2] == key
    other = read(client, WEBER, beside=key, book="own", codebook="Weber: []\nrent cap: {source: false}\n")
    first = other.split("/")[2]
    assert first != key
    assert list(parse_codebook(client.get(f"/readings/{first}/codebook.yaml").text).entries) == ["Weber", "rent cap"]
    assert "with one codebook of 2 entries." in client.get(other, headers=PAGE).text
    assert "with two codebooks" in client.get(f"/compare/{key}/{first}", headers=PAGE).text
    proposal = client.post("/proposal", data={"text": WEBER, "beside": key}, headers=HTMX).text
    assert sorted(parse_codebook(editor(proposal)).entries) == ["Lena Weber", "rent cap"]
    assert "Proposed from both articles: 2 entries." in proposal


def test_readings_that_are_not_kept_any_more_hold_up_no_form(client: TestClient) -> None:
    gone = client.post("/read", data={"text": WEBER, "beside": "nothing"}, headers=PAGE)
    assert (gone.status_code, "is not kept any more" in told(gone.text)) == (404, True)
    assert (f"{WEBER}</textarea>" in gone.text, 'name="beside" value=""' in gone.text) == (True, True)
    assert read(client, WEBER, again="nothing").startswith("/readings/")


def test_pairs_without_a_stance_stand_apart_in_a_comparison(client: TestClient) -> None:
    first = read(client, "Norway condemned Iran. Somalia met China.")
    both = read(client, "Norway praised Iran. Somalia met Kenya.", beside=first.rpartition("/")[2])
    shown, _, others = client.get(both, headers=PAGE).text.partition("<details>")
    assert ("Norway" in shown, "Somalia" in shown) == (True, False)
    assert ("Norway" in others.partition("</details>")[0], "4 pairs without a stance" in others) == (False, True)
    one = read(client, "Norway met Iran.")
    none = client.get(f"/compare/{one.rpartition('/')[2]}/{one.rpartition('/')[2]}", headers=PAGE).text
    assert "Neither article has a source with a stance." in none
