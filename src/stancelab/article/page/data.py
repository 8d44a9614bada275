"""The reading as one block of data, from which the page's script fills its parts.

Names stand once, and rows are lists, since a page of 1,000 articles has some 100,000 sentences and pairs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from stancelab.article.page.view import document_title
from stancelab.article.page.wording import (
    DECIMALS,
    MOST_WORDS,
    NOT_COUNTED,
    OPPOSED_SIGN,
    SIDES,
    SIGNS,
    STRENGTHS,
    WORDS,
    person,
)
from stancelab.article.results import OPPOSED
from stancelab.article.tables import EVIDENCE_COLUMNS, STANCES_COLUMNS, further_columns
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.article.page.view import MapView
    from stancelab.article.results import Evidence, PairStance, ReadDocument

#: Which number stands for a way of knowing the source.
HOW: Final = ("named", "quote", "carried", "author")


def data_block(view: MapView) -> str:
    """Return the reading as JSON that may stand in a `<script>` element.

    Its keys:
        names: The author ("") and all sources and targets; `called` is how the page writes each, `groups` its group.
        documents: [id, title, date, outlet, path, further columns, text, sentences as [start, end, paragraph, kind]];
            `shown` has the title of each.
        pairs: Over all documents, as `_pair` gives them; the place of a pair is its number.
        own: Within documents: [document, pair, ...] with the numbers of `_pair`.
        evidence: [document, sentence, pair, how, source span or 0, target span, p_against, p_neutral, p_favor, score,
            confidence, stance, 1 where it is counted, weights].
        threshold: The confidence under which a sentence does not count; others that do not are headlines.
        stances, how, signs, words, sides: Names of stances, of ways of knowing the source, and how they are shown.
        opposed: What is said where the score is on the other side of 0 than the stance: of one document, of several.
    """
    reading = view.reading
    names = {name: number for number, name in enumerate(view.names)}
    documents = {document.id: number for number, document in enumerate(reading.documents)}
    content = {
        "names": view.names,
        "called": list(map(person, view.names)),
        "groups": [view.group(name) for name in view.names],
        "shown": [document_title(document) for document in reading.documents],
        "documents": [_document(document) for document in reading.documents],
        "pairs": [[names[pair.source], names[pair.target], *_pair(pair), pair.documents] for pair in view.pairs],
        "own": [
            [documents[pair.document], view.numbers[pair.source, pair.target], *_pair(pair)] for pair in reading.pairs
        ],
        "evidence": [_evidence(each, documents, view.numbers) for each in reading.evidence],
        "stances": STANCES,
        "how": HOW,
        "signs": SIGNS,
        "words": WORDS,
        "sides": SIDES,
        "opposed": OPPOSED,
        "opposedSign": OPPOSED_SIGN,
        "notCounted": NOT_COUNTED,
        "threshold": reading.provenance.threshold,
        "strengths": STRENGTHS,
        "mostWords": MOST_WORDS,
        "further": further_columns(reading),
        "columns": {"stances": STANCES_COLUMNS, "evidence": EVIDENCE_COLUMNS},
    }
    # As text of a script element nothing is escaped: "<" would open a tag, or end the element.
    text = msgspec.json.encode(content).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _document(document: ReadDocument) -> list[Any]:
    sentences = [[*each.span, each.paragraph, each.kind] for each in document.sentences]
    return [
        document.id, document.title, document.date, document.outlet, document.path, document.fields, document.text,
        sentences,
    ]  # fmt: skip


def _pair(pair: PairStance) -> list[Any]:
    """Return [stance, score, low, high, confidence, sentences, favor, against, neutral, left out, first, last]."""
    return [
        pair.stance, *map(_rounded, (pair.score, pair.low, pair.high, pair.confidence)), pair.sentences, pair.favor,
        pair.against, pair.neutral, pair.left_out, pair.first_stance, pair.last_stance,
    ]  # fmt: skip


def _evidence(each: Evidence, documents: Mapping[str, int], numbers: Mapping[tuple[str, str], int]) -> list[Any]:
    return [
        documents[each.document], each.sentence, numbers[each.source, each.target], HOW.index(each.how),
        each.source_span or 0, each.target_span, *map(_rounded, (each.p_against, each.p_neutral, each.p_favor)),
        _rounded(each.score), _rounded(each.confidence), STANCES.index(each.stance), int(each.counted),
        [[start, end, _rounded(weight)] for start, end, weight in each.weights],
    ]  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS) + 0.0
