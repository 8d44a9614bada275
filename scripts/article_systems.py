"""What answers the questions of an article: a checkpoint, and two baselines that know words alone.

The baselines take the sentiment of VADER (Hutto and Gilbert, ICWSM 2014) for a stance: a sentence of compound c > 0 has
the probability c of "favor", one of c < 0 the probability -c of "against", so that both are aggregated by the rules of
a checkpoint, with thresholds of their own.

- `co-occurrence`: a sentence that names source and target gives the source its sentiment toward the target.
- `target sentiment`: all sentences that name the target give their sentiments to every source that any of them names.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, get_args

from stancelab.article.aggregate import Answer
from stancelab.article.codebook import Codebook, Matcher
from stancelab.article.pairs import PairSettings, examples_of, pairs_of
from stancelab.article.pairs.hearing import by_sentence
from stancelab.article.sentences import sentences_of
from stancelab.article.types import Document, Mention, Pair, Sentence
from stancelab.baselines.lexicon import load_analyzer
from stancelab.schema import AGAINST, FAVOR, NEUTRAL, STANCES, Prediction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stancelab.baselines.lexicon import Analyzer
    from stancelab.schema import System

#: Which pairs are asked: all; none of sources without a name in the sentence (carried, quoted); none of targets without
#: one; none by the name of a person; or those of the codebook's mentions in one sentence alone, with no rule about who
#: is heard.
Variant = Literal[
    "all", "without carried sources", "without resolved targets", "without persons", "named mentions alone"
]
VARIANTS: Final[tuple[Variant, ...]] = get_args(Variant)


@dataclass(frozen=True, eq=False)
class Questions:
    """An article cut into sentences, with its mentions.

    Attributes:
        document: The article.
        codebook: The entries that are looked for.
        given: Its sentences, where a corpus has them; None cuts the article as `stancelab read` does.
    """

    document: Document
    codebook: Codebook
    given: Sequence[Sentence] | None = None

    @cached_property
    def sentences(self) -> Sequence[Sentence]:
        """Its sentences, in order."""
        return sentences_of(self.document) if self.given is None else self.given

    @cached_property
    def mentions(self) -> list[Mention]:
        """Where it names entries of the codebook."""
        return Matcher(self.codebook).mentions(self.document.text)

    @cached_property
    def by_sentence(self) -> list[list[Mention]]:
        """The mentions of each sentence."""
        return by_sentence(self.sentences, self.mentions)

    def pairs(self, variant: Variant = "all", settings: PairSettings | None = None) -> list[Pair]:
        """Return the pairs that are asked."""
        settings = settings or PairSettings()
        if variant == "named mentions alone":
            settings = replace(settings, language="other")
        groups = {name: entry.group for name, entry in self.codebook.entries.items()}
        found = pairs_of(self.document, self.sentences, self.mentions, settings, groups, self.codebook.entries)
        if variant == "without carried sources":
            return [pair for pair in found if pair.how in ("named", "author")]
        if variant == "without resolved targets":
            return [own for pair in found if (own := self._by_name(pair)) is not None]
        if variant == "without persons":
            return [pair for pair in found if not self._by_person(pair)]
        return found

    def _by_name(self, pair: Pair) -> Pair | None:
        """Return a pair with a name for its target, None where the sentence has none."""
        named = [one for one in self.by_sentence[pair.sentence] if one.entry == pair.target and one.target]
        if pair.target_named:
            return pair
        return replace(pair, target_span=named[0].span, target_named=True) if named else None

    def _by_person(self, pair: Pair) -> bool:
        """Whether the words of a named source, or of a target, hold no mention of its entry: a person's name."""
        spans = [(pair.target, pair.target_span)] if pair.target_named else []
        spans += [(pair.source, pair.source_span)] if pair.source_span is not None and pair.how == "named" else []
        return any(
            not any(
                one.entry == entry and one.span.start < span.end and span.start < one.span.end for one in self.mentions
            )
            for entry, span in spans
        )


def ask(questions: Questions, pairs: Sequence[Pair], system: System) -> list[Answer]:
    """Return what a checkpoint says of pairs."""
    if not pairs:
        return []
    examples = examples_of(questions.document, questions.sentences, pairs)
    rows = system.predict_proba(examples).tolist()
    return [Answer(pair, _prediction(*row)) for pair, row in zip(pairs, rows, strict=True)]


def _prediction(against: float, neutral: float, favor: float) -> Prediction:
    rows = (against, neutral, favor)
    predicted = STANCES[rows.index(max(rows))]
    return Prediction(predicted=predicted, p_against=against, p_neutral=neutral, p_favor=favor)


def counted_from(answering: Callable[[Questions], list[Answer]], least: float) -> Callable[[Questions], list[Answer]]:
    """Return what gives the same answers, of which those with a lower confidence do not count."""

    def answers(questions: Questions) -> list[Answer]:
        return [
            replace(one, prediction=replace(one.prediction, abstained=one.prediction.confidence < least))
            for one in answering(questions)
        ]

    return answers


class Sentiment:
    """The sentiment of sentences as answers."""

    def __init__(self) -> None:
        """Load VADER."""
        self._analyzer: Analyzer = load_analyzer()

    def _answer(self, sentence: Sentence, source: str, target: Mention) -> Answer:
        compound = self._analyzer.polarity_scores(sentence.text)["compound"]
        stance = FAVOR if compound > 0 else AGAINST if compound < 0 else NEUTRAL
        rows = {AGAINST: max(-compound, 0.0), NEUTRAL: 1 - abs(compound), FAVOR: max(compound, 0.0)}
        pair = Pair(
            sentence=sentence.number,
            source=source,
            target=target.entry,
            source_span=None,
            target_span=target.span,
            how="named",
        )
        return Answer(pair, replace(_prediction(*rows.values()), predicted=stance))

    def together(self, questions: Questions) -> list[Answer]:
        """Answer for every source and target that a sentence names."""
        found = []
        for sentence, own in zip(questions.sentences, questions.by_sentence, strict=True):
            sources = dict.fromkeys(one.entry for one in own if one.source)
            targets = {one.entry: one for one in reversed(own) if one.target}
            found += [
                self._answer(sentence, source, target)
                for source, target in itertools.product(sources, targets.values())
                if source != target.entry
            ]
        return found

    def of_targets(self, questions: Questions) -> list[Answer]:
        """Answer for every target with all of its sentences, for every source that any of them names."""
        named: dict[str, dict[int, Mention]] = {}
        for number, own in enumerate(questions.by_sentence):
            for one in own:
                if one.target:
                    named.setdefault(one.entry, {}).setdefault(number, one)
        found = []
        for entry, places in named.items():
            sources = dict.fromkeys(
                one.entry
                for number in places
                for one in questions.by_sentence[number]
                if one.source and one.entry != entry
            )
            found += [
                self._answer(questions.sentences[number], source, target)
                for source in sources
                for number, target in places.items()
            ]
        return found

    def systems(self) -> dict[str, Callable[[Questions], list[Answer]]]:
        """Return the baselines by name."""
        return {"co-occurrence": self.together, "target sentiment": self.of_targets}
