"""What makes a prepared dataset the one it is, as a key: all settings, and what its files hold.

A folder is called after it, so that datasets that differ in anything lie in different folders, and the same data and
settings find theirs again.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.data.folder_names import readable_name
from stancelab.data.manifest import FORMAT
from stancelab.data.readers.sources import table_sources
from stancelab.files import fingerprint, versions
from stancelab.layout import DATASETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.data.manifest import CountedFor, DatasetSettings
    from stancelab.data.settings import CorpusSettings
    from stancelab.data.sources import Source

#: Letters of the key in a folder's name.
SHOWN: Final = 8
#: Settings that say where further files are: what the files hold counts, not where they lie.
_BESIDE: Final = ("corrections", "targets", "aliases")


def dataset_key(settings: DatasetSettings, sources: Sequence[Source], counted_for: CountedFor | None = None) -> str:
    """Return the key of a prepared dataset: 16 hexadecimal digits.

    It holds the version of the package as well, since another one may read the same files in another way.

    Args:
        settings: All settings.
        sources: What it is read from; a file that was moved is the same one, a file that was changed is not.
        counted_for: What its tokens are counted for.
    """
    return fingerprint(
        {
            "format": FORMAT,
            "version": versions().get("stancelab"),
            "data": [_corpus(corpus) for corpus in settings.data],
            "split": asdict(settings.split),
            "audit": asdict(settings.audit),
            "counted_for": None if counted_for is None else asdict(counted_for),
            "sources": _contents(sources),
        }
    )


def data_key(settings: DatasetSettings, sources: Sequence[Source]) -> str:
    """Return the key of the rows that a dataset is divided from, which all folds of one partition share."""
    data = [_corpus(corpus) for corpus in settings.data]
    return fingerprint({"format": FORMAT, "data": data, "sources": _contents(sources)})


def dataset_folder(settings: DatasetSettings, key: str, root: Path | str, name: str | None = None) -> Path:
    """Return the folder of a prepared dataset: what people call it, and the first letters of its key."""
    return Path(root) / DATASETS / f"{readable_name(settings.data, settings.split, name)}-{key[:SHOWN]}"


def _corpus(corpus: CorpusSettings) -> dict[str, Any]:
    """Return the settings of a corpus with what its places stand for instead of the places."""
    cells = (
        asdict(corpus) | {name: bool(getattr(corpus, name)) for name in _BESIDE} | {"path": None, "label_file": None}
    )
    if corpus.reader == "table" and corpus.path is not None:
        named = corpus.file_column is not None
        cells["path"] = [[each.split, each.path.name if named else ""] for each in table_sources(corpus.path)]
    return cells


def _contents(sources: Sequence[Source]) -> list[list[Any]]:
    """Return what the sources hold; the names of files that are several say what each of them is."""
    alone = {name for name in (each.corpus for each in sources) if sum(_reads(each, name) for each in sources) == 1}
    return [
        [
            each.corpus,
            each.beside,
            each.name if each.of_hub or not (each.beside or each.corpus in alone) else Path(each.name).suffix.lower(),
            each.content or each.file,
        ]
        for each in sources
    ]


def _reads(source: Source, corpus: str) -> bool:
    return source.corpus == corpus and not source.beside
