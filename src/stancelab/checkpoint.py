"""What a checkpoint folder holds: an ordinary transformers folder, and `stancelab.json` with what stance needs besides.

With the sequence head the folder loads with plain `AutoModelForSequenceClassification.from_pretrained`; with the pair
head its encoder loads with `AutoModel.from_pretrained`, and the head lies beside it in `head.safetensors`.
`stancelab.json` says what the logits' columns mean, how the input is built and by which temperature the logits are
divided; prediction takes all of that from here and never from a config of its own.
"""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.encoding import HEADS, PAIR, READ, SEQUENCE, InputSettings, settings_read
from stancelab.encoding.settings import OLDER_INPUT
from stancelab.errors import CheckpointError, DataError
from stancelab.extras import require
from stancelab.files import (
    fingerprint,
    missing_folder,
    read_json,
    sha256_of,
    versions,
    write_json,
    write_manifest,
    write_text,
)
from stancelab.layout import (
    CHECKPOINT,
    CONFIG,
    DESCRIPTION,
    HEAD_WEIGHTS,
    HYDRA,
    MANIFEST,
    README,
    RUN_LOG,
    TRAINING_TEXTS,
    WEIGHTS,
)
from stancelab.schema import STANCES
from stancelab.training_texts import TrainingTextHashes

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

FORMAT: Final = 2
#: Format 1 had no head but the encoder's own.
READABLE: Final = (1, FORMAT)
_HUB_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


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
        dataset: The prepared dataset.
        seed: The seed of the training run.
        aliases: Canonical form of a target or source -> other names that texts use for it; these are looked for, too.
        dev: Scores on the validation rows, None where nobody measured them.
        training: The settings of the training run.
        warnings: What speaks against relying on the training.
        missing_words: Words that counted as empty cells in the tables of the training; prediction takes them so too.
        repair: How broken characters were mended, "none" where they were not; prediction does the same.
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
    dataset: TrainingData = field(default_factory=TrainingData)
    seed: int = 0
    aliases: dict[str, list[str]] = field(default_factory=dict)
    dev: DevScores | None = None
    training: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    missing_words: list[str] = field(default_factory=list)
    repair: str = "none"
    versions: dict[str, str] = field(default_factory=versions)
    format: int = FORMAT

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> CheckpointInfo:
        """Read what `as_json` returned; what does not fit is a `TypeError`, `KeyError` or `AttributeError`."""
        typed: dict[str, Any] = {
            "input": _input_of(content),
            "encoder": EncoderInfo(**content.get("encoder", {})),
            "dataset": TrainingData(**content.get("dataset", {})),
            "dev": DevScores.from_json(content["dev"]) if content.get("dev") else None,
        }
        return cls(**{**content, **typed})

    def as_json(self) -> dict[str, Any]:
        """Return the content of `stancelab.json`; of the input's settings, those that the head reads."""
        content = dataclasses.asdict(self)
        if not self.missing_words and self.repair == "none":  # earlier versions know neither
            del content["missing_words"], content["repair"]
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


def save_checkpoint(
    folder: Path,
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    info: CheckpointInfo,
    card: str,
    texts: TrainingTextHashes | None = None,
) -> None:
    """Fill a folder with weights (safetensors), tokenizer, `stancelab.json`, model card and, last, the manifest.

    Args:
        folder: The folder, which is there.
        model: A transformers classifier, or a `PairClassifier`.
        tokenizer: The encoder's tokenizer.
        info: The content of `stancelab.json`.
        card: The model card.
        texts: Hashes of the texts it was trained on, None where they are not known.
    """
    model.config.id2label = dict(enumerate(info.labels))
    model.config.label2id = {label: index for index, label in enumerate(info.labels)}
    model.save_pretrained(folder)
    # safetensors writes for the owner alone; others shall be able to load the checkpoint too.
    for weights in _weights(info.head):
        (folder / weights).chmod((folder / CONFIG).stat().st_mode)
    tokenizer.save_pretrained(folder)
    write_json(folder / DESCRIPTION, info.as_json())
    write_text(folder / README, card)
    if texts is not None:
        texts.write(folder / TRAINING_TEXTS)
    write_manifest(folder, {"kind": "checkpoint", "seed": info.seed, "dataset": info.dataset.fingerprint or None})


