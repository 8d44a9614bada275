"""What passes between the steps of reading: documents, sentences, mentions, pairs, and the stances that are found.

All offsets count Python's characters of `Document.text`, half-open, so that `text[start:end]` is the words themselves.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - msgspec reads the types
from dataclasses import dataclass, field
from typing import Literal

from stancelab.schema import Span  # noqa: TC001 - msgspec reads the types

#: What a stretch of a document is: a headline, a running sentence, an item of a list, or a cell of a table.
SentenceKind = Literal["headline", "sentence", "item", "cell"]

#: How the source of a pair is known.
#: `named`: a mention in the sentence itself; `quote`: the speaker of a quotation, or of an interview's turn, that the
#: sentence is part of;
#: `carried`: a pronoun, an office, or reporting that goes on, resolved to the last matching source; `author`: the
#: document's author, whose stance is asked where no one else's words are reported.
SourceKind = Literal["named", "quote", "carried", "author"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article, as plain text.

    Attributes:
        id: Unique within one reading; the name of its file, or of its row.
        text: The text, as it is shown and as offsets count it. Texts of text files and tables stay as they are; where
            a text was put together (HTML, DOCX, PDF, Markdown), paragraphs are separated by an empty line.
        title: Its title; "" if it has none. A title that is part of the text is the first line of `text` too.
        date: When it was published, as ISO 8601 (`2026-11-29`, `2026-11`, `2026`); "" if unknown.
        outlet: Where it was published; "" if unknown.
        path: The file that it was read from; "" for a text that was passed.
        fields: Further columns of a table, or of the head of a Markdown file, by name.
        kinds: Stretches of the text that are no running prose, with what they are: headlines, items of lists, cells.
            Empty where the file does not tell; they are found by the lines of the text then, and sentences have them.
        bold: Stretches in bold with which a paragraph begins, such as the names of speakers in an interview.
    """

    id: str
    text: str
    title: str = ""
    date: str = ""
    outlet: str = ""
    path: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[tuple[Span, SentenceKind], ...] = ()
    bold: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of a document.

    Attributes:
        number: Its place in the document, from 0.
        paragraph: The place of its paragraph, from 0.
        span: Where it stands in the document's text.
        text: `document.text[span.start:span.end]`, with the line breaks of the document.
        kind: What it is.
    """

    number: int
    paragraph: int
    span: Span
    text: str
    kind: SentenceKind = "sentence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place where a document names an entry of the codebook.

    Attributes:
        entry: The name of the entry in the codebook.
        span: Where it stands in the document's text; a possessive "'s" is not part of it.
        source: Whether the entry may be a source.
        target: Whether the entry may be a target.
    """

    entry: str
    span: Span
    source: bool = True
    target: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One question to the classifier: in this sentence, which stance does this source have toward this target?

    Attributes:
        sentence: The number of the sentence.
        source: The name of the source's entry; "" is the author.
        target: The name of the target's entry.
        source_span: The words in the sentence that stand for the source (its name, or the pronoun or office that was
            resolved), in the document's text; None where no word of the sentence does (a quotation that goes on, the
            author).
        target_span: The words in the sentence that stand for the target, in the document's text.
        how: How the source is known.
        target_named: Whether these words are a name; else they were resolved to the entry.
    """

    sentence: int
    source: str
    target: str
    source_span: Span | None
    target_span: Span
    how: SourceKind
    target_named: bool = True
