"""The typed configs behind `configs/`, one dataclass per command. The only station that knows OmegaConf.

The dataclasses are Hydra's schemas: a key that is not in them or a value of another type is refused when the config is
composed. `build` then checks ranges and what no type can say, all groups at once, before any work is done.
"""

from __future__ import annotations

import dataclasses
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar, cast

from hydra.core.config_store import ConfigStore
from omegaconf import MISSING, DictConfig, OmegaConf

from stancelab.baselines.settings import BaselineSettings
from stancelab.data.settings import AuditSettings, CorpusSettings, SplitSettings
from stancelab.errors import ConfigError, did_you_mean, list_problems
from stancelab.evaluation.settings import EvaluationSettings, InspectSettings
from stancelab.inference.settings import PredictSettings
from stancelab.training.settings import ModelSettings, TrainingSettings

ConfigT = TypeVar("ConfigT", bound="CommandConfig")


@dataclass
class DataConfig(CorpusSettings):
    """One corpus, or several that are trained together and evaluated apart.

    Attributes:
        corpora: The corpora by name, where there are several; `data=[newsmtsc,mpqa]` fills this.
    """

    corpora: dict[str, CorpusSettings] = field(default_factory=dict)

    def each(self) -> list[CorpusSettings]:
        """Return the corpora to read: those of `corpora`, or this one alone."""
        if self.corpora:
            return list(self.corpora.values())
        own = {item.name: getattr(self, item.name) for item in dataclasses.fields(CorpusSettings)}
        return [CorpusSettings(**own)]

    def problems(self) -> list[str]:
        """Return what is wrong with any of the corpora, one line each."""
        if not self.corpora:
            return super().problems()
        first = next(iter(self.corpora))
        own, default = asdict(self), asdict(DataConfig(name=self.name))
        lines = [
            f"{key}: is not used beside several corpora; set it for each, as in data.corpora.{first}.{key}=VALUE"
            for key in own
            if key != "corpora" and own[key] != default[key]
        ]
        return lines + [f"corpora.{name}.{line}" for name, corpus in self.corpora.items() for line in corpus.problems()]


@dataclass
class CommandConfig:
    """What every command has.

    Attributes:
        name: What the run is called in `outputs/`.
        output_root: Where prepared datasets and runs are written.
    """

    name: str = MISSING
    output_root: str = "outputs"


@dataclass
class Recipe(CommandConfig):
    """What an experiment may set: every command on a corpus takes all of it, and works with its own part.

    Attributes:
        data: Which corpus, and how its columns and labels are named.
        split: How train, validation and test are divided.
        audit: What is looked for, and whether leakage is removed from train.
        model: The encoder and how its input is built; the audit counts the texts that are cut at its length.
        seed: Decides the new weights, the order of rows and the dropout; several with `seed=0,1,2 -m`.
        training: The optimization.
        baselines: The rivals that are fitted on train.
        evaluation: Test files, intervals, comparisons and calibration.
        demo: Sentences to classify with the new checkpoint at the end, each with text, source and target.
    """

    #: The groups that the command works with, for its help.
    uses: ClassVar[tuple[str, ...]] = ()

    data: DataConfig = field(default_factory=DataConfig)
    split: SplitSettings = field(default_factory=SplitSettings)
    audit: AuditSettings = field(default_factory=AuditSettings)
    model: ModelSettings = field(default_factory=ModelSettings)
    seed: int = MISSING
    training: TrainingSettings = field(default_factory=TrainingSettings)
    baselines: BaselineSettings = field(default_factory=BaselineSettings)
    evaluation: EvaluationSettings = field(default_factory=EvaluationSettings)
    demo: list[dict[str, str]] = field(default_factory=list)


@dataclass
class PrepareConfig(Recipe):
    """Read labeled sentences, audit and split them, and write a prepared dataset."""

    uses = ("data", "split", "audit", "model")


@dataclass
class TrainConfig(Recipe):
    """Fine-tune an encoder on a corpus, which is prepared first where that has not been done."""

    uses = ("data", "split", "audit", "model", "seed", "training")


@dataclass
class EvaluateConfig(Recipe):
    """Compare checkpoints and baselines on a corpus's test files, and write the report.

    Attributes:
        checkpoint: A checkpoint folder, a run or a folder of runs, a list of them, or NAME: FOLDER pairs; [] for
            baselines alone.
        predictions: Tables of predictions that were made elsewhere, with the columns id and predicted (or label): a
            file, a list of them, or NAME: FILE pairs; a list in place of FILE holds the runs of one system.
    """

    uses = ("data", "split", "audit", "model", "baselines", "evaluation", "checkpoint", "predictions", "runs")

    checkpoint: Any = MISSING
    predictions: Any = None


@dataclass
class InspectConfig(Recipe):
    """List the rows of a corpus whose label may be wrong, for a person to correct.

    Attributes:
        inspect: Which baseline doubts, and in how many folds.
    """

    uses = ("data", "split", "audit", "model", "baselines", "inspect")

    inspect: InspectSettings = field(default_factory=InspectSettings)


