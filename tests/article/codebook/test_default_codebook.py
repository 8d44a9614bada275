import pytest
from sentences import SENTENCES

from stancelab.article.codebook import Matcher, read_codebook

pytest.importorskip("ahocorasick")


@pytest.fixture(scope="module")
def world():
    return Matcher(read_codebook("default"))


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_what_sentences_mention(world, text, expected):
    found = world.mentions(text)
    assert [
        f"{text[slice(*each.span)]}={each.entry}{'' if each.source else '*'}" for each in found if each.target
    ] == expected
    assert all(each.target for each in found)
