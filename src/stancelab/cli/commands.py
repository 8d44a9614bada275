"""What each command does: one short function each, over the stations."""

from __future__ import annotations

import dataclasses
import logging
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancelab.cli.config import (
    CompareConfig,
    CurveConfig,
    EvaluateConfig,
    InspectConfig,
    PoolConfig,
    PredictConfig,
    PrepareConfig,
    Recipe,
    RunConfig,
    TrainConfig,
    as_plain,
)
from stancelab.cli.inputs import (
    chosen_tests,
    evaluations,
    labeled,
    load_checkpoints,
    load_classifier,
    named_paths,
    read_predictions,
)
from stancelab.cli.terminal import curve_table, systems_table
from stancelab.errors import ConfigError, did_you_mean
from stancelab.files import hardware, locked, versions, write_json, write_manifest
from stancelab.layout import CHECKPOINT, CURVE, LABEL_ISSUES, TRAINING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stancelab.data.prepared import PreparedDataset
    from stancelab.evaluation.runs.read import Gathered
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.schema import System
    from stancelab.training.finetune import TrainedModel

logger = logging.getLogger(__name__)


def prepare(config: PrepareConfig, run: Path, line: str) -> None:
    """Prepare a dataset anew."""
    folder = _dataset_folder(config)
    with locked(_lock_of(config)):
        _prepare(config)
    write_manifest(run, {"kind": "prepare", "command": line, "dataset": str(folder)})
    _say(f"prepared dataset: {folder}")


def train(config: TrainConfig, run: Path, line: str) -> None:
    """Fine-tune an encoder."""
    _check_encoder(config)
    dataset = _dataset(config)
    trained = _train(config, dataset, run)
    write_manifest(run, {"kind": "train", "command": line, "config": as_plain(config), "dataset": dataset.fingerprint})
    dev = trained.info.dev
    _say(f"dev {dev['metric']}: {100 * dev[dev['metric']]:.1f}")
    _say(f"checkpoint: {trained.checkpoint}")


def evaluate(config: EvaluateConfig, run: Path, line: str) -> None:
    """Compare checkpoints and baselines on the test files."""
    tables = named_paths("predictions", config.predictions)
    checkpoints = load_checkpoints(config.checkpoint)
    dataset = _dataset(config)
    _evaluate(config, dataset, checkpoints, run, line, read_predictions(config, dataset, tables))


def compare(config: CompareConfig, run: Path, line: str) -> None:
    """Put the systems of several evaluations side by side."""
    from stancelab.evaluation.runs.compare import gather

    found = gather(labeled(evaluations(config.runs)))
    _evaluate_gathered(config, found, run, line)


def pool(config: PoolConfig, run: Path, line: str) -> None:
    """Put the evaluations of the folds of a cross-validation together as one."""
    from stancelab.evaluation.runs.compare import gather_folds

    found = gather_folds(labeled(evaluations(config.runs)))
    _evaluate_gathered(config, found, run, line)


def curve(config: CurveConfig, run: Path, line: str) -> None:
    """Draw the learning curve of runs that differ by how much of train they have."""
    from stancelab.evaluation.evaluate import evaluate as evaluate_systems
    from stancelab.evaluation.runs.learning_curve import gather_sizes
    from stancelab.report import write_curve, write_report

    sizes = gather_sizes([folder for _, folder in evaluations(config.runs)])
    facts = {"command": line, "config": as_plain(config), "versions": versions(), "hardware": hardware()}
    results = []
    for size in sizes:
        tests = chosen_tests(config.evaluation.tests, size.gathered.tests)
        logger.info("%s: %d systems", size.title, len({each.name for each in size.gathered.systems}))
        context = {**size.gathered.context, **facts}
        results.append(evaluate_systems(size.gathered.systems, tests, run / size.name, config.evaluation, context))
        write_report(run / size.name)
    dataset = sizes[0].gathered.context["dataset"]
    index = {
        "title": f"{dataset['name']}: scores by training rows",
        "dataset": dataset["name"],
        **facts,
        "commands": list(dict.fromkeys(line for size in sizes for line in size.gathered.context["commands"])),
        "sizes": [{"name": size.name, "title": size.title, "train_rows": size.train_rows} for size in sizes],
    }
    write_json(run / CURVE, index)
    report = write_curve(run)
    write_manifest(run, {"kind": "curve", "command": line, "config": as_plain(config)})
    _say(curve_table({size.title: metrics for size, metrics in zip(sizes, results, strict=True)}))
    _say(f"report: {report}")


