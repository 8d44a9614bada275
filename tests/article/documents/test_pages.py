"""Saved web pages, also as one file."""

from __future__ import annotations

import pytest

from stancelab.article.documents import DocumentSettings, read_documents
from stancelab.errors import DataError


def only(path):
    (document,) = read_documents(path)
    return document


def test_a_page_tells_text_title_date_and_outlet(tmp_path, page):
    path = tmp_path / "a.html"
    path.write_text(page)
    document = only(path)
    paragraphs = document.text.split("\n\n")
    assert paragraphs[0] == document.title == "Ministers fail to agree"
    assert paragraphs[1].startswith(
        "PORT ANSEL — Ministers of nine states failed on Tuesday to agree on a grain corridor."
    )
    assert paragraphs[2:] == [
        "Next steps", "The text makes three demands:", "An end to the shelling", "Free passage", "Norland", "yes",
        "We will not sign. Never.",
    ]  # fmt: skip
    assert (document.date, document.outlet) == ("2026-03-04", "The Corto Post")
    kinds = [(kind, document.text[start:end]) for (start, end), kind in document.kinds]
    assert kinds == [
        ("headline", "Ministers fail to agree"), ("headline", "Next steps"), ("item", "An end to the shelling"),
        ("item", "Free passage"), ("cell", "Norland"), ("cell", "yes"),
    ]  # fmt: skip


def test_a_title_that_the_text_lacks_is_put_before_it(tmp_path, page):
    path = tmp_path / "a.html"
    path.write_text(page.replace("<h1>Ministers fail to agree</h1>", ""))
    document = only(path)
    assert document.text.startswith("Ministers fail to agree\n\nPORT ANSEL")
    assert document.kinds[0] == ((0, 23), "headline")


def test_a_title_below_a_kicker_stands_once(tmp_path, page):
    path = tmp_path / "a.html"
    path.write_text(page.replace("<h1>Ministers fail to agree</h1>", "<p>Opinion</p><h1>Ministers fail to agree</h1>"))
    document = only(path)
    assert document.text.split("\n\n")[:2] == ["Opinion", "Ministers fail to agree"]
    assert document.text.count("Ministers fail to agree") == 1
    assert document.kinds[0] == ((9, 32), "headline")


@pytest.mark.parametrize(
    ("meta", "date"),
    [
        ('<meta name="pubdate" content="Oct. 5, 2026">', "2026-10-05"),
        ('<meta itemprop="datePublished" content="5 October 2026, 10:00">', "2026-10-05"),
        ('<meta name="pubdate" content="03/04/2026">', ""),
        ('<meta name="pubdate" content="13/04/2026">', "2026-04-13"),
        ('<meta name="pubdate" content="03/04/2026"><meta name="date" content="2026-04-03">', "2026-04-03"),
        ('<meta name="viewport" content="5 October 2026">', ""),
    ],
)
def test_a_date_of_the_metadata_is_read_as_dates_of_tables_are(tmp_path, page, meta, date):
    path = tmp_path / "a.html"
    path.write_text(page.replace('<meta property="article:published_time" content="2026-03-04T10:00:00Z">', meta))
    assert only(path).date == date


@pytest.mark.parametrize(("day_first", "date"), [(None, ""), (True, "2026-04-03"), (False, "2026-03-04")])
def test_a_date_that_may_be_two_is_not_guessed(tmp_path, page, caplog, day_first, date):
    path = tmp_path / "a.html"
    path.write_text(page.replace("2026-03-04T10:00:00Z", "03/04/2026"))
    (document,) = read_documents(path, DocumentSettings(day_first=day_first))
    assert document.date == date
    assert ("may be two dates" in caplog.text) == (day_first is None)


def test_a_page_of_few_words_is_told(tmp_path, page, caplog):
    (tmp_path / "a.html").write_text(page)
    (tmp_path / "b.html").write_text("<html><body><p>Please enable JavaScript to view this page.</p></body></html>")
    assert len(list(read_documents(tmp_path))) == 2
    assert "1 web page has fewer than 40 words (such as b.html)" in caplog.text


