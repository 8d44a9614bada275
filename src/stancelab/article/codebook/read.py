"""Reads codebooks: files and the default one, with what they include."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stancelab.article.codebook.checks import problems_together
from stancelab.article.codebook.entries import Codebook
from stancelab.article.codebook.form import FileContent, entries_of
from stancelab.article.codebook.layers import Layer, side_by_side
from stancelab.article.codebook.yaml_text import MOST_BYTES, tree_of
from stancelab.errors import DataError, did_you_mean, list_problems, told_ending
from stancelab.files import refuse_url

#: The name of the codebook that comes with the project.
DEFAULT: Final = "default"
_WORLD: Final = (Path(__file__).parent.parent / "codebooks" / "world.yaml").resolve()
#: Files of one codebook, those that are included among them.
_MOST_FILES: Final = 50
_SUFFIXES: Final = (".yaml", ".yml")
_EXPECTED: Final = "expected a YAML file of entries such as 'Russia: [Moscow, the Kremlin]', or 'default'"


def read_codebook(named: str | Path | Sequence[str | Path]) -> Codebook:
    """Return the codebook of a file, of the name `default`, or of several of them together.

    A file yields to the files that include it, and `default` to every file beside it: a name that both have is that of
    the one that includes, and an entry of both has the names of both. Two files of a list may not share a name.

    Raises:
        DataError: A file cannot be read or holds something else; the message has all problems, with file and line.
    """
    if not isinstance(named, str | Path | Sequence):
        raise DataError(f"codebook: found {type(named).__name__}, {_EXPECTED}")
    several = [named] if isinstance(named, str | Path) else list(named)
    if not several:
        raise DataError(f"the list of codebooks is empty; {_EXPECTED}")
    reading = _Reading()
    paths = list(dict.fromkeys(reading.found(str(each), Path()) for each in several))
    files = reading.together([path for path in paths if path != _WORLD], ())
    return reading.checked(files.over(reading.layer(_WORLD)) if _WORLD in paths else files)


def parse_codebook(text: str, where: str = "codebook") -> Codebook:
    """Return the codebook of a YAML text, which may include `default` and no file.

    Args:
        text: The text.
        where: What it is called in messages.

    Raises:
        DataError: It holds something else; the message has all problems, with their lines.
    """
    reading = _Reading()
    return reading.checked(reading.resolved(_content(text, where), folder=None, above=()))


def _meant(named: str, path: Path) -> str:
    """Return what may have been meant by a name of no file: several names with commas, or one that is alike."""
    parts = [part.strip() for part in named.split(",")]
    if len(parts) > 1 and all(part == DEFAULT or (part and Path(part).expanduser().is_file()) for part in parts):
        return f" Several codebooks stand in brackets: [{','.join(parts)}]"
    beside = path.parent.iterdir() if path.parent.is_dir() else ()
    files = (each.name for each in beside if each.suffix.lower() in _SUFFIXES and each.is_file())
    return did_you_mean(path.name, [DEFAULT, *files])


def _shown(path: Path) -> str:
    """Return what a file is called in messages: its path below the working folder where it lies there."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


class _Reading:
    """Reads files once each, finds those that they include, and collects what is wrong with them."""

    def __init__(self) -> None:
        self._read: dict[Path, Layer] = {}
        self._problems: list[str] = []
        #: Whether a file that is included could not be read, so that its entries are not known.
        self._lacks_files = False

    def checked(self, layer: Layer) -> Codebook:
        """Return the codebook of all entries.

        Raises:
            DataError: Something is wrong with a file, or with entries together; the message has all of it.
        """
        together = problems_together(layer.entries, whole=not self._lacks_files)
        problems = list(dict.fromkeys([*self._problems, *together]))
        if problems:
            raise DataError(f"the codebook cannot be used:\n{list_problems(problems)}")
        return Codebook(layer.entries)

    def together(self, paths: Sequence[Path], above: tuple[Path, ...]) -> Layer:
        """Return the entries of files none of which yields to another one."""
        layers = []
        for path in paths:
            try:
                layers.append(self.layer(path, above))
            except DataError as error:
                self._lack(str(error))
        files, problems = side_by_side(layers)
        self._problems += problems
        return files

    def _lack(self, problem: str) -> None:
        self._problems.append(problem)
        self._lacks_files = True

    def found(self, named: str, folder: Path | None) -> Path:
        """Return the file of a name or path.

        Args:
            named: `default`, or a path.
            folder: What a relative path is relative to; None where files may not be named.
        """
        if named == DEFAULT:
            return _WORLD
        if folder is None:
            raise DataError(f"include: found {named!r}, allowed here is '{DEFAULT}' alone")
        refuse_url(named)
        path = folder / Path(named).expanduser()
        if not path.is_file():
            if path.is_dir():
                raise DataError(f"{path}: is a folder; {_EXPECTED}.")
            raise DataError(f"{path}: no such file; {_EXPECTED}.{_meant(named, path)}")
        if path.suffix.lower() not in _SUFFIXES:
            raise DataError(f"{path}: the name {told_ending(path.suffix)}; allowed is .yaml or .yml; {_EXPECTED}")
        return path.resolve()

    def layer(self, path: Path, above: tuple[Path, ...] = ()) -> Layer:
        """Return the entries of a file with those of the files that it includes.

        Args:
            path: The file.
            above: The files by way of which it is included.
        """
        if path in above:
            chain = " includes ".join(map(_shown, [*above[above.index(path) :], path]))
            raise DataError(f"{chain}; take one include away")
        if path not in self._read:
            if len(self._read) + len(above) >= _MOST_FILES:
                raise DataError(
                    f"{_shown(path)}: is file {_MOST_FILES + 1} of one codebook, allowed are {_MOST_FILES}; join some"
                )
            where = DEFAULT if path == _WORLD else _shown(path)
            self._read[path] = self.resolved(_content(_text_of(path), where), path.parent, (*above, path))
        return self._read[path]

    def resolved(self, content: FileContent, folder: Path | None, above: tuple[Path, ...]) -> Layer:
        """Return the entries of a file's content with those of the files that it includes."""
        self._problems += content.problems
        paths: dict[Path, None] = {}
        for each in content.includes:
            try:
                paths[self.found(each.text.strip(), folder)] = None
            except DataError as error:
                self._lack(f"{content.where}:{each.line}: {error}")
        files = self.together([path for path in paths if path != _WORLD], above)
        own = Layer(content.entries, content.given).over(files)
        return own.over(self.layer(_WORLD, above)) if _WORLD in paths else own


def _content(text: str, where: str) -> FileContent:
    return entries_of(tree_of(text, where), where)


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DataError(f"{_shown(path)}: not readable ({error.strerror}); {_EXPECTED}") from None
    if len(content) > MOST_BYTES:
        raise DataError(f"{_shown(path)}: has more than {MOST_BYTES:,} bytes; divide it into several files")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(f"{_shown(path)}:{line}: is not UTF-8; save it as UTF-8") from None
