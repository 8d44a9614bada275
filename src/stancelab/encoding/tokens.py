"""Examples -> token ids for the sequence head: one sequence a row, which marks or names source and target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stancelab.encoding.encoded import Builder, Cut, EncodedText
from stancelab.encoding.settings import MARKERS
from stancelab.encoding.text import TextBuilder
from stancelab.schema import SOURCE, TARGET, Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PreTrainedTokenizerBase

    from stancelab.encoding.settings import InputSettings
    from stancelab.schema import Example

#: The encoder's inputs by name ("input_ids", "attention_mask", ...), one list of numbers per example.
Encoded = dict[str, list[list[int]]]


class InputBuilder(Builder):
    """Builds the input of the sequence head, one sequence for each row.

    The tokenizer is given the markers it lacks as special tokens; a model trained with it must be resized to
    `len(tokenizer)`.
    """

    has_markers = True

    def __init__(self, tokenizer: PreTrainedTokenizerBase, settings: InputSettings) -> None:
        super().__init__(tokenizer, settings)
        vocabulary = tokenizer.get_vocab()
        lacking = [token for token in settings.markers() if token not in vocabulary]
        if lacking:
            tokenizer.add_tokens(lacking, special_tokens=True)
        self._texts = TextBuilder(settings, tokenizer.all_special_tokens)

    def __call__(self, examples: Sequence[Example]) -> Encoded:
        """Return `input_ids`, `attention_mask` (and `token_type_ids`, if the encoder has them), unpadded."""
        return self._tokenized(examples, truncation=True, max_length=self.settings.max_length)

    def encode_whole(self, examples: Sequence[Example]) -> list[EncodedText]:
        """Return one sequence for each example."""
        if not examples:
            return []
        encoded = self(examples)
        return [
            EncodedText({name: values[row] for name, values in encoded.items()}, (row,)) for row in range(len(examples))
        ]

    def words(self, example: Example) -> tuple[str, str | None]:
        """Return what the tokenizer is given: the text with its markers, and the second segment or None."""
        texts, seconds = self._segments([example])
        return texts[0], seconds[0] or None

    def named(self, example: Example) -> str:
        """Return the second segment as the tokenizer is given it, before it is cut; "" where there is none."""
        second = self._texts.second_segment(example)
        return second and self.opening + second

    def count_tokens(self, examples: Sequence[Example], *, cut_names: bool = False) -> list[int]:
        """Return each example's length in tokens before anything is cut, but for names on request."""
        # verbose=False: going beyond the encoder's own limit is what is counted, no reason to warn of it.
        ids = []
        if examples:
            ids = self._tokenized(examples, truncation=False, cut_names=cut_names, verbose=False)["input_ids"]
        return [len(row) for row in ids]

    def count_cut(self, examples: Sequence[Example]) -> Cut:
        """Count what the encoder cannot see of the examples."""
        if not examples:
            return Cut()
        encoded = self.encode(examples)
        ids = [text.inputs["input_ids"] for text in encoded]
        shortened = [text.shortened[0] if text.shortened else frozenset[Part]() for text in encoded]
        return Cut(
            rows=len(examples),
            texts=sum(length > self.settings.max_length for length in self.count_tokens(examples, cut_names=True)),
            targets=self._count_lost(TARGET, examples, ids, shortened),
            sources=self._count_lost(SOURCE, examples, ids, shortened),
            unmarked=self.count_unmarked(examples),
            untold_targets=self.count_untold(TARGET, examples),
            untold_sources=self.count_untold(SOURCE, examples),
        )

    def count_untold(self, part: Part, examples: Sequence[Example]) -> int:
        """Return of how many examples the input neither marks nor names a part."""
        if self._texts.has_second_segment:
            return 0
        return sum(not self._texts.is_told(part, example) for example in examples)

    def count_unmarked(self, examples: Sequence[Example]) -> int:
        """Return how many texts do not mention their target, where it is to be marked."""
        if not self.settings.shows_mark(TARGET):
            return 0
        return sum(example.mention(TARGET) is None for example in examples)

    def _count_lost(
        self,
        part: Part,
        examples: Sequence[Example],
        ids: Sequence[list[int]],
        shortened: Sequence[frozenset[Part]],
    ) -> int:
        """Return of how many examples a part is lost.

        It is where the text mentions it, or some of its mention, beyond what is left of the text, and, where the text
        does not mark it, where the second segment is cut in its name.
        """
        kept = self.at_most_half([self.named(example) for example in examples])
        shows = self.settings.shows_mark(part)
        closing = self.tokenizer.convert_tokens_to_ids(MARKERS[part][1]) if shows else None
        lost = 0
        for example, own, second, short in zip(examples, ids, kept, shortened, strict=True):
            if shows and example.mention(part) is not None:
                lost += closing not in own or part in short
            else:
                end = self._texts.name_end(part, example)
                lost += end is not None and len(self.opening) + end > len(second)
        return lost

    def _tokenized(
        self, examples: Sequence[Example], *, truncation: bool, cut_names: bool = True, **options: Any
    ) -> Encoded:
        """Return the encoder's inputs by name; rows with and without a second segment are tokenized apart."""
        texts, seconds = self._segments(examples, cut_names=cut_names)
        rows_of = [[row for row, second in enumerate(seconds) if bool(second) == pair] for pair in (False, True)]
        found: Encoded = {}
        for rows, pair in zip(rows_of, (False, True), strict=True):
            if not rows and (pair or examples):
                continue
            encoded = self.tokenizer(
                [texts[row] for row in rows],
                [seconds[row] for row in rows] if pair else None,
                truncation=("only_first" if pair else True) if truncation else False,
                padding=False,
                **options,
            )
            for name in self.tokenizer.model_input_names:
                if name in encoded:
                    own = found.setdefault(name, [[] for _ in examples])
                    for row, values in zip(rows, encoded[name], strict=True):
                        own[row] = values
        return found

    def _segments(self, examples: Sequence[Example], *, cut_names: bool = True) -> tuple[list[str], list[str]]:
        """Return the texts with their markers, and the second segments, "" where there is none."""
        texts = [self._texts.text(example) for example in examples]
        seconds = [self.named(example) for example in examples]
        return texts, self.at_most_half(seconds) if cut_names else seconds
