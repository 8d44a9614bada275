"""The types everything else is made of: a stance, a row (`Example`), a `Prediction`, a `System`.

An example is one row `(text, source, target, stance)`. `source` is whose stance it is, the opinion holder; an empty
source is the author of the text. `target` is what the stance is about. The columns of a row, where a mention stands and
when two texts are equal are defined here and nowhere else. Of stancelab this module imports `mentions` alone.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from stancelab.mentions import find_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

Stance = Literal["against", "neutral", "favor"]

AGAINST: Final = "against"
NEUTRAL: Final = "neutral"
FAVOR: Final = "favor"

#: The order of the classes everywhere: probability columns, label ids, confusion matrices.
STANCES: Final[tuple[Stance, ...]] = (AGAINST, NEUTRAL, FAVOR)
STANCE_ID: Final[dict[str, int]] = {stance: index for index, stance in enumerate(STANCES)}

#: The two parts of a row that a text may mention.
Part = Literal["source", "target"]
SOURCE: Final = "source"
TARGET: Final = "target"
PARTS: Final[tuple[Part, ...]] = (SOURCE, TARGET)

#: What a split is called; a corpus may have several validation and test files, such as "test_rw" and "test_mt".
TRAIN: Final = "train"
VALIDATION: Final = "validation"
TEST: Final = "test"

#: The columns of an example in every table of the project, in this order; further columns follow them.
TEXT_COLUMNS: Final = ("id", "text", "source", "target", "stance")
SPAN_COLUMNS: Final = ("target_start", "target_end", "source_start", "source_end")
ORIGIN_COLUMNS: Final = ("document", "corpus", "split", "annotator")
EXAMPLE_COLUMNS: Final = (*TEXT_COLUMNS, *SPAN_COLUMNS, *ORIGIN_COLUMNS)

#: The columns that prediction adds to a table, in this order, after the input's own.
PROBABILITY_COLUMNS: Final = tuple(f"p_{stance}" for stance in STANCES)
PREDICTION_COLUMNS: Final = ("predicted", "confidence", *PROBABILITY_COLUMNS, "score", "abstained")
#: In the prediction tables of an evaluation: whether the system was trained on the row's text, empty where not known.
TRAINED_ON: Final = "text_in_training"

#: Two further columns that mean something where a corpus has them: the sentence with what it says of the row's stance
#: negated (or no longer so), and the stance that the row has then.
NEGATED_TEXT: Final = "negated_text"
NEGATED_STANCE: Final = "negated_stance"

#: Letters, marks and signs that are drawn as nothing: joiners, fillers, the blank of Braille, variation selectors.
_INVISIBLE: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
)

#: The control characters of ASCII but tabs, and breaks of lines and of pages, as the inside of a pattern's brackets.
#: Those beyond ASCII stand in texts that went through a wrong encoding, which can be mended.
CONTROLS: Final = "\\x00-\\x08\\x0e-\\x1f\\x7f"
_CONTROL: Final = re.compile(f"[{CONTROLS}]")
#: Control characters -> the signs that show them.
_PICTURES: Final = {**{code: 0x2400 + code for code in range(32)}, 0x7F: 0x2421}


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

    def __post_init__(self) -> None:
        """Take a source that shows nothing for the author."""
        if self.source and is_blank(self.source):
            object.__setattr__(self, "source", "")

    @classmethod
    def from_cells(cls, cells: Mapping[str, Any], leave_out: Collection[str] = ()) -> Example:
        """Return the example of a row as prepared datasets and prediction tables hold it.

        Args:
            cells: Its values by column; all of `EXAMPLE_COLUMNS` are there.
            leave_out: Columns that are none of the example's; all others become `extra`.
        """
        own = {*EXAMPLE_COLUMNS, *leave_out}
        return cls(
            **{name: cells[name] for name in (*TEXT_COLUMNS, *ORIGIN_COLUMNS)},
            target_span=_span(cells["target_start"], cells["target_end"]),
            source_span=_span(cells["source_start"], cells["source_end"]),
            extra={name: value for name, value in cells.items() if name not in own},
        )

    def span(self, part: Part) -> Span | None:
        """Return where source or target was marked in the text, None where it was not."""
        return self.target_span if part == TARGET else self.source_span

    def mention(self, part: Part) -> Span | None:
        """Return where source or target is named: the span that was marked, else the first place of its words."""
        return self.span(part) or find_mention(self.text, self.target if part == TARGET else self.source)

    @property
    def stance_id(self) -> int:
        """The place of the row's stance in `STANCES`; a row without one is a `KeyError`."""
        return STANCE_ID[self.stance or ""]


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)


