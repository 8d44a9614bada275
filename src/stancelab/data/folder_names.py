"""Names as parts of a folder's name: letters of every script stay, everything else becomes a hyphen."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from stancelab.data.path_forms import path_title
from stancelab.layout import is_word_character

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.data.settings import CorpusSettings
    from stancelab.data.split_settings import SplitSettings

#: Bytes of one word and of all of them: a folder's name has at most 255, and a temporary one is longer than it.
_WORD_BYTES: Final = 48
_NAME_BYTES: Final = 120


def word_of(text: str) -> str:
    """Return a text as a part of a folder's name, "" where no letter or digit is in it.

    Different texts may give the same word: a person reads it, and what tells folders apart stands behind it.
    """
    kept = "".join(each if is_word_character(each) else " " for each in unicodedata.normalize("NFC", text))
    return _cut("-".join(kept.split()), _WORD_BYTES)


def readable_name(corpora: Sequence[CorpusSettings], split: SplitSettings, name: str | None = None) -> str:
    """Return what a prepared dataset is called for people: its corpora, and how they are divided.

    Args:
        corpora: What it is read from.
        split: How it is divided.
        name: A name in place of the corpora's.
    """
    words = [name or "-".join(corpus.name for corpus in corpora)]
    if words == ["table"] and corpora[0].path is not None:
        words.append(word_of(path_title(corpora[0].path)))  # a table without a name goes by its file
    if split.kind != "given":
        words.append(f"{split.kind}-seed{split.seed}")
    if split.kind == "kfold":
        words.append(f"fold{split.fold}of{split.folds}")
    if split.target is not None:
        words.append(word_of(split.target))
    if split.exclude_target is not None:
        words.append(f"without-{word_of(split.exclude_target)}")
    if split.shots is not None:
        words.append(f"{split.shots}shots-seed{split.draw}")
    if split.train_rows is not None:
        words.append(f"{split.train_rows}rows-seed{split.draw}")
    if split.train_share is not None and split.train_share < 1:
        words.append(f"{100 * split.train_share:g}percent-seed{split.draw}")
    return _cut(unicodedata.normalize("NFC", "-".join(filter(None, words))), _NAME_BYTES)


def name_problem(name: str) -> str | None:
    """Return why a prepared dataset cannot be called by a name, which becomes part of a folder's; None where it can."""
    if name and all(is_word_character(each) or each in "-. " for each in name) and name == name.strip(". "):
        return None
    return (
        f"name: found {name!r}, allowed are letters and digits of any script, '_', '-', and blanks and dots inside; "
        "root=FOLDER (output_root=FOLDER) writes somewhere else"
    )


def _cut(text: str, most: int) -> str:
    """Return as much of a text as so many bytes of UTF-8 hold."""
    return text.encode()[:most].decode(errors="ignore").strip("-")
