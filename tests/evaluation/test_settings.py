from __future__ import annotations

import subprocess
import sys

from stancelab.evaluation.perturbations.registry import PERTURBATIONS
from stancelab.evaluation.settings import EvaluationSettings


def test_settings_name_what_is_out_of_range() -> None:
    assert EvaluationSettings().problems() == []
    assert EvaluationSettings(bootstrap_resamples=10, seed=-1, bins=1).problems() == [
        "bootstrap_resamples: found 10, allowed 100 to 1000000",
        "seed: found -1, allowed >= 0",
        "bins: found 1, allowed 2 to 100",
    ]
    assert EvaluationSettings(unit="texts", level=1).problems() == [
        "unit: found 'texts', allowed document, text, document_and_target. Did you mean 'text'?",
        "level: found 1, allowed > 0 and < 1",
    ]
    assert EvaluationSettings(margin=0).problems() == ["margin: found 0, allowed null, or points > 0 and < 100"]
    assert EvaluationSettings(margin=1.5, unit="document_and_target").problems() == []


def test_perturbations_are_those_of_the_registry() -> None:
    assert EvaluationSettings(perturbations=["all", *PERTURBATIONS]).problems() == []
    (problem,) = EvaluationSettings(perturbations=["typo"]).problems()
    assert problem.startswith("perturbations: found 'typo', allowed all, target_hidden, ")
    assert problem.endswith("Did you mean 'typos'?")


def test_settings_are_read_without_numpy() -> None:
    code = "import sys, stancelab.evaluation.settings; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_perturbations_that_pairs_have_replaced_say_so() -> None:
    (problem,) = EvaluationSettings(perturbations=["typos", "target_of_sentence"]).problems()
    assert problem.startswith("perturbations: found 'target_of_sentence', which is no longer a perturbation test")
