"""Fine-tuning: prepared dataset -> checkpoint."""

from __future__ import annotations

import dataclasses
import gc
import logging
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancelab.checkpoint import CheckpointInfo, TrainingData, names_kept, save_checkpoint
from stancelab.data.settings import MADE_BY
from stancelab.encoders import ModelSettings, encoder_hash, resolve_encoder
from stancelab.encoding import SEQUENCE
from stancelab.errors import ConfigError, DataError, depends_on
from stancelab.extras import require
from stancelab.files import atomic_folder, write_json
from stancelab.heads.quiet import quiet_transformers
from stancelab.layout import CHECKPOINT, INTERRUPTED, TEACHERS, TENSORBOARD, TRAINING
from stancelab.metrics.classes import class_ids
from stancelab.metrics.temperature import within_classes
from stancelab.processes import count, is_first
from stancelab.setting_types import check_kind, check_settings
from stancelab.tables.mending import NO_REPAIR
from stancelab.training.diagnostics import training_warnings
from stancelab.training.finished import IDENTITY, finished_training, take
from stancelab.training.load_encoder import check_encoder, load_encoder
from stancelab.training.model_card import model_card
from stancelab.training.reporting import check_reports
from stancelab.training.resume import TrainingState
from stancelab.training.settings import TrainingSettings
from stancelab.training.together import agreed, first_alone, join
from stancelab.training.validation import fit_on_dev
from stancelab.training_texts import TrainingTextHashes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.checkpoint import EncoderInfo
    from stancelab.data.prepared import PreparedDataset
    from stancelab.encoding import Builder, Cut
    from stancelab.training.answers import TeacherRecord
    from stancelab.training.estimate import Later
    from stancelab.training.start import Start
    from stancelab.training.teacher import Taught

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainedModel:
    """What a training run leaves.

    Attributes:
        checkpoint: The checkpoint folder.
        info: The content of its `stancelab.json`.
        history: The Trainer's log: one dict per logging step or evaluation.
        cut: What the encoder could not see, per split.
    """

    checkpoint: Path
    info: CheckpointInfo
    history: list[dict[str, Any]]
    cut: dict[str, Cut]


def finetune(
    dataset: PreparedDataset,
    model: ModelSettings | None = None,
    training: TrainingSettings | None = None,
    *,
    seed: int = 0,
    output: Path | str,
    state: Path | str | None = None,
    teachers: Path | str | None = None,
    earlier: Sequence[Path] = (),
    later: Later | None = None,
) -> TrainedModel:
    """Fine-tune an encoder on a prepared dataset, choose the best checkpoint on dev, fit the temperature, save.

    Where `model.name_or_path` names a checkpoint, or the folder of its run, the training goes on with its head.

    The run folder gets `checkpoint/`, `tensorboard/` and `training.json` (dev scores, warnings, what is cut, what
    taught, the Trainer's log, and a hash that tells this training from others).

    Args:
        dataset: The prepared dataset; of its test rows it is only asked which targets and corpora they have, and which
            texts a checkpoint that the training goes on from was trained on.
        model: The encoder, or a checkpoint, and how its input is built; by default MiniLM.
        training: The optimization.
        seed: Decides the new weights, the order of rows and the dropout.
        output: The run folder.
        state: Where interrupted trainings keep their state, one folder for each; by default `interrupted` beside the
            run folder.
        teachers: Where the answers of `training.teacher` are kept; by default `teachers` beside the run folder.
        earlier: The folders of earlier runs; where one has finished the same training of the same encoder by the same
            versions of packages, `training.resume` takes its checkpoint.
        later: What comes after the training, which the estimate of how long it takes then counts as well.

    Raises:
        CheckpointError: The encoder cannot be loaded.
        ConfigError: Settings are impossible, another process is at the same training, or the input is too long for the
            encoder.
        DataError: The dataset has no validation rows.
        MissingPackageError: The packages of the extra `train` are not installed.
    """
    for package in ("torch", "datasets"):
        require(package, "train", "finetune")
    model, training = model or ModelSettings(), training or TrainingSettings()
    check_kind("model", model, ModelSettings)
    check_kind("training", training, TrainingSettings)
    check_settings(model=model, training=training)
    if not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise ConfigError(f"seed: found {seed!r}, allowed are 0 to 4294967295")
    if not hasattr(dataset, "validation"):
        raise DataError(
            f"dataset: found {type(dataset).__name__}, expected a prepared dataset, as prepare(...) returns it"
        )
    # From Python, `Path`s may stand among the files.
    training = dataclasses.replace(
        training.resolved_for(model),
        teacher=[str(each) for each in training.teacher],
        unlabeled=[str(each) for each in training.unlabeled],
    )
    from stancelab.training.teacher import taught

    run = Path(output)
    with depends_on(*MADE_BY):
        if not dataset.validation:
            raise DataError(f"{dataset.folder}: holds no validation rows; prepare it with split.validation above 0")
    with depends_on(*MADE_BY, "training"):
        _check_shares(dataset, model, training)
    start = check_encoder(model)
    from stancelab.training.devices import check_device

    check_device(training.device)
    check_reports(training.report_to)
    check_shared(training)
    join()
    interrupted = TrainingState.of(
        run.parent / INTERRUPTED if state is None else Path(state),
        dataset.fingerprint,
        model,
        training,
        seed,
        None if start is None else start.fingerprint,
    )
    identity = interrupted.folder.name
    with interrupted.at_work() if is_first() else nullcontext():
        done = agreed(_taken_over(earlier, identity, model, start, run) if training.resume and is_first() else None)
        if done is not None:
            if is_first():
                interrupted.remove()
            return done
        told = [] if start is None else _tell_of(start, dataset, model)
        cache = run.parent / TEACHERS if teachers is None else Path(teachers)
        with depends_on(*MADE_BY, "training"), first_alone():
            material = taught(
                dataset,
                training.teacher,
                cache,
                unlabeled=training.unlabeled,
                hidden=bool(model.input.hide),
                with_pairs=model.head != SEQUENCE,
            )
        trained = agreed(_train(dataset, material, model, training, seed, run, interrupted, later, start, told))
        assert trained is not None
        if is_first():
            _write_training(run, trained, material.record, identity)
            interrupted.remove()
    for warning in trained.info.warnings:
        if warning not in told:
            logger.warning("%s, seed %d: %s", model.name, seed, warning)
    return trained


