"""A folder of saved pages without a codebook: articles, metadata and a proposed codebook; no checkpoint is needed."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancelab.article.documents import DocumentSettings
from stancelab.article.documents.inputs import find_sources
from stancelab.article.documents.notes import Notes
from stancelab.article.documents.read import documents_of
from stancelab.article.pairs.language import is_english
from stancelab.article.proposal.propose import propose

if TYPE_CHECKING:
    from stancelab.article.codebook import Codebook
    from stancelab.article.types import Document

PAGES = Path(__file__).parent / "pages"
#: Page -> date, outlet, and the words with which its article begins and ends.
ARTICLES = {
    "ship_held_ledger": ("2026-09-15", "The Harbour Ledger", "AGADIR — Morocco has", "had been contacted."),
    "ship_held_courier": ("2026-09-16", "Nordic Courier", "The Icelandic government has", 'against "hasty gestures".'),
    "funchal_protocol": ("2026-09-25", "Lisbon Wire", "LISBON – Portugal put", 'better than any ministry".'),
    "spain_objects": ("2026-09-30", "Atlantic Dispatch", "Spain has come out", "Morocco to accept it."),
    "german_page": ("2026-10-01", "Rheinische Umschau", "Die Bundesregierung hat", "und von sonst nichts."),
    "interview_minister": ("2026-10-02", "Nordic Courier", "Hrefna Baldvinsdottir has", "It has been shortened."),
    "council_vote": ("2026-10-03", "Atlantic Dispatch", "The Atlantic Research Council", "a dangerous precedent."),
    "opinion_bad_bargain": ("2026-10-05", "Nordic Courier", "There is a kind", "carried another flag."),
    "rabat_signs": ("2026-10-09", "The Harbour Ledger", "RABAT, Oct. 9", "had not changed."),
}
#: What stands around the articles.
AROUND = ("ookies", "Sign in", "Sign up", "Share", "Related", "Most read", "Latest", "Denmark", "Estonia", "©", "Foto")


@pytest.fixture(scope="module")
def notes() -> Notes:
    return Notes()


@pytest.fixture(scope="module")
def documents(notes: Notes) -> dict[str, Document]:
    sources = find_sources(sorted(PAGES.glob("*.html")), DocumentSettings(), notes)
    return {Path(each.id).stem: each for each in documents_of(sources, DocumentSettings(), notes)}


@pytest.fixture(scope="module")
def proposed(documents: dict[str, Document]) -> Codebook:
    return propose(documents.values(), 60)


@pytest.mark.parametrize("name", ARTICLES)
def test_the_article_is_taken_and_nothing_around_it(documents: dict[str, Document], name: str) -> None:
    date, outlet, first, last = ARTICLES[name]
    document = documents[name]
    body = document.text.partition(document.title)[2].strip()
    assert (document.date, document.outlet) == (date, outlet)
    assert body.startswith(first)
    assert body.endswith(last)
    assert [words for words in AROUND if words in document.text] == []


def test_a_page_without_an_article_is_told_with_what_to_do(
    documents: dict[str, Document], notes: Notes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        notes.tell()
    assert documents["login_wall"].text == "Inside the Funchal talks"
    assert "1 web page has fewer than 40 words (such as login_wall.html)" in caplog.text
    assert "save it from the browser once the text is shown" in caplog.text


@pytest.mark.parametrize(
    ("name", "is_source"),
    [
        *((state, True) for state in ("Iceland", "Morocco", "Portugal", "Spain", "Norway", "Germany")),
        *((body, True) for body in ("European Commission", "Marine Institute", "Tide Party")),
        *((body, True) for body in ("Agadir Fishermen's League", "Atlantic Research Council")),
        *((person, True) for person in ("Hrefna Baldvinsdottir", "Yassir El Amrouni", "Duarte Vilhena")),
        *((person, True) for person in ("Pelle Ravnskov", "Inés Carrasquer", "Sigrun Hallsdottir", "Brahim Ouchtout")),
        *((issue, False) for issue in ("Funchal Protocol", "joint data office", "visa suspension", "seabed survey")),
        *((place, False) for place in ("Agadir", "Saefari")),
    ],
)  # fmt: skip
def test_the_main_actors_and_issues_are_proposed(proposed: Codebook, name: str, is_source: bool) -> None:
    assert proposed.entries[name].source == is_source


@pytest.mark.parametrize("name", ["Schiff", "Bord", "Die Bundesregierung", "week ago", "director", "Atlantic Dispatch"])
def test_what_is_no_actor_or_issue_is_not_proposed(proposed: Codebook, name: str) -> None:
    assert name not in proposed.entries


def test_the_german_page_is_told_from_the_others(documents: dict[str, Document]) -> None:
    assert [name for name, each in documents.items() if not is_english(each.text)] == ["german_page"]
