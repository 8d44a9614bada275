"""The `manifest.json` of a prepared dataset as types: what it holds and what it was made from, read and written.

The field names of these classes are the keys of the file.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from stancelab.data.settings import AuditSettings, CorpusSettings, SplitSettings  # noqa: TC001 - msgspec reads the types
from stancelab.data.typed_json import read_typed
from stancelab.encoding import SEQUENCE, InputSettings
from stancelab.errors import DataError
from stancelab.files import read_manifest, write_manifest
from stancelab.layout import MANIFEST
from stancelab.metrics.classes import classes_of_counts

if TYPE_CHECKING:
    from pathlib import Path

KIND: Final = "prepared dataset"
#: Format 1 took validation rows of documents and targets that train has, and knew no other names of targets; format 2
#: numbered rows without an id by their place in the file.
FORMAT: Final = 3


@dataclass(frozen=True, kw_only=True)
class InputFile:
    """A file that a dataset was read from.

    Attributes:
        corpus: The name of its corpus.
        file: Its path as the settings give it, or "hub:" and a name.
        sha256: The SHA-256 of its bytes, None for a dataset of the hub.
        rows: Rows that were read from it, rejected ones too; 0 for a table of corrections.
        revision: The revision of a dataset of the hub, None for a file and where it is not known.
    """

    corpus: str
    file: str
    sha256: str | None
    rows: int
    revision: str | None = None


@dataclass(frozen=True, kw_only=True)
class WrittenFile:
    """A file of the folder: its size and the SHA-256 of its bytes."""

    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class DatasetSettings:
    """The settings of a prepared dataset.

    Attributes:
        data: Its corpora.
        split: How rows were divided.
        audit: What counted as a duplicate, and what was done about leaks.
    """

    data: list[CorpusSettings]
    split: SplitSettings
    audit: AuditSettings


@dataclass(frozen=True, kw_only=True)
class CountedFor:
    """What the count of truncated rows depends on.

    Attributes:
        encoder: The name or path of the encoder.
        head: The head whose input is counted; datasets of older versions were counted for the sequence head.
        input: How an example becomes its input.
    """

    encoder: str
    head: str = SEQUENCE
    input: InputSettings


@dataclass(frozen=True, kw_only=True)
class DatasetDescription:
    """What the manifest says of the rows and of what they were made from.

    Attributes:
        kind: `KIND`.
        format: `FORMAT`.
        name: The corpora, joined by "+".
        metric: What a model is chosen by on validation: "macro_f1", "f_avg" or "accuracy".
        counts: By split, the number of "rows" and of those of each stance.
        inputs: The files that were read.
        rejected: How many rows could not be used.
        skipped: Rows that are fine but no stance rows, counted by "corpus: reason".
        corrected: How many labels a person's corrections changed, by corpus.
        earlier_labels: What they were: by test split, id -> stance.
        target_names: Canonical form of a target -> the form that it is another name of, as `data.targets` says.
        aliases: Canonical form of a target or source -> other names that texts use for it.
        columns: Field -> what its columns are called in the tables that were read.
        settings: The settings.
        counted_for: What tokens were counted for, None where none were counted.
        key: What tells it from all others (`identity.dataset_key`).
        data_key: What tells the rows that it was divided from (`identity.data_key`).
    """

    kind: str = KIND
    format: int = FORMAT
    name: str
    metric: str
    counts: dict[str, dict[str, int]]
    inputs: list[InputFile]
    rejected: int
    skipped: dict[str, int]
    corrected: dict[str, int]
    earlier_labels: dict[str, dict[str, str]]
    target_names: dict[str, str]
    aliases: dict[str, list[str]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    settings: DatasetSettings
    counted_for: CountedFor | None
    key: str
    data_key: str

    @property
    def classes(self) -> list[str]:
        """The classes of the task: the stances that rows of any split have, in the order of `STANCES`."""
        return classes_of_counts(self.counts.values())


@dataclass(frozen=True, kw_only=True)
class DatasetManifest(DatasetDescription):
    """The content of a prepared dataset's manifest.json.

    Attributes:
        created: When it was written, in UTC (ISO 8601).
        versions: Versions of Python and of the packages that results depend on.
        files: The files of the folder, by name.
    """

    created: str
    versions: dict[str, str]
    files: dict[str, WrittenFile]


@dataclass(frozen=True, kw_only=True)
class _AsWritten:
    """The keys that say whether the others can be read, as any version may have written them."""

    kind: Any = "folder of another kind"
    format: Any = None
    key: Any = None


def write_dataset_manifest(folder: Path, description: DatasetDescription) -> None:
    """Write a prepared dataset's manifest.json; all other files are there already."""
    # asdict, since msgspec takes no NumPy float, which settings from Python may hold.
    write_manifest(folder, asdict(description))


def read_dataset_manifest(folder: Path) -> DatasetManifest:
    """Read a prepared dataset's manifest.json.

    Raises:
        DataError: The folder is missing or of another kind or format, or its manifest is missing, broken or incomplete.
    """
    path = folder / MANIFEST
    if not path.exists():
        read_manifest(folder, KIND)  # raises, and says whether the folder or its manifest is missing
    written = read_typed(path, _AsWritten)
    if written.kind != KIND:
        raise DataError(f"{folder}: is a {written.kind}; expected a {KIND}")
    if written.format != FORMAT:
        raise DataError(
            f"{folder}: has format {written.format}; this version reads {FORMAT}. Prepare the dataset again"
        )
    return read_typed(path, DatasetManifest)


def manifest_of(folder: Path, key: str) -> DatasetManifest | None:
    """Read a folder's manifest.json if it was written for the dataset of this key; else return None.

    Raises:
        DataError: The manifest is broken or incomplete.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return None
    written = read_typed(path, _AsWritten)
    return read_typed(path, DatasetManifest) if (written.format, written.key) == (FORMAT, key) else None
