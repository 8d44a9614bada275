"""The pages in a browser: paste, read, filter, label, save, compare; keyboard, phone, and no script of a text."""

from __future__ import annotations

import csv
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WAIT = 60
HOSTILE = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """The browser; nothing was said on the console afterwards."""
    yield browser
    assert browser.run("1") == 1
    assert browser.told == []


def until(page: Any, script: str) -> None:
    """Wait until an expression is true in the page."""
    end = time.monotonic() + WAIT
    while not page.run(f"Boolean({script})"):
        assert time.monotonic() < end, script
        time.sleep(0.02)


def fill(page: Any, **values: str) -> None:
    for name, value in values.items():
        page.run(f"document.getElementById({name!r}).value = {value!r}")


def read(page: Any, text: str, **values: str) -> None:
    """Fill in the form, send it and wait for the page of the reading."""
    fill(page, text=text, **values)
    page.run("document.querySelector('button.main').click()")
    page.wait()


def listed(page: Any) -> list[str]:
    found: list[str] = page.run("[...document.querySelectorAll('#listed .text')].map((each) => each.textContent)")
    return found


def test_paste_read_filter_label_and_save(page: Any, running: Callable[..., str], article: str, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    page.open(running(labels=str(labels)))
    read(page, article, title="Talks")
    assert page.run("document.querySelector('h1').textContent") == "Talks"
    everything = listed(page)
    assert any("condemned" in text for text in everything)

    page.run("document.getElementById('by-stance').value = 'against'")
    page.run("document.getElementById('by-stance').dispatchEvent(new Event('change', { bubbles: true }))")
    until(page, f"document.querySelectorAll('#listed .text').length < {len(everything)}")
    assert all("condemned" in text for text in listed(page))

    until(page, "document.querySelector('#listed .give')['htmx-internal-data']")
    page.run("document.querySelector('#listed button[value=neutral]').click()")
    until(page, "document.querySelector('#listed .saved')")
    assert page.run("document.querySelector('#listed .saved').textContent") == "saved: no stance"
    assert page.run("document.querySelector('#listed [aria-pressed=true]').value") == "neutral"
    with labels.open(newline="") as file:
        assert [(row["target"], row["correction"]) for row in csv.DictReader(file)] == [("Iran", "neutral")]

    folder = tmp_path / "saved"
    folder.mkdir()
    page.ask("Page.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
    for name in ("stances.csv", "map.html"):
        page.run(f"document.querySelector('.files [href$=\"{name}\"]').click()")
        end = time.monotonic() + WAIT
        while not (folder / name).is_file():
            assert time.monotonic() < end, name
            time.sleep(0.02)
    with (folder / "stances.csv").open(newline="") as file:
        assert ("Norway", "Iran") in {(row["source"], row["target"]) for row in csv.DictReader(file)}


def test_the_map_works_in_its_frame(page: Any, running: Callable[..., str], article: str) -> None:
    page.open(running())
    read(page, article)
    place = page.run("document.querySelector('iframe').src")
    assert page.run("document.querySelector('iframe').contentDocument") is None  # it is none of this server
    page.open(place)  # alone it has the same policy
    until(page, "document.querySelectorAll('table.map td a').length > 3")
    page.run("document.querySelector('table.map td a').click()")
    until(page, "document.querySelectorAll('#chosen li').length > 0")
    assert page.run("window.origin") == "null"


def test_two_articles_are_compared(page: Any, running: Callable[..., str]) -> None:
    page.open(running())
    read(page, "Norway condemned Iran.", title="First")
    page.run("[...document.querySelectorAll('nav a')].find((each) => each.textContent.startsWith('Compare')).click()")
    page.wait()
    read(page, "Norway praised Iran.", title="Second")
    assert page.run("document.querySelector('h1').textContent") == "Two articles"
    assert page.run("document.querySelectorAll('iframe').length") == 2
    row = page.run("document.querySelector('tbody tr:not(.kind)').textContent.replace(/\\s+/g, ' ')")
    assert "against" in row
    assert "favor" in row


def test_a_file_is_dropped_and_a_codebook_checked(page: Any, running: Callable[..., str]) -> None:
    page.open(running())
    page.run(
        "(() => { const data = new DataTransfer();"
        " data.items.add(new File(['Smith condemned the rent cap.'], 'a.txt', { type: 'text/plain' }));"
        " document.getElementById('article').dispatchEvent("
        "new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); })()"
    )
    assert page.run("document.getElementById('file').files[0].name") == "a.txt"
    assert page.run("document.getElementById('told').textContent") == "a.txt is taken"
    assert not page.run("document.getElementById('codebook').checkVisibility()")
    page.run("document.getElementById('book-own').click()")
    assert page.run("document.getElementById('codebook').checkVisibility()")
    fill(page, codebook="Smith: [")
    page.run("document.querySelector('[formaction$=codebook]').click()")
    until(page, "document.querySelector('#checked .problem')")
    fill(page, codebook="Smith: []\nrent cap: {source: false}\n")
    page.run("document.querySelector('[formaction$=codebook]').click()")
    until(page, "document.getElementById('checked').textContent.includes('2 entries')")
    page.run("document.querySelector('button.main').click()")
    page.wait()
    assert page.run("document.querySelector('#listed .meta b').textContent") == "Smith → rent cap"


def test_texts_of_strangers_run_nothing(page: Any, running: Callable[..., str], tmp_path: Path) -> None:
    page.open(running(labels=str(tmp_path / "labels.csv")))
    codebook = f"include: default\n{json.dumps(HOSTILE)}: [Monday]\n"
    page.run("document.getElementById('book-own').click()")
    read(page, f"Norway condemned Iran over {HOSTILE} on Monday.", title=HOSTILE, outlet=HOSTILE, codebook=codebook)
    assert page.run("document.querySelector('h1').textContent") == HOSTILE
    assert any(HOSTILE in text for text in listed(page))
    page.run("document.querySelector('#listed button[value=neutral]').click()")
    until(page, "document.querySelector('#listed .saved')")
    assert page.run("document.title") == HOSTILE
    assert page.run("document.images.length") == 0
    place = page.run("document.querySelector('iframe').src")
    page.open(place)
    assert page.run("document.title") != "run"
    assert page.run("document.images.length") == 0


def test_it_works_without_scripts(browser: Any, running: Callable[..., str], article: str) -> None:
    address = running()
    browser.open(address, scripts=False)
    # The browser's own tools run scripts of tests though those of pages are off.
    fill(browser, text=article)
    browser.run("document.getElementById('article').submit()")
    browser.wait()
    assert len(listed(browser)) > 3
    place = browser.run("location.href")
    browser.open(f"{place}?stance=against", scripts=False)
    assert len(listed(browser)) == 2


def tab_to(page: Any, is_there: str) -> None:
    """Press Tab until an expression about the element `here` is true; wherever the focus is, it can be seen."""
    for _ in range(200):
        page.press("Tab", 9)
        here = "((here) => {})(document.activeElement)"
        if page.run(here.format("here.tagName !== 'IFRAME' && here !== document.body")):
            assert page.run(here.format("getComputedStyle(here).outlineStyle")) != "none", page.run(
                here.format("here.outerHTML")
            )
        if page.run(f"((here) => Boolean({is_there}))(document.activeElement)"):
            return
    pytest.fail(f"no Tab leads there: {is_there}")


def test_it_can_be_used_by_keyboard(page: Any, running: Callable[..., str], article: str, tmp_path: Path) -> None:
    """An article is pasted, read, filtered and labeled by Tab, arrows, Enter and what is typed."""
    labels = tmp_path / "labels.csv"
    page.open(running(labels=str(labels)))
    tab_to(page, "here.id === 'text'")
    page.ask("Input.insertText", text=article)
    tab_to(page, "here.className === 'main'")
    page.press("Enter", 13)
    page.wait()
    everything = listed(page)
    assert len(everything) > 3

    tab_to(page, "here.id === 'by-stance'")
    until(page, "document.querySelector('.filters')['htmx-internal-data']")
    for _ in range(4):
        if page.run("document.activeElement.value") == "against":
            break
        page.press("ArrowDown", 40)
    assert page.run("document.activeElement.value") == "against"
    until(
        page, "[...document.querySelectorAll('#listed .text')].every((each) => each.textContent.includes('condemned'))"
    )
    assert 0 < len(listed(page)) < len(everything)
    assert page.run("document.activeElement.id") == "by-stance"

    tab_to(page, "here.matches('#listed button[value=neutral]')")
    until(page, "document.querySelector('#listed .give')['htmx-internal-data']")
    page.press("Enter", 13)
    until(page, "document.querySelector('#listed .saved')")
    assert page.run("document.querySelector('#listed .saved').textContent") == "saved: no stance"
    # The next Tab goes on from there.
    assert page.run("document.activeElement.matches('#listed li:first-child [aria-pressed=true][value=neutral]')")
    with labels.open(newline="") as file:
        assert [(row["source"], row["target"], row["correction"]) for row in csv.DictReader(file)] == [
            ("Norway", "Iran", "neutral")
        ]


def test_it_fits_a_phone(page: Any, running: Callable[..., str], article: str, tmp_path: Path) -> None:
    page.open(running(labels=str(tmp_path / "labels.csv")), width=360, height=740)
    widths = "document.documentElement.scrollWidth <= innerWidth"
    assert page.run(widths)
    page.run("document.getElementById('book-own').click()")
    assert page.run(widths)
    page.run("document.getElementById('book-proposal').click()")
    read(page, f"{article}\n\nNorway condemned {'longword' * 40} and Iran.", title="Talks" * 30)
    assert page.run(widths)
    heights = page.run(
        "[...document.querySelectorAll('button, select')].filter((each) => each.checkVisibility())"
        ".map((each) => each.offsetHeight)"
    )
    assert min(heights) >= 44


def test_the_login_leads_to_the_page(page: Any, running: Callable[..., str], article: str) -> None:
    address = running(token="a-token-that-is-long-enough")
    page.open(address)
    assert page.run("location.pathname") == "/login"
    until(page, "document.activeElement.id === 'token'")  # a page is loaded before its field has the focus
    fill(page, token="a-token-that-is-long-enough")
    page.run("document.querySelector('button.main').click()")
    page.wait()
    read(page, article)
    assert len(listed(page)) > 3
    assert page.run("document.cookie") == ""
    page.run("document.querySelector('.logout button').click()")
    page.wait()
    assert page.run("location.pathname") == "/login"


def test_a_file_can_be_taken_away_again(page: Any, running: Callable[..., str], article: str) -> None:
    page.open(running())
    page.run(
        "(() => { const data = new DataTransfer(); data.items.add(new File(['Norway met Iran.'], 'a.txt'));"
        " const file = document.getElementById('file'); file.files = data.files;"
        " file.dispatchEvent(new Event('change')); })()"
    )
    page.run("document.getElementById('remove').click()")
    assert page.run("document.getElementById('file').files.length") == 0
    assert not page.run("document.getElementById('remove').checkVisibility()")
    read(page, article)
    assert len(listed(page)) > 3


def test_a_proposal_is_edited_and_read(page: Any, running: Callable[..., str]) -> None:
    page.open(running())
    text = "Mr Smith condemned the rent cap. Norway praised the rent cap."
    fill(page, text=text)
    page.run("document.getElementById('book-own').click()")
    page.run("document.getElementById('propose').click()")
    until(page, "document.getElementById('checked').textContent.includes('2 entries')")
    assert page.run("document.getElementById('codebook').value").startswith("# Proposed from the article.")
    fill(page, codebook="Smith: [Mr Smith]\nrent cap: {source: false}\n")
    page.run("window.confirm = (words) => { window.asked = words; return false; }")
    page.run("document.getElementById('propose').click()")
    assert page.run("window.asked") == "Replace what stands in the editor?"
    assert page.run("document.getElementById('codebook').value").startswith("Smith:")
    page.run("document.querySelector('button.main').click()")
    page.wait()
    assert page.run("document.querySelector('#listed .meta b').textContent") == "Smith → rent cap"
    page.run("[...document.querySelectorAll('nav a')].find((each) => each.textContent.startsWith('Edit')).click()")
    page.wait()
    assert page.run("document.getElementById('text').value") == text
    assert page.run("document.getElementById('codebook').value").startswith("Smith:")
    assert page.run("document.getElementById('codebook').checkVisibility()")


def test_what_cannot_be_clicked_is_not_printed(
    page: Any, running: Callable[..., str], article: str, tmp_path: Path
) -> None:
    page.open(running(labels=str(tmp_path / "labels.csv")))
    read(page, article)
    shown = "[...document.querySelectorAll('form, iframe, nav')].filter((each) => each.checkVisibility()).length"
    assert page.run(shown) > 3
    page.ask("Emulation.setEmulatedMedia", media="print")
    try:
        assert page.run(shown) == 0
        assert page.run("document.querySelector('#listed .text').checkVisibility()")
        assert page.run("document.querySelector('.printed').checkVisibility()")
    finally:
        page.ask("Emulation.setEmulatedMedia", media="")


def test_the_frame_begins_at_the_matrix(page: Any, running: Callable[..., str], article: str) -> None:
    page.open(running())
    read(page, article)
    place = page.run("document.querySelector('iframe').src")
    page.open(place, height=400)
    until(page, "Math.abs(document.getElementById('matrix').getBoundingClientRect().top) < 5")
