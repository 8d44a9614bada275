"""Of long texts the part around the mentions is read, by both heads, in training and prediction alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from transformers import AutoTokenizer

from stancelab.encoding import Cut, InputSettings, make_builder
from stancelab.encoding.view import _offsets, in_view
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.encoding import Builder, EncodedText

FILLER = "Iran met . "
HEADS = pytest.mark.parametrize("head", ["pair", "sequence"])


def build(encoder: Path, head: str, **settings) -> Builder:
    return make_builder(head, AutoTokenizer.from_pretrained(encoder), InputSettings(max_length=32, **settings))


def words(builder: Builder, text: EncodedText) -> str:
    return " ".join(builder.tokenizer.convert_ids_to_tokens(text.inputs["input_ids"]))


@HEADS
@pytest.mark.parametrize(("before", "after"), [(40, 0), (0, 40), (40, 40), (7, 40), (40, 7)])
def test_the_mention_is_in_view(tiny_encoder: Path, head: str, before: int, after: int) -> None:
    builder = build(tiny_encoder, head)
    long = Example(id="1", text=FILLER * before + "Norway welcomed the treaty . " + FILLER * after, target="the treaty")
    [text] = builder.encode([long])
    assert len(text) <= 32
    assert "norway welcomed" in words(builder, text)
    assert builder.count_cut([long]) == Cut(rows=1, texts=1)
    assert builder.cut_of([long], [text]) == Cut(rows=1, texts=1)


@HEADS
def test_a_marked_mention_keeps_its_place(tiny_encoder: Path, head: str) -> None:
    builder = build(tiny_encoder, head, mark=["target", "source"])
    text = FILLER * 20 + "Norway did not the treaty . " + FILLER * 20
    start = text.index("Norway")
    long = Example(id="1", text=text, target="Iran", source="Norway", target_span=Span(start + 7, start + 14))
    [encoded] = builder.encode([long])
    if head == "sequence":
        assert "[S] norway [/S] [T] did not [/T] the treaty" in words(builder, encoded)
    else:
        tokens = words(builder, encoded).split()
        (source, target) = encoded.places[0]
        assert tokens[slice(*source[:2])] == ["norway"]
        assert tokens[slice(*target[:2])] == ["did", "not"]


@HEADS
def test_of_mentions_far_apart_the_target_is_kept_and_the_source_still_named(tiny_encoder: Path, head: str) -> None:
    builder = build(tiny_encoder, head, mark=["target", "source"], pair=False)
    text = "Norway welcomed . " + FILLER * 40 + "The treaty met Iran ."
    [encoded] = builder.encode([Example(id="1", text=text, source="Norway", target="the treaty")])
    shown = words(builder, encoded)
    assert "the treaty" in shown.replace("[T] ", "").split(" [SEP]")[0]
    assert "norway" in shown.split("[SEP]")[1]


@HEADS
def test_a_long_text_without_mentions_is_kept_from_its_start(tiny_encoder: Path, head: str) -> None:
    builder = build(tiny_encoder, head)
    long = Example(id="1", text="Norway welcomed . " + FILLER * 40, target="the treaty")
    [text] = builder.encode([long])
    assert words(builder, text).startswith("[CLS] norway welcomed")
    assert len(text) == 32


@HEADS
def test_texts_that_fit_are_left_as_they_are(tiny_encoder: Path, head: str) -> None:
    examples = [Example(id=str(n), text=FILLER * n, target="Iran") for n in (1, 5, 9, 10)]
    new, old = (build(tiny_encoder, head, keep=keep).encode(examples) for keep in ("mentions", "start"))
    fitting = [text for text, again in zip(old, new, strict=True) if not again.from_longer]
    assert fitting == [text for text in new if not text.from_longer]
    assert len(fitting) >= 2


def test_rows_of_one_long_text_see_different_parts_of_it(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder, "pair")
    text = "Norway welcomed . " + FILLER * 40 + "The treaty met ."
    texts = builder.encode(
        [Example(id="1", text=text, target="Norway"), Example(id="2", text=text, target="the treaty")]
    )
    assert [each.rows for each in texts] == [(0,), (1,)]
    assert "norway welcomed" in words(builder, texts[0])
    assert "the treaty met" in words(builder, texts[1])


def test_a_tokenizer_without_offsets_counts_the_tokens_of_words(tiny_encoder: Path) -> None:
    class Slow:
        is_fast = False

        def tokenize(self, word: str) -> list[str]:
            return [word[:2], word[2:]] if len(word) > 2 else [word]

        def num_special_tokens_to_add(self, pair: bool) -> int:
            return 3 if pair else 2

    slow: object = Slow()
    assert _offsets(["ab cde"], slow, split_special_tokens=False) == [[(0, 2), (3, 6), (3, 6)]]  # type: ignore[arg-type]
    example = Example(id="1", text="ab " * 50 + "EU cd", target="EU")
    settings = InputSettings(max_length=16)
    [(shown, _)] = in_view([example], [""], slow, settings, split_special_tokens=False)  # type: ignore[arg-type]
    assert shown.target_span is not None
    assert shown.text[slice(*shown.target_span)] == "EU"
    assert len(shown.text.split()) <= 14


def test_rows_that_the_input_does_not_tell_get_a_second_segment(tiny_encoder: Path) -> None:
    absent = Example(id="1", text="Iran met .", source="Norway", target="the treaty")
    there = Example(id="2", text="Norway welcomed the treaty .", source="Norway", target="the treaty")
    settings = {"pair": False, "mark": ["target", "source"]}
    builder = build(tiny_encoder, "sequence", **settings)
    first, second = (words(builder, text) for text in builder.encode([absent, there]))
    assert first == "[CLS] iran met . [SEP] norway : the treaty [SEP]"
    assert second == "[CLS] [S] norway [/S] welcomed [T] the treaty [/T] . [SEP]"
    assert builder.count_cut([absent, there]) == Cut(rows=2, unmarked=1)
    assert builder.count_tokens([absent, there]) == [10, 11]
    blind = build(tiny_encoder, "sequence", name_absent=False, **settings)
    cut = blind.count_cut([absent, there])
    assert cut == Cut(rows=2, unmarked=1, untold_targets=1, untold_sources=1)
    assert blind.cut_of([absent, there], blind.encode([absent, there])) == cut
    assert cut.untold_sentence() == (
        "of 2 rows the input says neither by a mark nor by name the target of 1 and the source of 1"
    )


def test_a_source_that_is_not_to_be_marked_is_told_by_no_input_without_names(tiny_encoder: Path) -> None:
    row = Example(id="1", text="Norway welcomed the treaty .", source="Norway", target="the treaty")
    cut = build(tiny_encoder, "sequence", pair=False).count_cut([row])
    assert cut == Cut(rows=1, untold_sources=1)
    assert build(tiny_encoder, "sequence", pair=False, hide=["source"]).count_cut([row]) == Cut(rows=1)
    assert build(tiny_encoder, "pair").count_cut([row]) == Cut(rows=1)


@pytest.mark.parametrize("keep", ["start", "mentions"])
@pytest.mark.parametrize("head", ["pair", "sequence"])
def test_a_mention_that_is_cut_in_part_counts_as_cut(tiny_encoder: Path, head: str, keep: str) -> None:
    builder = build(tiny_encoder, head, keep=keep)
    begins, name = "Norway met Iran . " * 5, "the treaty and the pact on sanctions " * 4  # of 28 tokens
    cut = Example(id="", text=f"{begins} {name}.", source="Kenya", target=name.strip())
    huge = Example(id="", text=f"Iran met {name * 2}.", source="Iran", target=(name * 2).strip())
    source = Example(id="", text=f"Iran met {name * 2}.", source=(name * 2).strip(), target="Iran")
    whole = Example(id="", text=f"Iran met the treaty . {begins * 4}", source="Iran", target="the treaty")
    for example, targets, sources in ((cut, 1, 0), (huge, 1, 0), (source, 0, 1), (whole, 0, 0)):
        found = builder.count_cut([example])
        assert (found.texts, found.targets, found.sources) == (1, targets, sources), example
        assert builder.cut_of([example], builder.encode([example])) == found
