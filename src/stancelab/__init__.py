"""stancelab: train, evaluate and use stance classifiers.

The public names are imported when they are first used, so that `import stancelab` loads nothing but this file.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from stancelab.article.read import read_text
    from stancelab.article.settings import ReadSettings
    from stancelab.baselines import fit_baselines
    from stancelab.baselines.settings import BaselineSettings
    from stancelab.data.column_settings import ColumnSettings, LabelSettings
    from stancelab.data.prepare import prepare
    from stancelab.data.settings import CorpusSettings
    from stancelab.data.split_settings import AuditSettings, SplitSettings
    from stancelab.encoders import ModelSettings
    from stancelab.encoding.settings import InputSettings
    from stancelab.errors import CheckpointError, ConfigError, DataError, MissingPackageError, StancelabError
    from stancelab.evaluation.evaluate import evaluate
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.report import write_report
    from stancelab.schema import STANCES, Example, Prediction, Span, System
    from stancelab.training.finetune import finetune
    from stancelab.training.settings import TrainingSettings

__version__ = "0.1.0"

__all__ = [
    "STANCES",
    "AuditSettings",
    "BaselineSettings",
    "CheckpointError",
    "ColumnSettings",
    "ConfigError",
    "CorpusSettings",
    "DataError",
    "EvaluationSettings",
    "Example",
    "InputSettings",
    "LabelSettings",
    "MissingPackageError",
    "ModelSettings",
    "Prediction",
    "ReadSettings",
    "Span",
    "SplitSettings",
    "StanceClassifier",
    "StancelabError",
    "System",
    "TrainingSettings",
    "__version__",
    "evaluate",
    "finetune",
    "fit_baselines",
    "prepare",
    "read_text",
    "write_report",
]

#: Public name -> the module that defines it.
_MODULES: Final = {
    "AuditSettings": "data.split_settings",
    "BaselineSettings": "baselines.settings",
    "CheckpointError": "errors",
    "ColumnSettings": "data.column_settings",
    "ConfigError": "errors",
    "CorpusSettings": "data.settings",
    "DataError": "errors",
    "EvaluationSettings": "evaluation.settings",
    "Example": "schema",
    "InputSettings": "encoding.settings",
    "LabelSettings": "data.column_settings",
    "MissingPackageError": "errors",
    "ModelSettings": "encoders",
    "Prediction": "schema",
    "ReadSettings": "article.settings",
    "STANCES": "schema",
    "Span": "schema",
    "SplitSettings": "data.split_settings",
    "StanceClassifier": "inference.classifier",
    "StancelabError": "errors",
    "System": "schema",
    "TrainingSettings": "training.settings",
    "evaluate": "evaluation.evaluate",
    "finetune": "training.finetune",
    "fit_baselines": "baselines",
    "prepare": "data.prepare",
    "read_text": "article.read",
    "write_report": "report",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module 'stancelab' has no attribute {name!r}")
    value = getattr(import_module(f"stancelab.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, also those that were not imported yet."""
    return sorted(__all__)
