"""Folders, patterns, lists, standard input; files that are passed over, missing or broken."""

from __future__ import annotations

import io
import logging
import os
import sys
from pathlib import Path

import pytest

from stancelab import extras
from stancelab.article.documents import DocumentSettings, read_documents
from stancelab.errors import ConfigError, DataError, MissingPackageError
from stancelab.files import write_manifest
from stancelab.tables.stdin import spooled_stdin


def names(given, **settings):
    return [document.id for document in read_documents(given, DocumentSettings(**settings))]


@pytest.fixture
def folder(tmp_path):
    for name, content in {
        "b.txt": "Text b.", "a.md": "Text a.", "sub/c.txt": "Text c.", "sub/t.csv": "id,text\n1,Text t.\n",
        ".hidden.txt": "no", "~$x.docx": "no", "x.png": "no", "y.png": "no", ".git/d.txt": "no",
        "page.html": "<p>x", "page_files/e.html": "no", "page_files/f.js": "no", "other_files/g.txt": "Text g.",
    }.items():  # fmt: skip
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (tmp_path / "in" / "page.html").unlink()
    return tmp_path / "in"


def test_a_folder_is_read_with_those_below_it_in_order_and_the_rest_is_told(folder, page, caplog):
    (folder / "page.html").write_text(page)
    with caplog.at_level(logging.INFO):
        found = names(folder)
    assert found == ["a.md", "b.txt", "other_files/g.txt", "page.html", "sub/c.txt", "sub/t.csv:1"]
    assert "no documents: 2 .png" in caplog.text
    assert "1 folder beside saved pages" in caplog.text


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            {"columns": {"text": "body"}},
            r"read\.columns\.text: found 'body', which is for tables \(also by read\.format",
        ),
        (
            {"delimiter": ";"},
            r"read\.delimiter: found ';', which is for tables ending in \.csv, \.tsv, \.tab, \.txt, none",
        ),
        ({"quoting": "none"}, r"read\.quoting: found 'none', which is for tables ending in \.csv"),
        ({"sheet": "2"}, r"read\.sheet: found '2', which is for tables ending in \.xlsx"),
        (
            {"day_first": True},
            r"read\.day_first: found true, which is for dates of tables, Markdown and HTML, none of the",
        ),
    ],
)
def test_a_setting_that_concerns_no_input_is_told(folder, settings, told):
    with pytest.raises(ConfigError, match=told):
        names(folder / "b.txt", **settings)


def test_a_setting_that_concerns_one_of_several_inputs_is_used(folder, page):
    (folder / "sub" / "t.csv").write_text("body;id\nText t.;7\n")
    settings = {"columns": {"text": "body"}, "delimiter": ";", "encoding": "utf-8", "day_first": True}
    (folder / "page.html").write_text(page)
    assert names(folder, **settings) == ["a.md", "b.txt", "other_files/g.txt", "page.html", "sub/c.txt", "sub/t.csv:7"]
    assert names(folder / "a.md", columns={"title": "headline"}, encoding="utf-8", day_first=False) == ["a.md"]
    with pytest.raises(
        ConfigError, match=r"read\.encoding: found 'utf-8', which is for text, Markdown and tables ending"
    ):
        names(folder / "page.html", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"read\.format: found 'pdf', and https://example\.org/ is fetched as a page"):
        names("https://example.org/", format="pdf", fetch=True)


def test_patterns_and_lists(folder):
    assert names(str(folder / "*.txt")) == ["b.txt"]
    assert names(str(folder / "**" / "*.txt")) == ["b.txt", "other_files/g.txt", "sub/c.txt"]
    assert names([folder / "b.txt", folder / "sub", folder / "b.txt"]) == ["b.txt", "c.txt", "t.csv:1"]
    assert names(folder / "sub" / "t.csv") == ["1"]


def test_patterns_pass_over_the_folders_beside_saved_pages(folder, page, caplog):
    (folder / "page.html").write_text(page)
    (folder / "sub" / "page.html").write_text(page)
    with caplog.at_level(logging.INFO):
        assert names(str(folder / "**" / "*.html")) == ["page.html", "sub/page.html"]
    assert "1 folder beside saved pages" in caplog.text
    (folder / "page_files" / "e.html").write_text(page)
    assert names(str(folder / "page_files" / "*.html")) == ["e.html"]  # it was named


def test_folders_that_stancelab_wrote_are_left_out(tmp_path):
    (tmp_path / "b.txt").write_text("They left.")
    before = names(tmp_path)
    run = tmp_path / "outputs" / "read" / "2026-11-29_10-00-00"
    run.mkdir(parents=True)
    (run / "run.log").write_text("ready")
    write_manifest(run, {"kind": "read"})
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "stances.json").write_text("{}")
    (tmp_path / "map" / "manifest.json").write_text("{}")
    assert names(tmp_path) == before
    app = tmp_path / "app"  # a web page's own manifest tells nothing
    app.mkdir()
    (app / "manifest.json").write_text('[{"text": "A row.", "id": "1"}]')
    assert names(tmp_path) == sorted([*before, "app/manifest.json:1"])


