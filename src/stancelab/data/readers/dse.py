"""DSE: sentences of US and UK news with the sentiment between two marked entities (Park, Pan and Joo, ACL 2021).

A line holds a sentence in which the two entities stand in brackets, their words (the first is p, the second q) and one
of five classes: 0 neutral, 1 p→q positive, 2 q→p positive, 3 p→q negative, 4 q→p negative. A line gives two rows, one
for each direction; a direction that the class does not name is neutral. Their ids end in "-pq" and "-qp", so that the
five classes can be put together again (`scripts/published_metrics.py`).

Cells with a double quote are quoted as in CSV. Brackets that cut words are mended (`dse_mentions`). A pair in which
the tagger took a punctuation mark for an entity is skipped in train; it stays in validation and test, where the
published figures count it.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from stancelab.data.readers.batch import Batch
from stancelab.data.readers.dse_mentions import has_word, without_brackets
from stancelab.data.readers.files import expected_files
from stancelab.schema import AGAINST, FAVOR, NEUTRAL, TRAIN, Example
from stancelab.tables.batches import BATCH_ROWS
from stancelab.tables.text_file import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stancelab.data.readers.dse_mentions import Bracketed
    from stancelab.data.settings import CorpusSettings

WHERE: Final = (
    "data.path=FOLDER with the files train.txt, valid.txt and test.txt of the repository"
    " bywords/directed_sentiment_analysis; it is not on the hub"
)
_SPLITS: Final = {"train.txt": TRAIN, "valid.txt": "validation", "test.txt": "test"}
#: What each class says of the two directions, p→q and q→p.
DIRECTIONS: Final = {
    "0": (NEUTRAL, NEUTRAL),
    "1": (FAVOR, NEUTRAL),
    "2": (NEUTRAL, FAVOR),
    "3": (AGAINST, NEUTRAL),
    "4": (NEUTRAL, AGAINST),
}


def files(folder: Path) -> list[Path]:
    """Return the corpus's files."""
    return expected_files(folder, list(_SPLITS), WHERE)


def read(folder: Path, settings: CorpusSettings, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Yield both directions of the pairs of the three files; a row's number is that of its line."""
    for path in files(folder):
        with open_text(path, "text") as text:
            batch, done = Batch(str(path)), 0
            for number, line in enumerate(text, start=1):
                if line.strip():
                    _add_line(batch, number, line, (path.stem, _SPLITS[path.name]), settings)
                if len(batch.rows) >= batch_rows:
                    batch.done, done = text.bytes_read - done, text.bytes_read
                    yield batch
                    batch = Batch(str(path))
            batch.done = text.bytes_read - done
            yield batch


def mended(folder: Path) -> dict[str, tuple[int, int]]:
    """Return for each split how many marked entities were mended, and how many there are."""
    counts = {}
    for path in files(folder):
        with open_text(path, "text") as text:
            found = [without_brackets(cells[0]) for line in text if (cells := _cells(line))]
        pairs = [each for each in found if each is not None]
        counts[_SPLITS[path.name]] = (sum(each.mended for each in pairs), 2 * len(pairs))
    return counts


def _add_line(batch: Batch, number: int, line: str, part: tuple[str, str], settings: CorpusSettings) -> None:
    cells = _cells(line)
    if len(cells) != 4:
        reason = f"expected 4 cells between tabs (sentence, p, q, class), found {len(cells)}; is the line cut off?"
        batch.reject(number, "", line.rstrip("\r\n"), reason)
        return
    sentence, p, q, label = cells
    if label.strip() not in DIRECTIONS:
        batch.reject(number, "class", label, f"no known class; allowed are {', '.join(DIRECTIONS)}")
        return
    found = without_brackets(sentence)
    if found is None:
        batch.reject(number, "sentence", sentence, "expected just two entities in brackets, [p] before [q]")
        return
    marked = [found.text[slice(*span)].strip() for span in found.as_bracketed]
    if marked != [p.strip(), q.strip()]:
        # Never repaired: with p and q exchanged the class would mean the other direction.
        reason = f"the brackets hold {marked[0]!r} and {marked[1]!r}; expected p and q in this order"
        batch.reject(number, "p, q", f"{p}, {q}", reason)
        return
    if part[1] == TRAIN and not all(has_word(found.words(which)) for which in (0, 1)):
        batch.skipped["train: a punctuation mark for an entity"] += 1
        return
    _add_pair(batch, number, found, label.strip(), part, settings)


def _cells(line: str) -> list[str]:
    """Return a line's cells, an empty list where a quote is not closed."""
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter="\t", strict=True))
    except csv.Error:
        return []


def _add_pair(
    batch: Batch, number: int, found: Bracketed, label: str, part: tuple[str, str], settings: CorpusSettings
) -> None:
    """Add the rows of both directions."""
    stem, split = part
    for direction, stance in zip(((0, 1), (1, 0)), DIRECTIONS[label], strict=True):
        source, target = direction
        words = found.words(target)
        example = Example(
            id=f"{stem}-{number:06d}-{'pq' if direction == (0, 1) else 'qp'}",
            text=found.text,
            source=found.words(source),
            target=settings.target_names.get(words, words),
            stance=stance,
            source_span=found.spans[source],
            target_span=found.spans[target],
            corpus=settings.name,
            split=split,
        )
        batch.add(number, example, {"text": "sentence", "target": "p, q"})
