"""Rows of hub datasets, streamed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.data.readers.batch import Batch, split_name
from stancelab.data.readers.table import table_rows
from stancelab.errors import DataError, shorten
from stancelab.row_ids import RowIds
from stancelab.tables.batches import BATCH_ROWS, RowBatch
from stancelab.tables.text_batch import text_batch
from stancelab.tables.unused import OF_CORPUS, check_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from stancelab.data.settings import CorpusSettings


#: Seconds to wait for the hub's answer.
_PATIENCE: Final = 10


def hub_rows(
    name: str, split: str, config: str | None = None, **options: str
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Yield (number of the first row, rows) of one split of a hub dataset, in batches.

    Args:
        name: The dataset, "owner/name".
        split: The split.
        config: The dataset's configuration, where it has several.
        options: Further arguments of `datasets.load_dataset`.

    Raises:
        DataError: The dataset cannot be reached or has no such split.
    """
    rows = _load(name, config, split=split, **options)
    yield from _in_batches(name, rows)


def revision_of(hub: str) -> str | None:
    """Return the revision that a hub dataset has now, None where the hub does not say it.

    Args:
        hub: "owner/name" or "owner/name:config".
    """
    from huggingface_hub import HfApi

    try:
        return HfApi().dataset_info(hub.partition(":")[0], timeout=_PATIENCE).sha
    except Exception:  # noqa: BLE001 - the network, the hub or the name: reading it says what is wrong
        return None


def read_table(settings: CorpusSettings) -> Iterator[Batch]:
    """Yield the rows of every split of a hub dataset that is a table; a split's name is the split of its rows.

    Raises:
        ConfigError: A setting of columns concerns none.
        DataError: The dataset cannot be read, or a split's name is none.
    """
    assert settings.hub is not None
    name, _, config = settings.hub.partition(":")
    ids, names, read = RowIds(), dict[str, None](), set[str]()
    for key, rows in _load(name, config or None).items():
        split = split_name(key)
        if split is None:
            raise DataError(f"hub:{name}: split {key!r} is none of train, validation and test; download it as a file")
        file = f"hub:{settings.hub}/{key}"
        fields = settings.columns.all_names()
        raw = _raw(name, file, _noted(rows, names), [*fields.values(), *settings.extra], fields)
        for batch in table_rows(file, raw, settings, None, split, ids):
            read |= batch.columns.keys()
            yield batch
    if names:
        check_columns(names, read, settings, OF_CORPUS)


def _noted(rows: Iterable[dict[str, Any]], names: dict[str, None]) -> Iterator[dict[str, Any]]:
    """Yield rows, and take note of their columns."""
    for row in rows:
        names.update(dict.fromkeys(row))
        yield row


def _raw(name: str, file: str, rows: Any, wanted: Sequence[str], fields: Mapping[str, str]) -> Iterator[RowBatch]:
    read = 0
    for start, some in _in_batches(name, rows):
        read += len(some)
        yield text_batch(file, RowBatch(list(enumerate(some, start=start)), bytes_read=read), wanted, fields)


def _load(name: str, config: str | None, **options: str) -> Any:
    import datasets

    try:
        return datasets.load_dataset(name, config, streaming=True, **options)
    except Exception as error:
        raise _unreachable(name, error) from error


def _in_batches(name: str, rows: Any) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    start, some = 1, []
    iterator = iter(rows)
    while True:
        try:
            row = next(iterator)
        except StopIteration:
            break
        except Exception as error:
            raise _unreachable(name, error) from error
        some.append(row)
        if len(some) == BATCH_ROWS:
            yield start, some
            start, some = start + len(some), []
    if some:
        yield start, some


def _unreachable(name: str, error: Exception) -> DataError:
    return DataError(
        f"hub:{name}: cannot be read from the hub ({type(error).__name__}: {shorten(error, 200)});"
        " check the network and the name, or pass the corpus's own files: data.path=FOLDER (a table: data.path=FILE)"
    )