def inspect(config: InspectConfig, run: Path, line: str) -> None:
    """List the rows whose label may be wrong."""
    from stancelab.baselines.crossfit import out_of_fold
    from stancelab.baselines.registry import BASELINES
    from stancelab.data.quality.audit import text_numbers
    from stancelab.data.quality.label_issues import LABEL, find_label_issues, write_label_issues

    system = config.inspect.system
    if system not in BASELINES:
        raise ConfigError(
            f"inspect.system: found {system!r}, allowed {', '.join(BASELINES)}.{did_you_mean(system, BASELINES)}"
        )
    dataset = _dataset(config)
    rows = [*dataset.train, *dataset.validation, *(row for test in dataset.tests.values() for row in test)]
    probabilities = out_of_fold(config.baselines, system, rows, config.inspect.folds)
    doubts = find_label_issues(rows, probabilities, text_numbers([row.text for row in rows], config.audit))
    path = run / LABEL_ISSUES
    write_label_issues(path, doubts)
    write_manifest(run, {"kind": "inspect", "command": line, "config": as_plain(config)})
    unlikely = sum(LABEL in doubt.reasons for doubt in doubts)
    if doubts:
        _say(f"{len(doubts):,} of {len(rows):,} rows to look at: {unlikely:,} that {system} finds unlikely, the others")
        _say("contradict one another. Fill in the column 'correction' (a stance, or drop) and prepare again with")
        _say(f"data.corrections={path}")
    else:
        _say(f"none of the {len(rows):,} rows is unlikely to {system}, and none contradicts another")
    _say(f"doubts: {path}")


def run(config: RunConfig, run: Path, line: str) -> None:
    """Prepare, train, evaluate, report, and classify a few sentences."""
    _check_encoder(config)
    dataset = _dataset(config)
    trained = _train(config, dataset, run)
    classifier = load_classifier(trained.checkpoint, config.model.name)
    if config.demo:
        _say("")
        for row, prediction in zip(config.demo, classifier.predict(config.demo), strict=True):
            holder = row.get("source") or "the author"
            _say(f"  {row['text']}")
            _say(f"    {holder} -> {row['target']}: {prediction.predicted} ({prediction.confidence:.2f})")
    _evaluate(config, dataset, [classifier], run, line)
    _say(f"checkpoint: {trained.checkpoint}")


def predict(config: PredictConfig, run: Path, line: str) -> None:
    """Classify the rows of a table."""
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.inference.jobs.local import predict_table
    from stancelab.inference.jobs.plan import check_table

    settings = config.predict
    job = check_table(Path(config.input), Path(config.output), settings)
    classifier = StanceClassifier.from_pretrained(
        config.checkpoint, device=settings.device, batch_size=settings.batch_size
    )
    counts = predict_table(classifier, job)
    write_manifest(run, {"kind": "predict", "command": line, "config": as_plain(config), "counts": counts})
    _say(f"{counts['rows']:,} rows predicted" + (f", {counts['rejected']:,} left out" if counts["rejected"] else ""))
    _say(f"predictions: {config.output}")


def _dataset_folder(config: Recipe) -> Path:
    """Return where the prepared dataset of these settings lies; splits drawn otherwise do not overwrite one another."""
    split, data = config.split, config.data
    name = data.name
    if name == "table" and data.path is not None:  # tables that nobody has named are told apart by their files
        name += "-" + re.sub(r"[^A-Za-z0-9_]+", "-", Path(data.path).name.partition(".")[0]).strip("-")
    if split.kind != "given":
        name += f"-{split.kind}-seed{split.seed}"
    if split.kind == "kfold":
        name += f"-fold{split.fold}of{split.folds}"
    if split.target is not None:
        name += "-" + re.sub(r"[^A-Za-z0-9_]+", "-", split.target).strip("-")
    if split.shots is not None:
        name += f"-{split.shots}shots-seed{split.draw}"
    if split.train_rows is not None:
        name += f"-{split.train_rows}rows-seed{split.draw}"
    if split.train_share is not None and split.train_share < 1:
        name += f"-{100 * split.train_share:g}percent-seed{split.draw}"
    return Path(config.output_root) / "datasets" / name


def _check_encoder(config: Recipe) -> None:
    from stancelab.training.load_encoder import check_encoder

    check_encoder(config.model)


def _lock_of(config: Recipe) -> Path:
    """Return the lock file of a prepared dataset: runs that start together shall prepare it once."""
    return Path(config.output_root) / f".{_dataset_folder(config).name}.lock"


def _counted_for(config: Recipe) -> dict[str, Any]:
    """Return what the audit's count of truncated rows depends on."""
    return {"encoder": config.model.name_or_path, "input": dataclasses.asdict(config.model.input)}


def _prepare(config: Recipe) -> None:
    from transformers import AutoTokenizer

    from stancelab.data.build import build as prepare_dataset
    from stancelab.encoders import explain_hub_error, resolve_encoder
    from stancelab.encoding import InputBuilder

    with explain_hub_error(config.model.name_or_path):
        tokenizer = AutoTokenizer.from_pretrained(resolve_encoder(config.model.name_or_path, config.model.sha256))
    builder = InputBuilder(tokenizer, config.model.input)
    prepare_dataset(
        config.data.each(),
        config.split,
        config.audit,
        _dataset_folder(config),
        count_tokens=builder.count_tokens,
        max_length=config.model.input.max_length,
        counted_for=_counted_for(config),
    )


