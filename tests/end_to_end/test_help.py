"""The help of the command line, and its version."""

from __future__ import annotations

import pytest

from stancelab.cli import main
from stancelab.cli.commands import COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_groups_and_keys(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"stancelab {command}: ")
    assert "Keys, with their values:" in shown
    assert f"  stancelab {command} " in shown


def test_overview_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "Usage: stancelab COMMAND" in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "stancelab 0.1.0\n"
