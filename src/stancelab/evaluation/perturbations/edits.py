"""Examples changed on purpose: another target or source, none at all, or the same stance in other letters and names.

Each function returns the changed examples in the order of the given ones, None where the change does not apply. Texts
are changed outside the mentions of source and target, and spans move along, so that what is asked stays what it was.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from stancelab.schema import NEGATED_STANCE, NEGATED_TEXT, Example, Span, find_mention

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

Perturbed = list[Example | None]

#: What a target is called that nobody names.
NOTHING: Final = "something"

#: So often a part from elsewhere is drawn that the sentence does not have.
_TRIES: Final = 20

_CONTRACTIONS: Final = {
    "is not": "isn't", "are not": "aren't", "was not": "wasn't", "were not": "weren't", "do not": "don't",
    "does not": "doesn't", "did not": "didn't", "has not": "hasn't", "have not": "haven't", "had not": "hadn't",
    "will not": "won't", "would not": "wouldn't", "should not": "shouldn't", "could not": "couldn't",
    "cannot": "can't", "it is": "it's", "that is": "that's", "there is": "there's", "we are": "we're",
    "they are": "they're", "we have": "we've", "they have": "they've", "i am": "i'm", "you are": "you're",
}  # fmt: skip
_WRITTEN_OUT: Final = {short: long for long, short in _CONTRACTIONS.items()}


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters of a text that are replaced."""

    start: int
    end: int
    words: str


def edited(example: Example, edits: Sequence[Edit]) -> Example | None:
    """Return an example with parts of its text replaced and its spans moved along; None where nothing was changed.

    Args:
        example: The example.
        edits: Parts that do not overlap one another; those that touch a mention of source or target are left out.
    """
    ordered = sorted(edits, key=lambda edit: edit.start)
    kept = [edit for edit in ordered if not _touches_mention(example, edit.start, edit.end)]
    if not kept:
        return None
    pieces, last = [], 0
    for edit in kept:
        pieces += [example.text[last : edit.start], edit.words]
        last = edit.end
    text = "".join([*pieces, example.text[last:]])
    if text == example.text:
        return None
    return replace(
        example,
        text=text,
        target_span=moved(example.mention("target"), kept),
        source_span=moved(example.mention("source"), kept),
    )


def hide_target(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Ask of something that nobody names, unmarked."""
    return [replace(example, target=NOTHING, target_span=None) for example in examples]


def hide_source(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Ask for the author's stance in place of a named source's; an example of the author's does not change."""
    return [replace(example, source="", source_span=None) if example.source else None for example in examples]


def target_of_sentence(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Ask of another target of the same sentence, with the same source; the stance is known where a row has it."""
    return _others_in_sentence(examples, random, "target")


def source_of_sentence(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Ask for another source of the same sentence, with the same target; the stance is known where a row has it."""
    return _others_in_sentence(examples, random, "source")


def target_of_corpus(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Ask of a target of another sentence that this one does not mention: it gives no stance on it."""
    return _from_elsewhere(examples, random, lambda example: example.target, _with_target)


def source_of_corpus(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Ask for a source of another sentence that this one does not mention: it has no stance here."""
    return _from_elsewhere(examples, random, lambda example: example.source, _with_source)


def negated(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Ask the same of the sentence with its negation turned, where the corpus has it and says which stance it gives."""
    return [_negated(example) if example.extra.get(NEGATED_TEXT) else None for example in examples]


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
    """Swap two neighbouring letters inside every tenth word of four letters or more, at least inside one."""
    found: Perturbed = []
    for example in examples:
        # Where in each word two unlike letters inside it could be swapped.
        places = [
            [at for at in range(match.start() + 1, match.end() - 2) if example.text[at] != example.text[at + 1]]
            for match in re.finditer(r"[^\W\d_]{4,}", example.text)
            if not _touches_mention(example, *match.span())
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
    """Contract what is written out ("does not": "doesn't"), and write out what is contracted."""
    known = {**_CONTRACTIONS, **_WRITTEN_OUT}
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


def _negated(example: Example) -> Example:
    text = example.extra[NEGATED_TEXT]
    edits = _edits_between(example.text, text)

    def there(span: Span | None) -> Span | None:
        if span is None:
            return None
        words = example.text[slice(*span)]
        shifted = moved(span, edits)
        # A mention that was changed itself is looked for by its words.
        return shifted if shifted and text[slice(*shifted)] == words else find_mention(text, words)

    return replace(
        example,
        text=text,
        stance=example.extra[NEGATED_STANCE],
        target_span=there(example.target_span),
        source_span=there(example.source_span),
    )


def _edits_between(text: str, other: str) -> list[Edit]:
    """Return what makes one text of the other, in whole words."""
    ours, theirs = (re.findall(r"\w+|\W", each) for each in (text, other))
    places = [0, *itertools.accumulate(map(len, ours))]
    changes = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    return [
        Edit(places[start], places[end], "".join(theirs[new_start:new_end]))
        for kind, start, end, new_start, new_end in changes
        if kind != "equal"
    ]


def _others_in_sentence(examples: Sequence[Example], random: np.random.Generator, part: str) -> Perturbed:
    by_text: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_text[example.text].append(example)
    stances = {(each.text, each.source, each.target): each.stance for each in examples}
    found: Perturbed = []
    for example in examples:
        others = sorted(
            {
                (getattr(each, part), getattr(each, f"{part}_span"))
                for each in by_text[example.text]
                if getattr(each, part) not in ("", getattr(example, part))
            },
            key=repr,
        )
        if not others:
            found.append(None)
            continue
        words, span = others[int(random.integers(len(others)))]
        swapped = (_with_target if part == "target" else _with_source)(example, words, span)
        found.append(replace(swapped, stance=stances.get((swapped.text, swapped.source, swapped.target))))
    return found


def _from_elsewhere(
    examples: Sequence[Example],
    random: np.random.Generator,
    value_of: Callable[[Example], str],
    with_part: Callable[[Example, str], Example],
) -> Perturbed:
    values = sorted({value_of(example) for example in examples} - {""})
    found: Perturbed = []
    for example in examples:
        own = value_of(example)
        picks = random.integers(len(values), size=_TRIES).tolist() if own else []
        others = (values[pick] for pick in picks)
        fitting = (each for each in others if each != own and find_mention(example.text, each) is None)
        other = next(fitting, None)
        found.append(None if other is None else replace(with_part(example, other), stance="neutral"))
    return found


def _with_target(example: Example, words: str, span: Span | None = None) -> Example:
    return replace(example, target=words, target_span=span)


def _with_source(example: Example, words: str, span: Span | None = None) -> Example:
    return replace(example, source=words, source_span=span)


def _touches_mention(example: Example, start: int, end: int) -> bool:
    spans = (example.mention("target"), example.mention("source"))
    return any(span is not None and start < span.end and span.start < end for span in spans)


def moved(span: Span | None, edits: Sequence[Edit]) -> Span | None:
    """Return where a span is after edits: those before it move it, those within it change its end."""
    if span is None:
        return None
    start = span.start + sum(_growth(edit) for edit in edits if edit.end <= span.start)
    end = span.end + sum(_growth(edit) for edit in edits if edit.end <= span.end)
    return Span(start, end)


def _growth(edit: Edit) -> int:
    return len(edit.words) - (edit.end - edit.start)
