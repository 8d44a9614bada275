"""How near exported networks are to their checkpoints, for each family of encoders that is exported, with both heads.

    OMP_NUM_THREADS=1 python scripts/export_parity.py data=diplomacy

The checkpoints have random weights and a small size (`SIZES`), so that no encoder is needed: what is compared is the
computation, not a trained model. Their tokenizers are of the family's own kind and learned from the training rows.
`stancelab export` itself makes and compares the networks, on the validation rows; an int8 network is written even where
its answers are further from the checkpoint than is allowed, and the table says so.
"""

from __future__ import annotations

import logging
import math
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import torch
import transformers
from transformers.utils import logging as transformers_logging

from bench_machine import OneLineParser, count, fix_threads, print_table
from bench_training import dataset_of
from stancelab.checkpoint import CheckpointInfo, TrainingData, save_checkpoint
from stancelab.data.prepared import load_prepared
from stancelab.encoding import HEADS, PAIR, InputSettings, make_builder
from stancelab.errors import StancelabError
from stancelab.export.settings import ExportSettings
from stancelab.export.write import export_checkpoint
from stancelab.files import hardware, write_json
from stancelab.heads.pair import PairClassifier
from stancelab.inference.classifier import StanceClassifier
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from stancelab.checkpoint import ExportInfo
    from stancelab.data.prepared import PreparedDataset
    from stancelab.schema import Example

#: A small encoder; the standard deviation of its weights is that of BERT for its width, not for 768.
SIZES: Final[dict[str, Any]] = {
    "hidden_size": 128,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "intermediate_size": 512,
    "max_position_embeddings": 160,
    "initializer_range": 128**-0.5,
}
_VOCABULARY: Final = 4000
_LENGTH: Final = 128
#: What makes the answers to rows as different as those of a trained model.
_TEMPERATURE: Final = 0.2

_DEBERTA: Final[dict[str, Any]] = {
    "relative_attention": True,
    "position_buckets": 32,
    "share_att_key": True,
    "pos_att_type": ["p2c", "c2p"],
    "norm_rel_ebd": "layer_norm",
    "position_biased_input": False,
    "type_vocab_size": 0,
}


class Family(NamedTuple):
    """A family of encoders: what its classes of transformers begin with, and what its config has besides `SIZES`."""

    prefix: str
    config: dict[str, Any]


FAMILIES: Final = {
    "BERT": Family("Bert", {}),
    "MPNet": Family("MPNet", {}),
    "RoBERTa": Family("Roberta", {"type_vocab_size": 1}),
    "DeBERTa-v2": Family("DebertaV2", {**_DEBERTA, "conv_kernel_size": 3, "conv_act": "gelu"}),
    "DeBERTa-v3": Family("DebertaV2", _DEBERTA),
}


class Parity(NamedTuple):
    """What an export found.

    Attributes:
        export: What it writes into `stancelab.json`; None where it was refused.
        spread: The largest difference between two rows in a probability of the same stance.
        refused: Why it was refused.
    """

    export: ExportInfo | None
    spread: float = 0.0
    refused: str = ""


def tokenizer_of(family: Family, texts: Sequence[str]) -> Any:
    """Return a tokenizer of a family's own kind that is learned from texts."""
    own = getattr(transformers, f"{family.prefix}Tokenizer")
    if family.prefix == "DebertaV2":
        return own(vocab=pieces_of(texts))
    return own().train_new_from_iterator(texts, _VOCABULARY, show_progress=False)


