"""The settings that the commands on a corpus share: what an experiment may set."""

from __future__ import annotations

import dataclasses
from dataclasses import asdict, dataclass, field
from typing import ClassVar

from omegaconf import MISSING

from stancelab.baselines.settings import BaselineSettings
from stancelab.cli.config import CommandConfig
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.encoders import ModelSettings
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.layout import is_word_character
from stancelab.training.settings import TrainingSettings


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
        if not self.name or not all(is_word_character(each) or each == "-" for each in self.name):
            # It is part of the name of the prepared dataset's folder.
            lines.append(f"name: found {self.name!r}, allowed are letters and digits of any script, '_' and '-'")
        return lines + [f"corpora.{name}.{line}" for name, corpus in self.corpora.items() for line in corpus.problems()]


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
        baselines: The baselines that are fitted on train.
        evaluation: Test files, intervals, comparisons and calibration.
        demo: Sentences to classify with the new checkpoint at the end, each with text, source and target.
    """

    hints: ClassVar[dict[str, str]] = {
        "model.name_or_path": "name a checkpoint or the folder of its run, as in "
        "model.name_or_path=outputs/run/NAME/DATE_TIME"
    }

    data: DataConfig = field(default_factory=DataConfig)
    split: SplitSettings = field(default_factory=SplitSettings)
    audit: AuditSettings = field(default_factory=AuditSettings)
    model: ModelSettings = field(default_factory=ModelSettings)
    seed: int = MISSING
    training: TrainingSettings = field(default_factory=TrainingSettings)
    baselines: BaselineSettings = field(default_factory=BaselineSettings)
    evaluation: EvaluationSettings = field(default_factory=EvaluationSettings)
    demo: list[dict[str, str]] = field(default_factory=list)
