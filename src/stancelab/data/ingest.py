"""The first pass: all corpora read into a row store, rows that cannot be used listed."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stancelab.alias_files import read_aliases
from stancelab.aliases import Aliases
from stancelab.data.corpora import input_files, read_corpus
from stancelab.data.manifest import InputFile
from stancelab.data.notes import Note, tell
from stancelab.data.quality.corrections import read_corrections
from stancelab.data.short_names import ShortNames
from stancelab.data.store.hashing import key_of
from stancelab.data.store.rows import RowStore, RowStoreWriter
from stancelab.data.store.space import check_space
from stancelab.data.target_map import read_target_names
from stancelab.errors import DataError, RowProblem, count_of, list_problems
from stancelab.grouped import ProblemGroups
from stancelab.layout import REJECTED
from stancelab.offsets import OffsetVotes
from stancelab.progress import BYTES, progress
from stancelab.schema import Example
from stancelab.tables.batches import BATCH_ROWS
from stancelab.tables.careless import Traces
from stancelab.tables.mending import NO_REPAIR
from stancelab.tables.rejected import RejectedRows
from stancelab.tables.stdin import as_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from stancelab.data.quality.corrections import Corrections
    from stancelab.data.readers.batch import Batch
    from stancelab.data.settings import CorpusSettings
    from stancelab.data.sources import Source
    from stancelab.tables.mending import Mending
    from stancelab.targets import TargetNames

_log = logging.getLogger(__name__)


class Ingested:
    """What was read.

    Attributes:
        store: The rows.
        usable: Which of them can be used; the others are rejected.
        rejected: How many rows cannot be used.
        skipped: Rows that are fine but no stance rows, counted by "corpus: reason".
        corrected: How many labels a person's corrections changed, by corpus.
        corrections: What a person said of rows, by corpus.
        earlier: What they were, by the key of the row's id.
        names: Which targets are one.
        notes: What was told of the inputs.
        traces: What careless exports have left in the rows, by corpus.
        aliases: Other names that texts use for targets and sources.
        offsets: By corpus how its spans were counted, as far as their words tell.
        columns: By field what its columns are called, as far as files name them.
    """

    store: RowStore
    usable: NDArray[np.bool_]

    def __init__(
        self, corpora: Sequence[CorpusSettings], listing: RejectedRows, names: TargetNames, aliases: Aliases
    ) -> None:
        self._corpora = corpora
        self.names = names
        self.aliases = aliases
        self.rejected = 0
        self.skipped: Counter[str] = Counter()
        self.corrected: Counter[str] = Counter()
        self.corrections: dict[str, Corrections] = {}
        self.earlier: dict[int, str] = {}
        self.notes: list[Note] = []
        self.traces: dict[str, Traces] = {}
        self.columns: dict[str, dict[str, None]] = {}
        self.offsets = {corpus.name: OffsetVotes() for corpus in corpora}
        self._listing = listing
        self._rows: Counter[str] = Counter()
        self._corpus_of: dict[str, CorpusSettings] = {}
        self._problems = 0
        self._excluded: list[str] = []
        self._fatal = 0
        self._unbounded = 0
        self._groups = ProblemGroups()

    def note(self, corpus: CorpusSettings, batch: Batch) -> None:
        """Count a batch, and list its problems."""
        self._corpus_of[batch.file] = corpus
        self.offsets[corpus.name].update(batch.offsets)
        self._rows[batch.file] += len(batch.rows) + len({problem.row for problem in batch.problems})
        self.skipped.update({f"{corpus.name}: {reason}": count for reason, count in batch.skipped.items()})
        self.notes += batch.notes
        if batch.excluded:
            self._excluded.append(f"{batch.file}: {batch.excluded}")
        for field, column in batch.columns.items():
            self.columns.setdefault(field, {})[column] = None
        self._reject(corpus, batch.problems)

    def finish(self, store: RowStore) -> None:
        """Take the rows over, and look for ids that occur twice."""
        self.store, keys = store, store.keys
        order = np.argsort(keys.id, kind="stable")
        again = np.flatnonzero(keys.id[order][1:] == keys.id[order][:-1]) + 1
        self.usable = np.ones(len(keys), dtype=bool)
        self.usable[order[again]] = False
        for row in np.sort(order[again]).tolist():
            file = keys.files[keys.file[row]]
            corpus = self._corpus_of[file]
            reason = (
                "the id occurs already; give each row its own, or map no id column: rows are then called after "
                "what they say"
            )
            if corpus.path is not None and sum(other is corpus for other in self._corpus_of.values()) > 1:
                reason += ". Ids differ over all files of data.path"
            problem = RowProblem(file, int(keys.row[row]), corpus.columns.id or "id", store.value("id", row), reason)
            self._reject(corpus, [problem])

    def check(self) -> None:
        """Raise a `DataError` where bad rows or spans that are counted otherwise forbid going on, or no row is left."""
        self._check_offsets()
        if self._fatal:
            advice = (
                f"Correct the rows, or leave them out with data.on_bad_rows=drop (they are then listed in {REJECTED})"
            )
            if self._unbounded:
                advice = "Correct the rows; those whose end nobody knows are not left out by data.on_bad_rows=drop"
            raise DataError(
                f"{count_of(self._problems, 'problem')} in {count_of(self.rejected, 'row')}; nothing is written\n"
                f"{self._groups.listed()}\n{advice}"
            )
        if not self.usable.any():
            files = ", ".join(self._corpus_of)
            if self.rejected:
                raise DataError(f"{files}: no rows left, all {self.rejected:,} were rejected\n{self._groups.listed()}")
            if self._excluded:
                raise DataError(f"no rows left:\n{list_problems(self._excluded)}")
            raise DataError(f"{files}: no rows; there is nothing but a header, or no row with a stance")

    def _check_offsets(self) -> None:
        for corpus in self._corpora:
            files = ", ".join(file for file, own in self._corpus_of.items() if own.name == corpus.name)
            refusal = self.offsets[corpus.name].refusal(files, "data.offsets", corpus.offsets)
            if refusal is not None:
                raise DataError(refusal)

    def inputs(self, sources: Sequence[Source]) -> list[InputFile]:
        """Return each input with what identifies its content, and its number of rows."""
        found = [
            InputFile(corpus=each.corpus, file=as_told(each.file), sha256=each.content, rows=self._rows[each.file])
            for each in sources
            if not each.of_hub
        ]
        revisions = {each.corpus: each.content for each in sources if each.of_hub}
        for file, rows in self._rows.items():
            corpus = self._corpus_of[file].name
            if file.startswith("hub:"):  # its splits come one by one
                revision = revisions.get(corpus)
                found.append(InputFile(corpus=corpus, file=file, sha256=None, rows=rows, revision=revision))
        return found

    def _reject(self, corpus: CorpusSettings, problems: Sequence[RowProblem]) -> None:
        self._listing.write(problems)
        self.rejected += len({problem.row for problem in problems})
        self._problems += len(problems)
        unbounded = sum(problem.unbounded for problem in problems)
        self._unbounded += unbounded
        self._fatal += len(problems) if corpus.on_bad_rows == "fail" else unbounded
        self._groups.add(problems)


@contextmanager
def ingest(
    corpora: Sequence[CorpusSettings],
    folder: Path,
    count_tokens: Callable[[Sequence[Example]], Sequence[int]] | None = None,
    batch_rows: int = BATCH_ROWS,
) -> Iterator[Ingested]:
    """Read all corpora into a row store in `folder`, which is gone when the block ends.

    Args:
        corpora: What to read.
        folder: Where the rows are kept, and where rows that cannot be used are listed.
        count_tokens: Returns for each example the length of the encoder's input; None counts none.
        batch_rows: About how many rows are read at a time.

    Raises:
        DataError: A file cannot be read, or rows cannot be used and are not to be dropped.
    """
    path = folder / ".rows.arrow"
    extra = list(dict.fromkeys(name for corpus in corpora for name in corpus.extra))
    corrections = [read_corrections(corpus) for corpus in corpora]
    with RejectedRows(folder / REJECTED) as listing:
        names = read_target_names(corpora)
        result = Ingested(corpora, listing, names, _aliases_of(corpora))
        with RowStoreWriter(path, extra, count_tokens, names) as writer:
            for index, corpus in enumerate(corpora):
                _ingest_corpus(index, corpus, corrections[index], result, writer, batch_rows)
        store = writer.finish()
        try:
            result.finish(store)
            result.check()
            yield result
        finally:
            store.close()
            path.unlink()


def _ingest_corpus(
    index: int,
    corpus: CorpusSettings,
    corrections: Corrections | None,
    result: Ingested,
    writer: RowStoreWriter,
    batch_rows: int,
) -> None:
    files = input_files(corpus)
    traces = result.traces[corpus.name] = Traces()
    total = sum(file.stat().st_size for file in files if file.is_file()) or None
    unit = BYTES if files else "row"
    read, is_checked = 0, total is None
    short = ShortNames(corpus.target_names)
    with progress(f"Reading {corpus.name}", total, unit) as step:
        for found in read_corpus(replace(corpus, target_names=short), batch_rows):
            batch = (
                found if corpus.reader == "table" else _repaired(found, corpus.mending)
            )  # tables mend their own rows
            traces.add(example for _, example in batch.rows)
            if corrections is not None:
                corrections.apply(batch)
            batch.rows = [(row, result.aliases.marked(example)) for row, example in batch.rows]
            result.note(corpus, batch)
            read += batch.done
            if not is_checked and batch.rows and read:
                check_space(writer.folder, corpus.name, [example for _, example in batch.rows], read / (total or read))
                is_checked = True
            writer.add(index, batch)
            step(batch.done)
    lines = [*traces.lines(corpus.name, "data"), *filter(None, [short.unused(corpus.name)])]
    notes = [Note(text=line, is_warning=True) for line in lines]
    tell(notes, _log)
    result.notes += notes
    if corrections is not None:
        corrections.check()
        result.corrections[corpus.name] = corrections
        result.corrected[corpus.name] = len(corrections.earlier)
        result.earlier |= {key_of(corpus.name, row): stance for row, stance in corrections.earlier.items()}


def _aliases_of(corpora: Sequence[CorpusSettings]) -> Aliases:
    """Return the aliases of all corpora together; names of one target, as `data.targets` says, are such too."""
    files = dict.fromkeys(path for corpus in corpora for path in (corpus.targets, corpus.aliases) if path is not None)
    return reduce(Aliases.merged, (read_aliases(Path(path)) for path in files), Aliases())


def _repaired(batch: Batch, mending: Mending) -> Batch:
    """Mend the characters of a batch's rows; rows whose spans would lose their place become problems."""
    if mending.repair == NO_REPAIR:
        return batch
    rows, batch.rows = batch.rows, []
    for number, example in rows:
        found = mending.repaired(example)
        if isinstance(found, Example):
            batch.add(number, found)
        else:
            batch.reject(number, *found)
    return batch
