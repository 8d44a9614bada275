"""What is refused soon is refused without the seconds that PyTorch and transformers take to import."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CODE = """
import json
import sys

from stancelab.cli import main

for words in json.loads(sys.argv[1]):
    code = main(words)
    heavy = sorted({"torch", "transformers", "datasets", "sklearn"} & set(sys.modules))
    print(json.dumps([words, code, heavy]), file=sys.stderr)
"""
#: A command line, what it returns, and a part of what is said.
LINES = [
    (["--help"], 0, ""),
    (["prepare", "--help"], 0, ""),
    (["runs"], 2, "output_root: outputs is no folder"),
    (["curve", "nothing"], 2, "nothing: no such folder; expected the folder of an evaluation"),
    (["compare", "nothing", "none"], 2, "nothing: no such folder; expected the folder of an evaluation"),
    (["prepare", "CORPUS", "data.path=no.csv"], 2, "no.csv: no such file"),
    (["prepare", "CORPUS", "data.columns.text=Tweet"], 2, "columns are missing"),
    (["inspect", "CORPUS", "data.path=no.csv"], 2, "no.csv: no such file"),
    (["evaluate", "CORPUS", "checkpoint=none"], 2, "none: no such folder; expected a checkpoint"),
    (["train", "CORPUS", "training.epochs=-1"], 2, "training.epochs: found -1"),
    (["train", "CORPUS", "data.path=no.csv"], 2, "no.csv: no such file"),
    (["train", "CORPUS", "model.name_or_path=./none"], 2, "./none: no such folder"),
    (["train", "CORPUS", "training.teacher=[./none]"], 2, "training.teacher: none: no such folder"),
    (["run", "CORPUS", "data.path=no.csv"], 2, "no.csv: no such file"),
    (["run", "CORPUS", "data.path={train: mine.csv}", "split=random"], 2, "split.kind: found 'random'"),
    (["predict", "checkpoint=none", "input=no.csv", "output=out.csv"], 2, "no.csv: no such file"),
    (["read", "checkpoint=none", "input=no.txt", "output=map"], 2, "none: no such folder"),
    (["serve", "checkpoint=none"], 2, "none: no such folder"),
    (["export", "checkpoint=none"], 2, "none: no such folder"),
]


def test_cheap_errors_import_neither_torch_nor_transformers(toy, tiny_encoder: Path, workplace: Path) -> None:
    table = toy.write_table(workplace / "mine.csv")
    corpus = ["data=table", f"data.path={table}", f"model.name_or_path={tiny_encoder}", "model.sha256=null"]
    lines = []
    for words, *_ in LINES:
        given = {word.partition("=")[0] for word in words}
        own = [word for word in corpus if word.partition("=")[0] not in given] if "CORPUS" in words else []
        lines.append([words[0], *own, *(word for word in words[1:] if word != "CORPUS")])
    shown = subprocess.run([sys.executable, "-c", CODE, json.dumps(lines)], capture_output=True, text=True, check=True)
    told = ""
    found = []
    for line in shown.stderr.splitlines():
        if not line.startswith("[["):
            told += line + "\n"
            continue
        words, code, heavy = json.loads(line)
        found.append((words, code, heavy, told))
        told = ""
    assert [words for words, *_ in found] == lines
    for (words, code, heavy, told), (_, expected, message) in zip(found, LINES, strict=True):
        assert (code, heavy) == (expected, []), (words, told)
        assert message in told, words
