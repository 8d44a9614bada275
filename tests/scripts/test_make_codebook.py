import importlib.util
from importlib.metadata import version
from pathlib import Path

import pytest

pytest.importorskip("babel")
pytest.importorskip("countryinfo")

from stancelab.article.codebook import parse_codebook, read_codebook

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "make_codebook.py"


@pytest.fixture(scope="module")
def make_codebook():
    spec = importlib.util.spec_from_file_location("make_codebook", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_default_codebook_is_what_its_sources_give(make_codebook):
    shipped = make_codebook.WORLD.read_text(encoding="utf-8")
    packages = [f"{name} {version(name)}" for name in ("babel", "pycountry", "countryinfo")]
    if not all(each in shipped for each in packages):
        pytest.skip(f"the file was written with other versions than {', '.join(packages)}")
    assert make_codebook.codebook_text() == shipped


def test_names_are_written_as_newspapers_do(make_codebook):
    assert make_codebook.other_forms(
        ["St. Lucia", "Côte d’Ivoire", "Congo - Kinshasa", "Myanmar (Burma)"], "Saint Lucia"
    ) == [
        "St. Lucia",
        "St Lucia",
        "Côte d'Ivoire",
        "Cote d'Ivoire",
    ]


def test_both_read_the_same(make_codebook):
    assert parse_codebook(make_codebook.codebook_text()).entries.keys() == read_codebook("default").entries.keys()


@pytest.mark.parametrize(
    ("name", "other", "is_found"),
    [
        ("Asean", "ASEAN", True),
        ("ASEAN", "Asean", False),
        ("Canadian parliament", "Canadian Parliament", True),
        ("Dail", "Dáil", False),
        ("EU", "EU", False),
    ],
)
def test_a_small_letter_finds_capitals_too(make_codebook, name, other, is_found):
    assert make_codebook._finds(name, other) is is_found
