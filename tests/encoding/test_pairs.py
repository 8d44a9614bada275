from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer, CanineTokenizer, PreTrainedTokenizerFast

from stancelab.encoding.encoded import AUTHOR, HIDDEN, MENTIONED, NAMED, Cut, EncodedText, Place
from stancelab.encoding.pairs import MOST_PAIRS, PairBuilder
from stancelab.encoding.settings import InputSettings
from stancelab.errors import ConfigError
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from pathlib import Path

    from transformers import PreTrainedTokenizerBase

TEXT = "Norway welcomed the ceasefire, Iran opposed it."
EXAMPLE = Example(id="1", text=TEXT, source="Norway", target="the ceasefire")


def build(encoder: Path, max_length: int = 32, **settings) -> PairBuilder:
    return PairBuilder(
        AutoTokenizer.from_pretrained(encoder), InputSettings(**{"max_length": max_length, "keep": "start", **settings})
    )


def tokens(builder: PairBuilder, text: EncodedText) -> list[str]:
    return list(builder.tokenizer.convert_ids_to_tokens(text.inputs["input_ids"]))


def words_at(builder: PairBuilder, text: EncodedText, place: Place) -> list[str]:
    return tokens(builder, text)[place.start : place.end]


def letters_at(builder: PairBuilder, text: EncodedText, place: Place) -> str:
    return str(builder.tokenizer.decode(text.inputs["input_ids"][place.start : place.end])).strip()


def byte_level(words: list[str], *, trim_offsets: bool) -> PreTrainedTokenizerBase:
    """A tokenizer as RoBERTa's: a token may hold the blank before it, and parts of a character."""
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=trim_offsets)
    backend.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=alphabet, min_frequency=1)
    backend.train_from_iterator(words, trainer)
    backend.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=trim_offsets, add_prefix_space=False
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token="<s>",
        cls_token="<s>",
        sep_token="</s>",
        eos_token="</s>",
        pad_token="<pad>",
        model_input_names=["input_ids", "attention_mask"],
    )


def sentence_pieces(words: list[str]) -> PreTrainedTokenizerBase:
    """A tokenizer as DeBERTa's: the blank before a word is part of its token, also in the offsets."""
    pieces = [f"\u2581{word}" for word in words]
    letters = sorted({letter for piece in pieces for letter in piece})
    vocabulary = [("[PAD]", 0.0), ("[CLS]", 0.0), ("[SEP]", 0.0), ("[UNK]", 0.0)]
    vocabulary += [(piece, -1.0) for piece in dict.fromkeys(pieces)] + [(letter, -9.0) for letter in letters]
    backend = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=False))
    backend.normalizer = normalizers.NFC()
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    backend.post_processor = processors.BertProcessing(("[SEP]", 2), ("[CLS]", 1))
    return PreTrainedTokenizerFast(
        tokenizer_object=backend, cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]", unk_token="[UNK]"
    )


def test_rows_of_a_text_share_one_sequence(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder)
    iran = replace(EXAMPLE, source="Iran")
    [text] = builder.encode([EXAMPLE, iran])
    assert " ".join(tokens(builder, text)) == "[CLS] norway welcomed the ceasefire , iran opposed [UNK] . [SEP]"
    assert text.rows == (0, 1)
    ceasefire = Place(3, 5, MENTIONED)
    assert text.places == ((Place(1, 2, MENTIONED), ceasefire), (Place(6, 7, MENTIONED), ceasefire))
    assert len(text) == 11


def test_a_second_segment_names_what_the_text_does_not_mention(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder)
    kenya = replace(EXAMPLE, source="Kenya")
    treaty = replace(EXAMPLE, target="the treaty")
    both = replace(EXAMPLE, source="Kenya", target="the treaty")
    texts = builder.encode([kenya, treaty, both])
    ends = [" ".join(tokens(builder, text)).split(" [SEP] ")[1] for text in texts]
    assert ends == ["kenya [SEP]", "the treaty [SEP]", "kenya : the treaty [SEP]"]
    assert [text.places for text in texts] == [
        ((Place(11, 12, NAMED), Place(3, 5, MENTIONED)),),
        ((Place(1, 2, MENTIONED), Place(11, 13, NAMED)),),
        ((Place(11, 12, NAMED), Place(13, 15, NAMED)),),
    ]
    assert [sum(text.inputs["token_type_ids"]) for text in texts] == [2, 3, 5]


