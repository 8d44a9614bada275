"""SemEval-2016 Task 6 A in TweetEval's files: tweets on five targets (Mohammad et al. 2016; Barbieri et al. 2020).

A folder for each target holds `train`, `val` and `test`, each as a file of tweets and a file of labels, a line each.
The tweeter is the source. A tweet is its own document, so none is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.data.labels import LabelMap
from stancelab.data.readers.batch import Batch
from stancelab.data.readers.files import expected_files
from stancelab.data.readers.hub import hub_rows
from stancelab.errors import DataError, count_of
from stancelab.schema import Example
from stancelab.tables.cells import cell_text
from stancelab.tables.text_file import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stancelab.data.settings import CorpusSettings

WHERE: Final = (
    "data.path=FOLDER with the folders abortion, atheism, climate, feminist and hillary (datasets/stance of the"
    " repository cardiffnlp/tweeteval)"
)
TARGETS: Final = ("abortion", "atheism", "climate", "feminist", "hillary")
_SPLITS: Final = {"train": "train", "val": "validation", "test": "test"}


def files(folder: Path) -> list[Path]:
    """Return the corpus's files, texts and labels in turn."""
    names = [f"{target}/{split}_{kind}.txt" for target in TARGETS for split in _SPLITS for kind in ("text", "labels")]
    return expected_files(folder, names, WHERE)


def read(folder: Path, settings: CorpusSettings) -> Iterator[Batch]:
    """Yield the rows of the five targets, one batch for each pair of files."""
    labels = LabelMap(settings.labels)
    paths = files(folder)
    for text_path, label_path in zip(paths[::2], paths[1::2], strict=True):
        texts, values = _lines(text_path), _lines(label_path)
        if len(texts) != len(values):
            raise DataError(
                f"{text_path}: has {count_of(len(texts), 'line')}, but {label_path.name} has {len(values)}; one is cut"
                " off"
            )
        batch = Batch(str(text_path), done=text_path.stat().st_size + label_path.stat().st_size)
        target, split = text_path.parent.name, text_path.name.removesuffix("_text.txt")
        for number, (text, value) in enumerate(zip(texts, values, strict=True), start=1):
            _add(batch, number, text, value, (target, split), settings, labels)
        yield batch


def read_hub(settings: CorpusSettings) -> Iterator[Batch]:
    """Yield the rows of the hub's copy."""
    labels = LabelMap(settings.labels)
    assert settings.hub is not None
    for target in TARGETS:
        for split in _SPLITS:
            hub_split = "validation" if split == "val" else split
            for start, rows in hub_rows(settings.hub, hub_split, config=f"stance_{target}"):
                batch = Batch(f"hub:{settings.hub}/stance_{target}/{hub_split}", done=len(rows))
                for number, row in enumerate(rows, start=start):
                    text, value = cell_text(row.get("text")), cell_text(row.get("label"))
                    _add(batch, number, text, value, (target, split), settings, labels)
                yield batch


def _add(
    batch: Batch, number: int, text: str, value: str, part: tuple[str, str], settings: CorpusSettings, labels: LabelMap
) -> None:
    target, split = part
    stance = labels.stance(value)
    if stance is None:
        batch.reject(number, "label", value, labels.reason(value))
        return
    example = Example(
        id=f"{target}-{split}-{number}",
        text=text.strip(),
        target=settings.target_names.get(target, target),
        stance=stance,
        corpus=settings.name,
        split=_SPLITS[split],
    )
    batch.add(number, example)


def _lines(path: Path) -> list[str]:
    """Return a file's lines; only line feeds end one, since tweets hold other characters that look like line ends."""
    with open_text(path, "text") as text:
        return [line.rstrip("\r\n") for line in text]