def test_pages_in_other_encodings(tmp_path, page):
    path = tmp_path / "a.html"
    path.write_bytes(
        page.replace("<head>", '<head><meta charset="iso-8859-2">').replace("Norland", "Žižkov").encode("iso-8859-2")
    )
    assert "Žižkov" in only(path).text


def test_a_page_saved_as_one_file(tmp_path, page):
    path = tmp_path / "a.mhtml"
    body = page.replace("=", "=3D")
    path.write_text(
        "From: <Saved by Blink>\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related;\n"
        '\ttype="text/html";\n\tboundary="----B"\n\n------B\nContent-Type: text/html; charset=utf-8\n'
        f"Content-Transfer-Encoding: quoted-printable\n\n{body}\n\n------B\nContent-Type: image/png\n"
        "Content-Transfer-Encoding: base64\n\nAAAA\n------B--\n"
    )
    document = only(path)
    assert (document.title, document.date) == ("Ministers fail to agree", "2026-03-04")
    path.write_text("no page")
    with pytest.raises(DataError, match="holds no page"):
        only(path)


def test_scripts_are_not_run_and_their_text_is_not_read(tmp_path, page):
    path = tmp_path / "a.html"
    path.write_text(page)
    assert "hacked" not in only(path).text


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body><div id=root></div><script>start()</script></body></html>",
        b"<html><body><div id=root></div><noscript>You need to enable JavaScript.</noscript></body></html>",
        b"\0\1\2\3" * 100,
        b"<" * 5000,
        b"<ul><li><a href='/world'>World</a></li><li><a href='/sport'>Sport</a></li></ul>",
        b"%PDF-1.7 <b> an object. \0",
    ],
)
def test_pages_without_an_article(tmp_path, content, caplog):
    path = tmp_path / "a.html"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"a\.html.*(no article|cannot be read)"):
        only(path)
    assert caplog.text == ""  # what the library tells names no file


ONE, TWO = "Norland condemned Sudria on Monday.", "Sudria praised the treaty."


@pytest.mark.parametrize(
    ("piece", "text"),
    [
        (f"<p>{ONE}</p>", ONE),
        (f"<p>{ONE}</p>\n<p>{TWO}</p>", f"{ONE}\n\n{TWO}"),
        (f"<p>{ONE}<p>{TWO}", f"{ONE}\n\n{TWO}"),
        (f"{ONE}<br><br>{TWO}", f"{ONE} {TWO}"),
        (f"{ONE}<p>{TWO}</p>", f"{ONE}\n\n{TWO}"),
        (f"<b>Norland</b> condemned Sudria on Monday. {TWO}", f"{ONE} {TWO}"),
        (f"<h2>Talks</h2><p>{ONE}</p>", f"Talks\n\n{ONE}"),
        (f"<blockquote>{ONE}</blockquote>", ONE),
    ],
)
def test_pieces_of_a_page_are_read(tmp_path, piece, text):
    path = tmp_path / "a.html"
    for content in (piece.encode(), b"\xef\xbb\xbf" + piece.encode(), piece.encode("utf-16")):
        path.write_bytes(content)
        assert only(path).text == text


MENU = '<nav><ul><li><a href="/world">World</a></li><li><a href="/sport">Sport</a></li></ul></nav>'
TABLE = "<table><tr><td>Norland</td><td>4.1</td></tr><tr><td>Sudria</td><td>2.2</td></tr></table>"


