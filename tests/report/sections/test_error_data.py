from __future__ import annotations

import json
from typing import TYPE_CHECKING

from stancelab.report.content import sections_of
from stancelab.report.sections.error_data import error_data, list_name
from stancelab.report.view import view_files
from stancelab.results import read_results

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.report.content import FileSections
    from stancelab.report.sections.errors import ErrorRow


def sections(run: Path) -> list[FileSections]:
    return [sections_of(file, run) for file in view_files(read_results(run))]


def kept(files: Sequence[FileSections]) -> dict[str, list[ErrorRow]]:
    return {
        list_name(number, place): system.errors.kept
        for number, file in enumerate(files)
        for place, system in enumerate(file.systems)
    }


def test_every_error_can_be_put_together_again(finished_run: Path) -> None:
    files = sections(finished_run)
    found = json.loads(error_data(kept(files)))
    names, stances = found["names"], found["stances"]
    assert len(names) == len(set(names))
    assert len({json.dumps(row) for row in found["rows"]}) == len(found["rows"])
    for number, file in enumerate(files):
        for place, system in enumerate(file.systems):
            listed = found["lists"][list_name(number, place)]
            for (row, predicted, confidence), error in zip(listed, system.errors.kept, strict=True):
                text, spans, source, target, gold, key, document = found["rows"][row]
                assert names[text] == "".join(piece.text for piece in error.pieces)
                marked = [(names[text][start:end], "target" if kind else "source") for start, end, kind in spans]
                assert marked == [(piece.text, piece.kind) for piece in error.pieces if piece.kind]
                assert [names[source], names[target], names[document]] == [error.source, error.target, error.document]
                assert (stances[gold], stances[predicted], key) == (error.gold, error.predicted, error.id)
                assert error.confidence is not None
                assert confidence == round(100 * error.confidence, 1)


def test_no_markup_is_left(finished_run: Path) -> None:
    written = error_data(kept(sections(finished_run)))
    assert not set("<>&") & set(written)
    assert "<script>alert('x')</script>" in "".join(json.loads(written)["names"])


def test_an_error_that_several_systems_make_takes_a_few_bytes(finished_run: Path) -> None:
    """The limit keeps the report of a quickstart, with some four thousand errors, under 1.5 MB."""
    file = sections(finished_run)[0]
    once = len(error_data(kept([file])))
    errors = sum(len(system.errors.kept) for system in file.systems)
    twice = len(error_data(kept([file, file])))
    assert (twice - once) / errors < 24
    assert once / errors < 250
