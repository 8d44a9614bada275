"""A fast tokenizer by the package tokenizers alone, for prediction without transformers.

It gives what transformers' fast tokenizers give for the calls that the builders of inputs make: ids, attention masks,
token types, character offsets, segments, special tokens and truncation. Its folder holds the tokenizer as transformers
had it loaded, and what tokenizers does not know: padding, the names of special tokens, and which inputs the encoder
reads.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Self

from tokenizers import Tokenizer

from stancelab.encoding.tokenizer_file import TOKENIZER, check_tokenizer_file
from stancelab.errors import CheckpointError, DataError, is_panic, shorten
from stancelab.files import read_json, write_json
from stancelab.json_types import MOST_BYTES, lacking_keys, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from transformers import PreTrainedTokenizerBase

#: The file of its folder besides `TOKENIZER`.
INPUT: Final = "input.json"
SIDES: Final = ("right", "left")
#: Characters of another program's message that are shown.
_LONGEST: Final = 400
#: What an encoder may read of a sequence.
INPUT_NAMES: Final = ("input_ids", "attention_mask", "token_type_ids")


@dataclass(frozen=True, kw_only=True)
class TokenizerInfo:
    """The content of `input.json`: what prediction needs to know of a tokenizer besides its `tokenizer.json`.

    Attributes:
        inputs: The names of what the encoder reads, of `INPUT_NAMES`.
        pad_token: The token that fills short sequences up.
        pad_token_type_id: The token type of padding.
        padding_side: Where padding stands, "right" or "left".
        special_tokens: The tokens that no text may forge.
    """

    inputs: list[str]
    pad_token: str
    pad_token_type_id: int
    padding_side: str
    special_tokens: list[str]

    def problems(self) -> list[str]:
        """Return what is wrong with it, one line each."""
        found = []
        pad_token: Any = self.pad_token
        if not _is_words(self.inputs) or not {"input_ids"} <= {*self.inputs} <= {*INPUT_NAMES}:
            found.append(f"inputs: found {shown(self.inputs)}, allowed are {', '.join(INPUT_NAMES)}")
        if not isinstance(pad_token, str):
            found.append(f"pad_token: found {shown(pad_token)}, allowed is a token")
        if type(self.pad_token_type_id) is not int or not 0 <= self.pad_token_type_id < 2**31:
            found.append(f"pad_token_type_id: found {shown(self.pad_token_type_id)}, allowed are whole numbers from 0")
        if self.padding_side not in SIDES:
            found.append(f"padding_side: found {shown(self.padding_side)}, allowed are {' and '.join(SIDES)}")
        if not _is_words(self.special_tokens):
            found.append("special_tokens: allowed is a list of tokens")
        return found


class Tokens(dict[str, Any]):
    """What the tokenizer gives for several texts: lists by name, and the segments of their tokens.

    Args:
        encodings: What the package tokenizers gave.
        names: The inputs that the encoder reads.
        offsets: Whether `offset_mapping` is wanted.
    """

    def __init__(self, encodings: Sequence[Any], names: Sequence[str], *, offsets: bool) -> None:
        attributes = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
        super().__init__({name: [getattr(each, attributes[name]) for each in encodings] for name in names})
        if offsets:
            self["offset_mapping"] = [each.offsets for each in encodings]
        self._encodings = encodings

    def sequence_ids(self, number: int) -> list[int | None]:
        """Return the segment of each token of one text, None for special tokens."""
        segments: list[int | None] = self._encodings[number].sequence_ids
        return segments


class FastTokenizer:
    """A tokenizer that the builders of inputs take in place of one of transformers.

    Args:
        backend: The tokenizer of the package tokenizers.
        info: What that does not know.
        name_or_path: Where it is from, for messages.

    Attributes:
        truncation_side: Which end of a long text is cut.
    """

    is_fast: Final = True

    def __init__(self, backend: Tokenizer, info: TokenizerInfo, name_or_path: str = "") -> None:
        self.backend_tokenizer = backend
        self.name_or_path = name_or_path
        self.model_input_names = info.inputs
        self.all_special_tokens = info.special_tokens
        self.pad_token = info.pad_token
        self.pad_token_type_id = info.pad_token_type_id
        self.padding_side = info.padding_side
        self.truncation_side = "right"

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            CheckpointError: A file is missing or damaged.
        """
        try:
            content = read_json(folder / INPUT, most=MOST_BYTES)
            lacking = lacking_keys(content, [each.name for each in fields(TokenizerInfo)])
            if lacking:
                raise CheckpointError(f"{folder / INPUT}: {'; '.join(lacking)}; export the checkpoint again")
            info = TokenizerInfo(**content)
            problems = info.problems()
        except DataError as error:
            raise CheckpointError(str(error)) from None
        except (TypeError, ValueError) as error:
            raise CheckpointError(
                f"{folder / INPUT}: {shorten(error, _LONGEST)}; export the checkpoint again"
            ) from None
        backend = _read(folder / TOKENIZER)
        if not problems and backend.token_to_id(info.pad_token) is None:
            problems = [f"pad_token: {shown(info.pad_token)} is no token of {TOKENIZER}"]
        if problems:
            raise CheckpointError(f"{folder / INPUT}: {'; '.join(problems)}; export the checkpoint again")
        return cls(backend, info, str(folder))

    def __len__(self) -> int:
        """The number of tokens, added ones too."""
        return self.backend_tokenizer.get_vocab_size(with_added_tokens=True)

    @property
    def pad_token_id(self) -> int:
        """The id of the token that fills short sequences up."""
        return self.convert_tokens_to_ids(self.pad_token)

    @property
    def highest_id(self) -> int:
        """The highest id of a token."""
        return max(self.get_vocab().values(), default=0)

    def get_vocab(self) -> dict[str, int]:
        """Return all tokens with their ids."""
        return self.backend_tokenizer.get_vocab(with_added_tokens=True)

    def convert_tokens_to_ids(self, token: str) -> int:
        """Return the id of a token that there is."""
        number = self.backend_tokenizer.token_to_id(token)
        assert number is not None, token
        return number

    def add_tokens(self, tokens: Sequence[str], *, special_tokens: bool) -> int:
        """Add tokens and return how many were new."""
        add = self.backend_tokenizer.add_special_tokens if special_tokens else self.backend_tokenizer.add_tokens
        return add(list(tokens))

    def num_special_tokens_to_add(self, pair: bool = False) -> int:
        """Return how many special tokens an input of one or two segments gets."""
        return self.backend_tokenizer.num_special_tokens_to_add(pair)

    def __call__(
        self,
        text: Sequence[str],
        text_pair: Sequence[str] | None = None,
        *,
        add_special_tokens: bool = True,
        truncation: bool | str = False,
        max_length: int | None = None,
        padding: bool = False,
        return_offsets_mapping: bool = False,
        split_special_tokens: bool = False,
        verbose: bool = True,
    ) -> Tokens:
        """Encode texts, or pairs of texts, as transformers' tokenizers do with the same arguments.

        Args:
            text: The texts.
            text_pair: Their second segments, None where there are none.
            add_special_tokens: Whether an input begins and ends with the tokenizer's special tokens.
            truncation: Whether longer inputs are cut: True cuts the longer segment, "only_first" the first.
            max_length: The length in tokens to cut at.
            padding: False; batches are padded where they are put together.
            return_offsets_mapping: Whether the characters of each token are returned.
            split_special_tokens: Whether special tokens in a text are read as their letters.
            verbose: Of no effect: nothing is told.
        """
        assert not padding
        backend = self.backend_tokenizer
        if truncation:
            assert max_length is not None
            strategy = truncation if isinstance(truncation, str) else "longest_first"
            backend.enable_truncation(max_length, strategy=strategy, direction=self.truncation_side)
        elif backend.truncation is not None:
            backend.no_truncation()
        backend.encode_special_tokens = split_special_tokens
        inputs = list(text) if text_pair is None else list(zip(text, text_pair, strict=True))
        try:
            encodings = backend.encode_batch(inputs, add_special_tokens=add_special_tokens)
        except BaseException as error:  # bare Exceptions, and panics
            if not isinstance(error, Exception) and not is_panic(error):
                raise
            raise CheckpointError(
                f"{self.name_or_path}: {TOKENIZER} cannot read a text ({shorten(error, _LONGEST)}); export the "
                "checkpoint again"
            ) from None
        return Tokens(encodings, self.model_input_names, offsets=return_offsets_mapping)


