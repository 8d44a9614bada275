from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancelab.article.pairs import PairSettings, heard_sources
from stancelab.article.pairs.quotes import quotations_of
from stancelab.article.types import Document, Mention, Sentence
from stancelab.schema import Span


def heard(codebook, text, **changes):
    """Return (sentence, entry, words, how) of the sources that are not mentions of the codebook."""
    passage = codebook.passage(text)
    reading = heard_sources(
        passage.document, passage.sentences, passage.mentions, PairSettings(**changes), codebook.groups
    )
    return [
        (one.sentence, one.entry, passage.words(one.span), one.how)
        for one in reading.heard
        if one.person or one.how != "named"
    ]


def test_the_passages_for_tuning(bench, codebook):
    passages = codebook.read("tuning")
    score = bench.score(passages, bench.by_rules, codebook.groups)
    assert len(passages) >= 60
    assert (score.right, score.wrong, score.missed, score.words) == (90, 0, 0, 90)


def test_the_passages_that_were_held_out(bench, codebook):
    passages = codebook.read("held_out")
    score = bench.score(passages, bench.by_rules, codebook.groups)
    assert len(passages) >= 60
    assert score.precision > 0.96
    assert score.recall > 0.89
    assert score.precision > bench.score(passages, bench.by_last_entry, codebook.groups).precision + 0.3


def test_the_passages_that_were_written_after_the_mending(bench, codebook):
    score = bench.score(codebook.read("after_mending"), bench.by_rules, codebook.groups)
    assert score.precision > 0.96
    assert score.recall > 0.72


def test_the_passages_that_were_held_out_from_later_rules(bench, codebook):
    score = bench.score(codebook.read("second_held_out"), bench.by_rules, codebook.groups)
    assert (score.right, score.wrong, score.missed) == (28, 0, 0)


def test_words_of_a_passage_list_stand_in_their_sentence(codebook):
    for half in ("tuning", "held_out", "after_mending", "second_held_out"):
        for passage in codebook.read(half):
            for (sentence, entry), words in passage.heard.items():
                assert words in passage.sentences[sentence].text
                assert entry not in passage.named(sentence)


def test_sources_are_carried_for_a_number_of_sentences(codebook):
    text = "Norway said no.\n" + "Rain fell on the hills.\n" * 3 + "The government criticised China."
    assert heard(codebook, text, memory=3) == []
    assert heard(codebook, text, memory=4) == [(4, "Norway", "The government", "carried")]
    assert heard(codebook, "Norway said no.\nIt criticised China.", memory=0) == []


def test_headlines_forget(codebook):
    text = "Norwegian officials met.\n\n# Weather\n\nThey criticised China."
    assert heard(codebook, text) == []
    assert heard(codebook, text.replace("# ", "")) == [(2, "Norway", "They", "carried")]


def test_persons_of_the_article_stand_in_its_headline(codebook):
    text = "# Lund warns China\n\nNorwegian minister Kari Lund criticised China."
    assert heard(codebook, text)[0] == (0, "Norway", "Lund", "named")


def test_pronouns_keep_the_gender_that_was_shown(codebook):
    text = """
        Norwegian spokeswoman Kari Lund met the Chinese spokesman, Wu Jian.
        He praised NATO.
        She did not.
    """
    found = heard(codebook, "\n".join(line.strip() for line in text.strip().split("\n")))
    assert found[2:] == [(1, "China", "He", "carried"), (2, "Norway", "She", "carried")]


def test_somebody_else_is_nobody_of_the_codebook(codebook):
    assert heard(codebook, "Norway agreed.\nAn analyst said no.\nShe criticised China.") == []
    assert heard(codebook, "Norway agreed.\nResidents said no.\nThey criticised China.") == []
    assert heard(codebook, "Norway agreed.\nThe company said no.\nIt criticised China.") == []
    assert heard(codebook, "Norway agreed.\nHuman Rights Watch said no.\nIt criticised China.") == []


