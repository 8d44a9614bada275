"""Test rows whose text a system was trained on, and its scores without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages.formatting import count, counted, listed, percent

if TYPE_CHECKING:
    from stancelab.report.view import FileView


def train_overlap_sentences(test: FileView) -> list[str]:
    """Return the sentences on the texts of a test file that systems were trained on; none where none was."""
    if not test.facts.train_overlap_rows:
        return []
    rows, left = test.facts.rows, test.facts.rows - test.facts.train_overlap_rows
    sentences = [
        f"{system.name} was trained on the texts of {count(found)} of {counted(rows, 'row')} "
        f"({percent(found / rows)}%)."
        for system in test.systems
        if (found := system.scores.train_overlap_rows)
    ]
    without = {
        system.name: rest.scores.value(test.primary)
        for system in test.systems
        if (rest := system.scores.without_train_overlap) is not None and rest.scores is not None
    }
    if not without:
        return [*sentences, "No row is left without them."]
    scores = listed([f"{percent(value)} for {name}" for name, value in without.items() if value is not None])
    return [
        *sentences,
        f"On the {counted(left, 'row')} whose text no system was trained on, {test.primary_title} is {scores}; "
        f"differences "
        "between systems on these rows are not tested.",
    ]


def unknown_overlap_sentences(test: FileView) -> list[str]:
    """Return the sentence that names the systems of which it is not known what texts they were trained on."""
    names = [system.name for system in test.systems if system.scores.train_overlap_rows is None]
    if not names:
        return []
    return [f"Whether texts of this file were among the training texts is not known of {listed(names)}."]
