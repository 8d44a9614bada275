"""The table of commands: every entry has its module, its config and its line of help."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys

import pytest

from stancelab.cli.commands import COMMANDS
from stancelab.cli.config import CommandConfig


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_a_config_and_a_function(command: str) -> None:
    found = COMMANDS[command]
    assert issubclass(found.config, CommandConfig)
    assert list(inspect.signature(found.execute).parameters) == ["config", "run_folder", "command_line"]
    assert (inspect.getdoc(found.config) or "").partition("\n\n")[0].replace("\n", " ") == found.summary


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_uses_fields_that_it_has(command: str) -> None:
    kind = COMMANDS[command].config
    assert set(kind.uses or ()) <= {item.name for item in dataclasses.fields(kind)}


def test_the_overview_imports_no_command() -> None:
    code = "import sys; from stancelab.cli import main; main(['--help']); print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = set(shown.splitlines()[-1].split())
    assert not {"torch", "hydra", "numpy", "stancelab.cli.recipe", "stancelab.cli.commands.train"} & loaded
