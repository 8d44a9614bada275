"""The station: systems and test files -> metrics.json and one table of predictions for each system and test file.

It knows nothing of what a system is; probabilities in the order of `STANCES` are all it asks for. Test files stay
apart, nothing is pooled over them. Runs of one name that differ by their seed are one system.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tqdm import tqdm

from stancelab.errors import ConfigError, DataError, did_you_mean, list_problems, shorten
from stancelab.evaluation.perturbations.score import (
    Probe,
    ask,
    describe_probes,
    make_probes,
    score_probes,
)
from stancelab.evaluation.predictions import (
    check_extra_columns,
    checked_probabilities,
    file_stem,
    label_of,
    write_predictions,
)
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.evaluation.slice_scores import describe_slices, score_slices
from stancelab.evaluation.slices import Seen, blind_ceilings, slices_of
from stancelab.evaluation.summary import Draws, GoldRows, compared, describe_run, describe_test, over_seeds, rounded
from stancelab.files import write_json
from stancelab.layout import METRICS, PREDICTIONS
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.schema import STANCES, Example, System

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stancelab.metrics.classification import Floats, Ids

__all__ = ["FORMAT", "METRICS", "EvaluationSettings", "evaluate"]

#: Version of the layout of metrics.json (docs/metrics.md).
FORMAT: Final = 2


def evaluate(
    systems: Sequence[System],
    tests: Mapping[str, Sequence[Example]],
    output: Path,
    settings: EvaluationSettings,
    context: dict[str, Any],
    seen: Seen | None = None,
) -> dict[str, Any]:
    """Score every system on every test file, and write what they say and how they score.

    Args:
        systems: What to compare, in the order in which to list it. Each is asked for all test files before the next
            one, so that a system may load its model when it is first asked.
        tests: Name of each test file ("test", "test_rw", ...) -> its examples, all with a stance.
        output: The run's folder; gets `metrics.json` and `predictions/<system>[-seed<k>].<test file>.parquet`.
        settings: Bootstrap and calibration.
        context: What made the systems, for the report; all keys are optional, values plain JSON. `primary_metric`
            ("macro_f1" by default) ranks the systems, `baselines` lists the names of those that are rivals.
        seen: What train has, so that rows of targets and documents that it lacks are scored apart; None if unknown.

    Returns:
        The content of metrics.json.

    Raises:
        ConfigError: Two systems that cannot be told apart, or an unknown primary metric.
        DataError: Examples without a stance, an empty test file, or probabilities that are none.
    """
    # A context that JSON cannot hold is found now, not after an hour of prediction.
    json.dumps(context, allow_nan=False)
    primary = _primary_metric(context)
    _check_systems(systems)
    _check_tests(tests)
    said = _ask_all(systems, tests, output / PREDICTIONS, settings)

    by_name: dict[str, list[int]] = {}
    for number, system in enumerate(systems):
        by_name.setdefault(system.name, []).append(number)
    found = {split: _Findings.of(systems, by_name, said[split], primary, settings, seen) for split in tests}
    metrics = {
        "format": FORMAT,
        "context": context,
        "primary_metric": primary,
        "evaluation": asdict(settings),
        "tests": {split: rounded(each.facts) for split, each in found.items()},
        "comparisons": {split: rounded(each.comparisons) for split, each in found.items()},
        "systems": [
            {
                "name": name,
                "seeds": [systems[number].seed for number in own],
                "tests": {split: rounded(each.scores[name]) for split, each in found.items()},
            }
            for name, own in by_name.items()
        ],
    }
    write_json(output / METRICS, metrics)
    return metrics


@dataclass(frozen=True)
class _Said:
    """What all systems say of one test file.

    Attributes:
        split: The test file.
        examples: Its rows.
        probes: Its changed examples.
        probabilities: By system, shape (rows, 3).
        answers: By system what it predicts for each probe; None where it cannot be probed.
    """

    split: str
    examples: Sequence[Example]
    probes: list[Probe]
    probabilities: list[Floats] = field(default_factory=list)
    answers: list[list[Ids] | None] = field(default_factory=list)


def _ask_all(
    systems: Sequence[System], tests: Mapping[str, Sequence[Example]], folder: Path, settings: EvaluationSettings
) -> dict[str, _Said]:
    said = {
        split: _Said(split, examples, make_probes(examples, settings.probes, settings.seed))
        for split, examples in tests.items()
    }
    with tqdm(total=len(systems) * len(tests), desc="evaluate", unit="file") as progress:
        for system in systems:
            for split, examples in tests.items():
                progress.set_postfix_str(f"{file_stem(system)} on {split}")
                own = checked_probabilities(system, split, examples)
                path = folder / _file_name(system, split)
                write_predictions(path, examples, own, labels_only=not system.has_probabilities)
                said[split].probabilities.append(own)
                said[split].answers.append(
                    ask(system, split, said[split].probes) if system.answers_any_example else None
                )
                progress.update()
    return said


@dataclass(frozen=True)
class _Findings:
    """What an evaluation says of one test file.

    Attributes:
        facts: What the file holds.
        comparisons: Which systems differ on it.
        scores: By system: mean, deviation and intervals over seeds, each seed's scores, and those of the slices.
    """

    facts: dict[str, Any]
    comparisons: dict[str, Any]
    scores: dict[str, dict[str, Any]]

    @classmethod
    def of(
        cls,
        systems: Sequence[System],
        by_name: Mapping[str, Sequence[int]],
        said: _Said,
        primary: str,
        settings: EvaluationSettings,
        seen: Seen | None,
    ) -> _Findings:
        test = GoldRows.of(said.examples, settings.unit)
        draws = Draws.of(test, said.probabilities, settings)
        slices = slices_of(said.examples, seen)
        labels_only = [not system.has_probabilities for system in systems]
        by_slice = score_slices(slices, test.gold, test.units, said.probabilities, by_name, labels_only, settings)
        scores = _score(systems, by_name, test, said.split, said.probabilities, draws, settings.bins)
        means = {name: scores[name]["mean"][primary] for name in by_name}
        return cls(
            facts={
                **describe_test(test, settings.unit),
                "ceilings": blind_ceilings(said.examples),
                "slices": describe_slices(slices, test.gold, test.units),
                "probes": describe_probes(said.probes),
            },
            comparisons=compared(draws, by_name, means, primary, settings),
            scores={
                name: {**scores[name], "slices": by_slice[name], "probes": _probed(said, numbers, test, settings)}
                for name, numbers in by_name.items()
            },
        )


def _probed(
    said: _Said, numbers: Sequence[int], test: GoldRows, settings: EvaluationSettings
) -> list[dict[str, Any]] | None:
    """Return one system's scores on the probes, None where it could not be asked."""
    answers = [each for number in numbers if (each := said.answers[number]) is not None]
    if len(answers) < len(numbers):
        return None
    predicted = [said.probabilities[number].argmax(axis=1) for number in numbers]
    return score_probes(said.probes, answers, predicted, test.gold, test.units, settings)


