"""A prepared dataset on disk, and whether it is still what the settings describe."""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.data.identity import dataset_key
from stancelab.data.manifest import DatasetSettings, manifest_of, read_dataset_manifest
from stancelab.data.quality.findings import read_audit
from stancelab.data.sources import sources_of
from stancelab.errors import DataError
from stancelab.files import fingerprint, sha256_of
from stancelab.layout import AUDIT, PARQUET, split_file
from stancelab.progress import progress
from stancelab.schema import Example
from stancelab.targets import TargetNames

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.data.manifest import CountedFor, DatasetManifest, WrittenFile
    from stancelab.data.quality.findings import Audit
    from stancelab.data.settings import CorpusSettings
    from stancelab.data.split_settings import AuditSettings, SplitSettings
    from stancelab.results import DatasetProvenance

#: The settings of a split that keep fewer training rows; at most one is set.
SAMPLING: Final = ("train_share", "train_rows", "shots")
#: How often a file that is away is looked for, and the seconds between.
_TRIES: Final = 20
_PAUSE: Final = 0.1


@dataclass(frozen=True)
class PreparedDataset:
    """A prepared dataset on disk; its rows are read when they are first asked for, and kept.

    Attributes:
        folder: Where it is.
        manifest: What its `manifest.json` says.
    """

    folder: Path
    manifest: DatasetManifest
    _cache: dict[str, list[Example]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The corpora in it, joined by "+"."""
        return self.manifest.name

    @property
    def metric(self) -> str:
        """What a model is chosen by on validation: "macro_f1", "f_avg" or "accuracy"."""
        return self.manifest.metric

    @property
    def classes(self) -> list[str]:
        """The classes of the task: the stances that rows of any split have, in the order of `STANCES`."""
        return self.manifest.classes

    @property
    def fingerprint(self) -> str:
        """A short hash of the rows: two datasets with the same one hold the same rows in the same splits."""
        return fingerprint({name: entry.sha256 for name, entry in self._files().items()})

    @property
    def train(self) -> list[Example]:
        """The training rows."""
        return self._rows(split_file("train"))

    @property
    def validation(self) -> list[Example]:
        """The rows to choose by, of all corpora and validation splits."""
        return self._rows(split_file("validation"))

    @property
    def tests(self) -> dict[str, list[Example]]:
        """The rows of each test, by its name: "test", "test_rw", "test_mpqa" and so on."""
        return {name.removesuffix(PARQUET): self._rows(name) for name in self._files() if name.startswith("test")}

    @property
    def audit(self) -> Audit:
        """What `audit.json` says."""
        path = self.folder / AUDIT
        if hashlib.sha256(_content(path)).hexdigest() != self.manifest.files[AUDIT].sha256:
            raise _changed(path)
        return read_audit(self.folder)

    @property
    def target_names(self) -> TargetNames:
        """Which targets are one."""
        return TargetNames(self.manifest.target_names)

    @property
    def aliases(self) -> dict[str, list[str]]:
        """Other names that texts use for targets and sources, by canonical form."""
        return self.manifest.aliases

    @property
    def earlier_labels(self) -> dict[str, dict[str, str]]:
        """What the labels that a person corrected were: by test, id -> stance."""
        return self.manifest.earlier_labels

    def provenance(self) -> DatasetProvenance:
        """Return what an evaluation on this dataset tells of it: counts, sample and audit."""
        from stancelab.results import DatasetProvenance, TrainingSample

        amounts = {key: getattr(self.manifest.settings.split, key) for key in SAMPLING}
        given = [TrainingSample(setting=key, amount=amount) for key, amount in amounts.items() if amount is not None]
        kept_all = not given or (given[0].setting, given[0].amount) == ("train_share", 1)
        audit = self.audit
        return DatasetProvenance(
            name=self.name,
            fingerprint=self.fingerprint,
            counts=self.manifest.counts,
            sample=None if kept_all else given[0],
            split=asdict(self.manifest.settings.split),
            corrected={name: part.corrected_rows for name, part in audit.splits.items() if part.corrected_rows},
            audit=asdict(audit),
            data_key=self.manifest.data_key,
        )

    def _files(self) -> dict[str, WrittenFile]:
        return {name: entry for name, entry in self.manifest.files.items() if name.endswith(PARQUET)}

    def _rows(self, name: str) -> list[Example]:
        if name not in self._cache:
            self._cache[name] = read_examples(self.folder / name, self.manifest.files[name].sha256)
        return self._cache[name]


def load_prepared(folder: Path) -> PreparedDataset:
    """Open a prepared dataset and check that it is complete and unchanged.

    Raises:
        DataError: The folder is missing, incomplete, of another kind or format, or a file in it was changed.
    """
    manifest = read_dataset_manifest(folder)
    for name, entry in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise DataError(
                f"{path}: is missing, though {folder.name}/manifest.json names it; prepare the dataset again"
            )
        if name.endswith((".parquet", ".json")) and sha256_of(path) != entry.sha256:
            raise DataError(
                f"{path}: was changed after it was written (its SHA-256 is not the manifest's); prepare it again"
            )
    return PreparedDataset(folder, manifest)


def read_examples(path: Path, sha256: str) -> list[Example]:
    """Return the rows of one file of a prepared dataset.

    What is read is what is checked, the same bytes, since hours of training may lie between the check of
    the folder and the reading of its test files.

    Args:
        path: The file.
        sha256: The SHA-256 of its bytes when the dataset was opened.

    Raises:
        DataError: The file is gone, or another one.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = _content(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _changed(path)
    file = pq.ParquetFile(pa.BufferReader(content))
    examples: list[Example] = []
    with progress(f"Reading {path.name}", file.metadata.num_rows, "row") as step:
        # One thread: a pool of threads that is young when Python ends can abort it.
        for batch in file.iter_batches(use_threads=False):
            examples += [Example.from_cells(row) for row in batch.to_pylist()]
            step(batch.num_rows)
    return examples


def _content(path: Path) -> bytes:
    """Return the bytes of a file; it is away for a moment where another process puts the same dataset in its place."""
    for _ in range(_TRIES):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            time.sleep(_PAUSE)
    raise _changed(path)


def _changed(path: Path) -> DataError:
    what = "was changed" if path.exists() else "is gone"
    return DataError(
        f"{path}: {what} after the dataset was opened: another process prepared it again, or it was moved or edited; "
        "its rows are no longer those that were trained on. Give the command again, or evaluate the checkpoint"
    )


def is_current(
    folder: Path,
    corpora: Sequence[CorpusSettings],
    split: SplitSettings,
    audit_settings: AuditSettings,
    counted_for: CountedFor | None = None,
) -> bool:
    """Tell whether a folder holds a complete prepared dataset of just these settings and unchanged input files.

    Args:
        folder: The folder.
        corpora: What it should have been read from.
        split: How it should have been divided.
        audit_settings: How it should have been audited.
        counted_for: Which encoder and input its audit should have counted tokens for.

    Raises:
        DataError: Its manifest is broken or incomplete.
    """
    settings = DatasetSettings(data=list(corpora), split=split, audit=audit_settings)
    return manifest_of(folder, dataset_key(settings, sources_of(corpora), counted_for)) is not None
