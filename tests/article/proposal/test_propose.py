"""A codebook from the documents alone: by rules, and by a spaCy model, for which a stand-in is used."""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.article.proposal.propose import NAMES, TOPICS, propose
from stancelab.article.types import Document
from stancelab.errors import DataError, MissingPackageError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """The Steppe Compact met in Oslo on Monday. Norwegian Foreign Minister Kari Lund praised the compact.

"The rent cap is good," Lund said. Members of the Harbour Workers Union (HWU) condemned the rent cap. The HWU said no.
Dr. J. P. Arroyo spoke of the European Union and of Amnesty. On Friday, Amnesty said nothing. I do not know.
"""


def entries(text: str, most: int = 50) -> dict[str, Any]:
    return dict(propose([Document(id="a", text=text)], most).entries)


def test_names_come_with_their_short_forms() -> None:
    found = entries(TEXT)
    assert found["Kari Lund"].aliases == ("Lund",)
    assert found["Harbour Workers Union"].aliases == ("HWU",)
    assert found["Steppe Compact"].aliases == ("the compact",)
    assert found["J. P. Arroyo"].source
    assert {found[name].group for name in ("Kari Lund", "Steppe Compact", "Amnesty")} == {NAMES}


def test_entries_of_the_default_codebook_come_with_all_of_their_names() -> None:
    found = entries(TEXT)
    assert "Kingdom of Norway" in found["Norway"].aliases
    assert found["European Union"].group == "organisations"


def test_phrases_that_come_again_are_targets_alone() -> None:
    found = entries(TEXT)
    assert (found["rent cap"].source, found["rent cap"].target, found["rent cap"].group) == (False, True, TOPICS)
    assert "good" not in found


@pytest.mark.parametrize(
    "name", ["Monday", "Friday", "I", "The", "Members", "On", "Norwegian Foreign Minister Kari Lund"]
)
def test_what_is_no_name_is_not_proposed(name: str) -> None:
    assert name not in entries(TEXT)


def test_no_name_is_taken_twice() -> None:
    from stancelab.article.codebook.checks import problems_together

    found = entries(TEXT + "\n\nThe Anna Lund Fund and Anna Lund met. Lund slept. Kari Lund rose. The Compact failed.")
    assert problems_together(found) == []


def test_so_many_at_most() -> None:
    text = " ".join(f"We met Aa{chr(97 + number)} Bb{chr(97 + number)} there." for number in range(20))
    assert len(entries(text, 5)) == 5


@pytest.mark.parametrize("text", ["", "nothing is named here", "1 2 3 !", "\u202e\u0301"])
def test_nothing_to_propose_is_an_error(text: str) -> None:
    with pytest.raises(DataError, match=r"write one .*codebook=FILE"):
        entries(text)


@dataclass
class Entity:
    text: str
    label_: str
    start_char: int
    end_char: int


@dataclass
class Token:
    lower_: str
    pos_: str = "NOUN"


class Chunk(list[Token]):
    @property
    def root(self) -> Token:
        return self[-1]


@dataclass
class Parsed:
    ents: list[Entity] = field(default_factory=list)
    noun_chunks: list[Chunk] = field(default_factory=list)

    def has_annotation(self, name: str) -> bool:
        return name == "DEP"


class Model:
    def pipe(self, texts: Any) -> Any:
        for text in texts:
            start = text.find("Lund's")
            entities = [Entity("Lund's", "PERSON", start, start + 6), Entity("Monday", "DATE", 0, 1)]
            yield Parsed(entities if start >= 0 else [], [Chunk([Token("the"), Token("rent"), Token("cap")])])


def test_a_spacy_model_proposes_its_entities_and_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.cfg").touch()
    module = types.ModuleType("spacy")
    module.load = lambda path: Model()  # type: ignore[attr-defined]
    module.__spec__ = types.SimpleNamespace()  # type: ignore[assignment]
    monkeypatch.setitem(sys.modules, "spacy", module)
    text = "We saw Lund's rent cap on Monday. It was good."
    found = propose([Document(id="a", text=text)], 50, str(tmp_path)).entries
    assert set(found) == {"Lund", "rent cap"}
    assert not found["rent cap"].source


def test_a_folder_that_is_no_spacy_model(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no config.cfg"):
        propose([Document(id="a", text=TEXT)], 50, str(tmp_path))


def test_spacy_is_asked_for_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.cfg").touch()
    monkeypatch.setattr("stancelab.article.proposal.spacy_model.is_installed", lambda module: False)
    with pytest.raises(MissingPackageError, match="pip install spacy"):
        propose([Document(id="a", text=TEXT)], 50, str(tmp_path))
