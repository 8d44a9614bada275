"""How fast we train: our recipe beside that of transformers' own example of text classification, in one run.

    python scripts/bench_training.py data=diplomacy                                     # the pair head
    python scripts/bench_training.py data=newsmtsc data.path=FOLDER --head sequence
    python scripts/bench_training.py data=diplomacy split.train_rows=1000 --epochs 3    # whole trainings, with macro-F1
    python scripts/bench_training.py data=diplomacy --script FOLDER/run_classification.py    # beside the script itself

The first arguments are a prepared dataset's folder, or what `stancelab prepare` is told. Both train the same encoder on
the same rows with the same seed and number of threads, on the CPU. The example is examples/pytorch/text-classification/
run_classification.py with its defaults: the text columns joined, each row padded to 128 tokens, fp32, batches of 32
rows, the Trainer's learning rate. With --script FILE the script itself is run and is what the others are compared with;
else a stand-in with its settings is. Ours is the default of `stancelab train`.

Without --epochs each trains in a process of its own and the processes take turns of so many updates, the first of which
is not counted: rows a second of the updates alone. With --epochs both train from start to end, one after the other,
with all that belongs to it: loading, evaluations, saving. Ours then keeps the best of its evaluations on the validation
rows, the example its last state; macro-F1 is that of the same validation rows.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from bench_machine import (
    END,
    REFUSED,
    TURN,
    OneLineParser,
    Turns,
    count,
    fix_threads,
    print_table,
    rate,
    ratio_of,
)
from stancelab.cores import fitting_threads
from stancelab.data.prepared import load_prepared
from stancelab.encoders import ModelSettings
from stancelab.encoding import HEADS
from stancelab.errors import DataError, StancelabError, count_of
from stancelab.files import hardware, versions, write_json

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

_WORKER: Final = Path(__file__).with_name("bench_training_systems.py")
SCRIPT, EXAMPLE, OURS, MATMUL = "run_classification.py", "settings of the example", "stancelab", "matmul"
WHOLE: Final = "whole"
_KINDS: Final = ("wall", "cpu")


def main() -> int:
    """Measure, print the table, and write it where that is asked."""
    given = arguments()
    threads = given.threads or fitting_threads()
    fix_threads(threads, brief_waits=True)
    try:
        if given.json is not None and not given.json.absolute().parent.is_dir():
            raise DataError(f"--json: the folder {given.json.parent} does not exist; make it first")
        if given.script is not None:
            check_script(given.script)
        folder = dataset_of(given.dataset)
        dataset = load_prepared(folder)
    except StancelabError as error:
        print(f"bench_training.py: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    lines = [
        f"{given.encoder}, {given.head} head; {dataset.name}: {len(dataset.train):,} training rows, seed {given.seed}",
        f"{hardware()}; threads: {threads}; {datetime.now(UTC):%Y-%m-%d}",
        ", ".join(f"{name} {version}" for name, version in versions().items()),
    ]
    systems = (EXAMPLE, OURS) if given.script is None else (SCRIPT, EXAMPLE, OURS)
    with tempfile.TemporaryDirectory() as scratch:
        job = Path(scratch) / "job.json"
        job.write_text(json.dumps({**job_of(given, folder), "script": str(given.script)}), encoding="utf-8")
        try:
            if given.epochs is None:
                content = in_turns(systems, job, threads, -(-given.updates // given.block))
            else:
                content = one_after_the_other(systems, job, threads, given.epochs * len(dataset.train))
        except RuntimeError as error:
            print(f"bench_training.py: {error}", file=sys.stderr)
            return 1
    lines.append(
        count_of(given.epochs, "epoch") if given.epochs else f"turns of {given.block} updates, {given.updates} in all"
    )
    show(lines, content)
    if given.json is not None:
        write_json(given.json, {"setup": lines, **content})
    return 0


def arguments() -> Namespace:
    """Return the arguments."""
    parser = training_parser(__doc__)
    parser.add_argument("--updates", type=count, default=40, help="updates of each that are counted (default 40)")
    parser.add_argument("--block", type=count, default=10, help="updates of a turn (default 10)")
    parser.add_argument("--epochs", type=count, help="train to the end, so many epochs, and tell macro-F1")
    parser.add_argument("--learning-rate", type=rate, default=5e-5, help="of the example (default 5e-5, the Trainer's)")
    parser.add_argument("--our-learning-rate", type=rate, help="of our encoder (default that of the model)")
    parser.add_argument("--our-batch", type=count, help="texts in a batch of ours (default that of the recipe)")
    parser.add_argument("--script", type=Path, help="transformers' run_classification.py, to run the example itself")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    return parser.parse_args()


def training_parser(description: str) -> OneLineParser:
    """Return a parser with what every script on our training is told: dataset, head, encoder, seed and threads.

    Args:
        description: The script's docstring, of which the first line is shown.
    """
    parser = OneLineParser(description=description.splitlines()[0])
    parser.add_argument("dataset", nargs="+", help="a prepared dataset's folder, or what `stancelab prepare` is told")
    parser.add_argument("--head", default=ModelSettings().head, choices=HEADS, help="the head of our training")
    parser.add_argument("--encoder", default=ModelSettings().name_or_path, help="package, folder or hub name")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=count, help="threads of a training (default OMP_NUM_THREADS, or all cores)")
    return parser


def dataset_of(given: Sequence[str]) -> Path:
    """Return a prepared dataset's folder: the one that is named, or what `stancelab prepare` makes of the arguments.

    Raises:
        DataError: There is no such folder, or nothing can be prepared.
    """
    if not any("=" in word for word in given):
        if len(given) > 1 or not Path(given[0]).is_dir():
            raise DataError(f"found {' '.join(given)}, allowed is one prepared dataset's folder, or words as data=NAME")
        return Path(given[0])
    command = [sys.executable, "-m", "stancelab", "prepare", *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own command)
    lines = done.stdout.strip().splitlines() or [""]
    if done.returncode or not lines[-1].startswith("prepared dataset: "):
        reason = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise DataError(f"stancelab prepare {' '.join(given)}: {reason}")
    return Path(lines[-1].removeprefix("prepared dataset: "))


def check_script(path: Path) -> None:
    """Check that the example can be run.

    Raises:
        DataError: The file, or the package that it imports and stancelab does not, is missing.
    """
    if not path.is_file():
        raise DataError(
            f"--script: found no file {path}, allowed is examples/pytorch/text-classification/{SCRIPT} of a clone of "
            "github.com/huggingface/transformers; leave --script out to compare with its settings"
        )
    if importlib.util.find_spec("evaluate") is None:
        raise DataError(f"--script: the package evaluate is missing, which {SCRIPT} imports; pip install evaluate")


def job_of(given: Namespace, folder: Path) -> dict[str, Any]:
    """Return what both processes are told."""
    default = ModelSettings()
    return {
        "dataset": str(folder.resolve()),
        "encoder": given.encoder,
        "head": given.head,
        "rates": {
            "learning_rate": given.our_learning_rate or default.learning_rate,
            "head_learning_rate": default.head_learning_rate,
        },
        "learning_rate": given.learning_rate,
        "epochs": given.epochs,
        "seed": given.seed,
        "updates": given.block,
        **({"batch_size": given.our_batch} if given.our_batch else {}),
    }


def in_turns(systems: Sequence[str], job: Path, threads: int, turns: int) -> dict[str, Any]:
    """Return what the trainings took, in turns of so many updates."""
    running = {name: Turns([str(_WORKER), name, str(job)], threads) for name in (MATMUL, *systems)}
    taken: dict[str, list[dict[str, Any]]] = {name: [] for name in running}
    try:
        for _ in range(turns + 1):
            for name, process in running.items():
                taken[name].append(_answer(process, TURN, name))
        for process in running.values():
            process.tell(END)
    finally:
        for process in running.values():
            process.close()
    peaks = {
        precision: {kind: max(each[precision][place] for each in taken[MATMUL]) for place, kind in enumerate(_KINDS)}
        for precision in ("fp32", "bf16")
    }
    counted = {name: taken[name][1:] for name in systems}  # the first turn has the warm-up
    return {"peak_gflops": peaks, "systems": {name: _figures(name, counted, peaks) for name in systems}}


def _figures(name: str, taken: dict[str, list[dict[str, Any]]], peaks: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Return the figures of a training; the first of `taken` is what it is compared with."""
    example, own = next(iter(taken.values())), taken[name]
    result: dict[str, Any] = {"peak_mb": own[-1]["peak_mb"], "rows": sum(each["rows"] for each in own)}
    for kind in _KINDS:
        of_example, of_own = ([turn[kind] / turn["rows"] for turn in turns] for turns in (example, own))
        speed = sum(each["gflop"] for each in own) / sum(each[kind] for each in own)
        result[kind] = {
            "rows_per_second": 1 / median(of_own),
            "of_example": ratio_of(of_example, of_own),
            "share_of_peak": {precision: speed / each[kind] for precision, each in peaks.items()},
        }
    return result