def is_hub_name(path: str) -> bool:
    """Tell whether a text may be the name of a checkpoint on the Hugging Face hub: "user/name"."""
    return bool(_HUB_NAME.fullmatch(path))


def checkpoint_folder(path: str | Path) -> Path:
    """Return the folder of a checkpoint: a local one, or what the Hugging Face hub has under a name "user/name".

    A folder of a run is its checkpoint.

    Args:
        path: The folder ("~" is expanded), or a name on the hub where no folder has it.

    Raises:
        CheckpointError: It is a path at which there is no folder, or the hub does not give it.
        MissingPackageError: It is to come from the hub, and the hub's package is not installed.
    """
    if not isinstance(path, str | Path) or not str(path).strip():
        raise CheckpointError(
            f"found {path!r}, expected the folder of a checkpoint, or its name on the Hugging Face hub"
        )
    folder = Path(path).expanduser()
    if not (folder / DESCRIPTION).exists() and (folder / CHECKPOINT / DESCRIPTION).is_file():
        return folder / CHECKPOINT
    if folder.exists() or not isinstance(path, str) or not is_hub_name(path):
        return folder
    missing = missing_folder(path)
    if missing is not None:
        raise CheckpointError(missing)
    require("huggingface_hub", "torch", "a checkpoint from the Hugging Face hub")
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(path))
    except (OSError, ValueError) as error:
        raise CheckpointError(
            f"{path}: neither a folder in {Path.cwd()} nor a checkpoint that the hub gave ({type(error).__name__}); "
            "check the path, or the name and the network"
        ) from None


def unfinished_run(folder: Path) -> Path | None:
    """Return the first run in a folder (itself, or up to two below it) that has made no checkpoint and is not finished.

    A run that is at work is one, and so is one that was killed.
    """
    folders = [path for path in (folder, *sorted(folder.glob("*")), *sorted(folder.glob("*/*"))) if path.is_dir()]
    runs = [path for path in folders if (path / RUN_LOG).is_file() or (path / HYDRA).is_dir()]
    unfinished = (
        run for run in runs if not (run / MANIFEST).is_file() and not (run / CHECKPOINT / DESCRIPTION).is_file()
    )
    return next(unfinished, None)


def not_finished(folder: Path, run: Path) -> str:
    """Return the message that says that a folder has no checkpoint, since its run is not finished."""
    return (
        f"{folder}: holds no checkpoint, since the run {run} is not finished; wait for it, or, where it was "
        "interrupted, give its command again with training.resume=true"
    )


def load_info(folder: Path) -> CheckpointInfo:
    """Read and check `stancelab.json`.

    Raises:
        CheckpointError: The folder is missing or incomplete, was written by a newer version, or its two files disagree
            on what the columns of the logits mean.
    """
    if not folder.is_dir():
        raise CheckpointError(f"{folder}: no such folder; expected a checkpoint made by 'stancelab train'")
    lacking = [name for name in (DESCRIPTION, CONFIG, WEIGHTS, MANIFEST) if not (folder / name).is_file()]
    if lacking:
        raise CheckpointError(_incomplete(folder, lacking))
    try:
        content, config = read_json(folder / DESCRIPTION), read_json(folder / CONFIG)
    except DataError as error:
        raise CheckpointError(str(error)) from None
    info = _parse(folder, content)
    lacking = [name for name in _weights(info.head) if not (folder / name).is_file()]
    if lacking:
        raise CheckpointError(_incomplete(folder, lacking))
    if not isinstance(config, dict):
        raise CheckpointError(
            f"{folder / 'config.json'}: not a transformers config; take the folder from its run again"
        )
    columns = [config.get("id2label", {}).get(str(index)) for index in range(len(info.labels))]
    if sorted(info.labels) != sorted(STANCES) or columns != info.labels:
        raise CheckpointError(
            f"{folder}: the columns of the logits are {info.labels} in {DESCRIPTION} but {columns} in config.json; "
            f"they must be {', '.join(STANCES)}, in one order in both. Take the folder from its run again"
        )
    if not info.classes or not set(info.classes) <= set(STANCES):
        raise CheckpointError(
            f"{folder / DESCRIPTION}: the classes are {info.classes}; they must be some of {', '.join(STANCES)}. Take "
            "the folder from its run again"
        )
    return info


