"""How fast a checkpoint answers: our backends beside `transformers.pipeline`, plain AutoModel and SetFit, in one run.

    python scripts/bench_inference.py CHECKPOINT TABLE [ROWS]
    OMP_NUM_THREADS=1 python scripts/bench_inference.py CHECKPOINT TABLE 400 --json speed.json

TABLE has the columns text and target, and maybe source and stance; its first rows are taken, all rows of a text
together. All systems answer the same rows with the same number of threads, on the CPU. Each has a process of its own,
which loads, warms up, and then waits for its turns: in each round every system answers all rows once, and the medians
of the rounds are told. Together the processes take about 5 GB of memory. Systems whose package or export is missing are
left out, with the reason.

A pipeline cannot load the pair head. For such a checkpoint it, AutoModel and SetFit run the same encoder over "text
[SEP] target", one sequence for each row, with a head that has learned nothing: their time is that of a classifier of
sequences, their answers mean nothing and are not compared.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bench_inference_systems import BY_MKL, LOAD, MATMUL, OTHERS, OURS, PIPELINE, PIPELINE_BATCHES, PLAIN, SINGLE
from bench_machine import REFUSED, TURN, OneLineParser, Turns, count, fix_threads, print_table, ratio_of
from stancelab.checkpoint import checkpoint_folder, load_info
from stancelab.cores import fitting_threads
from stancelab.encoding import SEQUENCE
from stancelab.errors import DataError, StancelabError
from stancelab.files import hardware, versions, write_json
from stancelab.metrics.classification import scores_of
from stancelab.schema import STANCE_ID, STANCES
from stancelab.tables.table_file import TableFile

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

_WORKER: Final = Path(__file__).with_name("bench_inference_systems.py")
_EXACT: Final = "torch"


@dataclass
class Found:
    """What was measured of a system.

    Attributes:
        note: What is to be known of it.
        wall: Seconds by the clock that it took for all rows, by round.
        cpu: Seconds of the processor, by round.
        single_wall: Seconds of single rows by the clock.
        single_cpu: The same of the processor.
        peak_mb: The most memory of its process.
        labels: Its answers, None where they mean nothing.
        gflop: What its texts need without padding, in 10^9 operations; None where that is not known.
    """

    note: str = ""
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    single_wall: list[float] = field(default_factory=list)
    single_cpu: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    labels: list[int] | None = None
    gflop: float | None = None


def main() -> int:
    """Measure, print the tables, and write them where that is asked."""
    given = arguments()
    threads = given.threads or fitting_threads()
    fix_threads(threads)
    try:
        checkpoint = checkpoint_folder(given.checkpoint)
        info = load_info(checkpoint)
        rows = read_rows(given.table, given.rows)
        if given.json is not None and not given.json.absolute().parent.is_dir():
            raise DataError(f"--json: the folder {given.json.parent} does not exist; make it first")
    except StancelabError as error:
        print(f"bench_inference.py: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        job = Path(folder) / "job.json"
        job.write_text(json.dumps({"checkpoint": str(checkpoint.resolve()), "rows": rows, "single": given.single}))
        found, peaks, left_out = measure(job, threads, given.rounds)
    if _EXACT not in found or PIPELINE not in found:
        print("bench_inference.py: torch and pipeline could not be measured; see above", file=sys.stderr)
        return 1
    head = f"{given.checkpoint} ({info.encoder.name}, {info.head} head), {len(rows)} rows of {given.table}"
    setup = f"{hardware()}; threads: {threads}; rounds: {given.rounds}; {datetime.now(UTC):%Y-%m-%d}"
    lines = [head, setup, ", ".join(f"{name} {version}" for name, version in versions().items())]
    is_stand_in = info.head != SEQUENCE
    content = figures(found, peaks, rows)
    show(lines, content, left_out, is_stand_in=is_stand_in)
    if given.json is not None:
        write_json(given.json, {"setup": lines, "stand_in": is_stand_in, "left_out": left_out, **content})
    return 0


def arguments() -> Namespace:
    """Return the arguments."""
    parser = OneLineParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", help="a checkpoint folder; without its export, ONNX is left out")
    parser.add_argument("table", type=Path, help="rows with the columns text and target, and maybe source and stance")
    parser.add_argument("rows", nargs="?", type=count, default=400, help="how many rows (default 400)")
    parser.add_argument("--rounds", type=count, default=3, help="how often each system answers them (default 3)")
    parser.add_argument("--single", type=count, default=50, help="how many rows are answered alone (default 50)")
    parser.add_argument("--threads", type=count, help="threads of each system (default OMP_NUM_THREADS, or all cores)")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    return parser.parse_args()


def read_rows(table: Path, most: int) -> list[dict[str, Any]]:
    """Return rows of a table as the fields of examples, those of a text together, the texts in the table's order.

    Raises:
        DataError: The table cannot be read, or lacks a column, or has no rows.
    """
    if not table.is_file():
        raise DataError(f"{table}: there is no such file; name a table with the columns text and target")
    file = TableFile(table)
    by_text: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if lacking := [name for name in ("text", "target") if name not in file.columns]:
        raise DataError(f"{table}: has no column {lacking[0]}, found {', '.join(file.columns)}; rename it in a copy")
    number = 0
    for batch in file.text_rows():
        for _, cells in batch.rows:
            row = {name: cells[name] for name in ("text", "target", "source") if cells.get(name)}
            stance = cells.get("stance", "")
            if len(row) >= 2 and "text" in row and "target" in row:
                by_text[row["text"]].append({"id": str(number), **row, "stance": stance if stance in STANCES else None})
                number += 1
    rows = [row for of_text in by_text.values() for row in of_text][:most]
    if not rows:
        raise DataError(f"{table}: has no row with a text and a target")
    return rows


def measure(job: Path, threads: int, rounds: int) -> tuple[dict[str, Found], dict[str, list[float]], dict[str, str]]:
    """Measure all systems in turns.

    Returns:
        What was found of each; the matmul peaks in GFLOP/s, by the clock and by the processor's time; why systems were
        left out.
    """
    found: dict[str, Found] = {}
    left_out: dict[str, str] = {}
    peaks = {precision: [0.0, 0.0] for precision in ("fp32", "bf16")}
    running: dict[str, Turns] = {}
    try:
        for name in (MATMUL, *OURS, BY_MKL, *OTHERS):
            running[name] = Turns([str(_WORKER), name, str(job)], threads)
            answer = running[name].ask(LOAD)
            if REFUSED in answer:
                left_out[name] = answer[REFUSED]
                running.pop(name).close()
            else:
                found[name] = Found(note=answer["note"])
        for _ in range(rounds):
            for name, turns in running.items():
                _note(found[name], name, turns.ask(TURN), peaks)
        for name, turns in running.items():
            if name != MATMUL:
                answer = turns.ask(SINGLE)
                found[name].single_wall, found[name].single_cpu = answer["wall"], answer["cpu"]
                found[name].peak_mb = answer["peak_mb"]
    finally:
        for turns in running.values():
            turns.close()
    found.pop(MATMUL, None)
    for one in found.values():
        one.gflop = one.gflop or (found[PLAIN].gflop if PLAIN in found else None)
    return found, peaks, left_out


def _note(found: Found, name: str, answer: dict[str, Any], peaks: dict[str, list[float]]) -> None:
    """Note what a turn gave."""
    if name == MATMUL:
        for precision, speeds in peaks.items():
            peaks[precision] = [max(known, new) for known, new in zip(speeds, answer[precision], strict=True)]
        return
    found.wall.append(answer["wall"])
    found.cpu.append(answer["cpu"])
    found.labels, found.gflop = answer["labels"], answer["gflop"]


def figures(found: dict[str, Found], peaks: dict[str, list[float]], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of all systems, as they are written to the JSON file."""
    gold = np.array([STANCE_ID.get(row["stance"] or "", -1) for row in rows])
    return {
        "rows": len(rows),
        "peak_gflops": {name: {"wall": wall, "cpu": cpu} for name, (wall, cpu) in peaks.items()},
        "systems": {name: _figures(each, found, peaks, gold) for name, each in found.items()},
    }


