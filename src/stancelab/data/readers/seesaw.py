"""SEESAW: news articles with the stances of entities toward entities, by sentence (Zhang, Beauchamp and Wang 2022).

A file of `annotations/` holds an article's entities with their kinds, and for each sentence (of the file of the same
name in `articles/`) stances as subject, object and sentiment, POS or NEG. Names are canonical; where the sentence
mentions them (`names`), source and target are the words as printed, with their span, and the canonical names are in
the columns `source_name` and `target_name`. A subject "None" is the author, as in the authors' own scripts. Subjects
and objects "Not in the list" have no name: such stances are skipped.

The corpus has no neutral class. An ordered pair of listed entities that a sentence mentions, and between which it has
no stance in that direction, is a neutral row. `meta/` gives the split by story, of which there are three articles.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

from stancelab.data.labels import LabelMap
from stancelab.data.readers.batch import Batch, split_name
from stancelab.data.readers.names import NameFinder
from stancelab.errors import DataError
from stancelab.schema import NEUTRAL, Example, Span
from stancelab.tables.cells import cell_text
from stancelab.tables.text_file import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from stancelab.data.settings import CorpusSettings

WHERE: Final = (
    "data.path=FOLDER with the folders annotations, articles and meta (SEESAW/ of the repository launchnlp/SEESAW);"
    " it is not on the hub"
)
_FOLDERS: Final = ("annotations", "articles", "meta")
#: A subject that is the article's author: as the files say it, and as the paper does.
_AUTHOR: Final = frozenset({"None", "Author"})
_UNLISTED: Final = "Not in the list"


@dataclass(frozen=True)
class _Article:
    """What the rows of one article share."""

    document: str
    split: str
    finder: NameFinder
    settings: CorpusSettings
    labels: LabelMap


def files(folder: Path) -> list[Path]:
    """Return the corpus's files: annotations, articles and meta."""
    found = {name: sorted((folder / name).glob("TRIPLET_*.json")) for name in _FOLDERS}
    missing = [name for name, paths in found.items() if not paths]
    if missing:
        held = ", ".join(sorted(path.name for path in folder.iterdir())[:12]) or "nothing"
        raise DataError(f"{folder}: lacks {', '.join(missing)}; it holds {held}. Expected {WHERE}")
    articles = {path.name for path in found["articles"]}
    stories = {path.stem for path in found["meta"]}
    for path in found["annotations"]:
        if path.name not in articles:
            raise DataError(f"{path}: has no article {path.name} in {folder / 'articles'}; fetch the folder again")
        if _story(path) not in stories:
            raise DataError(f"{path}: has no {_story(path)}.json in {folder / 'meta'}; fetch the folder again")
    return [path for name in _FOLDERS for path in found[name]]


def read(folder: Path, settings: CorpusSettings) -> Iterator[Batch]:
    """Yield the rows of each article; a row's number is that of its sentence, from 1."""
    labels, splits = LabelMap(settings.labels), {}
    paths = files(folder)
    for path in paths:
        if path.parent.name == "meta":
            splits[path.stem] = _split(path)
    for path in paths:
        batch = Batch(str(path), done=path.stat().st_size)
        if path.parent.name == "annotations":
            _add_article(batch, path, splits[_story(path)], settings, labels)
        yield batch


def _story(path: Path) -> str:
    return path.stem.partition("_DOCUMENT")[0]


def _object(path: Path, key: str) -> dict[str, Any]:
    """Return a file that is one JSON object with a certain key."""
    with open_text(path, "json") as text:
        content = "".join(text)
    try:
        value = json.loads(content)
    except json.JSONDecodeError as error:
        raise DataError(f"{path}: not readable as JSON ({error}); is the file cut off?") from None
    if not isinstance(value, dict) or key not in value:
        raise DataError(f"{path}: expected one JSON object with {key!r}")
    return value


def _split(path: Path) -> str:
    value = cell_text(_object(path, "Split")["Split"])
    split = split_name(value)
    if split is None:
        raise DataError(f"{path}: 'Split': found {value!r}, allowed train, valid and test")
    return split


def _add_article(batch: Batch, path: Path, split: str, settings: CorpusSettings, labels: LabelMap) -> None:
    annotation = _object(path, "sentence-level stances")
    article = _object(path.parents[1] / "articles" / path.name, "text")
    try:
        sentences = {int(each["id"]): str(each["text"]).strip() for each in article["text"]}
        entities = {str(name).strip(): list(kinds) for name, kinds, *_ in annotation["entity lists"]}
        stances = {int(key): list(given) for key, given in annotation["sentence-level stances"].items()}
    except (KeyError, TypeError, ValueError) as error:
        batch.reject(0, "", path.name, f"not laid out as SEESAW's files are ({error}); fetch the file again")
        return
    finder = NameFinder(entities, "\n".join(sentences.values()))
    shared = _Article(path.stem, split, finder, settings, labels)
    for number in sorted(stances.keys() - sentences.keys()):
        batch.reject(number + 1, "sentence-level stances", str(number), "the article has no such sentence")
    for number, text in sentences.items():
        if text:
            _add_sentence(batch, number, text, stances.get(number, []), shared)


def _add_sentence(batch: Batch, number: int, text: str, stances: list[Any], article: _Article) -> None:
    places = article.finder.find(text)
    named = set()
    for position, given in enumerate(stances):
        try:
            pair = given["subject"].strip(), given["object"].strip()
            sentiment = cell_text(given["sentiment"])
        except (AttributeError, KeyError, TypeError):
            reason = "expected 'subject', 'object' and 'sentiment'"
            batch.reject(number + 1, "sentence-level stances", cell_text(given), reason)
            continue
        named.add(pair)
        stance = article.labels.stance(sentiment)
        if stance is None:
            batch.reject(number + 1, "sentiment", sentiment, article.labels.reason(sentiment))
        elif _UNLISTED in pair:
            batch.skipped["subject or object is not in the article's list"] += 1
        else:
            batch.add(number + 1, _example(f"{number}-{position}", text, pair, stance, places, article))
    for pair in permutations(sorted(places, key=places.__getitem__), 2):
        if pair not in named:
            # The id is that of the pair: it stays where another pair is found, or no longer so.
            part = hashlib.sha256("\t".join(pair).encode()).hexdigest()[:8]
            batch.add(number + 1, _example(f"{number}-{part}", text, pair, NEUTRAL, places, article))


def _example(
    part: str, text: str, pair: tuple[str, str], stance: str, places: Mapping[str, Span], article: _Article
) -> Example:
    source, target = ("" if pair[0] in _AUTHOR else pair[0]), pair[1]
    spans = places.get(source), places.get(target)
    words = [name if span is None else text[slice(*span)] for name, span in zip((source, target), spans, strict=True)]
    return Example(
        id=f"{article.document}-{part}",
        text=text,
        source=words[0],
        target=article.settings.target_names.get(words[1], words[1]),
        stance=stance,
        source_span=spans[0],
        target_span=spans[1],
        document=article.document,
        corpus=article.settings.name,
        split=article.split,
        extra={"source_name": source, "target_name": target},
    )