def one_after_the_other(systems: Sequence[str], job: Path, threads: int, rows: int) -> dict[str, Any]:
    """Return what the trainings took from start to end."""
    taken = {}
    for name in systems:
        process = Turns([str(_WORKER), name, str(job)], threads)
        try:
            taken[name] = _answer(process, WHOLE, name)
        finally:
            process.close()
    figures = {}
    for name, own in taken.items():
        speeds = {
            kind: {
                "rows_per_second": rows / own[kind],
                "of_example": taken[systems[0]][kind] / own[kind],
                "seconds": own[kind],
            }
            for kind in _KINDS
        }
        figures[name] = {"peak_mb": own["peak_mb"], "dev_macro_f1": own["dev_macro_f1"], "rows": rows, **speeds}
    return {"systems": figures}


def _answer(process: Turns, asked: str, name: str) -> dict[str, Any]:
    answer = process.ask(asked)
    if REFUSED in answer:
        raise RuntimeError(f"{name}: {answer[REFUSED]}")
    return answer


def show(lines: Sequence[str], content: dict[str, Any]) -> None:
    """Print the figures."""
    print("\n".join(lines))
    peaks = content.get("peak_gflops", {})
    if peaks:
        told = (f"{name} {each['wall']:,.0f} GFLOP/s ({each['cpu']:,.0f})" for name, each in peaks.items())
        print(f"matmul peak by the clock (in a second of the processor): {', '.join(told)}")
    print()
    columns = ["training", "rows/s", "of the example", "rows/s, cpu", "of the example, cpu"]
    columns += [f"of {name} peak, cpu" for name in peaks] or ["seconds", "dev macro-F1"]
    rows = []
    for name, each in content["systems"].items():
        cells = [f"{each[kind][what]:,.1f}" for kind in _KINDS for what in ("rows_per_second", "of_example")]
        if peaks:
            cells += [f"{100 * share:.0f}%" for share in each["cpu"]["share_of_peak"].values()]
        else:
            cells += [f"{each['wall']['seconds']:,.0f}", f"{100 * each['dev_macro_f1']:.1f}"]
        rows.append([name, *cells, f"{each['peak_mb']:,.0f}"])
    print_table([*columns, "peak MB"], rows)


if __name__ == "__main__":
    raise SystemExit(main())