@pytest.mark.parametrize(
    ("body", "blocks", "kinds"),
    [
        # A paywall, a table, a live blog, an error.
        (
            "<article><h1>Talks</h1><p>Norland left.</p><h2>Subscribe to read on</h2><button>Go</button></article>",
            ["Talks", "Norland left.", "Subscribe to read on"],
            ["headline", "headline"],
        ),
        (f"<h1>Talks</h1>{TABLE}", ["Talks", "Norland", "4.1", "Sudria", "2.2"], ["headline", *["cell"] * 4]),
        (
            "<article><h1>Talks</h1><div><h2>14:05</h2><p>Norland left.</p></div>"
            "<div><h2>13:40</h2><p>Sudria came.</p></div></article>",
            ["Talks", "14:05", "Norland left.", "13:40", "Sudria came."],
            ["headline"] * 3,
        ),
        ("<h1>Talks</h1><p>The page cannot be found.</p>", ["Talks", "The page cannot be found."], ["headline"]),
    ],
)
def test_a_short_page_is_read_without_its_menu_and_in_its_parts(tmp_path, body, blocks, kinds):
    path = tmp_path / "a.html"
    path.write_text(f"<html><head><title>Talks</title></head><body>{MENU}<main>{body}</main></body></html>")
    document = only(path)
    assert document.text.split("\n\n") == blocks
    assert [kind for _, kind in document.kinds] == kinds


def test_an_article_in_the_data_of_a_page_is_read(tmp_path):
    text = "Norland praised the treaty on Monday. " * 10
    path = tmp_path / "a.html"
    path.write_text(
        f"<html><head><title>Talks</title></head><body>{MENU}<p>Loading the talks.</p>"
        f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{text}"}}</script></body></html>'
    )
    assert only(path).text.count("Norland praised the treaty") == 10


def test_entities_are_not_expanded_without_end_and_files_are_not_opened(tmp_path, page):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    doctype = (
        f'<!DOCTYPE html [<!ENTITY f SYSTEM "{secret.as_uri()}"><!ENTITY a "{"x" * 99}">'
        + "".join(f'<!ENTITY {b} "{f"&{a};" * 20}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        + "]>"
    )
    path = tmp_path / "a.html"
    path.write_text(page.replace("<!DOCTYPE html>", doctype).replace("three demands", "demands &f; &i;"))
    text = only(path).text
    assert "secret words" not in text
    assert len(text) < 2000


def test_deeply_nested_pages_end(tmp_path, page):
    path = tmp_path / "a.html"
    path.write_text(page.replace("<h2>", "<div>" * 20_000 + "<h2>"))
    try:
        assert "Ministers" in only(path).text
    except DataError as error:
        assert "a.html" in str(error)


@pytest.mark.parametrize(
    "banner",
    [
        '<div id="cookie-banner"><p>{}</p></div>',
        '<div class="Consent" role="dialog"><p>{}</p></div>',
        '<section id="CybotCookiebotDialog"><p>{}</p></section>',
    ],
)
def test_a_banner_about_cookies_is_not_the_article(tmp_path, banner):
    path = tmp_path / "a.html"
    asked = banner.format("We and our 214 partners use cookies to show you the news you like. Do you accept them all?")
    path.write_text(f"<html><body><h1>Talks fail</h1><form><input></form>{asked}</body></html>")
    with pytest.raises(DataError, match=r"no article was found in the page; .* ask to log in"):
        only(path)


@pytest.mark.parametrize("kind", ["tag-cookies", "post consent-decree", "cookie-notice-law"])
def test_an_article_about_cookies_is_read(tmp_path, kind):
    path = tmp_path / "a.html"
    told = "Ministers of nine states failed on Tuesday to agree on a law about cookies, a spokesman said. " * 4
    path.write_text(f'<html><body><div class="{kind}"><h1>Talks fail</h1><p>{told}</p></div></body></html>')
    assert told.strip() in only(path).text


@pytest.mark.parametrize(
    "line", ["© The Corto Post 2026", "Copyright © 2026 The Corto Post", "(c) 2026 Corto. All rights reserved."]
)
def test_a_line_about_copyright_is_left_out(tmp_path, page, line):
    path = tmp_path / "a.html"
    path.write_text(page.replace("</article>", f"<p>{line}</p><p>Copyright law was not discussed.</p></article>"))
    assert only(path).text.endswith("We will not sign. Never.\n\nCopyright law was not discussed.")
