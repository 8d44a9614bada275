"""Texts without a name: which are plain, which are in Markdown, which are the source of a page."""

from __future__ import annotations

import time

import pytest

from stancelab.article.documents.marks import format_of_text

PROSE = "Norway praised the treaty.\n\nKenya condemned it on Monday."


@pytest.mark.parametrize(
    "text",
    [
        f"# Talks in Oslo\n\n{PROSE}",
        f"{PROSE}\n\n## Reactions\n\nIran met China.",
        f"Talks in Oslo\n=============\n\n{PROSE}",
        f"---\ntitle: Talks\n---\n\n{PROSE}",
        f"**Oslo** {PROSE}",
        f"{PROSE} See [the text](https://example.org/treaty).",
        f"{PROSE}\n\n> We trust the treaty,\n> said Lund.\n\nIran met China.",
    ],
)
def test_marks_of_markdown(text: str) -> None:
    assert format_of_text(text) == "markdown"


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        f"Talks in Oslo\n-------------\n\n{PROSE}",
        f"{PROSE}\n\n- one\n- two\n\n1. first\n2. second",
        f"#Oslo and #1 {PROSE} 2 ** 3 ** 4 [sic] (see p. 4), [1](2)",
        f"{PROSE}\n> Read more\nIran met China.",
        f"{PROSE} x > y, M**** said",
        "",
    ],
)
def test_plain_texts_stay_plain(text: str) -> None:
    assert format_of_text(text) == "text"


@pytest.mark.parametrize("text", ["<!DOCTYPE html><p>a", "\ufeff\n<html lang=de>", "<!-- a --><body># a"])
def test_sources_of_pages(text: str) -> None:
    assert format_of_text(text) == "html"


@pytest.mark.parametrize(
    "text", ["[" * 200_000, "a " * 100_000, "> " * 99_999, "<!---->" * 9_999, "> a\n" * 50_000 + "b"]
)
def test_long_texts_take_no_time(text: str) -> None:
    start = time.thread_time()  # other threads of this process do not count
    format_of_text(text)
    assert time.thread_time() - start < 2  # it takes hundredths of a second
