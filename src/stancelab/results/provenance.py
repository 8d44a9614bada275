"""What made an evaluation: dataset, checkpoints, baselines, versions, and the settings of its method."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from stancelab.errors import ConfigError, shorten
from stancelab.schema import PARTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


@dataclass(frozen=True, kw_only=True)
class TrainingSample:
    """How many of a corpus's training rows were kept.

    Attributes:
        setting: The setting of `split` that says so: "train_share", "train_rows" or "shots".
        amount: Its value.
    """

    setting: str
    amount: float


@dataclass(frozen=True, kw_only=True)
class DatasetProvenance:
    """The prepared dataset of an evaluation.

    Attributes:
        name: The corpora in it, joined by "+".
        fingerprint: A short hash of its rows and splits.
        counts: By split, the number of "rows" and of those of each stance.
        sample: Which training rows were kept, None where all were.
        split: The settings of the split; empty where they are not known, as for rows that were given from Python.
        corrected: By split, the number of labels that a person corrected; splits without one are left out.
        audit: The content of its audit.json.
        data_key: A short hash of the rows that it was divided from, which all folds of a partition share.
    """

    name: str
    fingerprint: str = ""
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    sample: TrainingSample | None = None
    split: dict[str, Any] = field(default_factory=dict)
    corrected: dict[str, int] = field(default_factory=dict)
    audit: dict[str, Any] = field(default_factory=dict)
    data_key: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckpointProvenance:
    """One checkpoint of an evaluation.

    Attributes:
        name: What the system is called; seeds of one system share it.
        seed: The seed of its training.
        encoder: The pretrained encoder: a package, a folder or a name on the hub.
        encoder_sha256: The SHA-256 of that encoder's weights, None where it came from the hub.
        start: The checkpoint from which its training went on, "" where it began with the pretrained encoder.
        start_sha256: The SHA-256 of that checkpoint's weights, and of its head where that is a file of its own.
        start_recipe: A hash of that checkpoint's `identity`, "" where earlier versions did not keep it: seeds of one
            system go on from one checkpoint, or each from a seed of one training.
        head: What answers: "pair" or "sequence".
        temperature: What its logits are divided by.
        hidden: The parts of the row that it was trained without: "source", "target".
        input: How an example becomes its input, by setting.
        training: The settings of its training.
        dataset: The prepared dataset it was trained on.
        dataset_fingerprint: That dataset's fingerprint.
        train_rows: The number of its training rows.
        dev_metric: The metric it was chosen by on validation rows.
        dev_score: Its value.
        version: The version of stancelab that trained it.
        warnings: What speaks against relying on its training.
    """

    name: str
    seed: int | None = None
    encoder: str = ""
    encoder_sha256: str | None = None
    start: str = ""
    start_sha256: list[str] = field(default_factory=list)
    start_recipe: str = ""
    head: str = ""
    temperature: float = 1.0
    hidden: list[str] = field(default_factory=list)
    input: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    dataset: str = ""
    dataset_fingerprint: str = ""
    train_rows: int | None = None
    dev_metric: str = ""
    dev_score: float | None = None
    version: str = ""
    warnings: list[str] = field(default_factory=list)

    def identity(self, leave_out: Collection[str] = ()) -> dict[str, Any]:
        """Return what the seeds of one system share, by setting: encoder, input, training, data and version.

        Args:
            leave_out: Settings that are left out, such as "input.hide".
        """
        found = {
            "encoder": self.encoder_sha256 or self.encoder,
            "start": self.start_recipe or self.start_sha256,
            "head": self.head,
            **{f"input.{name}": value for name, value in self.input.items()},
            **{f"training.{name}": value for name, value in self.training.items()},
            "dataset": self.dataset_fingerprint,
            "train_rows": self.train_rows,
            "stancelab": self.version,
        }
        kept = {name: value for name, value in found.items() if name not in {*leave_out, *_NO_EFFECT}}
        return {name: value for name, value in kept.items() if name not in _LATER or value != _LATER[name]}

    def differences(self, other: CheckpointProvenance, leave_out: Collection[str] = ()) -> list[str]:
        """Return in words by which settings two checkpoints differ, seeds aside, such as "training.epochs (3, 5)"."""
        one, two = self.identity(leave_out), other.identity(leave_out)
        return [
            f"{name} ({_shown(one.get(name))}, {_shown(two.get(name))})"
            for name in {**one, **two}
            if one.get(name) != two.get(name)
        ]


#: Settings of training that change nothing of what is learned.
_NO_EFFECT: Final = ("training.resume", "training.save_minutes")
#: Settings that checkpoints of before lack, with the value that says how those were trained.
_LATER: Final = {"training.r_drop": 0.0}


def _shown(value: Any) -> str:
    return shorten(str(value)) if value not in (None, "", [], {}) else "none"


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """A cross-validation whose folds were put together.

    Attributes:
        kind: The kind of split: "kfold" or "leave_target_out".
        folds: How many folds each row is in one of.
        seeds: The seeds of the partitions into folds, one for each.
        test_to_train: Test rows of a fold divided by its training rows, the mean over folds.
    """

    kind: str
    folds: int
    seeds: list[int]
    test_to_train: float


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What made an evaluation.

    Attributes:
        title: What the report is called; "" makes one of the dataset's name.
        command: The command line.
        commands: The command lines of the evaluations that were put together in this one.
        config: The settings of the command.
        dataset: The prepared dataset, None where it is not known.
        pooled: The cross-validation that this evaluation is of, None where it is of one dataset.
        checkpoints: The checkpoints among the systems.
        baselines: The baselines among the systems, each with what was chosen or counted while it was fitted.
        versions: Versions of Python and of the packages that results depend on.
        hardware: Processor and cores.
    """

    title: str = ""
    command: str = ""
    commands: list[str] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=dict)
    dataset: DatasetProvenance | None = None
    pooled: Pooled | None = None
    checkpoints: list[CheckpointProvenance] = field(default_factory=list)
    baselines: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    hardware: str = ""

    @property
    def text_only(self) -> list[str]:
        """The systems that were trained with source and target hidden: text-only ablations."""
        return list(dict.fromkeys(each.name for each in self.checkpoints if _is_hidden(each.hidden)))

    @property
    def text_only_baselines(self) -> list[str]:
        """The baselines that read neither source nor target."""
        return [name for name, described in self.baselines.items() if _is_hidden(described.get("hidden") or ())]


