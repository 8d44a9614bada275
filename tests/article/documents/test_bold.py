"""Words in bold with which paragraphs begin, by which speakers and questions of interviews are known."""

from __future__ import annotations

import pytest

from stancelab.article.documents import read_documents

BEGINS = ["Lena Aho:", "Why is that?", "Anna Berg"]


def bold_of(path):
    (document,) = read_documents(path)
    return [document.text[slice(*span)] for span in document.bold]


def test_bold_of_web_pages(tmp_path, page):
    pytest.importorskip("trafilatura", reason="the extra read is not installed")
    said = (
        "<p><strong>Lena Aho:</strong> We do not think so, and we have said so in every meeting of the year.</p>"
        "<p><b>Why is that?</b></p><p>It is <b>dear</b>, and there are other ways to cross the river in winter.</p>"
        "<p> <b>Anna Berg</b> It is a small harbor, and that is how the people of the town want it to be.</p>"
    )
    path = tmp_path / "a.html"
    path.write_text(page.replace("<h2>Next steps</h2>", f"{said}<h2>Next steps</h2>"))
    assert bold_of(path) == BEGINS


def test_bold_of_markdown(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "# Title\n\n**Lena Aho:** We do.\n\n**Why is that?**\n\nIt is **dear**.\n\n"
        "__Anna Berg__ It is.\n\n*Not bold* here.\n"
    )
    assert bold_of(path) == BEGINS


def test_bold_of_word_files(tmp_path, word_file):
    pytest.importorskip("docx", reason="the extra read is not installed")

    def change(document):
        for bold, plain in (("Lena Aho:", " We do."), ("Why is that?", ""), ("", "It is."), ("Anna Berg", " It is.")):
            paragraph = document.add_paragraph()
            paragraph.add_run(bold).bold = True
            paragraph.add_run(plain).bold = False

    path = tmp_path / "a.docx"
    path.write_bytes(word_file(change))
    assert bold_of(path) == BEGINS
