"""The table at the end of a sweep: the scores on dev by setting, the best first; test scores are not for choosing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Final

from stancelab.cli.runs_list import aligned
from stancelab.outputs.scores import DevScore, dev_score

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: Runs that differ in it alone are one setting.
_SEED: Final = "seed"
#: Settings that change which rows are in validation, so that scores on them do not compare.
_OTHER_ROWS: Final = ("data", "split")
_SAME_ROWS: Final = ("split.train_share", "split.train_rows", "split.shots", "split.sample_seed")


@dataclass(frozen=True)
class SweptRun:
    """A run of a sweep.

    Attributes:
        folder: Its folder.
        words: The settings by which it differs from the others.
    """

    folder: Path
    words: list[str]


def sweep_table(runs: Sequence[SweptRun]) -> list[str]:
    """Return the lines of the table; none where no run has a score on dev.

    Args:
        runs: The runs, those that failed or were not begun among them.
    """
    scores = {run.folder: dev_score(run.folder) for run in runs}
    found = [score for score in scores.values() if score is not None]
    if not found:
        return []
    groups = _by_setting(runs)
    rows = [_row(words, [scores[run.folder] for run in group], group) for words, group in groups.items()]
    ranked = sorted(rows, key=lambda row: (row[0] is None, -(row[0] or 0.0)))
    metric = found[0].metric
    several = any(len(group) > 1 for group in groups.values())
    title = f"dev {metric} in percent, by setting, the best first"
    if several:
        title += " (means and standard deviations over seeds)"
    head = ("", "dev", "setting", "folder")
    lines = [title, *aligned([head, *((str(place), *row[1]) for place, row in enumerate(ranked, 1))], right=(0, 1))]
    if len(ranked) > 1:
        lines.append(_note([run.words for run in runs], len(ranked)))
    return lines


def _by_setting(runs: Sequence[SweptRun]) -> dict[str, list[SweptRun]]:
    """Return the runs of each setting; where the seed alone differs, each seed is one."""
    seeds_alone = all(word.startswith(f"{_SEED}=") for run in runs for word in run.words)
    groups: defaultdict[str, list[SweptRun]] = defaultdict(list)
    for run in runs:
        kept = [word for word in run.words if seeds_alone or not word.startswith(f"{_SEED}=")]
        groups[" ".join(kept)].append(run)
    return groups


def _row(
    words: str, scores: Sequence[DevScore | None], group: Sequence[SweptRun]
) -> tuple[float | None, tuple[str, str, str]]:
    values = [100 * score.value for score in scores if score is not None]
    folder = group[0].folder.name if len(group) == 1 else f"{len(group)} folders"
    if not values:
        return None, ("failed", words, folder)
    mean = fmean(values)
    shown = f"{mean:.1f} ± {stdev(values):.1f}" if len(values) > 1 else f"{mean:.1f}"
    if len(values) < len(scores):
        shown += f" (of {len(values)}; {len(scores) - len(values)} failed)"
    return mean, (shown, words, folder)


def _note(settings: Sequence[Sequence[str]], number: int) -> str:
    """Return what a reader of the table must know."""
    keys = {word.partition("=")[0].lstrip("+") for words in settings for word in words}
    other = sorted(key for key in keys if key.split(".")[0] in _OTHER_ROWS and key not in _SAME_ROWS)
    if other:
        return f"Note: runs that differ in {', '.join(other)} have other validation rows; their scores do not compare."
    return (
        f"Note: the best of {number} is flattered by having been chosen on these rows; stancelab evaluate scores it on "
        "test files."
    )
