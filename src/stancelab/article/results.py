"""`stances.json` as types: the documents that were read, what each sentence says, and the stances that follow.

The field names of these classes are the keys of the file; `docs/map.md` describes them. The tables and the page are
made of this content alone. All offsets count Python's characters of a document's text, half-open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from stancelab.article.types import SentenceKind, SourceKind  # noqa: TC001 - msgspec reads the types
from stancelab.schema import AGAINST, FAVOR, NEUTRAL, STANCES, Span, Stance

#: The version of the layout; grows when a field is renamed or changes its meaning.
FORMAT: Final = 1

#: What a source's sentences on a target come to: `none` where they show no stance, or too few of them were counted;
#: `mixed` where they show both.
FinalStance = Literal["favor", "against", "none", "mixed"]
#: What is said where a score lies on the other side of 0 than the stance beside it: in a document, over several.
OPPOSED: Final = (
    "the score is the mean of all counted sentences, the stance that of the sentences that show one",
    "the score is the mean of all documents, the stance that of most of them",
)
#: The score is on the other side from its fourth decimal on, as tables and the page write it.
_DECIMALS: Final = 4
#: A stance that is none of the two others.
Side = Literal["favor", "against"]
NONE: Final = "none"
MIXED: Final = "mixed"
FINAL_STANCES: Final[tuple[FinalStance, ...]] = (FAVOR, AGAINST, MIXED, NONE)


class TokenWeight(NamedTuple):
    """How much a stretch of a document's text spoke for the answer: above 0 for it, below 0 against it."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of the codebook.

    Attributes:
        name: Its name; unique.
        group: The group it is in, "" for none.
        within: The entry that it is a body of, "" for none.
        source: Whether it may be a source.
        target: Whether it may be a target.
    """

    name: str
    group: str = ""
    within: str = ""
    source: bool = True
    target: bool = True


@dataclass(frozen=True, kw_only=True)
class SentencePlace:
    """A sentence of a document; its number is its place in the document's list.

    Attributes:
        span: Where it stands.
        paragraph: The place of its paragraph, from 0.
        kind: What it is.
    """

    span: Span
    paragraph: int = 0
    kind: SentenceKind = "sentence"


@dataclass(frozen=True, kw_only=True)
class ReadDocument:
    """A document as it was read.

    Attributes:
        id: Unique within the file.
        text: The text that offsets count.
        title: Its title, "" if it has none.
        date: When it was published (`2026-11-29`, `2026-11` or `2026`), "" if unknown.
        outlet: Where it was published, "" if unknown.
        path: The file that it was read from, "" for a text that was passed.
        fields: Further columns by name.
        sentences: Its sentences in order.
    """

    id: str
    text: str
    title: str = ""
    date: str = ""
    outlet: str = ""
    path: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    sentences: list[SentencePlace] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What one sentence says of one pair.

    Attributes:
        document: The id of the document.
        sentence: The number of the sentence.
        source: The name of the source's entry, "" for the author.
        target: The name of the target's entry.
        source_span: The words in the sentence that stand for the source, None where none do.
        target_span: The target's mention.
        how: How the source is known.
        p_against: The calibrated probability of `against`.
        p_neutral: That of `neutral`.
        p_favor: That of `favor`.
        score: `p_favor - p_against`.
        confidence: The largest of the three probabilities.
        counted: Whether it counts; it does not where the confidence is under the threshold, nor in a headline that
            repeats what a sentence says.
        weights: How much single words spoke for the answer; empty where that was not computed.
    """

    document: str
    sentence: int
    source: str
    target: str
    source_span: Span | None = None
    target_span: Span
    how: SourceKind = "named"
    p_against: float
    p_neutral: float
    p_favor: float
    score: float
    confidence: float
    counted: bool = True
    weights: list[TokenWeight] = field(default_factory=list)

    @property
    def stance(self) -> Stance:
        """The stance with the largest probability, the first in the order of `STANCES` where two are equal."""
        values = (self.p_against, self.p_neutral, self.p_favor)
        return STANCES[values.index(max(values))]


