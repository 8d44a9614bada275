"""The requests and answers of the API as types, of which its OpenAPI description is made."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

#: Characters of a title or an outlet, at most.
LONGEST_NAME: Final = 1_000
Stance = Literal["against", "neutral", "favor"]
Share = Annotated[float, Field(ge=0, le=1)]


class _Request(BaseModel):
    """A request: keys that are not known and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Row(_Request):
    """One sentence, with the source and the target whose stance is asked."""

    text: str = Field(description="The sentence.", min_length=1)
    target: str = Field(description="What the stance is about.", min_length=1)
    source: str = Field("", description="Whose stance it is; empty is the author of the text.")
    target_start: int | None = Field(None, description="First character of the target's mention.", ge=0)
    target_end: int | None = Field(None, description="Character after its last.", ge=0)
    source_start: int | None = Field(None, description="First character of the source's mention.", ge=0)
    source_end: int | None = Field(None, description="Character after its last.", ge=0)


class PredictRequest(_Request):
    """Rows to classify."""

    rows: list[Row] = Field(description="The rows.", min_length=1)
    offsets: str = Field(
        "characters",
        description='How spans are counted: "characters", "utf16" (as JavaScript does) or "bytes", '
        'also with "one_based" and "inclusive", joined as in "utf16+inclusive".',
        max_length=100,
    )
    min_confidence: Share | None = Field(
        None, description="Answers below it are marked as abstained; without it as the server was started."
    )
    threshold: str | None = Field(
        None,
        description='In its place the name of a threshold of the checkpoint, such as "accuracy_90".',
        max_length=100,
    )


class PredictedRow(BaseModel):
    """The answer for a row: what `stancelab predict` adds to a table."""

    predicted: Stance = Field(description="The stance with the highest probability.")
    confidence: Share = Field(description="That probability.")
    p_against: Share
    p_neutral: Share
    p_favor: Share
    score: float = Field(description="p_favor - p_against.", ge=-1, le=1)
    abstained: bool = Field(description="Whether the confidence is below the threshold.")


class PredictAnswer(BaseModel):
    """Answers in the order of the rows."""

    rows: list[PredictedRow]


class ReadRequest(_Request):
    """An article to read."""

    text: str = Field(description="The article, with empty lines between paragraphs.", min_length=1)
    format: Literal["auto", "text", "markdown", "html"] = Field(
        "text",
        description="How the text is written. Of Markdown and HTML the answer has the words alone, and counts their "
        "characters; auto finds out which it is by its marks.",
    )
    title: str = Field("", description="Its title, where that is not the text's first line.", max_length=LONGEST_NAME)
    date: str = Field("", description="When it was published, such as 2026-11-29.", max_length=100)
    outlet: str = Field("", description="Where it was published.", max_length=LONGEST_NAME)
    codebook: str | None = Field(
        None,
        description='The actors and issues: YAML as docs/codebook.md says it, which may include "default" and no file; '
        '"default" is the default one; without it the server\'s, and where the server has none, one is proposed from '
        "the text.",
    )
    propose: bool = Field(
        False,
        description="Whether the codebook is proposed from the text, whatever the server has: entries of the default "
        "one that it names, further names, and phrases that come again. It stands in the place of `codebook`.",
    )


class Threshold(BaseModel):
    """A confidence threshold that was chosen on validation rows."""

    name: str
    confidence: float | None = Field(description="The confidence, null where none was reached.")
    coverage: float | None = Field(description="The share of validation rows that is answered from there on.")


class CorpusScores(BaseModel):
    """Scores on the validation rows of a corpus."""

    name: str
    rows: int
    macro_f1: float
    accuracy: float


class Calibration(BaseModel):
    """How probabilities were calibrated on validation rows."""

    temperature: float
    nll_before: float | None = Field(description="Mean negative log-likelihood in nats before temperature scaling.")
    nll_after: float | None


class ModelAnswer(BaseModel):
    """What the checkpoint says of itself."""

    name: str
    labels: list[Stance] = Field(description="The order of the classes.")
    classes: list[str] = Field(description="The classes that it was trained for.")
    encoder: str
    encoder_sha256: str | None
    head: str
    max_length: int = Field(description="The length in tokens at which texts are cut.")
    backend: str
    device: str
    thresholds: list[Threshold]
    calibration: Calibration
    dataset: str
    train_rows: int
    corpora: list[CorpusScores]
    warnings: list[str] = Field(description="What speaks against relying on it.")
    version: str = Field(description="The version of stancelab that serves it.")


class HealthAnswer(BaseModel):
    """Whether the server answers."""

    status: Literal["ready", "loading"]


class ProblemAnswer(BaseModel):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="Where, what was found, what is allowed, what to do.")
    errors: list[str] = Field([], description="The single problems, where there are several.")
