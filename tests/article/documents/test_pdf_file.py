"""PDF files: lines become paragraphs; running heads, page numbers and hyphens at line ends go."""

from __future__ import annotations

import random

import pytest

from stancelab.article.documents import pdf_file as reader
from stancelab.article.documents import read_documents
from stancelab.article.documents.pdf_file import paragraphs, without_running_heads
from stancelab.article.sentences import sentences_of
from stancelab.errors import DataError

LINES = [
    "Ministers fail to agree",
    "Ministers of nine states failed on Tuesday to agree on the corri-",
    "dor for grain, which the well-known envoy of Norland had pro-",
    "posed. They left.",
    "The next round is planned for April, a spokesman said at the end of",
    "it (in Corto).",
]


def only(path, content):
    path.write_bytes(content)
    (document,) = read_documents(path)
    return document


def test_lines_become_paragraphs_and_divided_words_whole(tmp_path, make_pdf):
    document = only(tmp_path / "a.pdf", make_pdf([LINES]))
    assert document.text.split("\n\n") == [
        "Ministers fail to agree",
        "Ministers of nine states failed on Tuesday to agree on the corridor for grain, which the well-known envoy of"
        " Norland had proposed. They left.",
        "The next round is planned for April, a spokesman said at the end of it (in Corto).",
    ]
    assert [each.kind for each in sentences_of(document)] == ["headline", "sentence", "sentence", "sentence"]


def test_a_heading_of_two_lines_stays_whole():
    lines = ["Denmark backs the", "Fishery Pact", "Denmark backed the Fishery Pact on Wednesday, as", "it had said."]
    assert next(iter(paragraphs([lines]))) == "Denmark backs the Fishery Pact"


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("Ministers fail", "Ministers fail"), ("print.html", ""), ("Microsoft Word - Draft 3.docx", ""),
        ("https://corto.example/a?b", ""), ("Untitled", ""), ("Why .com fell", "Why .com fell"),
    ],
)  # fmt: skip
def test_the_name_of_what_was_printed_is_no_title(tmp_path, make_pdf, monkeypatch, told, title):
    monkeypatch.setattr(reader, "_properties", lambda metadata: {"title": told})
    assert only(tmp_path / "a.pdf", make_pdf([LINES])).title == title


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["the non-", "governmental"], "the non-governmental"),
        (["a cease-", "fire"], "a ceasefire"),
        (["one cease-fire, then a cease-", "fire"], "one cease-fire, then a cease-fire"),
        (["of Franco-", "German talks"], "of Franco- German talks"),
        (["from 3-", "4 states"], "from 3- 4 states"),
    ],
)
def test_hyphens_at_line_ends(lines, expected):
    assert list(paragraphs([lines])) == [expected]


def test_running_heads_and_page_numbers_are_left_out():
    pages = [
        [f"The Corto Post {n}", "Head", f"Text of page {n} begins", f"and goes on {'abcd'[n - 1]}", f"- {n} -"]
        for n in range(1, 5)
    ]
    pages[0][1] = "Only here"
    assert without_running_heads(pages)[:2] == [
        ["Only here", "Text of page 1 begins", "and goes on a"], ["Text of page 2 begins", "and goes on b"],
    ]  # fmt: skip


def test_what_returns_in_the_middle_or_on_two_pages_stays():
    pages = [["a", "b", "We stand.", "c", "d"], ["e", "f", "We stand.", "g", "h"], ["i", "j", "We stand.", "k", "l"]]
    assert without_running_heads(pages) == pages
    assert without_running_heads([["Same", "x"], ["Same", "y"]]) == [["Same", "x"], ["Same", "y"]]


def test_a_scan_a_password_and_too_many_pages(tmp_path, make_pdf, monkeypatch):
    import pypdf

    with pytest.raises(DataError, match="holds no text; a scan"):
        only(tmp_path / "a.pdf", make_pdf([[]]))
    (tmp_path / "b.pdf").write_bytes(make_pdf([LINES]))
    writer = pypdf.PdfWriter(tmp_path / "b.pdf")
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "c.pdf")
    with pytest.raises(DataError, match="protected by a password"):
        list(read_documents(tmp_path / "c.pdf"))
    monkeypatch.setattr(reader, "_MOST_PAGES", 2)
    with pytest.raises(DataError, match="has 3 pages, allowed are 2"):
        only(tmp_path / "a.pdf", make_pdf([LINES] * 3))


def test_a_file_whose_pages_take_too_long_is_left(tmp_path, make_pdf, monkeypatch):
    monkeypatch.setattr(reader, "_MOST_SECONDS", -1)
    with pytest.raises(DataError, match="takes longer than"):
        only(tmp_path / "a.pdf", make_pdf([LINES]))


def test_pages_that_hold_each_other_end(tmp_path, make_pdf):
    content = make_pdf([LINES]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    with pytest.raises(DataError, match=r"a\.pdf"):
        only(tmp_path / "a.pdf", content)


def test_damage_ends_in_a_text_or_one_error(tmp_path, make_pdf):
    rng, whole = random.Random(7), make_pdf([LINES] * 3)
    for _ in range(100):
        content = bytearray(whole)
        for _ in range(rng.choice((1, 5, 50))):
            content[rng.randrange(len(content))] = rng.randrange(256)
        try:
            only(tmp_path / "a.pdf", bytes(content[: rng.choice((len(content), rng.randrange(1, len(content))))]))
        except DataError as error:
            assert "a.pdf" in str(error)
