from __future__ import annotations

import pytest

from stancelab.article.pairs.body_offices import Office, all_states
from stancelab.article.pairs.office_words import first_of_office, is_of_other, noun_of, role_of, tied_office
from stancelab.article.pairs.view import View


@pytest.fixture
def read(codebook):
    """Return a function that gives a sentence and the last token before "left", where an office ends."""

    def find(text):
        passage = codebook.passage(text)
        view = View(passage.sentences[0], passage.mentions, [])
        words = [token.lower for token in view.tokens]
        return view, words.index("left") - 1

    return find


@pytest.mark.parametrize(
    ("text", "first", "noun", "role"),
    [
        ("The deputy foreign minister left.", "deputy", "minister", "foreign minister"),
        ("The minister of defence left.", "minister", "minister", "minister"),
        ("Norwegian Prime Minister left.", "prime", "minister", "prime minister"),
        ("The farmer left.", "left", "", ""),
    ],
)
def test_the_words_of_an_office(read, text, first, noun, role):
    view, last = read(text)
    start = first_of_office(view, last)
    assert view.lower(start) == first
    assert noun_of(view, start, last + 1) == noun
    assert role_of(view, start, last + 1) == role


@pytest.mark.parametrize(
    ("text", "owner", "tied", "other"),
    [
        ("Norwegian foreign minister left.", "Norway", "", False),
        ("Norway's foreign minister left.", "Norway", "", False),
        ("Germany's spy chief left.", "Germany", "", False),
        ("Its foreign minister left.", "", "its", False),
        ("The ministry's spokesman left.", "", "ministry", False),
        ("The foreign minister left.", "", "", False),
        ("Our foreign minister left.", "", "", True),
        ("Former Norwegian foreign minister left.", "", "", True),
        ("The opposition's spokesman left.", "", "", True),
        ("Yesterday UNHCR chief left.", "", "", True),
    ],
)
def test_what_an_office_is_tied_to(read, text, owner, tied, other):
    view, last = read(text)
    office = tied_office(view, first_of_office(view, last), "minister", all_states)
    place = None if office.tie is None else view.lower(office.tie)
    assert office == Office("minister", owner, office.tie, other)
    assert place == (tied or None)


def test_an_office_of_somebody_else_has_a_name_or_a_possessive_before_it(read):
    for text, expected in [
        ("Yesterday UNHCR chief left.", True),
        ("The opposition's spokesman left.", True),
        ("The ministry's spokesman left.", False),
        ("Norway's minister left.", False),
        ("The minister left.", False),
    ]:
        view, last = read(text)
        assert is_of_other(view, first_of_office(view, last)) is expected
