"""A codebook proposed by a spaCy model: a stand-in, pipelines that spaCy makes here, and one that the user names."""

from __future__ import annotations

import os
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

#: The folder of a spaCy model with a parser, such as the one with the `config.cfg` of en_core_web_sm.
SPACY_MODEL = os.environ.get("STANCELAB_SPACY_MODEL", "")
#: What the entity ruler of the tests knows, with the articles and possessives that trained models count to an entity.
RULES = [
    {"label": "ORG", "pattern": "the European Union"},
    {"label": "ORG", "pattern": "the Harbour Workers"},
    {"label": "ORG", "pattern": "Acme"},
    {"label": "GPE", "pattern": "Kell's"},
    {"label": "PERSON", "pattern": "Kari Lund"},
    {"label": "PERSON", "pattern": "Lund"},
    {"label": "DATE", "pattern": "Monday"},
]
TEXT = (
    "On Monday the Harbour Workers condemned the rent cap. Kari Lund spoke of the European Union and of Acme. "
    "The rent cap was Kell's own, Lund said."
)
#: What the parser of the tests learns.
PARSED = ("Lund condemned the rent cap.", "Acme praised the rent cap.")


def proposed(text: str, model: Path | str) -> dict[str, Any]:
    return dict(propose([Document(id="a", text=text)], 50, str(model)).entries)


@dataclass
class Entity:
    text: str
    label_: str
    start_char: int


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
            entities = [Entity("Lund's", "PERSON", start), Entity("Monday", "DATE", 0)]
            for name in ("Acme", "Kell"):
                place = text.find(name)
                entities += [Entity(name, "ORG", place)] if place >= 0 else []
            yield Parsed(entities if start >= 0 else [], [Chunk([Token("the"), Token("rent"), Token("cap")])])


def test_a_model_proposes_its_entities_and_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.cfg").touch()
    module = types.ModuleType("spacy")
    module.load = lambda path: Model()  # type: ignore[attr-defined]
    module.__spec__ = types.SimpleNamespace()  # type: ignore[assignment]
    monkeypatch.setitem(sys.modules, "spacy", module)
    found = proposed("We saw Lund's rent cap in Kell on Monday and Acme said it was good. It was.", tmp_path)
    assert {name: entry.source for name, entry in found.items()} == {
        "Lund": True,
        "Acme": True,
        "Kell": False,
        "rent cap": False,
    }


@pytest.fixture
def ruler(tmp_path: Path) -> Path:
    """The folder of a pipeline of an entity ruler alone, made and saved by spaCy."""
    spacy = pytest.importorskip("spacy", reason="spaCy is in no extra: pip install spacy")
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns(RULES)
    pipeline.to_disk(tmp_path / "ruler")
    return tmp_path / "ruler"


def test_an_entity_ruler_of_spacy_proposes_its_names(ruler: Path) -> None:
    found = proposed(TEXT, ruler)
    assert found["European Union"].group == "organisations"  # of the default codebook, and once
    own = {name: entry for name, entry in found.items() if entry.group in (NAMES, TOPICS)}
    assert {name: entry.source for name, entry in own.items()} == {
        "Harbour Workers": True,
        "Kari Lund": True,
        "Acme": False,
        "Kell": False,
    }
    assert own["Kari Lund"].aliases == ("Lund",)


@pytest.fixture
def parser(tmp_path: Path) -> Path:
    """The folder of a pipeline with parts of speech and a parser, which learned two sentences by heart."""
    spacy = pytest.importorskip("spacy", reason="spaCy is in no extra: pip install spacy")
    spacy.util.fix_random_seed(0)
    pipeline = spacy.blank("en")
    pipeline.add_pipe("morphologizer")
    pipeline.add_pipe("parser", config={"min_action_freq": 1})
    learned = {
        "pos": ["PROPN", "VERB", "DET", "NOUN", "NOUN", "PUNCT"],
        "heads": [1, 1, 4, 4, 1, 1],
        "deps": ["nsubj", "ROOT", "det", "compound", "dobj", "punct"],
    }
    examples = [spacy.training.Example.from_dict(pipeline.make_doc(text), learned) for text in PARSED]
    optimizer = pipeline.initialize(lambda: examples)
    for _ in range(20):
        pipeline.update(examples, sgd=optimizer)
    pipeline.to_disk(tmp_path / "parser")
    return tmp_path / "parser"


def test_a_parser_of_spacy_proposes_its_noun_chunks(parser: Path) -> None:
    [(name, entry)] = proposed(" ".join(PARSED), parser).items()
    assert (name, entry.source, entry.group) == ("rent cap", False, TOPICS)


@pytest.mark.skipif(not SPACY_MODEL, reason="STANCELAB_SPACY_MODEL names no folder of a spaCy model with a parser")
def test_the_model_that_the_user_names_proposes_its_entities_and_chunks() -> None:
    text = (
        "Karl Brandt condemned the rent cap in a speech on Monday. The rent cap was praised by Microsoft. "
        "Mr Brandt said that Microsoft was wrong about the rent cap."
    )
    found = proposed(text, SPACY_MODEL)
    assert "rent cap" in found, sorted(found)  # of the noun chunk "the rent cap"
    assert not found["rent cap"].source
    assert any(entry.source for name, entry in found.items() if "Brandt" in name), sorted(found)
    assert "Microsoft" in found
    assert not any("Monday" in name for name in found)


def test_a_folder_that_is_no_spacy_model(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no config.cfg"):
        proposed(TEXT, tmp_path)


def test_a_pipeline_that_spacy_cannot_load(ruler: Path) -> None:
    (ruler / "config.cfg").write_text("[nlp]\npipeline = [")
    with pytest.raises(DataError, match=r"spaCy cannot load this model \("):
        proposed(TEXT, ruler)


def test_spacy_is_asked_for_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.cfg").touch()
    monkeypatch.setattr("stancelab.article.proposal.spacy_model.is_installed", lambda module: False)
    with pytest.raises(MissingPackageError, match="pip install spacy"):
        proposed(TEXT, tmp_path)