def _figures(own: Found, found: dict[str, Found], peaks: dict[str, list[float]], gold: np.ndarray) -> dict[str, Any]:
    """Return the figures of a system."""
    result: dict[str, Any] = {"note": own.note, "peak_mb": own.peak_mb}
    for place, kind in enumerate(("wall", "cpu")):
        seconds, single = getattr(own, kind), [1000 * each for each in getattr(own, f"single_{kind}")]
        result[kind] = {
            "rows_per_second": len(gold) / median(seconds),
            "of_pipeline": ratio_of(getattr(found[PIPELINE], kind), seconds),
            "of_best_pipeline": (
                ratio_of(getattr(found[PIPELINE_BATCHES], kind), seconds) if PIPELINE_BATCHES in found else None
            ),
            "single_ms": {"p50": float(np.percentile(single, 50)), "p95": float(np.percentile(single, 95))},
            "share_of_peak": {
                precision: own.gflop / median(seconds) / speeds[place] if own.gflop else None
                for precision, speeds in peaks.items()
            },
            "seconds": seconds,
        }
    exact = found[_EXACT].labels
    if own.labels is not None and exact is not None:
        answers = np.array(own.labels)
        known = gold >= 0
        result["labels_as_torch"] = int((answers == np.array(exact)).sum())
        result["macro_f1"] = float(scores_of(gold[known], answers[known]).value("macro_f1")) if known.any() else None
    return result


