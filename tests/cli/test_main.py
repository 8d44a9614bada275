"""Exit codes, help and version, and what is said where a command is interrupted or cannot write."""

from __future__ import annotations

import errno
import io
import logging
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import stancelab
from stancelab.cli import main
from stancelab.cli.commands import COMMANDS
from stancelab.cli.steps import say
from stancelab.errors import InterruptedTraining


@pytest.mark.parametrize("words", [[], ["-h"], ["--help"], ["help"]])
def test_the_overview_names_every_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    for name, command in COMMANDS.items():
        assert f"  {name} " in shown.out
        assert command.summary in shown.out


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"stancelab {stancelab.__version__}\n"


def test_the_words_of_the_process_are_taken_where_none_are_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["stancelab", "compar"])
    assert main() == 2
    found = capsys.readouterr().err
    assert found.startswith("stancelab: no command 'compar'; the commands are run, ")
    assert found.endswith("Did you mean 'compare'?\n")


def test_what_does_the_work_of_a_command_of_other_programs_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report"]) == 2
    assert capsys.readouterr().err.endswith(
        ", push, runs. 'run' and 'evaluate' write the report; in Python write_report(RUN) writes it again\n"
    )


def test_help_beside_a_setting_shows_the_setting(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "evaluation.bins=23", "--help"]) == 0
    assert "23" in capsys.readouterr().out
    assert list(workplace.iterdir()) == []


@pytest.mark.parametrize("words", [["train"], ["predict", "checkpoint=x", "input=a.csv", "output=b.csv"]])
def test_ctrl_c_is_no_error_of_ours(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    def interrupted(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"stancelab.cli.commands.{words[0]}.execute", interrupted)
    assert main(words) == 130
    assert capsys.readouterr().err.endswith("\nstancelab: interrupted\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
@pytest.mark.parametrize("words", [["prepare"], ["predict", "checkpoint=x", "input=a.csv", "output=b.csv"]])
def test_a_disk_that_is_full_is_one_line(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    def execute(config: object, run_folder: Path, line: str) -> None:
        log = str((run_folder / "run.log").absolute())
        [kept] = [each for each in logging.getLogger().handlers if getattr(each, "baseFilename", None) == log]
        assert isinstance(kept, logging.FileHandler)
        with suppress(OSError), Path("/dev/full").open("w") as full:
            own, kept.stream = kept.stream, full
            logging.getLogger("stancelab").warning("a line for run.log")
            kept.stream = own
        Path("/dev/full").write_text("a table")

    monkeypatch.setattr(f"stancelab.cli.commands.{words[0]}.execute", execute)
    assert main(words) == 2
    err = capsys.readouterr().err
    assert re.search(rf"stancelab: outputs/{words[0]}/.*: No space left on device; check the path", err)
    assert "Traceback" not in err
    assert not (workplace / "outputs" / words[0]).exists()


def test_a_disk_that_is_full_before_the_run_begins_is_one_line(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("hydra.core.utils._save_config", full)
    assert main(["prepare", "name=mine"]) == 2
    assert re.search(r"stancelab: outputs/prepare/mine/.*: No space left on device; check", capsys.readouterr().err)
    assert not (workplace / "outputs" / "prepare").exists()


@pytest.mark.parametrize("given", [[], ["training.resume=false"], ["training.resume=true"]])
def test_the_command_that_goes_on_with_a_training_is_told(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise InterruptedTraining

    monkeypatch.setattr("stancelab.cli.commands.train.execute", interrupted)
    assert main(["train", *given, "name=my run", "split.train_rows=5"]) == 130
    assert capsys.readouterr().err.endswith(
        "\nstancelab: interrupted; this command goes on:\n"
        "stancelab train 'name=my run' split.train_rows=5 training.resume=true\n"
    )


@pytest.mark.parametrize("words", [["train", "name=mine"], ["predict", "checkpoint=x", "input=a.csv", "output=b.csv"]])
def test_a_command_that_is_terminated_leaves_no_run(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    def terminated(config: object, run_folder: Path, line: str) -> None:
        (run_folder / "tensorboard").mkdir()
        (run_folder / "tensorboard" / "events").write_text("")
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("the signal did not arrive")

    monkeypatch.setattr(f"stancelab.cli.commands.{words[0]}.execute", terminated)
    before = signal.getsignal(signal.SIGTERM)
    assert main(words) == 130
    assert list(workplace.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_folder_that_cannot_be_made_is_named(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workplace / "file").write_text("")
    assert main(["predict", "checkpoint=x", "input=a.csv", "output=b.csv", "output_root=file"]) == 2
    found = capsys.readouterr().err
    assert found.startswith("stancelab: file/predict/")
    assert found.endswith("check the path, its permissions and the space left\n")


def test_a_missing_package_is_named_with_what_to_install(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["compare", "a", "b"]) == 2
    assert capsys.readouterr().err == 'stancelab: stancelab compare needs Matplotlib: pip install "stancelab[report]"\n'


def test_letters_that_the_terminal_lacks_are_written_as_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="cp1252", write_through=True))
    assert main(["--version"]) == 0
    say("predictions: выход.csv")
    assert written.getvalue().splitlines()[-1] == rb"predictions: \u0432\u044b\u0445\u043e\u0434.csv"


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes that break")
def test_a_reader_that_ends_early_is_no_error() -> None:
    code = (
        "import sys, stancelab.cli; cli = sys.modules['stancelab.cli.main']\n"
        "def write(*_):\n    while True:\n        sys.stdout.write('x' * 100000)\n        sys.stdout.flush()\n"
        "cli._run = write\nsys.exit(cli.main(['predict']))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141
