"""Traces of careless exports are counted and shown, and good cells show none."""

from __future__ import annotations

import pytest

from stancelab.schema import Example
from stancelab.tables.careless import ENTITIES, LOST, MOJIBAKE, Traces, damage, is_missing_word


@pytest.mark.parametrize("word", ["nan", "NaN", "None", "NULL", "null", "N/A", "#N/A", "<NA>", " nan ", "NA", "\\N"])
def test_words_for_nothing(word: str) -> None:
    assert is_missing_word(word)


@pytest.mark.parametrize("word", ["", "Nan Goldin", "Na", "Nat", "nothing", "nullify", "Nana"])
def test_other_words(word: str) -> None:
    assert not is_missing_word(word)


@pytest.mark.parametrize(
    ("cell", "kinds"),
    [
        ("peopleâ€™s", [MOJIBAKE]),
        ("Tom &amp; Jerry", [ENTITIES]),
        ("caf&eacute; cafÃ©", [MOJIBAKE, ENTITIES]),
        ("lost \ufffd here", [LOST]),
        ("AT&T; R&D", []),
        ("people’s café, Việt Nam, Ångström, 日本, Привет", []),
    ],
)
def test_kinds_of_damage(cell: str, kinds: list[str]) -> None:
    assert damage(cell) == kinds


def test_what_is_said_of_them() -> None:
    traces = Traces()
    traces.add(
        Example(id=str(i), text="Tom &amp; Jerry &lt;3", source=("nan", "None")[i % 2], target="it") for i in range(3)
    )
    assert traces.lines("a.csv", "data") == [
        "a.csv: the source is a word for nothing: 'nan' in 2 rows, 'None' in 1 row, such as 0: 'nan';"
        ' \'data.missing_words=["nan","None"]\' makes such cells count as empty',
        "a.csv: 3 rows with HTML entities, such as 0: 'Tom &amp; Jerry &lt;3'; 1: 'Tom &amp; Jerry &lt;3';"
        " 2: 'Tom &amp; Jerry &lt;3'; data.repair=ftfy mends them",
    ]
    assert "missing_words" not in traces.lines("card", None)[0]


def test_kinds_are_told_in_the_order_of_the_cells() -> None:
    traces = Traces()
    traces.add([Example(id="1", text="caf&eacute; cafÃ© \ufffd", target="it")])
    assert list(traces.kinds) == [LOST, MOJIBAKE, ENTITIES]
