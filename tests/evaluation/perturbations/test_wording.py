from __future__ import annotations

import dataclasses

from stancelab.schema import Example, Span


def test_letters_change_outside_the_mentions(changed, rows, text) -> None:
    contracted = changed("contractions", rows)[0]
    assert contracted is not None
    assert contracted.text == text.replace("did not", "didn't").replace("it's", "it is")
    typed = changed("typos", rows)[0]
    assert typed is not None
    assert sorted(typed.text) == sorted(text)
    assert sum(a != b for a, b in zip(typed.text, text, strict=True)) == 2
    lowered = changed("lower_case", rows)[1]
    assert lowered is not None
    assert (lowered.text, lowered.source, lowered.target) == (text.lower(), "poland", "the baltic pact")
    assert changed("contractions", rows)[3] is None


def test_a_negation_flip_is_the_one_of_the_corpus_and_mentions_are_found_again(changed, rows, text) -> None:
    found = changed("negation_flip", rows)
    assert [each and (each.text, each.stance) for each in found] == [
        (text.replace("did not back", "backed"), "favor"), None, None, None,
    ]  # fmt: skip
    # Changes on both sides of the source, whose second mention is meant.
    sentence = "Rome says Rome will not vote for the levy."
    twice = Example(
        id="1", text=sentence, source="Rome", target="the levy", stance="against", source_span=Span(10, 14),
        target_span=Span(33, 41),
        extra={"negated_text": "Now Rome says that Rome will vote for the levy.", "negated_stance": "favor"},
    )  # fmt: skip
    (flipped,) = changed("negation_flip", [twice])
    assert flipped is not None
    assert flipped.text[slice(*flipped.target_span)] == "the levy"
    assert flipped.source_span == Span(19, 23)
    gone = dataclasses.replace(twice, extra={"negated_text": "It will vote for the levy.", "negated_stance": "favor"})
    assert changed("negation_flip", [gone])[0].source_span is None
