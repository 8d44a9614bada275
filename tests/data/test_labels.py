"""A value means the stance the settings give it, however it is spelled."""

from __future__ import annotations

import shlex

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from stancelab.data.column_settings import LabelSettings
from stancelab.data.labels import LabelMap

SETTINGS = LabelSettings(against=["AGAINST", "contra", "2"], neutral=["NONE", "4.0"], favor=["FAVOR", "pro", "6"])


@pytest.mark.parametrize(
    ("value", "stance"),
    [
        ("FAVOR", "favor"),
        (" favor ", "favor"),
        ("Pro", "favor"),
        ("6", "favor"),
        ("6.0", "favor"),
        ("6.00", "favor"),
        ("4", "neutral"),
        ("2.0", "against"),
        ("contra", "against"),
        ("", None),
        ("6.5", None),
        ("nan", None),
        ("against it", None),
    ],
)
def test_values(value: str, stance: str | None) -> None:
    assert LabelMap(SETTINGS).stance(value) == stance


def test_an_exact_value_comes_before_a_similar_one() -> None:
    labels = LabelMap(LabelSettings(against=["N"], neutral=["x"], favor=["n "]))
    assert (labels.stance("N"), labels.stance("n ")) == ("against", "favor")


def test_defaults_are_the_stances_themselves() -> None:
    labels = LabelMap(LabelSettings())
    assert [labels.stance(value) for value in ("against", "Neutral", "FAVOR")] == ["against", "neutral", "favor"]


def test_an_unknown_value_names_what_is_allowed_and_the_nearest() -> None:
    assert LabelMap(LabelSettings()).reason("favour") == (
        "no known stance; allowed are 'against' (against), 'neutral' (neutral), 'favor' (favor)."
        " Did you mean 'favor'? More values: data.labels.favor='[favor,VALUE]' and the like"
    )
    assert "Did you mean" not in LabelMap(LabelSettings()).reason("forbid")
    own = LabelMap(SETTINGS)
    assert own.reason("?").endswith("More values: data.labels.favor='[FAVOR,pro,6,VALUE]' and the like")
    assert own.reason("contra!").endswith("More values: data.labels.against='[AGAINST,contra,2,VALUE]' and the like")
    assert LabelMap(LabelSettings()).reason(" ").startswith("the stance is empty; allowed are")


def test_the_hint_can_be_copied_and_keeps_the_values_that_a_stance_has() -> None:
    values = ["in favor", "a, b", "it's", 'so "good"', "null", "+1", "1.0", "für", "[x]", "yes: no"]
    (word,) = shlex.split(LabelMap(LabelSettings(favor=values)).reason("?").partition("More values: ")[2])[:1]
    override = OverridesParser.create().parse_override(word)
    assert override.key_or_group == "data.labels.favor"
    read = override.value()
    assert isinstance(read, list)
    assert [str(each) for each in read] == [*values, "VALUE"]


def test_a_number_with_an_underscore_is_a_word() -> None:
    labels = LabelMap(LabelSettings(against=["1_0"], neutral=["11"], favor=["10"]))
    assert LabelSettings(against=["1_0"], neutral=["11"], favor=["10"]).problems() == []
    assert [labels.stance(value) for value in ("1_0", "10.0", "1_1")] == ["against", "favor", None]
