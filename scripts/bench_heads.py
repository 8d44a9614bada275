"""Compare what the two heads cost on the rows of a corpus, prediction and a pass of training, and what baselines cost.

    python scripts/bench_heads.py                      # the project's own corpus, packaged MiniLM, one thread
    python scripts/bench_heads.py --encoder FOLDER --threads 2
    python scripts/bench_heads.py --dataset outputs/datasets/NAME --baselines ngram_svm ngram_logreg frozen_encoder

All take the same rows in turn, so that what else the machine does falls on each. The weights of the heads are new:
their cost does not depend on what they have learned. A baseline is fitted on the rows, as an evaluation fits it.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import time
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pandas as pd
import torch
from rich.console import Console
from rich.table import Table
from transformers.utils import logging as transformers_logging

from stancelab.baselines import make_baseline
from stancelab.baselines.settings import BaselineSettings
from stancelab.data.corpora import own_corpus
from stancelab.data.prepared import load_prepared
from stancelab.encoders import ModelSettings
from stancelab.encoding import HEADS, PAIR, SEQUENCE
from stancelab.inference.backends.torch import TorchBackend
from stancelab.schema import Example
from stancelab.training.load_encoder import load_encoder
from stancelab.training.losses import StanceLoss
from stancelab.training.settings import TrainingSettings
from stancelab.training.texts import Collator, TrainingTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BATCH = 16


def main() -> None:
    """Time heads and baselines, and print seconds per 1,000 rows and the ratio of the heads."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", default=ModelSettings().name_or_path, help="package, folder or hub name")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dataset", type=Path, help="a prepared dataset, in place of the project's own corpus")
    parser.add_argument("--baselines", nargs="*", default=[], help="baselines that are timed too")
    given = parser.parse_args()
    logging.disable(logging.INFO)
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    all_rows = rows_of_the_corpus() if given.dataset is None else load_prepared(given.dataset).train
    rows = whole_texts(all_rows, given.rows)
    console = Console(width=100)
    table = Table(title=f"{given.encoder}, {len(rows):,} rows, {given.threads} threads", title_justify="left")
    for name in ("seconds per 1,000 rows", PAIR, SEQUENCE, "ratio"):
        table.add_column(name)
    backends = {head: backend_of(given.encoder, head) for head in HEADS}
    for what, work in (("prediction, fp32", predict), ("a pass of training, bf16", train)):
        seconds = median_times({head: partial(work, backends[head], rows) for head in HEADS}, given.rounds)
        per_thousand = {head: 1000 * each / len(rows) for head, each in seconds.items()}
        shown = [f"{per_thousand[head]:.2f}" for head in (PAIR, SEQUENCE)]
        table.add_row(what, *shown, f"{per_thousand[SEQUENCE] / per_thousand[PAIR]:.1f}")
    console.print(table)
    if given.baselines:
        console.print(of_baselines(given.baselines, rows, given.encoder, given.rounds))


def rows_of_the_corpus() -> list[Example]:
    """Return the rows of the project's own corpus."""
    path = own_corpus("diplomacy")
    assert path is not None
    fields = ("id", "text", "source", "target", "stance")
    table = pd.read_csv(path, keep_default_na=False)
    return [Example(**{name: row[name] for name in fields}) for row in table.to_dict("records")]


def whole_texts(rows: Sequence[Example], most: int) -> list[Example]:
    """Return rows in random order, those of a text together, so many at most."""
    shuffled = Random(0).sample(rows, len(rows))  # noqa: S311 - no secret depends on it
    order = {text: place for place, text in enumerate(dict.fromkeys(row.text for row in shuffled))}
    return sorted(shuffled, key=lambda row: order[row.text])[:most]


def of_baselines(names: Sequence[str], rows: Sequence[Example], encoder: str, rounds: int) -> Table:
    """Return what it costs to fit baselines on the rows and to predict them."""
    fitted = {name: make_baseline(name, BaselineSettings(encoder=encoder)) for name in names}
    fit = median_times({name: partial(each.fit, rows, []) for name, each in fitted.items()}, rounds)
    predicted = median_times({name: partial(each.predict_proba, rows) for name, each in fitted.items()}, rounds)
    table = Table(title=f"baselines, {len(rows):,} rows", title_justify="left")
    for name in ("seconds per 1,000 rows", "fit", "prediction"):
        table.add_column(name)
    for name in names:
        table.add_row(name, *(f"{1000 * each[name] / len(rows):.3f}" for each in (fit, predicted)))
    return table


def backend_of(encoder: str, head: str) -> TorchBackend:
    """Return an encoder with a new head of this kind."""
    network, builder, _ = load_encoder(ModelSettings(name_or_path=encoder, head=head), None)
    return TorchBackend(network, builder, batch_size=BATCH)


def predict(backend: TorchBackend, rows: Sequence[Example]) -> None:
    """Predict the rows."""
    backend.model.eval()
    backend.logits(rows)


def train(backend: TorchBackend, rows: Sequence[Example]) -> None:
    """Compute loss and gradient of the rows, batch by batch, without an update of the weights."""
    backend.model.train()
    texts, collate = TrainingTexts(backend.builder, rows), Collator(backend.builder)
    loss = StanceLoss(TrainingSettings())
    for start in range(0, len(texts), BATCH):
        batch: dict[str, Any] = collate([texts[place] for place in range(start, min(start + BATCH, len(texts)))])
        labels, soft = batch.pop("labels"), batch.pop("soft")
        with torch.autocast("cpu", torch.bfloat16):
            logits = backend.model(**batch).logits
        loss(logits, labels, soft).backward()
        backend.model.zero_grad()


def median_times(work: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median seconds of each piece of work; all take turns, after one round that is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for number in range(rounds + 1):
        for name, function in work.items():
            start = time.perf_counter()
            function()
            if number:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in seconds.items()}


if __name__ == "__main__":
    main()
