from __future__ import annotations

import pytest

from stancelab.article.pairs.actors import Actor
from stancelab.article.pairs.memory import Memory
from stancelab.article.pairs.people import People
from stancelab.article.pairs.phrases import Phrase, phrase_after
from stancelab.article.pairs.referents import Referents
from stancelab.article.pairs.view import View


@pytest.fixture
def memory(codebook):
    return Memory(5, codebook.groups)


@pytest.fixture
def referents(codebook, memory):
    """Return a function that takes the second line of a text, of whose first one `memory` may know something."""

    def take(text, **changes):
        passage = codebook.passage(f"Rain fell.\n{text}")
        sentence = passage.sentences[1]
        mentions = [one for one in passage.mentions if one.span.start >= sentence.span.start]
        return Referents(View(sentence, mentions, []), memory, People({}), **changes)

    return take


def resolved(whom, start=0, reports=True):
    phrase = phrase_after(whom.view, start)
    assert phrase is not None
    return whom.resolve(phrase, reports=reports)


def test_a_phrase_with_an_entry_stands_for_it(referents):
    assert resolved(referents("Norway said no.")).entries == ("Norway",)


def test_an_office_stands_for_whom_it_was_tied_to_last(referents, memory):
    assert resolved(referents("The foreign minister said no.")).entries == ()
    memory.register("foreign minister", ("Norway",))
    memory.note(0, [Actor(("Norway",), True)])
    assert resolved(referents("The foreign minister said no.")).entries == ("Norway",)


def test_an_office_in_a_place_that_the_sentence_opens_with_is_its(referents):
    assert resolved(referents("In Moscow, the government said no."), 3).entries == ("Russia",)


def test_a_pronoun_stands_for_who_acted_last(referents, memory):
    memory.note(0, [Actor(("Norway",), True, gender="she")])
    assert resolved(referents("She said no.")).entries == ("Norway",)
    assert resolved(referents("He said no.")) == Actor((), None, gender="he")


def test_who_says_a_turn_is_no_pronoun_in_it(referents, memory):
    memory.note(0, [Actor(("Norway",), True, gender="she")])
    assert resolved(referents("She said no.", speaking=frozenset(["Norway"]))).entries == ()


def test_phrases_that_were_resolved_are_kept_for_pronouns_behind_them(referents):
    whom = referents("Norway said its minister left.")
    assert whom.pronoun("it", 2).entries == ("Norway",)
    actor = resolved(whom)
    assert whom.known == {0: actor}
    assert whom.pronoun("it", 2).entries == ("Norway",)


def test_the_author_is_no_person_of_the_article(referents):
    actor = referents("We said no.").resolve(Phrase("other", 0, 1, noun="we", person=True), reports=True)
    assert actor.entries == ()
    assert actor.person is False


@pytest.mark.parametrize(("ahead", "expected"), [(True, ("Norway",)), (False, ())])
def test_a_sentence_that_is_only_looked_at_leaves_no_body_of_others(referents, memory, ahead, expected):
    memory.register("union", ("Norway",))
    resolved(referents("Harbor Union said no.", ahead=ahead))
    assert memory.registered("union") == expected