def columns_of(examples: Sequence[Example]) -> dict[str, list[Any]]:
    """Return the values of examples by column, in the order of `EXAMPLE_COLUMNS`; an end without a span is None."""
    columns: dict[str, list[Any]] = {}
    for name in EXAMPLE_COLUMNS:
        if name in SPAN_COLUMNS:
            part, _, edge = name.partition("_")
            spans = [getattr(example, f"{part}_span") for example in examples]
            columns[name] = [None if span is None else getattr(span, edge) for span in spans]
        else:
            columns[name] = [getattr(example, name) for example in examples]
    return columns


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

    def cells(self) -> dict[str, Any]:
        """Return the values of `PREDICTION_COLUMNS` by column."""
        return {name: getattr(self, name) for name in PREDICTION_COLUMNS}


class System(ABC):
    """Anything that gives probabilities for examples: a fine-tuned checkpoint, a baseline, a table of predictions.

    Attributes:
        name: A short name for tables and file names; seeds of one system share it.
        seed: The seed it was trained with, None where chance plays no part.
        is_baseline: Whether it is a simple system to compare with.
        has_probabilities: Whether it says how sure it is; where it knows labels alone, its probabilities, 0 and 1, are
            not scored.
        answers_every_row: Whether it gives probabilities for every row; where it does not, a row of zeros is no answer,
            which is an error, and a row of NaN an abstention.
        answers_any_example: Whether it answers examples that it has not seen, as perturbation tests ask it to.
        temperature: What its logits were divided by, None where that is not known.
        thresholds: The confidence thresholds it abstains by, by name.
        unreached: Names of the thresholds that no confidence reached on validation rows.
        weights_sha256: The SHA-256 of its weights, "" where it has none or it is not known.
    """

    name: str
    seed: int | None = None
    is_baseline: bool = False
    has_probabilities: bool = True
    answers_every_row: bool = True
    answers_any_example: bool = True
    temperature: float | None = None
    thresholds: Mapping[str, float] = {}
    unreached: Sequence[str] = ()
    weights_sha256: str = ""

    @abstractmethod
    def predict_proba(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return probabilities of shape (len(examples), 3), columns in the order of `STANCES`."""

    def trained_on(self, examples: Sequence[Example]) -> NDArray[np.bool_] | None:
        """Tell of which examples the text was among its training texts, shape (len(examples),).

        None where that is not known, as of a table of predictions.
        """
        return None


def is_blank(text: str) -> bool:
    """Return whether a text shows nothing: it is empty, or of blanks and characters without width alone.

    Spreadsheets and web pages leave such characters (U+200B, U+FEFF, U+2060, ...) in cells that look empty. They are
    the format and control characters of Unicode, and those of other kinds that are drawn as nothing.
    """
    return all(
        character.isspace() or unicodedata.category(character) in ("Cf", "Cc") or character in _INVISIBLE
        for character in text
    )


def is_unicode(text: str) -> bool:
    """Tell whether a string can be written as UTF-8; JSON escapes can hold half of a character."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def control_problem(text: str) -> str:
    """Return why a text, source or target cannot be used for a control character that it holds, "" where it can.

    No text has such characters as printed; of the encoders' tokenizers some leave them out, and others read them as
    words, so that one sentence would have several answers.
    """
    found = _CONTROL.search(text)
    if found is None:
        return ""
    return (
        f"holds the control character U+{ord(found.group()):04X} at {found.start():,}; allowed are tabs, line breaks "
        "and page breaks; take it out"
    )


def shown_controls(text: str) -> str:
    """Return a text with signs in the place of its control characters, for messages and tables."""
    return _CONTROL.sub(lambda match: chr(_PICTURES[ord(match[0])]), text)


def normal_text(text: str) -> str:
    """Return a text as equal ones are looked for: in lower case, with single blanks."""
    return " ".join(text.lower().split())


def find_mention(text: str, words: str) -> Span | None:
    """Return the first place of whole words in a text, or None; `stancelab.mentions` says what is found."""
    found = find_words(text, words)
    return Span(*found) if found else None


def problems_of(example: Example) -> list[tuple[str, str, str]]:
    """Return what is wrong with a row, as (field, found, reason) triples; an empty list means it is valid."""
    problems = []
    for name in ("text", "target", "source"):
        if not is_unicode(getattr(example, name)):
            reason = "holds half of a character (a lone surrogate)"
            problems.append((name, repr(getattr(example, name)), reason))
        elif (reason := control_problem(getattr(example, name))) and not is_blank(getattr(example, name)):
            problems.append((name, shown_controls(getattr(example, name)), reason))
    if is_blank(example.text):
        problems.append(("text", example.text, "the text is empty; every row needs a sentence"))
    if is_blank(example.target):
        problems.append(("target", example.target, "the target is empty; every row needs what the stance is about"))
    if example.stance is not None and example.stance not in STANCE_ID:
        problems.append(("stance", example.stance, f"not one of {', '.join(STANCES)}"))
    for name, span in (("target_span", example.target_span), ("source_span", example.source_span)):
        if span is not None and not 0 <= span.start < span.end <= len(example.text):
            found = f"{span.start}:{span.end}"
            where = "ends before it begins" if span.end <= span.start else "is outside the text"
            problems.append((name, found, f"{where}; the text has characters 0:{len(example.text)}"))
    return problems
