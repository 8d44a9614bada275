"""The command line: `stancelab COMMAND [KEY=VALUE ...]`. The only package that knows Hydra."""

from __future__ import annotations

from stancelab.cli.main import main

__all__ = ["main"]
