"""Checks that come before the work: what would be refused after a training is refused before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stancelab.errors import ConfigError, DataError, did_you_mean, list_problems
from stancelab.schema import EXAMPLE_COLUMNS, PREDICTION_COLUMNS, TRAINED_ON, System

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from stancelab.cli.recipe import Recipe
    from stancelab.data.prepared import PreparedDataset


@dataclass
class _Named(System):
    """A system that is still to be made.

    Attributes:
        name: Its name.
        is_baseline: Whether it is a baseline.
        seed: Its seed, None where it has none or names alone are checked.
    """

    name: str
    is_baseline: bool
    seed: int | None = None

    def predict_proba(self, examples: Sequence[Any]) -> Any:
        raise NotImplementedError


def check_names(systems: Iterable[tuple[str, int | None]], baselines: Iterable[str]) -> None:
    """Raise a `ConfigError` where a system is called as a baseline is, is given twice, or would share another's files.

    Args:
        systems: The name and the seed of each system.
        baselines: The names of baselines.
    """
    from stancelab.evaluation.checks import check_systems

    named = [_Named(name, is_baseline=True) for name in baselines]
    named += [_Named(name, is_baseline=False, seed=seed) for name, seed in systems]
    if named:
        check_systems(named)


def check_model_name(config: Recipe) -> None:
    """Raise a `ConfigError` where the trained model would be called as a baseline is."""
    try:
        check_names([(config.model.name, None)], config.baselines.names)
    except ConfigError as error:
        reason = str(error).partition(";")[0]
        raise ConfigError(f"model.name: found {config.model.name!r}: {reason}; give the model another name") from None


def check_extra_columns(config: Recipe) -> None:
    """Raise a `ConfigError` where a column that is kept has the name of one that prediction tables have."""
    taken = {*EXAMPLE_COLUMNS, *PREDICTION_COLUMNS, TRAINED_ON}
    clash = sorted({name for corpus in config.data.each() for name in corpus.extra if name in taken})
    if clash:
        raise ConfigError(
            f"data.extra: the tables of predictions have columns {', '.join(map(repr, clash))} of their own; rename "
            "those of the input, or leave them out of data.extra"
        )


def check_training(config: Recipe) -> None:
    """Check what would be refused after the corpus is prepared; what imports PyTorch and transformers comes last.

    Raises:
        ConfigError: Settings do not fit one another, the encoder, or this machine.
        DataError: A file is not there, or is no table of a teacher's answers.
        CheckpointError: An encoder or a teacher cannot be found or loaded.
        MissingPackageError: What the training is reported to is not installed.
    """
    from stancelab.data.build import check_settings
    from stancelab.data.corpora import check_there
    from stancelab.encoders import resolve_encoder
    from stancelab.training.answers import check_teachers
    from stancelab.training.reporting import check_reports

    corpora = config.data.each()
    check_settings(corpora, config.split, config.audit)
    check_there(corpora)
    check_reports(config.training.report_to)
    resolve_encoder(config.model.name_or_path)
    check_teachers(config.training.teacher, config.training.unlabeled)

    from stancelab.training.devices import check_device
    from stancelab.training.load_encoder import check_encoder

    check_device(config.training.device)
    _check_names_of_shares(config.training.corpus_shares, [corpus.name for corpus in corpora])
    check_encoder(config.model)


def _check_names_of_shares(shares: Mapping[str, float], corpora: Sequence[str]) -> None:
    """Raise a `ConfigError` where a share is of none of the corpora that will be prepared.

    Which of these have training rows, and so need a share, is known after preparation (`check_shares`).
    """
    from stancelab.training.sampling import UNLABELED

    allowed = [*corpora, UNLABELED]
    unknown = [name for name, share in shares.items() if share > 0 and name not in allowed]
    if unknown:
        near = did_you_mean(unknown[0], allowed)
        raise ConfigError(
            f"training.corpus_shares: found {', '.join(unknown)}, allowed are the corpora {', '.join(corpora)} and "
            f"{UNLABELED}; a share of 0 takes one out of the shares of an experiment.{near}"
        )


def check_demo(rows: Sequence[Mapping[str, Any]]) -> None:
    """Raise a `ConfigError` where sentences to show cannot be predicted or have keys that nobody reads."""
    from stancelab.inference.inputs import checked_examples
    from stancelab.inference.keys import FIELDS

    allowed = ("id", *FIELDS)
    unknown = [
        f"example {number}: unknown key {key!r}, allowed {', '.join(allowed)}.{did_you_mean(key, allowed)}"
        for number, row in enumerate(rows)
        for key in row
        if key not in allowed
    ]
    if unknown:
        raise ConfigError(f"demo:\n{list_problems(unknown)}")
    try:
        checked_examples(rows)
    except DataError as error:
        raise ConfigError(f"demo: {error}") from None


def check_evaluation(config: Recipe, dataset: PreparedDataset) -> None:
    """Check that a prepared dataset can be evaluated on as the settings ask for.

    Raises:
        ConfigError: There is no test file of a name, or a prevalence is of other classes than the dataset's.
        DataError: A test file has no rows, no stances, or not the column of design weights.
    """
    from stancelab.evaluation.checks import check_tests, chosen_tests
    from stancelab.evaluation.classes import check_prevalence
    from stancelab.evaluation.reweighting import design_weights

    tests = chosen_tests(dataset.tests, config.evaluation.tests)
    check_tests(tests)
    check_prevalence(config.evaluation.prevalence, dataset.classes)
    if config.evaluation.weight:
        for name, rows in tests.items():
            design_weights(name, rows, config.evaluation.weight)


def check_tables(key: str, tables: Sequence[tuple[str | None, list[Path]]]) -> None:
    """Raise a `ConfigError` where a table that a setting names is not there."""
    missing = [path for _, paths in tables for path in paths if not path.is_file()]
    if missing:
        path = missing[0]
        near = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        raise ConfigError(
            f"{key}: {path}: no such file{more} (looked in {path.absolute().parent}).{did_you_mean(path.name, near)}"
        )
