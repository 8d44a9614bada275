"""Labels that a person corrected: how many in each split, and the scores on test files before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages.formatting import count, counted, listed, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.report.view import FileView
    from stancelab.results import DatasetProvenance


def correction_sentences(dataset: DatasetProvenance | None, tests: Sequence[FileView]) -> list[str]:
    """Return what the report says of corrected labels; empty where there are none."""
    if dataset is None or not dataset.corrected:
        return []
    counts = listed([f"{count(rows)} in {split}" for split, rows in dataset.corrected.items()])
    sentences = [f"Labels that a person corrected: {counts}."]
    changed = [test for test in tests if test.facts.corrected_rows]
    sentences += [_before_and_after(test) for test in changed]
    if changed:
        sentences.append(
            "Where the corrected test rows were found by a model, scores after correction favor that model and others "
            "like it. A random sample that is labeled again without sight of labels and models does not."
        )
    return sentences


def _before_and_after(test: FileView) -> str:
    scores = [
        f"{system.name} {percent(before)} → {percent(system.mean(test.primary))}"
        for system in test.systems
        if (before := system.scores.before_corrections.get(test.primary)) is not None
    ]
    return (
        f"{test.primary_title[:1].upper()}{test.primary_title[1:]} on {test.name} before → after "
        f"{counted(test.facts.corrected_rows or 0, 'correction')}: {', '.join(scores) or 'not known'}."
    )
