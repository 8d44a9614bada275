"""A checkpoint as a system: probabilities and predictions for examples in memory."""

from __future__ import annotations

import logging
from dataclasses import replace
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from stancelab.alias_files import given_aliases
from stancelab.aliases import Aliases
from stancelab.checkpoint import CheckpointInfo, checkpoint_folder, load_info, load_training_texts, weights_sha256
from stancelab.errors import ConfigError, did_you_mean
from stancelab.inference.backends import AUTO, load_backend
from stancelab.inference.backends.base import BATCH_SIZE
from stancelab.inference.frames import frame_of
from stancelab.inference.inputs import checked_examples
from stancelab.metrics.classes import class_ids
from stancelab.metrics.temperature import softmax, within_classes
from stancelab.offsets import CHARACTERS
from stancelab.schema import STANCES, Example, Prediction, System
from stancelab.tables.mending import Mending

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from stancelab.encoding import Cut
    from stancelab.inference.backends.base import Backend
    from stancelab.results import CheckpointProvenance
    from stancelab.training_texts import TrainingTextHashes

    GivenAliases = Mapping[str, Sequence[str] | str] | Aliases | str | Path | None

logger = logging.getLogger(__name__)


class StanceClassifier(System):
    """A fine-tuned checkpoint that predicts stances.

    Args:
        backend: Computes the logits, whose columns are those that `info.labels` names.
        info: The content of the checkpoint's `stancelab.json`.
        texts: Hashes of the texts it was trained on, None where they are not known.
        weights_sha256: The SHA-256 of its weights, "" where it is not known.
    """

    def __init__(
        self,
        backend: Backend,
        info: CheckpointInfo,
        texts: TrainingTextHashes | None = None,
        weights_sha256: str = "",
    ) -> None:
        self.backend = backend
        self.texts = texts
        self.weights_sha256 = weights_sha256
        self.info = info
        self._told: set[str] = set()
        self._mending = Mending(tuple(info.missing_words), info.repair)
        #: Other names that texts use for targets and sources; more may be added with `merged`.
        self.aliases = Aliases(info.aliases)
        self.name = info.name
        self.seed = info.seed
        self.temperature = info.temperature
        self.thresholds = {name: value for name, value in info.thresholds.items() if value is not None}
        self.unreached = [name for name, value in info.thresholds.items() if value is None]

    @classmethod
    def from_pretrained(
        cls,
        path: str | Path,
        *,
        backend: str = AUTO,
        device: str | None = None,
        batch_size: int = BATCH_SIZE,
        progress: bool = False,
    ) -> Self:
        """Load a checkpoint from a local folder or, by its name "user/name", from the Hugging Face hub.

        Args:
            path: The checkpoint folder, or a name on the hub.
            backend: What computes: "torch", "onnx" (an export in fp32) or, with answers that differ a little,
                "torch-bf16", "onnx-int8" (an export with int8 weights), "openvino-bf16" (an export in bf16) or
                "openvino-int8" (an export in int8 with fixed scales); "auto" takes "onnx" where the checkpoint was
                exported and ONNX Runtime is installed, unless there is a GPU.
            device: Such as "cpu" or "cuda"; by default a GPU where there is one.
            batch_size: Texts in a batch at most; one has at most 2,048 tokens besides, with padding.
            progress: Whether `predict` shows a progress bar where standard error is a terminal.

        Raises:
            CheckpointError: The folder is missing, incomplete, damaged, or written by another version.
            ConfigError: There is no such backend or device, or no batch of that size.
            MissingPackageError: What the backend needs is not installed.
        """
        folder = checkpoint_folder(path)
        info = load_info(folder)
        loaded = load_backend(folder, info, backend=backend, device=device, batch_size=batch_size, progress=progress)
        return cls(loaded, info, load_training_texts(folder), weights_sha256(folder))

    def __repr__(self) -> str:
        """Return what the checkpoint is: encoder, head, labels, corpora, thresholds, backend and device."""
        info = self.info
        corpora = list(info.dev.corpora) if info.dev is not None and info.dev.corpora else [info.dataset.name]
        thresholds = ", ".join(f"{name}={value:.2f}" for name, value in self.thresholds.items())
        return (
            f"{type(self).__name__}(name={self.name!r}, encoder={info.encoder.name!r}, head={info.head!r}, "
            f"labels={list(STANCES)}, corpora={[name for name in corpora if name]}, "
            f"thresholds={{{thresholds}}}, backend={self.backend.name!r}, device={self.backend.device!r})"
        )

    def provenance(self) -> CheckpointProvenance:
        """Return what the checkpoint was made of, for metrics.json."""
        from stancelab.inference.provenance import checkpoint_provenance

        return replace(checkpoint_provenance(self.info), name=self.name)

    def trained_on(self, examples: Sequence[Example]) -> NDArray[np.bool_] | None:
        """Tell of which examples the text was among the training texts; None for checkpoints that do not say it."""
        return None if self.texts is None else self.texts.among(example.text for example in examples)

    def threshold(self, name: str, *, setting: str = "threshold") -> float:
        """Return the confidence from which predictions on dev had a stated accuracy; take it as `min_confidence`.

        Args:
            name: Such as "accuracy_90", or "guaranteed_90": the confidence from which, with a probability of 95%, other
                rows of the kind of dev have it too.
            setting: What named it, for the message.

        Raises:
            ConfigError: The checkpoint knows no such threshold, or none was reached on dev.
        """
        return named_threshold({**self.info.thresholds, **self.thresholds}, name, setting=setting)

    @property
    def cut(self) -> Cut:
        """What the encoder could not see of the examples of the last call of `predict` or `predict_proba`."""
        return self.backend.cut

    def confidence(self, given: float | str) -> float:
        """Return the confidence that `min_confidence` stands for: a number from 0 to 1, or the name of a threshold.

        Raises:
            ConfigError: It is out of range, or the checkpoint has no such threshold.
        """
        if isinstance(given, str):
            return self.threshold(given, setting="min_confidence")
        number = number_of(given)
        if number is None or not 0 <= number <= 1:
            hint = f"; write {number / 100:g} for {number:g}%" if number is not None and 1 < number <= 100 else ""
            raise ConfigError(
                f"min_confidence: found {given!r}, expected a number between 0 and 1, or the name of a threshold of "
                f"this checkpoint ({', '.join(self.thresholds) or 'it has none'}){hint}"
            )
        return number

    def predict_proba(
        self,
        examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame,
        *,
        columns: Mapping[str, str] | None = None,
        offsets: str = CHARACTERS,
        aliases: GivenAliases = None,
    ) -> NDArray[np.float64]:
        """Return calibrated probabilities of shape (len(examples), 3), columns in the order of `STANCES`.

        The probability of a stance that is no class of the task it was trained for is 0.

        Args:
            examples: As in `predict`.
            columns: As in `predict`.
            offsets: As in `predict`.
            aliases: As in `predict`.

        Raises:
            ConfigError: As `predict`.
            DataError: As `predict`.
        """
        names = self.aliases.merged(given_aliases(aliases))
        found = checked_examples(
            examples, self._told, self._mending, columns=columns, offsets=offsets, trained=self.info.columns
        )
        logits = self.backend.logits([names.marked(example) for example in found])
        columns_of_logits = [self.info.labels.index(stance) for stance in STANCES]
        own = within_classes(logits[:, columns_of_logits], class_ids(self.info.classes))
        return softmax(own / self.info.temperature)

    @overload
    def predict(
        self,
        examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame,
        *,
        min_confidence: float | str = ...,
        columns: Mapping[str, str] | None = ...,
        offsets: str = ...,
        aliases: GivenAliases = ...,
        as_frame: Literal[False] = ...,
    ) -> list[Prediction]: ...

    @overload
    def predict(
        self,
        examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame,
        *,
        min_confidence: float | str = ...,
        columns: Mapping[str, str] | None = ...,
        offsets: str = ...,
        aliases: GivenAliases = ...,
        as_frame: Literal[True],
    ) -> pd.DataFrame: ...

    def predict(
        self,
        examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame,
        *,
        min_confidence: float | str = 0.0,
        columns: Mapping[str, str] | None = None,
        offsets: str = CHARACTERS,
        aliases: GivenAliases = None,
        as_frame: bool = False,
    ) -> list[Prediction] | pd.DataFrame:
        """Predict the stance of each example, in the order given.

        Cells of dicts and DataFrames are mended as those of the training were. A warning is logged where texts are
        longer than the checkpoint reads, where it is not told the target or source since the text does not mention it,
        and, once, where keys are not read.

        Args:
            examples: Examples, dicts with the keys `text` and `target` (and, if known, `source`, `target_start`,
                `target_end`, `source_start`, `source_end`, and `aliases`: other names of the row's target, separated by
                "|" or ";" or in a list), or a DataFrame with such columns.
            min_confidence: Predictions less confident than this, from 0 to 1, are marked as abstained; or the name of
                a threshold that was chosen on dev, such as "accuracy_90".
            columns: Field -> the key or column that holds it, where it is called otherwise, such as
                `{"text": "Tweet", "source": "Speaker"}`.
            offsets: How the spans of dicts and DataFrames are counted, as `predict.offsets` says it: "characters",
                "utf16" or "bytes", with "one_based" and "inclusive", joined as in "utf16+inclusive". Those of `Example`
                objects are in characters.
            aliases: Other names that texts use for a target or source, besides those that the checkpoint knows: a dict
                such as `{"Joe Biden": ["Biden", "@POTUS"]}`, or a file as `predict.aliases` takes it.
            as_frame: Whether to return a DataFrame with the columns of a prediction in place of a list; it has the
                index of the DataFrame given, so that `frame.join(...)` puts the two together.

        Raises:
            ConfigError: `min_confidence` is no number from 0 to 1 and no threshold of the checkpoint, or `columns`
                names no field, or a column that is not there, or there is no such way to count.
            DataError: A row lacks its text or target, a span lies outside the text, spans are plainly counted in
                another way than `offsets` says, or the aliases cannot be read.
        """
        threshold = self.confidence(min_confidence)
        probabilities = self.predict_proba(examples, columns=columns, offsets=offsets, aliases=aliases)
        predictions = [to_prediction(row, threshold) for row in probabilities]
        warn_of_cut(self.cut, self.info.input.max_length)
        return frame_of(predictions, examples) if as_frame else predictions