def _dataset(config: Recipe) -> PreparedDataset:
    """Return the prepared dataset of these settings; one that is there and still what they describe is used again."""
    from stancelab.data.prepared import is_current, load_prepared

    folder = _dataset_folder(config)
    with locked(_lock_of(config)):
        if is_current(folder, config.data.each(), config.split, config.audit, _counted_for(config)):
            logger.info("using the prepared dataset %s", folder)
        else:
            _prepare(config)
        return load_prepared(folder)


def _train(config: Recipe, dataset: PreparedDataset, run: Path) -> TrainedModel:
    from stancelab.training.finetune import finetune

    trained = finetune(
        dataset,
        config.model,
        config.training,
        seed=config.seed,
        output=run / CHECKPOINT,
        state=Path(config.output_root) / "interrupted",
        logs=run / "tensorboard",
    )
    cut = {split: dataclasses.asdict(cut) for split, cut in trained.cut.items()}
    write_json(run / TRAINING, {"dev": trained.info.dev, "cut": cut, "history": trained.history})
    return trained


def _evaluate(
    config: Recipe,
    dataset: PreparedDataset,
    checkpoints: Sequence[StanceClassifier],
    run: Path,
    line: str,
    others: Sequence[System] = (),
) -> None:
    from stancelab.baselines import fit_baselines
    from stancelab.evaluation.evaluate import evaluate as evaluate_systems
    from stancelab.evaluation.slices import Seen

    tests = chosen_tests(config.evaluation.tests, dataset.tests)
    for system in (*checkpoints, *others):
        if system.name in config.baselines.names:
            raise ConfigError(
                f"a system is called {system.name!r}, as a baseline is; give it another name, as in "
                f"'predictions={{my_{system.name}: FILE}}' or 'checkpoint={{my_{system.name}: FOLDER}}'"
            )
    for classifier in checkpoints:
        trained_on = classifier.info.dataset.get("fingerprint")
        if trained_on != dataset.fingerprint:
            logger.warning(
                "%s was trained on %s, not on this dataset's train split; make sure it has not seen these test rows",
                classifier.name,
                classifier.info.dataset.get("name", "another dataset"),
            )
    baselines = fit_baselines(config.baselines, dataset.train, dataset.validation)
    systems: list[System] = [*checkpoints, *others, *baselines]
    context = {
        "title": config.name,
        "command": line,
        "config": as_plain(config),
        "dataset": {
            "name": dataset.name,
            "fingerprint": dataset.fingerprint,
            "counts": dataset.manifest.get("counts", {}),
            "audit": dataset.audit,
        },
        "checkpoints": [_describe(classifier) for classifier in checkpoints],
        "baselines": [baseline.name for baseline in baselines],
        "hyperparameters": {baseline.name: baseline.describe() for baseline in baselines},
        "primary_metric": dataset.metric,
        "versions": versions(),
        "hardware": hardware(),
    }
    metrics = evaluate_systems(systems, tests, run, config.evaluation, context, Seen.of(dataset.train))
    manifest = {"kind": "evaluate", "command": line, "config": as_plain(config), "dataset": dataset.fingerprint}
    _finish_evaluation(metrics, run, manifest)


def _evaluate_gathered(config: CompareConfig, found: Gathered, run: Path, line: str) -> None:
    from stancelab.evaluation.evaluate import evaluate as evaluate_systems

    facts = {"command": line, "config": as_plain(config), "versions": versions(), "hardware": hardware()}
    tests = chosen_tests(config.evaluation.tests, found.tests)
    metrics = evaluate_systems(found.systems, tests, run, config.evaluation, {**found.context, **facts})
    manifest = {"kind": "pool" if isinstance(config, PoolConfig) else "compare", "command": line}
    _finish_evaluation(metrics, run, {**manifest, "config": as_plain(config)})


def _finish_evaluation(metrics: dict[str, Any], run: Path, manifest: dict[str, Any]) -> None:
    from stancelab.report import write_report

    report = write_report(run)
    write_manifest(run, manifest)
    _say(systems_table(metrics))
    _say(f"report: {report.html}")


def _describe(classifier: StanceClassifier) -> dict[str, Any]:
    info = classifier.info
    return {
        "name": classifier.name,
        "encoder": info.encoder,
        "seed": info.seed,
        "temperature": info.temperature,
        "input": dataclasses.asdict(info.input),
        "training": info.training,
        "trained_on": info.dataset,
        "dev": info.dev,
    }


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


#: What runs for each command.
FUNCTIONS: dict[str, Callable[..., None]] = {
    "run": run,
    "prepare": prepare,
    "train": train,
    "evaluate": evaluate,
    "compare": compare,
    "pool": pool,
    "curve": curve,
    "inspect": inspect,
    "predict": predict,
}