def _score(
    systems: Sequence[System],
    by_name: Mapping[str, Sequence[int]],
    test: GoldRows,
    split: str,
    probabilities: Sequence[Floats],
    draws: Draws,
    bins: int,
) -> dict[str, dict[str, Any]]:
    """Return for each system's name its mean, deviation and intervals over seeds, and each seed's scores."""
    runs = [
        {
            "seed": system.seed,
            "predictions": f"{PREDICTIONS}/{_file_name(system, split)}",
            **describe_run(
                test,
                own,
                bins if system.has_probabilities else None,
                system.temperature,
                system.thresholds,
            ),
            "intervals": draws.intervals([number]),
        }
        for number, (system, own) in enumerate(zip(systems, probabilities, strict=True))
    ]
    scored = {}
    for name, numbers in by_name.items():
        own_runs = [runs[number] for number in numbers]
        mean, std = over_seeds(own_runs)
        scored[name] = {"mean": mean, "std": std, "intervals": draws.intervals(numbers), "runs": own_runs}
    return scored


def _file_name(system: System, split: str) -> str:
    return f"{file_stem(system)}.{split}.parquet"


def _primary_metric(context: Mapping[str, Any]) -> str:
    primary = context.get("primary_metric", PRIMARY_METRICS[0])
    if primary not in PRIMARY_METRICS:
        raise ConfigError(
            f"primary_metric: found {primary!r}, allowed {', '.join(PRIMARY_METRICS)}."
            + did_you_mean(str(primary), PRIMARY_METRICS)
        )
    return str(primary)


def _check_systems(systems: Sequence[System]) -> None:
    if not systems:
        raise ConfigError("nothing to evaluate: no checkpoint and no baseline was given")
    taken: dict[str, System] = {}
    for system in systems:
        if not system.name.strip():
            raise ConfigError("a system has an empty name; names stand in tables and file names")
        # Folded, since some file systems do not tell upper and lower case apart.
        other = taken.setdefault(file_stem(system).lower(), system)
        if other is system:
            continue
        if (other.name, other.seed) == (system.name, system.seed):
            raise ConfigError(
                f"{label_of(system)} is given twice; runs of one system differ by their seed, different systems by "
                "name, which NAME: PATH gives"
            )
        raise ConfigError(
            f"{label_of(other)} and {label_of(system)} would share the file name {file_stem(system)!r}; rename one"
        )


def _check_tests(tests: Mapping[str, Sequence[Example]]) -> None:
    if not tests:
        raise DataError("nothing to evaluate on: the dataset has no test file")
    for split, examples in tests.items():
        if not re.fullmatch(r"[A-Za-z0-9_-]+", split):
            raise DataError(
                f"test file {split!r}: its name may hold only letters, digits, _ and -, since files carry it"
            )
        if not examples:
            raise DataError(f"test file {split!r}: has no rows; evaluation needs at least one")
        bad = [
            f"row {row} (id {shorten(example.id)!r}): found stance {example.stance!r}"
            for row, example in enumerate(examples, start=1)
            if example.stance not in STANCES
        ]
        if bad:
            raise DataError(
                f"test file {split!r}: {len(bad):,} of {len(examples):,} rows have no stance to compare with; "
                f"allowed {', '.join(STANCES)}. Use predict for rows without a stance.\n{list_problems(bad)}"
            )
        check_extra_columns(split, examples)
