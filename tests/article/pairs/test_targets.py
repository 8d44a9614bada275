from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancelab.article.codebook.entries import Entry
from stancelab.article.pairs import PairSettings, example_of, pairs_of
from stancelab.article.pairs.homes import Homes


def asked(book, text, entries=None, **changes):
    """Return (sentence, source, target, the target's words) of the pairs whose target is not named."""
    passage = book.passage(text)
    entries = entries or book.entries
    mentions = [replace(one, source=entries[one.entry].source) for one in passage.mentions]
    pairs = pairs_of(passage.document, passage.sentences, mentions, PairSettings(**changes), book.groups, entries)
    return [
        (pair.sentence, pair.source, pair.target, passage.words(pair.target_span))
        for pair in pairs
        if not pair.target_named
    ]


def test_the_passages_for_tuning(targets, book, bench):
    passages = book.read("tuning")
    score = bench.score(passages, book.by_rules, book.groups)
    assert len(passages) >= 60
    assert score.precision == 1
    assert score.recall > 0.93


def test_the_passages_that_were_held_out(targets, book, bench):
    passages = book.read("held_out")
    score = bench.score(passages, book.by_rules, book.groups)
    assert len(passages) >= 50
    assert score.precision > 0.97
    assert score.recall > 0.81
    assert score.precision > bench.score(passages, targets.by_last_entry, book.groups).precision + 0.3


def test_the_passages_that_were_held_out_from_later_rules(targets, book, bench):
    passages = book.read("second_held_out")
    score = bench.score(passages, book.by_rules, book.groups)
    assert len(passages) >= 45
    assert score.precision > 0.93
    assert score.recall > 0.78
    assert score.precision > bench.score(passages, targets.by_last_entry, book.groups).precision + 0.3


def test_words_of_a_passage_list_stand_in_their_sentence(book):
    for half in ("tuning", "held_out", "second_held_out"):
        for passage in book.read(half):
            for (sentence, entry), words in passage.heard.items():
                assert words in passage.sentences[sentence].text
                assert entry not in passage.named(sentence)


def test_a_description_is_asked_with_its_own_words(book):
    text = "Norway ratified the Arctic Treaty.\nChina denounced the treaty."
    assert asked(book, text) == [(1, "China", "Arctic Treaty", "the treaty")]
    passage = book.passage(text)
    pair = pairs_of(passage.document, passage.sentences, passage.mentions, entries=book.entries)[-1]
    example = example_of(passage.document, passage.sentences[1], pair)
    assert (example.source, example.target) == ("China", "the treaty")
    assert example.target_span is not None
    assert example.text[slice(*example.target_span)] == "the treaty"


def test_the_noun_of_a_description_has_the_number_of_the_name(book):
    text = "Norway ratified the Arctic Treaty.\nChina denounced the treaties."
    assert asked(book, text) == []
    assert asked(book, "Denmark sent the patrol ships.\nChina denounced these ships.")
    assert asked(book, "Denmark sent the patrol ships.\nChina denounced this ship.") == []


def test_a_name_in_the_sentence_goes_before_a_description(book):
    assert asked(book, "Norway ratified the Arctic Treaty.\nChina denounced the treaty, the Arctic Treaty.") == []


def test_no_description_stands_for_its_own_source(book):
    assert asked(book, "NATO met.\nThe alliance said that it trusted the alliance.") == []


@pytest.mark.parametrize("behind", ["on Friday", "on 4 May", "in writing", "by night", ", it said"])
def test_words_behind_a_noun_may_be_of_the_verb(book, behind):
    text = f"Kenya backed the Arctic Treaty.\nChina rejected the treaty {behind}."
    assert asked(book, text) == [(1, "China", "Arctic Treaty", "the treaty")]


@pytest.mark.parametrize("behind", ["of 1921", "between them", "Norway wants", "with Japan", "in Oslo", "by Japan"])
def test_words_behind_a_noun_may_mean_another_one(book, behind):
    assert asked(book, f"Kenya backed the Arctic Treaty.\nChina recalled the treaty {behind}.") == []


