"""A page, a Word file and PDFs that tests read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PAGE = """<!DOCTYPE html><html><head><title>Ministers fail to agree | The Corto Post</title>
<meta property="og:site_name" content="The Corto Post">
<meta property="article:published_time" content="2026-03-04T10:00:00Z">
<script>document.title = "hacked"</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>Ministers fail to agree</h1>
<p>PORT ANSEL &mdash; Ministers of nine states failed on Tuesday to agree on a <b>grain</b> corri&shy;dor.
They will meet again in April, a spokesman for the council said after the talks.</p>
<h2>Next steps</h2><p>The text makes <a href="x">three demands</a>:</p>
<ul><li>An end to the shelling</li><li>Free passage</li></ul>
<table><tr><td>Norland</td><td>yes</td></tr></table>
<blockquote><p>We will not sign.<br>Never.</p></blockquote></article>
<footer>Copyright</footer></body></html>"""


@pytest.fixture
def page() -> str:
    return PAGE


@pytest.fixture
def make_pdf() -> Callable[[Sequence[Sequence[str]]], bytes]:
    return pdf_of


def pdf_of(pages: Sequence[Sequence[str]]) -> bytes:
    """Return a PDF of pages of lines in Latin-1."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for index, lines in enumerate(pages):
        shown = "".join(
            f"({line.translate({40: chr(92) + '(', 41: chr(92) + ')', 92: chr(92) * 2})}) Tj 0 -14 Td\n"
            for line in lines
        )
        stream = f"BT /F1 11 Tf 50 780 Td\n{shown}ET".encode("latin-1")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {5 + 2 * index} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    file = io.BytesIO()
    file.write(b"%PDF-1.4\n")
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%b\nendobj\n" % (number, each))
    start = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        file.write(b"%010d 00000 n \n" % place)
    file.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return file.getvalue()


@pytest.fixture
def word_file() -> Callable[..., bytes]:
    def make(change: Callable[[Any], None] | None = None) -> bytes:
        import docx

        document = docx.Document()
        document.add_heading("Ministers fail to agree", 0)
        document.add_paragraph("They met on Monday. They failed.")
        document.add_paragraph("An end to the shelling", style="List Bullet")
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Norland", "yes"
        document.add_paragraph("The talks go on.")
        if change is not None:
            change(document)
        file = io.BytesIO()
        document.save(file)
        return file.getvalue()

    return make
