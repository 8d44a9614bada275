"""Where tables lie and what their cells are: names of files, Parquet's types, a full disk, another output encoding."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from cases.bench import BASE, Bench, Case, Finding, lines_of, rows_of, together

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = (
    "a=b", "a,b", "a, b", "a b", " a", "a ", "a;b", "a&b", "a+b", "a'b", 'a"b', "a\\b", "a%20b", "a#b", "a@b", "a!b",
    "a$b", "${x}", "$x", "a{b}", "a[0]", "[ab]", "(a)", "~a", "-a", "a*b", "a?b", "a|b", "a:b", "null", "1", "été",
    "данные", "数据",
)  # fmt: skip
#: Bytes of the small disks: too few for one state of a training, and for all of them.
SMALL = (3_000_000, 9_000_000)


def file_names(bench: Bench) -> Finding:
    """A file is read whatever its name, and its rows are those of no other file."""
    folder, kept = bench.folder(), {}
    table = lines_of(bench.inputs / BASE)
    findings = []
    for number, name in enumerate(NAMES):
        path = bench.folder() / f"{name}.csv"
        table.assign(text=[f"{text} It was paper {number}." for text in table["text"]]).to_csv(path, index=False)
        outcome = bench.prepare(path, folder=folder)
        rows = rows_of(outcome.dataset()) if outcome.code == 0 else []
        kept[name] = outcome.dataset().folder if rows else None
        own = sum(row.text.endswith(f"It was paper {number}.") for row in rows)
        findings.append(Finding(f"{name}.csv: {own} rows, {outcome.reason()}", own == len(table) == len(rows)))
    findings.append(Finding("two names share a dataset", len(set(kept.values())) == len(NAMES)))
    return together(findings, f"{len(NAMES)} of {len(NAMES)} read, in folders of their own")


def no_corpus_name(bench: Bench) -> Finding:
    """A corpus whose name is null is refused in plain words."""
    outcome = bench.prepare(BASE, "data.name=null")
    refused = outcome.refused("data.name")
    return Finding(refused.found, refused.right and "Error merging" not in outcome.told)


def parquet_types(bench: Bench) -> Finding:
    """Columns of all Arrow types are read as what they say, or refused by name."""
    given = lines_of(bench.inputs / BASE)
    texts: dict[str, Any] = {str(name): given[name].tolist() for name in given}
    count = len(given)
    days = [date(2024, 1, 1) + timedelta(days=row) for row in range(count)]
    starts = [float(text.index(target)) for text, target in zip(given["text"], given["target"], strict=True)]
    ends = [start + len(target) for start, target in zip(starts, given["target"], strict=True)]
    spans: dict[str, Any] = {"target_start": pa.array(starts), "target_end": pa.array(ends)}
    one = pa.array([None, *starts[1:]], type=pa.float64()), pa.array([None, *ends[1:]], type=pa.float64())
    read: dict[str, dict[str, Any]] = {
        "dictionary": {"stance": pa.array(texts["stance"]).dictionary_encode()},
        "large_string": {"text": pa.array(texts["text"], pa.large_string())},
        "string_view": {"text": pa.array(texts["text"], pa.string_view())},
        "decimal": {"id": pa.array([Decimal(row) for row in range(count)], pa.decimal128(9, 0))},
        "date": {"document": pa.array(days)},
        "null": {"source": pa.nulls(count)},
        "spans of floats": spans,
        "floats with a gap": dict(zip(spans, one, strict=True)),
        "a list beside": {"tokens": pa.array([text.split() for text in texts["text"]])},
    }
    refused: dict[str, dict[str, Any]] = {
        "list": {"target": pa.array([[target] for target in texts["target"]])},
        "struct": {"source": pa.array([{"name": name} for name in texts["source"]])},
        "list of the stance": {"stance": pa.array([[stance] for stance in texts["stance"]])},
    }
    findings = []
    for kind, columns in read.items():
        path = _parquet(bench, pa.table({**texts, **columns}))
        outcome = bench.prepare(path)
        rows = rows_of(outcome.dataset()) if outcome.code == 0 else []
        same = sorted((row.text, row.stance) for row in rows) == sorted(
            zip(texts["text"], texts["stance"], strict=True)
        )
        marked = sum(row.target_span is not None for row in rows)
        wanted = 0 if "target_start" not in columns else count - columns["target_start"].null_count
        findings.append(Finding(f"{kind}: {len(rows)} rows, {outcome.reason()}", same and marked == wanted))
    for kind, columns in refused.items():
        outcome = bench.prepare(_parquet(bench, pa.table({**texts, **columns})))
        told = outcome.refused(f"{next(iter(columns))!r}")
        findings.append(Finding(f"{kind}: {told.found}", told.right))
    twice = pa.table([pa.array(texts[name]) for name in (*texts, "text")], names=[*texts, "text"])
    told = bench.prepare(_parquet(bench, twice)).refused("'text'", "more than once")
    findings.append(Finding(f"a column twice: {told.found}", told.right))
    return together(findings, f"{len(read)} kinds read, {len(refused) + 1} refused by name")


def _parquet(bench: Bench, table: pa.Table) -> Path:
    path = bench.folder() / "typed.parquet"
    pq.write_table(table, path)
    return path


def full_disk(bench: Bench) -> Finding:
    """A disk that is too small ends a command in one line, and nothing half-written is left."""
    folder, findings = bench.folder(), []
    large = _large_table(bench)
    try:
        for size in SMALL:
            with _disk(folder / "small", size) as small:
                outcome = bench.run(BASE, f"output_root={small}/o", folder=bench.folder())
                told = outcome.refused("are free on the disk")
                left = [path.name for path in small.rglob("*.partial")]
                findings.append(Finding(f"{size:,} bytes, run: {told.found} {left}", told.right and not left))
        with _disk(folder / "small", SMALL[0]) as small:
            outcome = bench.prepare(large, f"output_root={small}/o")
            told, left = outcome.refused("are free on the disk"), [path.name for path in small.glob("o/datasets/*")]
            findings.append(Finding(f"prepare: {told.found} {left}", told.right and not left))
            outcome = bench.predict(large, f"output={small}/o.csv")
            left = [path.name for path in small.glob("*o.csv*")]
            # Parts that are whole may stay, where the message says how to go on with them.
            told = outcome.refused("space", *(["predict.resume=true then goes on"] if left else []))
            findings.append(Finding(f"predict: {told.found} {left}", told.right and left in ([], [".o.csv.parts"])))
    except OSError as error:
        return Finding(f"no small disk can be mounted here ({error})", right=None)
    return together(findings, f"run on {len(SMALL)} small disks, prepare, predict: one line, nothing half-written")


def _large_table(bench: Bench) -> Path:
    """Write a table whose rows need more than the smallest disk."""
    table = lines_of(bench.inputs / BASE)
    path = bench.folder() / "large.csv"
    long = [f"{text} {'Lorem ipsum dolor sit amet. ' * 400}{row}" for row, text in enumerate(table["text"])]
    table.assign(text=long).to_csv(path, index=False)
    return path


@contextmanager
def _disk(folder: Path, size: int) -> Iterator[Path]:
    """Mount a disk of so many bytes.

    Raises:
        OSError: It cannot be mounted, as without the rights of root.
    """
    folder.mkdir(exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - the words are ours
    if done.returncode:
        raise OSError(done.stderr.strip() or f"mount ended with {done.returncode}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S603, S607 - as above


def narrow_output(bench: Bench) -> Finding:
    """Output of an encoding that lacks letters of the texts ends no command."""
    table = lines_of(bench.inputs / BASE)
    table["target"] = [target.replace("the ", "协议 ") for target in table["target"]]
    path = bench.folder() / "данные.csv"
    table.to_csv(path, index=False)
    sentence = """'demo=[{text: "卢梅里亚欢迎停火协议", target: "停火协议"}]'"""
    line = bench.short_run(path, sentence, bench.encoder())
    outcome = bench.process(line, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    return outcome.trained()


CASES = (
    Case("23", "names of files", file_names),
    Case("25", "full disk", full_disk),
    Case("29", "types of Parquet", parquet_types),
    Case("37", "output in cp1252", narrow_output),
    Case("39", "corpus without a name", no_corpus_name),
)
