"""Sparse features of an example: n-grams of its text, of target and source, and of the words around their mentions.

Four blocks of columns:

- words: 1-3-grams of the text's words; hashtags and handles are words of their own;
- characters: 2-5-grams within words (words and characters are the features of the SemEval-2016 Task 6 baseline,
  Mohammad et al., 2016);
- near: 1-3-grams of the words around the mentions, in which the mentions themselves are slots, such as
  "<s> condemned <t>": they differ between two targets of one sentence;
- pair: words of target and source, and each word of the text once more under the target's name, so that a linear model
  over all targets can weigh a word per target as well (the feature augmentation of Daumé III, 2007).

A reader of the text alone sees words and characters, which are the same for all rows of a sentence.
The models over all targets see all four as present or absent, each block's row scaled to length 1, so that the thousand
character n-grams of a sentence do not drown the dozen n-grams around the target. A model of a single target sees the
first three by tf-idf (sublinear), the row scaled to length 1. Both were chosen by cross-validation on train rows: of
NewsMTSC and MPQA for all targets together, of SemEval-2016 for single ones.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack

from stancelab.schema import find_mention
from stancelab.text_keys import name_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from stancelab.schema import Example, Span

    Matrix = csr_matrix[np.float32]

#: Who the features are for.
Reader = Literal["all targets", "single target", "text"]
ALL_TARGETS: Final = "all targets"
SINGLE_TARGET: Final = "single target"
TEXT: Final = "text"

MIN_ROWS = 2  # a feature of a single row says nothing about another row,
FEW_ROWS = 50  # but of so few rows all features are kept, or there may be none
MAX_COLUMNS = 400_000  # of a block; the most frequent stay, so that a million rows fit in memory
NEAR_WORDS = 5  # on each side of a mention
TARGET_SLOT, SOURCE_SLOT = "<t>", "<s>"
_WORD = re.compile(r"[@#]?\w+(?:['’]\w+)*|[^\w\s]+")


class Row(NamedTuple):
    """What the features see of an example; unlike the example it can be hashed."""

    text: str
    target: str
    source: str
    target_span: Span | None
    source_span: Span | None

    @classmethod
    def of(cls, example: Example) -> Row:
        """Return the row of an example."""
        return cls(example.text, example.target, example.source, example.target_span, example.source_span)


class NgramFeatures:
    """Turns rows into a sparse matrix, with the columns that `fit_features` found.

    Args:
        reader: For whom: a model over all targets, models of a single target each, which have no use for its name, or
            a reader of the text alone.
    """

    def __init__(self, reader: Reader) -> None:
        self._single_target = tfidf = reader == SINGLE_TARGET
        self._blocks = [
            _Block(word_ngrams, tfidf=tfidf),
            _Block(lambda row: row.text, tfidf=tfidf, analyzer="char_wb", ngram_range=(2, 5), lowercase=True),
        ]
        if reader != TEXT:
            self._blocks.append(_Block(near_ngrams, tfidf=tfidf))
        if reader == ALL_TARGETS:
            self._blocks.append(_Block(pair_features, tfidf=False))

    def fit_transform(self, rows: Sequence[Row]) -> Matrix:
        """Find the columns, and return the rows' matrix, shape (len(rows), columns), float32."""
        return self._joined([block.fit_transform(rows) for block in self._blocks])

    def transform(self, rows: Sequence[Row]) -> Matrix:
        """Return the matrix of other rows in the same columns."""
        return self._joined([block.transform(rows) for block in self._blocks])

    def _joined(self, blocks: list[Matrix]) -> Matrix:
        if not self._single_target:
            blocks = [_unit_rows(block) for block in blocks]
        matrix = csr_matrix(hstack(blocks, dtype=np.float32))
        return _unit_rows(matrix) if self._single_target else matrix


