"""Labeled articles: what each gives a source toward a target, and which of its sentences carry that.

The form is that of `tests/end_to_end/articles`: NAME.md is the article, NAME.yaml its codebook and its pairs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from stancelab.article.aggregate import ARTICLE_STANCES, ArticleStance
from stancelab.article.codebook import Codebook, parse_codebook
from stancelab.article.documents import read_documents
from stancelab.errors import DataError
from stancelab.schema import AGAINST, FAVOR, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from stancelab.article.types import Document

#: Where the simple count of the labels ends a sentence: at one of .?! and a quotation mark after it, if any, before
#: white space and a capital, a digit, a sign of money or an opening quotation mark.
_END: Final = re.compile(r"[.?!][\"”’]?\s+(?=[\"“‘]?[^\W_a-z]|[€$])")
#: The words after which it ends none.
_ABBREVIATION: Final = re.compile(
    r"(?<![^\W\d_])(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Jan|Feb|Oct|Nov|Dec|Va|p\.m|U\.S|U\.N|[A-Z])\.$"
)
#: Says of a folder that a pair that is not listed has no stance.
_COMPLETE: Final = "The list of stances is complete"


@dataclass(frozen=True, slots=True)
class GoldPair:
    """What a whole article gives a source toward a target.

    Attributes:
        source: The source's entry; "" is the author.
        target: The target's entry.
        stance: The article's stance.
        carriers: The sentences that carry it, or another stance of the same source, as (number from 1, "favor" or
            "against").
        why: The label's reason.
    """

    source: str
    target: str
    stance: ArticleStance
    carriers: tuple[tuple[int, str], ...]
    why: str


@dataclass(frozen=True)
class GoldArticle:
    """A labeled article.

    Attributes:
        document: The article, as `read_documents` reads it.
        codebook: Its entries.
        pairs: Its labels.
        spans: Where the sentences of the labels' count stand in the document's text, the first first.
    """

    document: Document
    codebook: Codebook
    pairs: tuple[GoldPair, ...]
    spans: tuple[Span, ...]

    def cells(self) -> list[tuple[str, str]]:
        """Return every source with every other target of the codebook, and the listed pairs of the author."""
        entries = self.codebook.entries.values()
        cells = [(one.name, two.name) for one in entries for two in entries if one.source and two.target]
        author = [(pair.source, pair.target) for pair in self.pairs if not pair.source]
        return [*author, *((source, target) for source, target in cells if source != target)]


@dataclass(frozen=True)
class GoldFolder:
    """The labeled articles of a folder.

    Attributes:
        name: The folder's name.
        articles: By the names of their files.
        complete: Whether a pair that is not listed has no stance, as the folder's README may say.
    """

    name: str
    articles: tuple[GoldArticle, ...]
    complete: bool


def read_gold(folder: Path) -> GoldFolder:
    """Return the labeled articles of a folder.

    Raises:
        DataError: The folder holds none, or a file is not of the form.
    """
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise DataError(f"{folder}: found no .yaml file, expected NAME.md and NAME.yaml for each article")
    readme = folder / "README.md"
    complete = readme.is_file() and _COMPLETE in readme.read_text(encoding="utf-8")
    return GoldFolder(folder.name, tuple(map(_article, paths)), complete)


def _article(path: Path) -> GoldArticle:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        codebook, rows = content["codebook"], content["pairs"]
        pairs = tuple(_pair(row) for row in rows)
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: is no file of labels ({error}), expected the keys codebook and pairs") from None
    [document] = read_documents(path.with_suffix(".md"))
    written = yaml.safe_dump(codebook, allow_unicode=True, sort_keys=False)
    article = GoldArticle(document, parse_codebook(written, str(path)), pairs, tuple(simple_spans(document.text)))
    _check(path, article)
    return article


def _pair(row: Mapping[str, Any]) -> GoldPair:
    stance = row["stance"]
    if stance not in ARTICLE_STANCES:
        raise ValueError(f"stance: found {stance!r}, allowed are {', '.join(ARTICLE_STANCES)}")
    keys = {"sentences": stance, FAVOR: FAVOR, AGAINST: AGAINST}
    carriers = tuple((number, side) for key, side in keys.items() for number in row.get(key, ()))
    return GoldPair(row["source"], row["target"], stance, carriers, row.get("why", ""))


def _check(path: Path, article: GoldArticle) -> None:
    entries, count = article.codebook.entries, len(article.spans)
    for pair in article.pairs:
        for name in filter(None, (pair.source, pair.target)):
            if name not in entries:
                raise DataError(f"{path}: the pair {pair.source!r}, {pair.target!r} names no entry of its codebook")
        for number, _ in pair.carriers:
            if not 1 <= number <= count:
                raise DataError(f"{path}: found sentence {number}, allowed are 1 to {count}")


def simple_spans(text: str) -> Iterator[Span]:
    """Yield the sentences by the simple count of the labels, which is not that of the reader."""
    at = 0
    for paragraph in text.split("\n\n"):
        begin = 0
        for end in _END.finditer(paragraph):
            if not _ABBREVIATION.search(paragraph[: end.start() + 1]):
                yield Span(at + begin, at + len(paragraph[: end.end()].rstrip()))
                begin = end.end()
        if paragraph[begin:].strip():
            yield Span(at + begin, at + len(paragraph.rstrip()))
        at += len(paragraph) + 2
