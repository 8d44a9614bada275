"""Scores the stances that are read from the articles of SEESAW (Zhang, Beauchamp and Wang, EMNLP 2022).

    python scripts/score_seesaw_articles.py ../shared/data/seesaw CHECKPOINT --split valid --stories 10
    python scripts/score_seesaw_articles.py ../shared/data/seesaw CHECKPOINT CHECKPOINT --split test

Each article is read with a codebook of its listed entities, under their canonical names and the names by which the
reader of the corpus finds them in its sentences ("Sanders", "ACA"); persons, organizations and states may be sources.
Sentences are those of the corpus. A triple is a source, a target and a polarity; it is right in a sentence where the
annotators have it there, and in an article where they have it in any sentence. Stances of or toward entities that are
not in the list are left out, and so are those of the author, whom --author asks. Stories are resampled for intervals.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from article_scores import RESAMPLES, SEED, by_pair, stance_of
from article_systems import Questions, Sentiment, ask
from score_articles import BASELINES, short_name
from stancelab.article.aggregate import StanceSettings
from stancelab.article.codebook import Codebook, Entry
from stancelab.article.pairs import PairSettings
from stancelab.article.types import Document, Sentence
from stancelab.data.readers.names import NameFinder
from stancelab.data.readers.seesaw import files
from stancelab.errors import DataError, StancelabError
from stancelab.inference.classifier import StanceClassifier
from stancelab.metrics.bootstrap import percentile_interval, resample_counts
from stancelab.schema import AGAINST, FAVOR, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.article.aggregate import Answer

#: The kinds of entities that may be sources.
_ACTORS: Final = frozenset({"People", "Organization", "GPE"})
_AUTHOR: Final = frozenset({"None", "Author"})
_SIDES: Final = {"POS": FAVOR, "NEG": AGAINST}


class Triple(NamedTuple):
    """A stance in a sentence; `source` is "" for the author."""

    sentence: int
    source: str
    target: str
    side: str

    def of_article(self) -> tuple[str, str, str]:
        """Return the triple without its sentence."""
        return self.source, self.target, self.side


@dataclass(frozen=True)
class Annotated:
    """An article of the corpus.

    Attributes:
        story: The story that it is on, of which there are three articles.
        questions: The article, with its codebook.
        triples: The stances between listed entities, and those of the author.
        unlisted: Stances that are left out, since an entity is not in the list.
    """

    story: str
    questions: Questions
    triples: frozenset[Triple]
    unlisted: int


def read_corpus(folder: Path, split: str, stories: int | None = None) -> list[Annotated]:
    """Return the articles of a split, or those of its first stories.

    Raises:
        DataError: The folder is not the corpus, or has no such story.
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: is no folder")
    paths = files(folder)
    kept = [path.stem for path in paths if path.parent.name == "meta" and _json(path)["Split"] == split][:stories]
    if not kept:
        raise DataError(f"{folder}: found no story of the split {split!r}")
    own = [path for path in paths if path.parent.name == "annotations" and path.stem.partition("_DOC")[0] in kept]
    return [_article(path) for path in own]


def _json(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path}: not readable as JSON ({error})") from None
    return content


def _article(path: Path) -> Annotated:
    annotation, article = _json(path), _json(path.parents[1] / "articles" / path.name)
    texts = {int(each["id"]): str(each["text"]).strip() for each in article["text"]}
    numbers = {own: number for number, own in enumerate(own for own, text in texts.items() if text)}
    sentences = tuple(_sentences([texts[own] for own in numbers]))
    text = " ".join(sentence.text for sentence in sentences)
    kinds = {str(name).strip(): set(given) for name, given, *_ in annotation["entity lists"]}
    questions = Questions(Document(id=path.stem, text=text), _codebook(kinds, sentences), sentences)
    triples, unlisted = set(), 0
    for own, stances in annotation["sentence-level stances"].items():
        for stance in stances:
            source, target = stance["subject"].strip(), stance["object"].strip()
            source = "" if source in _AUTHOR else source
            if target in kinds and (not source or source in kinds) and int(own) in numbers:
                triples.add(Triple(numbers[int(own)], source, target, _SIDES[stance["sentiment"]]))
            else:
                unlisted += 1
    return Annotated(path.stem.partition("_DOC")[0], questions, frozenset(triples), unlisted)


def _sentences(texts: Sequence[str]) -> Iterator[Sentence]:
    """Yield sentences that stand in a text with a space between them; the corpus has no paragraphs."""
    at = 0
    for number, text in enumerate(texts):
        yield Sentence(number=number, paragraph=0, span=Span(at, at + len(text)), text=text)
        at += len(text) + 1


def _codebook(kinds: Mapping[str, set[str]], sentences: Sequence[Sentence]) -> Codebook:
    """Return the listed entities under all names that the corpus's reader finds in the sentences."""
    finder = NameFinder(kinds, "\n".join(sentence.text for sentence in sentences))
    words: defaultdict[str, set[str]] = defaultdict(set)
    for sentence in sentences:
        for name, span in finder.find(sentence.text).items():
            words[name].add(" ".join(sentence.text[slice(*span)].split()))
    entries, taken = {}, {name.casefold() for name in kinds}
    for name, own in kinds.items():
        aliases = tuple(sorted(word for word in words[name] if word.casefold() not in taken))
        taken |= {word.casefold() for word in aliases}
        entries[name] = Entry(name=name, aliases=aliases, source=bool(own & _ACTORS))
    return Codebook(entries)