def test_sequences_come_in_the_order_of_their_first_rows(tiny_encoder: Path) -> None:
    other = replace(EXAMPLE, text="Iran met Kenya .", source="Iran", target="Kenya")
    named = replace(EXAMPLE, source="Kenya")
    examples = [named, other, EXAMPLE, other, named, EXAMPLE]
    assert [text.rows for text in build(tiny_encoder).encode(examples)] == [(0, 4), (1, 3), (2, 5)]
    assert build(tiny_encoder).encode([]) == []


def test_texts_that_differ_in_blanks_alone_are_two_texts(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder)
    spaced = replace(EXAMPLE, text=TEXT.replace(" ", "  "))
    first, second = builder.encode([EXAMPLE, spaced])
    assert (first.rows, second.rows) == ((0,), (1,))
    assert first.inputs == second.inputs
    assert first.places == second.places


def test_the_author_is_not_named(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder)
    [text] = builder.encode([replace(EXAMPLE, source=""), replace(EXAMPLE, source=" ")])
    assert text.places == ((Place(0, 0, AUTHOR), Place(3, 5, MENTIONED)),) * 2
    assert tokens(builder, text).count("[SEP]") == 1


def test_hidden_parts_are_neither_placed_nor_named(tiny_encoder: Path) -> None:
    unseen = replace(EXAMPLE, source="Kenya", target="the treaty")
    hidden = Place(0, 0, HIDDEN)
    [source] = build(tiny_encoder, hide=["source"]).encode([EXAMPLE, replace(EXAMPLE, source="Kenya")])
    assert source.places == ((hidden, Place(3, 5, MENTIONED)),) * 2
    [target] = build(tiny_encoder, hide=["target"]).encode([EXAMPLE, replace(EXAMPLE, target="the treaty")])
    assert target.places == ((Place(1, 2, MENTIONED), hidden),) * 2
    builder = build(tiny_encoder, hide=["source", "target"])
    [both] = builder.encode([EXAMPLE, unseen])
    assert both.places == ((hidden, hidden),) * 2
    assert builder.words(unseen) == (TEXT, None)


def test_the_given_span_wins_over_the_first_mention(tiny_encoder: Path) -> None:
    text = "Iran met Iran ."
    [encoded] = build(tiny_encoder).encode([Example(id="1", text=text, target="Iran", target_span=Span(9, 13))])
    assert encoded.places[0][1] == Place(3, 4, MENTIONED)


def test_a_name_with_a_clitic_is_placed_without_it(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder)
    example = Example(id="1", text="Kenya condemned Norway's plan.", source="Kenya", target="Norway")
    [text] = builder.encode([example])
    assert words_at(builder, text, text.places[0][1]) == ["norway"]
    [whole] = builder.encode([replace(example, target="Norway's plan")])
    assert words_at(builder, whole, whole.places[0][1]) == ["norway", "[UNK]", "s", "plan"]


def test_a_mention_within_a_word_takes_the_tokens_it_shares_a_character_with(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder)
    example = Example(id="1", text="They met the pro-Iran bloc .", target="Iran")
    [text] = builder.encode([example])
    assert words_at(builder, text, text.places[0][1]) == ["iran"]


@pytest.mark.parametrize("trim_offsets", [True, False])
def test_places_in_a_byte_level_encoding(trim_offsets: bool) -> None:
    sentence = "Türkiye condemned Côte d’Ivoire’s plan, 日本 did not."
    builder = PairBuilder(
        byte_level(["condemned plan did not", sentence], trim_offsets=trim_offsets), InputSettings(max_length=64)
    )
    plain = Example(id="1", text=sentence, source="Türkiye", target="Côte d’Ivoire")
    [text] = builder.encode([plain, replace(plain, source="日本")])

    (turkey, ivory), (japan, again) = text.places
    read = [letters_at(builder, text, place) for place in (turkey, ivory, japan)]
    assert read == ["Türkiye", "Côte d’Ivoire", "日本"]
    assert again == ivory
    assert turkey.start == 1, "the first token is the encoder's own"


def test_a_character_of_several_tokens_is_placed_whole() -> None:
    builder = PairBuilder(byte_level(["did not"], trim_offsets=True), InputSettings(max_length=64))
    [text] = builder.encode([Example(id="1", text="did 日本 not", target="日本")])
    place = text.places[0][1]
    assert place.end - place.start in {6, 7}, "three bytes a character, and perhaps the blank before it"
    assert letters_at(builder, text, place) == "日本"


