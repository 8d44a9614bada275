import importlib.util
import sys
from pathlib import Path

import pytest

pytest.importorskip("ahocorasick")

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def score_codebook():
    spec = importlib.util.spec_from_file_location("score_codebook", ROOT / "scripts" / "score_codebook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_docs_have_what_it_prints(score_codebook, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["score_codebook.py"])
    score_codebook.main()
    assert capsys.readouterr().out in (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")


def test_a_mention_is_right_with_its_words_entry_and_roles_alone(score_codebook, monkeypatch, capsys, tmp_path):
    rows = """[
      {"text": "Chad denied it.", "mentions": ["Chad=Chad"]},
      {"text": "Russian gas flowed.", "mentions": ["Russian=Russia"]},
      {"text": "Russian officials denied it.", "mentions": ["Russian=Russia", "officials=Russia"]}
    ]"""
    (tmp_path / "rows.json").write_text(rows, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["score_codebook.py", "--sentences", str(tmp_path / "rows.json")])
    score_codebook.main()
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "3 sentences: 1 mentions right, 2 wrong, 3 missed; precision 33.3, recall 25.0"
