"""The perturbation tests: their names and functions, and what each expects of a label.

CheckList (Ribeiro et al., ACL 2020) distinguishes invariance tests (INV), where the label stays and so should the
prediction, from directional expectation tests (DIR), where the prediction should change in a known way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.evaluation.perturbations import entities, parts, wording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from stancelab.evaluation.perturbations.edits import Perturbed
    from stancelab.schema import Example


@dataclass(frozen=True, slots=True)
class PerturbationTest:
    """A perturbation test.

    Attributes:
        name: Its name in `evaluation.perturbations` and in metrics.json.
        change: Returns the changed examples in the order of the given ones, None where it does not apply.
        preserves_label: Whether the prediction should stay as it is (INV); else it may change (DIR).
    """

    name: str
    change: Callable[[Sequence[Example], np.random.Generator], Perturbed]
    preserves_label: bool


# The order is fixed: the place of a test is part of the seed of its choices.
_TESTS: Final = (
    PerturbationTest("target_hidden", parts.hide_target, preserves_label=False),
    PerturbationTest("source_hidden", parts.hide_source, preserves_label=False),
    PerturbationTest("target_of_sentence", parts.target_of_sentence, preserves_label=False),
    PerturbationTest("source_of_sentence", parts.source_of_sentence, preserves_label=False),
    PerturbationTest("target_of_corpus", parts.target_of_corpus, preserves_label=False),
    PerturbationTest("source_of_corpus", parts.source_of_corpus, preserves_label=False),
    PerturbationTest("negation_flip", wording.negation_flip, preserves_label=False),
    PerturbationTest("lower_case", wording.lower_case, preserves_label=True),
    PerturbationTest("typos", wording.typos, preserves_label=True),
    PerturbationTest("contractions", wording.contractions, preserves_label=True),
    PerturbationTest("countries", entities.countries, preserves_label=True),
    PerturbationTest("people", entities.people, preserves_label=True),
    PerturbationTest("organizations", entities.organizations, preserves_label=True),
)
#: By name; settings, metrics.json and reports list them in this order.
PERTURBATIONS: Final = {test.name: test for test in _TESTS}
