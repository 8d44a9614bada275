"""Which files an input stands for: a file, a folder, a pattern, several of them, standard input, or a page."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from stancelab.article.documents.formats import FORMATS, DocumentFormat, format_of, sniffed, unknown_ending
from stancelab.errors import ConfigError, DataError
from stancelab.files import read_json, refuse_url
from stancelab.layout import MANIFEST, STANCES_JSON
from stancelab.tables.stdin import DASH, STANDARD_INPUT, spooled_stdin
from stancelab.tables.text_file import no_such_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stancelab.article.documents.notes import Notes
    from stancelab.article.documents.settings import DocumentSettings

#: What an input may be.
Given = str | Path | Sequence[str | Path]
_MOST_MANIFEST: Final = 50_000_000
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
#: What a browser calls the folder of what belongs to a saved page, behind the page's name.
_COMPANION: Final = re.compile(r"(?P<page>.+)(?:_files|-files|\.files|_Dateien|_fichiers|_archivos)")


@dataclass(frozen=True)
class Source:
    """One file, or one page.

    Attributes:
        path: The file.
        name: What its document is called.
        format: Its format.
        url: The address of a page that is to be fetched, "" for files.
    """

    path: Path
    name: str
    format: DocumentFormat
    url: str = ""


def find_sources(given: Given, settings: DocumentSettings, notes: Notes) -> list[Source]:
    """Return the files that an input stands for; those of folders and patterns are sorted by name.

    Folders are searched with all folders below them, hidden files and links to folders left out. Files in them whose
    ending is unknown are counted, and so are folders that a browser made beside a saved page, or stancelab wrote.

    Raises:
        ConfigError: A page is to be fetched as something else than HTML.
        DataError: A file is missing, its format is unknown, or nothing is found.
    """
    each = [given] if isinstance(given, str | Path) else list(given)
    if not each:
        raise DataError("no input is given; name a file, a folder or a pattern")
    sources: dict[tuple[Path, str], Source] = {}
    for one in each:
        for source in _sources(one, settings, notes):
            sources.setdefault((source.path.absolute(), source.url), source)
    return _with_names(list(sources.values()))


def _sources(given: str | Path, settings: DocumentSettings, notes: Notes) -> Iterator[Source]:
    text = str(given)
    if settings.fetch and _URL.match(text):
        if settings.format not in ("auto", "html"):
            raise ConfigError(f"read.format: found {settings.format!r}, and {text} is fetched as a page; leave it out")
        yield Source(Path(text), text, "html", text)
        return
    if text == DASH:
        yield _of_stdin(settings)
        return
    refuse_page(text)
    path = Path(text).expanduser()
    if path.is_dir():
        yield from _listed(_below(path, notes), path, settings, notes)
    elif path.exists():
        yield Source(path, written_name(path.name), _named(path, settings))
    elif glob.has_magic(text):
        found = [Path(each) for each in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207
        top = Path(os.path.commonpath([each.absolute().parent for each in found])) if found else path
        yield from _listed(_without_companions(found, top, notes), top, settings, notes)
    else:
        raise DataError(f"{no_such_file(path)}{_of_several(text)}")


def refuse_page(given: str) -> None:
    """Raise a `DataError` where an input is a URL; the message says how a page is fetched."""
    try:
        refuse_url(given)
    except DataError as error:
        setting = ", or fetch it with read.fetch=true" if given.lower().startswith(("http:", "https:")) else ""
        raise DataError(f"{error}{setting}") from None


def _of_stdin(settings: DocumentSettings) -> Source:
    path = spooled_stdin()
    form = sniffed(path) if settings.format == "auto" else cast("DocumentFormat", settings.format)
    if not path.stat().st_size:
        raise DataError(f"{STANDARD_INPUT}: is empty")
    return Source(path, STANDARD_INPUT.replace(" ", "-"), form)


def _named(path: Path, settings: DocumentSettings) -> DocumentFormat:
    if settings.format in FORMATS:
        return settings.format
    form = format_of(path)
    if form is None:
        raise DataError(unknown_ending(path))
    return form


def _listed(files: list[Path], top: Path, settings: DocumentSettings, notes: Notes) -> Iterator[Source]:
    """Yield the documents among the files of a folder or a pattern, with names below it."""
    count = 0
    for path in files:
        form = format_of(path)
        if form is None:
            notes.pass_over(path)
            continue
        if settings.format in FORMATS:
            form = settings.format
        count += 1
        yield Source(path, written_name(path.absolute().relative_to(top.absolute()).as_posix()), form)
    if not count:
        shown = ", ".join(f"{number:,} {ending}" for ending, number in notes.passed_over.most_common(5))
        raise DataError(
            f"{top}: no documents were found{f' (passed over: {shown})' if shown else ''}; expected .txt, .md, .html,"
            " .mhtml, .docx, .pdf or tables"
        )


def _below(folder: Path, notes: Notes) -> list[Path]:
    found = []
    for here, folders, names in os.walk(folder):
        if MANIFEST in names and (STANCES_JSON in names or _is_ours(Path(here))):
            notes.results += 1  # what was read before, tables and a page, is no article, and no run or dataset is
            folders.clear()
            continue
        kept = [each for each in sorted(folders) if not each.startswith(".") and each != "__MACOSX"]
        companions = {each for each in kept if _is_companion(each, names)}
        notes.companions += len(companions)
        folders[:] = [each for each in kept if each not in companions]
        found += [Path(here, name) for name in names if not name.startswith((".", "~$"))]
    return sorted(found)


def _is_ours(folder: Path) -> bool:
    """Tell whether a manifest is one of those that commands write; web pages have others of its name."""
    try:
        found = read_json(folder / MANIFEST, most=_MOST_MANIFEST)
    except (DataError, OSError):
        return False
    return isinstance(found, dict) and {"created", "versions", "files"} <= found.keys()


def _without_companions(found: list[Path], top: Path, notes: Notes) -> list[Path]:
    """Return the files among what a pattern finds, without those of folders that a browser made beside a saved page."""
    companions: dict[Path, bool] = {}
    kept = []
    for path in found:
        above = [folder for folder in path.absolute().parents if top in folder.parents]
        for folder in above:
            if folder not in companions:
                names = [each.name for each in folder.parent.iterdir()] if _COMPANION.fullmatch(folder.name) else []
                companions[folder] = _is_companion(folder.name, names)
        if path.is_file() and not any(companions[folder] for folder in above):
            kept.append(path)
    notes.companions += sum(companions.values())
    return kept


def written_name(name: str) -> str:
    """Return the name of a file with the bytes that are no UTF-8 as escapes, so that it can be written."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _of_several(text: str) -> str:
    """Return what is said of names with commas between them, where all of them are there."""
    parts = [part.strip() for part in text.split(",")]
    are_there = len(parts) > 1 and all(part and Path(part).expanduser().exists() for part in parts)
    return f" Several inputs stand in brackets: [{','.join(parts)}]" if are_there else ""


def _is_companion(folder: str, names: list[str]) -> bool:
    match = _COMPANION.fullmatch(folder)
    return match is not None and any(f"{match['page']}{ending}" in names for ending in (".html", ".htm", ".xhtml"))


def _with_names(sources: list[Source]) -> list[Source]:
    """Return the sources with names of which none is another's: where two are, their paths."""
    names = [source.name for source in sources]
    return [
        Source(each.path, written_name(each.path.as_posix()), each.format, each.url)
        if names.count(each.name) > 1
        else each
        for each in sources
    ]