def pieces_of(texts: Sequence[str]) -> list[tuple[str, float]]:
    """Return the most frequent words of texts and all letters, as pieces of a unigram model that are equally likely."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = Counter(word for text in texts for word in text.split())
    pieces = [f"\u2581{word}" for word, _ in words.most_common(_VOCABULARY)]
    letters = ["\u2581", *sorted({letter for text in texts for letter in text if not letter.isspace()})]
    likely = -math.log(len(pieces) + len(letters))
    return [*((token, 0.0) for token in special), *((piece, likely) for piece in [*pieces, *letters])]


def random_checkpoint(family: Family, head: str, tokenizer: Any, seed: int, folder: Path) -> None:
    """Save a checkpoint with random weights.

    Args:
        family: The family of its encoder.
        head: One of `HEADS`.
        tokenizer: Its tokenizer, which may get markers.
        seed: The seed of the weights.
        folder: A folder that is not there.
    """
    info = CheckpointInfo(
        name=f"random {family.prefix}",
        head=head,
        input=InputSettings(max_length=_LENGTH),
        temperature=_TEMPERATURE,
        dataset=TrainingData(name="", fingerprint=""),
    )
    make_builder(head, tokenizer, info.input)
    config = getattr(transformers, f"{family.prefix}Config")(
        **SIZES | family.config,
        vocab_size=len(tokenizer),
        pad_token_id=tokenizer.pad_token_id,
        num_labels=len(STANCES),
    )
    torch.manual_seed(seed)
    model: Any
    if head == PAIR:
        getattr(transformers, f"{family.prefix}Model")(config).save_pretrained(folder)
        model = PairClassifier.from_encoder(folder)
    else:
        model = getattr(transformers, f"{family.prefix}ForSequenceClassification")(config)
    save_checkpoint(folder, model, tokenizer, info, "# random weights\n")


def parity_of(folder: Path, dataset: PreparedDataset) -> Parity:
    """Export a checkpoint, and return how near the networks are to it on the validation rows of a dataset."""
    try:
        export = export_checkpoint(folder, ExportSettings(rows=str(dataset.folder), static_int8=False, force=True))
    except StancelabError as error:
        return Parity(None, refused=" ".join(str(error).split()))
    return Parity(export, spread_of(folder, dataset.validation))


def spread_of(folder: Path, rows: Sequence[Example]) -> float:
    """Return the largest difference between two rows in a checkpoint's probability of the same stance."""
    found = StanceClassifier.from_pretrained(folder, backend="onnx").predict_proba(rows)
    return float((found.max(axis=0) - found.min(axis=0)).max())


def line_of(name: str, head: str, found: Parity) -> list[str]:
    """Return a line of the table."""
    if found.export is None:
        return [name, head, *["-"] * 4, f"refused: {found.refused}"]
    int8 = found.export.int8
    assert int8 is not None
    cells = [f"{found.export.difference:.1e}", f"{found.spread:.2f}", f"{int8.difference:.2f}"]
    return [name, head, *cells, f"{int8.flips} of {found.export.rows:,}", "no" if int8.forced else "yes"]


COLUMNS: Final = ("encoder", "head", "fp32: difference", "spread", "int8: difference", "other stance", "allowed")


def main() -> int:
    """Export all, and print the table; the exit code is 1 where an export was refused."""
    given = arguments()
    fix_threads(given.threads)
    try:
        dataset = load_prepared(dataset_of(given.dataset))
    except StancelabError as error:
        print(f"export_parity.py: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    logging.disable(logging.WARNING)
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    texts = list(dict.fromkeys(row.text for row in dataset.train))
    found: dict[tuple[str, str], Parity] = {}
    for name in given.families or FAMILIES:
        for head in HEADS:
            with tempfile.TemporaryDirectory() as scratch:
                folder = Path(scratch) / "checkpoint"
                random_checkpoint(FAMILIES[name], head, tokenizer_of(FAMILIES[name], texts), given.seed, folder)
                found[name, head] = parity_of(folder, dataset)
            print(f"{time.process_time():.0f} s:", *line_of(name, head, found[name, head]), file=sys.stderr, flush=True)
    show(given, dataset, found)
    return int(any(each.export is None for each in found.values()))


def show(given: Namespace, dataset: PreparedDataset, found: dict[tuple[str, str], Parity]) -> None:
    """Print the table, and write it where that is asked."""
    made_by = next((each.export.versions for each in found.values() if each.export is not None), {})
    lines = [
        f"random weights (seed {given.seed}), {SIZES['num_hidden_layers']} layers, width {SIZES['hidden_size']}; "
        f"{len(dataset.validation):,} validation rows of {dataset.name}",
        f"{hardware()}; threads: {given.threads}; {time.process_time():.0f} s of the processor; "
        f"{datetime.now(UTC):%Y-%m-%d}",
        ", ".join(f"{name} {version}" for name, version in made_by.items()),
    ]
    table = [line_of(name, head, each) for (name, head), each in found.items()]
    print("\n".join(lines) + "\n")
    print_table(COLUMNS, table)
    if given.json is not None:
        write_json(given.json, {"setup": lines, "table": [dict(zip(COLUMNS, line, strict=True)) for line in table]})


def arguments() -> Namespace:
    """Return the arguments."""
    parser = OneLineParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", nargs="+", help="a prepared dataset's folder, or what `stancelab prepare` is told")
    parser.add_argument(
        "--families", nargs="+", choices=list(FAMILIES), help="families that are compared (default all)"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=count, default=1)
    parser.add_argument("--json", type=Path, help="write the table to this file as well")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