def load_training_texts(folder: Path) -> TrainingTextHashes | None:
    """Return hashes of the texts that a checkpoint was trained on, None where it is of a version that kept none.

    Raises:
        CheckpointError: Their file is damaged.
    """
    path = folder / TRAINING_TEXTS
    return TrainingTextHashes.read(path) if path.is_file() else None


def verify(folder: Path) -> None:
    """Compare weights, config and tokenizer with the SHA-256 that the manifest states for each.

    The model card may be edited, and `load_info` checks `stancelab.json`.

    Raises:
        CheckpointError: A file is missing or was changed, or the manifest does not say what it should be.
    """
    files = {name: entry["sha256"] for name, entry in _stated_files(folder).items()}
    for name, stated in files.items():
        if name in (DESCRIPTION, README):
            continue
        path = folder / name
        found = sha256_of(path) if path.is_file() else "missing"
        if found != stated:
            raise CheckpointError(
                f"{path}: SHA-256 is {found}, but {MANIFEST} states {stated}; the file was changed or damaged, take "
                "the folder from its run again"
            )


def files_fingerprint(folder: Path) -> str:
    """Return a short hash of the files of a checkpoint, as its manifest states them.

    Raises:
        CheckpointError: The manifest does not state them.
    """
    return fingerprint(_stated_files(folder))


def _stated_files(folder: Path) -> dict[str, Any]:
    """Return the size and SHA-256 of each file by its name, as the manifest states them."""
    try:
        files: dict[str, Any] = read_json(folder / MANIFEST)["files"]
        for name in (WEIGHTS, *files):
            files[name]["sha256"]
    except (DataError, KeyError, TypeError, AttributeError):
        raise CheckpointError(f"{folder}: {MANIFEST} does not state the SHA-256 of {WEIGHTS}") from None
    return files


def _parse(folder: Path, content: dict[str, Any]) -> CheckpointInfo:
    if not isinstance(content, dict):
        raise CheckpointError(f"{folder / DESCRIPTION}: not a JSON object; take the folder from its run again")
    written = content.get("format")
    if written not in READABLE:
        raise CheckpointError(
            f"{folder / DESCRIPTION}: format is {written!r}, this version of stancelab reads "
            f"{' and '.join(map(str, READABLE))}; "
            "use the version of stancelab that wrote it, or train again"
        )
    try:
        info = CheckpointInfo.from_json(content)
        problems = info.input.problems()
    except (TypeError, KeyError, AttributeError) as error:
        raise CheckpointError(f"{folder / DESCRIPTION}: {error}; take the folder from its run again") from None
    if info.head not in HEADS:
        problems.append(f"head: found {info.head!r}, allowed is {' or '.join(HEADS)}")
    if not isinstance(info.temperature, int | float) or not 0 < info.temperature < math.inf:
        problems.append(f"temperature: found {info.temperature!r}, allowed are numbers above 0")
    if problems:
        raise CheckpointError(f"{folder / DESCRIPTION}: " + "; ".join(problems))
    return info


def _weights(head: str) -> tuple[str, ...]:
    """Return the files that hold a checkpoint's weights."""
    return (WEIGHTS, HEAD_WEIGHTS) if head == PAIR else (WEIGHTS,)


def _incomplete(folder: Path, lacking: list[str]) -> str:
    run = unfinished_run(folder)
    if run is not None:
        return not_finished(folder, run)
    return (
        f"{folder}: not a complete checkpoint, {', '.join(lacking)} missing; expected a folder made by "
        "'stancelab train' (for a pretrained encoder to fine-tune, see model.name_or_path)"
    )
