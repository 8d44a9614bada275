"""What was predicted before a process was killed is used, and the output is that of one run."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from stancelab.checkpoint import CheckpointInfo
from stancelab.encoding import Cut
from stancelab.errors import ConfigError, DataError, InterruptedPrediction
from stancelab.files import locked
from stancelab.inference.engines.local import LocalEngine
from stancelab.inference.jobs import table
from stancelab.inference.jobs.parts_folder import parts_folder
from stancelab.inference.jobs.plan import check_table
from stancelab.inference.jobs.table import predict_table
from stancelab.inference.settings import PredictSettings
from stancelab.tables.table_file import TableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stancelab.schema import Example

#: What a child process runs: a prediction in small windows and parts that is killed at its n-th touch of a file.
CHILD = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from test_parts import predict, small_windows

left = int(sys.argv[3])
small_windows()

def count(event, args):
    global left
    if event in ("open", "os.rename", "os.remove", "os.chmod", "os.rmdir") and {folder!r} in str(args[0]):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
predict(sys.argv[1], sys.argv[2])
"""


class Lengths:
    """Its probabilities are told by the lengths of text and target."""

    info = CheckpointInfo()

    def __init__(self, interrupt_after: int | None = None) -> None:
        self.cut = Cut()
        self.calls = 0
        self._interrupt_after = interrupt_after

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        self.calls += 1
        if self.calls == self._interrupt_after:
            raise KeyboardInterrupt
        self.cut = Cut(rows=len(examples), texts=sum(len(example.text) % 2 for example in examples))
        sizes = np.array([[len(example.text), len(example.target), 7] for example in examples], float).reshape(-1, 3)
        return sizes / sizes.sum(axis=1, keepdims=True)


def small_windows() -> None:
    """Let windows hold 50 rows, and end a part with each window."""
    TableFile.__init__.__kwdefaults__["batch_rows"] = 50  # type: ignore[index]
    table.PART_SECONDS = 0.0


@pytest.fixture
def windows() -> Any:
    before = (TableFile.__init__.__kwdefaults__["batch_rows"], table.PART_SECONDS)  # type: ignore[index]
    small_windows()
    yield
    TableFile.__init__.__kwdefaults__["batch_rows"], table.PART_SECONDS = before  # type: ignore[index]


def predict(
    source: str | Path, output: str | Path, classifier: Lengths | None = None, key: Any = None, **changes: Any
) -> dict[str, int]:
    settings = PredictSettings(**{"on_bad_rows": "drop", "resume": True, **changes})
    key = {"input": "x"} if key is None else key
    job = check_table(Path(source), Path(output), settings, key=key)
    return predict_table(LocalEngine(classifier or Lengths()), job, key)  # type: ignore[arg-type]


