"""Spellings of one target, and names that a table gives it."""

from __future__ import annotations

import pytest

from stancelab.targets import TargetNames, canonical_target


@pytest.mark.parametrize(
    ("target", "form"),
    [
        ("the  EU", "eu"),
        ("EU", "eu"),
        ("any such Tariffs", "tariff"),
        ("a tariff", "tariff"),
        ("their treaties", "treaty"),
        ("new taxes", "new tax"),
        ("the marches", "march"),
        ("Spain\N{RIGHT SINGLE QUOTATION MARK}s offers", "spain's offer"),
        ("sanctions on Iran", "sanctions on iran"),  # the last word alone is folded
        ("the sanctions regime", "sanctions regime"),
        ("congress", "congress"),
        ("the virus", "virus"),
        ("Paris", "paris"),
        ("ties", "tie"),
        ("the US", "us"),
        ("news", "news"),
        ("the", "the"),
        ("That", "that"),
        ("the G7s", "g7s"),
        ("", ""),
    ],
)
def test_what_spellings_have_in_common(target: str, form: str) -> None:
    assert canonical_target(target) == form
    assert canonical_target(form) == form


def test_names_of_a_table_hold_for_all_spellings() -> None:
    names = TargetNames({"eu": "european union", "brussel": "european union"})
    assert {names.canonical(each) for each in ("EU", "the EU", "The European Union", "Brussels")} == {"european union"}
    assert names.canonical("Oslo") == "oslo"
