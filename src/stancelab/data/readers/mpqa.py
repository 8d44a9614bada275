"""MPQA 2.0 in the JSON of the structured sentiment task: opinions in the world's press, with source and target.

Wiebe, Wilson and Cardie 2005; Wilson 2008; processed by Barnes et al. 2021. A sentence holds opinions; an opinion holds
`Source`, `Target` and `Polar_expression`, each as texts and "from:to" offsets, and `Polarity` in either letter case.
An opinion is a stance row where its target is there and its polarity is a stance; one without target, without polarity,
with polarity "both" or an uncertain one is none, and is counted as skipped. An empty source is the author or unnamed.
Opinions that differ in their expression alone give the same row: see `repeats` in the corpus's settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.data.labels import LabelMap
from stancelab.data.readers.batch import Batch
from stancelab.data.readers.files import expected_files, read_json_array
from stancelab.schema import Example, Span
from stancelab.tables.batches import BATCH_ROWS
from stancelab.tables.cells import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from stancelab.data.settings import CorpusSettings

WHERE: Final = (
    "data.path=FOLDER with the files train.json, dev.json and test.json, made from the MPQA 2.0 corpus (free for"
    " research, on request from the University of Pittsburgh) by the scripts of the SemEval-2022 structured sentiment"
    " task; it is not on the hub"
)
_SPLITS: Final = {"train.json": "train", "dev.json": "validation", "test.json": "test"}


def files(folder: Path) -> list[Path]:
    """Return the corpus's files."""
    return expected_files(folder, list(_SPLITS), WHERE)


def read(folder: Path, settings: CorpusSettings, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Yield the stance rows of the three files; a row's number is that of its sentence."""
    labels = LabelMap(settings.labels)
    for path in files(folder):
        sentences = read_json_array(path)
        batch, done, size = Batch(str(path)), 0, path.stat().st_size
        for number, sentence in enumerate(sentences, start=1):
            _add_sentence(batch, number, sentence, settings, labels, _SPLITS[path.name])
            if number % batch_rows == 0 or number == len(sentences):
                reached = size * number // len(sentences)
                batch.done, done = reached - done, reached
                yield batch
                batch = Batch(str(path))


def _add_sentence(
    batch: Batch, number: int, sentence: Any, settings: CorpusSettings, labels: LabelMap, split: str
) -> None:
    if not isinstance(sentence, dict) or not isinstance(sentence.get("text"), str):
        batch.reject(number, "", cell_text(sentence), "expected an object with 'sent_id', 'text' and 'opinions'")
        return
    sentence_id, text = cell_text(sentence.get("sent_id")), sentence["text"]
    for position, opinion in enumerate(sentence.get("opinions") or []):
        stance = labels.stance(cell_text(opinion.get("Polarity")))
        try:
            (target, target_span), (source, source_span) = _part(opinion, "Target"), _part(opinion, "Source")
        except (KeyError, TypeError, ValueError):
            reason = "expected 'Source' and 'Target' as [[texts], [\"from:to\"]]"
            batch.reject(number, "opinions", cell_text(opinion), reason)
            continue
        if not target or stance is None:
            batch.skipped["no target" if not target else "polarity is none, both or uncertain"] += 1
            continue
        example = Example(
            id=f"{sentence_id}-{position}",
            text=text,
            source=source,
            target=settings.target_names.get(target, target),
            stance=stance,
            target_span=target_span,
            source_span=source_span,
            document=sentence_id.rpartition("-")[0],  # <day>/<article>-<sentence>
            corpus=settings.name,
            split=split,
        )
        batch.add(number, example, {"target_span": "Target", "source_span": "Source"})


def _part(opinion: Mapping[str, Any], name: str) -> tuple[str, Span | None]:
    """Return the words of a part and its span; words in several pieces are joined, and have no one span."""
    texts, offsets = opinion[name]
    if len(offsets) != 1:
        return " ".join(texts).strip(), None
    start, end = map(int, offsets[0].split(":"))
    return " ".join(texts).strip(), Span(start, end)
