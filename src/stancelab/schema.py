"""The words of the house as types: a stance, an example, and what makes a row valid.

An example is one row `(text, source, target, stance)`. `source` is whose stance it is, the opinion holder; an empty
source is the author of the text. `target` is what the stance is about. This module imports nothing else of stancelab.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

AGAINST: Final = "against"
NEUTRAL: Final = "neutral"
FAVOR: Final = "favor"

#: The order of the classes everywhere: probability columns, label ids, confusion matrices.
STANCES: Final = (AGAINST, NEUTRAL, FAVOR)
STANCE_ID: Final = {stance: index for index, stance in enumerate(STANCES)}

#: What a split is called; a corpus may have several validation and test files, such as "test_rw" and "test_mt".
TRAIN: Final = "train"
VALIDATION: Final = "validation"
TEST: Final = "test"

#: Two further columns that mean something where a corpus has them: the sentence with what it says of the row's stance
#: negated (or no longer so), and the stance that the row has then.
NEGATED_TEXT: Final = "negated_text"
NEGATED_STANCE: Final = "negated_stance"


class Span(NamedTuple):
    """A half-open range of characters, `text[start:end]`, counted in Python's characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One sentence with one source and one target in it, and the stance if it is known.

    Attributes:
        id: Unique within its corpus; travels from the input file to the report.
        text: One sentence (or tweet), as printed.
        target: What the stance is about: an actor, policy, event or proposal.
        source: Whose stance it is; "" is the author of the text.
        stance: One of `STANCES`, or None where it is to be predicted.
        target_span: Where the target is mentioned in `text`, if it was marked.
        source_span: Where the source is mentioned in `text`, if it was marked.
        document: The article the sentence is from, "" if unknown.
        corpus: The corpus the row is from.
        split: "train", "validation" or "test", also with a suffix ("test_rw"); "" where no split is given.
        annotator: Who labeled the row, "" if unknown.
        extra: Further columns that travel with the row, such as `kind` or `topic`.
    """

    id: str
    text: str
    target: str
    source: str = ""
    stance: str | None = None
    target_span: Span | None = None
    source_span: Span | None = None
    document: str = ""
    corpus: str = ""
    split: str = ""
    annotator: str = ""
    extra: dict[str, str] = field(default_factory=dict)


_WORDS: Final = ("id", "text", "target", "source", "stance", "document", "corpus", "split", "annotator")
_SPANS: Final = ("target_start", "target_end", "source_start", "source_end")


def example_from(row: Mapping[str, Any], leave_out: Sequence[str] = ()) -> Example:
    """Return the example of a row as prepared datasets and prediction tables hold it.

    Args:
        row: Its cells by column.
        leave_out: Columns that are none of the example's; all others become `extra`.
    """
    own = {*_WORDS, *_SPANS, *leave_out}
    extra = {name: value for name, value in row.items() if name not in own}
    words = {name: row[name] for name in _WORDS}
    return Example(**words, target_span=_span(row, "target"), source_span=_span(row, "source"), extra=extra)


def _span(row: Mapping[str, Any], part: str) -> Span | None:
    start = row[f"{part}_start"]
    return None if start is None else Span(start, row[f"{part}_end"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a system says of one example.

    Attributes:
        predicted: The stance with the highest probability.
        p_against: Probability of "against", after temperature scaling; the three sum to 1.
        p_neutral: Probability of "neutral".
        p_favor: Probability of "favor".
        abstained: Whether the confidence is below the threshold the user set; `predicted` stays as it is.
    """

    predicted: str
    p_against: float
    p_neutral: float
    p_favor: float
    abstained: bool = False

    @property
    def confidence(self) -> float:
        """The probability of the predicted stance, from 1/3 to 1."""
        return max(self.p_against, self.p_neutral, self.p_favor)

    @property
    def score(self) -> float:
        """`p_favor - p_against`, from -1 (against) to 1 (favor)."""
        return self.p_favor - self.p_against


#: The columns that prediction adds to a table, in this order, after the input's own.
PREDICTION_COLUMNS: Final = ("predicted", "confidence", "p_against", "p_neutral", "p_favor", "score", "abstained")


class System(Protocol):
    """Anything that gives probabilities for examples: a fine-tuned checkpoint, a baseline, a table of predictions.

    What only some systems have is asked for by name: a false `has_probabilities` says that a system knows labels alone,
    so that its probabilities, 0 and 1, are not scored; `temperature` is what its logits were divided by; `thresholds`
    are the confidences it abstains by, by name; a false `can_be_probed` says that it cannot answer other examples.
    """

    @property
    def name(self) -> str:
        """A short name for tables and file names; seeds of one system share it."""

    @property
    def seed(self) -> int | None:
        """The seed it was trained with, None where chance plays no part."""

    def predict_proba(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return probabilities of shape (len(examples), 3), columns in the order of `STANCES`."""


def normal_text(text: str) -> str:
    """Return a text as equal ones are looked for: in lower case, with single blanks."""
    return " ".join(text.lower().split())


def find_mention(text: str, words: str) -> Span | None:
    """Return the first whole-word occurrence of `words` in `text`, in any letter case, or None."""
    words = words.strip()
    if not words:
        return None
    spaced = r"\s+".join(re.escape(word) for word in words.split())
    match = re.search(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE)
    return Span(*match.span()) if match else None


def problems_of(example: Example) -> list[tuple[str, str, str]]:
    """Return what is wrong with a row, as (field, found, reason) triples; an empty list means it is valid."""
    problems = []
    if not example.text.strip():
        problems.append(("text", example.text, "the text is empty; every row needs a sentence"))
    if not example.target.strip():
        problems.append(("target", example.target, "the target is empty; every row needs what the stance is about"))
    if example.stance is not None and example.stance not in STANCE_ID:
        problems.append(("stance", example.stance, f"not one of {', '.join(STANCES)}"))
    for name, span in (("target_span", example.target_span), ("source_span", example.source_span)):
        if span is not None and not 0 <= span.start < span.end <= len(example.text):
            found = f"{span.start}:{span.end}"
            where = "ends before it begins" if span.end <= span.start else "is outside the text"
            problems.append((name, found, f"{where}; the text has characters 0:{len(example.text)}"))
    return problems
