"""`stancelab read` from the command line, by a checkpoint that nobody trained."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from stancelab.cli import main
from stancelab.cli.commands import COMMANDS
from stancelab.errors import InterruptedReading, MissingPackageError
from stancelab.tables.stdin import spooled_stdin

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = ["codebook.yaml", "evidence.csv", "manifest.json", "map.html", "stances.csv", "stances.json"]
ARTICLE = "Norway hailed the treaty. Iran condemned Norway for it.\n"


@pytest.fixture
def read(workplace: Path, checkpoint: Path) -> Callable[..., int]:
    """Read an article with a codebook; words change or add settings."""
    (workplace / "article.txt").write_text(ARTICLE)
    (workplace / "mine.yaml").write_text("the treaty: {source: false}\n")

    def run(*words: str, left_out: str = "") -> int:
        given = {
            "checkpoint": str(checkpoint), "input": "article.txt", "codebook": "[default,mine.yaml]", "output": "map",
        } | dict(word.split("=", 1) for word in words)  # fmt: skip
        given.pop(left_out, None)
        return main(["read", *(f"{key}={value}" for key, value in given.items())])

    return run


def test_an_article_becomes_a_folder(read: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert read("read.explain=true", "read.title=A treaty") == 0
    assert sorted(path.name for path in Path("map").iterdir()) == FILES
    with Path("map/evidence.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert ("Norway", "the treaty") in {(row["source"], row["target"]) for row in rows}
    for row in rows:
        assert ARTICLE[int(row["target_start"]) : int(row["target_end"])] in ("the treaty", "it", "Norway", "Iran")
        assert ARTICLE[int(row["start"]) : int(row["end"])] == row["text"]
    manifest = json.loads(Path("map/manifest.json").read_text())
    assert manifest["kind"] == "read"
    assert manifest["config"]["codebook"] == "[default,mine.yaml]"
    shown = capsys.readouterr().out.splitlines()
    assert shown[-1] == f"map: {Path('map') / 'map.html'}"
    assert shown[-2].startswith("1 document with 2 sentences read, ")
    runs = list(Path("outputs/read/read").iterdir())
    assert [json.loads((run / "manifest.json").read_text())["output"] for run in runs] == ["map"]


def test_the_threshold_of_the_checkpoint_by_name(read: Callable[..., int]) -> None:
    assert read("read.threshold=accuracy_90") == 0  # 0.999: nothing that nobody trained is so sure
    content = json.loads(Path("map/stances.json").read_text())
    assert {each["counted"] for each in content["evidence"]} == {False}
    assert content["provenance"]["threshold_name"] == "accuracy_90"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("manifest.json", "not a complete checkpoint, manifest.json missing; expected a folder made by"),
        ("stancelab.json", "stancelab.json: not readable as JSON"),
    ],
)
def test_a_damaged_checkpoint_is_told_before_the_articles_are_read(
    read: Callable[..., int], checkpoint_copy: Path, capsys: pytest.CaptureFixture[str], name: str, told: str
) -> None:
    (checkpoint_copy / name).unlink()
    if name == "stancelab.json":
        (checkpoint_copy / name).write_text("{")
    assert read(f"checkpoint={checkpoint_copy}", "input=no such file.txt") == 2
    assert told in capsys.readouterr().err


def test_standard_input(read: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    spooled_stdin.cache_clear()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(ARTICLE.encode()), isatty=lambda: False))
    assert read("input=-") == 0
    spooled_stdin.cache_clear()
    content = json.loads(Path("map/stances.json").read_text())
    assert [document["id"] for document in content["documents"]] == ["standard-input"]


def test_a_pipeline_of_spacy_proposes_the_codebook(read: Callable[..., int]) -> None:
    spacy = pytest.importorskip("spacy", reason="spaCy is in no extra: pip install spacy")
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "LAW", "pattern": "the treaty"}])
    pipeline.to_disk("model")
    assert read("read.spacy_model=model", left_out="codebook") == 0
    content = json.loads(Path("map/stances.json").read_text())
    # By the rules, a phrase in small letters has to come twice.
    assert {each["name"] for each in content["entries"]} == {"Norway", "Iran", "treaty"}
    assert {("Norway", "treaty"), ("Iran", "Norway")} <= {(each["source"], each["target"]) for each in content["pairs"]}


def test_several_inputs(read: Callable[..., int]) -> None:
    Path("more.md").write_text("# Iran hails Norway\n\nIran hailed Norway.\n")
    assert read("input=[article.txt, more.md]") == 0
    content = json.loads(Path("map/stances.json").read_text())
    assert [document["id"] for document in content["documents"]] == ["article.txt", "more.md"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["input=nothing.txt"], "nothing.txt: no such file"),
        (["input=[article.txt"], "[article.txt: no documents were found"),
        (["input=[1,2]"], "1: no such file"),
        (["input=[[1],2]"], "input: found [[1],2], expected one name or a list such as [ONE,TWO]"),
        (["input=https://example.org/a"], "or fetch it with read.fetch=true"),
        (["codebook=defualt"], "Did you mean 'default'?"),
        (["codebook=article.txt"], "allowed is .yaml or .yml"),
        (["output=-"], "output: found '-'; the results are several files, name a folder"),
        (["output="], "given without a value: output;"),
        (["output=article.txt"], "article.txt: is a file; name a folder"),
        (["read.threshold=accuracy_95"], "read.threshold: 'accuracy_95' was not reached on dev"),
        (["read.evidense=1"], "Did you mean 'read.evidence'?"),
        (["read.evidence=much"], "read.evidence=much: "),
        (["read.headlines=no"], "read.headlines: found 'no', allowed are count, alone, never"),
        (["read.min_confidence=high"], "a threshold of the checkpoint is named with read.threshold=NAME"),
        (["read.columns.txt=a"], "read.columns.text"),
        (["read.spacy_model=nothing", "codebook=null"], "holds no config.cfg"),
        (["checkpoint=nothing"], "nothing: no such folder"),
        (["checkpoint=nothing", "codebook=null"], "stancelab: nothing: no such folder"),
        (["codebook="], "codebook: is empty; name a file"),
        (["codebook=mine.yaml,default"], "Several codebooks stand in brackets: [mine.yaml,default]"),
    ],
)
def test_mistakes_are_told_in_words(
    read: Callable[..., int], capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert read(*words) == 2
    found = capsys.readouterr().err
    assert told in found
    assert "proposed" not in found
    assert "Traceback" not in found
    assert not Path("map").exists()
    assert not Path("outputs").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["read.threshold=accuracy_xx"], "read.threshold: 'accuracy_xx' is none of this checkpoint's; allowed"),
        (["read.backend=openvino-bf16"], "has no onnx/model.onnx; make it with 'stancelab export checkpoint="),
    ],
)
def test_what_the_checkpoint_cannot_do_is_told_before_its_weights_and_the_articles_are_read(
    read: Callable[..., int], checkpoint_copy: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    (checkpoint_copy / "model.safetensors").write_bytes(b"damaged")
    assert read(f"checkpoint={checkpoint_copy}", "codebook=null", "input=nothing.txt", *words) == 2
    assert told in capsys.readouterr().err


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """An install for exported checkpoints alone reads no articles; one for articles alone classifies nothing."""
    installed = {"onnxruntime"}
    for module in ("stancelab.extras", "stancelab.cli.commands"):
        monkeypatch.setattr(f"{module}.is_installed", installed.__contains__)
    with pytest.raises(MissingPackageError, match=r'read needs pyahocorasick: pip install "stancelab\[read\]"$'):
        COMMANDS["read"].check_extras()
    installed |= {"ahocorasick", "nupunkt", "jinja2"}
    COMMANDS["read"].check_extras()
    installed.remove("onnxruntime")
    with pytest.raises(MissingPackageError, match=r'read needs PyTorch: .*or "stancelab\[onnx\]"'):
        COMMANDS["read"].check_extras()


def test_a_missing_setting_is_named(read: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert read(left_out="output") == 2
    assert "not given: output" in capsys.readouterr().err


def test_an_interruption_says_how_to_go_on(
    read: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*given: object, **settings: object) -> None:
        raise InterruptedReading

    monkeypatch.setattr("stancelab.article.job.run_reading", interrupted)
    assert read() == 130
    assert "this command goes on:\nstancelab read " in (found := capsys.readouterr().err)
    assert found.rstrip().endswith("read.resume=true")
