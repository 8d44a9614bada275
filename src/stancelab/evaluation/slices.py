"""Where does a system hold, and where not? Rows of a test file by what they are, and what a blind reader could score.

A sentence may hold several stances; a test file where few do is one on which a system that reads neither source nor
target can score high (Kaushal et al., "tWT-WT", NAACL 2021, show that stance models often ignore the target).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.schema import NEGATED_STANCE, NEGATED_TEXT, Example, normal_text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from stancelab.metrics.classification import Ids

#: A further column with more different values than this says too little of each.
MOST_VALUES: Final = 100
#: Targets and sources may be any words; those with fewer rows than this are left to the others.
FEWEST_ROWS: Final = 10
_WORD_BINS: Final = (15, 30)


@dataclass(frozen=True)
class Seen:
    """What a system may know from training.

    Attributes:
        targets: The targets of train, in lower case.
        documents: Its documents.
    """

    targets: frozenset[str]
    documents: frozenset[str]

    @classmethod
    def of(cls, train: Iterable[Example]) -> Seen:
        """Note what the rows of train have."""
        targets, documents = set(), set()
        for example in train:
            targets.add(normal_text(example.target))
            documents.add(example.document)
        return cls(frozenset(targets), frozenset(documents - {""}))


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of a test file that have something in common.

    Attributes:
        attribute: What they are told apart by, such as "words".
        value: What they have in common, such as "up to 15".
        rows: Their places in the test file.
    """

    attribute: str
    value: str
    rows: Ids


def slices_of(examples: Sequence[Example], seen: Seen | None = None) -> list[Slice]:
    """Return the slices of a test file: by sentence, mention, what train has, target, source, and each further column.

    An attribute of which all rows have the same value is left out. Of targets and sources, those that have enough rows
    are slices, the most frequent first.

    Args:
        examples: The rows.
        seen: What train has; None where nobody knows.
    """
    found: list[Slice] = []
    for attribute, value_of in _attributes(examples, seen).items():
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for place, example in enumerate(examples):
            value = value_of(example)
            if value:
                rows[value].append(place)
        order = _ORDER.get(attribute) or sorted(rows, key=lambda value: (-len(rows[value]), value))
        if attribute in _ANY_WORDS:
            order = [value for value in order if len(rows[value]) >= FEWEST_ROWS][:MOST_VALUES]
        if len(rows) >= 2 and len(order) <= MOST_VALUES:
            found += [Slice(attribute, value, np.array(rows[value])) for value in order if value in rows]
    return found


def blind_ceilings(examples: Sequence[Example]) -> dict[str, float]:
    """Return the highest accuracy that a reader could have who is not shown all: one answer for each text, and so on.

    Returns:
        Accuracy by what the reader sees: "text", "text and target", "text and source".
    """
    seen: dict[str, Callable[[Example], Hashable]] = {
        "text": lambda example: example.text,
        "text and target": lambda example: (example.text, normal_text(example.target)),
        "text and source": lambda example: (example.text, normal_text(example.source)),
    }
    ceilings = {}
    for name, key in seen.items():
        answers: defaultdict[Hashable, Counter[str]] = defaultdict(Counter)
        for example in examples:
            answers[key(example)][example.stance or ""] += 1
        ceilings[name] = sum(max(counts.values()) for counts in answers.values()) / len(examples)
    return ceilings


_ORDER: Final = {
    "stances in the sentence": ("one", "several"),
    "targets in the sentence": ("one", "two", "three or more"),
    "known target": ("in train", "not in train"),
    "known document": ("in train", "not in train"),
    "source mention": ("named in the text", "not named in the text", "the author"),
    "target mention": ("first third", "middle third", "last third", "not in the text"),
    "words": ("up to 15", "16 to 30", "31 and more"),
}
_ANY_WORDS: Final = ("target", "source")


def _attributes(examples: Sequence[Example], seen: Seen | None) -> dict[str, Callable[[Example], str]]:
    """Return for each attribute how an example's value is found; "" where it has none."""
    stances: defaultdict[str, set[str]] = defaultdict(set)
    targets: defaultdict[str, set[str]] = defaultdict(set)
    for example in examples:
        stances[example.text].add(example.stance or "")
        targets[example.text].add(normal_text(example.target))
    found: dict[str, Callable[[Example], str]] = {
        "stances in the sentence": lambda e: "one" if len(stances[e.text]) == 1 else "several",
        "targets in the sentence": lambda e: _ORDER["targets in the sentence"][min(len(targets[e.text]), 3) - 1],
        "source mention": _source,
        "target mention": _mention,
        "words": lambda e: _ORDER["words"][sum(len(e.text.split()) > edge for edge in _WORD_BINS)],
    }
    if seen is not None:
        found["known target"] = lambda e: _known(normal_text(e.target) in seen.targets)
        found["known document"] = lambda e: "" if not e.document else _known(e.document in seen.documents)
    found |= {"target": lambda e: e.target, "source": lambda e: e.source or "the author"}
    for name in dict.fromkeys(name for example in examples for name in example.extra):
        if name not in found and name not in (NEGATED_TEXT, NEGATED_STANCE):
            found[name] = _extra(name)
    return found


def _extra(name: str) -> Callable[[Example], str]:
    return lambda example: example.extra.get(name, "")


def _known(is_known: bool) -> str:
    return "in train" if is_known else "not in train"


def _source(example: Example) -> str:
    if not example.source:
        return "the author"
    named = example.mention("source") is not None
    return "named in the text" if named else "not named in the text"


def _mention(example: Example) -> str:
    span = example.mention("target")
    if span is None:
        return "not in the text"
    third = min(2, 3 * (span.start + span.end) // (2 * len(example.text)))
    return _ORDER["target mention"][third]
