from __future__ import annotations

import re

import numpy as np

from stancelab.evaluation.perturbations.entities import countries


def test_countries_are_renamed_alike_in_text_source_and_target(changed, row) -> None:
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
    assert countries([row("a", "b", "favor", text="a likes b")], np.random.default_rng(0)) == [None]


def test_bodies_keep_their_article(changed, row) -> None:
    text = "NATO and the African Union wrote to the EU; the EU's answer pleased the African Union."
    given = [row("the African Union", "NATO", "neutral", text=text), row("a", "b", "favor", text="UNlike the EUs")]
    found, nothing = changed("organizations", given)
    assert found is not None
    assert nothing is None
    assert not {"NATO", "African Union", "EU"} & set(re.findall(r"NATO|African Union|\bEU\b", found.text))
    assert found.text.startswith(f"{found.target} and {found.source} wrote to the ")
    assert found.text.endswith(f" answer pleased {found.source}.")


def test_people_are_renamed_by_full_and_last_name(changed, row) -> None:
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
