"""Rows come out of the store as they went in, with keys that tell what is equal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from stancelab.data.readers.batch import Batch
from stancelab.data.store.codes import SPLITS
from stancelab.data.store.hashing import key_of
from stancelab.data.store.rows import RowStore, RowStoreWriter, arrow_schema
from stancelab.schema import EXAMPLE_COLUMNS, Example, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FIRST = Example(
    id="1",
    text="Iran  hailed it.",
    target="the pact",
    source="Iran",
    stance="favor",
    target_span=Span(5, 11),
    document="d",
    corpus="mine",
    split="test_mt",
    annotator="ann",
    extra={"kind": "report"},
)
SECOND = Example(id="2", text="iran hailed It.", target="The Pact", source="iran", stance="against", corpus="mine")
THIRD = Example(id="1", text="Other.", target="it", stance="neutral", corpus="yours", document="d", split="train")


def store_of(folder: Path, *batches: Sequence[Example]) -> RowStore:
    def count(examples: Sequence[Example]) -> list[int]:
        return [len(example.text) for example in examples]

    with RowStoreWriter(folder / "rows.arrow", ["kind"], count) as writer:
        for index, batch in enumerate(batches):
            writer.add(index, Batch(f"{index}.csv", rows=list(enumerate(batch, start=1))))
    return writer.finish()


def test_rows_come_back_in_order(tmp_path: Path) -> None:
    store = store_of(tmp_path, [FIRST, SECOND], [], [THIRD])
    starts, batches = zip(*store.batches(), strict=True)
    assert starts == (0, 2)
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert [Example.from_cells(row) for row in rows] == [
        FIRST,
        *(Example(**{**_fields(example), "extra": {"kind": ""}}) for example in (SECOND, THIRD)),
    ]
    assert [store.value("text", row) for row in range(3)] == [FIRST.text, SECOND.text, THIRD.text]
    assert store.folder == tmp_path
    store.close()


def _fields(example: Example) -> dict[str, Any]:
    return {name: getattr(example, name) for name in Example.__dataclass_fields__}


def test_keys_are_equal_where_texts_are(tmp_path: Path) -> None:
    keys = store_of(tmp_path, [replace(FIRST, target_span=None), SECOND], [THIRD]).keys
    assert len(keys) == 3
    assert keys.text[0] == keys.text[1] != keys.text[2]
    assert keys.target[0] == keys.target[1]
    assert keys.pair[0] == keys.pair[1]
    assert keys.id[0] == key_of("mine", "1") != keys.id[2]
    assert keys.document[0] != keys.document[2]
    assert (keys.document[1], keys.annotator[1]) == (0, 0)
    assert keys.annotator[0] == key_of("ann")
    assert keys.stance.tolist() == [2, 0, 1]
    assert keys.corpus.tolist() == [0, 0, 1]
    assert keys.row.tolist() == [1, 2, 1]
    assert keys.tokens.tolist() == [16, 15, 6]
    assert [keys.files[file] for file in keys.file] == ["0.csv", "0.csv", "1.csv"]
    assert keys.splits == (*SPLITS, "test_mt")
    assert [keys.splits[split] for split in keys.split] == ["test_mt", "", "train"]


def test_an_empty_store_has_keys_of_no_rows(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    assert len(store.keys) == 0
    assert list(store.batches()) == []
    assert store.keys.text.dtype == np.uint64


def test_an_error_leaves_no_key_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), RowStoreWriter(tmp_path / "rows.arrow", [], None):
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["rows.arrow"]


def test_spans_are_numbers_and_all_else_is_text() -> None:
    schema = arrow_schema(["kind"])
    assert schema.names == [*EXAMPLE_COLUMNS, "kind"]
    assert {field.name for field in schema if str(field.type) == "int32"} == {
        "target_start", "target_end", "source_start", "source_end",
    }  # fmt: skip
