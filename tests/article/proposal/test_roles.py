"""Which proposed names may be sources, on the passages of `roles.yaml` and in single sentences."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from stancelab.article.proposal.agency import shows_agency
from stancelab.article.proposal.propose import propose
from stancelab.article.types import Document

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "bench_roles.py"


@pytest.fixture(scope="module")
def bench() -> Any:
    pytest.importorskip("ahocorasick", reason="the extra read is not installed")
    spec = importlib.util.spec_from_file_location("bench_roles", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_roles"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("half", "names", "absent"), [("tuning", 23, 2), ("scored", 27, 2)])
def test_the_roles_of_the_passages(bench: Any, half: str, names: int, absent: int) -> None:
    found = bench.roles_of(half)
    assert (found.names, len(found.absent)) == (names, absent)
    assert (found.missed, found.wrong) == ([], [])


@pytest.mark.parametrize(
    ("sentence", "name", "expected"),
    [
        ("Acme Works said no .", "Acme Works", True),
        ("Acme Works has never again opposed the plan .", "Acme Works", True),
        ("Acme Works ( AW ) rejected the plan .", "Acme Works", True),
        ("Acme Works and the Port Union rejected the plan .", "Acme Works", True),
        ("Acme Works , which owns the port , rejected the plan .", "Acme Works", True),
        ("According to the Acme Works , it is late .", "Acme Works", True),
        ("“ It is late , ” said Acme Works .", "Acme Works", True),
        ("Acme Works 's spokesman left .", "Acme Works", True),
        ("Acme Works spokeswoman Lea Roe left .", "Acme Works", True),
        ("We met the head of the Acme Works .", "Acme Works", True),
        ("We met Lea Roe , who leads the Acme Works .", "Acme Works", True),
        ("We met Lea Roe , a nurse .", "Lea Roe", True),
        ("We met Lea Roe , 44 .", "Lea Roe", True),
        ("We met the nurse Lea Roe .", "Lea Roe", True),
        ("We met Mrs. Lea Roe .", "Lea Roe", True),
        ("Its foreign minister , Lea Roe , left .", "Lea Roe", True),
        ("A spokeswoman of the Acme Works , Lea Roe , left .", "Lea Roe", True),
        ("The former head of the Port Union , Lea Roe , left .", "Lea Roe", True),
        # Spoken of alone.
        ("Acme Works was accused of delay .", "Acme Works", False),
        ("Workers of Acme Works said no .", "Acme Works", False),
        ("Shares of Acme Works fell .", "Acme Works", False),
        ("Acme Works offers rooms by the sea .", "Acme Works", False),
        ("We drove past Acme Works in the rain .", "Acme Works", False),
        ("They spoke against Acme Works , its owner said .", "Acme Works", False),
        ("The host of the Acme Works left .", "Acme Works", False),
        ("The minister praised the city of light , Acme Works , and left .", "Acme Works", False),
        ("A spokeswoman of the port , Acme Union , left .", "Acme Union", False),
        ("A spokeswoman of the port , Lea Roe", "Lea Roe", False),
    ],
)
def test_what_shows_that_a_name_can_speak_or_act(sentence: str, name: str, expected: bool) -> None:
    words, wanted = sentence.split(), name.split()
    start = next(place for place in range(len(words)) if words[place : place + len(wanted)] == wanted)
    assert shows_agency(words, start, start + len(wanted)) is expected


def test_a_short_form_that_speaks_shows_it_for_the_name() -> None:
    text = "We met Lea Roe there. In the evening Roe said no. The ferry of Kell Harbor was late. See Kell Harbor."
    found = propose([Document(id="a", text=text)], 50).entries
    assert (found["Lea Roe"].source, found["Kell Harbor"].source, found["Kell Harbor"].target) == (True, False, True)
