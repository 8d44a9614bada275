"""`stancelab run`: prepare, train, evaluate and report in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.cli.early import check_demo, check_evaluation, check_extra_columns, check_model_name, check_training
from stancelab.cli.inputs import load_classifier
from stancelab.cli.recipe import Recipe
from stancelab.cli.steps import evaluate_with_baselines, prepared_dataset, say, train_model, training_is_kept
from stancelab.data.settings import MADE_BY
from stancelab.errors import depends_on
from stancelab.processes import is_first

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.data.prepared import PreparedDataset
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.training.estimate import Later


@dataclass
class RunConfig(Recipe):
    """Prepare, train, evaluate and report in one go."""

    uses = ("data", "split", "audit", "model", "seed", "training", "baselines", "evaluation", "demo")
    ignores = ("evaluation.on_unparsed",)


def check(config: RunConfig) -> None:
    """Check what would be refused after an hour of training."""
    check_demo(config.demo)
    check_model_name(config)
    check_extra_columns(config)
    check_training(config)


def execute(config: RunConfig, run_folder: Path, command_line: str) -> None:
    """Prepare, train, classify the sentences of `demo`, evaluate and report."""
    dataset = prepared_dataset(config)
    with depends_on(*MADE_BY, "evaluation"):
        check_evaluation(config, dataset)
    trained = train_model(config, dataset, run_folder, _later(config, dataset))
    if not is_first():
        return
    with training_is_kept(trained.checkpoint):
        classifier = load_classifier(trained.checkpoint, config.model.name)
        _show(config.demo, classifier)
        evaluate_with_baselines(config, dataset, [classifier], run_folder, command_line)
    say(f"checkpoint: {trained.checkpoint}")


def _later(config: RunConfig, dataset: PreparedDataset) -> Later:
    """Return what comes after the training."""
    from stancelab.baselines.estimate import estimated_seconds
    from stancelab.encoding import PAIR
    from stancelab.evaluation.checks import chosen_tests
    from stancelab.evaluation.perturbations.registry import PERTURBATIONS
    from stancelab.training.estimate import Later

    tests = chosen_tests(dataset.tests, config.evaluation.tests).values()
    # The pair head answers all rows of a text at once; the other one each row for itself.
    texts = sum(len({row.text for row in rows} if config.model.head == PAIR else rows) for rows in tests)
    names = config.evaluation.perturbations
    return Later(
        texts=texts * (1 + len(PERTURBATIONS if "all" in names else names)),
        baselines=estimated_seconds(config.baselines, dataset, sum(map(len, tests))),
    )


def _show(demo: list[dict[str, str]], classifier: StanceClassifier) -> None:
    """Print what the classifier says of a few sentences."""
    if not demo:
        return
    say("")
    for row, prediction in zip(demo, classifier.predict(demo), strict=True):
        holder = row.get("source") or "the author"
        say(f"  {row['text']}")
        say(f"    {holder} -> {row['target']}: {prediction.predicted} ({prediction.confidence:.2f})")
