"""The map on paper: nothing to click, the static lists or the pair that is chosen, and no matrix that is too wide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from stancelab.article.page import write_map
from stancelab.article.page.matrix import MOST_PRINTED
from stancelab.article.stances_file import write_stances

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from stancelab.article.results import Reading


@pytest.fixture
def printed(browser: Any) -> Iterator[Any]:
    """The browser, whose pages look as they are printed."""
    browser.ask("Emulation.setEmulatedMedia", media="print")
    yield browser
    browser.ask("Emulation.setEmulatedMedia", media="")


def opened(browser: Any, reading: Reading, folder: Path) -> Any:
    write_stances(folder, reading)
    browser.open(write_map(folder))
    return browser


def count(browser: Any, selector: str) -> int:
    """Return how many elements are shown."""
    found = f"[...document.querySelectorAll({selector!r})].filter((each) => each.checkVisibility())"
    number: int = browser.run(f"{found}.length")
    return number


def test_what_cannot_be_clicked_on_paper_is_left_out(printed: Any, one_article: Reading, tmp_path: Path) -> None:
    opened(printed, one_article, tmp_path)
    assert count(printed, "form, button, select, nav, #chosen") == 0
    assert count(printed, "table.map td a") > 0
    lists = count(printed, "#sentences .static .evidence li")
    assert lists == len(one_article.evidence)
    printed.run("choose(pairs[0])")
    assert count(printed, "#sentences .static .evidence li") == 0
    assert 0 < count(printed, "#chosen .evidence li") < lists
    assert count(printed, "form, button, select, nav") == 0


@pytest.mark.parametrize(("targets", "tables", "notes"), [(MOST_PRINTED - 1, 1, 0), (MOST_PRINTED, 0, 1)])
def test_a_matrix_that_is_too_wide_for_paper_is_left_out(
    printed: Any, tmp_path: Path, favored: Callable[[int], Reading], targets: int, tables: int, notes: int
) -> None:
    opened(printed, favored(targets), tmp_path)
    assert (count(printed, "table.map"), count(printed, ".unprinted")) == (tables, notes)


def test_names_in_no_pair_are_printed_where_their_list_is_open(
    printed: Any, tmp_path: Path, favored: Callable[[int], Reading]
) -> None:
    opened(printed, favored(1), tmp_path)
    assert (count(printed, ".absent summary"), count(printed, ".absent p")) == (1, 0)
    printed.run("document.querySelector('.absent').open = true")
    assert count(printed, ".absent p") == 1
