"""A prepared dataset on disk, and whether it is still what the settings describe."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.data.corpora import correction_files, input_files
from stancelab.errors import DataError
from stancelab.files import fingerprint, read_json, read_manifest, sha256_of
from stancelab.layout import AUDIT, MANIFEST, PARQUET, split_file
from stancelab.schema import Example

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.data.settings import AuditSettings, CorpusSettings, SplitSettings
    from stancelab.results import DatasetProvenance

KIND: Final = "prepared dataset"
FORMAT: Final = 1
#: The settings of a split that keep fewer training rows; at most one is set.
SAMPLING: Final = ("train_share", "train_rows", "shots")


@dataclass(frozen=True)
class PreparedDataset:
    """A prepared dataset on disk; its rows are read when they are first asked for, and kept.

    Attributes:
        folder: Where it is.
        manifest: What its `manifest.json` says.
    """

    folder: Path
    manifest: dict[str, Any]
    _cache: dict[str, list[Example]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The corpora in it, joined by "+"."""
        return str(self.manifest["name"])

    @property
    def metric(self) -> str:
        """What a model is chosen by on validation: "macro_f1", "f_avg" or "accuracy"."""
        return str(self.manifest["metric"])

    @property
    def fingerprint(self) -> str:
        """A short hash of the rows: two datasets with the same one hold the same rows in the same splits."""
        return fingerprint({name: entry["sha256"] for name, entry in self._files().items()})

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
    def audit(self) -> dict[str, Any]:
        """What `audit.json` says."""
        findings: dict[str, Any] = read_json(self.folder / AUDIT)
        return findings

    def provenance(self) -> DatasetProvenance:
        """Return what an evaluation on this dataset tells of it: counts, sample and audit."""
        from stancelab.results import DatasetProvenance, TrainingSample

        split = self.manifest["settings"]["split"]
        given = [TrainingSample(setting=key, amount=split[key]) for key in SAMPLING if split.get(key) is not None]
        kept_all = not given or (given[0].setting, given[0].amount) == ("train_share", 1)
        return DatasetProvenance(
            name=self.name,
            fingerprint=self.fingerprint,
            counts=self.manifest["counts"],
            sample=None if kept_all else given[0],
            audit=self.audit,
        )

    def _files(self) -> dict[str, dict[str, Any]]:
        return {name: entry for name, entry in self.manifest["files"].items() if name.endswith(PARQUET)}

    def _rows(self, name: str) -> list[Example]:
        if name not in self._cache:
            self._cache[name] = read_examples(self.folder / name)
        return self._cache[name]


def load_prepared(folder: Path) -> PreparedDataset:
    """Open a prepared dataset and check that it is complete and unchanged.

    Raises:
        DataError: The folder is missing, incomplete, of another kind or format, or a file in it was changed.
    """
    manifest = read_manifest(folder, KIND)
    if manifest.get("kind") != KIND:
        raise DataError(f"{folder}: is a {manifest.get('kind', 'folder of another kind')}; expected a {KIND}")
    if manifest.get("format") != FORMAT:
        found = manifest.get("format")
        raise DataError(f"{folder}: has format {found}; this version reads {FORMAT}. Prepare the dataset again")
    for name, entry in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            raise DataError(
                f"{path}: is missing, though {folder.name}/manifest.json names it; prepare the dataset again"
            )
        if name.endswith((".parquet", ".json")) and sha256_of(path) != entry["sha256"]:
            raise DataError(
                f"{path}: was changed after it was written (its SHA-256 is not the manifest's); prepare it again"
            )
    return PreparedDataset(folder, manifest)


def read_examples(path: Path) -> list[Example]:
    """Return the rows of one file of a prepared dataset."""
    import pyarrow.parquet as pq

    return [Example.from_cells(row) for row in pq.read_table(path).to_pylist()]


def settings_of(
    corpora: Sequence[CorpusSettings], split: SplitSettings, audit_settings: AuditSettings
) -> dict[str, Any]:
    """Return the settings of a prepared dataset as its manifest holds them."""
    return {"data": [asdict(corpus) for corpus in corpora], "split": asdict(split), "audit": asdict(audit_settings)}


def is_current(
    folder: Path,
    corpora: Sequence[CorpusSettings],
    split: SplitSettings,
    audit_settings: AuditSettings,
    counted_for: Mapping[str, Any] | None = None,
) -> bool:
    """Tell whether a folder holds a complete prepared dataset of just these settings and unchanged input files.

    Args:
        folder: The folder.
        corpora: What it should have been read from.
        split: How it should have been divided.
        audit_settings: How it should have been audited.
        counted_for: Which encoder and input its audit should have counted tokens for.
    """
    if not (folder / MANIFEST).is_file():
        return False
    manifest = read_json(folder / MANIFEST)
    if manifest.get("format") != FORMAT or manifest.get("settings") != settings_of(corpora, split, audit_settings):
        return False
    if manifest.get("counted_for") != (None if counted_for is None else dict(counted_for)):
        return False
    files = {str(path) for corpus in corpora for path in (*input_files(corpus), *correction_files(corpus))}
    stated = {entry["file"]: entry["sha256"] for entry in manifest["inputs"] if entry["sha256"] is not None}
    return files == set(stated) and all(sha256_of(Path(file)) == stated[file] for file in files)