def show(lines: Sequence[str], content: dict[str, Any], left_out: dict[str, str], *, is_stand_in: bool) -> None:
    """Print the figures."""
    print("\n".join(lines))
    peaks = content["peak_gflops"]
    told = (f"{name} {each['wall']:,.0f} GFLOP/s ({each['cpu']:,.0f})" for name, each in peaks.items())
    print(f"matmul peak by the clock (in a second of the processor): {', '.join(told)}\n")
    if is_stand_in:
        others = ", ".join(name for name in OTHERS if name in content["systems"])
        print(
            f'{others}: the same encoder with a new head, over "text [SEP] target", since they cannot load the pair '
            "head; their answers mean nothing.\n"
        )
    speed, rest = [], []
    for name, each in content["systems"].items():
        shown = f"{name} ({each['note']})" if each["note"] else name
        wall, cpu = each["wall"], each["cpu"]
        speed.append([shown, *(cell for own in (wall, cpu) for cell in _speed(own))])
        milliseconds = [f"{own['single_ms'][rank]:.1f}" for own in (wall, cpu) for rank in ("p50", "p95")]
        shares = [_percent(cpu["share_of_peak"][precision]) for precision in peaks]
        same = f"{each['labels_as_torch']} of {content['rows']}" if "labels_as_torch" in each else "-"
        rest.append([shown, *milliseconds, f"{each['peak_mb']:,.0f}", *shares, same, _percent(each.get("macro_f1"), 1)])
    ratios = ["rows/s", "of pipeline", "of its best batch"]
    print("All rows: by the clock, then in seconds of the processor (all threads together)\n")
    print_table(["system", *ratios, *(f"{name}, cpu" for name in ratios)], speed)
    print("\nOne row at a time, in ms; memory; share of the peak, by the processor's time; answers\n")
    times = ["p50", "p95", "p50, cpu", "p95, cpu"]
    peak_columns = [f"of {name} peak" for name in peaks]
    print_table(["system", *times, "peak MB", *peak_columns, "labels as torch", "macro-F1"], rest)
    for name, reason in left_out.items():
        print(f"\nleft out: {name}: {reason}")


def _speed(own: dict[str, Any]) -> list[str]:
    """Return the cells of rows a second and its ratios."""
    ratios = [own["of_pipeline"], own["of_best_pipeline"]]
    return [f"{own['rows_per_second']:,.0f}", *("-" if ratio is None else f"{ratio:.1f}" for ratio in ratios)]


def _percent(share: float | None, digits: int = 0) -> str:
    return "-" if share is None else f"{100 * share:.{digits}f}{'' if digits else '%'}"


if __name__ == "__main__":
    raise SystemExit(main())
