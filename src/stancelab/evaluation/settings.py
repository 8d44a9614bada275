"""What a user may set about evaluation (config group `evaluation`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class EvaluationSettings:
    """How scores are computed; which systems and test files are scored is said by the command.

    Attributes:
        bootstrap_draws: How often the test sentences are drawn anew for the intervals.
        seed: Seed of those draws; the same for all systems, so that each draw takes the same sentences for all.
        bins: Number of equal-width bins of confidence in the reliability diagram and the calibration error.
    """

    bootstrap_draws: int = 1000
    seed: int = 13
    bins: int = 15

    def problems(self) -> list[str]:
        """Return what is out of range, one line each; an empty list means the settings can be used."""
        problems = []
        if not 100 <= self.bootstrap_draws <= 1_000_000:
            problems.append(f"bootstrap_draws: found {self.bootstrap_draws}, allowed 100 to 1000000")
        if self.seed < 0:
            problems.append(f"seed: found {self.seed}, allowed >= 0")
        if not 2 <= self.bins <= 100:
            problems.append(f"bins: found {self.bins}, allowed 2 to 100")
        return problems
