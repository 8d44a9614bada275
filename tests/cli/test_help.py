"""Every key of every command has a meaning in its help."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

from stancelab.cli.commands import COMMANDS
from stancelab.cli.help import command_help, meanings


def test_every_key_has_a_meaning() -> None:
    unexplained = []
    for command in COMMANDS.values():
        for owner in _dataclasses(command.config):
            names = [item.name for item in dataclasses.fields(owner)]
            unexplained += [f"{owner.__name__}.{name}" for name in names if name not in meanings(owner)]
    assert unexplained == []


def _dataclasses(kind: type) -> list[type]:
    factories: list[Any] = [item.default_factory for item in dataclasses.fields(kind)]
    inner = [owner for owner in factories if isinstance(owner, type) and hasattr(owner, "__dataclass_fields__")]
    return [kind, *itertools.chain.from_iterable(_dataclasses(owner) for owner in inner)]


def test_settings_that_a_command_ignores_are_not_in_its_help() -> None:
    assert "evaluation.bins=" in command_help("compare", [], None)
    assert "evaluation.perturbations=" not in command_help("compare", [], None)
    assert "evaluation.perturbations=" in command_help("evaluate", [], None)
    assert "evaluation.on_unparsed=" in command_help("evaluate", [], None)
    for command in ("run", "compare", "pool", "curve"):
        assert "evaluation.on_unparsed=" not in command_help(command, [], None)
