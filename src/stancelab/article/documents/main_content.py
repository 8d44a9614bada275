"""The article of a web page without what stands around it, by trafilatura."""

from __future__ import annotations

import logging
import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

#: Below so many characters trafilatura takes an article for missed, and takes any text that the page has.
_FEW: Final = 250
#: How much more text the second attempt has to find to be taken.
_MORE: Final = 2
_NAMED: Final = "translate(concat(@id, ' ', @class), 'ABCDEIKLMNOPSTUVWY', 'abcdeiklmnopstuvwy')"
_BANNERS: Final = ("banner", "notice", "dialog", "popup", "modal", "overlay")
_HAS_BANNER: Final = " or ".join(f"contains({_NAMED}, '{word}')" for word in _BANNERS)
#: What a browser that runs scripts does not show ("You need to enable JavaScript"), and banners that ask about cookies,
#: which would be the article where a page has none. An article about cookies may have that word alone in its class.
_UNSEEN: Final = [
    "//noscript",
    f"//*[contains({_NAMED}, 'cookie') or contains({_NAMED}, 'consent')]"
    f"[self::dialog or @role='dialog' or @role='alertdialog' or {_HAS_BANNER}]"
    "[not(self::html or self::body or ancestor-or-self::article or descendant::article or descendant::main"
    " or descendant::h1)]",
]

#: What only a page has, and no piece of one.
_PAGE: Final = re.compile(r"<(?:!doctype|html|head|title|body|frameset|script|form)\b", re.IGNORECASE)
#: An element of running text.
_ELEMENT: Final = re.compile(
    r"<(?:p|div|article|section|main|span|h[1-6]|ul|ol|li|blockquote|table|br|a|b|strong|em|i)\b[^<>]*>", re.IGNORECASE
)
#: The last two words of a sentence, and its end.
_SENTENCE: Final = re.compile(r"[^\s<>]\s+[^\s<>.!?…]{1,50}[.!?…]")


def no_article(path: Path) -> str:
    """Return what is said of a page without an article."""
    return (
        f"{path}: no article was found in the page; pages that scripts put together, or that ask to log in, are to be"
        " saved from the browser (as complete page) once the text is shown, or copied as text"
    )


def whole_page(content: bytes | str) -> bytes | str:
    """Return a page as it is, and a piece of one that has sentences, such as copied paragraphs, as a page of its own.

    trafilatura takes a single paragraph, or text before the first one, for no HTML where nothing stands around it.
    """
    from trafilatura.utils import decode_file

    text = content if isinstance(content, str) else decode_file(content)
    is_piece = _ELEMENT.search(text) and _SENTENCE.search(text) and "\0" not in text and not _PAGE.search(text)
    return f"<html><body><div>{text}</div></body></html>" if is_piece else content


def main_content(content: bytes | str, path: Path, address: str) -> Any:
    """Return the article of a page with its metadata, as trafilatura's document.

    A short article is taken as it is, with its headlines, items and cells. Where much more text can be had, of the
    page's data or of elements that are no paragraphs, that is taken; all that a page shows, its menus too, never is.

    Args:
        content: The page.
        path: Where it is, for messages.
        address: Its address, "" for a file.

    Raises:
        DataError: It cannot be read, or no article is found in it.
    """
    for library in ("trafilatura", "htmldate"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # they tell of faults without the page's name
    try:
        found = _extracted(content, address, fewest=1)
        if len(_text(found)) < _FEW:
            other = _extracted(content, address, fewest=_FEW)
            is_more = len(_text(other)) > _MORE * len(_text(found))
            if is_more and not _is_whole_page(other, content):
                found = other
    except Exception as error:  # noqa: BLE001 - what a stranger's page raises depends on the page
        raise DataError(f"{path}: cannot be read as a web page ({type(error).__name__}: {error})") from None
    if not _text(found):
        raise DataError(no_article(path))
    return found


def _extracted(content: bytes | str, address: str, fewest: int) -> Any:
    import trafilatura
    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(fewest))
    return trafilatura.bare_extraction(
        content,
        url=address or None,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        prune_xpath=_UNSEEN,
        date_extraction_params={"original_date": True, "extensive_search": False},
        config=config,
    )


def _text(found: Any) -> str:
    return "" if found is None or found.body is None else " ".join("".join(found.body.itertext()).split())


def _is_whole_page(found: Any, content: bytes | str) -> bool:
    """Tell whether a text is all that a page shows, a line for each of its pieces."""
    import trafilatura

    page = trafilatura.load_html(content)
    body = None if page is None else page.find(".//body")
    if body is None or len(found.body) != 1:
        return False
    shown = {" ".join(piece.split()) for piece in body.itertext()}
    lines = (" ".join(line.split()) for line in "".join(found.body.itertext()).splitlines())
    return all(line in shown for line in lines if line)
