"""Labels of the page go into a table that training reads, whole lines at a time."""

from __future__ import annotations

import csv
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancelab.cli import main
from stancelab.data.build import build
from stancelab.data.column_settings import ColumnSettings
from stancelab.data.prepared import load_prepared
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.errors import ConfigError
from stancelab.row_ids import row_id
from stancelab.schema import Example, Span
from stancelab.serve.labels import COLUMNS, LabelFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

ROOT = Path(__file__).resolve().parents[2]
PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}


def example(number: int) -> Example:
    text = f'Norway, "so to say", met Iran {number} times.'
    return Example(id="x", text=text, source="Norway", target="Iran", source_span=Span(0, 6), target_span=Span(24, 28))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(client: TestClient, text: str) -> str:
    return str(client.post("/read", data={"text": text, "title": "Talks"}, headers=PAGE).headers["location"])


def test_a_label_is_written_with_what_was_asked(client_of: Callable[..., TestClient], tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    client = client_of(labels=str(path))
    place = read(client, "Somalia left. Norway condemned\nIran on Monday, they said.")
    assert "Right is" in client.get(place).text
    answer = client.post(f"{place}/labels/0", data={"stance": "neutral", "query": "source=Norway"}, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{place}?source=Norway&labeled=0#answer-0")
    assert "saved" in client.get(answer.headers["location"]).text
    text = "Norway condemned Iran on Monday, they said."
    assert rows_of(path) == [
        {
            "id": row_id(text, "Norway", "Iran"), "text": text, "source": "Norway", "target": "Iran",
            "correction": "neutral", "predicted": "against", "target_start": "17", "target_end": "21",
            "source_start": "0", "source_end": "6", "document": "Talks",
        }
    ]  # fmt: skip
    fragment = client.post(f"{place}/labels/0", data={"stance": "favor"}, headers={**PAGE, "hx-request": "true"}).text
    assert "saved: favor" in fragment
    assert [row["correction"] for row in rows_of(path)] == ["favor"]  # the latest label holds


@pytest.mark.parametrize(
    ("place", "stance", "status"),
    [("0", "maybe", 422), ("99", "favor", 404), ("-1", "favor", 404), ("x", "favor", 422)],
)
def test_labels_that_are_none_are_told(
    place: str, stance: str, status: int, client_of: Callable[..., TestClient], tmp_path: Path
) -> None:
    client = client_of(labels=str(tmp_path / "labels.csv"))
    reading = read(client, "Norway condemned Iran.")
    assert client.post(f"{reading}/labels/{place}", data={"stance": stance}, headers=PAGE).status_code == status
    assert client.post("/readings/none/labels/0", data={"stance": "favor"}, headers=PAGE).status_code == 404
    assert not (tmp_path / "labels.csv").exists()


def test_without_a_file_no_label_is_taken(client: TestClient) -> None:
    reading = read(client, "Norway condemned Iran.")
    answer = client.post(f"{reading}/labels/0", data={"stance": "favor"}, headers={"sec-fetch-site": "same-origin"})
    assert (answer.status_code, answer.json()["detail"]) == (
        404, "labels: this server keeps none; start it with serve.labels=FILE.csv",
    )  # fmt: skip


def test_the_table_is_prepared_for_training(client_of: Callable[..., TestClient], tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    client = client_of(labels=str(path))
    names = ["Norway", "Iran", "Kenya", "Somalia", "China", "Belarus", "Latvia", "Spain", "Chad", "Peru"]
    text = "\n\n".join(
        f"{one} condemned {other} over the case number {number * 7919} of {chr(97 + number) * 6}."
        for number, (one, other) in enumerate(zip(names, names[1:] + names[:1], strict=True))
    )
    place = read(client, text)
    given = {}
    for number in range(0, 20, 2):
        stance = ("favor", "neutral", "against")[number % 3]
        assert client.post(f"{place}/labels/{number}", data={"stance": stance}, headers=PAGE).status_code == 303
        given[number] = stance
    corpus = CorpusSettings(name="labels", path=str(path), columns=ColumnSettings(stance="correction"))
    dataset = load_prepared(build([corpus], SplitSettings(kind="random"), AuditSettings(), tmp_path / "prepared"))
    rows = [row for part in (dataset.train, dataset.validation, *dataset.tests.values()) for row in part]
    assert {row.id.rpartition("/")[2]: row.stance for row in rows} == {
        row["id"]: row["correction"] for row in rows_of(path)
    }
    assert sorted(row.stance or "" for row in rows) == sorted(given.values())
    assert all(row.text[slice(*row.target_span)] == row.target for row in rows if row.target_span)
    assert all(row.target_span and row.source_span for row in rows)


def test_the_table_corrects_a_corpus_that_has_the_sentences(
    client_of: Callable[..., TestClient], tmp_path: Path
) -> None:
    path, corpus = tmp_path / "labels.csv", tmp_path / "corpus.csv"
    client = client_of(labels=str(path))
    sentences = [f"Norway condemned Iran over the {chr(97 + n) * 7} of {n * 7919}." for n in range(12)]
    with corpus.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "source", "target", "stance"])
        writer.writerows([text, "Norway", "Iran", ("against", "neutral")[n % 2]] for n, text in enumerate(sentences))
    place = read(client, sentences[0])
    client.post(f"{place}/labels/0", data={"stance": "favor"}, headers=PAGE)
    settings = CorpusSettings(name="mine", path=str(corpus), corrections=str(path))
    dataset = load_prepared(build([settings], SplitSettings(kind="random"), AuditSettings(), tmp_path / "prepared"))
    rows = [row for part in (dataset.train, dataset.validation, *dataset.tests.values()) for row in part]
    stances = {row.text: row.stance for row in rows}
    assert [stances[text] for text in sentences[:3]] == ["favor", "neutral", "against"]


def test_the_commands_of_the_page_prepare_the_labels(
    client_of: Callable[..., TestClient], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As they stand in docs/serving.md, in a folder with the files that they name."""
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    part = page.partition("### From labels")[2].partition("```\n")[0]
    [own, beside] = [shlex.split(line, comments=True) for line in part.splitlines() if line.startswith("stancelab ")]
    client = client_of(labels="labels.csv")
    sentences = [f"Norway condemned Iran over the {chr(97 + n) * 7} of {n * 7919}." for n in range(12)]
    with Path("mine.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "source", "target", "stance"])
        writer.writerows([text, "Norway", "Iran", ("against", "neutral")[n % 2]] for n, text in enumerate(sentences))
    place = read(client, "\n\n".join(sentences[:10]))
    labeled = {}
    for number in range(0, 20, 2):  # of each sentence, what Norway says of Iran
        stance = ("favor", "neutral", "against")[number % 3]
        assert client.post(f"{place}/labels/{number}", data={"stance": stance}, headers=PAGE).status_code == 303
        labeled[sentences[number // 2]] = stance
    assert {row["text"]: row["correction"] for row in rows_of(Path("labels.csv"))} == labeled
    assert prepared(own, tmp_path) == labeled
    rest = {sentences[10]: "against", sentences[11]: "neutral"}
    assert prepared(beside, tmp_path) == labeled | rest


def prepared(words: list[str], folder: Path) -> dict[str, str | None]:
    """Run a command that prepares rows, and return the stance of each text."""
    before = set(folder.glob("outputs/datasets/*"))
    assert words[0] == "stancelab"
    assert main(words[1:]) == 0
    [dataset] = set(folder.glob("outputs/datasets/*")) - before
    found = load_prepared(dataset)
    parts = (found.train, found.validation, *found.tests.values())
    return {row.text: row.stance for part in parts for row in part}


#: Writes twenty labels. A fork of this process could wait for ever for a lock that one of its threads holds.
ADDING = """
import sys
from pathlib import Path
from stancelab.schema import Example
from stancelab.serve.labels import LabelFile

labels, start = LabelFile(Path(sys.argv[1])), int(sys.argv[2])
for number in range(start, start + 20):
    text = f'Norway, "so to say", met Iran {number % 30} times.'
    labels.add(Example(id="x", text=text, source="Norway", target="Iran"), "favor", "against")
"""


def test_several_processes_write_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    processes = [
        subprocess.Popen([sys.executable, "-c", ADDING, str(path), start], stderr=subprocess.PIPE)
        for start in ("0", "10", "15")
    ]
    assert [(process.communicate(timeout=300)[1], process.returncode) for process in processes] == [(b"", 0)] * 3
    rows = rows_of(path)
    assert sorted(row["text"] for row in rows) == sorted(example(number).text for number in range(30))
    assert [each.name for each in tmp_path.iterdir()] == ["labels.csv"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id,text\n", "found the columns id, text, expected id, text, source"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (None, "its folder is not there"),
    ],
)
def test_files_of_others_are_left_alone(content: bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / ("labels.csv" if content else "none/labels.csv")
    if content:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=f"serve.labels: .*{message}"):
        LabelFile(path)
    assert not content or path.read_bytes() == content


def test_a_file_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(f"\ufeff{','.join(COLUMNS)}\n", encoding="utf-8")
    LabelFile(path).add(example(1), "favor", "against")
    LabelFile(path).add(example(2), "neutral", "against")
    LabelFile(path).add(example(1), "against", "against")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["correction"] for row in csv.DictReader(file)] == ["against", "neutral"]