def _is_hidden(parts: Iterable[str]) -> bool:
    return set(PARTS) <= set(parts)


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """How scores, intervals and tests were computed: the settings of the group `evaluation`.

    Attributes:
        bootstrap_resamples: Resamples of an interval.
        randomization_rounds: Rounds of an approximate randomization test.
        unit: The resampling unit that was asked for: "document", "text" or "document_and_target".
        level: Systems differ significantly whose corrected p-value is below it.
        seed: The seed of resamples and rounds.
        bins: Bins of confidence.
        paired_seeds: Whether systems with the same seeds were compared seed by seed.
        margin: The largest difference, in points, that makes no difference; None where equivalence was not tested.
        prevalence: The shares of stances that scores are reweighted to besides; empty where none were given.
        weight: The column of design weights, "" where there is none.
    """

    bootstrap_resamples: int
    randomization_rounds: int
    unit: str
    level: float
    seed: int
    bins: int
    paired_seeds: bool = False
    margin: float | None = None
    prevalence: dict[str, float] = field(default_factory=dict)
    weight: str = ""


def check_provenance(provenance: Provenance) -> Provenance:
    """Return what made an evaluation as metrics.json can hold it: paths as text, NumPy's numbers as Python's.

    Raises:
        ConfigError: JSON cannot hold a value, such as NaN; the message says where it stands.
    """
    return msgspec.convert(_plain(msgspec.to_builtins(provenance, enc_hook=_as_builtin), "provenance"), Provenance)


def _as_builtin(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):  # a number or an array of NumPy's
        return value.tolist()
    raise ConfigError(f"provenance: found {shorten(repr(value))}, allowed are text, numbers, lists and dicts of them")


def _plain(value: Any, where: str) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each, f"{where}.{key}") for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, f"{where}[{place}]") for place, each in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        raise ConfigError(f"{where}: found {value}, allowed are finite numbers; metrics.json has no others")
    return value
