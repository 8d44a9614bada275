import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from stancelab.errors import DataError
from stancelab.tables.formats import check_written, format_of
from stancelab.tables.table_file import TableFile

CSV = b"text,target\n" + "".join(f"row {i} of many,caf\u00e9 {i * 7919 % 1009}\n" for i in range(3_000)).encode()
JSONL = b'{"text": "a", "target": "b"}\n' * 3_000


def zst(content: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(content)
    return sink.getvalue().to_pybytes()


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress, "zst": zst, "bz2": bz2.compress, "xz": lzma.compress,
}  # fmt: skip


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("folder__", "folder/").replace("_csv", ".csv"), content)
    return path


def count(path: Path) -> int:
    return sum(len(batch.rows) for batch in TableFile(path).rows())


@pytest.mark.parametrize("ending", COMPRESS)
@pytest.mark.parametrize(("suffix", "content"), [("csv", CSV), ("tsv", CSV.replace(b",", b"\t")), ("jsonl", JSONL)])
def test_compressed_text_is_read(tmp_path: Path, ending: str, suffix: str, content: bytes) -> None:
    path = tmp_path / f"a.{suffix}.{ending}"
    path.write_bytes(COMPRESS[ending](content))
    table = TableFile(path)
    assert count(path) == 3_000
    assert table.columns == ["text", "target"]


@pytest.mark.parametrize("ending", COMPRESS)
def test_a_compressed_file_that_is_cut_off_is_named(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.csv.{ending}"
    content = COMPRESS[ending](CSV)
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match=r"a\.csv\..*: the .* file is damaged or cut off"):
        count(path)


@pytest.mark.parametrize("ending", [*COMPRESS, "zip"])
def test_a_name_that_is_wrong(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.csv.{ending}"
    path.write_bytes(b"text,target\na,b\n")
    with pytest.raises(DataError, match=f"though its name says so; remove .{ending} from the name"):
        TableFile(path)


@pytest.mark.parametrize(("ending", "what"), [("gz", "gzip"), ("zst", "Zstandard"), ("bz2", "bzip2"), ("xz", "xz")])
def test_a_compressed_file_that_is_not_named_so(tmp_path: Path, ending: str, what: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(COMPRESS[ending](CSV))
    with pytest.raises(DataError, match=f"named as CSV, but it is an? {what} file; name it with .{ending} at the end"):
        TableFile(path)


def test_an_older_encoding_in_a_compressed_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress("text;target\nDie Präsidentin grüßte.;der Fluß\n".encode("cp1252")))
    table = TableFile(path)
    assert (table.delimiter, table.encoding) == (";", "cp1252")
    assert [row for batch in table.rows() for _, row in batch.rows] == [
        {"text": "Die Präsidentin grüßte.", "target": "der Fluß"}
    ]


def test_a_zip_archive_of_one_file(tmp_path: Path) -> None:
    assert count(zipped(tmp_path / "a.csv.zip", other_csv=CSV)) == 3_000
    path = zipped(tmp_path / "b.zip", folder__inner_csv=CSV, **{"/__MACOSX/._inner_csv": b"", ".DS_Store": b""})
    assert format_of(path) == "csv"
    assert count(path) == 3_000


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            {"train_csv": CSV, "test_csv": CSV},
            r"holds 2 files \(train.csv, test.csv\); expected an archive of one table",
        ),
        ({}, r"holds 0 files \(none\)"),
        ({"notes.rtf": b"x"}, "the name ends in '.rtf'; expected .csv"),
    ],
)
def test_other_zip_archives(tmp_path: Path, members: dict[str, bytes], message: str) -> None:
    with pytest.raises(DataError, match=message):
        TableFile(zipped(tmp_path / "a.zip", **members))


def test_a_damaged_zip_archive(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.csv.zip", a_csv=CSV)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match="the zip file is damaged or cut off"):
        count(path)
    path.write_bytes(content[:200] + b"xxxxxxxx" + content[208:])
    with pytest.raises(DataError, match="the zip file is damaged or cut off"):
        count(path)


@pytest.mark.parametrize("name", ["a.parquet.gz", "a.xlsx.zip", "a.parquet.zst"])
def test_formats_that_are_compressed_in_themselves(name: str) -> None:
    with pytest.raises(DataError, match="is compressed in itself; unpack it first"):
        format_of(Path(name))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("o.csv.bz2", ".bz2 files are read, not written"), ("o.parquet.zst", "leave .zst out"),
        ("o.xlsx", ".xlsx files are read, not written"),
        ("o.json", ".json files are read, not written; expected one of .csv"),
        ("o.txt", ".txt files are read, not written"), ("o.rtf", "the name ends in '.rtf'"),
    ],
)  # fmt: skip
def test_outputs_that_are_not_written(name: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        check_written(Path(name))
