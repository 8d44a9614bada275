"""Perturbations of the wording: letter case, typos, contractions, and the negation flip of a contrast set.

Typos and contractions leave the mentions of source and target alone.
"""

from __future__ import annotations

import difflib
import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from stancelab.evaluation.perturbations.edits import Edit, edited, moved, touches_mention
from stancelab.schema import NEGATED_STANCE, NEGATED_TEXT, Example, Span, find_mention

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from stancelab.evaluation.perturbations.edits import Perturbed

_CONTRACTIONS: Final = {
    "is not": "isn't", "are not": "aren't", "was not": "wasn't", "were not": "weren't", "do not": "don't",
    "does not": "doesn't", "did not": "didn't", "has not": "hasn't", "have not": "haven't", "had not": "hadn't",
    "will not": "won't", "would not": "wouldn't", "should not": "shouldn't", "could not": "couldn't",
    "cannot": "can't", "it is": "it's", "that is": "that's", "there is": "there's", "we are": "we're",
    "they are": "they're", "we have": "we've", "they have": "they've", "i am": "i'm", "you are": "you're",
}  # fmt: skip
_FULL_FORMS: Final = {short: long for long, short in _CONTRACTIONS.items()}


def lower_case(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Write text, source and target in lower case."""
    found: Perturbed = []
    for example in examples:
        text = example.text.lower()
        # A few letters grow when their case changes; spans would no longer fit.
        fits = len(text) == len(example.text) and text != example.text
        lowered = replace(example, text=text, target=example.target.lower(), source=example.source.lower())
        found.append(lowered if fits else None)
    return found


def typos(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Swap two adjacent letters inside every tenth word of four letters or more, at least inside one."""
    found: Perturbed = []
    for example in examples:
        # For each word the places where two different letters inside it could be swapped.
        places = [
            [at for at in range(match.start() + 1, match.end() - 2) if example.text[at] != example.text[at + 1]]
            for match in re.finditer(r"[^\W\d_]{4,}", example.text)
            if not touches_mention(example, *match.span())
        ]
        words = [each for each in places if each]
        edits = []
        if words:
            for word in random.choice(len(words), size=min(len(words), max(1, len(places) // 10)), replace=False):
                at = words[word][int(random.integers(len(words[word])))]
                edits.append(Edit(at, at + 2, example.text[at + 1] + example.text[at]))
        found.append(edited(example, edits))
    return found


def contractions(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Contract full forms ("does not": "doesn't"), and write contractions in full."""
    known = {**_CONTRACTIONS, **_FULL_FORMS}
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
    found: Perturbed = []
    for example in examples:
        edits = []
        for match in pattern.finditer(example.text.replace("\u2019", "'")):
            other = known[match[0].lower()]
            edits.append(Edit(*match.span(), other.capitalize() if match[0][0].isupper() else other))
        found.append(edited(example, edits))
    return found


def negation_flip(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Replace the sentence by the corpus's own with the negation turned, and the stance by the one it has there.

    Such minimal edits that change the label make a contrast set (Gardner et al., Findings of EMNLP 2020).
    """
    return [_flipped(example) if example.extra.get(NEGATED_TEXT) else None for example in examples]


def _flipped(example: Example) -> Example:
    text = example.extra[NEGATED_TEXT]
    edits = _edits_between(example.text, text)

    def found_again(span: Span | None) -> Span | None:
        if span is None:
            return None
        words = example.text[slice(*span)]
        shifted = moved(span, edits)
        # A mention that an edit changed is found by its words.
        return shifted if shifted and text[slice(*shifted)] == words else find_mention(text, words)

    return replace(
        example,
        text=text,
        stance=example.extra[NEGATED_STANCE],
        target_span=found_again(example.target_span),
        source_span=found_again(example.source_span),
    )


def _edits_between(text: str, other: str) -> list[Edit]:
    """Return the edits, in whole words, that make the second text of the first."""
    ours, theirs = (re.findall(r"\w+|\W", each) for each in (text, other))
    places = [0, *itertools.accumulate(map(len, ours))]
    changes = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    return [
        Edit(places[start], places[end], "".join(theirs[new_start:new_end]))
        for kind, start, end, new_start, new_end in changes
        if kind != "equal"
    ]
