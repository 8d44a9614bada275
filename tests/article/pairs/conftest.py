"""The passages and their codebook, read by the script that scores them."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancelab.article.pairs import PairSettings, heard_sources
from stancelab.schema import Span

if TYPE_CHECKING:
    from types import ModuleType

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"


def load_script(name: str) -> ModuleType:
    """Load a script of the project as a module."""
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def bench():
    return load_script("bench_sources")


@pytest.fixture(scope="session")
def codebook(bench):
    return bench.Codebook()


@pytest.fixture(scope="session")
def targets(bench):
    # The script imports `bench_sources`, which `bench` has put among the modules.
    return load_script("bench_targets")


@pytest.fixture(scope="session")
def book(targets):
    return targets.TargetCodebook()


@pytest.fixture(scope="session")
def heard_in():
    """Return a function that reads a text with a codebook of bodies.

    It returns the sources that no mention of the codebook is, as (sentence, entry, words).
    """
    pytest.importorskip("ahocorasick", reason="the extra read is not installed")
    from stancelab.article.codebook import Matcher, read_codebook
    from stancelab.article.documents import text_document
    from stancelab.article.sentences import sentences_of

    matcher = Matcher(read_codebook(Path(__file__).parent / "bodies.yaml"))
    groups = {entry.name: entry.group for entry in matcher.codebook.entries.values()}

    def read(text, bold=()):
        document = text_document(text)
        document = replace(
            document, bold=tuple(Span(text.rindex(words), text.rindex(words) + len(words)) for words in bold)
        )
        sentences = sentences_of(document)
        mentions = matcher.mentions(document.text)
        reading = heard_sources(document, sentences, mentions, PairSettings(language="english"), groups)
        places = {mention.span for mention in mentions}
        found = [
            (one.sentence, one.entry, "" if one.span is None else text[one.span.start : one.span.end])
            for one in reading.heard
            if one.how != "named" or one.person
            if one.span not in places
        ]
        return list(dict.fromkeys(found))

    return read