@dataclass(frozen=True, kw_only=True)
class PairStance:
    """What the sentences of a source on a target come to.

    Attributes:
        source: The name of the source's entry, "" for the author.
        target: The name of the target's entry.
        stance: What they come to.
        sentences: The number of sentences that were counted.
        favor: How many of these are in favor.
        against: How many of these are against.
        neutral: How many of these show no stance.
        left_out: How many more sentences there are that do not count.
        score: The mean of `p_favor - p_against` over what was counted, from -1 to 1; None where nothing was.
        low: The lower end of the score's interval, None where there is no interval.
        high: Its upper end.
        confidence: The mean confidence of the sentences that were counted; None where none was.
        first_stance: The stance of the first counted sentence that has one, None where none has.
        last_stance: That of the last one.
    """

    source: str
    target: str
    stance: FinalStance
    sentences: int
    favor: int
    against: int
    neutral: int
    left_out: int = 0
    score: float | None = None
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    first_stance: Side | None = None
    last_stance: Side | None = None

    def counts(self) -> dict[str, int]:
        """Return the number of sentences by stance."""
        return {FAVOR: self.favor, AGAINST: self.against, NEUTRAL: self.neutral}

    @property
    def is_opposed(self) -> bool:
        """Whether the score lies on the other side of 0 than the stance, which is found in another way."""
        score = round(self.score or 0.0, _DECIMALS)
        return (self.stance == FAVOR and score < 0) or (self.stance == AGAINST and score > 0)

    @property
    def note(self) -> str:
        """Why the score lies on the other side of 0 than the stance, "" where it does not."""
        return OPPOSED[0] if self.is_opposed else ""


@dataclass(frozen=True, kw_only=True)
class DocumentPair(PairStance):
    """The stance of a source toward a target in one document.

    Attributes:
        document: The id of the document.
    """

    document: str


@dataclass(frozen=True, kw_only=True)
class CorpusPair(PairStance):
    """The stance of a source toward a target over all documents.

    Attributes:
        documents: In how many documents sentences were counted.
    """

    documents: int = 1

    @property
    def note(self) -> str:
        """Why the score lies on the other side of 0 than the stance, "" where it does not."""
        return OPPOSED[self.documents > 1] if self.is_opposed else ""


@dataclass(frozen=True, kw_only=True)
class ReadingProvenance:
    """What made the file.

    Attributes:
        title: What the page is called; "" makes one of the documents.
        command: The command line.
        checkpoint: The checkpoint that answered: its name or folder.
        checkpoint_sha256: The SHA-256 of its weights, "" if unknown.
        temperature: What its logits were divided by, None if unknown.
        calibration: What is known of its calibration, in words.
        threshold: The confidence from which a sentence counts; 0 counts all.
        threshold_name: What the threshold promises, such as "accuracy_90"; "" for a number that was given.
        method: How sentences come to a stance, in words.
        interval: What the intervals are, in words, such as "95%, bootstrap over sentences".
        codebook: The codebook's files or name, in words; "" where candidates were found without one.
        settings: The settings of the command.
        versions: Versions of Python and of the packages that results depend on.
        hardware: Processor and cores.
        created: When it was made, as ISO 8601.
    """

    title: str = ""
    command: str = ""
    checkpoint: str = ""
    checkpoint_sha256: str = ""
    temperature: float | None = None
    calibration: str = ""
    threshold: float = 0.0
    threshold_name: str = ""
    method: str = ""
    interval: str = ""
    codebook: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    hardware: str = ""
    created: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The content of `stances.json`.

    Attributes:
        format: `FORMAT`.
        provenance: What made it.
        entries: The codebook's entries, also those that no document names.
        documents: The documents in the order in which they were read.
        evidence: What each sentence says of each pair, by document and sentence in order.
        pairs: The stances within each document.
        corpus: The stances over all documents.
    """

    format: int = FORMAT
    provenance: ReadingProvenance = field(default_factory=ReadingProvenance)
    entries: list[Entry]
    documents: list[ReadDocument]
    evidence: list[Evidence]
    pairs: list[DocumentPair]
    corpus: list[CorpusPair]
