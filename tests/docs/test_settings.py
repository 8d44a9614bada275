"""The settings that pages, configs and help name are there, and documented command lines are accepted."""

from __future__ import annotations

import dataclasses
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from omegaconf import OmegaConf

from stancelab.cli import renames
from stancelab.cli.commands import COMMANDS
from stancelab.cli.config import known_keys
from stancelab.cli.help import meanings
from stancelab.cli.own_configs import options_of
from stancelab.cli.unused import check_used

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES += sorted((ROOT / "data").glob("*/*.md"))
CONFIGS = sorted((ROOT / "configs").rglob("*.yaml"))
GROUPS = ("data", "split", "audit", "model", "training", "baselines", "evaluation", "experiment", "sweep")
KEYS = {key for command in COMMANDS.values() for key in known_keys(command.config)}
#: Configs of a user's own in examples.
OWN = {"mine", "first", "second", "third"}
#: What follows a prefix of settings in the names of files and of classes.
FILES = ("csv", "int8", "json", "md", "onnx", "py", "safetensors", "static", "yaml")
DOTTED = re.compile(
    rf"(?<![\w./-])((?:{'|'.join({key.split('.')[0] for key in KEYS if '.' in key})})(?:\.[a-z_][a-z0-9_]*)+)"
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    """Return a page, or the comments of a config."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        text = "\n".join(line[2:] for line in text.splitlines() if line.startswith("# "))
    return re.sub(r" *\\\n\s*", " ", text)


def unknown_in(text: str) -> list[str]:
    """Return the settings, and the options of groups, that a text names and that are not there."""
    known = KEYS | set(renames.SETTINGS)
    dotted = [key for key in DOTTED.findall(text) if key.split(".")[1] not in FILES]
    free = ("data.corpora.", "training.corpus_shares.", "evaluation.prevalence.")
    found = [key for key in dotted if key not in known and not key.startswith(free)]
    for group in GROUPS:
        options = {*options_of(group, None), *OWN, *(renames.EXPERIMENTS if group == "experiment" else ())}
        given = re.findall(rf"(?<![\w./@]){group}=\[?([a-z]\w+(?:,[a-z]\w+)*)(?![\w./])", text)
        found += [f"{group}={name}" for names in given for name in names.split(",") if name not in options]
    return found


@pytest.mark.parametrize("path", [*PAGES, *CONFIGS], ids=name_of)
def test_every_setting_that_is_named_is_there(path: Path) -> None:
    assert unknown_in(text_of(path)) == []


def test_every_setting_that_the_help_names_is_there() -> None:
    told = [meaning for command in COMMANDS.values() for meaning in meanings_of(command.config)]
    assert unknown_in("\n".join(told)) == []


def meanings_of(kind: Any) -> Iterator[str]:
    yield from meanings(kind).values()
    factories: list[Any] = [each.default_factory for each in dataclasses.fields(kind)]
    for factory in filter(dataclasses.is_dataclass, factories):
        yield from meanings_of(factory)


def command_lines(text: str) -> Iterator[str]:
    """Yield the command lines of a text: in blocks of bash, in backticks, and in the head of a config."""
    blocks = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    if "```" not in text and "`stancelab" not in text:
        lines += [line.strip() for line in text.splitlines() if re.match(r"  stancelab \w+", line)]
    lines += re.findall(r"`([^`\n]*)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    for line in lines:
        match = re.search(r"(?:^|\| |; |-m |time -v )(stancelab \w+(?: .*)?)$", line)
        if match is not None and "$" not in line and "bash -c" not in line:
            yield re.split(r" \| ", match[1])[0]


@pytest.mark.parametrize("path", [*PAGES, *CONFIGS], ids=name_of)
def test_every_command_line_is_one_that_the_command_takes(path: Path) -> None:
    for line in command_lines(text_of(path)):
        try:
            _, command, *words = shlex.split(line, comments=True)
        except ValueError:  # a line of several
            continue
        if command == "COMMAND" or "--config-dir" in words:
            continue
        assert command in COMMANDS, line
        check_used(command, words, None)
        for word in words:
            check_word(command, word, line)


def check_word(command: str, word: str, line: str) -> None:
    """Check the key of a word, and that its value is of the type of the setting where it is a plain one."""
    kind = COMMANDS[command].config
    key, equals, value = word.partition("=")
    key = key.lstrip("+")
    if not equals or key in GROUPS or key.startswith("hydra") or "$" in word:
        return
    is_free = key.startswith(("data.corpora.", "training.corpus_shares", "evaluation.prevalence"))
    assert is_free or key in known_keys(kind), line
    if not is_free and re.fullmatch(r"[\w.-]+", value) and not value.isupper():
        config = OmegaConf.structured(kind)
        default = OmegaConf.select(config, key, throw_on_missing=False)
        if not OmegaConf.is_list(default) and not OmegaConf.is_dict(default):
            OmegaConf.update(config, key, value, merge=False)


def test_the_checks_find_what_is_not_there() -> None:
    assert unknown_in("`training.epoch=3`, `split=by_hand` and `model.onnx`") == ["training.epoch", "split=by_hand"]
    assert list(command_lines("```bash\nzcat x | stancelab predict checkpoint=X | head\n```")) == [
        "stancelab predict checkpoint=X"
    ]
    with pytest.raises(AssertionError, match="the line"):
        check_word("train", "training.epoch=3", "the line")
