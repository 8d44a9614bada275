"""Word files: what is read of them, and files that are damaged or grow."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from stancelab.article.documents import read_documents
from stancelab.article.documents import word_file as reader
from stancelab.errors import DataError


def only(path, content):
    path.write_bytes(content)
    (document,) = read_documents(path)
    return document


def test_paragraphs_headings_items_and_cells_in_order(tmp_path, word_file):
    document = only(tmp_path / "a.docx", word_file())
    assert document.text.split("\n\n") == [
        "Ministers fail to agree", "They met on Monday. They failed.", "An end to the shelling", "Norland", "yes",
        "The talks go on.",
    ]  # fmt: skip
    assert [kind for _, kind in document.kinds] == ["headline", "item", "cell", "cell"]
    assert (document.title, document.date) == ("Ministers fail to agree", "")
    assert document.fields["created"] == "2013-12-23"


def test_tracked_insertions_and_links_are_read_and_deletions_are_not(tmp_path, word_file):
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    words = (
        f"<w:p {nsdecls('w')}><w:r><w:t>Norland </w:t></w:r><w:ins w:id='1'><w:r><w:t>strongly </w:t></w:r></w:ins>"
        "<w:del w:id='2'><w:r><w:delText>never </w:delText></w:r></w:del>"
        "<w:moveFrom w:id='3'><w:r><w:t>moved </w:t></w:r></w:moveFrom>"
        "<w:hyperlink><w:r><w:t>backs</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>it</w:t><w:br/><w:t>now.</w:t></w:r></w:p>"
    )

    def change(document):
        document.element.body.insert(0, parse_xml(words))

    assert only(tmp_path / "a.docx", word_file(change)).text.startswith("Norland strongly backs it now.\n\n")


def rezipped(content, document):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, document if name == "word/document.xml" else old.read(name))
    return file.getvalue()


def test_files_that_unpack_to_too_much_are_refused(tmp_path, word_file, monkeypatch):
    monkeypatch.setattr(reader, "_MOST_XML", 10**6)
    with pytest.raises(DataError, match=r"its text unpacks to 5\.\d MB, allowed are 1\.0 MB"):
        only(tmp_path / "a.docx", rezipped(word_file(), document=b"<" + b" " * 5_000_000))
    monkeypatch.setattr(reader, "_MOST_UNPACKED", 10**4)
    with pytest.raises(DataError, match="it unpacks to"):
        only(tmp_path / "a.docx", word_file())


def test_entities_are_not_expanded(tmp_path, word_file):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    xml = zipfile.ZipFile(io.BytesIO(word_file())).read("word/document.xml").decode()
    head, _, rest = xml.partition("?>")
    doctype = (
        f'<!DOCTYPE d [<!ENTITY f SYSTEM "{secret.as_uri()}"><!ENTITY a "{"x" * 99}">'
        + "".join(f'<!ENTITY {b} "{f"&{a};" * 20}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        + "]>"
    )
    evil = f"{head}?>{doctype}{rest.replace('The talks go on.', 'The talks &f;&i; go on.')}"
    try:
        text = only(tmp_path / "a.docx", rezipped(word_file(), document=evil.encode())).text
    except DataError as error:
        assert "a.docx" in str(error)
    else:
        assert "secret words" not in text
        assert len(text) < 1000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0rest", "old Word document"),
        (b"text", "cannot be read"),
        (b"PK\3\4cut", "cut off"),
    ],
)
def test_other_files(tmp_path, content, said):
    with pytest.raises(DataError, match=said):
        only(tmp_path / "a.docx", content)


def test_a_zip_archive_of_something_else(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(DataError, match="no Word document"):
        only(tmp_path / "a.docx", file.getvalue())


def test_damage_ends_in_a_text_or_one_error(tmp_path, word_file):
    rng, whole = random.Random(7), word_file()
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(rng.choice((1, 5, 50))):
            content[rng.randrange(len(content))] = rng.randrange(256)
        try:
            only(tmp_path / "a.docx", bytes(content[: rng.choice((len(content), rng.randrange(len(content))))] or b"x"))
        except DataError as error:
            assert "a.docx" in str(error)
