from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancelab.baselines import make_baseline

if TYPE_CHECKING:
    from collections.abc import Callable

    from stancelab.baselines.settings import BaselineSettings
    from stancelab.schema import Example


def test_majority_is_the_shares_of_train(
    corpus: list[Example], settings: BaselineSettings, row: Callable[..., Example]
) -> None:
    rows = [row("a", "x", "favor"), row("b", "x", "favor"), row("c", "y", "against"), row("d", "y", "favor")]
    assert make_baseline("majority", settings).fit(rows, []).predict_proba(corpus[:1]).tolist() == [[0.25, 0.0, 0.75]]


def test_majority_per_target_is_smoothed_by_five_rows(settings: BaselineSettings, row: Callable[..., Example]) -> None:
    rows = [
        row("a", "Pact", "favor"),
        row("b", "pact ", "favor"),
        row("c", "Deal", "against"),
        row("d", "Deal", "favor"),
    ]
    baseline = make_baseline("majority_per_target", settings).fit(rows, [])
    found = baseline.predict_proba([row("e", "PACT", None), row("e", "deal", None), row("e", "unseen", None)])
    expected = [[5 / 4 / 7, 0, (2 + 15 / 4) / 7], [(1 + 5 / 4) / 7, 0, (1 + 15 / 4) / 7], [0.25, 0, 0.75]]
    np.testing.assert_allclose(found, expected)


def test_two_forms_of_one_name_are_one_target(settings: BaselineSettings, row: Callable[..., Example]) -> None:
    forms = ("Café d’État", "cafe\u0301 d'e\u0301tat", "Café d’\u200bÉtat")
    rows = [row(f"Report {n} .", forms[n % 2], "favor") for n in range(6)] + [row("No .", "Kenya", "against")]
    baseline = make_baseline("majority_per_target", settings).fit(rows, [])
    assert baseline.describe()["targets"] == 2
    first, *others = baseline.predict_proba([row("New .", name, "favor") for name in forms]).tolist()
    assert others == [first, first]
    assert baseline.predict_proba([row("New .", "another", "favor")]).tolist() != [first]
