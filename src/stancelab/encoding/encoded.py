"""A text as the encoder reads it, and what every builder of inputs does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from stancelab.encoding.settings import MENTIONS
from stancelab.encoding.view import in_view
from stancelab.errors import ConfigError, count_of, verb
from stancelab.schema import SOURCE, TARGET

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from transformers import PreTrainedTokenizerBase

    from stancelab.encoding.settings import InputSettings
    from stancelab.schema import Example, Part

#: How source or target of a row is given to the pair head: by its mention in the text, by its name in the second
#: segment, as the author of the text, or not at all.
MENTIONED, NAMED, AUTHOR, HIDDEN = range(4)
GIVEN: Final = 4
#: Stands between the segments where a tokenizer has no token for it.
SEPARATING_SIGN: Final = " | "


class Place(NamedTuple):
    """Where the tokens of source or target stand, half-open, and how it is given; start equals end where none do."""

    start: int
    end: int
    given: int

    @property
    def is_cut(self) -> bool:
        """Whether the part is in the text or in the second segment, but none of its tokens is left."""
        return self.given in (MENTIONED, NAMED) and self.start == self.end


@dataclass(frozen=True, slots=True)
class EncodedText:
    """One input sequence of the encoder and the rows that are answered from it.

    Attributes:
        inputs: The encoder's inputs by name ("input_ids", "attention_mask", ...), unpadded.
        rows: The positions of the rows among the examples that were encoded.
        places: The places of source and target of each of those rows; empty where the head reads none.
        from_longer: Whether the text is a part of a longer one, around its mentions.
        shortened: Of each of those rows the parts whose mention is cut, but not as a whole; empty where none is known.
    """

    inputs: dict[str, list[int]]
    rows: tuple[int, ...]
    places: tuple[tuple[Place, Place], ...] = ()
    from_longer: bool = False
    shortened: tuple[frozenset[Part], ...] = ()

    def __len__(self) -> int:
        """The length in tokens."""
        return len(self.inputs["input_ids"])


@dataclass(frozen=True, slots=True)
class Cut:
    """What the encoder cannot see of some examples.

    Attributes:
        rows: How many examples there are.
        texts: How many of them have a text that is longer than the input allows, so that its end is cut.
        targets: How many have their target, or some of it, in the part that is cut, or named in the second segment,
            which is cut there.
        sources: How many have such a source.
        unmarked: How many have a text that does not mention their target, so that at most the second segment names it.
        untold_targets: How many have a target that the input neither marks nor names, so that the model cannot know it.
        untold_sources: How many have such a source.
    """

    rows: int = 0
    texts: int = 0
    targets: int = 0
    sources: int = 0
    unmarked: int = 0
    untold_targets: int = 0
    untold_sources: int = 0

    def __add__(self, other: Cut) -> Cut:
        """Return the counts of both together."""
        return Cut(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def is_any(self) -> bool:
        """Whether anything is cut."""
        return bool(self.texts or self.targets or self.sources)

    def sentence(self, max_length: int) -> str:
        """Return the counts in words.

        Args:
            max_length: The length in tokens at which texts are cut.
        """
        parts = f"the target of {self.targets:,}, the source of {self.sources:,}"
        if not self.texts:
            return f"of {count_of(self.rows, 'row')} a name is too long for {max_length} tokens and is cut: {parts}"
        return (
            f"{self.texts:,} of {count_of(self.rows, 'row')} {verb(self.texts, 'has', 'have')} a text that is "
            f"cut at {max_length} tokens (cut: {parts})"
        )

    @property
    def is_untold(self) -> bool:
        """Whether the input leaves out a target or a source."""
        return bool(self.untold_targets or self.untold_sources)

    def untold_sentence(self) -> str:
        """Return in words of how many rows the input leaves out target or source."""
        parts = ((TARGET, self.untold_targets), (SOURCE, self.untold_sources))
        told = [f"the {part} of {rows:,}" for part, rows in parts if rows]
        return f"of {count_of(self.rows, 'row')} the input says neither by a mark nor by name {' and '.join(told)}"


class Builder(ABC):
    """Builds an encoder's inputs from examples with one tokenizer and one set of settings.

    Args:
        tokenizer: The encoder's tokenizer: one of transformers, or a `FastTokenizer`.
        settings: How an example becomes the input.
    """

    #: Whether mentions are set between marker tokens.
    has_markers = False

    def __init__(self, tokenizer: PreTrainedTokenizerBase, settings: InputSettings) -> None:
        self.tokenizer = tokenizer
        self.settings = settings
        tokenizer.truncation_side = "right"
        give_padding(tokenizer)
        separates = tokenizer.num_special_tokens_to_add(pair=True) > tokenizer.num_special_tokens_to_add(pair=False)
        #: What the second segment begins with: a sign where the tokenizer, as a decoder's, would glue the segments.
        self.opening = "" if separates else SEPARATING_SIGN

    def encode(self, examples: Sequence[Example]) -> list[EncodedText]:
        """Return the input sequences of the examples, in the order of their first rows.

        Each example belongs to one of them. Of texts that are longer than the input, what `settings.keep` says is kept.
        """
        texts = self.encode_whole(examples)
        if self.settings.keep != MENTIONS:
            return texts
        full = [text for text in texts if len(text) >= self.settings.max_length]
        if not full:
            return texts
        rows = [row for text in full for row in text.rows]
        shown = in_view(
            [examples[row] for row in rows],
            [self.words(examples[row])[1] or "" for row in rows],
            self.tokenizer,
            self.settings if self.has_markers else replace(self.settings, mark=[]),
            split_special_tokens=not self.has_markers,
        )
        again = [
            replace(
                text,
                rows=tuple(rows[row] for row in text.rows),
                from_longer=any(shown[row].example is not examples[rows[row]] for row in text.rows),
                shortened=tuple(
                    shown[row].shortened | own
                    for row, own in zip(text.rows, text.shortened or [frozenset()] * len(text.rows), strict=True)
                ),
            )
            for text in self.encode_whole([view.example for view in shown])
        ]
        short = [text for text in texts if len(text) < self.settings.max_length]
        return sorted([*short, *again], key=lambda text: text.rows[0])

    @abstractmethod
    def encode_whole(self, examples: Sequence[Example]) -> list[EncodedText]:
        """Return the input sequences of the examples, of longer texts the beginning."""

    @abstractmethod
    def words(self, example: Example) -> tuple[str, str | None]:
        """Return what the tokenizer is given: the text, and the second segment or None."""

    @abstractmethod
    def named(self, example: Example) -> str:
        """Return the second segment as the tokenizer is given it, before it is cut; "" where there is none."""

    @abstractmethod
    def count_tokens(self, examples: Sequence[Example], *, cut_names: bool = False) -> list[int]:
        """Return the length in tokens of each example's input before anything is cut.

        Args:
            examples: The examples.
            cut_names: Whether second segments that are too long are cut all the same.
        """

    @abstractmethod
    def count_cut(self, examples: Sequence[Example]) -> Cut:
        """Count what the encoder cannot see of the examples."""

    def cut_of(self, examples: Sequence[Example], texts: Sequence[EncodedText]) -> Cut:
        """Count what the encoder cannot see of examples that are encoded already, as `count_cut` does.

        Only texts that fill the input, or lack a part that the text or the second segment has, or have a long second
        segment, are read again.

        Args:
            examples: The examples.
            texts: What `encode` returned for them.
        """
        suspect = [
            row
            for text in texts
            if text.from_longer
            or len(text) >= self.settings.max_length
            or any(place.is_cut for both in text.places for place in both)
            or self._may_cut(self.named(examples[text.rows[0]]))
            for row in text.rows
        ]
        cut = self.count_cut([examples[row] for row in suspect])
        return replace(
            cut,
            rows=len(examples),
            unmarked=self.count_unmarked(examples),
            untold_targets=self.count_untold(TARGET, examples),
            untold_sources=self.count_untold(SOURCE, examples),
        )

    def count_untold(self, part: Part, examples: Sequence[Example]) -> int:
        """Return of how many examples the input neither marks nor names a part."""
        return 0

    @abstractmethod
    def count_unmarked(self, examples: Sequence[Example]) -> int:
        """Return how many texts do not mention their target, where the head looks for it in the text."""

    def at_most_half(self, seconds: Sequence[str], *, split_special_tokens: bool = False) -> list[str]:
        """Cut second segments that would leave the text less than half of the input, or no token.

        Args:
            seconds: The second segments.
            split_special_tokens: Whether special tokens in them are read as their letters.
        """
        limit = self._most_of_second
        long = [second for second in dict.fromkeys(seconds) if self._may_cut(second)]
        if not long:
            return list(seconds)
        if not self.tokenizer.is_fast:
            cut = {second: self._prefix(second, limit, split_special_tokens=split_special_tokens) for second in long}
            return [cut.get(second, second) for second in seconds]
        encoded = self.tokenizer(
            long,
            add_special_tokens=False,
            return_offsets_mapping=True,
            split_special_tokens=split_special_tokens,
            verbose=False,
        )
        cut = {}
        for second, offsets in zip(long, encoded["offset_mapping"], strict=True):
            if len(offsets) > limit:
                # A character may be several tokens; one that is not whole is left out.
                cut[second] = second[: min(offsets[limit - 1][1], offsets[limit][0])]
        return [cut.get(second, second) for second in seconds]

    @property
    def _most_of_second(self) -> int:
        """Tokens of a second segment at most."""
        room = self.settings.max_length - self.tokenizer.num_special_tokens_to_add(pair=True)
        return min(self.settings.max_length // 2, room - 1)

    def _may_cut(self, second: str) -> bool:
        # A token holds at least one byte, but for a sign that some tokenizers set before the first word.
        return len(second.encode()) >= self._most_of_second

    def _prefix(self, second: str, limit: int, *, split_special_tokens: bool) -> str:
        """Return the longest beginning of so many tokens, found without offsets, which slow tokenizers do not tell."""

        def fits(length: int) -> bool:
            ids = self.tokenizer(
                second[:length], add_special_tokens=False, split_special_tokens=split_special_tokens, verbose=False
            )["input_ids"]
            return len(ids) <= limit

        if fits(len(second)):
            return second
        low, high = 0, len(second)  # the first fits, the second does not
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fits(middle) else (low, middle)
        return second[:low]

    def collate(self, texts: Sequence[EncodedText]) -> dict[str, NDArray[np.int64]]:
        """Return a batch of sequences as arrays.

        The encoder's inputs have the shape (sequences, longest), padded. Where the sequences have places, `pair_text`,
        shape (rows,), says which sequence a row belongs to, and `source_place` and `target_place`, shape (rows, 3),
        hold start, end and how the part is given.
        """
        import numpy as np

        fill = {"input_ids": self.tokenizer.pad_token_id, "token_type_ids": self.tokenizer.pad_token_type_id}
        longest, left = max(map(len, texts)), self.tokenizer.padding_side == "left"
        batch: dict[str, NDArray[np.int64]] = {}
        for name in texts[0].inputs:
            batch[name] = np.full((len(texts), longest), fill.get(name, 0), dtype=np.int64)
            for row, text in zip(batch[name], texts, strict=True):
                start = longest - len(text) if left else 0
                row[start : start + len(text)] = text.inputs[name]
        places = [place for text in texts for place in text.places]
        if places:
            batch["pair_text"] = np.repeat(np.arange(len(texts)), [len(text.rows) for text in texts])
            batch["source_place"] = np.array([source for source, _ in places], dtype=np.int64)
            batch["target_place"] = np.array([target for _, target in places], dtype=np.int64)
        return batch


def give_padding(tokenizer: PreTrainedTokenizerBase) -> None:
    """Let a tokenizer without a padding token, as a decoder's, pad with another token, which the mask hides.

    Raises:
        ConfigError: It has no token that could take its place.
    """
    if tokenizer.pad_token is not None:
        return
    other = tokenizer.eos_token or tokenizer.sep_token or tokenizer.unk_token
    if other is None:
        raise ConfigError(
            f"model.name_or_path: the tokenizer of {tokenizer.name_or_path or 'this encoder'} has no padding token, "
            "and no other special token to pad with; set pad_token in its tokenizer_config.json, or take another one"
        )
    tokenizer.pad_token = other
