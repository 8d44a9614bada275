"""The hidden folder beside an output that holds what of it is done: who has it, what it belongs to, when it goes.

Predictions keep parts of a table in it, readings the documents and their evidence.
"""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import DataError, StancelabError, shorten
from stancelab.files import locked, make_parents, read_json, remove_empty_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

LOCK: Final = "lock"


def parts_folder(output: Path) -> Path:
    """Return where the parts of an output lie."""
    return output.with_name(f".{output.name}.parts")


def kept_key(path: Path, anew: str) -> dict[str, Any]:
    """Return what was kept with parts as what they belong to.

    Args:
        path: Its file.
        anew: How to begin anew, for the message.

    Raises:
        DataError: The file is missing or damaged.
    """
    try:
        content = read_json(path)
    except DataError:
        content = None
    if not isinstance(content, dict):
        raise DataError(f"{path}: is missing or damaged, so that nothing says what the parts beside it are of; {anew}")
    return content


def differing(before: Mapping[str, Any], key: Mapping[str, Any]) -> list[str]:
    """Return the names of what differs between what was kept with parts and what they are to belong to."""
    own = json.loads(json.dumps(key))
    return [name for name in {**before, **own} if before.get(name) != own.get(name)]


@contextmanager
def held_folder(output: Path, busy: str) -> Iterator[Path]:
    """Give the folder of an output's parts, which no other process then has; it is removed where it ends empty.

    Args:
        output: The output.
        busy: What is said where another process has it.

    Raises:
        DataError: The folder cannot be written.
        ConfigError: Another process has it.
    """
    folder = parts_folder(output)
    made: list[Path] = []
    try:
        with ExitStack() as stack:
            with written(output):
                made += make_parents(output)
                stack.enter_context(locked(folder / LOCK, busy))
            yield folder
    finally:
        _remove_if_empty(folder)
        remove_empty_folders(made)


@contextmanager
def cleared_unless_kept(
    clear: Callable[[], None], goes_on: Callable[[], str], interruption: type[KeyboardInterrupt]
) -> Iterator[None]:
    """Clear the parts when the block ends, unless it fails and some are kept: then say how the command goes on.

    Args:
        clear: Removes the parts.
        goes_on: What is added to the message of an error where parts are kept, "" where none are.
        interruption: What is then raised in place of a Ctrl-C.
    """
    try:
        yield
    except BaseException as error:
        if not (hint := goes_on()):
            clear()
        elif isinstance(error, StancelabError):
            raise type(error)(f"{error}; {hint}") from None
        elif isinstance(error, KeyboardInterrupt):
            raise interruption from None
        raise
    clear()


@contextmanager
def written(output: Path) -> Iterator[None]:
    """Turn errors of the file system into a `DataError` that names the output."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or shorten(error, 200)
        raise DataError(
            f"{output}: cannot be written ({reason}); check the folder, its permissions and the space left"
        ) from None


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
