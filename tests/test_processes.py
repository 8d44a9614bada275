"""What is refused where torchrun has started several processes, and who speaks. No process is started here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab import processes
from stancelab.cli import main
from stancelab.cli.steps import say
from stancelab.errors import ConfigError
from stancelab.training.finetune import check_shared
from stancelab.training.settings import TrainingSettings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be the second of two processes."""
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")


def test_without_torchrun_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RANK", raising=False)
    monkeypatch.setenv("WORLD_SIZE", "8")  # as job schedulers set it
    assert (processes.number(), processes.count(), processes.is_first()) == (0, 1, True)


@pytest.mark.usefixtures("second")
def test_the_first_alone_speaks(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert (processes.number(), processes.count(), processes.is_first()) == (1, 2, False)
    say("hello")
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("RANK", "0")
    say("hello")
    assert capsys.readouterr().out == "hello\n"


@pytest.mark.usefixtures("second")
def test_the_texts_of_a_batch_are_divided() -> None:
    check_shared(TrainingSettings(batch_size=16))
    with pytest.raises(ConfigError, match="batch_size: found 15, which 2 processes cannot share; take a multiple of 2"):
        check_shared(TrainingSettings(batch_size=15))


@pytest.mark.usefixtures("second")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["prepare"], "stancelab prepare is for one process; torchrun starts train and run"),
        (["train", "seed=0,1", "-m"], "torchrun has started 2 processes, which share one training"),
    ],
)
def test_what_is_for_one_process(
    workplace: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("logging.disable", lambda level: None)
    assert main(words) == 2
    assert f"stancelab: process 1: {message}" in capsys.readouterr().err
