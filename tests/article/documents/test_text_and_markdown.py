"""Text files stay as they are; Markdown loses its marks, and its head tells title, date and outlet."""

from __future__ import annotations

import gzip
import logging

import pytest

from stancelab.article.documents import DocumentSettings, bounded, read_documents, text_document
from stancelab.errors import ConfigError, DataError

MARKDOWN = """---
title: "A plan: B"
date: 2026-03-04
Publisher: The Corto Post
tags: [grain, talks]
nested: {a: [1]}
---
# A plan: B

**Norland** rejected [the plan](http://x.example/y). It said
"no" *twice*. ![picture](p.png)

- one
- two
  of it

| A | B |
|---|---|
| c | d |

> A quote.

<div>words <script>alert(1)</script><b>there</b></div>

```
code
```
"""


def only(path, **settings):
    (document,) = read_documents(path, DocumentSettings(**settings))
    return document


def test_a_text_stays_as_it_is_and_its_headline_is_the_title(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffMinisters fail\r\n\r\nThey met on  Monday.\r\n".encode())
    document = only(path)
    assert document.text == "Ministers fail\n\nThey met on  Monday.\n"
    assert (document.id, document.title, document.date, document.path) == ("a.txt", "Ministers fail", "", str(path))
    assert text_document("They met. They left.").title == ""


def test_other_encodings_and_compressed_files(tmp_path):
    (tmp_path / "a.txt").write_bytes("Der Präsident sagte: „Nein“. Größe zählt.".encode("cp1252"))
    (tmp_path / "b.txt").write_text("Ministers met.", encoding="utf-16")
    (tmp_path / "c.md.gz").write_bytes(gzip.compress(b"# Title\n\nText."))
    texts = [document.text for document in read_documents(tmp_path)]
    assert texts == ["Der Präsident sagte: „Nein“. Größe zählt.", "Ministers met.", "Title\n\nText."]
    assert only(tmp_path / "a.txt", encoding="cp1252").text == texts[0]


def test_markdown_becomes_plain_text(tmp_path, caplog):
    path = tmp_path / "b.md"
    path.write_text(MARKDOWN)
    with caplog.at_level(logging.INFO):
        document = only(path)
    assert document.text.split("\n\n") == [
        "A plan: B", 'Norland rejected the plan. It said "no" twice.', "one", "two of it", "A", "B", "c", "d",
        "A quote.", "words there",
    ]  # fmt: skip
    assert (document.title, document.date, document.outlet) == ("A plan: B", "2026-03-04", "The Corto Post")
    assert document.fields == {"date": "2026-03-04", "tags": "grain, talks"}
    kinds = [(kind, document.text[start:end]) for (start, end), kind in document.kinds]
    assert kinds == [
        ("headline", "A plan: B"), ("item", "one"), ("item", "two of it"),
        ("cell", "A"), ("cell", "B"), ("cell", "c"), ("cell", "d"),
    ]  # fmt: skip
    assert "nested" in caplog.text


def test_a_file_of_markdown_without_a_head_has_its_first_heading_as_title(tmp_path):
    path = tmp_path / "b.md"
    path.write_text("Title\n=====\n\nText.")
    assert only(path).title == "Title"
    path.write_text("Text.\n\n# Later")
    assert only(path).title == ""


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("title: a: b", "line 2: the head is no YAML"),
        ("- a\n- b", "has no keys"),
        ("title: " + "[" * 3000, "the head is no YAML"),
        ("x: " + "a" * 70_000, "allowed are 65,536"),
        ("a: !!python/object/apply:os.system [ls]", "the head is no YAML"),
    ],
)
def test_heads_that_cannot_be_read(tmp_path, head, said):
    path = tmp_path / "b.md"
    path.write_text(f"---\n{head}\n---\nText.")
    with pytest.raises(DataError, match=r"b\.md") as error:
        only(path)
    assert said in str(error.value)


def test_aliases_inside_aliases_do_not_grow(tmp_path):
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
    path = tmp_path / "b.md"
    path.write_text("---\n" + "\n".join(lines) + "\n---\nText.")
    assert only(path).fields == {"a0": "x, x"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n ", "holds no text"),
        ("a.md", b"---\ntitle: x\n---\n", "holds no text"),
        ("a.txt", b"%PDF-1.4", "it is a PDF"),
        ("a.txt", b"<!DOCTYPE html><html>", "web page"),
        ("a.txt", b"ab\0\0\1\2", "NUL"),
        ("a.txt.gz", gzip.compress(b"text" * 9, mtime=0)[:-9], "damaged or cut off"),
    ],
)
def test_files_that_are_no_text(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=said) as error:
        only(path)
    assert name in str(error.value)


def test_texts_are_bounded_before_they_are_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(bounded, "MOST_CHARACTERS", 1000)
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"a" * 10_000_000))
    with pytest.raises(DataError, match="more than 1,000 characters"):
        only(path)


def test_settings_tell_all_that_is_wrong():
    with pytest.raises(ConfigError) as error:
        read_documents(
            "x", DocumentSettings(format="pfd", columns={"texts": "a"}, on_bad_files="drop", encoding="utf9")
        )
    said = str(error.value)
    for each in (
        "read.format: found 'pfd'",
        "Did you mean 'pdf'?",
        "Did you mean 'text'?",
        "read.on_bad_files",
        "utf9",
    ):
        assert each in said


def test_control_characters_of_a_text_are_left_out(tmp_path):
    (tmp_path / "a.txt").write_text("Norland\tmet \x1b[1mSudria.\n\nIt paid.\f\x1a")
    assert only(tmp_path / "a.txt").text == "Norland\tmet [1mSudria.\n\nIt paid.\f"


def test_the_head_of_markdown_is_taken_as_it_is_written(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: No\noutlet: on\ndate: 2026-3-4 10:00:00\nNO: 012\nempty: null\n---\nThey met.\n")
    document = only(path)
    assert (document.title, document.outlet, document.date) == ("No", "on", "2026-03-04")
    assert document.fields == {"date": "2026-03-04T10:00:00", "NO": "012", "empty": ""}
