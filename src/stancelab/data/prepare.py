"""Prepared datasets as a person asks for them: by settings, in the folder that belongs to them, built when needed."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stancelab.data.build import build, check_settings
from stancelab.data.manifest import CountedFor
from stancelab.data.notes import tell
from stancelab.data.path_forms import path_title, plain_path
from stancelab.data.prepared import PreparedDataset, is_current, load_prepared
from stancelab.data.quality.findings import read_audit
from stancelab.data.settings import AuditSettings, CorpusSettings, SplitSettings
from stancelab.extras import require
from stancelab.files import locked
from stancelab.layout import DATASETS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stancelab.encoders import ModelSettings
    from stancelab.schema import Example

ROOT: Final = "outputs"
_log = logging.getLogger(__name__)


def prepare(
    corpora: CorpusSettings | Sequence[CorpusSettings],
    *,
    split: SplitSettings | None = None,
    audit: AuditSettings | None = None,
    model: ModelSettings | None = None,
    root: Path | str = ROOT,
    name: str | None = None,
    reuse: bool = True,
) -> PreparedDataset:
    """Return the prepared dataset of some corpora; it is made where it is not there yet.

    Several corpora are trained together and evaluated apart: one train and one validation split, a test split for each
    corpus and test. Processes that ask for the same dataset at the same time make it once.

    Args:
        corpora: What to read: one corpus, or several of different names.
        split: How rows are divided, each corpus for itself; None follows the splits that the corpora give.
        audit: What counts as a duplicate, and whether leaks are removed from train.
        model: The encoder whose tokenizer counts how many rows are longer than its input; None counts none.
        root: The folder of all outputs; datasets are kept in `datasets` below it.
        name: What its folder is called, before what tells its split; None takes the names of the corpora.
        reuse: Whether a dataset that is there is used again, if its settings and input files are the same; False makes
            it again.

    Raises:
        ConfigError: Settings are impossible.
        DataError: Files or rows cannot be used.
        CheckpointError: The encoder's tokenizer cannot be loaded.
        MissingPackageError: The packages of the extra `train` are not installed.
    """
    require("rensa", "train", "prepare")
    each = _as_list(corpora)
    split, audit = split or SplitSettings(), audit or AuditSettings()
    check_settings(each, split, audit)
    folder = dataset_folder(each, split, root, name)
    counted_for = None if model is None else _counted_for(model)
    with locked(Path(root) / f".{folder.name}.lock"):
        if reuse and is_current(folder, each, split, audit, counted_for):
            _log.info("using the prepared dataset %s", folder)
            tell(read_audit(folder).notes, _log)
        elif model is None:
            build(each, split, audit, folder)
        else:
            build(
                each,
                split,
                audit,
                folder,
                count_tokens=_token_counter(model),
                max_length=model.input.max_length,
                counted_for=counted_for,
            )
        return load_prepared(folder)


def dataset_folder(
    corpora: CorpusSettings | Sequence[CorpusSettings],
    split: SplitSettings,
    root: Path | str = ROOT,
    name: str | None = None,
) -> Path:
    """Return the folder of a prepared dataset; datasets of different corpora and splits have different folders."""
    each = _as_list(corpora)
    name = name or "-".join(corpus.name for corpus in each)
    if name == "table" and each[0].path is not None:  # tables that have no name of their own go by their files
        name += f"-{_word(path_title(each[0].path))}"
    if split.kind != "given":
        name += f"-{split.kind}-seed{split.seed}"
    if split.kind == "kfold":
        name += f"-fold{split.fold}of{split.folds}"
    if split.target is not None:
        name += f"-{_word(split.target)}"
    if split.shots is not None:
        name += f"-{split.shots}shots-seed{split.draw}"
    if split.train_rows is not None:
        name += f"-{split.train_rows}rows-seed{split.draw}"
    if split.train_share is not None and split.train_share < 1:
        name += f"-{100 * split.train_share:g}percent-seed{split.draw}"
    return Path(root) / DATASETS / name


def _as_list(corpora: CorpusSettings | Sequence[CorpusSettings]) -> list[CorpusSettings]:
    """Return the corpora with paths as strings, as a manifest holds them; from Python they may be `Path`s."""
    each = [corpora] if isinstance(corpora, CorpusSettings) else list(corpora)
    return [
        replace(
            corpus,
            path=plain_path(corpus.path),
            corrections=_string(corpus.corrections),
            targets=_string(corpus.targets),
            aliases=_string(corpus.aliases),
            label_file=_string(corpus.label_file),
        )
        for corpus in each
    ]


def _string(path: Path | str | None) -> str | None:
    return None if path is None else str(path)


def _word(text: str) -> str:
    """Return a text as a part of a folder's name."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", text).strip("-")


def _counted_for(model: ModelSettings) -> CountedFor:
    """Return what the audit's count of truncated rows depends on."""
    return CountedFor(encoder=model.name_or_path, head=model.head, input=model.input)


def _token_counter(model: ModelSettings) -> Callable[[Sequence[Example]], Sequence[int]]:
    from transformers import AutoTokenizer

    from stancelab.encoders import explain_hub_error, resolve_encoder
    from stancelab.encoding import make_builder

    with explain_hub_error(model.name_or_path):
        tokenizer = AutoTokenizer.from_pretrained(resolve_encoder(model.name_or_path, model.sha256))
    return make_builder(model.head, tokenizer, model.input).count_tokens
