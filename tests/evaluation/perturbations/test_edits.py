"""Changed examples ask what they are said to ask; mentions stay where their spans say they are."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from stancelab.evaluation.perturbations import entities as names
from stancelab.evaluation.perturbations.edits import Edit, edited
from stancelab.evaluation.perturbations.score import PROBES
from stancelab.evaluation.settings import PROBE_NAMES
from stancelab.schema import Example, Span

TEXT = "France did not back the Baltic pact, which Poland welcomed, and it's silent on the French fleet."


def row(source: str, target: str, stance: str, text: str = TEXT, **extra: str) -> Example:
    start = text.find(target)
    return Example(
        id=f"{source}-{target}", text=text, source=source, target=target, stance=stance,
        target_span=Span(start, start + len(target)) if start >= 0 else None, extra=extra,
    )  # fmt: skip


ROWS = [
    row(
        "France",
        "the Baltic pact",
        "against",
        negated_text=TEXT.replace("did not back", "backed"),
        negated_stance="favor",
    ),
    row("Poland", "the Baltic pact", "favor"),
    row("Poland", "the French fleet", "neutral"),
    row("", "the summit", "neutral", text="Nothing came of it."),
]


def changed(name: str, rows: list[Example] = ROWS) -> list[Example | None]:
    return PROBES[name](rows, np.random.default_rng(1))


def test_all_probes_have_a_name_that_can_be_set() -> None:
    assert tuple(PROBES) == PROBE_NAMES


@pytest.mark.parametrize("name", PROBES)
def test_spans_hold_the_target_and_the_given_rows_stay_as_they_are(name: str) -> None:
    before = [repr(each) for each in ROWS]
    for given, each in zip(ROWS, changed(name), strict=True):
        if each is not None:
            assert each != given
            assert each.id == given.id
            if each.target_span is not None:
                assert each.text[slice(*each.target_span)] == each.target
    assert [repr(each) for each in ROWS] == before
    assert changed(name) == changed(name)


def test_edits_move_spans_and_leave_mentions_alone() -> None:
    text = "He said that Iran rejects the deal."
    given = Example(id="1", text=text, target="the deal", source="Iran", target_span=Span(26, 34))
    found = edited(given, [Edit(0, 2, "The minister"), Edit(13, 17, "Iraq"), Edit(34, 35, "!!")])
    assert found is not None
    assert found.text == "The minister said that Iran rejects the deal!!"
    assert found.text[slice(*found.target_span)] == "the deal"
    assert found.text[slice(*found.source_span)] == "Iran"
    assert edited(given, [Edit(13, 17, "Iraq")]) is None
    assert edited(given, []) is None


def test_hidden_parts_are_asked_of_no_more() -> None:
    hidden = changed("target_hidden")
    assert [(each.target, each.target_span, each.stance) for each in hidden if each] == [
        ("something", None, given.stance) for given in ROWS
    ]
    assert [each and each.source for each in changed("source_hidden")] == ["", "", "", None]


def test_another_part_of_the_sentence_has_the_stance_of_its_row() -> None:
    targets = changed("target_of_sentence")
    assert [each and (each.target, each.stance) for each in targets] == [
        ("the French fleet", None), ("the French fleet", "neutral"), ("the Baltic pact", "favor"), None,
    ]  # fmt: skip
    sources = changed("source_of_sentence")
    assert [each and (each.source, each.stance) for each in sources] == [
        ("Poland", "favor"), ("France", "against"), ("France", None), None,
    ]  # fmt: skip


def test_a_part_from_elsewhere_is_not_in_the_sentence_and_calls_for_neutral() -> None:
    far = [*ROWS, row("Chile", "the fishing quota", "favor", text="Chile wants the fishing quota.")]
    for name, part in (("target_of_corpus", "target"), ("source_of_corpus", "source")):
        found = [each for each in changed(name, far) if each is not None]
        assert found
        assert all(each.stance == "neutral" and getattr(each, part) not in each.text for each in found)
    assert changed("source_of_corpus", ROWS)[3] is None  # the author's


def test_a_turned_negation_is_the_one_of_the_corpus_and_mentions_are_found_again() -> None:
    found = changed("negated")
    assert [each and (each.text, each.stance) for each in found] == [
        (TEXT.replace("did not back", "backed"), "favor"), None, None, None,
    ]  # fmt: skip
    # Changes on both sides of the source, whose second mention is meant.
    text = "Rome says Rome will not vote for the levy."
    twice = Example(
        id="1", text=text, source="Rome", target="the levy", stance="against", source_span=Span(10, 14),
        target_span=Span(33, 41),
        extra={"negated_text": "Now Rome says that Rome will vote for the levy.", "negated_stance": "favor"},
    )  # fmt: skip
    (turned,) = changed("negated", [twice])
    assert turned is not None
    assert turned.text[slice(*turned.target_span)] == "the levy"
    assert turned.source_span == Span(19, 23)
    gone = dataclasses.replace(twice, extra={"negated_text": "It will vote for the levy.", "negated_stance": "favor"})
    assert changed("negated", [gone])[0].source_span is None


def test_letters_change_outside_the_mentions() -> None:
    contracted = changed("contractions")[0]
    assert contracted is not None
    assert contracted.text == TEXT.replace("did not", "didn't").replace("it's", "it is")
    typed = changed("typos")[0]
    assert typed is not None
    assert sorted(typed.text) == sorted(TEXT)
    assert sum(a != b for a, b in zip(typed.text, TEXT, strict=True)) == 2
    lowered = changed("lower_case")[1]
    assert lowered is not None
    assert (lowered.text, lowered.source, lowered.target) == (TEXT.lower(), "poland", "the baltic pact")
    assert changed("contractions")[3] is None


def test_countries_are_renamed_alike_in_text_source_and_target() -> None:
    given = [
        row("Poland", "the pact with Poland", "favor", text="Kenya mocked the pact with Poland, Poland hailed it.")
    ]
    [found] = changed("countries", given)
    assert found is not None
    assert found.source not in ("Poland", "Kenya")
    assert found.target == f"the pact with {found.source}"
    assert found.text.endswith(f"the pact with {found.source}, {found.source} hailed it.")
    assert "Kenya" not in found.text
    assert found.text[slice(*found.target_span)] == found.target
    assert names.countries([row("a", "b", "favor", text="a likes b")], np.random.default_rng(0)) == [None]


def test_bodies_keep_their_article() -> None:
    text = "NATO and the African Union wrote to the EU; the EU's answer pleased the African Union."
    given = [row("the African Union", "NATO", "neutral", text=text), row("a", "b", "favor", text="UNlike the EUs")]
    found, nothing = changed("organizations", given)
    assert found is not None
    assert nothing is None
    assert not {"NATO", "African Union", "EU"} & set(re.findall(r"NATO|African Union|\bEU\b", found.text))
    assert found.text.startswith(f"{found.target} and {found.source} wrote to the ")
    assert found.text.endswith(f" answer pleased {found.source}.")


def test_people_are_renamed_by_full_and_last_name() -> None:
    given = [
        row("Robert Mugabe", "Zuma", "against", text="President Robert Mugabe mocked Mr. Zuma; Mugabe’s aides left."),
        row("Mr. O’Brien", "it", "favor", text="Mr. O’Brien liked it."),
        row("Ann Lee", "Poe", "favor", text="Senator Ann Lee liked Ms. Mary Poe."),
        row("a", "b", "favor", text="The president likes b."),
    ]
    first, second, third, nothing = changed("people", given)
    assert first is not None
    assert second is not None
    assert third is not None
    assert nothing is None
    assert not re.search("Mugabe|Zuma|Robert", first.text)
    last = first.source.rpartition(" ")[2]
    assert first.text == f"President {first.source} mocked Mr. {first.target}; {last}’s aides left."
    assert "Brien" not in second.text
    assert second.text == f"{second.source} liked it."
    assert third.text.startswith(f"Senator {third.source} liked Ms. ")
    # The mention was a part of the name that was replaced.
    assert third.text[slice(*third.target_span)] == third.target
