"""DSE is read in both directions; brackets that cut words are mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from stancelab.data.corpora import read_corpus
from stancelab.data.readers.dse import mended
from stancelab.data.readers.dse_mentions import without_brackets
from stancelab.data.settings import CorpusSettings
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from pathlib import Path

SettingsOf = Callable[..., CorpusSettings]
Read = Callable[[CorpusSettings], tuple[list[Example], list[str], Counter[str]]]

LINES = {
    "train": [
        "  [Obama] praised [Kasich’]s plan.\tObama\tKasich’\t1",
        "[Obama] praised [Kasich].\tObama\tKasich\t2",
        "[Obama] met [Kasich].\tObama\tKasich\t0",
        "They said it[’]s [Obama].\t’\tObama\t0",
    ],
    "valid": ["[Obama] attacked [Kasich].\tObama\tKasich\t3"],
    "test": [
        '"[Obama], ""angry"", was attacked by [Kasich]."\tObama\tKasich\t4',
        "They said it[’]s [Obama].\t’\tObama\t0",
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, lines in LINES.items():
        (tmp_path / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_a_pair_gives_a_row_for_each_direction(folder: Path, read: Read, settings_of: SettingsOf) -> None:
    examples, problems, skipped = read(settings_of("dse", path=str(folder)))
    assert problems == []
    assert skipped == {"train: a punctuation mark for an entity": 1}
    assert [(e.id, e.source, e.target, e.stance) for e in examples[:10]] == [
        ("train-000001-pq", "Obama", "Kasich", "favor"),
        ("train-000001-qp", "Kasich", "Obama", "neutral"),
        ("train-000002-pq", "Obama", "Kasich", "neutral"),
        ("train-000002-qp", "Kasich", "Obama", "favor"),
        ("train-000003-pq", "Obama", "Kasich", "neutral"),
        ("train-000003-qp", "Kasich", "Obama", "neutral"),
        ("valid-000001-pq", "Obama", "Kasich", "against"),
        ("valid-000001-qp", "Kasich", "Obama", "neutral"),
        ("test-000001-pq", "Obama", "Kasich", "neutral"),
        ("test-000001-qp", "Kasich", "Obama", "against"),
    ]
    assert examples[0].text == "Obama praised Kasich’s plan."
    assert (examples[0].source_span, examples[0].target_span) == (Span(0, 5), Span(14, 20))
    assert examples[8].text == 'Obama, "angry", was attacked by Kasich.'
    # The published figures are over all pairs of the test.
    assert [(e.id, e.source, e.target) for e in examples[10:]] == [
        ("test-000002-pq", "’", "Obama"),
        ("test-000002-qp", "Obama", "’"),
    ]


@pytest.mark.parametrize(
    ("sentence", "first", "second"),
    [
        ("[Congre]ss met [Democrat]s.", "Congress", "Democrats"),
        ("[the United State]s and [Los Angele]s’s mayor", "the United States", "Los Angeles"),
        ("[Kasich’]s friend [Bernie Sanders’] plan", "Kasich", "Bernie Sanders"),
        ("the group[s Facebook] page and [’s White House] staff", "Facebook", "White House"),
        ("the [Iran]ian chief of s[taff] left", "Iranian", "staff"),
        ("[UKIP]With results, [Feedly]the reader", "UKIP", "Feedly"),
        ("[McInne]sAnd then R[EU]TERS/Stringer", "McInnes", "REUTERS"),
        ("[Gramm]-Leach took [Merrill Lynch ] over", "Gramm", "Merrill Lynch"),
        ("“[Will & Grace”] in [Mass.], yes", "Will & Grace", "Mass."),
        ("Reuters[Harrison], in [the U. S. ”]One", "Harrison", "the U. S."),
    ],
)
def test_brackets_are_mended_to_word_boundaries(sentence: str, first: str, second: str) -> None:
    found = without_brackets(sentence)
    assert found is not None
    assert (found.words(0), found.words(1)) == (first, second)
    assert found.text == sentence.replace("[", "").replace("]", "")


def test_mended_spans_are_counted() -> None:
    found = without_brackets(" [Congre]ss met [Obama].")
    assert found is not None
    assert (found.text, found.spans, found.mended) == ("Congress met Obama.", ((0, 8), (13, 18)), 1)


def test_mended_entities_of_each_split(folder: Path) -> None:
    assert mended(folder) == {"train": (1, 8), "validation": (0, 2), "test": (0, 4)}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[a] b [c]\ta\tc", "row 1: found '[a] b [c]"),
        ("[a] b [c]\ta\tc\t5", "row 1, column 'class': found '5': no known class; allowed are 0, 1, 2, 3, 4"),
        ("[a] b c\ta\tc\t1", "row 1, column 'sentence': found '[a] b c': expected just two entities in brackets"),
        ("[[a] b] [c]\ta\tc\t1", "row 1, column 'sentence'"),
        ("[a] b [c]\tc\ta\t1", "row 1, column 'p, q': found 'c, a': the brackets hold 'a' and 'c'"),
        ('"[a] b [c]\ta\tc\t1', "expected 4 cells between tabs (sentence, p, q, class), found 0"),
    ],
)
def test_lines_that_cannot_be_used(folder: Path, read: Read, settings_of: SettingsOf, line: str, said: str) -> None:
    (folder / "train.txt").write_text(line + "\n", encoding="utf-8")
    _, problems, _ = read(settings_of("dse", path=str(folder)))
    assert len(problems) == 1
    assert said in problems[0]


def test_small_batches_hold_the_same_rows(folder: Path, settings_of: SettingsOf) -> None:
    settings = settings_of("dse", path=str(folder))
    ids = [[e.id for batch in read_corpus(settings, size) for _, e in batch.rows] for size in (1, 1000)]
    assert ids[0] == ids[1]
    done = [sum(batch.done for batch in read_corpus(settings, size)) for size in (1, 1000)]
    assert done == [sum(path.stat().st_size for path in folder.iterdir())] * 2


@pytest.mark.benchmark_data
def test_the_whole_corpus(benchmark_data: Path, read: Read, settings_of: SettingsOf) -> None:
    counts = mended(benchmark_data / "dse")
    assert counts == {"train": (4778, 26288), "validation": (515, 2922), "test": (541, 3246)}
    examples, problems, skipped = read(settings_of("dse", path=str(benchmark_data / "dse")))
    assert problems == []
    assert skipped == {"train: a punctuation mark for an entity": 159}
    assert Counter((e.split, e.stance) for e in examples) == {
        ("train", "neutral"): 21418, ("train", "against"): 2948, ("train", "favor"): 1604,
        ("validation", "neutral"): 2416, ("validation", "against"): 328, ("validation", "favor"): 178,
        ("test", "neutral"): 2683, ("test", "against"): 364, ("test", "favor"): 199,
    }  # fmt: skip
