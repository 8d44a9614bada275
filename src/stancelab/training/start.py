"""A checkpoint of stancelab from which a training goes on, in place of a pretrained encoder with a new head."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.checkpoint import (
    CheckpointInfo,
    StartInfo,
    checkpoint_folder,
    load_info,
    load_training_texts,
    not_finished,
    unfinished_run,
    verify,
)
from stancelab.checkpoint.info import MOST_STARTS
from stancelab.encoders import PACKAGE_PREFIX, explain_hub_error, resolve_encoder
from stancelab.encoding import PAIR, settings_read
from stancelab.errors import CheckpointError, count_of, verb
from stancelab.files import checkpoint_of, fingerprint, sha256_of
from stancelab.inference.provenance import checkpoint_provenance
from stancelab.layout import CHECKPOINT, CONFIG, DESCRIPTION, HEAD_WEIGHTS, WEIGHTS
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from stancelab.data.prepared import PreparedDataset
    from stancelab.encoders import ModelSettings
    from stancelab.training_texts import TrainingTextHashes

logger = logging.getLogger(__name__)

#: Settings of the input that say how much of a text is read; a head that was trained with others goes on with them.
_OF_LENGTH: Final = ("max_length", "keep")


@dataclass(frozen=True)
class Start:
    """A checkpoint from which a training goes on.

    Attributes:
        folder: Its folder; of one on the hub, that in the cache.
        info: What its `stancelab.json` says.
        record: What the new checkpoint keeps of it.
        texts: Hashes of its training texts, None where it keeps none.
    """

    folder: Path
    info: CheckpointInfo
    record: StartInfo
    texts: TrainingTextHashes | None

    @property
    def fingerprint(self) -> str:
        """What tells its weights, those of the head too, from others."""
        return fingerprint([self.record.sha256, self.record.head_sha256])

    @property
    def records(self) -> list[StartInfo]:
        """What the new checkpoint keeps of it and of those that it was trained from itself."""
        return [self.record, *self.info.starts][:MOST_STARTS]

    def network(self) -> Any:
        """Load its network, with its head, as prediction does.

        Raises:
            CheckpointError: A file is damaged.
        """
        from stancelab.inference.backends.torch import TorchBackend

        verify(self.folder)
        return TorchBackend.load(self.folder, self.info, device="cpu").model

    def tell(self, settings: ModelSettings, classes: list[str]) -> None:
        """Log what is taken over, and in what the new training differs from the checkpoint's.

        Args:
            settings: The encoder and how its input is built.
            classes: The classes of the new training.
        """
        name, info = self.record.name, self.info
        if info.head != settings.head:
            message = "%s has the head %s, and model.head=%s: a new head takes its place; model.head=%s takes it over"
            logger.warning(message, name, info.head, settings.head, info.head)
            return
        if not self.record.head_taken:
            columns = ", ".join(info.labels)
            logger.warning("%s: its head answers in the order %s; a new one takes its place", name, columns)
            return
        rows = count_of(self.record.train_rows, "row")
        logger.info("%s, trained on %s (%s): its head is taken over", name, self.record.dataset or "unknown data", rows)
        if differing := differing_input(info, settings):
            logger.warning("%s was trained with another input: %s", name, ", ".join(differing))
        if missing := [stance for stance in classes if stance not in info.classes]:
            logger.warning("%s: no row of its training was %s, as rows are here", name, " or ".join(missing))

    def warnings(self, dataset: PreparedDataset) -> list[str]:
        """Return what speaks against scores on validation and test rows, one sentence each, without a full stop."""
        if self.texts is None:
            return [
                "the checkpoint that the training started from keeps no hashes of its training texts, so nobody knows "
                "which validation and test rows it has seen"
            ]
        seen = []
        for name, rows in {"validation": dataset.validation, **dataset.tests}.items():
            if number := int(self.texts.among(row.text for row in rows).sum()):
                seen.append((number, f"{number:,} of {count_of(len(rows), 'row')} of {name}"))
        if not seen:
            return []
        have = verb(sum(number for number, _ in seen), "has", "have")
        return [
            f"{', '.join(told for _, told in seen)} {have} a training text of the checkpoint that the training started "
            "from, so scores on them may be too high"
        ]


def start_of(settings: ModelSettings) -> Start | None:
    """Return the checkpoint that `model.name_or_path` names, None where it names a pretrained encoder.

    Raises:
        CheckpointError: It cannot be found or read, or is not complete.
    """
    folder, on_hub = _folder(settings)
    if folder is None:
        return None
    info = load_info(folder)
    record = StartInfo(
        name=settings.name_or_path if on_hub else str(folder),
        on_hub=on_hub,
        sha256=sha256_of(folder / WEIGHTS),
        head_sha256=sha256_of(folder / HEAD_WEIGHTS) if info.head == PAIR else None,
        head_taken=info.head == settings.head and info.labels == list(STANCES),
        dataset=info.dataset.name,
        train_rows=max(info.dataset.train_rows, 0),
        recipe=fingerprint(checkpoint_provenance(info).identity()),
    )
    return Start(folder, info, record, load_training_texts(folder))


def differing_input(info: CheckpointInfo, settings: ModelSettings) -> list[str]:
    """Return in words which settings of the input are others than those that a head was trained with."""
    before, now = settings_read(info.head, info.input), settings_read(info.head, settings.input)
    without_meaning = ("name_absent",) if before.get("pair") and now.get("pair") else ()
    return [
        f"model.input.{name} was {before[name]} and is {now[name]}"
        for name in now
        if name not in (*_OF_LENGTH, *without_meaning) and _unordered(before[name]) != _unordered(now[name])
    ]


def _unordered(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def _folder(settings: ModelSettings) -> tuple[Path | None, bool]:
    """Return the folder of the checkpoint, None where there is none, and whether it is of the hub."""
    if not settings.name_or_path.startswith(PACKAGE_PREFIX):
        _check_runs(checkpoint_of(Path(settings.name_or_path).expanduser()))
    resolved = resolve_encoder(settings.name_or_path, settings.sha256)
    on_hub = not Path(resolved).is_dir()
    folder = _from_hub(resolved) if on_hub else Path(resolved)
    is_checkpoint = folder is not None and (folder / DESCRIPTION).is_file()
    return folder if is_checkpoint else None, on_hub


def _check_runs(folder: Path) -> None:
    """Refuse a folder of several runs, and one of a run that has made no checkpoint."""
    if not folder.is_dir() or (folder / CONFIG).is_file():
        return
    runs = sorted(path.parent.parent for path in folder.glob(f"*/{CHECKPOINT}/{DESCRIPTION}"))
    if runs:
        raise CheckpointError(f"{folder}: holds {count_of(len(runs), 'run')}; name one, such as {runs[-1]}")
    run = unfinished_run(folder)
    if run is not None:
        raise CheckpointError(not_finished(folder, run))


def _from_hub(name: str) -> Path | None:
    """Return what the hub has under a name, where its config says that it answers the stances."""
    from transformers import AutoConfig

    with explain_hub_error(name):
        config = AutoConfig.from_pretrained(name, trust_remote_code=False)
    # Of other models not all files are fetched, which may be of several formats.
    labels = getattr(config, "id2label", None) or {}
    return checkpoint_folder(name) if {*labels.values()} == {*STANCES} else None