def save(folder: Path, tokenizer: PreTrainedTokenizerBase, inputs: Sequence[str]) -> None:
    """Write what `FastTokenizer.load` reads.

    Args:
        folder: The folder, which is there.
        tokenizer: A fast tokenizer of transformers, as the builder of inputs has it.
        inputs: What the encoder reads, of `INPUT_NAMES`.

    Raises:
        CheckpointError: The tokenizer is none of the package tokenizers.
    """
    if not tokenizer.is_fast:
        raise CheckpointError(
            f"{tokenizer.name_or_path or 'this checkpoint'}: its tokenizer ({type(tokenizer).__name__}) runs in Python "
            "and needs transformers; only checkpoints with a fast tokenizer (tokenizer.json) are exported"
        )
    # As it is loaded: transformers builds some tokenizers anew, and tokenizer.json may say less.
    backend = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    backend.no_truncation()
    backend.no_padding()
    backend.save(str(folder / TOKENIZER), pretty=False)
    info = TokenizerInfo(
        inputs=list(inputs),
        pad_token=str(tokenizer.pad_token),
        pad_token_type_id=tokenizer.pad_token_type_id,
        padding_side=tokenizer.padding_side,
        special_tokens=[str(token) for token in tokenizer.all_special_tokens],
    )
    write_json(folder / INPUT, asdict(info))


def _read(path: Path) -> Tokenizer:
    check_tokenizer_file(path, "export the checkpoint again")
    try:
        backend = Tokenizer.from_file(str(path))
    # Its errors are bare Exceptions; a panic of the Rust code is a BaseException of its own.
    except BaseException as error:
        if not isinstance(error, Exception) and not is_panic(error):
            raise
        raise CheckpointError(
            f"{path}: is no tokenizer ({shorten(error, _LONGEST)}); export the checkpoint again"
        ) from None
    # An export has neither, and a stranger's padding may be of any length.
    backend.no_padding()
    backend.no_truncation()
    return backend


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