def _tell_of(start: Start, dataset: PreparedDataset, model: ModelSettings) -> list[str]:
    """Log what is taken over from a checkpoint, and return the warnings that are logged and kept."""
    warnings = start.warnings(dataset)
    if is_first():
        start.tell(model, dataset.classes)
        for warning in warnings:
            logger.warning("%s: %s", model.name, warning)
    return warnings


def _check_shares(dataset: PreparedDataset, model: ModelSettings, training: TrainingSettings) -> None:
    """Raise a `ConfigError` where `training.corpus_shares` names what the training rows do not hold."""
    from stancelab.training.sampling import UNLABELED, check_shares

    if not training.corpus_shares:
        return
    corpora = {example.corpus for example in dataset.train}
    # Of one corpus unlabeled texts are its own; the sequence head and models with hidden parts leave them out.
    apart = len(corpora) > 1 and model.head != SEQUENCE and not model.input.hide
    check_shares(training.corpus_shares, corpora | ({UNLABELED} if training.unlabeled and apart else set()))


def check_shared(training: TrainingSettings) -> None:
    """Raise a `ConfigError` where the texts of a batch cannot be divided among the processes that torchrun started."""
    if training.batch_size % count():
        raise ConfigError(
            f"training.batch_size: found {training.batch_size}, which {count()} processes cannot share; take a "
            f"multiple of {count()}"
        )


def _write_training(run: Path, trained: TrainedModel, record: TeacherRecord | None, identity: str) -> None:
    """Write `training.json`, the last file of a training."""
    written = {
        "dev": None if trained.info.dev is None else trained.info.dev.as_json(),
        "warnings": trained.info.warnings,
        "cut": {split: dataclasses.asdict(cut) for split, cut in trained.cut.items()},
        "teacher": None if record is None else dataclasses.asdict(record),
        "history": trained.history,
        IDENTITY: identity,
    }
    write_json(run / TRAINING, written)


def _taken_over(
    earlier: Sequence[Path], identity: str, model: ModelSettings, start: Start | None, run: Path
) -> TrainedModel | None:
    """Return the training as an earlier run has finished it, None where none has."""
    if not earlier:
        return None
    weights = start.record.sha256 if start else encoder_hash(resolve_encoder(model.name_or_path, model.sha256))
    found = finished_training(list(earlier), identity, weights)
    if found is None:
        return None
    source, info, content = found
    cut = take(source, content, run)
    return TrainedModel(checkpoint=run / CHECKPOINT, info=info, history=content["history"], cut=cut)


