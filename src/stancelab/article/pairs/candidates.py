"""The pairs that are asked: in each sentence, every source that is heard with every other entry that it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.article.pairs.echoes import with_echoes
from stancelab.article.pairs.hearing import by_sentence, heard_sources
from stancelab.article.pairs.settings import PairSettings
from stancelab.article.pairs.voices import voices_on
from stancelab.article.types import Pair
from stancelab.errors import ConfigError, list_problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.article.codebook.entries import Entry
    from stancelab.article.pairs.heard import Heard, Resolved
    from stancelab.article.types import Document, Mention, Sentence
    from stancelab.schema import Span


@dataclass(frozen=True, slots=True)
class _Target:
    """Words for a target.

    Attributes:
        mention: The words.
        named: Whether they are its name.
        source: The one source that they are a target of; "" where they are one of all.
    """

    mention: Mention
    named: bool = True
    source: str = ""


def pairs_of(
    document: Document,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    settings: PairSettings | None = None,
    groups: Mapping[str, str] | None = None,
    entries: Mapping[str, Entry] | None = None,
) -> list[Pair]:
    """Return the questions of an article, by sentence, source and target in the order of the text.

    One pair for each source entry, target entry and sentence, but of each of several voices of the source: a sentence
    gives a voice one stance toward a target, and a second question with other words for the same two would count it
    twice. `_rank` says which of several words for the source are taken; of several mentions of the target, the one
    nearest to them.

    Args:
        document: The article.
        sentences: Its sentences, in order.
        mentions: Where it names entries of the codebook.
        settings: Whether the author is asked, and how sources are carried.
        groups: The group of each entry, where the codebook has groups; they tell states from other bodies.
        entries: The entries of the codebook; they tell by which words an article may speak of one again, and which body
            is of which state.

    Raises:
        ConfigError: A setting cannot be used.
    """
    settings = settings or PairSettings()
    if problems := settings.problems():
        raise ConfigError("cannot form pairs:\n" + list_problems(problems))
    reading = heard_sources(document, sentences, mentions, settings, groups, entries)
    heard: dict[int, list[Heard]] = {}
    for one in reading.heard:
        heard.setdefault(one.sentence, []).append(one)
    found: list[Pair] = []
    named = by_sentence(sentences, mentions)
    for sentence, own, people, resolved in zip(sentences, named, reading.people, reading.targets, strict=True):
        number = sentence.number
        targets = _targets([*own, *people], resolved)
        found += _pairs_of_sentence(document.text, sentence, heard.get(number, []), targets)
        if settings.author and number not in reading.reported:
            found += _of_author(number, targets)
    return with_echoes(found, reading.echoes)


def _targets(named: Sequence[Mention], resolved: Resolved) -> list[_Target]:
    """Return the words for the targets of a sentence: names, and words that stand for what it does not name."""
    instead = {one.entry for one in resolved.instead}
    found = [_Target(one) for one in named if one.target and one.entry not in instead]
    found += [_Target(one, named=False) for one in resolved.instead]
    known = {one.mention.entry for one in found}
    found += [_Target(one, named=False) for one in resolved.targets if one.entry not in known]
    return found + [_Target(one, named=False, source=source) for source, one in resolved.elided]


def _pairs_of_sentence(text: str, sentence: Sentence, heard: Sequence[Heard], targets: Sequence[_Target]) -> list[Pair]:
    sources: dict[str, list[Heard]] = {}
    for one in heard:
        sources.setdefault(one.entry, []).append(one)
    mentions: dict[str, list[_Target]] = {}
    for target in targets:
        mentions.setdefault(target.mention.entry, []).append(target)
    found = []
    for source, spoken in sources.items():
        for entry, named in mentions.items():
            own = [one for one in named if one.source in ("", source)]
            for one, target in _asked(text, sentence.span.end, spoken, own) if source != entry else ():
                found.append(
                    Pair(
                        sentence=sentence.number,
                        source=source,
                        target=entry,
                        source_span=one.span,
                        target_span=target.mention.span,
                        how=one.how,
                        target_named=target.named,
                    )
                )
    return found


def _asked(text: str, end: int, spoken: Sequence[Heard], named: Sequence[_Target]) -> list[tuple[Heard, _Target]]:
    """Return the words of a source and of a target that are asked: of each of its voices, else the best ones."""
    ordered = sorted(named, key=lambda one: one.mention.span)
    if voices := voices_on(text, end, spoken, [one.mention.span for one in ordered]):
        return [(voice, ordered[place]) for voice, place in voices]
    nearest = _nearest(spoken, named)
    return [] if nearest is None else [nearest]


def _nearest(spoken: Sequence[Heard], named: Sequence[_Target]) -> tuple[Heard, _Target] | None:
    """Return the words of a source that stand for it best, and the mention of a target that is nearest to them."""
    best: tuple[tuple[int, int, int, int], Heard, _Target] | None = None
    for place, one in enumerate(spoken):
        for target in named:
            span = target.mention.span
            if one.span is not None and _overlap(one.span, span):
                continue
            key = (_rank(one), _distance(one.span, span), span.start, place)
            if best is None or key < best[0]:
                best = key, one, target
    return None if best is None else best[1:]


def _rank(heard: Heard) -> int:
    """Return how well words stand for a source, the lowest best.

    The codebook's words as the subject of a clause come first ("she said Norway would"): they hold the stance by name.
    Persons, pronouns and offices as a subject come next, before mentions in other places ("she accused China of
    shelling Norway"), and before the "we" of a quotation.
    """
    if heard.how == "quote":
        return 4
    if not heard.acts:
        return 3
    if heard.how == "carried":
        return 2
    return 1 if heard.person else 0


def _distance(first: Span | None, second: Span) -> int:
    if first is None:
        return 0
    return max(second.start - first.end, first.start - second.end, 0)


def _overlap(first: Span, second: Span) -> bool:
    return first.start < second.end and second.start < first.end


def _of_author(number: int, targets: Sequence[_Target]) -> list[Pair]:
    """Return the questions to the author: each target once, at its first mention."""
    first: dict[str, _Target] = {}
    for target in (one for one in targets if not one.source):
        first.setdefault(target.mention.entry, target)
    return [
        Pair(
            sentence=number,
            source="",
            target=entry,
            source_span=None,
            target_span=target.mention.span,
            how="author",
            target_named=target.named,
        )
        for entry, target in first.items()
    ]
