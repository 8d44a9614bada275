"""The file stances.json: written with a record a line, read with bounds and checks, since somebody else may send it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

import msgspec

from stancelab.article.results import FORMAT, Reading
from stancelab.article.results_check import problems_of
from stancelab.errors import SHOWN_PROBLEMS, DataError, list_problems
from stancelab.files import size_text, write_text
from stancelab.json_types import is_writable
from stancelab.layout import STANCES_JSON

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: The largest file that is read: some 40 times what 1,000 articles with 37,000 answers take.
MOST_BYTES: Final = 2**30
_DECIMALS: Final = 6
_AGAIN: Final = "read the articles again"


def write_stances(folder: Path, reading: Reading) -> Reading:
    """Write a folder's stances.json, numbers rounded to six decimals, and return what it holds.

    Raises:
        DataError: The parts of the reading do not fit together, or it is larger than what is read.
    """
    path = folder / STANCES_JSON
    content = _rounded(msgspec.to_builtins(reading, enc_hook=str))  # settings hold paths
    rounded = msgspec.convert(content, Reading)
    _check(path, rounded)
    if not is_writable(content["provenance"]):
        raise DataError(f"{path}: its provenance holds half of a character (a lone surrogate); mend the settings")
    text = _lines(content)
    if (size := len(text.encode())) > MOST_BYTES:
        raise DataError(
            f"{path}: would have {size_text(size)}, allowed are {size_text(MOST_BYTES)}; read fewer articles"
        )
    write_text(path, text)
    return rounded


def read_stances(folder: Path) -> Reading:
    """Read a folder's stances.json.

    Raises:
        DataError: The folder is none or holds no reading, or one that is damaged, of another layout or too large.
    """
    path = folder / STANCES_JSON
    if not path.is_file():
        what = f"holds no {STANCES_JSON}" if folder.is_dir() else "is no folder"
        raise DataError(f"{folder}: {what}; expected the output folder of `stancelab read`")
    if (size := path.stat().st_size) > MOST_BYTES:
        raise DataError(f"{path}: found {size_text(size)}, allowed are {size_text(MOST_BYTES)} at most; {_AGAIN}")
    try:
        content = path.read_bytes()
        written = msgspec.json.decode(content, type=dict[str, msgspec.Raw]).get("format", msgspec.Raw(b"null"))
        found = msgspec.json.decode(written)
        if found != FORMAT or isinstance(found, bool):
            raise DataError(f"{path}: found format {found!r}, this version reads {FORMAT}; {_AGAIN}")
        reading = msgspec.json.decode(content, type=Reading)
    except RecursionError:
        raise DataError(f"{path}: not readable (nested too deep); {_AGAIN}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: not readable or incomplete ({error}); {_AGAIN}") from None
    _check(path, reading)
    return reading


def _check(path: Path, reading: Reading) -> None:
    """Raise a `DataError` that lists what does not fit together; the first problems are enough."""
    problems = list(itertools.islice(problems_of(reading), SHOWN_PROBLEMS))
    if problems:
        raise DataError(f"{path}: its parts do not fit together; {_AGAIN}:\n{list_problems(problems)}")


def _lines(content: Mapping[str, Any]) -> str:
    """Return the content with each document, sentence and pair on a line of its own, so that `diff` and `grep` work."""
    parts = []
    for key, value in content.items():
        if isinstance(value, list) and value:
            records = ",\n".join(msgspec.json.encode(each).decode() for each in value)
            parts.append(f'"{key}": [\n{records}\n]')
        else:
            parts.append(f'"{key}": {msgspec.json.encode(value).decode()}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
