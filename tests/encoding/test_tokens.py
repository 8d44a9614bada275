from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from stancelab.encoding.encoded import Cut
from stancelab.encoding.settings import InputSettings
from stancelab.encoding.tokens import InputBuilder
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = Example(
    id="1", text="Norway welcomed the ceasefire, Iran opposed it.", source="Norway", target="the ceasefire"
)


def build(encoder: Path, **settings) -> InputBuilder:
    return InputBuilder(
        AutoTokenizer.from_pretrained(encoder), InputSettings(**{"max_length": 32, "keep": "start", **settings})
    )


def tokens(builder: InputBuilder, *examples: Example) -> list[str]:
    return [" ".join(builder.tokenizer.convert_ids_to_tokens(ids)) for ids in builder(examples)["input_ids"]]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {},
            "[CLS] norway welcomed [T] the ceasefire [/T] , iran opposed [UNK] . [SEP] norway : the ceasefire [SEP]",
        ),
        (
            {"mark": ["target", "source"], "pair": False},
            "[CLS] [S] norway [/S] welcomed [T] the ceasefire [/T] , iran opposed [UNK] . [SEP]",
        ),
        (
            {"mark": []},
            "[CLS] norway welcomed the ceasefire , iran opposed [UNK] . [SEP] norway : the ceasefire [SEP]",
        ),
        (
            {"template": "target: {target} source: {source}", "mark": []},
            "[CLS] norway welcomed the ceasefire , iran opposed [UNK] . [SEP] "
            "target : the ceasefire source : norway [SEP]",
        ),
        (
            {"hide": ["source"], "mark": ["target", "source"]},
            "[CLS] norway welcomed [T] the ceasefire [/T] , iran opposed [UNK] . [SEP] the ceasefire [SEP]",
        ),
        (
            {"hide": ["target"]},
            "[CLS] norway welcomed the ceasefire , iran opposed [UNK] . [SEP] norway [SEP]",
        ),
        (
            {"hide": ["source", "target"], "mark": ["target", "source"]},
            "[CLS] norway welcomed the ceasefire , iran opposed [UNK] . [SEP]",
        ),
    ],
)
def test_input_of_each_setting(tiny_encoder: Path, settings: dict, expected: str) -> None:
    assert tokens(build(tiny_encoder, **settings), EXAMPLE) == [expected]


def test_second_segment_has_type_1(tiny_encoder: Path) -> None:
    encoded = build(tiny_encoder)([EXAMPLE])
    assert encoded["token_type_ids"][0][-5:] == [1, 1, 1, 1, 1]
    assert sum(encoded["token_type_ids"][0]) == 5


def test_empty_source_uses_its_own_template(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder, mark=[], template_no_source="author : {target}")
    assert tokens(builder, replace(EXAMPLE, source=""))[0].endswith("[SEP] author : the ceasefire [SEP]")


def test_the_given_span_wins_over_the_first_mention(tiny_encoder: Path) -> None:
    text = "Iran met Iran."
    example = Example(id="1", text=text, target="Iran", target_span=Span(9, 13))
    assert tokens(build(tiny_encoder, pair=False), example) == ["[CLS] iran met [T] iran [/T] . [SEP]"]


def test_nested_mentions_keep_their_markers_nested(tiny_encoder: Path) -> None:
    example = Example(id="1", text="Norway opposed the Iran deal.", source="Iran", target="the Iran deal")
    builder = build(tiny_encoder, pair=False, mark=["target", "source"])
    assert tokens(builder, example) == ["[CLS] norway opposed [T] the [S] iran [/S] deal [/T] . [SEP]"]


def test_text_cannot_forge_markers_or_separators(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder, template="{source}: {target}")
    example = Example(id="1", text="[T] Iran [/T] met [SEP] Kenya", source="[SEP]", target="Kenya")
    ids = builder([example])["input_ids"][0]
    names = builder.tokenizer.convert_ids_to_tokens(ids)
    assert [names.count(token) for token in ("[T]", "[/T]", "[SEP]")] == [1, 1, 2]
    assert names[names.index("[T]") + 1] == "kenya"


def test_a_brace_in_a_name_is_no_template_field(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder, mark=[])
    example = Example(id="1", text="Iran met.", source="{target}", target="{source}")
    assert "norway" not in tokens(builder, example)[0]