def test_another_one_of_the_kind_makes_a_description_ambiguous(book):
    assert asked(book, "Kenya backed the Arctic Treaty.\nPeru wants a treaty.\nChina praised the treaty.") == []
    assert asked(book, "Kenya backed the Arctic Treaty.\nPeru wants a road.\nChina praised the treaty.")


def test_words_for_a_kind_are_carried_for_a_number_of_sentences(book):
    text = "Kenya backed the carbon tax.\n" + "Rain fell on the hills.\n" * 3 + "China praised the measure."
    assert asked(book, text, memory=3) == []
    assert asked(book, text, memory=4) == [(4, "China", "carbon tax", "the measure")]
    assert asked(book, "Kenya backed the carbon tax.\nChina praised the tax.", memory=0) == []


def test_the_article_says_what_an_entry_is(book):
    text = "Castel Mining, a smelter, is to close.\nChile blamed the smelter."
    assert asked(book, text) == [(1, "Chile", "Castel Mining", "the smelter")]


def test_aliases_tell_what_an_entry_is(book):
    entries = {**book.entries, "sanctions": Entry(name="sanctions", aliases=("punitive regime",), source=False)}
    text = "Sweden rejected the sanctions.\nDenmark praised the regime."
    assert asked(book, text) == []
    assert asked(book, text, entries) == [(1, "Denmark", "sanctions", "the regime")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kenyan deputies attacked their own government.", "their own government"),
        ("Kenyan deputies scolded their minister.", ""),
        ("Kenyan deputies scolded their ministers.", "their ministers"),
        ("Kenyan deputies scolded his government.", ""),
        ("Kenyan deputies scolded their own ministers.", "their own ministers"),
        ("“Our government lied,” Kenyan deputies said.", "Our government"),
        ("Uganda attacked its own government.", ""),
        ("In Nairobi, Kenyan deputies attacked their own government.", "their own government"),
    ],
)
def test_the_state_of_a_body(book, text, words):
    found = [row for row in asked(book, text) if row[1] == "Kenyan deputies"]
    assert found == ([(0, "Kenyan deputies", "Kenya", words)] if words else [])


def test_the_words_for_a_state_are_no_words_of_its_critics(book):
    passage = book.passage("Kenyan deputies praised Uganda and said their government had failed.")
    pairs = pairs_of(passage.document, passage.sentences, passage.mentions, entries=book.entries)
    of = {(pair.source, pair.target): passage.words(pair.source_span) for pair in pairs}
    assert of["Kenyan deputies", "Kenya"] == "Kenyan deputies"


def test_a_body_is_of_the_state_that_the_article_ties_it_to(book):
    entries = {**book.entries, "Polish senators": Entry(name="lawmakers", aliases=("senators",))}
    text = "In Athens, senators met.\nThe senators attacked their own government."
    assert ("Polish senators", "Greece") in {row[1:3] for row in asked(book, text, entries)}


def test_a_kingdom_is_a_state():
    entries = {name: Entry(name=name) for name in ("United Kingdom", "Justice Department")}
    entries |= {
        "MPs": Entry(name="MPs", within="United Kingdom"),
        "critics": Entry(name="critics", within="Justice Department"),
    }
    homes = Homes(entries, lambda entry: True)
    assert homes.of("MPs") == "United Kingdom"
    assert homes.of("critics") == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Chile tabled the Coastal Charter.\nPeru opposed it.", [("Coastal Charter", "it")]),
        ("Chile tabled the Coastal Charter.\nPeru voted against it.", [("Coastal Charter", "it")]),
        ("Chile tabled the Coastal Charter.\nPeru opposed them.", []),
        ("Chile tabled the Coastal Charter and the peace plan.\nPeru opposed it.", []),
        ("The amendment to the Coastal Charter failed.\nPeru opposed it.", []),
        ("Chile tabled the Coastal Charter.\nPeru read a note and opposed it.", []),
        ("Chile tabled the Coastal Charter.\nPeru made it clear that it would wait.", []),
        ("Japan ended the naval drills.\nChina condemned them.", [("naval drills", "them")]),
        ("Ghana invited Togo.\nTogo thanked it.", [("Ghana", "it")]),
        ("Ghana invited Togo.\nTogo opposed it.", []),
    ],
)
def test_pronouns_as_objects(book, text, found):
    assert [row[2:] for row in asked(book, text) if row[1] in ("Peru", "China", "Togo")] == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("It has saved two villages", [("ceasefire", "It")]),
        ("It is a lie", [("ceasefire", "It")]),
        ("It is clear that nobody shoots", []),
        ("It is not for us to say", []),
    ],
)
def test_it_in_a_quotation_is_not_its_speaker(book, words, found):
    text = f"Canada applauds the ceasefire.\n“{words},” the Canadian prime minister said."
    assert [row[2:] for row in asked(book, text)] == found