def named_threshold(thresholds: Mapping[str, float | None], name: str, *, setting: str = "threshold") -> float:
    """Return a confidence threshold by its name.

    Args:
        thresholds: The thresholds of a checkpoint; None where one was not reached on dev.
        name: Which of them.
        setting: What named it, for the message.

    Raises:
        ConfigError: There is no such threshold, or it was not reached on dev.
    """
    reached = {each: value for each, value in thresholds.items() if value is not None}
    if name in reached:
        return reached[name]
    known = ", ".join(f"{each} ({value:.2f})" for each, value in reached.items())
    allowed = f"allowed {known}" if known else "this checkpoint has none, so leave it out or give a confidence"
    why = "is none of this checkpoint's"
    if name in thresholds:
        why = "cannot be guaranteed by dev" if name.startswith("guaranteed_") else "was not reached on dev"
    raise ConfigError(f"{setting}: {name!r} {why}; {allowed}.{did_you_mean(name, reached)}")


def number_of(given: object) -> float | None:
    """Return what a caller gave as a float, None where it is no number."""
    return None if isinstance(given, bool) or not isinstance(given, Real) else float(given)


def warn_of_cut(cut: Cut, max_length: int) -> None:
    """Log a warning where the encoder could not see all of the examples that were predicted, or their target or source.

    Args:
        cut: The counts.
        max_length: The length in tokens at which the checkpoint cuts texts.
    """
    if cut.is_any:
        logger.warning("%s, the length that the checkpoint was trained with", cut.sentence(max_length))
    if cut.is_untold:
        logger.warning(
            "%s, since the text does not mention it: the answer is the same for every other one", cut.untold_sentence()
        )


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
