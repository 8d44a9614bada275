"""Cells that a careless export spoiled, mended as settings say: words that mean nothing, and broken characters."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from stancelab.extras import require
from stancelab.schema import PARTS, Example, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_REPAIR: Final = "none"
FTFY: Final = "ftfy"
REPAIRS: Final = (NO_REPAIR, FTFY)
#: What an HTML entity looks like.
ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


@dataclass(frozen=True)
class Mending:
    """What is done to the cells of a table.

    Attributes:
        missing_words: Cells that hold one of these, in any letter case, count as empty.
        repair: "ftfy" mends mojibake and HTML entities in text, source and target; "none" leaves them.
    """

    missing_words: tuple[str, ...] = ()
    repair: str = NO_REPAIR

    def __post_init__(self) -> None:
        object.__setattr__(self, "_words", frozenset(word.strip().casefold() for word in self.missing_words))

    def is_missing(self, cell: str) -> bool:
        """Tell whether a cell counts as empty."""
        words: frozenset[str] = self._words  # type: ignore[attr-defined]
        return bool(words) and cell.strip().casefold() in words

    def cell(self, cell: str) -> str:
        """Return a text, source or target as rows have it."""
        if self.is_missing(cell):
            return ""
        return cell if self.repair == NO_REPAIR else repaired_text(cell)

    def repaired(self, example: Example) -> Example | tuple[str, str, str]:
        """Return an example with mended characters, or (field, found, reason) where its spans would lose their place.

        Spans move with the characters in front of them.
        """
        if self.repair == NO_REPAIR:
            return example
        text = repaired_text(example.text)
        spans: dict[str, Any] = {}
        for part in PARTS:
            span = example.span(part)
            moved = span if span is None or text == example.text else _moved(example.text, text, span)
            if span is not None and moved is None:
                found = f"{span.start}:{span.end}"
                reason = "lies where the repair of the text changes characters; give the offsets of the mended text"
                return f"{part}_span", found, reason
            spans[f"{part}_span"] = moved
        return replace(
            example, text=text, source=repaired_text(example.source), target=repaired_text(example.target), **spans
        )


def mending_problems(missing_words: Sequence[str], repair: str | None) -> list[str]:
    """Return what is wrong with the settings of a mending, one line each."""
    lines = [f"missing_words: found {word!r}, which is empty already" for word in missing_words if not word.strip()]
    if repair not in (None, *REPAIRS):
        lines.append(f"repair: found {repair!r}, allowed {', '.join(REPAIRS)}")
    return lines


def repaired_text(text: str) -> str:
    """Return a text with mojibake decoded and HTML entities written out; all else stays, such as curly quotes.

    Mojibake is UTF-8 that was read as another encoding; ftfy (Speer, 2019) decodes it where the text is likelier then.
    """
    if text.isascii() and "&" not in text:
        return text
    require("ftfy", "torch", "data.repair and predict.repair")
    import ftfy

    config = ftfy.TextFixerConfig(
        unescape_html=True,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
    return str(ftfy.fix_text(text, config))


def _moved(before: str, after: str, span: Span) -> Span | None:
    """Return where a span is after the repair of its text, None where the parts of the text do not say it."""
    parts = [repaired_text(part) for part in (before[: span.start], before[slice(*span)], before[span.end :])]
    if "".join(parts) != after or not parts[1]:
        return None
    return Span(len(parts[0]), len(parts[0]) + len(parts[1]))
