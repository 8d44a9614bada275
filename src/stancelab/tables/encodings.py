"""Which encoding a text file is in: a byte order mark, UTF-8 where it is valid, else the only one that gives text."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

from stancelab.errors import DataError
from stancelab.tables.alphabets import is_plausible, is_printed_english

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.tables.options import TableOptions

UTF8: Final = "utf-8"
#: Older encodings that are tried, the more frequent ones first.
LEGACY: Final = (
    "cp1252", "cp1250", "cp1251", "cp1254", "iso8859_15", "mac_roman", "cp850", "cp1253", "cp1257", "koi8_r",
    "iso8859_5", "cp866", "cp1255", "cp1256", "cp874", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr",
)  # fmt: skip
_CHINESE: Final = ("gb18030", "big5")
_JAPANESE: Final = ("shift_jis", "euc_jp")
_MARKS: Final = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK: Final = 1 << 20
#: So much of the lines beyond ASCII is looked at.
_SAMPLE: Final = 1 << 20
#: Nearly every second byte of UTF-16 text in a Latin script is NUL.
_NUL_SHARE: Final = 0.6


@dataclass
class _Survey:
    """What a pass over the bytes found: how they begin, whether they are UTF-8, and lines beyond ASCII."""

    start: bytes = b""
    is_utf8: bool = True
    lines: list[bytes] = field(default_factory=list)


def find_encoding(path: Path, file: IO[bytes], options: TableOptions) -> str:
    """Return a text file's encoding, by a pass over all of it.

    Where no encoding gives text, UTF-8 is returned, and reading says which byte is none.

    Args:
        path: The file, for messages.
        file: Its bytes, unpacked.
        options: What a person can say of it, for messages.

    Raises:
        DataError: Several encodings give different texts.
    """
    survey = _survey(file)
    for mark, encoding in _MARKS:
        if survey.start.startswith(mark):
            return encoding
    utf16 = _utf16(survey.start) if b"\0" in survey.start else None
    if utf16 is not None:
        return utf16
    if survey.is_utf8 or _has_wide_line_ends(survey.start):
        return UTF8
    return _legacy(path, survey.lines, options)


def _survey(file: IO[bytes]) -> _Survey:
    survey, decoder, kept = _Survey(), codecs.getincrementaldecoder(UTF8)("strict"), 0
    for line in iter(lambda: file.readline(_CHUNK), b""):
        if len(survey.start) < _CHUNK // 16:
            survey.start += line
        if line.isascii():
            continue
        if kept < _SAMPLE:
            survey.lines.append(line)
            kept += len(line)
        if survey.is_utf8:
            try:
                decoder.decode(line)
            except UnicodeDecodeError:
                survey.is_utf8 = False
        elif kept >= _SAMPLE:
            break
    return survey


def _utf16(start: bytes) -> str | None:
    """Return which UTF-16 a text without a mark is in, by where its NUL bytes stand."""
    half = len(start) // 2
    for encoding, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        nul, others = start[offset::2].count(0), start[1 - offset :: 2].count(0)
        if nul >= _NUL_SHARE * half and not others:
            return encoding
    return None


def _has_wide_line_ends(start: bytes) -> bool:
    """Tell whether NUL bytes stand beside the line feeds, as in UTF-16 of any script."""
    ends = start.count(b"\n")
    return 2 * max(start.count(b"\0\n"), start.count(b"\n\0")) > ends


def _legacy(path: Path, lines: list[bytes], options: TableOptions) -> str:
    sample = b"".join(lines)
    texts: dict[str, list[str]] = {}
    for encoding in LEGACY:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_plausible(text, chinese=encoding in _CHINESE, japanese=encoding in _JAPANESE):
            texts.setdefault(text, []).append(encoding)
    if not texts:
        return UTF8
    if len(texts) == 1:
        return next(iter(texts.values()))[0]
    printed = [names for text, names in texts.items() if is_printed_english(text)]
    if len(printed) == 1:
        return printed[0][0]
    options_shown = "; ".join(f"{names[0]} gives {_excerpt(text, texts)!r}" for text, names in texts.items())
    first = next(iter(texts.values()))[0]
    setting = options.advice("encoding", first)
    advice = f"say which is right, as in {setting}" if setting else f"convert it: iconv -f {first} -t UTF-8"
    raise DataError(f"{path}: is not UTF-8, and several encodings give text: {options_shown}; {advice}")


def _excerpt(text: str, texts: dict[str, list[str]]) -> str:
    """Return the first words in which the candidates differ."""
    words = text.split()
    others = [other.split() for other in texts]
    differing = [
        word
        for index, word in enumerate(words)
        if len({other[index] if index < len(other) else "" for other in others}) == len(others)
    ] or [word for word in words if not word.isascii()]
    return " ".join(list(dict.fromkeys(differing))[:3])[:60]
