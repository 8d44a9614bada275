"""Canonical names are found as sentences say them."""

from __future__ import annotations

import pytest

from stancelab.data.readers.names import NameFinder

PEOPLE = ["People"]


@pytest.mark.parametrize(
    ("name", "kinds", "text", "mention"),
    [
        ("Bernie Sanders", PEOPLE, "Later Mr. Sanders met Bernie Sanders.", "Bernie Sanders"),
        ("Bernie Sanders", PEOPLE, "But Sanders’s plan failed.", "Sanders"),
        ("Adam Schiff", PEOPLE, "Rep. Adam B. Schiff spoke.", "Adam B. Schiff"),
        ("Donald Trump", PEOPLE, "Melania Trump spoke.", None),
        ("Donald Trump", PEOPLE, "The Trump Organization paid.", None),
        ("Donald Trump", PEOPLE, "On Friday Trump Thursday spoke of it.", None),
        ("Donald Trump", PEOPLE, "He said Trump Thursday spoke of it.", "Trump"),
        ("Bill de Blasio", PEOPLE, "Mayor de Blasio spoke.", "de Blasio"),
        ("Donald Trump Jr.", PEOPLE, "Mr. Jr. Brown spoke.", None),
        ("federal judge", PEOPLE, "The Judge spoke.", None),
        ("worker", PEOPLE, "Many workers left.", "workers"),
        ("bill", ["Topic"], "Bill left.", None),
        ("Republican Party", ["Organization"], "Senate Republicans left.", "Republicans"),
        ("Republican Party", ["Organization"], "The GOP-led House left.", "GOP"),
        ("Republican Party", ["Organization"], "A Republican senator left.", None),
        ("Affordable Care Act", ["Topic"], "The ACA and the A.C.A. stay.", "ACA"),
        ("Food and Drug Administration", ["Organization"], "The F.D.A. said so.", "F.D.A."),
        ("United States Department of Justice", ["Organization"], "The Justice Department did.", "Justice Department"),
        ("United States Department of Justice", ["Organization"], "The DOJ said so.", "DOJ"),
        ("United States Congress", ["Organization"], "The U.S. Congress met.", "Congress"),
        ("Supreme Court of the United States", ["Organization"], "The Supreme Court met.", "Supreme Court"),
        ("United States House of Representatives", ["Organization"], "The House met.", "House"),
        ("United States House of Representatives", ["Organization"], "The White House spoke.", None),
        ("United States", ["GPE"], "It told us that the US agreed.", "US"),
        ("The Pentagon", ["Organization"], "A Pentagon official left.", "Pentagon"),
        ("Donald Trump's own plan", ["Topic"], "On Donald Trump’s own plan he spoke.", "Donald Trump’s own plan"),
    ],
)  # fmt: skip
def test_forms_of_a_name(name: str, kinds: list[str], text: str, mention: str | None) -> None:
    place = NameFinder({name: kinds}).find(text).get(name)
    assert (None if place is None else text[slice(*place)]) == mention


def test_a_name_within_a_longer_one_is_no_mention() -> None:
    finder = NameFinder({"Donald Trump": PEOPLE, "Trump administration": ["Organization"]})
    text = "The Trump administration left, and Trump stayed."
    found = {name: tuple(place) for name, place in finder.find(text).items()}
    assert found == {"Trump administration": (4, 24), "Donald Trump": (35, 40)}
    assert set(finder.find("The Trump administration left.")) == {"Trump administration"}


def test_a_last_name_that_two_share_is_not_used() -> None:
    finder = NameFinder({"Hillary Clinton": PEOPLE, "Bill Clinton": PEOPLE})
    assert set(finder.find("Clinton met Bill Clinton.")) == {"Bill Clinton"}


def test_an_abbreviation_that_the_article_gives() -> None:
    finder = NameFinder({"Centre for Policy": ["Organization"]}, "The Centre for Policy (CEPO) spoke.")
    assert finder.find("CEPO spoke.")["Centre for Policy"] == (0, 4)
    assert NameFinder({"Centre for Policy": ["Organization"]}).find("CEPO spoke.") == {}