def test_places_where_tokens_hold_the_blank_before_them() -> None:
    tokenizer = sentence_pieces(["norway", "welcomed", "the", "ceasefire", "iran", "kenya", ":"])
    builder = PairBuilder(tokenizer, InputSettings(max_length=32))
    example = Example(id="1", text="norway welcomed the ceasefire", source="norway", target="the ceasefire")
    [mentioned, named] = builder.encode([example, replace(example, source="kenya", target="iran")])
    assert [words_at(builder, mentioned, place) for place in mentioned.places[0]] == [
        ["\u2581norway"],
        ["\u2581the", "\u2581ceasefire"],
    ]
    assert [words_at(builder, named, place) for place in named.places[0]] == [["\u2581kenya"], ["\u2581iran"]]
    [inner] = builder.encode([replace(example, target="welcomed")])
    assert words_at(builder, inner, inner.places[0][1]) == ["\u2581welcomed"]


def test_a_mention_beyond_the_end_has_no_place_but_is_known_as_mentioned(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder, max_length=8)
    far = Example(id="1", text="Norway met Iran . " * 4 + "The treaty .", source="Norway", target="the treaty")
    cut_within = replace(far, text="Norway met Iran and met the treaty .")
    [first, second] = builder.encode([far, cut_within])
    assert len(first) == len(second) == 8
    assert first.places == ((Place(1, 2, MENTIONED), Place(0, 0, MENTIONED)),)
    assert second.places[0][1] == Place(6, 7, MENTIONED), "the part of the mention that is left"


def test_a_text_cannot_forge_separators(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder)
    example = Example(id="1", text="Iran [SEP] met [SEP] Kenya", source="[SEP]", target="the treaty")
    [text] = builder.encode([example])
    assert tokens(builder, text).count("[SEP]") == 2
    source, target = text.places[0]
    assert source.given == MENTIONED
    assert "[SEP]" not in words_at(builder, text, source)
    assert words_at(builder, text, source)[:: source.end - source.start - 1] == ["[", "]"]
    assert words_at(builder, text, target) == ["the", "treaty"]
    assert builder.count_tokens([example]) == [len(text)]


def test_a_text_with_many_rows_is_read_several_times(tiny_encoder: Path) -> None:
    examples = [replace(EXAMPLE, id=str(number)) for number in range(2 * MOST_PAIRS + 1)]
    texts = build(tiny_encoder).encode([replace(EXAMPLE, text="Iran met .", source="", target="Iran"), *examples])
    assert [len(text.rows) for text in texts] == [1, MOST_PAIRS, MOST_PAIRS, 1]
    assert [row for text in texts for row in text.rows] == list(range(len(examples) + 1))
    assert all(len(text.places) == len(text.rows) for text in texts)
    assert texts[1].inputs == texts[2].inputs == texts[3].inputs


def test_only_the_text_is_cut_and_never_the_names(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder)
    long = Example(id="1", text="Norway met Iran . " * 20, source="Kenya", target="the treaty")
    [text] = builder.encode([long])
    assert len(text) == 32
    assert [words_at(builder, text, place) for place in text.places[0]] == [["kenya"], ["the", "treaty"]]


def test_a_second_segment_longer_than_half_the_input_is_cut(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder)
    example = Example(id="1", text="Norway met Iran . " * 20, source="Norway", target="the treaty " * 40)
    [text] = builder.encode([example])
    assert len(text) == 32
    assert words_at(builder, text, text.places[0][1]) == ["the", "treaty"] * 8
    assert text.places[0][0] == Place(1, 2, MENTIONED)


def test_a_name_of_special_tokens_leaves_the_text_half_of_the_input(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder)
    example = Example(id="1", text="Norway met Iran . " * 20, source="Norway", target="[SEP]" * 20)
    [text] = builder.encode([example])
    assert len(text) == 32
    assert text.places[0][1].end - text.places[0][1].start == 16
    assert tokens(builder, text).count("[SEP]") == 2


def test_a_short_text_keeps_its_tokens_beside_the_longest_second_segment() -> None:
    words = ["norway", "met", "iran"]
    builder = PairBuilder(byte_level([" ".join(words)], trim_offsets=True), InputSettings(max_length=8))
    [text] = builder.encode([Example(id="1", text="norway", target="iran " * 40)])
    assert len(text) <= 8
    assert text.places[0][1].end > text.places[0][1].start


