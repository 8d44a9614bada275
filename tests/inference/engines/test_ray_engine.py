"""Two workers of a local Ray cluster write what one process writes, byte for byte, also where one is killed."""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from stancelab.aliases import Aliases
from stancelab.cli import main
from stancelab.encoding import Cut
from stancelab.errors import CheckpointError, InterruptedPrediction, StancelabError
from stancelab.extras import is_installed
from stancelab.inference.engines.base import Answer
from stancelab.inference.engines.local import LocalEngine, load_classifier
from stancelab.inference.engines.worker import Place, Task, Worker
from stancelab.inference.jobs import table
from stancelab.inference.jobs.parts_folder import parts_folder
from stancelab.inference.jobs.plan import check_table
from stancelab.inference.jobs.table import predict_table
from stancelab.inference.settings import PredictSettings
from stancelab.schema import Example
from stancelab.tables.table_file import TableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

if not is_installed("ray"):
    pytest.skip("the extra ray is not installed", allow_module_level=True)
# Workers are ended on a machine whose memory is nearly full, and a token in the home folder is asked for, unless:
os.environ.update({"RAY_memory_monitor_refresh_ms": "0", "RAY_AUTH_MODE": "disabled"})
from stancelab.inference.engines.cluster import HERE  # isort: skip (sets what Ray reads when it is imported)
import ray

from stancelab.inference.engines import ray_engine
from stancelab.inference.engines.pool import Pool
from stancelab.inference.engines.ray_engine import open_ray_engine

WORDS = "norway iran kenya welcomed condemned rejected backed the a treaty pact summit , . and".split()  # noqa: SIM905


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A cluster of two cores on this machine."""
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import tests
    for tries in range(3):
        try:
            ray.init(HERE, num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
            break
        except Exception:  # Ray's agents have 15 seconds to start, which a busy machine may not give them
            if tries == 2:
                raise
            ray.shutdown()
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def small(exported: Callable[[str, str], Path]) -> Path:
    """A small checkpoint that was exported: workers with ONNX Runtime begin sooner than those with PyTorch."""
    return exported("Bert", "pair")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of 50 rows, each of them a part."""
    monkeypatch.setitem(TableFile.__init__.__kwdefaults__, "batch_rows", 50)  # type: ignore[arg-type]
    monkeypatch.setattr(table, "PART_SECONDS", 0.0)


def write_input(path: Path, rows: int = 1000) -> Path:
    """Write a table of which every 97th row has no text."""
    chance = random.Random(0)
    lines = []
    for row in range(rows):
        text = "" if row % 97 == 5 else " ".join(chance.choices(WORDS, k=chance.randint(3, 40)))
        lines.append(f"{text.replace(',', ';')},{chance.choice(WORDS[:3])},{row}")
    path.write_text("text,target,n\n" + "\n".join(lines), encoding="utf-8")
    return path


