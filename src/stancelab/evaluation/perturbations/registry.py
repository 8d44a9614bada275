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
        number: Part of the seed of its choices; it never changes, and no other test takes it.
        name: Its name in `evaluation.perturbations` and in metrics.json.
        change: Returns the changed examples in the order of the given ones, None where it does not apply.
        preserves_label: Whether the prediction should stay as it is (INV); else it may change (DIR).
    """

    number: int
    name: str
    change: Callable[[Sequence[Example], np.random.Generator], Perturbed]
    preserves_label: bool


_TESTS: Final = (
    PerturbationTest(0, "target_hidden", parts.hide_target, preserves_label=False),
    PerturbationTest(1, "source_hidden", parts.hide_source, preserves_label=False),
    PerturbationTest(4, "target_of_corpus", parts.target_of_corpus, preserves_label=False),
    PerturbationTest(5, "source_of_corpus", parts.source_of_corpus, preserves_label=False),
    PerturbationTest(6, "negation_flip", wording.negation_flip, preserves_label=False),
    PerturbationTest(7, "lower_case", wording.lower_case, preserves_label=True),
    PerturbationTest(8, "typos", wording.typos, preserves_label=True),
    PerturbationTest(9, "contractions", wording.contractions, preserves_label=True),
    PerturbationTest(10, "countries", entities.countries, preserves_label=True),
    PerturbationTest(11, "people", entities.people, preserves_label=True),
    PerturbationTest(12, "organizations", entities.organizations, preserves_label=True),
)
#: Tests of earlier versions, numbers 2 and 3. They compared a file's rows with one another: accuracy was the same
#: before and after whatever a system reads. `evaluation.pairs` scores these rows.
REPLACED: Final = ("target_of_sentence", "source_of_sentence")
#: By name; settings, metrics.json and reports list them in this order.
PERTURBATIONS: Final = {test.name: test for test in _TESTS}
