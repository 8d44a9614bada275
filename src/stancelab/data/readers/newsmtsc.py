"""NewsMTSC: sentences of US news with the polarity toward each marked mention (Hamborg and Donnay, EACL 2021).

A line holds a sentence and one or more targets, each with its character span, its mention's words and a polarity from
2 (negative) over 4 (neutral) to 6 (positive); the hub's copy has one target a row and -1, 0, 1. The coders judged the
sentence as a whole, so the source is the author.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.data.labels import LabelMap
from stancelab.data.readers.batch import Batch
from stancelab.data.readers.files import expected_files
from stancelab.data.readers.hub import hub_rows
from stancelab.errors import RowProblem
from stancelab.schema import Example, Span
from stancelab.tables.batches import BATCH_ROWS
from stancelab.tables.cells import cell_text
from stancelab.tables.json_lines import json_object
from stancelab.tables.text_file import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stancelab.data.settings import CorpusSettings

WHERE: Final = (
    "data.path=FOLDER with the files train.jsonl, rw-dev.jsonl, mt-dev.jsonl, rw-test.jsonl and mt-test.jsonl"
    " of the repository fhamborg/NewsMTSC"
)
_SPLITS: Final = {
    "train.jsonl": "train",
    "rw-dev.jsonl": "validation_rw",
    "mt-dev.jsonl": "validation_mt",
    "rw-test.jsonl": "test_rw",
    "mt-test.jsonl": "test_mt",
}
#: The hub's two configurations share one train split, which is read once.
_HUB_SPLITS: Final = {
    ("rw", "train"): "train",
    ("rw", "validation"): "validation_rw",
    ("mt", "validation"): "validation_mt",
    ("rw", "test"): "test_rw",
    ("mt", "test"): "test_mt",
}
# allsides_<article>_<story>_<sentence>_... and polusa_v1_<article>_-1_<sentence>_...; a story is covered by several
# articles of different outlets, which are different documents.
_ARTICLE: Final = re.compile(r"(allsides_\d+|polusa_v\d+_\d+)_-?\d+_\d+_")


def files(folder: Path) -> list[Path]:
    """Return the corpus's files."""
    return expected_files(folder, list(_SPLITS), WHERE)


def read(folder: Path, settings: CorpusSettings, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Yield the rows of the five files."""
    labels = LabelMap(settings.labels)
    for path in files(folder):
        with open_text(path, "jsonl") as text:
            batch, done = Batch(str(path)), 0
            for number, line in enumerate(text, start=1):
                value = json_object(path, number, line) if line.strip() else None
                if isinstance(value, RowProblem):
                    batch.problems.append(value)
                elif value is not None:
                    _add_sentence(batch, number, value, settings, labels, _SPLITS[path.name])
                if len(batch.rows) >= batch_rows:
                    batch.done, done = text.bytes_read - done, text.bytes_read
                    yield batch
                    batch = Batch(str(path))
            batch.done = text.bytes_read - done
            yield batch


def read_hub(settings: CorpusSettings) -> Iterator[Batch]:
    """Yield the rows of the hub's copy."""
    labels = LabelMap(settings.labels)
    assert settings.hub is not None
    for (config, hub_split), split in _HUB_SPLITS.items():
        # The repository is a loading script, which current versions of `datasets` refuse to run; the hub keeps the
        # same rows as Parquet under this revision, one folder for each configuration.
        rows = hub_rows(settings.hub, hub_split, data_dir=config, revision="refs/convert/parquet")
        for start, some in rows:
            batch = Batch(f"hub:{settings.hub}/{config}/{hub_split}", done=len(some))
            for number, row in enumerate(some, start=start):
                gid = f"{row.get('id', '')}"
                target = {**row, "Input.gid": f"{gid}_{row.get('from')}_{row.get('to')}"}
                sentence = {"primary_gid": gid, "sentence_normalized": row.get("sentence"), "targets": [target]}
                _add_sentence(batch, number, sentence, settings, labels, split)
            yield batch


def _add_sentence(
    batch: Batch, number: int, sentence: Mapping[str, Any], settings: CorpusSettings, labels: LabelMap, split: str
) -> None:
    text, targets = sentence.get("sentence_normalized"), sentence.get("targets")
    if not isinstance(text, str) or not isinstance(targets, list) or not targets:
        reason = "expected 'sentence_normalized' (text) and 'targets' (a list that is not empty)"
        batch.reject(number, "", ", ".join(sentence), reason)
        return
    article = _ARTICLE.match(str(sentence.get("primary_gid", "")))
    for target in targets:
        polarity, mention = cell_text(target.get("polarity")), cell_text(target.get("mention"))
        stance = labels.stance(polarity)
        if stance is None:
            batch.reject(number, "polarity", polarity, labels.reason(polarity))
            continue
        start, end = target.get("from"), target.get("to")
        if not (isinstance(start, int) and isinstance(end, int) and text[max(start, 0) : end] == mention):
            # Never repaired: a span that points elsewhere may mark another person than the coders judged.
            found = f"{start}:{end}"
            batch.reject(number, "from, to", found, f"the text has not the mention {mention!r} at this place")
            continue
        example = Example(
            id=cell_text(target.get("Input.gid")) or f"{Path(batch.file).stem}-{number}-{start}",
            text=text,
            target=settings.target_names.get(mention, mention),
            stance=stance,
            target_span=Span(start, end),
            document=article[1] if article else "",
            corpus=settings.name,
            split=split,
        )
        batch.add(number, example, {"text": "sentence_normalized", "target": "mention", "target_span": "from, to"})
