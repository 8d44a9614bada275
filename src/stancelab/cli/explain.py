"""Errors of Hydra and OmegaConf as messages for a person."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from omegaconf import DictConfig, ListConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from stancelab.cli.config import CommandConfig, config_folder, known_keys, used_fields
from stancelab.cli.own_configs import OwnConfigs, options_of
from stancelab.cli.usual_names import nearest_setting
from stancelab.errors import StancelabError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

_FULL_KEY: Final = re.compile(r"full_key: (?P<key>\S+)")
#: Where a key stands: as it was given, as far as it could be followed, and by its last part alone.
_KEYS: Final = (
    re.compile(r"Could not override '(?P<key>[\w.@/-]+)"),
    _FULL_KEY,
    re.compile(r"Key '(?P<key>[\w.@/-]+)"),
)
#: A value of another type than its setting's.
_OTHER_TYPE: Final = re.compile(
    r"Value '(?P<found>.*)' (?:of type '\w+' could not be converted to (?P<number>Integer|Float)|is not a valid bool)"
)
_EXPECTED: Final = {"Integer": "a whole number", "Float": "a number", None: "true or false"}
_DECIMAL_COMMA: Final = re.compile(r"-?\d+,\d+")
_WRONG_VALUE: Final = ("could not be converted", "is not a valid bool", "is not a subclass", "incompatible", "Invalid")
#: A list where pairs are expected, or pairs or a value where the other is, or null.
_WRONG_KIND: Final = (
    "Cannot merge DictConfig with ListConfig",
    "Cannot assign",
    "is not Optional",
    "is not a ListConfig",
)
#: A list or pairs where one value is expected.
_SEVERAL_VALUES: Final = re.compile(r"Cannot convert '(?P<kind>list|dict)' to string: '(?P<found>.*)'")
#: One value where a group of settings is expected.
_NOT_A_GROUP: Final = "Invalid type assigned: "
#: A setting of a corpus that is not among those of the config, as `+data.corpora.new.path=FOLDER` gives one.
_NEW_CORPUS: Final = "dict is not a subclass of CorpusSettings"
#: How Hydra begins an account whose next line says what is wrong.
_HEADING: Final = re.compile(r"In '(?P<config>[^']+)': \w+ raised while composing config:|Error merging override .*")
#: How like an option another has to be to be offered: their names have much in common.
_NEAR: Final = 0.6
_INTERPOLATION: Final = "'${' begins the name of another setting; in the name of a file write it '\\${'"
#: Launchers and sweepers of a sweep, and the packages that bring them.
_PLUGINS: Final[dict[str, dict[str, str | None]]] = {
    "hydra/launcher": {
        "basic": None,
        "joblib": "hydra-joblib-launcher",
        "ray": "hydra-ray-launcher",
        "submitit_local": "hydra-submitit-launcher",
        "submitit_slurm": "hydra-submitit-launcher",
    },
    "hydra/sweeper": {"basic": None, "stancelab_optuna": None},
}
#: How several corpora are given, for those who set one that is not among them.
_CORPORA: Final = (
    "Several corpora are given by their names, as in 'data=[newsmtsc,mpqa]', and then set one by one, as in "
    "data.corpora.newsmtsc.path=FOLDER; a table of your own needs a config in data/ of your --config-dir."
)
_UNKNOWN_KEY: Final = ("is not in struct", "not in '", "Could not override")


def explain(
    error: BaseException, kind: type[CommandConfig], own: OwnConfigs | None, *, sweeps: bool = True
) -> str | None:
    """Return what a person needs to know of an error that Hydra or OmegaConf raised, None for any other error.

    Args:
        error: What was raised.
        kind: The command's config.
        own: The user's own configs, None where there are none.
        sweeps: Whether the command can run once for each of several values.
    """
    if isinstance(error, ValueError) and "Config group override must be" in str(error):
        return f"a group takes the name of one of its configs, as in model=minilm; {str(error).rpartition('. ')[2]}"
    chain = list(_causes(error))
    own_error = next((link for link in chain if isinstance(link, StancelabError)), None)
    if own_error is not None:
        return str(own_error)  # raised while OmegaConf resolved a value
    if not any(type(link).__module__.partition(".")[0] in ("hydra", "omegaconf") for link in chain):
        return None
    text = "\n".join(str(link) for link in chain)
    if "Interpolation key" in text:
        return _with_key(text, f"{next(iter(_lines(text)))}; {_INTERPOLATION}")
    unreadable = next((link for link in chain if type(link).__name__ == "OverrideParseException"), None)
    if unreadable is not None:
        return _unreadable(unreadable)
    several = _SEVERAL_VALUES.search(text)
    if several is not None and (key := _FULL_KEY.search(text)) is not None:
        what = "a list" if several["kind"] == "list" else "pairs"
        return f"{key[1]}: found {what}, {several['found']}; expected one value; write '{key[1]}=VALUE'"
    if _NOT_A_GROUP in text and (key := _FULL_KEY.search(text)) is not None:
        if _NEW_CORPUS in text:
            return f"unknown corpus {key[1]!r}. {_CORPORA}"
        return _wrong_kind(key[1], kind)
    if any(part in text for part in _WRONG_KIND):
        key = _FULL_KEY.search(text)
        # Of a config file OmegaConf does not say which key it is.
        wrong = "a list stands where NAME: VALUE pairs are expected, or pairs where a list is"
        null = "found null; " if "is not Optional" in text else ""
        return _with_key(text, wrong) if key is None else _wrong_kind(key[1], kind, null)
    if any(part in text for part in _WRONG_VALUE):
        return _wrong_value(text, sweeps=sweeps)
    if "Could not find '" in text:
        return _unknown_option(text, own)
    match = next((match for pattern in _KEYS if (match := pattern.search(text))), None)
    if match and any(part in text for part in _UNKNOWN_KEY) and match["key"] not in _settings(kind):
        return unknown_setting(match["key"], kind)
    within = _FULL_KEY.search(text)
    if within and any(part in text for part in _UNKNOWN_KEY) and within["key"] not in _settings(kind):
        return _unknown_within(within["key"], kind)
    return _with_key(text, next(iter(_lines(text)), type(error).__name__))


def unknown_setting(key: str, kind: type[CommandConfig]) -> str:
    """Return the message that says that a command has no setting of this name, and which is the nearest."""
    names = [name for name in _settings(kind) if name != key]
    if key.startswith("data.corpora."):
        corpus, _, own = key.removeprefix("data.corpora.").partition(".")
        of_one = [name.removeprefix("data.") for name in names if name.startswith("data.")]
        if not own or own in of_one:
            return f"unknown corpus {corpus!r}. {_CORPORA}"
        names = [f"data.corpora.{corpus}.{name}" for name in of_one]
    return f"unknown setting {key!r}.{nearest_setting(key, names)}"


def _unknown_within(key: str, kind: type[CommandConfig]) -> str:
    """Return the message that names the settings of a group which was given another one in braces."""
    group = key.rpartition(".")[0]
    names = [name.removeprefix(f"{group}.") for name in known_keys(kind) if name.startswith(f"{group}.")]
    if not names:
        return unknown_setting(key, kind)
    return f"unknown setting {key!r}. {group} holds {', '.join(name for name in names if '.' not in name)}."


def _settings(kind: type[CommandConfig]) -> list[str]:
    """Return the keys and groups of a command."""
    used = {item.name for item in used_fields(kind)}
    groups = [path.name for path in config_folder().iterdir() if path.is_dir() and path.name in used]
    return [*known_keys(kind), *groups]


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not _HEADING.fullmatch(line)]


def _with_key(text: str, message: str) -> str:
    """Return a message behind the setting that it is about, or the config where no setting is named."""
    key = _FULL_KEY.search(text)
    config = re.search(_HEADING, text)
    where = key[1] if key else config["config"] if config else None
    return message.strip() if where is None else f"{where}: {message.strip()}"


def _unreadable(error: BaseException) -> str:
    override, message = getattr(error, "override", ""), str(getattr(error, "message", error))
    return (
        f"cannot read {override!r}: {message.splitlines()[0]}; write KEY=VALUE, and quote what the shell or Hydra "
        "would take apart: 'KEY=[a,b]', 'KEY=\"a, b\"'"
    )


def _wrong_kind(key: str, kind: type[CommandConfig], found: str = "") -> str:
    """Return the message that says whether a setting takes a list, pairs, or a value.

    Args:
        key: The setting.
        kind: The command's config.
        found: What was found, with "; " behind it.
    """
    try:
        usual = OmegaConf.select(OmegaConf.structured(kind), key)
    except OmegaConfBaseException:
        usual = None  # the key of a corpus or another of the user's own
    if key.startswith("data.corpora.") and key.count(".") == 2:
        return f"{key}: {found}expected the settings of a corpus; write '{key}.path=FOLDER'"
    if isinstance(usual, ListConfig):
        return f"{key}: {found}expected a list; write '{key}=[VALUE]', or '{key}=[]' for none"
    if isinstance(usual, DictConfig):
        return f"{key}: {found}expected pairs; write '{key}={{NAME: VALUE, NAME: VALUE}}'"
    return f"{key}: {found}expected a value; write '{key}=VALUE'"


def _wrong_value(text: str, *, sweeps: bool) -> str:
    lines = _lines(text)
    if (other := _OTHER_TYPE.search(text)) is not None:
        found = f"found {other['found']!r}, expected {_EXPECTED[other['number']]}"
        if other["number"] == "Float" and _DECIMAL_COMMA.fullmatch(other["found"]):
            found += f"; decimals are written with a point, {other['found'].replace(',', '.')}"
        return _with_key(text, found + (_several_hint(other["found"]) if sweeps else ""))
    value = next((line for line in lines if re.match(r"\s*(Value|Invalid|Cannot|Incompatible)", line)), "")
    return _with_key(text, f"{value.strip() or lines[0]}{_several_hint(value)}")


def _several_hint(value: str) -> str:
    return "; a list is written 'KEY=[a,b]', and several runs, one for each value, need -m" if "," in value else ""


def _unknown_option(text: str, own: OwnConfigs | None) -> str:
    match = re.search(r"Could not find '(?P<what>[^']+)'", text)
    what = match["what"] if match else ""
    group, _, name = what.rpartition("/")
    packages = _PLUGINS.get(group, {})
    if package := packages.get(name):
        return f"{group}={name} needs {package}: pip install {package}"
    options = [*packages] or (options_of(group, own) if group else [])
    if not options:
        return text.splitlines()[0]
    hint = did_you_mean(name, [each for each in options if SequenceMatcher(None, each, name).ratio() >= _NEAR])
    return f"{group}={name}: no such config; there are {', '.join(options)}.{hint}{_several_hint(name)}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    seen: set[int] = set()
    # An error that is raised once more while it is handled can come back as its own cause.
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__
