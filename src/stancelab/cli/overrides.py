"""The settings of a command line as Hydra takes them: plain values are quoted, several corpora are one word."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING, Any, Final

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException

from stancelab.cli.literal import escaped_path, path_mapping
from stancelab.cli.options import is_sweep, split_words
from stancelab.cli.setting_types import types_of
from stancelab.cli.written import quoted_texts
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A text of a list or of pairs: between quotes, or all up to the next mark of theirs.
_BARE_TEXT: Final = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s\[\]{},:"'][^\[\]{},:"']*""")
#: Settings whose keys are the user's own.
_NEW_KEYS: Final = re.compile(
    r"(training\.corpus_shares|evaluation\.prevalence|data\.(corpora\.\w+\.)?target_names)[.=]"
)
_SEVERAL: Final = re.compile(r"data=\[(?P<names>[^\[\]]*)\]")


def hydra_words(words: Sequence[str], kind: type[Any] = object) -> list[str]:
    """Return the words of a command line as Hydra takes them.

    Hydra reads values by a grammar of its own, in which letters beyond ASCII, "~", "=", parentheses and commas have to
    be quoted; a file's name or a label in the user's language need not be here. A value that Hydra cannot read, or
    would take for several runs where -m was not given, is quoted as one string; in a flat list, each such item. So is
    one that Hydra takes for a number or a switch, where the setting takes text.

    Args:
        words: The words.
        kind: The command's config, whose types say which settings take text.
    """
    several_runs = is_sweep(words)
    parser = OverridesParser.create()
    settings, options = split_words([_as_list(_with_new_keys(word), several_runs) for word in expand_corpora(words)])
    # Hydra takes all settings in one piece: none may follow an option that other settings stand before.
    return [*(_quoted(_as_text(word, kind, several_runs), parser, several_runs) for word in settings), *options]


def expand_corpora(words: Sequence[str]) -> list[str]:
    """Rewrite `data=[a,b]` as Hydra's own words for a config with both corpora under `data.corpora`."""
    expanded: list[str] = []
    for word in words:
        match = _SEVERAL.fullmatch(word.strip())
        if match is None:
            expanded.append(word)
            continue
        names = [name.strip() for name in match["names"].split(",") if name.strip()]
        if len(names) < 2 or len(set(names)) < len(names):
            raise ConfigError(f"{word}: name two or more different corpora, as in 'data=[newsmtsc,mpqa]'")
        expanded += ["data=several", f"data.name={'-'.join(names)}"]
        # Hydra's keys are of ASCII; the corpus keeps the name that its config gives it.
        keys = [name if name.isascii() else f"corpus{place}" for place, name in enumerate(names, 1)]
        expanded += [f"+data@data.corpora.{key}={name}" for key, name in zip(keys, names, strict=True)]
    return expanded


def _as_text(word: str, kind: type[Any], several_runs: bool) -> str:
    """Return a setting with quotes around its texts that Hydra would write in another way."""
    key, equals, _ = word.partition("=")
    types = types_of(kind, key.lstrip("+")) if equals else ()
    return quoted_texts(word, types, sweeps=several_runs) if types else word


def _with_new_keys(word: str) -> str:
    """Return a setting whose keys are the user's own as one that Hydra adds where it is not there."""
    if not _NEW_KEYS.match(word):
        return word
    key, _, value = word.partition("=")
    if re.fullmatch(r"\{\s*\}", value.strip()):
        raise ConfigError(
            f"{key}: found {{}}, which changes nothing: pairs on the command line change those of the same name in "
            "the config, and the others stay; leave it out, or name the pairs to change"
        )
    return f"++{word}"


def _as_list(word: str, several_runs: bool) -> str:
    """Return a setting that is a list, but is mostly given one value, as a list of that value.

    Names of reports hold no commas, and are listed with them as transformers takes them; those of teachers may.
    """
    match = re.fullmatch(r"(\+*training\.(?P<name>teacher|report_to))=([^\[{].*)", word, re.DOTALL)
    if match is None or match[3] == "null":
        return word
    key, value = match[1], match[3]
    if several_runs:
        return f"{key}={','.join(f'[{each}]' for each in value.split(','))}"
    return word if "," in value and match["name"] == "teacher" else f"{key}=[{value}]"


def _quoted(word: str, parser: OverridesParser, several_runs: bool) -> str:
    key, equals, value = word.partition("=")
    if not key:
        raise ConfigError(f"cannot read {word!r}; write KEY=VALUE")
    value = _in_home(value)
    literal = escaped_path(value)
    if literal != value:
        return f"{key}={as_string(literal)}"
    if not equals or _is_readable(f"{key}={value}", parser, several_runs):
        return f"{key}{equals}{value}"
    mapping = path_mapping(key, value)
    if mapping is not None:
        return f"{key}={{{','.join(f'{split}:{_files(files)}' for split, files in mapping.items())}}}"
    items = re.fullmatch(r"\[([^\[\]{}'\"]*)\]", value)
    if items is None and value[:1] in ("[", "{") and not value.isascii():
        inner = _BARE_TEXT.sub(_text_as_string, value)
        if _is_readable(f"{key}={inner}", parser, several_runs):
            return f"{key}={inner}"
        if value.startswith("[{") and value.endswith("]"):
            text = next(text for text in _BARE_TEXT.findall(value) if not text.isascii()).strip()
            example = shlex.quote(f'{key}=[{{NAME: "{text}, and more", NAME: "VALUE"}}]')
            raise ConfigError(
                f"cannot read {word!r}; a text that holds commas, colons, quotes or brackets stands between quotes: "
                f"{example}"
            )
    if items is None and not several_runs:
        return f"{key}={as_string(value)}"
    parts = [_in_home(part.strip()) for part in (items[1] if items else value).split(",")]
    joined = ",".join(part if _is_readable(f"{key}={part}", parser, True) else as_string(part) for part in parts)
    return f"{key}=[{joined}]" if items else f"{key}={joined}"


def _text_as_string(match: re.Match[str]) -> str:
    """Return a text within brackets in quotes, where it has letters beyond ASCII and no quotes."""
    text = match[0]
    return text if text.isascii() or text[0] in "\"'" else as_string(text.rstrip())


def _files(files: list[str] | str) -> str:
    if isinstance(files, list):
        return f"[{','.join(map(as_string, files))}]"
    return as_string(files)


def _in_home(value: str) -> str:
    """Return a path under the home folder written out: no shell does so within a word."""
    return os.path.expanduser(value) if value.startswith("~/") else value  # noqa: PTH111


def _is_readable(word: str, parser: OverridesParser, several_runs: bool) -> bool:
    try:
        override = parser.parse_override(word)
    except HydraException:
        return False
    return several_runs or not override.is_sweep_override()


def as_string(value: str) -> str:
    """Return a text in quotes, as Hydra takes it for just this text."""
    # Only a quote, and backslashes right before one, mean something to Hydra between quotes.
    escaped = re.sub(r"(\\*)('|$)", lambda match: match[1] * 2 + (f"\\{match[2]}" if match[2] else ""), value)
    return f"'{escaped}'"