def write_input(path: Path, rows: int = 1000) -> Path:
    """Write a table of which every 97th row has no text."""
    lines = [f"{'' if row % 97 == 5 else 'x' * (row * 31 % 83 + 1)},it{'s' * (row % 7)},{row}" for row in range(rows)]
    path.write_text("text,target,n\n" + "\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "seed"), [("out.csv", 1), ("out.jsonl.zst", 2), ("out.parquet", 3)])
def test_killed_at_random_points_the_output_is_that_of_one_run(tmp_path: Path, name: str, seed: int) -> None:
    folder = tmp_path / "work"
    (tmp_path / "whole").mkdir()
    folder.mkdir()
    source = write_input(folder / "in.csv", 300)
    counts = predict(source, tmp_path / "whole" / name)
    assert (counts["rows"], counts["rejected"]) == (296, 4)
    chance, kills = random.Random(seed), 0
    child = CHILD.format(tests=str(Path(__file__).parent), folder=str(folder))
    while kills < 20:  # each child touches files a hundred times or more
        touches = chance.randint(5, 40 + 20 * kills)
        words = [sys.executable, "-c", child, str(source), str(folder / name), str(touches)]
        ended = subprocess.run(words, capture_output=True, text=True, check=False)
        if ended.returncode == 0 or "exists already" in ended.stderr:  # all was done but the end of the process
            break
        assert ended.returncode == -9, ended.stderr
        kills += 1
    assert kills >= 3
    rejected = "out.jsonl.rejected.csv" if name.endswith("zst") else "out.rejected.csv"
    left = {path.name for path in folder.iterdir()} - {parts_folder(folder / name).name}
    assert left == {"in.csv", name, rejected}
    for each in (name, rejected):
        assert (folder / each).read_bytes() == (tmp_path / "whole" / each).read_bytes()


def interrupt(source: Path, output: Path, after: int = 3) -> None:
    with pytest.raises(InterruptedPrediction):
        predict(source, output, Lengths(interrupt_after=after))
    assert not output.exists()
    assert parts_folder(output).is_dir()


def test_only_what_is_not_done_is_predicted(tmp_path: Path, windows: None) -> None:
    source, output = write_input(tmp_path / "in.csv"), tmp_path / "out.csv"
    interrupt(source, output)
    classifier = Lengths()
    counts = predict(source, output, classifier)
    assert classifier.calls == 19
    assert (counts["rows"], counts["rejected"]) == (989, 11)
    frame = pd.read_csv(output)
    assert frame["n"].tolist() == [row for row in range(1000) if row % 97 != 5]
    assert counts["cut_texts"] == sum(frame["text"].str.len() % 2)
    assert not parts_folder(output).exists()


def test_parts_of_something_else_are_refused_in_one_line(tmp_path: Path, windows: None) -> None:
    source, output = write_input(tmp_path / "in.csv"), tmp_path / "out.csv"
    interrupt(source, output)
    with pytest.raises(DataError) as error:
        predict(source, output, key={"input": "y", "checkpoint": "z"})
    assert str(error.value) == (
        f"{output}: an unfinished prediction left 99 rows in {parts_folder(output)}, but of another input, checkpoint; "
        "give the same again, or begin anew with predict.overwrite=true and without predict.resume"
    )
    with pytest.raises(DataError, match=r"go on with predict\.resume=true, or begin anew"):
        predict(source, output, resume=False)
    classifier = Lengths()
    predict(source, output, classifier, key={"input": "y"}, resume=False, overwrite=True)
    assert classifier.calls == 21


def test_an_output_that_was_there_is_kept_until_the_new_one_is_whole(tmp_path: Path, windows: None) -> None:
    source, output = write_input(tmp_path / "in.csv"), tmp_path / "out.csv"
    output.write_text("mine", encoding="utf-8")
    with pytest.raises(InterruptedPrediction):
        predict(source, output, Lengths(interrupt_after=3), overwrite=True)
    assert output.read_text(encoding="utf-8") == "mine"
    with pytest.raises(DataError, match="exists already"):
        predict(source, output)
    predict(source, output, overwrite=True)
    assert len(pd.read_csv(output)) == 989


def test_an_interruption_before_the_first_part_leaves_nothing(tmp_path: Path, windows: None) -> None:
    source = write_input(tmp_path / "in.csv")
    with pytest.raises(KeyboardInterrupt):
        predict(source, tmp_path / "new" / "out.csv", Lengths(interrupt_after=1))
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_two_processes_do_not_write_one_output(tmp_path: Path) -> None:
    source, output = write_input(tmp_path / "in.csv"), tmp_path / "out.csv"
    with (
        locked(parts_folder(output) / "lock"),
        pytest.raises(ConfigError, match="another process predicts into it; wait for it"),
    ):
        predict(source, output)
    predict(source, output)


def test_an_input_that_changes_while_it_is_read_is_told(tmp_path: Path, windows: None) -> None:
    source, output = write_input(tmp_path / "in.csv"), tmp_path / "out.csv"
    job = check_table(source, output, PredictSettings(on_bad_rows="drop"))
    write_input(source, 900)
    with pytest.raises(DataError, match=r"was changed while it was read; nothing is written\. Give the command again$"):
        predict_table(LocalEngine(Lengths()), job)  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


FULL = """
import resource, sys
sys.path.insert(0, {tests!r})
from test_parts import Lengths, predict, small_windows
from stancelab.errors import DataError

small_windows()
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
try:
    predict(sys.argv[1], sys.argv[2], overwrite=True)
except DataError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of file sizes")
@pytest.mark.parametrize(("name", "limit", "kept"), [("out.csv", 20_000, True), ("out.parquet", 2_000, False)])
def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path: Path, name: str, limit: int, kept: bool) -> None:
    source, output = write_input(tmp_path / "in.csv"), tmp_path / name
    output.write_text("earlier", encoding="utf-8")
    before = source.read_bytes()
    child = FULL.format(tests=str(Path(__file__).parent), limit=limit)
    ended = subprocess.run(
        [sys.executable, "-c", child, str(source), str(output)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    told = f"{output}: cannot be written (File too large); check the folder, its permissions and the space left" + (
        "; predict.resume=true then goes on after the 989 rows that are done" if kept else ""
    )
    assert ended.stdout == told + "\n"
    assert (output.read_text(encoding="utf-8"), source.read_bytes()) == ("earlier", before)
    assert parts_folder(output).exists() == kept
    predict(source, output, overwrite=True)
    assert not parts_folder(output).exists()
    if name.endswith("parquet"):
        assert len(pd.read_parquet(output)) == 989


def test_a_folder_that_cannot_be_written_is_told_before_the_rows_are_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match=r"file is no folder; name another output"):
        predict(tmp_path / "not there.csv", tmp_path / "file" / "new" / "out.csv")


def test_records_are_whole_or_not_there(tmp_path: Path, windows: None) -> None:
    source, output = write_input(tmp_path / "in.csv"), tmp_path / "out.csv"
    interrupt(source, output)
    record = json.loads((parts_folder(output) / "00001.json").read_text())
    assert (record["windows"], record["counts"]["rows"], record["counts"]["rejected"]) == (1, 50, 0)


def _halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("harm", "part"),
    [
        (lambda folder: _halved(folder / "00001.json"), 1),
        (lambda folder: (folder / "00001.json").write_text("{}"), 1),
        (lambda folder: (folder / "00001.json").write_bytes(b"\xff"), 1),
        (lambda folder: _halved(folder / "00001.rows"), 1),
        (lambda folder: (folder / "00001.rows").unlink(), 1),
        (lambda folder: _halved(folder / "00002.rejected"), 2),
    ],
)
def test_after_a_damaged_part_rows_are_predicted_again(
    tmp_path: Path, windows: None, caplog: pytest.LogCaptureFixture, harm: Callable[[Path], object], part: int
) -> None:
    source, whole, output = write_input(tmp_path / "in.csv"), tmp_path / "whole.csv", tmp_path / "out.csv"
    predict(source, whole)
    interrupt(source, output, after=5)
    harm(parts_folder(output))
    classifier = Lengths()
    predict(source, output, classifier)
    assert classifier.calls == 21 - part
    assert output.read_bytes() == whole.read_bytes()
    rows = {1: 49, 2: 99}[part]
    told = f"out.csv: a part that was kept is damaged; the rows after the {rows} rows before it are predicted again"
    assert told in caplog.text


@pytest.mark.parametrize("content", [None, "", "[]"])
def test_parts_of_which_nothing_says_what_they_are_of_are_refused(
    tmp_path: Path, windows: None, content: str | None
) -> None:
    source, output = write_input(tmp_path / "in.csv"), tmp_path / "out.csv"
    interrupt(source, output)
    job = parts_folder(output) / "job.json"
    job.unlink() if content is None else job.write_text(content)
    with pytest.raises(DataError, match=r"job.json: is missing or damaged, .*predict.overwrite=true and without pred"):
        predict(source, output)
    predict(source, output, resume=False, overwrite=True)
    assert len(pd.read_csv(output)) == 989