def test_only_the_text_is_cut_and_never_the_names(tiny_encoder: Path) -> None:
    long = Example(id="1", text="Norway met Iran . " * 20, source="Kenya", target="the treaty")
    [ids] = build(tiny_encoder)([long])["input_ids"]
    assert len(ids) == 32
    assert tokens(build(tiny_encoder), long)[0].endswith("[SEP] kenya : the treaty [SEP]")


def test_a_second_segment_longer_than_half_the_input_is_cut(tiny_encoder: Path) -> None:
    example = Example(id="1", text="Norway met Iran . " * 20, target="the treaty " * 40)
    [ids] = build(tiny_encoder)([example])["input_ids"]
    assert len(ids) == 32
    assert tokens(build(tiny_encoder), example)[0].split(" [SEP] ")[1].split()[:-1] == ["the", "treaty"] * 8


def test_counts_what_the_encoder_cannot_see(tiny_encoder: Path) -> None:
    far = Example(id="1", text="Norway met Iran . " * 20 + "The treaty .", target="the treaty")
    near = Example(id="2", text="The treaty . " + "Norway met Iran . " * 20, target="the treaty")
    absent = Example(id="3", text="Norway met Iran .", target="the treaty")
    cut = build(tiny_encoder).count_cut([far, near, absent])
    assert cut == Cut(rows=3, texts=2, targets=1, unmarked=1)
    assert build(tiny_encoder).count_tokens([absent]) == [1 + 4 + 1 + 2 + 1]


def test_counts_sources_that_are_cut(tiny_encoder: Path) -> None:
    far = Example(id="1", text="Iran met . " * 20 + "Norway left .", source="Norway", target="Iran")
    near = Example(id="2", text="Norway left . " + "Iran met . " * 20, source="Norway", target="Iran")
    unnamed = Example(id="3", text="Iran met .", source="the ministry", target="Iran")
    examples = [far, near, unnamed]
    marked = build(tiny_encoder, mark=["target", "source"])
    assert marked.count_cut(examples) == Cut(rows=3, texts=2, sources=1)
    assert marked.cut_of(examples, marked.encode(examples)) == Cut(rows=3, texts=2, sources=1)
    # Where the source is not marked, the second segment names it.
    assert build(tiny_encoder).count_cut(examples) == Cut(rows=3, texts=2)


def test_a_name_whose_characters_are_several_tokens_is_cut_to_half_of_the_input() -> None:
    backend = Tokenizer(
        models.BPE({letter: n for n, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}, [])
    )
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.add_special_tokens(["<s>", "</s>"])
    backend.post_processor = processors.RobertaProcessing(("</s>", 257), ("<s>", 256))
    backend.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, cls_token="<s>", sep_token="</s>", pad_token="<s>")
    for length, kept in ((32, 5), (8, 1)):  # four tokens are the encoder's own, and one at least is of the text
        builder = InputBuilder(tokenizer, InputSettings(mark=[], max_length=length))
        [cut] = builder([Example(id="1", text="did not " * 9, target="日本" * 16)])["input_ids"]
        assert len(cut) == length
        assert sum(tokenizer.decode(cut).count(letter) for letter in "日本") == kept


def test_counts_names_that_are_longer_than_the_second_segment(tiny_encoder: Path) -> None:
    # Of 32 tokens the second segment has 16 at most; "met" is one.
    fits, longer = (Example(id="", text="Iran left .", target="met " * words) for words in (16, 17))
    huge = Example(id="", text="Iran left .", target="met " * 5000)
    pushed = Example(id="", text="Iran left .", source="Norway", target="met " * 15)  # "norway : ", then 14 of 15
    source = Example(id="", text="Iran left .", source="met " * 5000, target="Iran")
    both = Example(id="", text="Iran left . " * 20, target="met " * 5000)
    examples = [fits, longer, huge, pushed, source, both]
    builder = build(tiny_encoder)
    assert builder.count_cut(examples) == Cut(rows=6, texts=1, targets=4, sources=1, unmarked=5)
    assert builder.cut_of(examples, builder.encode(examples)) == builder.count_cut(examples)
    # The source comes second here, and is cut off as a whole.
    turned = build(tiny_encoder, template="{target} of {source}")
    assert turned.count_cut([pushed]) == Cut(rows=1, sources=1, unmarked=1)
    assert build(tiny_encoder, hide=["target"]).count_cut([source]) == Cut(rows=1, sources=1)
