"""`metrics.json` as types: what an evaluation found and what made it, read and written in one place.

The field names of these classes are the keys of the file; `docs/metrics.md` describes them. Names in the file are for
machines; titles for people are the report's.
The types of `metrics` that stand in the file belong to its layout as well.
"""

from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.calibration import ReliabilityBin
from stancelab.metrics.calibration_noise import CalibrationNoise
from stancelab.metrics.jackknife import Difference
from stancelab.metrics.significance import Comparison, Precision
from stancelab.results.comparisons import (
    Comparisons,
    CorporaComparison,
    CurveStep,
    LearnerComparison,
    LossComparison,
    LossDifference,
)
from stancelab.results.file import FORMAT, Results, read_results, write_results
from stancelab.results.gold import (
    Guessing,
    HumanCeiling,
    Majority,
    PairSet,
    PartialInput,
    Perturbation,
    Slice,
    TestFile,
)
from stancelab.results.provenance import (
    CheckpointProvenance,
    DatasetProvenance,
    Pooled,
    Procedure,
    Provenance,
    TrainingSample,
    check_provenance,
)
from stancelab.results.scores import (
    BeforeTemperature,
    Calibration,
    PerClass,
    RunScores,
    Scores,
    Selective,
    TargetScores,
    ThresholdScores,
    UnparsedRows,
)
from stancelab.results.systems import (
    AgainstAnnotators,
    ErrorKinds,
    InputGaps,
    PairScores,
    PerturbationScores,
    Reweighted,
    SliceContrast,
    SliceScores,
    SystemResults,
    SystemScores,
)

__all__ = [
    "FORMAT",
    "AgainstAnnotators",
    "BeforeTemperature",
    "Calibration",
    "CalibrationNoise",
    "CheckpointProvenance",
    "Comparison",
    "Comparisons",
    "CorporaComparison",
    "CurveStep",
    "DatasetProvenance",
    "Difference",
    "ErrorKinds",
    "Guessing",
    "HumanCeiling",
    "InputGaps",
    "Interval",
    "LearnerComparison",
    "LossComparison",
    "LossDifference",
    "Majority",
    "PairScores",
    "PairSet",
    "PartialInput",
    "PerClass",
    "Perturbation",
    "PerturbationScores",
    "Pooled",
    "Precision",
    "Procedure",
    "Provenance",
    "ReliabilityBin",
    "Results",
    "Reweighted",
    "RunScores",
    "Scores",
    "Selective",
    "Slice",
    "SliceContrast",
    "SliceScores",
    "SystemResults",
    "SystemScores",
    "TargetScores",
    "TestFile",
    "ThresholdScores",
    "TrainingSample",
    "UnparsedRows",
    "check_provenance",
    "read_results",
    "write_results",
]