class _Block:
    """One kind of features; has no columns where no feature is frequent enough."""

    def __init__(self, features_of: Callable[[Row], Any], *, tfidf: bool, **options: Any) -> None:
        from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

        self._features_of = features_of
        # Features that come as a list need no splitting.
        options = {"max_features": MAX_COLUMNS, "dtype": np.float32, **(options or {"analyzer": _as_it_is})}
        self._vectorizer = (
            TfidfVectorizer(sublinear_tf=True, norm=None, **options)
            if tfidf
            else CountVectorizer(binary=True, **options)
        )
        self.columns = 0

    def fit_transform(self, rows: Sequence[Row]) -> Matrix:
        self._vectorizer.min_df = MIN_ROWS if len(rows) >= FEW_ROWS else 1
        try:
            values: Matrix = self._vectorizer.fit_transform([self._features_of(row) for row in rows])
        except ValueError:  # scikit-learn's word for a vocabulary that is empty, or is so after pruning
            self.columns = 0
            return _empty(len(rows), 0)
        self.columns = values.shape[1]
        return values

    def transform(self, rows: Sequence[Row]) -> Matrix:
        if not self.columns or not rows:
            return _empty(len(rows), self.columns)
        values: Matrix = self._vectorizer.transform([self._features_of(row) for row in rows])
        return values


def fit_features(rows: Sequence[Row], reader: Reader) -> tuple[NgramFeatures, Matrix]:
    """Return features fitted to train rows, and the rows' matrix, shape (len(rows), columns)."""
    features = NgramFeatures(reader)
    return features, features.fit_transform(rows)


def word_ngrams(row: Row) -> list[str]:
    """Return the 1-3-grams of the text's words."""
    return list(_ngrams(words(row.text)))


def near_ngrams(row: Row) -> list[str]:
    """Return the 1-3-grams around the mention of the target, and around that of the source, each under its slot."""
    tokens = _with_slots(row)
    found: list[str] = []
    for slot in (TARGET_SLOT, SOURCE_SLOT):
        if slot in tokens:
            at = tokens.index(slot)
            around = tokens[max(0, at - NEAR_WORDS) : at + NEAR_WORDS + 1]
            found += [f"{slot}: {ngram}" for ngram in _ngrams(around)]
    return found


def pair_features(row: Row) -> list[str]:
    """Return the 1-3-grams of target and source, the target's name, and the text's words under that name."""
    target = name_key(row.target)
    return [
        f"name={target}",
        *(f"target={ngram}" for ngram in _ngrams(words(row.target))),
        *(f"source={ngram}" for ngram in _ngrams(words(row.source))),
        *(f"{target}|{word}" for word in words(row.text)),
    ]


def words(text: str) -> list[str]:
    """Return a text's words and runs of punctuation, in lower case; "#tag" and "@name" are words."""
    return _WORD.findall(text.lower())


def _with_slots(row: Row) -> list[str]:
    """Return the text's words, each mention as one slot; of two mentions that overlap, the target's."""
    target = row.target_span or find_mention(row.text, row.target)
    source = row.source_span or find_mention(row.text, row.source)
    mentions = [(target, TARGET_SLOT)] if target else []
    if source and not (target and source.start < target.end and target.start < source.end):
        mentions.append((source, SOURCE_SLOT))
    tokens: list[str] = []
    last = 0
    for span, slot in sorted(mentions):
        tokens += [*words(row.text[last : span.start]), slot]
        last = span.end
    return tokens + words(row.text[last:])


def _ngrams(tokens: list[str]) -> Iterator[str]:
    for length in (1, 2, 3):
        for start in range(len(tokens) - length + 1):
            yield " ".join(tokens[start : start + length])


def _as_it_is(features: list[str]) -> list[str]:
    return features


def _unit_rows(values: Matrix) -> Matrix:
    from sklearn.preprocessing import normalize

    if 0 in values.shape:  # scikit-learn wants at least one row and one column
        return values
    return csr_matrix(normalize(values, copy=False))


def _empty(rows: int, columns: int) -> Matrix:
    return csr_matrix(np.empty((rows, columns), dtype=np.float32))