def _train(
    dataset: PreparedDataset,
    material: Taught,
    model: ModelSettings,
    training: TrainingSettings,
    seed: int,
    run: Path,
    state: TrainingState,
    later: Later | None,
    start: Start | None,
    told: list[str],
) -> TrainedModel | None:
    """Train, and write the checkpoint; of several processes the first one writes, and the others return None."""
    from stancelab.training.disk import check_space
    from stancelab.training.trainer import make_trainer

    fix_seed(seed)
    with quiet_transformers():
        network, builder, encoder = load_encoder(model, start)
        if is_first():
            check_space(state.folder, network)
        cut = _count_cut(builder, dataset)
        trainer = make_trainer(
            network,
            builder,
            dataset,
            training,
            examples=material.examples,
            soft=material.soft,
            seed=seed,
            state=state.folder,
            logs=run / TENSORBOARD,
            later=later,
            new_head=start is None or not start.record.head_taken,
        )
        trainer.start(agreed(state.start_from(resume=training.resume) if is_first() else None))
    if not is_first():
        return None
    history, updates = list(trainer.state.log_history), int(trainer.state.global_step)
    used = {
        **dataclasses.asdict(training),
        "teacher": list(material.teachers),
        "epochs": int(trainer.args.num_train_epochs),
        "device": str(trainer.args.device.type),
        "precision": "bf16" if trainer.args.bf16 else "fp16" if trainer.args.fp16 else "fp32",
    }
    network.float().eval()  # the Trainer has put the best weights back
    del trainer
    gc.collect()
    info = _describe(dataset, model, training, seed, network, builder, encoder, updates, used, start, told)
    _write_checkpoint(run, network, builder, info, dataset, cut, material, start)
    return TrainedModel(checkpoint=run / CHECKPOINT, info=info, history=history, cut=cut)


def _describe(
    dataset: PreparedDataset,
    model: ModelSettings,
    training: TrainingSettings,
    seed: int,
    network: Any,
    builder: Builder,
    encoder: EncoderInfo,
    updates: int,
    used: dict[str, Any],
    start: Start | None,
    told: list[str],
) -> CheckpointInfo:
    """Return what `stancelab.json` says of a network that was trained, with what is fitted on dev."""
    from stancelab.inference.backends.torch import TorchBackend

    # In fp32, as prediction computes them.
    logits = TorchBackend(network, builder, batch_size=2 * training.batch_size).logits(dataset.validation)
    classes = class_ids(dataset.classes)
    fitted = fit_on_dev(logits, dataset.validation, dataset.metric, classes)
    answers = within_classes(logits, classes).argmax(axis=1)
    needed = 0 if start is not None and start.record.head_taken else training.min_updates
    warnings = [*training_warnings(dataset, answers, updates, needed), *told]
    return CheckpointInfo(
        name=model.name,
        classes=dataset.classes,
        head=model.head,
        input=model.input,
        temperature=fitted.temperature,
        thresholds=fitted.thresholds,
        coverage=fitted.coverage,
        encoder=encoder,
        starts=[] if start is None else start.records,
        dataset=TrainingData(
            name=dataset.name,
            fingerprint=dataset.fingerprint,
            train_rows=len(dataset.train),
            validation_rows=len(dataset.validation),
        ),
        seed=seed,
        **names_kept(dataset.aliases, dataset.manifest.columns),
        dev=fitted.scores,
        training=used,
        warnings=warnings,
        **_mending(dataset),
    )


def _write_checkpoint(
    run: Path,
    network: Any,
    builder: Builder,
    info: CheckpointInfo,
    dataset: PreparedDataset,
    cut: dict[str, Cut],
    material: Taught,
    start: Start | None,
) -> None:
    from stancelab.training.disk import explain_write_error

    target = run / CHECKPOINT
    with explain_write_error(target), atomic_folder(target) as folder, quiet_transformers():
        card = model_card(info, f"{dataset.name}-{info.name}", builder, cut, material.record)
        texts = TrainingTextHashes.of(example.text for example in material.examples)
        if start is not None and start.texts is not None:
            texts = texts.joined(start.texts)
        save_checkpoint(folder, network, builder.tokenizer, info, card, texts)


def _mending(dataset: PreparedDataset) -> dict[str, Any]:
    """Return how the cells of the corpora were mended, so that prediction mends them in the same way."""
    corpora = dataset.manifest.settings.data
    words = dict.fromkeys(word for corpus in corpora for word in corpus.missing_words)
    repairs = {corpus.repair for corpus in corpora} - {NO_REPAIR}
    return {"missing_words": list(words), "repair": max(repairs, default=NO_REPAIR)}


def fix_seed(seed: int) -> None:
    """Seed all that a training draws, and let it compute the same each time."""
    import torch
    from transformers import enable_full_determinism

    enable_full_determinism(seed)
    # Deterministic mode also fills fresh memory, so that a program that reads it before writing repeats its results.
    # Nothing here does, and the filling costs a tenth of a training on a CPU.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]


def _count_cut(builder: Builder, dataset: PreparedDataset) -> dict[str, Cut]:
    cuts = {"train": builder.count_cut(dataset.train), "validation": builder.count_cut(dataset.validation)}
    for split, cut in cuts.items():
        if cut.is_any:
            logger.warning("%s: %s; see model.input.max_length", split, cut.sentence(builder.settings.max_length))
        if cut.is_untold:
            logger.warning(
                "%s: %s, so the model cannot tell such rows apart; see model.input.pair, mark and name_absent",
                split,
                cut.untold_sentence(),
            )
    return cuts
