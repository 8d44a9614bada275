"""The documents as the page shows them without its script: whole texts, sentences with a stance marked faintly."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.page.view import document_title, pair_title
from stancelab.article.page.wording import SIGNS, WORDS
from stancelab.article.results import MIXED
from stancelab.schema import NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.article.page.view import MapView
    from stancelab.article.results import Evidence, ReadDocument, SentencePlace

#: Documents that are shown without the script, and their characters in all; the script shows any document.
MOST_DOCUMENTS: Final = 5
MOST_CHARACTERS: Final = 60_000


@dataclass(frozen=True)
class Shown:
    """A sentence in its document.

    Attributes:
        text: Its text.
        stance: The stance that its pairs show, "mixed" for several, "" where it carries no pair that was counted.
        sign: The sign of the stance.
        told: Its pairs in words.
    """

    text: str
    stance: str
    sign: str
    told: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences that belong together; `kind` is that of the first one."""

    kind: str
    sentences: list[Shown]


@dataclass(frozen=True)
class Article:
    """A document."""

    title: str
    facts: list[str]
    paragraphs: list[Paragraph]


def articles_of(view: MapView) -> list[Article]:
    """Return the first documents, as many as are shown without the script."""
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for each in view.reading.evidence:
        evidence[each.document].append(each)
    shown: list[Article] = []
    room = MOST_CHARACTERS
    for document in view.reading.documents[:MOST_DOCUMENTS]:
        room -= len(document.text)
        if room < 0 and shown:
            break
        shown.append(_article(document, evidence[document.id]))
    return shown


def _article(document: ReadDocument, evidence: Sequence[Evidence]) -> Article:
    by_sentence: dict[int, list[Evidence]] = defaultdict(list)
    for each in evidence:
        by_sentence[each.sentence].append(each)
    numbered = list(enumerate(document.sentences))
    paragraphs = []
    for _, run in itertools.groupby(numbered, key=lambda each: _block(*each)):
        own = list(run)
        sentences = [_shown(document, place, by_sentence[number]) for number, place in own]
        paragraphs.append(Paragraph(own[0][1].kind, sentences))
    facts = [each for each in (document.outlet, document.date) if each]
    return Article(document_title(document), facts, paragraphs)


def _block(number: int, place: SentencePlace) -> tuple[int, int]:
    """Return what sentences of one paragraph share; headlines, items and cells stand alone."""
    return place.paragraph, -1 if place.kind == "sentence" else number


def _shown(document: ReadDocument, place: SentencePlace, evidence: Sequence[Evidence]) -> Shown:
    stance = overall([each for each in evidence if each.counted])
    told = "; ".join(
        f"{pair_title(each.source, each.target)}: {WORDS[each.stance]}{'' if each.counted else ', not counted'}"
        for each in evidence
    )
    return Shown(document.text[slice(*place.span)], stance, SIGNS.get(stance, ""), told)


def overall(evidence: Sequence[Evidence]) -> str:
    """Return the stance that all pairs of a sentence show which show one, "mixed" where they differ."""
    stances = {each.stance for each in evidence}
    shown = stances - {NEUTRAL}
    return MIXED if len(shown) > 1 else next(iter(shown or stances), "")
