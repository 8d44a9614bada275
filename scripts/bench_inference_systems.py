"""The systems that `bench_inference.py` measures, each in a process of its own that waits for its turns."""

from __future__ import annotations

import json
import logging
import os
import sys
from abc import ABC, abstractmethod
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bench_machine import END, REFUSED, TURN, EncoderFlops, matmul_peak, next_turn, own_pipe, peak_megabytes, timed
from stancelab.checkpoint import load_info
from stancelab.encoding import SEQUENCE, make_builder
from stancelab.errors import ConfigError, StancelabError
from stancelab.inference.backends import AUTO, BACKENDS
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.inference.classifier import StanceClassifier

#: What is measured beside our backends.
PIPELINE, PIPELINE_BATCHES, PLAIN, SETFIT = (
    "pipeline, one by one",
    "pipeline, its best batch",
    "AutoModel, padded to the batch",
    "SetFit",
)
OTHERS: Final = (PIPELINE, PIPELINE_BATCHES, PLAIN, SETFIT)
OURS: Final = tuple(name for name in BACKENDS if name != AUTO)
#: The backend torch as it would be where oneDNN does not stand in for MKL.
BY_MKL: Final = "torch, without oneDNN"
MATMUL: Final = "matmul"
SINGLE: Final = "single"
LOAD: Final = "load"
#: Batches among which that of the pipeline is chosen, by the first rows.
SIZES: Final = (4, 8, 16, 32, 64)
_ROWS_TO_CHOOSE: Final = 128
_WARM_UP: Final = 32
_BATCH: Final = 32


class Measured(ABC):
    """A system that is measured.

    Attributes:
        note: What is to be known of it.
        lengths: The tokens of each text of the last call, without padding.
    """

    note = ""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    @abstractmethod
    def answer(self, rows: Sequence[Example]) -> NDArray[np.int64]:
        """Return the stance ids of some rows."""


