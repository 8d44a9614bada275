"""The prepared dataset that a command's settings name."""

from __future__ import annotations

import dataclasses
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancelab.data.prepared import PreparedDataset, is_current, load_prepared
from stancelab.files import locked
from stancelab.layout import DATASETS
from stancelab.results import DatasetProvenance, TrainingSample

if TYPE_CHECKING:
    from stancelab.cli.recipe import Recipe

logger = logging.getLogger(__name__)


class _Dataset(PreparedDataset):
    """A prepared dataset that says what made it."""

    def provenance(self) -> DatasetProvenance:
        """Return what made it, for evaluations."""
        split = self.manifest["settings"]["split"]
        amounts = {name: split[name] for name in ("train_share", "train_rows", "shots") if split[name] is not None}
        samples = [TrainingSample(setting=name, amount=float(value)) for name, value in amounts.items()]
        return DatasetProvenance(
            name=self.name,
            fingerprint=self.fingerprint,
            counts=self.manifest.get("counts", {}),
            sample=samples[0] if samples else None,
            audit=self.audit,
        )


def prepared_dataset(config: Recipe, *, reuse: bool = True) -> _Dataset:
    """Return the prepared dataset of these settings; a current one is used again, unless `reuse` is false."""
    folder = _dataset_folder(config)
    with locked(Path(config.output_root) / f".{folder.name}.lock"):
        if reuse and is_current(folder, config.data.each(), config.split, config.audit, _counted_for(config)):
            logger.info("using the prepared dataset %s", folder)
        else:
            _prepare(config, folder)
        return _Dataset(folder, load_prepared(folder).manifest)


def _dataset_folder(config: Recipe) -> Path:
    """Return where the prepared dataset of these settings lies; datasets of different splits have different folders."""
    split, data = config.split, config.data
    name = data.name
    if name == "table" and data.path is not None:  # tables that nobody has named are distinguished by their files
        name += "-" + re.sub(r"[^A-Za-z0-9_]+", "-", Path(data.path).name.partition(".")[0]).strip("-")
    if split.kind != "given":
        name += f"-{split.kind}-seed{split.seed}"
    if split.kind == "kfold":
        name += f"-fold{split.fold}of{split.folds}"
    if split.target is not None:
        name += "-" + re.sub(r"[^A-Za-z0-9_]+", "-", split.target).strip("-")
    if split.shots is not None:
        name += f"-{split.shots}shots-seed{split.draw}"
    if split.train_rows is not None:
        name += f"-{split.train_rows}rows-seed{split.draw}"
    if split.train_share is not None and split.train_share < 1:
        name += f"-{100 * split.train_share:g}percent-seed{split.draw}"
    return Path(config.output_root) / DATASETS / name


def _counted_for(config: Recipe) -> dict[str, Any]:
    """Return what the audit's count of truncated rows depends on."""
    return {"encoder": config.model.name_or_path, "input": dataclasses.asdict(config.model.input)}


def _prepare(config: Recipe, folder: Path) -> None:
    from transformers import AutoTokenizer

    from stancelab.data.prepare import prepare
    from stancelab.encoders import explain_hub_error, resolve_encoder
    from stancelab.encoding import InputBuilder

    with explain_hub_error(config.model.name_or_path):
        tokenizer = AutoTokenizer.from_pretrained(resolve_encoder(config.model.name_or_path, config.model.sha256))
    builder = InputBuilder(tokenizer, config.model.input)
    prepare(
        config.data.each(),
        config.split,
        config.audit,
        folder,
        count_tokens=builder.count_tokens,
        max_length=config.model.input.max_length,
        counted_for=_counted_for(config),
    )
