"""The classes of a task: the stances that the means over classes are over.

A corpus may know two stances. Means over three would then count a class that no row has as 0, so that a system without
an error had a macro-F1 of 66.7. The classes are those of the data and never those of the answers: they are one set for
all systems, so that a class that one system alone answers lowers its recall and adds no class. This is scikit-learn's
`labels=`. Without it scikit-learn takes every label that occurs in gold or answers, so that systems would be averaged
over different classes: with two classes in gold, one answer of a third one lowers macro-F1 by a third.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.schema import STANCE_ID, STANCES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

#: Ids of classes, ascending.
Classes = tuple[int, ...]

#: The ids of all stances.
ALL_CLASSES: Final[Classes] = tuple(range(len(STANCES)))
_FEWEST: Final = 2


def task_classes(found: Collection[str]) -> list[str]:
    """Return the classes of a task whose rows have these stances, in the order of `STANCES`.

    Rows of fewer than two stances do not show what the task is: then all of `STANCES` are its classes.
    """
    classes: list[str] = [stance for stance in STANCES if stance in found]
    return classes if len(classes) >= _FEWEST else list(STANCES)


def classes_of_counts(counts: Iterable[Mapping[str, int]]) -> list[str]:
    """Return the classes of a task from the numbers of rows by stance of all its splits; other keys are passed over."""
    return task_classes({stance for split in counts for stance in STANCES if split.get(stance)})


def class_ids(classes: Iterable[str]) -> Classes:
    """Return the ids of classes."""
    return tuple(sorted(STANCE_ID[stance] for stance in classes))