@dataclass(frozen=True)
class Found:
    """What a system finds in an article."""

    by_sentence: frozenset[Triple]
    by_article: frozenset[tuple[str, str, str]]


def found_in(answers: Sequence[Answer], settings: StanceSettings) -> Found:
    """Return the triples of an article: of its sentences, and of its stances, of which "mixed" gives two."""
    sentences = set()
    for one in answers:
        sides = {FAVOR: one.prediction.p_favor, AGAINST: one.prediction.p_against}
        side = max(sides, key=sides.__getitem__)
        if sides[side] >= settings.evidence:
            sentences.add(Triple(one.pair.sentence, one.pair.source, one.pair.target, side))
    stances = {pair: stance_of(own, settings) for pair, own in by_pair(answers).items()}
    sides_of = {FAVOR: (FAVOR,), AGAINST: (AGAINST,), "mixed": (FAVOR, AGAINST), "none": ()}
    whole = {(*pair, side) for pair, stance in stances.items() for side in sides_of[stance]}
    return Found(frozenset(sentences), frozenset(whole))


def scores(
    articles: Sequence[Annotated],
    answering: Callable[[Questions], Sequence[Answer]],
    settings: StanceSettings,
    *,
    author: bool,
) -> list[str]:
    """Return the cells of a system's row: precision, recall and F1 by sentence and by article, polarity of given pairs.

    Args:
        articles: The annotated articles.
        answering: What answers for an article.
        settings: How answers become stances.
        author: Whether stances of the author count.
    """
    stories = sorted({article.story for article in articles})
    counts = np.zeros((len(stories), 3, 3))  # story; by sentence, by article, polarity; right, found, gold
    for article in articles:
        answers = [one for one in answering(article.questions) if author or one.pair.source]
        gold = {triple for triple in article.triples if author or triple.source}
        found = found_in(answers, settings)
        own = counts[stories.index(article.story)]
        own[0] += _counts(found.by_sentence, gold)
        own[1] += _counts(found.by_article, {triple.of_article() for triple in gold})
        own[2] += _polarity(answers, gold)
    cells = [_row(counts[:, kind]) for kind in (0, 1)]
    right, asked, total = counts[:, 2].sum(0)
    return [*cells, f"{100 * right / max(asked, 1):.1f} ({asked:.0f} of {total:.0f})"]


def _counts(found: frozenset[Any], gold: set[Any]) -> tuple[int, int, int]:
    return len(found & gold), len(found), len(gold)


def _polarity(answers: Sequence[Answer], gold: set[Triple]) -> tuple[int, int, int]:
    """Return how many stances have the right side of the two, how many were asked, and how many there are."""
    given = {(one.pair.sentence, one.pair.source, one.pair.target): one.prediction for one in answers}
    right = asked = 0
    for triple in gold:
        said = given.get(triple[:3])
        if said is not None:
            asked += 1
            right += (said.p_favor > said.p_against) == (triple.side == FAVOR)
    return right, asked, len(gold)


def _row(counts: NDArray[np.float64]) -> str:
    """Return precision, recall and F1 with its 95% interval over stories, of counts of shape (stories, 3)."""
    right, found, gold = counts.sum(0)
    resampled = resample_counts(counts, RESAMPLES, SEED)
    low, high = percentile_interval(_f1(resampled))
    share = f"{100 * right / max(found, 1):.1f} / {100 * right / max(gold, 1):.1f}"
    return f"{share} / {100 * float(_f1(counts.sum(0))):.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def _f1(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(2 * counts[..., 0] / np.maximum(counts[..., 1] + counts[..., 2], 1))


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Score the stances that are read from SEESAW's articles.")
    parser.add_argument("folder", type=Path, help="the corpus: annotations, articles and meta")
    parser.add_argument("checkpoints", nargs="*", help="checkpoint folders; none scores the baselines alone")
    parser.add_argument("--split", default="valid", choices=("train", "valid", "test"))
    parser.add_argument("--stories", type=int, help="the first stories alone")
    parser.add_argument("--author", action="store_true", help="ask the author too, and count the author's stances")
    parser.add_argument("--backend", default="auto", help="what computes: auto, onnx, torch, ...")
    given = parser.parse_args(words)
    try:
        _run(given)
    except StancelabError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _run(given: argparse.Namespace) -> None:
    articles = read_corpus(given.folder, given.split, given.stories)
    gold = [triple for article in articles for triple in article.triples if given.author or triple.source]
    stories = len({article.story for article in articles})
    left_out = sum(article.unlisted for article in articles)
    print(f"{stories} stories, {len(articles)} articles, {len(gold)} triples; {left_out} with entities not in the list")
    print("| system | by sentence: P / R / F1 | by article: P / R / F1 | polarity of pairs that were asked |")
    print("|---|---:|---:|---:|")
    for path in given.checkpoints:
        classifier = StanceClassifier.from_pretrained(path, backend=given.backend)

        def answering(questions: Questions, classifier: StanceClassifier = classifier) -> Sequence[Answer]:
            return ask(questions, questions.pairs(settings=PairSettings(author=given.author)), classifier)

        _print(short_name(path), scores(articles, answering, StanceSettings(), author=given.author))
    for name, baseline in Sentiment().systems().items():
        _print(name, scores(articles, baseline, BASELINES[name].settings, author=given.author))


def _print(name: str, cells: Sequence[str]) -> None:
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
