"""Examples -> token ids and the places of source and target in them, the rows of a text together.

The pair head pools the encoder's token states over the mentions of source and target (entity states in Baldini Soares
et al., 2019; span states in Zhong and Chen, 2021), so a text is read once, whatever the number of its rows. A part that
the text does not mention is named in a second segment, and its states are pooled there::

    Norway welcomed the ceasefire , Iran did not .        two rows: Norway -> the ceasefire, Iran -> the ceasefire
    The ministry welcomed it . [SEP] the ceasefire        one row: The ministry -> the ceasefire
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.encoding.encoded import AUTHOR, HIDDEN, MENTIONED, NAMED, Builder, Cut, EncodedText, Place
from stancelab.errors import ConfigError
from stancelab.schema import SOURCE, TARGET, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PreTrainedTokenizerBase

    from stancelab.encoding.settings import InputSettings
    from stancelab.schema import Example, Part

#: What stands between the two names of a second segment.
SEPARATOR: Final = " : "
#: Rows of one text that are answered from one sequence at most; a text with more is read again.
MOST_PAIRS: Final = 256


class PairBuilder(Builder):
    """Builds the input of the pair head; the text has no markers.

    Of the settings it reads `hide`, `max_length` and `keep`.

    Args:
        tokenizer: The encoder's tokenizer.
        settings: How an example becomes the input.

    Raises:
        ConfigError: The tokenizer does not tell the character offsets of its tokens, as all "fast" ones do.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, settings: InputSettings) -> None:
        super().__init__(tokenizer, settings)
        if not tokenizer.is_fast:
            raise ConfigError(
                f"model.head: found 'pair', but the tokenizer of {tokenizer.name_or_path or 'this encoder'} "
                f"({type(tokenizer).__name__}) does not tell which characters its tokens stand for; allowed are "
                f"encoders with a fast tokenizer (tokenizer.json), or model.head=sequence"
            )
        tokenizer.padding_side = "right"  # places are counted from the first token

    def encode_whole(self, examples: Sequence[Example]) -> list[EncodedText]:
        """Return one sequence for all rows of a text that share its second segment, in the order of the first rows."""
        rows_of: dict[tuple[str, str], list[int]] = {}
        for row, example in enumerate(examples):
            rows_of.setdefault((example.text, self.second_segment(example)), []).append(row)
        texts = []
        for has_second in (False, True):  # the tokenizer takes those with a second segment apart
            inputs = [key for key in rows_of if bool(key[1]) == has_second]
            encoded = self._tokenize(inputs) if inputs else None
            for number, key in enumerate(inputs):
                tokens = _Tokens(encoded, number)
                rows = rows_of[key]
                for start in range(0, len(rows), MOST_PAIRS):
                    some = tuple(rows[start : start + MOST_PAIRS])
                    places = tuple(self._places(examples[row], tokens) for row in some)
                    shortened = tuple(self._shortened(examples[row], tokens) for row in some)
                    texts.append(EncodedText(self._inputs(encoded, number), some, places, shortened=shortened))
        return sorted(texts, key=lambda text: text.rows[0])

    def words(self, example: Example) -> tuple[str, str | None]:
        """Return the text, and the second segment or None."""
        second = self.second_segment(example)
        return example.text, self.opening + second if second else None

    def second_segment(self, example: Example) -> str:
        """Return the names of the parts that the text does not mention, "" where it mentions both."""
        return SEPARATOR.join(_name(example, part) for part in self._named(example))

    def named(self, example: Example) -> str:
        """Return the second segment as the tokenizer is given it, before it is cut; "" where there is none."""
        return self.words(example)[1] or ""

    def count_tokens(self, examples: Sequence[Example], *, cut_names: bool = False) -> list[int]:
        """Return the length in tokens of each example's input before anything is cut, but for names on request."""
        inputs = [(example.text, self.second_segment(example)) for example in examples]
        length_of: dict[tuple[str, str], int] = {}
        for has_second in (False, True):
            different = [key for key in dict.fromkeys(inputs) if bool(key[1]) == has_second]
            if different:
                seconds = [self.opening + second for _, second in different] if has_second else None
                if seconds and cut_names:
                    seconds = self.at_most_half(seconds, split_special_tokens=True)
                ids = self.tokenizer(
                    [text for text, _ in different],
                    seconds,
                    truncation=False,
                    padding=False,
                    split_special_tokens=True,
                    verbose=False,
                )["input_ids"]
                length_of |= {key: len(row) for key, row in zip(different, ids, strict=True)}
        return [length_of[key] for key in inputs]

    def count_cut(self, examples: Sequence[Example]) -> Cut:
        """Count what the encoder cannot see of the examples."""
        found = [
            (row, both, shortened)
            for text in self.encode(examples)
            for row, both, shortened in zip(text.rows, text.places, text.shortened, strict=True)
        ]
        places = {row: (both, shortened) for row, both, shortened in found}
        kept = self.at_most_half([self.named(example) for example in examples], split_special_tokens=True)
        lost = dict.fromkeys((SOURCE, TARGET), 0)
        for row, (example, second) in enumerate(zip(examples, kept, strict=True)):
            ends = self._name_spans(example)
            both, shortened = places[row]
            for part, place in zip((SOURCE, TARGET), both, strict=True):
                is_short = part in shortened or (part in ends and ends[part].end > len(second))
                lost[part] += place.is_cut or is_short
        return Cut(
            rows=len(examples),
            texts=sum(length > self.settings.max_length for length in self.count_tokens(examples, cut_names=True)),
            targets=lost[TARGET],
            sources=lost[SOURCE],
            unmarked=self.count_unmarked(examples),
        )

    def count_unmarked(self, examples: Sequence[Example]) -> int:
        """Return how many texts do not mention their target."""
        if TARGET in self.settings.hide:
            return 0
        return sum(example.mention(TARGET) is None for example in examples)

    def _named(self, example: Example) -> list[Part]:
        """Return the parts that the second segment names."""
        return [
            part
            for part in (SOURCE, TARGET)
            if part not in self.settings.hide and _name(example, part) and example.mention(part) is None
        ]

    def _name_spans(self, example: Example) -> dict[Part, Span]:
        """Return where the second segment, before it is cut, names which parts."""
        start, spans = len(self.opening), {}
        for part in self._named(example):
            spans[part] = Span(start, start + len(_name(example, part)))
            start = spans[part].end + len(SEPARATOR)
        return spans

    def _tokenize(self, inputs: Sequence[tuple[str, str]]) -> Any:
        texts = [text for text, _ in inputs]
        # A text must not forge the tokenizer's special tokens: "[SEP]" in it is read as its letters.
        seconds = [self.opening + second for _, second in inputs if second]
        seconds = self.at_most_half(seconds, split_special_tokens=True)
        return self.tokenizer(
            texts,
            seconds or None,
            truncation="only_first" if seconds else True,
            max_length=self.settings.max_length,
            padding=False,
            return_offsets_mapping=True,
            split_special_tokens=True,
        )

    def _inputs(self, encoded: Any, number: int) -> dict[str, list[int]]:
        return {name: encoded[name][number] for name in self.tokenizer.model_input_names if name in encoded}

    def _places(self, example: Example, tokens: _Tokens) -> tuple[Place, Place]:
        named, places = self._name_spans(example), {}
        for part in (SOURCE, TARGET):
            if part in self.settings.hide:
                places[part] = Place(0, 0, HIDDEN)
            elif not _name(example, part):
                places[part] = Place(0, 0, AUTHOR)
            elif part in named:
                places[part] = Place(*tokens.range(named[part], segment=1), NAMED)
            else:
                mention = example.mention(part)
                assert mention is not None
                places[part] = Place(*tokens.range(mention, segment=0), MENTIONED)
        return places[SOURCE], places[TARGET]

    def _shortened(self, example: Example, tokens: _Tokens) -> frozenset[Part]:
        """Return the parts of whose mention the end is cut with that of the text."""
        if len(tokens.offsets) < self.settings.max_length:
            return frozenset()
        end = tokens.text_end
        return frozenset(
            part
            for part in (SOURCE, TARGET)
            if part not in self.settings.hide
            and (mention := example.mention(part)) is not None
            and mention.start < end < len(example.text[: mention.end].rstrip())
        )


class _Tokens:
    """The characters of one sequence's tokens.

    Args:
        encoded: What the tokenizer returned for several sequences.
        number: Which of them.
    """

    def __init__(self, encoded: Any, number: int) -> None:
        self.offsets: list[tuple[int, int]] = encoded["offset_mapping"][number]
        self.segments: list[int | None] = encoded.sequence_ids(number)

    @property
    def text_end(self) -> int:
        """Where the last token of the text ends, in characters; 0 where there is none."""
        return max((end for (_, end), own in zip(self.offsets, self.segments, strict=True) if own == 0), default=0)

    def range(self, span: Span, segment: int) -> tuple[int, int]:
        """Return the tokens that share a character with a span of a segment, half-open; (0, 0) where they are cut."""
        inside = [
            place
            for place, ((start, end), own) in enumerate(zip(self.offsets, self.segments, strict=True))
            if own == segment and start < span.end and end > span.start and end > start
        ]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _name(example: Example, part: Part) -> str:
    return (example.target if part == TARGET else example.source).strip()