def predict(
    source: Path, output: Path, checkpoint: Path, tell: Callable[..., None] | None = None, **changes: Any
) -> dict[str, int]:
    settings = PredictSettings(**{"on_bad_rows": "drop", "device": "cpu", "min_confidence": 0.7, **changes})
    job = check_table(source, output, settings, key={"input": "x"})
    aliases = Aliases({"iran": ["kenya"]})
    if settings.engine == "ray":
        with open_ray_engine(str(checkpoint), settings, aliases) as engine:
            done = None if tell is None else (lambda *rows, **before: tell(engine.pool, *rows, **before))
            return predict_table(engine, job, {"input": "x"}, done)
    classifier = load_classifier(
        str(checkpoint), aliases, backend=settings.backend, device="cpu", batch_size=128, batch_tokens=2048
    )
    return predict_table(LocalEngine(classifier), job, {"input": "x"})


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("name", "backend"), [("out.csv", "torch"), ("out.jsonl.zst", "onnx"), ("out.parquet", "onnx-int8")]
)
def test_two_workers_write_what_one_process_writes(
    tmp_path: Path, small: Path, cluster: None, windows: None, name: str, backend: str
) -> None:
    source = write_input(tmp_path / "in.csv")
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    counts = predict(source, tmp_path / "one" / name, small, backend=backend)
    assert (counts["rows"], counts["rejected"]) == (989, 11)
    assert counts["abstained"] > 0 < counts["cut_texts"]
    assert predict(source, tmp_path / "two" / name, small, backend=backend, engine="ray", workers=2) == counts
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks processes up in /proc")
def test_the_rows_of_a_killed_worker_are_computed_again(
    tmp_path: Path,
    small: Path,
    cluster: None,
    windows: None,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    source = write_input(tmp_path / "in.csv", 3000)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    killed: list[int] = []

    def kill(pool: Pool, rows: int, *, before: bool = False) -> None:
        if not before and not killed:
            killed.append(pool.places[0].process)
            os.kill(killed[0], signal.SIGKILL)

    counts = predict(source, tmp_path / "one" / "out.csv", small)
    assert predict(source, tmp_path / "two" / "out.csv", small, kill, engine="ray", workers=2) == counts
    assert files(tmp_path / "one") == files(tmp_path / "two")
    [told] = [message for message in caplog.messages if "another one is started" in message]
    assert "rows are computed again" in told
    assert capfd.readouterr().out == ""  # a table may go there


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks processes up in /proc")
def test_an_interruption_ends_the_workers_and_one_process_goes_on(
    tmp_path: Path, small: Path, cluster: None, windows: None
) -> None:
    source = write_input(tmp_path / "in.csv")
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    output = tmp_path / "two" / "out.csv"
    processes: set[int] = set()

    def interrupt(pool: Pool, rows: int, *, before: bool = False) -> None:
        processes.update(place.process for place in pool.places)
        if (parts_folder(output) / "00002.json").exists():
            raise KeyboardInterrupt

    with pytest.raises(InterruptedPrediction):
        predict(source, output, small, interrupt, engine="ray", workers=2)
    assert not output.exists()
    assert processes
    wait_until(lambda: not any(map(is_running, processes)))
    counts = predict(source, output, small, resume=True)
    assert predict(source, tmp_path / "one" / "out.csv", small) == counts
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_worker_that_cannot_load_is_one_line(tmp_path: Path, checkpoint_copy: Path, cluster: None) -> None:
    source = write_input(tmp_path / "in.csv")
    with (checkpoint_copy / "model.safetensors").open("r+b") as file:
        file.truncate(100)
    with pytest.raises(CheckpointError, match=r"^node .*model\.safetensors") as error:
        predict(source, tmp_path / "out.csv", checkpoint_copy, engine="ray", workers=1)
    assert "\n" not in str(error.value)


class Fake(Worker):
    """Answers with the number of its batch, or as a text of it says."""

    def load(self, task: Task) -> Place:
        if task.checkpoint == "dies":
            os._exit(1)
        return Place("n1", os.getpid(), "torch", "cpu")

    def answer(self, examples: Sequence[Example]) -> Answer:
        number, _, word = examples[0].text.partition(" ")
        if word == "die":
            os._exit(1)
        if word == "fail":
            raise RuntimeError("no\nsecond line")
        if word == "damaged":
            raise CheckpointError("node n1: x: damaged")
        if word == "late":
            time.sleep(0.5)
        return Answer(np.full((len(examples), 3), float(number)), Cut(rows=len(examples)))


@pytest.fixture
def start(cluster: None) -> Iterator[Callable[..., Pool]]:
    """A function that starts two fake workers."""
    pools: list[Pool] = []

    def started(checkpoint: str = "x") -> Pool:
        task = Task(checkpoint, "", "", Aliases(), "torch", None, 1, 1, 1)
        pools.append(Pool(task, 2, {"num_cpus": 1}, Fake))
        pools[-1].start()
        return pools[-1]

    yield started
    for pool in pools:
        pool.close()


def batches(words: Sequence[str]) -> list[list[Example]]:
    return [
        [Example(id=str(10 * number + row), text=f"{number} {word}", target="t") for row in range(3)]
        for number, word in enumerate(words)
    ]


def test_answers_come_in_order_and_few_batches_are_held(start: Callable[..., Pool]) -> None:
    words = ["late" if n in (0, 7, 8) else "x" for n in range(30)]
    taken = 0

    def counted() -> Iterator[list[Example]]:
        nonlocal taken
        for batch in batches(words):
            taken += 1
            yield batch

    for number, answer in enumerate(start().answers(counted())):
        assert answer.probabilities.tolist() == [[number] * 3] * 3
        assert taken - number <= 6
    assert (number, taken) == (29, 30)


def test_a_table_without_a_row_and_one_after_it(start: Callable[..., Pool]) -> None:
    pool = start()
    assert list(pool.answers([])) == []
    assert [answer.probabilities[0, 0] for answer in pool.answers(batches(["x", "x"]))] == [0, 1]


def test_rows_with_which_workers_end_again_and_again_are_named(
    start: Callable[..., Pool], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(StancelabError) as error:
        list(start().answers(batches(["x", "x", "die", "x", "x"])))
    assert str(error.value) == (
        "the worker on node n1 ended, as 2 others did before with the same rows (rows 20 to 22): it was killed, had no "
        "memory left, or its node is gone. Give workers fewer texts at a time (predict.batch_tokens, "
        "predict.batch_size) or more memory"
    )
    assert sum("another one is started" in message for message in caplog.messages) == 2


def test_a_batch_with_which_a_worker_ended_has_the_next_worker_for_itself(
    start: Callable[..., Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_worker: list[list[tuple[int, int]]] = []
    hand_out = Pool._hand_out

    def handed_out(pool: Pool) -> None:
        hand_out(pool)
        asked = [pair for pair in pool._asked.values() if pair[1] is not None]
        at_worker.extend(
            [(batch.number, batch.lost) for owner, batch in asked if owner is member and batch]
            for member in pool._members
        )

    pool = start()
    monkeypatch.setattr(Pool, "_hand_out", handed_out)
    with pytest.raises(StancelabError, match="rows 50 to 52"):
        list(pool.answers(batches(["late", "x", "late", "x", "late", "die", *"xxxxxxx"])))
    assert max(map(len, at_worker)) == 2
    again = [each for each in at_worker if any(lost for _, lost in each)]
    assert (5, 2) in [each for [each] in again]  # each had its worker for itself, or the unpacking fails


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("fail", "the worker on node n1 failed at rows 10 to 12: RuntimeError: no second line"),
        ("damaged", "node n1: x: damaged"),
    ],
)
def test_an_error_of_a_worker_is_one_line(start: Callable[..., Pool], word: str, told: str) -> None:
    with pytest.raises(StancelabError) as error:
        list(start().answers(batches(["x", word, "x"])))
    assert (str(error.value), type(error.value)) == (told, CheckpointError if word == "damaged" else StancelabError)


def test_workers_that_end_before_they_begin_are_not_started_for_ever(start: Callable[..., Pool]) -> None:
    with pytest.raises(StancelabError, match=r"^4 workers ended before they began: .") as error:
        start("dies")
    assert "\n" not in str(error.value)


def test_a_folder_of_tables_is_predicted_by_the_same_workers(
    workplace: Path, small: Path, cluster: None, windows: None, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in").mkdir()
    for number, name in enumerate(("a.csv", "b.csv"), start=1):
        write_input(Path("in", name), 100 * number)
    words = ["predict", f"checkpoint={small}", "input=in", "predict.on_bad_rows=drop", "predict.threads=1"]
    assert main([*words, "output=one"]) == 0
    assert main([*words, "output=two", "predict.engine=ray", "predict.workers=2"]) == 0
    assert files(Path("one")) == files(Path("two"))
    assert sorted(files(Path("two"))) == ["a.csv", "a.rejected.csv", "b.csv", "b.rejected.csv"]
    manifests = [json.loads(path.read_text()) for path in Path().glob("outputs/predict/*/*/manifest.json")]
    [manifest] = [each for each in manifests if each["config"]["output"] == "two"]
    assert (manifest["engine"], manifest["threads"], manifest["backend"]) == ("ray", 1, "onnx")
    assert sum(manifest["workers"].values()) in (1, 2)  # the second may not have begun when all was done
    assert capsys.readouterr().out.splitlines()[-1] == "predictions: two"


#: What a child process runs: the command, with small windows, and parts that take long enough to be interrupted.
CHILD = """
import sys
import time
from stancelab.cli import main
from stancelab.inference.jobs import table
from stancelab.tables.table_file import TableFile

TableFile.__init__.__kwdefaults__["batch_rows"] = 50
table.PART_SECONDS = 0.0
fill = table._fill

def slowly(*given):
    fill(*given)
    time.sleep(0.02)

table._fill = slowly
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM")
def test_the_command_starts_a_cluster_and_stops_it(
    workplace: Path, small: Path, windows: None, capfd: pytest.CaptureFixture[str]
) -> None:
    write_input(workplace / "in.csv", 5_000)
    words = ["predict", f"checkpoint={small}", "input=in.csv", "predict.on_bad_rows=drop", "predict.device=cpu"]
    ray_words = [*words, "output=two.csv", "predict.engine=ray", "predict.workers=1"]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, *ray_words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    wait_until(lambda: child.poll() is not None or (parts_folder(workplace / "two.csv") / "00001.json").exists())
    child.send_signal(signal.SIGTERM)
    out, err = child.communicate(timeout=300)
    assert (child.returncode, out) == (130, ""), err
    assert "Ray was started on this machine with 1 core, and is stopped at the end" in err
    assert err.splitlines()[-2] == "stancelab: interrupted; this command goes on:"
    assert "Traceback" not in err
    goes_on = [*ray_words, "predict.resume=true"]
    ended = subprocess.run([sys.executable, "-c", CHILD, *goes_on], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "4,948 rows predicted, 52 left out\npredictions: two.csv\n"), (
        ended.stderr
    )
    assert main([*words, "output=one.csv"]) == 0
    for ending in ("csv", "rejected.csv"):
        assert Path(f"one.{ending}").read_bytes() == Path(f"two.{ending}").read_bytes()


@pytest.mark.parametrize(
    ("backend", "device", "expected"),
    [("torch", None, True), ("torch-bf16", None, True), ("torch", "cpu", False), ("onnx", None, False)],
)
def test_workers_have_a_gpu_each_where_pytorch_would_take_one(
    monkeypatch: pytest.MonkeyPatch, backend: str, device: str | None, expected: bool
) -> None:
    monkeypatch.setattr(ray_engine, "has_gpus", lambda: True)
    task = Task(
        checkpoint="",
        manifest="",
        version="",
        aliases=Aliases(),
        backend=backend,
        device=device,
        batch_size=1,
        batch_tokens=1,
        threads=1,
    )
    assert ray_engine._on_gpu(task) is expected
    monkeypatch.setattr(ray_engine, "has_gpus", lambda: False)
    assert not ray_engine._on_gpu(task)
