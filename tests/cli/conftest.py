"""What the tests of the command line share: a config composed as the command line composes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hydra import compose, initialize_config_dir

from stancelab.cli.commands import COMMANDS
from stancelab.cli.config import build, config_folder
from stancelab.cli.overrides import hydra_words
from stancelab.cli.with_hydra import register_schemas

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stancelab.cli.config import CommandConfig

REQUIRED = {
    "evaluate": ["checkpoint=x"],
    "compare": ["runs=[x,y]"],
    "pool": ["runs=[x,y]"],
    "curve": ["runs=[x,y]"],
}


@pytest.fixture
def composed() -> Callable[..., CommandConfig]:
    """A function from a command and the words after it to the command's config."""

    def compose_and_build(command: str, *words: str) -> CommandConfig:
        register_schemas()
        with initialize_config_dir(str(config_folder()), version_base="1.3"):
            config = compose(command, overrides=hydra_words([*REQUIRED.get(command, []), *words]))
        return build(config, COMMANDS[command].config)

    return compose_and_build


@pytest.fixture
def train_only(workplace: Path, toy: Any) -> list[str]:
    """The words that name a table whose rows are all for training, which cannot be prepared as they are divided."""
    table = toy.write_table(workplace / "mine.csv")
    text = table.read_text()
    table.write_text(text.replace(",validation", ",train").replace(",test", ",train"))
    return toy.data(table)
