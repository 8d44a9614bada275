"""Bodies other than states: who speaks for them, and which common nouns stand for them."""

from __future__ import annotations

import pytest

from stancelab.article.pairs.kinds import fits, is_state


@pytest.mark.parametrize(
    ("introduction", "entry"),
    [
        ("Lena Aho, the leader of the Centre, spoke in the hall.", "Centre"),
        ("The leader of the Centre, Lena Aho, spoke in the hall.", "Centre"),
        ("Lena Aho, who leads the Greens, spoke in the hall.", "Greens"),
        ("Lena Aho, who co-chairs the Greens, spoke in the hall.", "Greens"),
        ("Green party leader Lena Aho spoke in the hall.", "Greens"),
        ("Green Party spokeswoman Lena Aho spoke in the hall.", "Greens"),
        ("The Greens' parliamentary leader, Lena Aho, spoke in the hall.", "Greens"),
        ("Lena Aho of the Greens spoke in the hall.", "Greens"),
        ("Lena Aho (Greens) spoke in the hall.", "Greens"),
        ("Green MP Lena Aho spoke in the hall.", "Greens"),
        ("Lena Aho, a member of the Greens, spoke in the hall.", "Greens"),
        ("Lena Aho, a campaigner for Harbor Aid, spoke in the hall.", "Harbor Aid"),
        ("Harbor Aid campaigner Lena Aho spoke in the hall.", "Harbor Aid"),
        ("Lena Aho, co-founder of Harbor Aid, spoke in the hall.", "Harbor Aid"),
        ("The chair of the Energy Committee, Lena Aho, spoke in the hall.", "Energy Committee"),
        ("The Energy Committee met at noon. Lena Aho, chair of the committee, spoke in the hall.", "Energy Committee"),
        ("The Energy Committee met at noon. The committee's chair, Lena Aho, spoke in the hall.", "Energy Committee"),
        ("The Centre met at noon. Party leader Lena Aho spoke in the hall.", "Centre"),
        ("The Centre met at noon. The party's leader, Lena Aho, spoke in the hall.", "Centre"),
        ("Vanta Shipping's chief executive, Lena Aho, spoke in the hall.", "Vanta Shipping"),
        ("Vanta Shipping boss Lena Aho spoke in the hall.", "Vanta Shipping"),
        ("Lena Aho, chairwoman of the Dockers' Union, spoke in the hall.", "Dockers' Union"),
        ("Vanta Shipping's board chair, Lena Aho, spoke in the hall.", "Vanta Shipping"),
        ("The Dockers' Union met. The union's board chair, Lena Aho, spoke in the hall.", "Dockers' Union"),
        ("Dockers' Union president Lena Aho spoke in the hall.", "Dockers' Union"),
        # Bodies and persons of a state are not the state.
        ("Norlandic party leader Lena Aho spoke in the hall.", None),
        ("Norlandic campaigner Lena Aho spoke in the hall.", None),
        ("Lena Aho of Norland spoke in the hall.", None),
        ("Lena Aho, a campaigner from Norland, spoke in the hall.", None),
        ("Lena Aho, the founder of a company in Norland, spoke in the hall.", None),
        ("Lena Aho, who runs a bakery in Norland, spoke in the hall.", None),
        ("Norland's board chair, Lena Aho, spoke in the hall.", None),
        # Of bodies that no codebook has.
        ("The Centre met at noon. Pirate party leader Lena Aho spoke in the hall.", None),
        ("The Centre met at noon. The Pirate party's leader, Lena Aho, spoke in the hall.", None),
        ("Norland met at noon. Party leader Lena Aho spoke in the hall.", None),
        ("Former Green party leader Lena Aho spoke in the hall.", None),
    ],
)
def test_who_speaks_for_a_body(heard_in, introduction, entry):
    found = heard_in(f"{introduction}\n\nAho condemned the ferry law.")
    last = max((number for number, _, _ in found), default=-1)
    assert [(one, words) for number, one, words in found if number == last and words == "Aho"] == (
        [(entry, "Aho")] if entry else []
    )


@pytest.mark.parametrize(
    ("before", "noun", "entry"),
    [
        ("The Greens met in the hall. The European Commission spoke in the hall.", "party", "Greens"),
        ("Harbor Aid met in the hall. The European Commission said nothing.", "group", "Harbor Aid"),
        ("Harbor Aid met in the hall. The European Commission said nothing.", "organization", "Harbor Aid"),
        ("Harbor Aid met in the hall. Norland said nothing.", "charity", "Harbor Aid"),
        ("ASEAN met in the hall. The European Commission said nothing.", "group", "ASEAN"),
        ("The European Commission met in the hall. Norland said nothing.", "body", "European Commission"),
        ("Vanta Shipping met in the hall. Norland said nothing.", "company", "Vanta Shipping"),
        ("The Dockers' Union met in the hall. Norland said nothing.", "union", "Dockers' Union"),
        ("The European Commission said nothing in the hall.", "group", None),
        ("The European Commission said nothing in the hall.", "organization", None),
        ("The European Commission said nothing in the hall.", "party", None),
        ("Norland said nothing in the hall.", "party", None),
        ("Norland said nothing in the hall.", "body", None),
        ("Norland said nothing in the hall.", "federation", None),
        ("Harbor Aid said nothing in the hall.", "party", None),
        ("The Greens said nothing in the hall.", "company", None),
        # Another body of that kind was named last.
        ("The Dockers' Union met in the hall. The Cleaners' Union said nothing.", "union", None),
        ("Harbor Aid met in the hall. The Coastal Action Network said nothing.", "group", None),
        # The article says which kind of body it is.
        ("ASEAN met in the hall. The forum ASEAN is a network.", "network", "ASEAN"),
        ("Vanta Shipping, a small foundation with a ferry, met in the hall.", "foundation", "Vanta Shipping"),
    ],
)
def test_common_nouns_stand_for_what_they_fit(heard_in, before, noun, entry):
    found = heard_in(f"{before} The {noun} condemned the ferry law.")
    assert [(one, words) for _, one, words in found if words.startswith("The")] == (
        [(entry, f"The {noun}")] if entry else []
    )


def test_a_body_in_a_place_is_not_of_the_place(heard_in):
    assert heard_in("Norland met in the hall. The party in Norland condemned the ferry law.") == []
    assert heard_in("In Norland, the party condemned the ferry law.") == []


@pytest.mark.parametrize(
    ("noun", "entry", "group", "expected"),
    [
        ("party", "Communist Party", "", True),
        ("party", "Social Democrats", "", True),
        ("party", "Centre", "Parties of Norland", True),
        ("party", "Centre", "", False),
        ("ngo", "Congo", "states", False),
        ("ngo", "Harbor Aid", "NGOs", True),
        ("group", "European Commission", "organisations", False),
        ("group", "M23", "armed groups", True),
        ("organization", "European Commission", "organisations", False),
        ("organization", "World Health Organization", "", True),
        ("body", "European Commission", "", True),
        ("commission", "European Union", "", True),
        ("company", "Lena Aho", "names", False),
    ],
)
def test_what_a_noun_fits(noun, entry, group, expected):
    assert fits(noun, entry, group) is expected


def test_which_entries_are_states():
    groups = {"Norland": "states", "Greens": "parties", "Pact": "international organisations"}
    assert [is_state(entry, groups) for entry in ("Norland", "Greens", "Pact", "Elsewhere")] == [
        True,
        False,
        False,
        True,
    ]
    assert is_state("Norland", {"Norland": "Europe"})
    assert not is_state("Dockers' Union", {})
