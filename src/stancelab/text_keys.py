"""When two texts, or two rows, are the same to the audit, to leakage removal and to joins.

Copies of one text differ in letter case and blanks, in their Unicode normal form, in the shape of quotes, in what is
drawn as nothing and in HTML entities; copies of a tweet also in the link that the service put in, in the accounts that
are addressed, in who retweeted it and in counts of retweets. None of that is in a key. What a model reads is the text
as it is.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from stancelab.mentions.folding import INVISIBLE, STRAIGHT
from stancelab.schema import PARTS, TARGET, find_mention, normal_text

if TYPE_CHECKING:
    from stancelab.schema import Example, Part

#: A text without any of these, in lower case, has no links, accounts, entities or counts of retweets.
_MAYBE_WEB: Final = (
    *("&", "@", "http", "www.", "t.co/", "bit.ly", ".com/", "tu.be"),
    *("rt ", "rt:", "rts", "tweet", "likes", "favo"),
)
_COUNTED: Final = r"(?:re-?tweets?|rts?|likes|favou?rites)"
_NUMBER: Final = r"\d[\d.,]*[km]?"
#: What a copy of a text may have in place of something else, in lower case.
_WEB: Final = re.compile(
    r"\bhttps?(?::/{0,2}[!-~]*|\.{3}|$)"
    r"|\b(?:www\.|(?:t\.co|bit\.ly|pic\.twitter\.com|youtu\.be)/)[!-~]+"
    r"|\b(?:rt|via)\s+@\w+\s*:?"
    r"|(?<![\w.])@\w+"
    rf"|\b{_NUMBER}\s*{_COUNTED}\b"
    rf"|\b{_COUNTED}\s*[:=]?\s*{_NUMBER}\b"
    r"|^\W*rt\b\s*:?",
)


def name_key(name: str) -> str:
    """Return a name as equal ones are looked for: lower case, single blanks, one Unicode form, straight quotes."""
    if not name.isascii():
        name = INVISIBLE.sub("", unicodedata.normalize("NFKC", INVISIBLE.sub("", name.translate(STRAIGHT))))
        name = name.translate(STRAIGHT)
    return normal_text(name)


def text_key(text: str) -> str:
    """Return a text as duplicates are looked for: as `name_key`, without links, accounts, retweets and their counts.

    HTML entities are the characters they stand for. A text that is nothing but links and accounts keeps them.
    """
    key, without_web = _keys(text)
    return without_web if any(map(str.isalnum, without_web)) else key


def row_key(example: Example) -> tuple[str, ...]:
    """Return what rows of one text, source and target share, and of one place of them where several are mentioned."""
    return (
        text_key(example.text),
        *(name_key(example.source if part != TARGET else example.target) for part in PARTS),
        *place_keys(example),
    )


def place_keys(example: Example) -> tuple[str, str]:
    """Return which of several mentions of source and of target are marked, "" for the first one and where none is.

    A place is told by the marked words and by how often they come before, so that copies of a text have the same ones.
    """
    source, target = (_place_key(example, part) for part in PARTS)
    return source, target


def _place_key(example: Example, part: Part) -> str:
    span, name = example.span(part), example.target if part == TARGET else example.source
    if span is None or span == find_mention(example.text, name):
        return ""
    words = name_key(example.text[slice(*span)])
    return f"{words}\x1e{name_key(example.text[: span.start]).count(words)}" if words else ""


def _keys(text: str) -> tuple[str, str]:
    """Return the key of a text with its links, accounts and retweets, and without."""
    key = name_key(text)
    if not any(sign in key for sign in _MAYBE_WEB):
        return key, key
    while "&" in text and (plain := html.unescape(text)) != text:  # "&amp;amp;" was escaped twice
        text = plain
    key = name_key(text)
    without = _WEB.sub(" ", key)
    return key, key if without == key else " ".join(without.split()).strip(" :|-")
