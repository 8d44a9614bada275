"""What a person writes after the command: several corpora in one word, and a clear answer to a mistake."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hydra.errors import OverrideParseException

from stancelab.config import CommandConfig, config_folder, known_keys
from stancelab.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SEVERAL = re.compile(r"data=\[(?P<names>[^\[\]]*)\]")
_KEY = re.compile(r"(?:full_key: |Could not override '|Key ')(?P<key>[\w.@/-]+)")


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
        expanded += [f"+data@data.corpora.{name}={name}" for name in names]
    return expanded


def explain(error: BaseException, kind: type[CommandConfig]) -> str | None:
    """Return what a person needs to know of an error that Hydra or OmegaConf raised, None for any other error."""
    chain = list(_causes(error))
    if not any(type(link).__module__.partition(".")[0] in ("hydra", "omegaconf") for link in chain):
        return None
    text = "\n".join(str(link) for link in chain)
    unreadable = next((link for link in chain if isinstance(link, OverrideParseException)), None)
    if unreadable is not None:
        return (
            f"cannot read {unreadable.override!r}: {str(unreadable.message).splitlines()[0]}; write KEY=VALUE, and "
            "quote what the shell or Hydra would take apart: 'KEY=[a,b]', 'KEY=\"a, b\"'"
        )
    if "could not be converted" in text or "is not a subclass" in text or "incompatible" in text or "Invalid" in text:
        return _wrong_value(text)
    if "Could not find '" in text:
        return _unknown_option(text)
    match = _KEY.search(text)
    if match and ("is not in struct" in text or "not in '" in text or "Could not override" in text):
        groups = [path.name for path in config_folder().iterdir() if path.is_dir()]
        return f"unknown setting {match['key']!r}.{did_you_mean(match['key'], [*known_keys(kind), *groups])}"
    return text.splitlines()[0]


def _wrong_value(text: str) -> str:
    key = re.search(r"full_key: (\S+)", text)
    value = next((line for line in text.splitlines() if re.match(r"\s*(Value|Invalid|Cannot|Incompatible)", line)), "")
    return f"{key[1] if key else 'a setting'}: {value.strip() or text.splitlines()[0]}"


def _unknown_option(text: str) -> str:
    match = re.search(r"Could not find '(?P<what>[^']+)'", text)
    what = match["what"] if match else ""
    group, _, name = what.rpartition("/")
    folder = config_folder() / group
    options = sorted(path.stem for path in folder.glob("*.yaml")) if group else []
    if not options:
        return text.splitlines()[0]
    return f"{group}={name}: no such config; there are {', '.join(options)}.{did_you_mean(name, options)}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__
