"""The slices of a test file, and the accuracy that a reader of part of the row could reach on it.

A sentence may hold several stances; a test file where few do is one on which a system that reads neither source nor
target can score high (Kaushal, Saha and Ganguly, "tWT-WT", NAACL 2021, show that stance models often ignore the
target). Names of attributes and values are those of metrics.json.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.evaluation.names import key_of, spellings
from stancelab.schema import NEGATED_STANCE, NEGATED_TEXT, Example
from stancelab.targets import TargetNames

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from stancelab.metrics.classification import Ids

#: An attribute with more different values than this is no attribute of slices.
MOST_VALUES: Final = 100
#: A target or source with fewer rows than this is no slice.
FEWEST_ROWS: Final = 10
#: A text of at most 15 words, of at most 30, and longer.
_WORD_BINS: Final = (15, 30)

#: The values of each attribute, in the order in which they are shown.
_VALUES: Final = {
    "stances_in_sentence": ("one", "several"),
    "targets_in_sentence": ("one", "two", "three_or_more"),
    "source_mention": ("in_text", "not_in_text", "author"),
    "target_mention": ("first_third", "middle_third", "last_third", "not_in_text"),
    "words": ("1-15", "16-30", "31+"),
    "target_in_train": ("yes", "no"),
    "document_in_train": ("yes", "no"),
}
#: Attributes whose values are words of the corpus.
_OPEN: Final = ("target", "source")
#: The value of `source` where it is empty; in brackets, so that no source is called so.
_AUTHOR: Final = "(author)"


@dataclass(frozen=True)
class Seen:
    """What a system may know from training.

    Attributes:
        targets: The targets of train, in their canonical form.
        documents: Its documents.
        names: Which targets are one.
    """

    targets: frozenset[str]
    documents: frozenset[str]
    names: TargetNames = field(default_factory=TargetNames)

    @classmethod
    def of(cls, train: Iterable[Example], names: TargetNames | None = None) -> Seen:
        """Collect the targets and documents of train."""
        targets, documents, names = set(), set(), names or TargetNames()
        for example in train:
            targets.add(names.canonical(example.target))
            documents.add(example.document)
        return cls(frozenset(targets), frozenset(documents - {""}), names)

    def has_target(self, target: str) -> bool:
        """Tell whether train has a target, under any of its spellings and names."""
        return self.names.canonical(target) in self.targets


@dataclass(frozen=True, slots=True)
class SliceRows:
    """Rows of a test file that have the same value of an attribute.

    Attributes:
        attribute: Such as "words".
        value: Such as "1-15".
        rows: Their places in the test file.
        others: The places of the rows with another value of the attribute; rows that have none are in neither.
    """

    attribute: str
    value: str
    rows: Ids
    others: Ids = field(default_factory=lambda: np.array([], dtype=np.int64))


def slices_of(examples: Sequence[Example], seen: Seen | None = None) -> list[SliceRows]:
    """Return the slices of a test file: by sentence, mention, what train has, target, source, and each further column.

    An attribute of which all rows have the same value is left out. Of targets and sources, those that have enough rows
    are slices, the most frequent first.

    Args:
        examples: The rows.
        seen: What train has, None where it is not known.
    """
    found: list[SliceRows] = []
    for attribute, value_of in _attributes(examples, seen).items():
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for place, example in enumerate(examples):
            value = value_of(example)
            if value:
                rows[value].append(place)
        order = _VALUES.get(attribute) or sorted(rows, key=lambda value: (-len(rows[value]), value))
        if attribute in _OPEN:
            order = [value for value in order if len(rows[value]) >= FEWEST_ROWS][:MOST_VALUES]
        if len(rows) >= 2 and len(order) <= MOST_VALUES:
            known = np.sort(np.concatenate([np.array(own) for own in rows.values()]))
            for value in (value for value in order if value in rows):
                own = np.array(rows[value])
                found.append(SliceRows(attribute, value, own, np.setdiff1d(known, own)))
    return found


def partial_input_upper_bounds(examples: Sequence[Example]) -> tuple[float, float, float]:
    """Return the best accuracy of readers who see only part of the row and give equal parts equal answers.

    Partial-input baselines: Gururangan et al., NAACL 2018; Poliak et al., *SEM 2018.

    Returns:
        The accuracy of readers of the text alone, of text and target, and of text and source.
    """
    parts: tuple[Callable[[Example], Hashable], ...] = (
        lambda example: key_of(example.text),
        lambda example: (key_of(example.text), key_of(example.target)),
        lambda example: (key_of(example.text), key_of(example.source)),
    )
    text, text_target, text_source = (_best_accuracy(examples, part) for part in parts)
    return text, text_target, text_source


def _best_accuracy(examples: Sequence[Example], part: Callable[[Example], Hashable]) -> float:
    """Return the accuracy of the best answer to each value of a part of the row."""
    stances: defaultdict[Hashable, Counter[str]] = defaultdict(Counter)
    for example in examples:
        stances[part(example)][example.stance or ""] += 1
    return sum(max(counts.values()) for counts in stances.values()) / len(examples)


def _attributes(examples: Sequence[Example], seen: Seen | None) -> dict[str, Callable[[Example], str]]:
    """Return for each attribute how an example's value is found; "" where it has none."""
    stances: defaultdict[str, set[str]] = defaultdict(set)
    targets: defaultdict[str, set[str]] = defaultdict(set)
    for example in examples:
        stances[key_of(example.text)].add(example.stance or "")
        targets[key_of(example.text)].add(key_of(example.target))
    found: dict[str, Callable[[Example], str]] = {
        "stances_in_sentence": lambda e: "one" if len(stances[key_of(e.text)]) == 1 else "several",
        "targets_in_sentence": lambda e: _VALUES["targets_in_sentence"][min(len(targets[key_of(e.text)]), 3) - 1],
        "source_mention": _source_mention,
        "target_mention": _target_mention,
        "words": lambda e: _VALUES["words"][sum(len(e.text.split()) > edge for edge in _WORD_BINS)],
    }
    if seen is not None:
        found["target_in_train"] = lambda e: _yes_or_no(seen.has_target(e.target))
        found["document_in_train"] = lambda e: "" if not e.document else _yes_or_no(e.document in seen.documents)
    target_of, source_of = spellings(e.target for e in examples), spellings(e.source for e in examples)
    found["target"] = lambda e: target_of[key_of(e.target)]
    found["source"] = lambda e: source_of[key_of(e.source)] or _AUTHOR
    for name in dict.fromkeys(name for example in examples for name in example.extra):
        if name not in found and name not in (NEGATED_TEXT, NEGATED_STANCE):
            found[name] = _extra(name)
    return found


def _extra(name: str) -> Callable[[Example], str]:
    return lambda example: example.extra.get(name, "")


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


def _source_mention(example: Example) -> str:
    if not example.source:
        return "author"
    return "not_in_text" if example.mention("source") is None else "in_text"


def _target_mention(example: Example) -> str:
    span = example.mention("target")
    if span is None:
        return "not_in_text"
    third = min(2, 3 * (span.start + span.end) // (2 * len(example.text)))
    return _VALUES["target_mention"][third]
