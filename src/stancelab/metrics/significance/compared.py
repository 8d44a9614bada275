"""What is compared, and what a comparison says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.metrics.bootstrap import Interval  # noqa: TC001 - msgspec reads the types at run time
from stancelab.metrics.classes import ALL_CLASSES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.metrics.classes import Classes
    from stancelab.metrics.classification import Floats
    from stancelab.metrics.intervals import Units

RANDOMIZATION: Final = "randomization"
SEEDS_AND_DATA: Final = "seeds_and_data"
PAIRED_SEEDS: Final = "paired_seeds_and_data"
T_TEST: Final = "t_test"
IDENTICAL: Final = "identical"


@dataclass(frozen=True, slots=True)
class Precision:
    """How precisely a difference is known, and so how large one has to be to be found.

    Attributes:
        error: Standard error of the difference.
        freedom: Degrees of freedom of that error.
        seeds: The share of the error's square that is variance between seeds; the rest is that between units.
        detectable: The smallest difference that the comparison finds with probability 80% at the level, uncorrected;
            None where the number of units lets it find none.
        detectable_corrected: The same at the level divided by the number of pairs, which is what Holm's correction asks
            of the smallest p-value.
    """

    error: float
    freedom: float
    seeds: float
    detectable: float | None = None
    detectable_corrected: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on one test file.

    Attributes:
        systems: Their names.
        difference: The first one's score minus the second one's, means over seeds.
        interval: 95% interval of the difference, uncorrected; None with fewer than ten resampling units.
        p: Two-sided p-value, uncorrected.
        p_holm: The same after Holm's correction over the different pairs of all test files.
        method: `RANDOMIZATION`, `SEEDS_AND_DATA`, `PAIRED_SEEDS`, `T_TEST`, or `IDENTICAL` where the two give the same
            answers, which is no test.
        precision: None with fewer than ten resampling units, and where the two never differ.
        borrowed: Those of the two that have one run and whose variance between seeds is that of other systems.
        repeats: The pair of which this is a repetition, since its systems give the same answers; it counts once.
        equivalence_p: The larger p-value of two one-sided tests of a difference beyond the margin (Schuirmann, 1987);
            None where no margin is set, and where there is no precision.
    """

    systems: tuple[str, str]
    difference: float
    interval: Interval | None
    p: float
    p_holm: float
    method: str
    precision: Precision | None = None
    borrowed: tuple[str, ...] = ()
    repeats: tuple[str, str] | None = None
    equivalence_p: float | None = None


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs of all systems on one test file, as the comparisons need them.

    Attributes:
        counts: Confusion matrices by resampling unit and run, shape (units, runs, 3, 3); or sums of losses.
        resampled: The metric of each bootstrap resample and run, shape (resamples, runs); a resample holds the same
            units for all runs. With crossed units, shape (3, resamples, runs): see `data_variance`.
        members: Name of each system -> which runs are its own.
        seeds: Name of each system -> the seeds of its runs; None for a run in which chance plays no part. Where it
            is left out, no seed is known.
        baselines: The systems that are baselines: a system borrows the variance between seeds from its own kind.
        crossed: The numbers of units, where both documents and targets are.
        classes: The ids of the task's classes.
    """

    counts: NDArray[np.number]
    resampled: Floats
    members: Mapping[str, Sequence[int]]
    seeds: Mapping[str, Sequence[int | None]] = field(default_factory=dict)
    baselines: Collection[str] = ()
    crossed: Units | None = None
    classes: Classes = ALL_CLASSES

    @property
    def units(self) -> Units:
        """How many resampling units there are."""
        return len(self.counts) if self.crossed is None else self.crossed

    def answers(self, name: str) -> tuple[bytes, ...]:
        """Return what distinguishes a system's answers; equal for two whose comparisons are equal in every number.

        A system whose runs all answer alike is one with a single run.
        """
        own = sorted(self.counts[:, run].tobytes() for run in self.members[name])
        return tuple(own[:1] if own[0] == own[-1] else own)
