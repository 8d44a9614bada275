"""Markdown files: the YAML head tells title, date and outlet; the rest becomes plain text, without marks."""

from __future__ import annotations

import datetime
import logging
import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from stancelab.article.documents.bounded import read_text
from stancelab.article.documents.columns import find_fields
from stancelab.article.documents.notes import Notes
from stancelab.article.documents.parts import Parts, visible
from stancelab.article.documents.settings import DocumentSettings
from stancelab.article.types import Document
from stancelab.errors import DataError
from stancelab.yaml_texts import load_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from markdown_it.token import Token

    from stancelab.article.types import SentenceKind

logger = logging.getLogger(__name__)

_HEAD: Final = re.compile(r"---[ \t]*\n(?P<head>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_MOST_HEAD: Final = 65_536
_MOST_LISTED: Final = 1_000
_TAG: Final = re.compile(r"<[^<>]*>")
_BREAKS: Final = ("softbreak", "hardbreak")


def read_markdown(path: Path, name: str, settings: DocumentSettings, notes: Notes) -> Document:
    """Read a Markdown file.

    Raises:
        DataError: It cannot be read, its head is no YAML with keys, or it holds no text.
    """
    return markdown_document(read_text(path, settings.table_options()), path, name, settings, notes)


def markdown_document(
    whole: str, path: Path, name: str, settings: DocumentSettings | None = None, notes: Notes | None = None
) -> Document:
    """Return the document of a text in Markdown.

    Args:
        whole: The text, with its head.
        path: Where it is, for messages.
        name: The document's id.
        settings: How its head is read.
        notes: Where dates that cannot be read are counted.

    Raises:
        DataError: Its head is no YAML with keys, or it holds no text.
    """
    settings, notes = settings or DocumentSettings(), notes or Notes()
    match = _HEAD.match(whole)
    head = _head(path, match["head"]) if match else {}
    parts = Parts(path)
    for text, kind, bold in _blocks(whole[match.end() :] if match else whole):
        parts.add(text, kind, bold)
    if not parts.text:
        raise DataError(f"{path}: holds no text")
    fields = find_fields(list(head), settings.columns)
    told = {field: head[key] for field, key in fields.items() if field in ("title", "date", "outlet")}
    first, kind_of_first = parts.first
    return Document(
        id=name,
        text=parts.text,
        title=visible(told.get("title", "")) or (first if kind_of_first == "headline" else ""),
        date=notes.date(told.get("date", ""), str(path)),
        outlet=visible(told.get("outlet", "")),
        path=str(path),
        fields=_further(head, fields),
        kinds=parts.kinds,
        bold=parts.bold,
    )


def _further(head: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    taken = {key for field, key in fields.items() if field in ("title", "outlet")}
    return {key: value for key, value in head.items() if key not in taken}


def _head(path: Path, text: str) -> dict[str, str]:
    if len(text) > _MOST_HEAD:
        raise DataError(f"{path}: the head has {len(text):,} characters, allowed are {_MOST_HEAD:,}; is --- missing?")
    try:
        content: Any = load_texts(text, dates=True)
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f", line {error.problem_mark.line + 2}"
        raise DataError(
            f"{path}{line}: the head is no YAML ({error.problem}); write KEY: VALUE, with quotes around a"
            " value that has a colon"
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise DataError(f"{path}: the head is no YAML ({type(error).__name__}); write KEY: VALUE") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise DataError(f"{path}: the head between --- and --- has no keys; write KEY: VALUE, or remove it")
    cells = {str(key): _cell(value) for key, value in content.items()}
    left_out = [key for key, value in cells.items() if value is None]
    if left_out:
        logger.info("%s: not kept, since they hold more than a list of values: %s", path, ", ".join(left_out))
    return {key: value for key, value in cells.items() if value is not None}


def _cell(value: Any) -> str | None:
    """Return a value of the head as text, None where it holds values inside values."""
    if isinstance(value, list):
        cells = [None if isinstance(each, list) else _cell(each) for each in value[:_MOST_LISTED]]
        return None if None in cells else ", ".join(map(str, cells))
    if value is None or isinstance(value, str):
        return value or ""
    return value.isoformat() if isinstance(value, datetime.date) else None


def _blocks(text: str) -> Iterator[tuple[str, SentenceKind, str]]:
    """Yield the blocks of a Markdown text, what they are, and the words in bold with which they begin."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    lists = 0
    for index, token in enumerate(tokens):
        if token.type == "list_item_open":
            lists += 1
        elif token.type == "list_item_close":
            lists -= 1
        elif token.type == "inline" and token.children:
            before = tokens[index - 1].type
            yield _words(token.children), _kind(before, lists), _bold(token.children)
        elif token.type == "html_block":
            yield _without_tags(token.content), "sentence", ""


def _without_tags(text: str) -> str:
    """Return the words of a block of HTML; each kind of stretch is looked for in one pass, however often it begins."""
    for begin, end in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style")):
        kept, place, lower = [], 0, text.lower()
        while (start := lower.find(begin, place)) >= 0:
            kept.append(text[place:start])
            stop = lower.find(end, start)
            place = len(text) if stop < 0 else stop + (len(end) if begin == "<!--" else 0)
        text = " ".join([*kept, text[place:]])
    return _TAG.sub(" ", text)


def _kind(before: str, lists: int) -> SentenceKind:
    if before == "heading_open":
        return "headline"
    if before in ("th_open", "td_open"):
        return "cell"
    return "item" if lists else "sentence"


def _bold(children: Sequence[Token]) -> str:
    """Return the words in bold with which a line begins, "" where it begins with others."""
    kinds = [token.type for token in children if token.type != "text" or token.content.strip()]
    if not kinds or kinds[0] != "strong_open":
        return ""
    types = [token.type for token in children]
    return _words(children[: types.index("strong_close")])


def _words(children: Sequence[Token]) -> str:
    """Return the words of a line, with the text of links and without pictures and tags."""
    words = []
    for token in children:
        if token.type in ("text", "code_inline"):
            words.append(token.content)
        elif token.type in _BREAKS:
            words.append(" ")
    return "".join(words)