@dataclass
class CompareConfig(CommandConfig):
    """Put the systems of several evaluations side by side: stancelab compare RUN RUN ...

    Attributes:
        runs: The folders of the evaluations: a list, or LABEL: FOLDER pairs; words without "=" are taken as such. A
            folder that holds several stands for all of them.
        evaluation: Test files, intervals, comparisons and calibration.
    """

    runs: Any = MISSING
    evaluation: EvaluationSettings = field(default_factory=EvaluationSettings)


@dataclass
class PoolConfig(CompareConfig):
    """Put the evaluations of the folds of a cross-validation together as one: stancelab pool RUN RUN ..."""


@dataclass
class CurveConfig(CompareConfig):
    """Draw the learning curve of runs that differ by how much of train they have: stancelab curve RUN RUN ..."""


@dataclass
class RunConfig(Recipe):
    """Prepare, train, evaluate and report in one go."""

    uses = ("data", "split", "audit", "model", "seed", "training", "baselines", "evaluation", "demo")


@dataclass
class PredictConfig(CommandConfig):
    """Classify the rows of a table with a checkpoint.

    Attributes:
        checkpoint: The checkpoint folder, or its name on the hub.
        input: CSV, TSV, JSONL or Parquet with at least a text and a target column.
        output: Where the table with the predictions goes; its ending tells the format.
        predict: Columns, batches, and what to do with rows that cannot be used.
    """

    checkpoint: str = MISSING
    input: str = MISSING
    output: str = MISSING
    predict: PredictSettings = field(default_factory=PredictSettings)


#: Command -> the type of its config; `configs/COMMAND.yaml` is its table of contents.
COMMANDS: Final[dict[str, type[CommandConfig]]] = {
    "run": RunConfig,
    "prepare": PrepareConfig,
    "train": TrainConfig,
    "evaluate": EvaluateConfig,
    "compare": CompareConfig,
    "pool": PoolConfig,
    "curve": CurveConfig,
    "inspect": InspectConfig,
    "predict": PredictConfig,
}


def build(config: DictConfig, kind: type[ConfigT]) -> ConfigT:
    """Turn a composed config into its dataclass and check every group.

    Raises:
        ConfigError: Lists everything that is missing, of the wrong type or out of range.
    """
    keys = known_keys(kind)
    unknown = [key for key in _flatten(config, "") if key not in keys and not _in_free_dict(key, keys)]
    if unknown:
        raise ConfigError("\n".join(f"unknown setting {key!r}.{did_you_mean(key, keys)}" for key in unknown))
    missing = sorted(OmegaConf.missing_keys(config))
    if missing:
        raise ConfigError("not given: " + ", ".join(missing) + f"; write for example {missing[0]}=VALUE")
    built = cast("ConfigT", OmegaConf.to_object(config))
    if not isinstance(built, kind):
        raise ConfigError(f"the config is {type(built).__name__}, expected {kind.__name__}")
    problems = []
    for item in dataclasses.fields(built):
        group = getattr(built, item.name)
        if dataclasses.is_dataclass(group) and hasattr(group, "problems"):
            problems += [f"{item.name}.{line}" for line in group.problems()]
    seed = getattr(built, "seed", 0)
    if not 0 <= seed < 2**32:
        problems.append(f"seed: found {seed}, allowed are 0 to 4294967295")
    if problems:
        raise ConfigError("these settings cannot be used:\n" + list_problems(problems))
    return built


def known_keys(kind: type[CommandConfig]) -> list[str]:
    """Return all keys of a command's config, in dotted form."""
    return list(_flatten(OmegaConf.structured(kind), ""))


def as_plain(config: Any) -> dict[str, Any]:
    """Return what a command works with of its config as plain dicts and lists, for manifests and reports."""
    used = {item.name for item in used_fields(type(config))}
    return {name: value for name, value in asdict(config).items() if name in used}


def used_fields(kind: Any) -> list[dataclasses.Field[Any]]:
    """Return the fields that a command works with; an experiment may set the others for other commands."""
    common = ("name", "output_root")
    uses = getattr(kind, "uses", None)
    return [item for item in dataclasses.fields(kind) if uses is None or item.name in (*uses, *common)]


def _in_free_dict(key: str, keys: list[str]) -> bool:
    """Tell whether a key lies in a dict whose keys are the user's own, such as the corpora's or the targets' names."""
    return any(
        key.startswith(f"{name}.")
        for name in keys
        if name.rpartition(".")[2] in ("corpora", "target_names", "checkpoint", "predictions", "runs")
    )


def _flatten(node: DictConfig, prefix: str) -> list[str]:
    keys = []
    for key in node:
        name = f"{prefix}{key!s}"
        keys.append(name)
        if not OmegaConf.is_missing(node, key) and isinstance(node[key], DictConfig):
            keys += _flatten(node[key], f"{name}.")
    return keys


def config_folder() -> Path:
    """Return the folder of the configs: beside the installed package, or at the top of a clone."""
    package = Path(__file__).resolve().parents[1]
    installed, clone = package / "_configs", package.parents[1] / "configs"
    folder = installed if installed.is_dir() else clone
    if not (folder / "train.yaml").is_file():
        raise ConfigError(f"no configs found in {installed} or {clone}; install stancelab again")
    return folder


def register_schemas() -> None:
    """Make the dataclasses known to Hydra, as the `COMMAND_schema` that each primary config begins with."""
    store = ConfigStore.instance()
    for command, kind in COMMANDS.items():
        store.store(name=f"{command}_schema", node=kind)