def test_headlines_forget_and_are_remembered(book):
    assert asked(book, "# Ottawa backs carbon tax\n\nBrazil rejected the tax.")
    assert asked(book, "Ottawa backs carbon tax.\n\n# Fish\n\nBrazil rejected the tax.") == []


def test_other_languages_have_named_targets_alone(book):
    text = "Norway ratified the Arctic Treaty.\nChina denounced the treaty."
    assert asked(book, text, language="other") == []


def test_an_office_that_is_a_source_is_a_target_of_others(book):
    text = "The Swedish foreign ministry expelled a diplomat.\nChina demanded that the ministry explain itself."
    assert (1, "China", "Sweden", "the ministry") in asked(book, text)
    assert asked(book, "Norway said no.\nIt told China that it would not wait.") == []


def test_both_governments_are_the_two_that_the_sentence_before_names(book):
    found = asked(book, "Norway met Sweden.\nChina asked both governments to talk.")
    assert found == [(1, "China", "Norway", "both governments"), (1, "China", "Sweden", "both governments")]
    assert asked(book, "Norway met Sweden.\nChina asked both ministers to talk.") == []


def test_an_entry_that_may_be_no_target_is_none(book):
    entries = {**book.entries, "Arctic Treaty": replace(book.entries["Arctic Treaty"], target=False, source=True)}
    assert asked(book, "Norway ratified the Arctic Treaty.\nChina denounced the treaty.", entries) == []


PIECES = st.sampled_from(
    """
    Norway Kenya deputies treaty Arctic Treaty the this these that such both it them their own its our government
    ministers court ministry alliance said opposed called voted for against of in by to with and , . “ ” is was a an
    who plan measures ships who warned 's He they
    """.split()  # noqa: SIM905
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.just("\n"), st.just("\n\n")), max_size=60))
def test_any_text_is_read_and_no_entry_is_its_own_target(book, pieces):
    text = " ".join(pieces).strip()
    passage = book.passage(text or "Norway")
    pairs = pairs_of(
        passage.document,
        passage.sentences,
        passage.mentions,
        PairSettings(language="english", author=True),
        book.groups,
        book.entries,
    )
    keys = [(pair.sentence, pair.source, pair.target) for pair in pairs]
    assert len(keys) == len(set(keys))
    for pair in pairs:
        low, high = passage.sentences[pair.sentence].span
        assert pair.source != pair.target
        assert low <= pair.target_span.start < pair.target_span.end <= high
        named = pair.target in passage.named(pair.sentence)
        own = passage.words(pair.target_span).lower().split()[0] in ("their", "its", "our", "his", "her", "my")
        assert pair.target_named or not named or own


def test_the_government_stands_for_its_state_before_the_place(book):
    text = "In Nairobi, Kenyan deputies and Uganda reproached the government."
    found = asked(book, text)
    assert ("Uganda", "Kenya", "the government") in {row[1:] for row in found}
    text = "In Nairobi, the government warned Uganda."
    passage = book.passage(text)
    pairs = pairs_of(passage.document, passage.sentences, passage.mentions, groups=book.groups, entries=book.entries)
    words = {(one.source, one.target): passage.words(one.source_span) for one in pairs}
    assert words["Kenya", "Uganda"] == "the government"