def test_several_inputs_without_brackets(folder):
    with pytest.raises(DataError, match=r"no such file\. Several inputs stand in brackets: \[.*b\.txt,.*a\.md\]"):
        names(f"{folder / 'b.txt'}, {folder / 'a.md'}")
    with pytest.raises(DataError, match=r"no such file\.$"):
        names(f"{folder / 'b.txt'},{folder / 'none.md'}")


def test_a_name_that_is_not_utf8_is_told_or_skipped(folder, caplog):
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff.txt")).write_text("Text.")
    except OSError:
        pytest.skip("the file system takes UTF-8 names alone")
    with pytest.raises(DataError, match=r"bad\\xff\.txt: the name of the file is not UTF-8; mend it, or"):
        names(str(folder / "*.txt"))
    assert names(str(folder / "*.txt"), on_bad_files="skip") == ["b.txt"]
    assert "bad\\xff.txt: the name" in caplog.text


def test_files_of_one_name_are_called_by_their_paths(folder):
    (folder / "sub" / "b.txt").write_text("Another b.")
    paths = [folder / "b.txt", folder / "sub" / "b.txt"]
    assert names(paths) == [path.as_posix() for path in paths]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("c.txt", "no such file. Did you mean 'b.txt'?"),
        ("*.pdf", "no documents were found"),
        ("x.png", "the name ends in '.png'"),
        ("old.doc", r"\.doc files are not read; save it as \.docx"),
    ],
)
def test_inputs_that_are_none(folder, name, said):
    (folder / "old.doc").write_text("x")
    with pytest.raises(DataError, match=said.replace("?", r"\?")):
        names(str(folder / name))


def test_an_empty_list_and_a_folder_of_other_files(tmp_path):
    with pytest.raises(DataError, match="no input is given"):
        names([])
    (tmp_path / "a.png").write_text("x")
    with pytest.raises(DataError, match=r"no documents were found \(passed over: 1 \.png\)"):
        names(tmp_path)


def test_a_broken_file_ends_the_reading_or_is_skipped(folder, caplog):
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 cut")
    with pytest.raises(DataError, match=r"bad\.pdf: cannot be read as a PDF"):
        names(folder)
    assert names(folder, on_bad_files="skip") == ["a.md", "b.txt", "other_files/g.txt", "sub/c.txt", "sub/t.csv:1"]
    assert "skipped: " in caplog.text
    (folder / "worse.pdf").write_bytes(b"broken")
    with pytest.raises(DataError, match="no document could be read"):
        names([folder / "bad.pdf", folder / "worse.pdf"], on_bad_files="skip")


def test_documents_come_one_after_the_other(folder):
    (folder / "zz.pdf").write_bytes(b"broken")
    reading = read_documents(folder)
    assert next(reading).id == "a.md"


def test_a_format_that_the_user_names_goes_before_the_ending(folder):
    (folder / "n.csv").write_text("Norland, they said, is out.")
    assert next(read_documents(folder / "n.csv", DocumentSettings(format="text"))).text == "Norland, they said, is out."


@pytest.mark.parametrize(
    ("content", "settings", "text"),
    [
        (b"Ministers met. They left.", {}, "Ministers met. They left."),
        (b"---\ntitle: x\n---\n**Bold** text.", {}, "Bold text."),
        (b"# Talks\r\n\r\n**Bold** text.", {}, "Talks\n\nBold text."),
        (b"title,text\nt,A **row**.\n", {}, "A **row**."),
        (b'{"text": "A row."}\n', {}, "A row."),
        (b"text,title\nA row.,t\n", {"format": "table"}, "A row."),
        (b"text,title\nA row.,t\n", {"format": "text"}, "text,title\nA row.,t\n"),
        (b'Date;"Headline";Body\n2026-03-04;t;A row.\n', {}, "A row."),
        (b"Body, not text\nThey left.\n", {}, "Body, not text\nThey left.\n"),
    ],
)
def test_standard_input(monkeypatch, content, settings, text):
    spooled_stdin.cache_clear()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    (document,) = read_documents("-", DocumentSettings(**settings))
    spooled_stdin.cache_clear()
    assert document.text == text


def test_standard_input_of_pages_pdfs_and_word_files(monkeypatch, page, make_pdf, word_file):
    for content in (page.encode(), make_pdf([["Ministers fail to agree"]]), word_file()):
        spooled_stdin.cache_clear()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        (document,) = read_documents("-")
        assert document.text.startswith("Ministers fail to agree")
    spooled_stdin.cache_clear()


@pytest.mark.parametrize(
    ("name", "module", "title"),
    [("a.html", "trafilatura", "trafilatura"), ("a.docx", "docx", "python-docx"), ("a.pdf", "pypdf", "pypdf")],
)
def test_a_missing_package_names_the_extra(tmp_path, monkeypatch, name, module, title):
    (tmp_path / name).write_text("x")
    monkeypatch.setattr(extras, "is_installed", lambda each: each != module)
    with pytest.raises(MissingPackageError, match=rf'{title}: pip install "stancelab\[read\]"'):
        names(tmp_path / name, on_bad_files="skip")