class Backend(Measured):
    """One of our backends, as `StanceClassifier` uses it.

    Raises:
        ConfigError: It is `BY_MKL`, and the backend torch is that already.
    """

    def __init__(self, checkpoint: Path, name: str) -> None:
        from stancelab.inference.classifier import StanceClassifier

        super().__init__()
        backend = "torch" if name == BY_MKL else name
        self.classifier: StanceClassifier = StanceClassifier.from_pretrained(checkpoint, backend=backend, device="cpu")
        if name == BY_MKL:
            network: Any = self.classifier.backend
            if not network.by_onednn:
                raise ConfigError("oneDNN does not stand in for MKL on this processor, so torch is the same")
            network.by_onednn = False
        self._count_tokens()

    def answer(self, rows: Sequence[Example]) -> NDArray[np.int64]:
        """Return the most probable stances."""
        self.lengths = []
        found: NDArray[np.int64] = self.classifier.predict_proba(rows).argmax(axis=1)
        return found

    def _count_tokens(self) -> None:
        """Note the lengths of what is computed: a text with several rows is computed once."""
        backend: Any = self.classifier.backend
        compute = backend.compute

        def counted(inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
            self.lengths += inputs["attention_mask"].sum(axis=1).tolist()
            found: NDArray[np.float32] = compute(inputs)
            return found

        backend.compute = counted


class Plain(Measured):
    """What plain transformers runs: the checkpoint as a classifier of sequences, or its encoder with a new head.

    A checkpoint with the pair head is none; the same encoder then reads each row as text and target, and its answers
    mean nothing.
    """

    def __init__(self, checkpoint: Path) -> None:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        super().__init__()
        info = load_info(checkpoint)
        self.is_stand_in = info.head != SEQUENCE
        self.max_length = info.input.max_length
        self.tokenizer = AutoTokenizer.from_pretrained(checkpoint)
        self.builder = None if self.is_stand_in else make_builder(info.head, self.tokenizer, info.input)
        torch.manual_seed(0)
        self.model: Any = AutoModelForSequenceClassification.from_pretrained(
            checkpoint, num_labels=len(STANCES), use_safetensors=True, dtype="float32"
        ).eval()

    def words(self, row: Example) -> tuple[str, str | None]:
        """Return the text and the second segment of a row, which nobody is charged for building."""
        return (row.text, row.target) if self.builder is None else self.builder.words(row)

    def answer(self, rows: Sequence[Example]) -> NDArray[np.int64]:
        """Return what the model answers in batches as they come, each padded to its longest text."""
        import torch

        found = []
        self.lengths = []
        for start in range(0, len(rows), _BATCH):
            texts, seconds = zip(*map(self.words, rows[start : start + _BATCH]), strict=True)
            inputs = self.tokenizer(
                list(texts),
                [second or "" for second in seconds] if any(seconds) else None,
                padding=True,
                truncation=True,
                max_length=self.max_length,
                return_tensors="pt",
            )
            self.lengths += inputs["attention_mask"].sum(dim=1).tolist()
            with torch.no_grad():
                found += self.model(**inputs).logits.argmax(dim=-1).tolist()
        return np.array(found)


class Pipeline(Plain):
    """`transformers.pipeline("text-classification")` over a list of rows.

    Args:
        checkpoint: The checkpoint folder.
        batch_size: Rows in a batch; None leaves it to the pipeline, as its documentation shows it, which takes one.
    """

    def __init__(self, checkpoint: Path, batch_size: int | None = None) -> None:
        from transformers import pipeline

        super().__init__(checkpoint)
        made: Any = pipeline("text-classification", model=self.model, tokenizer=self.tokenizer, device="cpu")
        self.pipeline = made
        self.batch_size = batch_size

    def choose(self, rows: Sequence[Example]) -> None:
        """Take the batch that answers some rows in the least of the processor's time."""
        taken = {}
        for self.batch_size in SIZES:
            taken[self.batch_size] = timed(lambda: self.answer(rows[:_ROWS_TO_CHOOSE])).cpu
        self.batch_size = min(taken, key=lambda size: taken[size])
        self.note = f"{self.batch_size} rows in a batch"

    def answer(self, rows: Sequence[Example]) -> NDArray[np.int64]:
        """Return the labels as ids."""
        given = [
            {"text": text, "text_pair": second or ""} if second else {"text": text}
            for text, second in map(self.words, rows)
        ]
        options = {} if self.batch_size is None else {"batch_size": self.batch_size}
        found = self.pipeline(given, truncation=True, max_length=self.max_length, **options)
        return np.array([self.model.config.label2id[each["label"]] for each in found])


class SetFit(Plain):
    """SetFit's `predict` with the same encoder, and a logistic regression that has learned nothing."""

    def __init__(self, checkpoint: Path) -> None:
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
        from setfit import SetFitModel
        from sklearn.linear_model import LogisticRegression

        super().__init__(checkpoint)
        self.is_stand_in = True
        del self.model
        encoder = Transformer(str(checkpoint), max_seq_length=self.max_length)
        size = encoder.get_embedding_dimension()
        states = np.random.default_rng(0).normal(size=(30, size))
        head = LogisticRegression().fit(states, np.arange(30) % len(STANCES))
        self.setfit: Any = SetFitModel(
            model_body=SentenceTransformer(modules=[encoder, Pooling(size)], device="cpu"), model_head=head
        )

    def answer(self, rows: Sequence[Example]) -> NDArray[np.int64]:
        """Return what it predicts of target and text."""
        texts = [f"{row.target}\n{row.text}" for row in rows]
        return np.asarray(self.setfit.predict(texts, batch_size=_BATCH, as_numpy=True))


def load(name: str, checkpoint: Path, rows: Sequence[Example]) -> Measured:
    """Load a system and let it answer once.

    Raises:
        StancelabError: A backend cannot be used with this checkpoint.
        ImportError: A package is not installed.
    """
    system: Measured
    if name in (*OURS, BY_MKL):
        system = Backend(checkpoint, name)
    elif name in (PIPELINE, PIPELINE_BATCHES):
        system = Pipeline(checkpoint)
    else:
        system = Plain(checkpoint) if name == PLAIN else SetFit(checkpoint)
    system.answer(rows[:_WARM_UP])
    if name == PIPELINE_BATCHES:
        assert isinstance(system, Pipeline)
        system.choose(rows)
    return system


def spread(rows: Sequence[Example], number: int) -> list[Example]:
    """Return so many rows, at most all, at equal distances."""
    return [rows[place * len(rows) // number] for place in range(min(number, len(rows)))]


def main() -> None:
    """Answer the turns of one system."""
    answer = own_pipe()
    name, job = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    quiet()
    checkpoint, rows = Path(job["checkpoint"]), [Example(**row) for row in job["rows"]]
    config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
    flops = EncoderFlops.of_config(SimpleNamespace(**config))
    system: Measured | None = None
    while (asked := next_turn()) != END:
        if asked == LOAD and name != MATMUL:
            try:
                system = load(name, checkpoint, rows)
            except (StancelabError, ImportError) as error:
                answer({REFUSED: str(error).splitlines()[0]})
                return
            answer({"note": system.note})
        elif asked == LOAD:
            answer({"note": ""})
        elif name == MATMUL:
            answer({precision: matmul_peak(precision) for precision in ("fp32", "bf16")})
        elif asked == TURN:
            answer(turn(system, rows, flops))
        elif asked == SINGLE:
            answer(one_by_one(system, spread(rows, job["single"])))


def turn(system: Measured | None, rows: Sequence[Example], flops: EncoderFlops) -> dict[str, Any]:
    """Return what it took to answer all rows, the answers, and the FLOPs of the texts without padding, in 10^9."""
    assert system is not None
    found: list[NDArray[np.int64]] = []
    taken = timed(lambda: found.append(system.answer(rows)))
    means = not (isinstance(system, Plain) and system.is_stand_in)
    return {
        "wall": taken.wall,
        "cpu": taken.cpu,
        "labels": found[0].tolist() if means else None,
        "gflop": flops.of(system.lengths) / 1e9 if system.lengths else None,
    }


def one_by_one(system: Measured | None, rows: Sequence[Example]) -> dict[str, Any]:
    """Return what each of some rows takes alone, and the most memory that the process has had."""
    assert system is not None
    taken = [timed(partial(system.answer, [row])) for row in rows]
    return {
        "wall": [each.wall for each in taken],
        "cpu": [each.cpu for each in taken],
        "peak_mb": peak_megabytes(),
    }


def quiet() -> None:
    """Silence what is told of every loading."""
    os.environ["TRANSFORMERS_VERBOSITY"] = "error"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    logging.disable(logging.WARNING)
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()


if __name__ == "__main__":
    main()