def test_a_second_segment_whose_characters_are_several_tokens_is_cut() -> None:
    builder = PairBuilder(byte_level(["did not"], trim_offsets=True), InputSettings(max_length=64))
    [text] = builder.encode([Example(id="1", text="did not " * 40, target="日本" * 16)])
    assert len(text) == 64
    place = text.places[0][1]
    assert place.end - place.start == 30, "ten whole characters of three bytes; 32 tokens are half of the input"


def test_a_tokenizer_without_offsets_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"model.head: found 'pair', .*CanineTokenizer.* allowed are .*head=sequence"):
        PairBuilder(CanineTokenizer(), InputSettings())


def test_lengths_are_those_before_anything_is_cut(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder)
    long = replace(EXAMPLE, text="Norway met Iran . " * 20, target="the treaty")
    examples = [long, EXAMPLE, replace(EXAMPLE, source="Kenya"), EXAMPLE]
    assert builder.count_tokens(examples) == [1 + 80 + 1 + 2 + 1, 11, 13, 11]
    assert builder.count_tokens([]) == []


def test_counts_what_the_encoder_cannot_see(tiny_encoder: Path) -> None:
    far = Example(id="1", text="Norway met Iran . " * 20 + "The treaty .", target="the treaty")
    near = Example(id="2", text="The treaty . " + "Norway met Iran . " * 20, target="the treaty")
    absent = Example(id="3", text="Norway met Iran .", target="the treaty")
    cut = build(tiny_encoder).count_cut([far, near, absent])
    assert cut == Cut(rows=3, texts=2, targets=1, unmarked=1)
    hidden = build(tiny_encoder, hide=["target"]).count_cut([far, near, absent])
    assert hidden == Cut(rows=3, texts=2)
    assert build(tiny_encoder).count_cut([]) == Cut()


def test_counts_sources_that_are_cut(tiny_encoder: Path) -> None:
    far = Example(id="1", text="Iran met . " * 20 + "Norway left .", source="Norway", target="Iran")
    near = Example(id="2", text="Norway left . " + "Iran met . " * 20, source="Norway", target="Iran")
    author = Example(id="3", text="Iran met . " * 20, target="Iran")
    unnamed = Example(id="4", text="Iran met . " * 20, source="the ministry", target="Iran")
    # The source's name fills all that the second segment may have, so that none of the target's is left.
    crowded = Example(id="5", text="Iran met .", source="the ministry " * 20, target="the treaty")
    examples = [far, near, author, unnamed, crowded]
    assert build(tiny_encoder).count_cut(examples) == Cut(rows=5, texts=4, targets=1, sources=2, unmarked=1)
    assert build(tiny_encoder, hide=["source"]).count_cut([far]) == Cut(rows=1, texts=1)


def test_what_is_cut_can_be_told_from_encoded_texts(tiny_encoder: Path) -> None:
    builder = build(tiny_encoder)
    far = Example(id="1", text="Iran met . " * 20 + "Norway left .", source="Norway", target="Iran")
    crowded = Example(id="2", text="Iran met .", source="the ministry " * 20, target="the treaty")
    whole = Example(id="3", text="Iran met .", source="the ministry", target="Iran")
    examples = [whole, far, replace(far, source="Iran", target="Norway"), crowded]
    assert builder.cut_of(examples, builder.encode(examples)) == builder.count_cut(examples)
    assert builder.cut_of([], []) == Cut()


def test_counts_names_that_are_longer_than_the_second_segment(tiny_encoder: Path) -> None:
    # Of 32 tokens the second segment has 16 at most; "met" is one.
    fits, longer = (Example(id="", text="Iran left .", target="met " * words) for words in (16, 17))
    huge = Example(id="", text="Iran left .", target="met " * 5000)
    pushed = Example(id="", text="Iran left .", source="Norway", target="met " * 15)  # "norway : ", then 14 of 15
    both = Example(id="", text="Iran left . " * 20, target="met " * 5000)
    examples = [fits, longer, huge, pushed, both]
    builder = build(tiny_encoder)
    assert builder.count_cut(examples) == Cut(rows=5, texts=1, targets=4, unmarked=5)
    assert builder.cut_of(examples, builder.encode(examples)) == builder.count_cut(examples)
