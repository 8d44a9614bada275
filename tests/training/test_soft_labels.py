from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancelab.errors import DataError
from stancelab.schema import Example, Span
from stancelab.training.soft_labels import SoftLabels, key_of, read_soft_labels, write_soft_labels

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Iran met Kenya, and Iran left."
PAIRS = [
    Example(id="a", text=TEXT, source="Iran", target="Kenya", stance="favor"),
    Example(id="b", text=TEXT, source="", target="Iran", target_span=Span(20, 24)),
    Example(id="c", text=TEXT, source="the ministry", target="Kenya", source_span=None),
]
PROBABILITIES = np.array([[0.1, 0.2, 0.7], [1 / 3, 1 / 3, 1 / 3], [0.0, 0.001, 0.999]])


def cells(**changes: list[Any]) -> dict[str, list[Any]]:
    """The columns of a table of one row."""
    row: dict[str, list[Any]] = {"text": [TEXT], "source": ["Iran"], "target": ["Kenya"]}
    row |= {f"{part}_{edge}": [None] for part in ("source", "target") for edge in ("start", "end")}
    return {**row, "p_against": [0.5], "p_neutral": [0.25], "p_favor": [0.25], **changes}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "table.parquet"
    write_soft_labels(path, PAIRS, PROBABILITIES, {"teachers": ["one"]})
    found = read_soft_labels(path)
    assert [key_of(pair) for pair in found.pairs] == [key_of(pair) for pair in PAIRS]
    assert [(pair.source_span, pair.target_span) for pair in found.pairs] == [
        (pair.source_span, pair.target_span) for pair in PAIRS
    ]
    assert {pair.stance for pair in found.pairs} == {None}
    rows = np.array([found.probabilities[key_of(pair)] for pair in PAIRS])
    np.testing.assert_allclose(rows, PROBABILITIES, atol=5e-4)
    assert [each.name for each in path.parent.iterdir()] == ["table.parquet"]


def test_probabilities_of_half_precision_sum_to_1(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    random = np.random.default_rng(0).dirichlet([1, 1, 1], size=200)
    pairs = [Example(id=str(number), text=f"Iran met Kenya {number}.", target="Iran") for number in range(200)]
    write_soft_labels(path, pairs, random, {})
    halves = sum(pq.read_table(path)[name].to_numpy().astype(float) for name in ("p_against", "p_neutral", "p_favor"))
    assert np.abs(halves - 1).max() > 1e-5, "as they are kept they do not"
    found = np.array(list(read_soft_labels(path).probabilities.values()))
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(found, random, atol=1e-3)


def test_the_file_says_how_it_was_made(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    write_soft_labels(path, PAIRS, PROBABILITIES, {"dataset": "toy", "teachers": [{"name": "one", "seed": 3}]})
    made = json.loads(pq.read_schema(path).metadata[b"stancelab"])
    assert made == {"dataset": "toy", "teachers": [{"name": "one", "seed": 3}]}


def test_a_pair_is_the_text_and_both_parts_with_their_places() -> None:
    marked = Example(id="x", text=TEXT, target="Iran", target_span=Span(0, 4))
    assert key_of(Example(id="y", text=TEXT, target="Iran", stance="favor", corpus="c")) == key_of(marked)
    assert key_of(PAIRS[1]) != key_of(marked), "the other mention of the same name"
    assert key_of(Example(id="x", text=TEXT + " ", target="Iran")) != key_of(marked)


def test_tables_are_joined() -> None:
    one = SoftLabels([PAIRS[0]], {key_of(PAIRS[0]): PROBABILITIES[0]})
    two = SoftLabels([PAIRS[1]], {key_of(PAIRS[1]): PROBABILITIES[1]})
    both = SoftLabels.of_all([one, two])
    assert both.pairs == [PAIRS[0], PAIRS[1]]
    assert set(both.probabilities) == {key_of(PAIRS[0]), key_of(PAIRS[1])}


def test_whole_precision_is_read_too(tmp_path: Path) -> None:
    pq.write_table(pa.table(cells()), tmp_path / "table.parquet")
    [found] = read_soft_labels(tmp_path / "table.parquet").probabilities.values()
    assert found.tolist() == [0.5, 0.25, 0.25]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"p_favor": [0.5]}, r"row 1: p_against, p_neutral, p_favor are 0.5, 0.25, 0.5; allowed are numbers from 0"),
        ({"p_against": [-0.5], "p_favor": [1.25]}, r"row 1: p_against, p_neutral, p_favor are -0.5, 0.25, 1.25"),
        ({"p_favor": [float("nan")]}, r"are 0.5, 0.25, nan; allowed"),
        ({"p_favor": ["much"]}, r"column 'p_favor' holds string; allowed is numbers with a fraction"),
        ({"p_favor": pa.array([None], pa.float64())}, r"column 'p_favor' has 1 empty cells; allowed are none"),
        ({"text": pa.array([None], pa.string())}, r"column 'text' has 1 empty cells; allowed are none"),
        ({"source": [7]}, r"column 'source' holds int64; allowed is text"),
        ({"target_start": [0.5]}, r"column 'target_start' holds double; allowed is whole numbers or empty"),
        ({"target": [" "]}, r"row 1: target: found '': the target is empty"),
        ({"target_start": [9], "target_end": [99]}, r"row 1: target_span: found '9:99': is outside the text"),
    ],
)
def test_what_is_no_pair_or_no_probability_is_refused(tmp_path: Path, changes: dict, message: str) -> None:
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table(cells(**changes)), path)
    with pytest.raises(DataError, match=message) as caught:
        read_soft_labels(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_columns_that_are_lacking_are_named(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    table = cells()
    del table["p_favor"], table["source"]
    pq.write_table(pa.table(table), path)
    with pytest.raises(DataError, match=r"table.parquet: lacks the columns source, p_favor of a table of a teacher's"):
        read_soft_labels(path)


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.parquet").write_text("text,source\n")
    with pytest.raises(DataError, match=r"text.parquet: not readable as a table of a teacher's probabilities"):
        read_soft_labels(tmp_path / "text.parquet")
    with pytest.raises(DataError, match=r"none.parquet: no such file; expected a table of a teacher's probabilities"):
        read_soft_labels(tmp_path / "none.parquet")
