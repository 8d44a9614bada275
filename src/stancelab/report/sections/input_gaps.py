"""What the inputs of the systems lack of the test rows: texts that are cut, targets and sources that are not told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages.formatting import count, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.report.view import FileView


def gap_sentences(tests: Sequence[FileView]) -> list[str]:
    """Return a sentence for each system and test file whose rows the input does not have as a whole."""
    found = []
    for test in tests:
        rows = counted(test.facts.rows, "row")
        for system in test.systems:
            gaps = system.scores.input_gaps
            if gaps is None:
                continue
            lacks = [
                f"{what} ({count(number)})"
                for what, number in (
                    ("a text that is cut", gaps.cut_texts),
                    ("a target that is cut", gaps.cut_targets),
                    ("a source that is cut", gaps.cut_sources),
                    ("a target that the text does not mention", gaps.not_in_text),
                    ("a target that the input does not tell", gaps.untold_targets),
                    ("a source that the input does not tell", gaps.untold_sources),
                )
                if number
            ]
            if lacks:
                found.append(f"{system.name} on the {rows} of {test.name}: {', '.join(lacks)}.")
    return found
