"""What prepared datasets are read from, as it is now: the files with their hashes, a hub dataset with its revision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.data.corpora import input_files, side_files
from stancelab.data.readers.hub import revision_of
from stancelab.errors import DataError
from stancelab.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.data.settings import CorpusSettings


@dataclass(frozen=True)
class Source:
    """A file, or a dataset of the hub, that a corpus is read from.

    Attributes:
        corpus: The name of the corpus.
        file: Its path as the settings give it, or "hub:" and a name.
        name: Its name without folders.
        content: The SHA-256 of its bytes, or the hub's revision; None where it cannot be read or known.
        beside: Whether it is a table of corrections or of names of targets.
    """

    corpus: str
    file: str
    name: str
    content: str | None
    beside: bool = False

    @property
    def of_hub(self) -> bool:
        """Whether it is a dataset of the hub."""
        return self.file.startswith("hub:")


def sources_of(corpora: Sequence[CorpusSettings]) -> list[Source]:
    """Return what corpora are read from, in the order it is read.

    Raises:
        ConfigError: Nothing says where a corpus is.
        DataError: A folder lacks a file.
    """
    found: list[Source] = []
    for corpus in corpora:
        files = input_files(corpus)
        found += [_file(corpus, file) for file in files]
        if not files and corpus.hub is not None:
            found.append(Source(corpus.name, f"hub:{corpus.hub}", corpus.hub, revision_of(corpus.hub)))
        found += [_file(corpus, file, beside=True) for file in side_files(corpus)]
    return found


def check_unchanged(before: Sequence[Source], corpora: Sequence[CorpusSettings]) -> None:
    """Check that what was read is what was there before it was read.

    Raises:
        DataError: A file or a hub dataset was changed meanwhile.
    """
    known = {(each.corpus, each.file): each.content for each in before}
    for each in sources_of(corpora):
        was = known.get((each.corpus, each.file))
        if None not in (was, each.content) and each.content != was:
            raise DataError(f"{each.file}: was changed while it was read; nothing is written. Give the command again")


def _file(corpus: CorpusSettings, file: Path, *, beside: bool = False) -> Source:
    try:
        content = sha256_of(file)
    except OSError:
        content = None  # its reader says what is wrong with it
    return Source(corpus.name, str(file), file.name, content, beside)
