"""The content of `stancelab.json` as types."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Final

from stancelab.checkpoint.exported import ExportInfo
from stancelab.encoding import PAIR, READ, SEQUENCE, InputSettings, settings_read
from stancelab.encoding.settings import OLDER_INPUT
from stancelab.files import versions
from stancelab.layout import HEAD_WEIGHTS, WEIGHTS
from stancelab.schema import STANCES

FORMAT: Final = 2
#: Format 1 had no head but the encoder's own.
READABLE: Final = (1, FORMAT)
#: So many trainings one after the other, each from the checkpoint of the one before, are told at most.
MOST_STARTS: Final = 100


@dataclass(frozen=True, kw_only=True)
class EncoderInfo:
    """The pretrained encoder that was fine-tuned.

    Attributes:
        name: A package, a folder or a name on the hub.
        sha256: The SHA-256 of its weights, None where it came from the hub.
        on_hub: Whether `name` is one on the hub.
    """

    name: str = ""
    sha256: str | None = None
    on_hub: bool = False


@dataclass(frozen=True, kw_only=True)
class StartInfo:
    """A checkpoint of stancelab from which a training went on.

    Attributes:
        name: Its folder, or its name on the hub.
        on_hub: Whether `name` is one on the hub.
        sha256: The SHA-256 of `model.safetensors`.
        head_sha256: The SHA-256 of `head.safetensors`, None with the sequence head, whose weights are among the others.
        head_taken: Whether its head was taken over.
        dataset: The prepared dataset that it was trained on.
        train_rows: The number of its training rows.
        recipe: What tells its encoder, settings, data and version from those of others, its seed aside: checkpoints
            that go on from seeds of one training share it. "" where earlier versions did not keep it.
    """

    name: str
    on_hub: bool = False
    sha256: str = ""
    head_sha256: str | None = None
    head_taken: bool = True
    dataset: str = ""
    train_rows: int = 0
    recipe: str = ""


@dataclass(frozen=True, kw_only=True)
class TrainingData:
    """The prepared dataset of the training.

    Attributes:
        name: Its name.
        fingerprint: A short hash of its rows.
        train_rows: The number of training rows.
        validation_rows: The number of validation rows.
    """

    name: str = ""
    fingerprint: str = ""
    train_rows: int = 0
    validation_rows: int = 0


@dataclass(frozen=True, kw_only=True)
class CorpusScores:
    """Scores on the validation rows of one corpus."""

    rows: int
    macro_f1: float
    f_avg: float
    accuracy: float


@dataclass(frozen=True, kw_only=True)
class DevScores:
    """Scores on the validation rows, by which the checkpoint was chosen.

    Attributes:
        metric: The metric that chose it.
        score: Its value: the mean over the corpora.
        nll_before: Mean negative log-likelihood, in nats, before temperature scaling.
        nll_after: The same after it.
        corpora: Scores by corpus.
    """

    metric: str
    score: float
    nll_before: float
    nll_after: float
    corpora: dict[str, CorpusScores]

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> DevScores:
        """Read what `as_json` returned."""
        corpora = {name: CorpusScores(**scores) for name, scores in content["corpora"].items()}
        others = {name: content[name] for name in ("metric", "nll_before", "nll_after")}
        return cls(score=content[content["metric"]], corpora=corpora, **others)

    def as_json(self) -> dict[str, Any]:
        """Return the scores as `stancelab.json` holds them: the score under the name of its metric."""
        return {
            "metric": self.metric,
            self.metric: self.score,
            "nll_before": self.nll_before,
            "nll_after": self.nll_after,
            "corpora": {name: dataclasses.asdict(scores) for name, scores in self.corpora.items()},
        }


@dataclass(frozen=True, kw_only=True)
class CheckpointInfo:
    """The content of `stancelab.json`.

    Attributes:
        name: What the system is called in tables; seeds of one system share it.
        labels: The stance that each column of the logits stands for.
        classes: The classes of the task it was trained for, which it answers; the probability of another stance is 0.
        head: What answers: "pair" or "sequence".
        input: How an example becomes the encoder's input.
        temperature: What the logits are divided by before the softmax; 1 changes nothing.
        thresholds: Name of a stated accuracy, such as "accuracy_90" -> the confidence from which predictions on dev
            were that often right, or such as "guaranteed_90" -> the one from which others are, too, with a probability
            of 95%; None where no confidence was.
        coverage: The same names -> the share of dev that is answered from there on.
        encoder: The pretrained encoder.
        starts: The checkpoints from which the training went on, the last one first; empty where it began with the
            encoder.
        dataset: The prepared dataset.
        seed: The seed of the training run.
        aliases: Canonical form of a target or source -> other names that texts use for it; these are looked for, too.
        aliases_left_out: How many such names the training had where they are more than are kept.
        columns: Field -> what its columns were called in the tables of the training, where it is not the field's name;
            of a column of other names of targets in any case.
        dev: Scores on the validation rows, None where nobody measured them.
        training: The settings of the training run.
        warnings: What speaks against relying on the training.
        missing_words: Words that counted as empty cells in the tables of the training; prediction takes them so too.
        repair: How broken characters were mended, "none" where they were not; prediction does the same.
        onnx: How near the answers of its export to ONNX are, None where it was not exported.
        versions: Versions of the packages it was trained with.
        format: Version of this file's layout.
    """

    name: str = "checkpoint"
    labels: list[str] = field(default_factory=lambda: list(STANCES))
    classes: list[str] = field(default_factory=lambda: list(STANCES))
    head: str = SEQUENCE
    input: InputSettings = field(default_factory=InputSettings)
    temperature: float = 1.0
    thresholds: dict[str, float | None] = field(default_factory=dict)
    coverage: dict[str, float] = field(default_factory=dict)
    encoder: EncoderInfo = field(default_factory=EncoderInfo)
    starts: list[StartInfo] = field(default_factory=list)
    dataset: TrainingData = field(default_factory=TrainingData)
    seed: int = 0
    aliases: dict[str, list[str]] = field(default_factory=dict)
    aliases_left_out: int = 0
    columns: dict[str, list[str]] = field(default_factory=dict)
    dev: DevScores | None = None
    training: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    missing_words: list[str] = field(default_factory=list)
    repair: str = "none"
    onnx: ExportInfo | None = None
    versions: dict[str, str] = field(default_factory=versions)
    format: int = FORMAT

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> CheckpointInfo:
        """Read what `as_json` returned; what does not fit is a `TypeError`, `KeyError` or `AttributeError`."""
        typed: dict[str, Any] = {
            "input": _input_of(content),
            "encoder": EncoderInfo(**content.get("encoder", {})),
            "starts": [StartInfo(**start) for start in content.get("starts", [])],
            "dataset": TrainingData(**content.get("dataset", {})),
            "dev": DevScores.from_json(content["dev"]) if content.get("dev") else None,
            "onnx": ExportInfo.from_json(content["onnx"]) if content.get("onnx") else None,
        }
        return cls(**{**content, **typed})

    def as_json(self) -> dict[str, Any]:
        """Return the content of `stancelab.json`; of the input's settings, those that the head reads."""
        content = dataclasses.asdict(self)
        if not self.missing_words and self.repair == "none":  # earlier versions know neither
            del content["missing_words"], content["repair"]
        for name in ("aliases_left_out", "columns", "onnx", "starts"):
            if not content[name]:
                del content[name]
        return {
            **content,
            "input": settings_read(self.head, self.input),
            "dev": {} if self.dev is None else self.dev.as_json(),
        }


def _input_of(content: dict[str, Any]) -> InputSettings:
    """Return the settings of the input; those that an older version did not have are as it worked then."""
    read = READ.get(content.get("head", SEQUENCE), ())
    older = {name: value for name, value in OLDER_INPUT.items() if name in read}
    return InputSettings(**{**older, **content["input"]})


def weights_of(head: str) -> tuple[str, ...]:
    """Return the files that hold a checkpoint's weights."""
    return (WEIGHTS, HEAD_WEIGHTS) if head == PAIR else (WEIGHTS,)