def test_an_adjective_of_somebody_else_is_no_source(codebook):
    def sources(text):
        passage = codebook.passage(text)
        reading = heard_sources(passage.document, passage.sentences, passage.mentions, PairSettings())
        return {one.entry: passage.words(one.span) for one in reading.heard}

    assert sources("A Norwegian analyst criticised it.") == {}
    assert sources("Norway's opposition criticised it.") == {}
    assert sources("The former Norwegian minister criticised it.") == {}
    assert sources("The Norwegian minister criticised it.") == {"Norway": "Norwegian minister"}
    assert sources("Norway's foreign ministry criticised it.") == {"Norway": "Norway's foreign ministry"}
    assert sources("Norwegian salmon sold well.") == {"Norway": "Norwegian"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Before, after, in the middle.
        ("Lund said: “We warn China.”", [("Norway", "We")]),
        ("“We warn China,” Lund said.", [("Norway", "We")]),
        ("“China,” Lund said, “has broken its word to us.”", [("Norway", "")]),
        # "our" and "us" are no subjects.
        ("“China has broken our trust,” Lund said.", [("Norway", "")]),
        # Words of somebody else.
        ("“We warn China,” a farmer said.", []),
        ("“We warn China,” said Ivan Petrov, a farmer.", []),
    ],
)
def test_speakers_of_quotations(codebook, text, expected):
    found = heard(codebook, "Norwegian minister Kari Lund spoke.\n" + text)
    assert [(entry, words) for number, entry, words, how in found if number and how == "quote"] == expected


def test_a_quotation_goes_on_over_sentences_and_paragraphs(codebook):
    text = "“It harms us.\nChina knows it.\n\n“China will pay,” said Kari Lund, the Norwegian minister."
    found = heard(codebook, text)
    assert [(number, entry) for number, entry, _, how in found if how == "quote"] == [
        (0, "Norway"),
        (1, "Norway"),
        (2, "Norway"),
    ]


def test_groups_tell_states_from_other_bodies(codebook):
    passage = codebook.passage("Norway agreed with ASEAN.\nASEAN thanked Japan.\nThe government criticised China.")

    def carried(groups):
        reading = heard_sources(passage.document, passage.sentences, passage.mentions, PairSettings(), groups)
        return [one.entry for one in reading.heard if one.how == "carried"]

    assert carried({"Norway": "states", "ASEAN": "organisations", "Japan": "states"}) == ["Norway"]
    assert carried({}) == ["Norway"]
    assert carried({"Norway": "states", "ASEAN": "states", "Japan": "states"}) == ["ASEAN"]


def test_other_languages_have_named_sources_alone(codebook):
    text = (
        "Der norwegische Minister Kari Lund sprach am Montag in der Stadt mit den Vertretern aus China.\n"
        "Sie warnte China vor den Folgen, und Lund sagte, die Regierung in Oslo werde nicht mehr lange warten."
    )
    assert heard(codebook, text) == []
    passage = codebook.passage(text)
    reading = heard_sources(passage.document, passage.sentences, passage.mentions, PairSettings())
    assert [one.entry for one in reading.heard] == ["China", "China", "Norway"]
    english = "Norway said no.\nIt warned China."
    assert heard(codebook, english, language="english") == [(1, "Norway", "It", "carried")]
    assert heard(codebook, english, language="other") == []


PIECES = st.sampled_from(
    """
    Norway China NATO Kari Lund said told was , . " “ ” ‘ ’ ' 's he she it they her his its the a of for in at to and
    minister ministry spokesman government officials according words that who former alliance : ; — ( ) U.S. J. 3 we I
    Q: A: Reporter: party group member of my our
    """.split()  # noqa: SIM905
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.just("\n"), st.just("\n\n")), max_size=60))
def test_any_text_is_read_and_spans_lie_in_their_sentences(pieces):
    text = " ".join(pieces)
    sentences: list[Sentence] = []
    mentions: list[Mention] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            left = start + len(line) - len(line.lstrip())
            span = Span(left, start + len(line.rstrip()))
            own = text[span.start : span.end]
            sentences.append(Sentence(number=len(sentences), paragraph=0, span=span, text=own))
        start += len(line) + 1
    for name in ("Norway", "China", "NATO"):
        place = text.find(name)
        while place >= 0:
            # Mentions may overlap and end inside of words.
            mentions.append(Mention(entry=name, span=Span(place, min(place + len(name) + place % 9, len(text)))))
            place = text.find(name, place + 1)
    document = Document(id="d", text=text)
    reading = heard_sources(document, sentences, mentions, PairSettings(language="english"))
    assert len(reading.people) == len(sentences)
    for one in reading.heard:
        low, high = sentences[one.sentence].span
        assert one.entry in ("Norway", "China", "NATO")
        assert one.span is None or low <= one.span.start < one.span.end <= high
    for quotation in quotations_of(text):
        assert all(0 <= low < high <= len(text) for low, high in quotation.spans)
