"""Files → the output folder: what is written, resumed after a kill, refused, skipped, and how much memory it takes."""

from __future__ import annotations

import csv
import gc
import itertools
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.article.codebook import read_codebook
from stancelab.article.documents.notes import Notes
from stancelab.article.documents.read import READERS
from stancelab.article.job import plan_reading, run_reading
from stancelab.article.known import Known, key_of
from stancelab.article.read import read_text
from stancelab.article.settings import ReadSettings
from stancelab.article.stances_file import read_stances
from stancelab.article.types import Document
from stancelab.article.windows import MOST_DOCUMENTS
from stancelab.errors import ConfigError, DataError, InterruptedReading
from stancelab.files import locked, read_manifest
from stancelab.layout import (
    CODEBOOK,
    EVIDENCE_TABLE,
    MANIFEST,
    MAP_HTML,
    STANCES_JSON,
    STANCES_TABLE,
)
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from collections.abc import Callable

CODEBOOK_TEXT = "Norland: {aliases: [Norlanders], group: states}\nSudria: {}\nthe treaty: {source: false}\n"
FILES = {STANCES_JSON, STANCES_TABLE, EVIDENCE_TABLE, MAP_HTML, CODEBOOK, MANIFEST}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a codebook and a folder of two articles."""
    (tmp_path / "codebook.yaml").write_text(CODEBOOK_TEXT)
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "one.txt").write_text("Norland praised the treaty. Sudria condemned the treaty.\n")
    (articles / "two.md").write_text("---\ndate: 2026-03-01\n---\n# News\n\nNorland condemned Sudria on Monday.\n")
    return tmp_path


def read(place: Path, system: Any, given: Any = None, output: str = "map", **settings: Any) -> Any:
    job = plan_reading(
        given or str(place / "articles"), str(place / "codebook.yaml"), place / output, ReadSettings(**settings)
    )
    return run_reading(job, system)


def many(place: Path, count: int, *, words: int = 0) -> Path:
    """Write a table of articles, every third of which has no pair."""
    verbs = ("praised Sudria", "condemned Sudria", "slept")
    rest = " Nobody else was asked about it." * words
    path = place / "many.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "date"])
        writer.writerows(
            [number, f"Norland {verbs[number % 3]} on day {number}.{rest}", "2026-01-02"] for number in range(count)
        )
    return path


def test_a_folder_becomes_tables_a_page_and_the_codebook(place: Path, verb_system: Any) -> None:
    read(place, verb_system())
    folder = place / "map"
    assert {path.name for path in folder.iterdir()} == FILES
    manifest = read_manifest(folder, "reading")
    assert set(manifest["files"]) == FILES - {MANIFEST}
    assert manifest["counts"]["documents"] == 2
    with (folder / STANCES_TABLE).open(newline="") as file:
        rows = {(row["document"], row["source"], row["target"]): row["stance"] for row in csv.DictReader(file)}
    assert rows == {
        ("one.txt", "Norland", "the treaty"): "favor",
        ("one.txt", "Sudria", "the treaty"): "against",
        ("two.md", "Norland", "Sudria"): "against",
        ("two.md", "Sudria", "Norland"): "none",
    }
    reading = read_stances(folder)
    assert [document.date for document in reading.documents] == ["", "2026-03-01"]
    assert {path.name for path in place.iterdir()} == {"articles", "codebook.yaml", "map"}


def test_the_codebook_that_is_written_is_the_one_that_was_used(place: Path, verb_system: Any) -> None:
    read(place, verb_system())
    before, after = read_codebook(place / "codebook.yaml"), read_codebook(place / "map" / CODEBOOK)
    assert list(before.entries) == list(after.entries)
    read(place, verb_system(), output="again")
    job = plan_reading(str(place / "articles"), place / "map" / CODEBOOK, place / "third", ReadSettings())
    run_reading(job, verb_system())
    tables = [(place / name / STANCES_TABLE).read_bytes() for name in ("map", "again", "third")]
    assert tables[0] == tables[1] == tables[2]


@pytest.mark.parametrize("is_table", [False, True])
def test_documents_and_answers_are_counted_while_they_are_read(
    place: Path, verb_system: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, is_table: bool
) -> None:
    """Without a codebook each document is looked at twice; a clock goes a minute at each look."""
    count = MOST_DOCUMENTS + 1
    texts = [f"Norway praised Iran on day {number}." for number in range(count)]
    given = place / "many"
    if is_table:
        given = place / "many.csv"
        given.write_text("".join(f"{text}\n" for text in ["text", *texts]))
    else:
        given.mkdir()
        for number, text in enumerate(texts):
            (given / f"{number:03}.txt").write_text(text)
    for module in ("stancelab.progress", "stancelab.inference.jobs.progress"):
        clock = SimpleNamespace(monotonic=itertools.count(0, 60).__next__)
        monkeypatch.setattr(f"{module}.time", clock)
    with caplog.at_level("INFO", "stancelab"):
        run_reading(plan_reading(str(given), None, place / "map", ReadSettings()), verb_system())
    told = [line for line in caplog.messages if "document" in line]
    if is_table:
        assert told[:2] == ["proposing a codebook: 1 documents so far", "proposing a codebook: 2 documents so far"]
        assert told[count : count + 2] == ["64 documents, 1.1 documents/s", "65 documents, 0.5 documents/s"]
    else:
        assert told[0] == "proposing a codebook: 1 of 65 documents, about 64 min left"
        assert told[count - 2] == "proposing a codebook: 64 of 65 documents, about 1 min left"
        assert told[count - 1] == "64 of 65 documents, 1.1 documents/s, 1 s left"


@pytest.mark.parametrize(("name", "value"), [("spacy_model", "model"), ("candidates", 10)])
def test_what_proposes_is_refused_beside_a_codebook(place: Path, verb_system: Any, name: str, value: Any) -> None:
    said = rf"read\.{name}: is for proposing a codebook, and one is given; leave one of the two out"
    with pytest.raises(ConfigError, match=said):
        read(place, verb_system, **{name: value})
    settings = ReadSettings(**{name: value})
    with pytest.raises(ConfigError, match=said):
        read_text("Norland praised Sudria.", place / "codebook.yaml", verb_system(), settings)


@pytest.mark.parametrize(
    ("text", "author", "said"),
    [
        ("Norland: {source: false}\n", False, "no entry that may be a source; take 'source: false' from one, or let"),
        ("Norland: {source: false}\n", True, ""),
        ("Norland: {target: false}\n", True, "no entry that may be a target; take 'target: false' from one"),
        ("Norland: {target: false}\nSudria: {source: false}\n", False, ""),
    ],
)
def test_a_codebook_by_which_no_pair_can_be_found_is_told(place: Path, text: str, author: bool, said: str) -> None:
    (place / "codebook.yaml").write_text(text)

    def plan() -> Any:
        book = str(place / "codebook.yaml")
        return plan_reading(str(place / "articles"), book, place / "map", ReadSettings(author=author))

    if said:
        with pytest.raises(DataError, match=said):
            plan()
    else:
        assert "Norland" in plan().codebook.entries


def test_an_output_is_replaced_only_where_that_is_said(place: Path, verb_system: Any) -> None:
    read(place, verb_system())
    with pytest.raises(DataError, match=r"exists already; name another folder, or replace it with read.overwrite=true"):
        read(place, verb_system())
    read(place, verb_system(), overwrite=True, title="Again", bom=True)
    assert read_stances(place / "map").provenance.title == "Again"
    assert (place / "map" / STANCES_TABLE).read_bytes().startswith(b"\xef\xbb\xbfdocument,")
    (place / "mine").mkdir()
    (place / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(DataError, match="holds other files"):
        read(place, verb_system(), output="mine", overwrite=True)


def test_results_inside_of_the_input_are_not_read(place: Path, verb_system: Any) -> None:
    read(place, verb_system(), output="articles/map")
    _, told = read(place, verb_system(), output="articles/map", overwrite=True)
    assert told.counts["documents"] == 2


def test_a_bad_file_is_listed_where_it_may_be_skipped(
    place: Path, verb_system: Any, caplog: pytest.LogCaptureFixture
) -> None:
    (place / "articles" / "broken.docx").write_bytes(b"no zip archive")
    (place / "articles" / "empty.txt").write_text("")
    (place / "articles" / "notes.rtf").write_text("no document that is read")
    with pytest.raises(DataError, match=r"broken.docx.*; mend it, or leave it out with read.on_bad_files=skip"):
        read(place, verb_system())
    assert not (place / "map").exists()
    caplog.clear()
    _, told = read(place, verb_system(), on_bad_files="skip")
    assert "passed over 1 file that is no document: 1 .rtf" in caplog.text
    assert told.counts["documents"] == 2
    listed = read_manifest(place / "map", "reading")["skipped"]
    assert len(listed) == 2 and "broken.docx" in listed[0] and "empty.txt" in listed[1]


def test_documents_in_another_language_are_told(
    place: Path, verb_system: Any, caplog: pytest.LogCaptureFixture
) -> None:
    text = "Norland hat am Mittwoch den Vertrag verurteilt, und Sudria lobte ihn, sagte der Minister gestern in Oslo."
    (place / "articles" / "de.txt").write_text(text)
    caplog.set_level("WARNING")
    read(place, verb_system())
    assert "1 document is not taken for English (such as de.txt)" in caplog.text
    assert read_manifest(place / "map", "reading")["other_language"] == ["de.txt"]
    caplog.clear()
    _, told = read(place, verb_system(), language="english", overwrite=True)
    assert (told.other_language, "not taken" in caplog.text) == ([], False)


def test_documents_with_one_text_and_without_pairs_are_told(
    place: Path, verb_system: Any, caplog: pytest.LogCaptureFixture
) -> None:
    (place / "articles" / "copy.txt").write_text("Norland praised the treaty.  Sudria condemned the treaty.")
    (place / "articles" / "weather.txt").write_text("It rained.")
    caplog.set_level("WARNING")
    read(place, verb_system())
    manifest = read_manifest(place / "map", "reading")
    assert manifest["duplicates"] == {"one.txt": "copy.txt"}
    assert manifest["without_pairs"] == ["weather.txt"]
    assert "1 document has the text of another one" in caplog.text
    assert "no source with a target was found in 1 document (such as weather.txt)" in caplog.text


@pytest.mark.parametrize("cell", ["a \0 b", "half \ud800 of it"])
def test_a_text_that_cannot_be_written_ends_before_hours_of_work(place: Path, verb_system: Any, cell: str) -> None:
    path = place / "bad.jsonl"
    path.write_text("\n".join(json.dumps({"text": text}) for text in ("Norland praised Sudria.", cell)))
    with pytest.raises(DataError, match=r"bad.jsonl.*(U\+0000|half of a character)"):
        read(place, verb_system(), str(path))
    assert not (place / "map").exists()
    assert not (place / ".map.parts").exists()


def test_markup_and_formulas_of_a_document_stay_text(place: Path, verb_system: Any) -> None:
    script = "</script><script>alert(1)</script>"
    path = place / "hostile.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "title", "outlet", "=cmd"])
        writer.writerow(["=1+1", f"Norland praised Sudria. {script}", script, "@SUM(A1)", "-2+3"])
    read(place, verb_system(), str(path), title=script)
    assert script not in (place / "map" / MAP_HTML).read_text()
    with (place / "map" / STANCES_TABLE).open(newline="") as file:
        row = next(iter(csv.DictReader(file)))
    assert (row["document"], row["outlet"]) == ("'=1+1", "'@SUM(A1)")
    assert read_stances(place / "map").documents[0].id == "=1+1"


def test_two_documents_of_one_id(place: Path, verb_system: Any) -> None:
    path = place / "same.csv"
    path.write_text("id,text\n1,Norland slept.\n1,Sudria slept.\n")
    with pytest.raises(DataError, match="the id '1' is that of a row before it"):
        read(place, verb_system(), str(path))


def test_an_interrupted_reading_goes_on(place: Path, verb_system: Callable[..., Any]) -> None:
    def interrupt(call: int) -> None:
        if call == 2:
            raise KeyboardInterrupt

    table = str(many(place, 200))
    with pytest.raises(InterruptedReading):
        read(place, verb_system(after=interrupt), table)
    assert (place / ".map.parts").is_dir()
    assert not (place / "map").exists()
    with pytest.raises(DataError, match=r"go on with read.resume=true, or begin anew with read.overwrite=true"):
        read(place, verb_system(), table)
    system = verb_system()
    read(place, system, table, resume=True)
    assert not (place / ".map.parts").exists()
    whole = verb_system()
    read(place, whole, table, output="whole")
    assert 0 < system.calls < whole.calls
    assert (place / "map" / EVIDENCE_TABLE).read_bytes() == (place / "whole" / EVIDENCE_TABLE).read_bytes()
    assert (place / "map" / STANCES_TABLE).read_bytes() == (place / "whole" / STANCES_TABLE).read_bytes()


def test_explanations_go_on_too(place: Path, verb_system: Callable[..., Any]) -> None:
    def interrupt(call: int) -> None:
        if call == 6:
            raise KeyboardInterrupt

    table = str(many(place, 100))
    with pytest.raises(InterruptedReading):
        read(place, verb_system(after=interrupt), table, explain=True)
    kept = sorted(path.name for path in (place / ".map.parts").glob("weights-*.json"))
    assert kept
    read(place, verb_system(), table, resume=True, explain=True)
    read(place, verb_system(), table, output="whole", explain=True)
    assert read_stances(place / "map").evidence == read_stances(place / "whole").evidence


@pytest.mark.parametrize(
    ("change", "what"),
    [({"memory": 1}, "read.memory"), ({"author": True}, "read.author"), ({"on_bad_files": "skip"}, None)],
)
def test_a_reading_goes_on_with_the_same_alone(
    place: Path, verb_system: Callable[..., Any], change: dict[str, Any], what: str | None
) -> None:
    def interrupt(call: int) -> None:
        if call == 2:
            raise KeyboardInterrupt

    table = str(many(place, 200))
    with pytest.raises(InterruptedReading):
        read(place, verb_system(after=interrupt), table)
    if what is None:
        read(place, verb_system(), table, resume=True, evidence=0.6, headlines="never", title="T", **change)
        return
    with pytest.raises(DataError, match=f"of another {what}; give the same again"):
        read(place, verb_system(), table, resume=True, **change)


@pytest.mark.parametrize("change", ["Norland praised Sudria on day 0.", "2026-01-02"])
def test_documents_that_were_answered_have_to_be_the_same(
    place: Path, verb_system: Callable[..., Any], change: str
) -> None:
    def interrupt(call: int) -> None:
        if call == 2:
            raise KeyboardInterrupt

    table = many(place, 200)
    with pytest.raises(InterruptedReading):
        read(place, verb_system(after=interrupt), str(table))
    whole = table.read_text()
    table.write_text(whole.replace(change, change.replace("0", "9"), 1))
    with pytest.raises(DataError, match=r"'0' was changed since the reading was interrupted; begin anew"):
        read(place, verb_system(), str(table), resume=True)
    table.write_text(whole + "200,Norland praised the treaty.,2026-01-02\n")
    _, told = read(place, verb_system(), str(table), resume=True)
    assert told.counts["documents"] == 201


def test_one_process_at_a_time(place: Path, verb_system: Any) -> None:
    with (
        locked(place / ".map.parts" / "lock"),
        pytest.raises(ConfigError, match="another process reads into it"),
    ):
        read(place, verb_system())
    read(place, verb_system())


def test_no_model_library_is_loaded() -> None:
    code = "import sys, stancelab.article.job; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"torch", "transformers", "onnxruntime", "datasets", "hydra", "omegaconf"} & set(shown)


def test_an_error_keeps_what_is_done(place: Path, verb_system: Callable[..., Any]) -> None:
    def fail(call: int) -> None:
        if call == 2:
            raise DataError("the disk is full")

    table = str(many(place, 200))
    with pytest.raises(DataError, match=r"the disk is full; read.resume=true then goes on with what is done"):
        read(place, verb_system(after=fail), table)
    assert (place / ".map.parts" / "documents-00000.json").is_file()


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {here!r})
from conftest import VerbSystem
from stancelab.article.job import plan_reading, run_reading
from stancelab.article.settings import ReadSettings

def kill(call):
    if call == 3:
        os.kill(os.getpid(), signal.SIGKILL)

place = Path({place!r})
job = plan_reading({table!r}, str(place / "codebook.yaml"), place / "map", ReadSettings())
run_reading(job, VerbSystem(after=kill))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
def test_a_killed_reading_goes_on_after_its_last_part(place: Path, verb_system: Callable[..., Any]) -> None:
    table = str(many(place, 300))
    code = KILLED.format(here=str(Path(__file__).parent), place=str(place), table=table)
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ}, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(list((place / ".map.parts").glob("documents-*.json"))) == 2
    assert not (place / "map").exists()
    system, whole = verb_system(), verb_system()
    read(place, system, table, resume=True)
    read(place, whole, table, output="whole")
    assert system.calls == whole.calls - 2
    assert (place / "map" / EVIDENCE_TABLE).read_bytes() == (place / "whole" / EVIDENCE_TABLE).read_bytes()
    assert {path.name for path in place.iterdir()} == {"articles", "codebook.yaml", "many.csv", "map", "whole"}


def test_a_damaged_part_is_told(place: Path, verb_system: Callable[..., Any]) -> None:
    def interrupt(call: int) -> None:
        if call == 3:
            raise KeyboardInterrupt

    table = str(many(place, 300))
    with pytest.raises(InterruptedReading):
        read(place, verb_system(after=interrupt), table)
    (place / ".map.parts" / "documents-00001.json").write_bytes(b'[{"digest": 3')
    with pytest.raises(DataError, match=r"documents-00001.json: is damaged"):
        read(place, verb_system(), table, resume=True)
    for content in ("", "[]"):
        (place / ".map.parts" / "job.json").write_text(content)
        with pytest.raises(DataError, match=r"job.json: is missing or damaged, .*read.overwrite=true and without read"):
            read(place, verb_system(), table, resume=True)


def documents_alive() -> int:
    """Count the documents in memory, those of other tests among them, without those that nothing refers to any more."""
    gc.collect()
    return sum(isinstance(each, Document) for each in gc.get_objects())


def test_two_thousand_documents_are_not_in_memory_at_once(place: Path, verb_system: Callable[..., Any]) -> None:
    """Documents that are alive while windows are answered do not grow with their number."""
    alive: list[int] = []
    before = documents_alive()

    def count(call: int) -> None:
        if call % 5 == 0:
            alive.append(documents_alive() - before)

    _, told = read(place, verb_system(after=count), str(many(place, 2000)))
    assert told.counts["documents"] == 2000
    assert len(alive) > 4
    assert max(alive) <= 200


def rows_asked(system: Any) -> list[str]:
    """Return a list that gets the texts of all rows that the system is asked from now on."""
    asked: list[str] = []
    answer = system.predict_proba

    def counted(examples: Any) -> Any:
        asked.extend(example.text for example in examples)
        return answer(examples)

    system.predict_proba = counted
    return asked


def test_an_article_of_many_outlets_is_answered_once(place: Path, verb_system: Callable[..., Any]) -> None:
    """Its copies are in other windows; the second sentence has two questions, one toward each of the states."""
    text = "Norland praised the treaty. Sudria condemned Norland."
    folder = place / "wire"
    folder.mkdir()
    for number in range(2 * MOST_DOCUMENTS + 5):
        (folder / f"{number:03}.txt").write_text(f"{text}\n" if number % 2 else f"{text} It rained {number} times.\n")
    system = verb_system()
    asked = rows_asked(system)
    reading, told = read(place, system, str(folder))
    assert told.counts["documents"] == 2 * MOST_DOCUMENTS + 5
    assert sorted(asked) == ["Norland praised the treaty.", *["Sudria condemned Norland."] * 2]
    assert len(reading.evidence) == 3 * told.counts["documents"]
    verdicts = {(each.source, each.target, each.document): each.score for each in reading.evidence}
    own = [verdicts[key] for key in verdicts if key[:2] == ("Sudria", "Norland")]
    assert own == pytest.approx([-0.88] * told.counts["documents"])
    assert system.calls == 1


def test_an_article_is_not_answered_again_after_an_interruption(place: Path, verb_system: Callable[..., Any]) -> None:
    def interrupt(call: int) -> None:
        if call == 2:
            raise KeyboardInterrupt

    table = place / "wire.csv"
    table.write_text("id,text\n" + "".join(f"{number},Norland praised Sudria.\n" for number in range(100)))
    with table.open("a") as file:
        file.writelines(f"{100 + number},Norland condemned Sudria on day {number}.\n" for number in range(100))
    with pytest.raises(InterruptedReading):
        read(place, verb_system(after=interrupt), str(table))
    with table.open("a") as file:
        file.write("200,Norland praised Sudria.\n")
    system = verb_system()
    asked = rows_asked(system)
    reading, _ = read(place, system, str(table), resume=True)
    assert "Norland praised Sudria." not in asked
    last = {(each.source, each.target): each.score for each in reading.evidence if each.document == "200"}
    assert last["Norland", "Sudria"] == pytest.approx(0.88)


def test_answers_are_kept_up_to_a_bound() -> None:
    known = Known(most=2)
    answers = {name: (0.1, 0.2, 0.7 + number) for number, name in enumerate((b"one", b"two", b"three"))}
    known.add(b"one", answers[b"one"])
    known.add(b"two", answers[b"two"])
    assert known.get(b"one") == answers[b"one"]
    known.add(b"three", answers[b"three"])
    assert [known.get(name) for name in answers] == [answers[b"one"], None, answers[b"three"]]


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Oman hailed the pact!"}, {"source": ""}, {"target": "pact"}, {"source_span": None},
        {"target_span": Span(16, 20)},
    ],
)  # fmt: skip
def test_another_question_has_another_answer(change: dict[str, Any]) -> None:
    question = Example(
        id="1",
        text="Oman hailed the pact.",
        source="Oman",
        target="the pact",
        source_span=Span(0, 4),
        target_span=Span(12, 20),
    )
    assert key_of(question) == key_of(replace(question, id="2", document="other"))
    assert key_of(question) != key_of(replace(question, **change))


def test_without_a_codebook_a_document_is_extracted_once(
    place: Path, verb_system: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    extracted: list[str] = []

    def counted(form: Any) -> Any:
        read_file = READERS[form]

        def reader(path: Path, *given: Any) -> Document:
            extracted.append(path.name)
            return read_file(path, *given)

        return reader

    for form in ("text", "markdown", "html"):
        monkeypatch.setitem(READERS, form, counted(form))
    (place / "articles" / "empty.txt").write_text("")
    (place / "articles" / "page.html").write_text(
        "<html><body><article><h1>Pact</h1><p><b>Norway</b> praised France.</p></article></body></html>"
    )
    caplog.set_level("WARNING")
    job = plan_reading(str(place / "articles"), None, place / "map", ReadSettings(on_bad_files="skip"))
    before = sorted(path.name for path in place.iterdir())
    reading, told = run_reading(job, verb_system())
    assert sorted(extracted) == ["empty.txt", "one.txt", "page.html", "two.md"]
    assert (told.counts["documents"], told.counts["skipped"]) == (3, 1)
    assert caplog.text.count("skipped: ") == 1
    # Nothing lies beside the output, before and after.
    assert before == ["articles", "codebook.yaml"]
    assert sorted(path.name for path in place.iterdir()) == ["articles", "codebook.yaml", "map"]
    # The documents are those of a reading with the codebook, in all that was extracted.
    other = plan_reading(
        str(place / "articles"), place / "map" / CODEBOOK, place / "other", ReadSettings(on_bad_files="skip")
    )
    assert list(job.documents(Notes())) == list(other.documents(Notes()))
    assert any(document.bold for document in job.documents(Notes()))
    assert run_reading(other, verb_system())[0].evidence == reading.evidence


def test_without_a_codebook_a_page_is_fetched_once(
    place: Path, verb_system: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    def fetch(url: str, notes: Notes) -> Document:
        fetched.append(url)
        return Document(id=url, text=f"Norway praised France. This is answer {len(fetched)}.")

    monkeypatch.setattr("stancelab.article.documents.read.fetch_page", fetch)
    urls = ["https://example.org/one", "https://example.org/two"]
    job = plan_reading(urls, None, place / "map", ReadSettings(fetch=True))
    reading, _ = run_reading(job, verb_system())
    assert fetched == urls
    assert [document.text[-2] for document in reading.documents] == ["1", "2"]


def test_proposing_keeps_one_document_in_memory(place: Path, verb_system: Callable[..., Any]) -> None:
    alive: list[int] = []
    before = documents_alive()

    def count(call: int) -> None:
        alive.append(documents_alive() - before)

    table = many(place, 400)
    table.write_text(table.read_text().replace("Norland", "Norway").replace("Sudria", "France"))
    job = plan_reading(str(table), None, place / "map", ReadSettings())
    assert documents_alive() - before <= 1
    _, told = run_reading(job, verb_system(after=count))
    assert told.counts["documents"] == 400
    assert len(alive) > 2
    assert max(alive) <= 2


def test_a_bad_page_of_a_proposal_says_how_it_is_skipped(place: Path) -> None:
    (place / "articles" / "page.html").write_text("<html><body></body></html>")
    with pytest.raises(DataError, match=r"page\.html: .*leave it out with read\.on_bad_files=skip"):
        plan_reading(str(place / "articles"), None, place / "map", ReadSettings())
    assert sorted(path.name for path in place.iterdir()) == ["articles", "codebook.yaml"]


def test_a_url_needs_a_setting(place: Path, verb_system: Any) -> None:
    with pytest.raises(DataError, match=r"read.fetch=true"):
        read(place, verb_system(), "https://example.org/news")


def test_without_a_codebook_the_proposal_is_written(place: Path, verb_system: Any) -> None:
    (place / "articles" / "one.txt").write_text(
        "Norway praised the rent cap. France condemned the rent cap, the Housing League said.\n"
    )
    job = plan_reading(str(place / "articles"), None, place / "map", ReadSettings())
    reading, _ = run_reading(job, verb_system())
    text = (place / "map" / CODEBOOK).read_text()
    assert text.startswith("# Proposed by stancelab read")
    assert "rent cap: {source: false, group: topics}" in text
    assert {(pair.source, pair.target): pair.stance for pair in reading.pairs}["Norway", "rent cap"] == "favor"
    assert list(read_codebook(place / "map" / CODEBOOK).entries) == [entry.name for entry in reading.entries]
