"""checkpoint -> probabilities, for examples in memory."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy.special import softmax
from tqdm.auto import tqdm

from stancelab.checkpoint import CheckpointInfo, load_info, verify
from stancelab.encoders import explain_hub_error
from stancelab.encoding import InputBuilder
from stancelab.errors import CheckpointError, ConfigError, DataError, did_you_mean, list_problems
from stancelab.schema import STANCES, Example, Prediction, Span, System, problems_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_FIELDS = ("text", "source", "target", "target_start", "target_end", "source_start", "source_end")


class StanceClassifier(System):
    """A fine-tuned checkpoint that predicts stances.

    Args:
        model: The classifier; its logits have the columns that `info.labels` names.
        builder: Builds the input as in training.
        info: The content of the checkpoint's `stancelab.json`.
        batch_size: Rows in a batch.
        progress: Whether to show a progress bar.
    """

    def __init__(
        self,
        model: Any,
        builder: InputBuilder,
        info: CheckpointInfo,
        *,
        batch_size: int = 32,
        progress: bool = False,
    ) -> None:
        self.model = model.eval()
        self.builder = builder
        self.info = info
        self.name = info.name
        self.seed = info.seed
        self.temperature = info.temperature
        self.thresholds = {name: value for name, value in info.thresholds.items() if value is not None}
        self.batch_size = batch_size
        self.progress = progress

    @classmethod
    def from_pretrained(
        cls, path: str | Path, *, device: str | None = None, batch_size: int = 32, progress: bool = False
    ) -> Self:
        """Load a checkpoint from a local folder or, by its name "user/name", from the Hugging Face hub.

        Args:
            path: The checkpoint folder, or a name on the hub.
            device: Such as "cpu" or "cuda"; by default a GPU where there is one.
            batch_size: Rows in a batch.
            progress: Whether `predict` shows a progress bar.

        Raises:
            CheckpointError: The folder is missing, incomplete, damaged, or written by another version.
        """
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        folder = _local_folder(path)
        info = load_info(folder)
        verify(folder)
        with explain_hub_error(str(folder)):
            tokenizer = AutoTokenizer.from_pretrained(folder)
            model = AutoModelForSequenceClassification.from_pretrained(folder, use_safetensors=True, dtype="float32")
        size = len(tokenizer)
        builder = InputBuilder(tokenizer, info.input)
        if len(tokenizer) != size:
            raise CheckpointError(f"{folder}: the tokenizer lacks the markers of the training; take it again")
        try:
            model.to(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        except (RuntimeError, AssertionError) as error:
            reason = str(error).splitlines()[0]
            raise ConfigError(f"device: found {device!r}, which cannot be used here ({reason})") from None
        return cls(model, builder, info, batch_size=batch_size, progress=progress)

    def threshold(self, name: str) -> float:
        """Return the confidence from which predictions on dev had a stated accuracy; take it as `min_confidence`.

        Args:
            name: Such as "accuracy_90".

        Raises:
            ConfigError: The checkpoint knows no such threshold, or none was reached on dev.
        """
        if name in self.thresholds:
            return self.thresholds[name]
        known = ", ".join(f"{each} ({value:.2f})" for each, value in self.thresholds.items())
        allowed = f"allowed {known}" if known else "this checkpoint has none, so leave it out or give a confidence"
        reached = "was not reached on dev" if name in self.info.thresholds else "is none of this checkpoint's"
        raise ConfigError(f"threshold: {name!r} {reached}; {allowed}.{did_you_mean(name, self.thresholds)}")

    def predict_proba(self, examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame) -> NDArray[np.float64]:
        """Return calibrated probabilities of shape (len(examples), 3), columns in the order of `STANCES`.

        Args:
            examples: As in `predict`.

        Raises:
            DataError: A row lacks its text or target, or a span lies outside the text.
        """
        rows = _checked(list(_rows(examples)))
        logits = compute_logits(self.model, self.builder, rows, batch_size=self.batch_size, progress=self.progress)
        columns = [self.info.labels.index(stance) for stance in STANCES]
        probabilities: NDArray[np.float64] = softmax(logits[:, columns] / self.info.temperature, axis=1)
        return probabilities

    def predict(
        self, examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame, *, min_confidence: float = 0.0
    ) -> list[Prediction]:
        """Predict the stance of each example, in the order given.

        Args:
            examples: Examples, dicts with the keys `text` and `target` (and, if known, `source`, `target_start`,
                `target_end`, `source_start`, `source_end`), or a DataFrame with such columns.
            min_confidence: Predictions less sure than this are marked as abstained; `threshold` knows those of dev.

        Raises:
            DataError: A row lacks its text or target, or a span lies outside the text.
        """
        return [to_prediction(row, min_confidence) for row in self.predict_proba(examples)]


def to_prediction(probabilities: NDArray[np.float64], min_confidence: float = 0.0) -> Prediction:
    """Turn one row of probabilities, shape (3,), into a prediction."""
    against, neutral, favor = (float(p) for p in probabilities)
    return Prediction(
        predicted=STANCES[int(probabilities.argmax())],
        p_against=against,
        p_neutral=neutral,
        p_favor=favor,
        abstained=float(probabilities.max()) < min_confidence,
    )


def compute_logits(
    model: Any,
    builder: InputBuilder,
    examples: Sequence[Example],
    *,
    batch_size: int,
    progress: bool = False,
) -> NDArray[np.float64]:
    """Return the model's logits of shape (len(examples), labels), in fp32, in the order of the examples.

    Rows are sorted by length, so that a batch's rows need little padding.
    """
    import torch

    logits = np.zeros((len(examples), model.config.num_labels), dtype=np.float64)
    encoded = builder(examples) if examples else {"input_ids": []}
    order = sorted(range(len(examples)), key=lambda index: -len(encoded["input_ids"][index]))
    with torch.inference_mode(), tqdm(total=len(examples), unit="row", disable=not progress) as bar:
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            batch = builder.tokenizer.pad(
                {name: [values[row] for row in rows] for name, values in encoded.items()}, return_tensors="pt"
            )
            output = model(**batch.to(model.device)).logits
            logits[rows] = output.float().cpu().numpy()
            bar.update(len(rows))
    return logits


def _local_folder(path: str | Path) -> Path:
    folder = Path(path).expanduser()
    if folder.exists() or not isinstance(path, str) or not _HUB_NAME.fullmatch(path):
        return folder
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(path))
    except (OSError, ValueError) as error:
        raise CheckpointError(
            f"{path}: neither a folder nor a checkpoint that the hub gave ({type(error).__name__})"
        ) from None


def _rows(examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame) -> Iterable[Example | Mapping[str, Any]]:
    if hasattr(examples, "itertuples"):
        frame: Any = examples
        return (dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False, name=None))
    if isinstance(examples, Mapping | str):
        raise DataError(f"predict takes a list of examples, found one {type(examples).__name__}; write predict([...])")
    return examples


def _checked(rows: Sequence[Example | Mapping[str, Any]]) -> list[Example]:
    examples, problems = [], []
    for number, row in enumerate(rows):
        try:
            example = row if isinstance(row, Example) else _to_example(row, str(number))
        except DataError as error:
            problems.append(f"example {number}: {error}")
            continue
        problems += [f"example {number}, {field}: {reason}" for field, _, reason in problems_of(example)]
        examples.append(example)
    if problems:
        raise DataError("cannot predict:\n" + list_problems(problems))
    return examples


def _to_example(row: Mapping[str, Any], number: str) -> Example:
    if not isinstance(row, Mapping):
        raise DataError(f"found {type(row).__name__}, expected an Example or a dict with text and target")
    values = {name: (None if _is_missing(row.get(name)) else row.get(name)) for name in _FIELDS}
    for name in ("text", "target"):
        if name not in row:
            raise DataError(f"no key {name!r}; found {', '.join(map(repr, row)) or 'none'}")
    for name in ("text", "target", "source"):
        if values[name] is not None and not isinstance(values[name], str):
            raise DataError(f"{name} is {type(values[name]).__name__}, expected str")
    return Example(
        id=str(row.get("id", number)),
        text=values["text"] or "",
        target=values["target"] or "",
        source=values["source"] or "",
        target_span=_span(values["target_start"], values["target_end"], "target"),
        source_span=_span(values["source_start"], values["source_end"], "source"),
    )


def _span(start: Any, end: Any, part: str) -> Span | None:
    if start is None and end is None:
        return None
    span: Span | None
    try:
        span = Span(int(start), int(end))
    except (TypeError, ValueError, OverflowError):
        span = None
    if span is None or (span.start, span.end) != (start, end):
        raise DataError(f"{part}_start and {part}_end are {start!r} and {end!r}; give two whole numbers or neither")
    return span


def _is_missing(value: Any) -> bool:
    # NaN, as pandas has it, is unlike itself; pandas' own NA refuses to be compared.
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value != value
