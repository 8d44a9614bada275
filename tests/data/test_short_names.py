"""Short names of targets that no row has are told, with the targets that there are."""

from __future__ import annotations

from stancelab.data.short_names import ShortNames


def test_short_names_that_no_row_has_are_told_with_the_targets() -> None:
    names = ShortNames({"EU": "European Union", "Norwy": "Norge"})
    assert [names.get(target, target) for target in ("EU", "Norway", "the pact")] == [
        "European Union",
        "Norway",
        "the pact",
    ]
    assert names.unused("mine") == (
        "mine: data.target_names has names that no row has: 'Norwy'. Did you mean 'Norway'? The targets are 'EU', "
        "'Norway', 'the pact'"
    )


def test_many_targets_are_counted() -> None:
    names = ShortNames({"NOPE": "x"})
    for number in range(1200):
        names.get(f"{number}", "")
    told = names.unused("mine")
    assert told is not None
    assert told.endswith("The targets are '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' and 1,190 more")


def test_names_that_are_all_used_or_never_asked_for_are_no_fault() -> None:
    names = ShortNames({"EU": "European Union"})
    assert names.unused("mine") is None
    assert names.get("EU", "EU") == "European Union"
    assert names.unused("mine") is None
