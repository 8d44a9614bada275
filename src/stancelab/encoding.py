"""Example -> token ids: the one thing that training and inference share.

The input is a sentence pair. The first segment is the text, in which the mention of the target (and, if asked, of the
source) is set between marker tokens::

    [CLS] Norway welcomed [T] the ceasefire [/T] , Iran did not . [SEP] Norway : the ceasefire [SEP]

The second segment names source and target by a template. Markers tell the encoder where the target stands in a
sentence with several (as in Baldini Soares et al., 2019, for relations); the second segment tells it what the target is
where no words of the text name it (Sun et al., 2019, for target-dependent sentiment). Both can be switched off.

A window cuts the text to the words around the mentions (local context, as in Zeng et al., 2019): in a long sentence
with many stances the words that decide stand mostly near source and target.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.schema import PARTS, SOURCE, TARGET, Example

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import PreTrainedTokenizerBase

    from stancelab.schema import Part

MARKERS: Final[dict[Part, tuple[str, str]]] = {TARGET: ("[T]", "[/T]"), SOURCE: ("[S]", "[/S]")}

Encoded = dict[str, list[list[int]]]


@dataclass
class InputSettings:
    """How an example becomes the encoder's input. Saved with the checkpoint; prediction reads it from there.

    Attributes:
        pair: Whether a second segment names source and target.
        template: The second segment of a row with a source.
        template_no_source: The second segment of a row whose source is empty or hidden.
        mark: The parts whose mention in the text is set between markers: "target", "source".
        hide: The parts the model must not see, neither marked nor named: "target", "source". Hiding both gives the
            text-only twin.
        window: Words of the text that are kept before the first and after the last mention of source and target; null
            keeps the whole text. What lies between the mentions is always kept, and so is the whole text of a row
            whose target is not found in it or is hidden.
        max_length: Length in tokens beyond which the text is cut at its end.
    """

    pair: bool = True
    template: str = "{source}: {target}"
    template_no_source: str = "{target}"
    mark: list[str] = field(default_factory=lambda: [TARGET])
    hide: list[str] = field(default_factory=list)
    window: int | None = None
    max_length: int = 128

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        found = []
        for name, parts in (("mark", self.mark), ("hide", self.hide)):
            found += [f"{name}: found {part!r}, allowed are source and target" for part in parts if part not in PARTS]
        if self.window is not None and self.window < 1:
            found.append(f"window: found {self.window}, allowed are 1 or more words, or null")
        if not 8 <= self.max_length <= 8192:
            found.append(f"max_length: found {self.max_length}, allowed are 8 to 8192 tokens")
        for name, template, known in (
            ("template", self.template, PARTS),
            ("template_no_source", self.template_no_source, (TARGET,)),
        ):
            named = set(re.findall(r"\{(.*?)\}", template))
            if TARGET not in named or named - set(known):
                allowed = " and ".join(f"{{{part}}}" for part in known)
                found.append(f"{name}: found {template!r}, it must hold {{target}} and may name {allowed} only")
        if TARGET not in self.hide and not self.pair and TARGET not in self.mark:
            found.append("pair: found false with 'target' not in mark, so no part of the input would tell the target")
        return found

    def markers(self) -> list[str]:
        """Return the marker tokens that the tokenizer has to know, in a fixed order."""
        return [token for part in (TARGET, SOURCE) if self.shows_mark(part) for token in MARKERS[part]]

    def shows_mark(self, part: Part) -> bool:
        """Return whether mentions of `part` are marked in the text."""
        return part in self.mark and part not in self.hide


@dataclass(frozen=True, slots=True)
class Cut:
    """What the encoder cannot see of some examples.

    Attributes:
        rows: How many examples there are.
        texts: How many texts are longer than the input allows, so that their end is cut.
        targets: How many marked target mentions lie in the part that is cut.
        unmarked: How many texts do not mention their target, so that only the second segment names it.
    """

    rows: int
    texts: int
    targets: int
    unmarked: int


class InputBuilder:
    """Builds token ids from examples with one tokenizer and one set of settings.

    The tokenizer is given the markers it lacks as special tokens; a model trained with it must be resized to
    `len(tokenizer)`.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, settings: InputSettings) -> None:
        self.tokenizer = tokenizer
        self.settings = settings
        vocabulary = tokenizer.get_vocab()
        lacking = [token for token in settings.markers() if token not in vocabulary]
        if lacking:
            tokenizer.add_tokens(lacking, special_tokens=True)
        tokenizer.truncation_side = "right"
        special = sorted({*tokenizer.all_special_tokens, *(t for pair in MARKERS.values() for t in pair)}, key=len)
        self._special = re.compile("|".join(re.escape(token) for token in reversed(special)))

    def __call__(self, examples: Sequence[Example]) -> Encoded:
        """Return `input_ids`, `attention_mask` (and `token_type_ids`, if the encoder has them), unpadded."""
        seconds = self._second_segments(examples)
        encoded = self.tokenizer(
            [self._marked(example) for example in examples],
            seconds,
            truncation="only_first" if seconds else True,
            max_length=self.settings.max_length,
            padding=False,
        )
        return {name: encoded[name] for name in self.tokenizer.model_input_names if name in encoded}

    def words(self, example: Example) -> tuple[str, str | None]:
        """Return what the tokenizer is given: the text with its markers, and the second segment or None."""
        seconds = self._second_segments([example])
        return self._marked(example), seconds[0] if seconds else None

    def count_tokens(self, examples: Sequence[Example]) -> list[int]:
        """Return each example's length in tokens before anything is cut."""
        # verbose=False: going beyond the encoder's own limit is what is being counted, no reason to warn of it.
        texts = [self._marked(example) for example in examples]
        ids = self.tokenizer(texts, self._second_segments(examples), truncation=False, padding=False, verbose=False)
        return [len(row) for row in ids["input_ids"]]

    def count_cut(self, examples: Sequence[Example]) -> Cut:
        """Count what the encoder cannot see of the examples."""
        if not examples:
            return Cut(0, 0, 0, 0)
        lengths = self.count_tokens(examples)
        targets = unmarked = 0
        if self.settings.shows_mark(TARGET):
            closing = self.tokenizer.convert_tokens_to_ids(MARKERS[TARGET][1])
            for example, ids in zip(examples, self(examples)["input_ids"], strict=True):
                found = example.mention(TARGET) is not None
                unmarked += not found
                targets += found and closing not in ids
        texts = sum(length > self.settings.max_length for length in lengths)
        return Cut(rows=len(examples), texts=texts, targets=targets, unmarked=unmarked)

    def _marked(self, example: Example) -> str:
        """Return the text with markers around the mentions; an inner mention's markers stay inside the outer one's."""
        inserts: list[tuple[int, int, str]] = []
        for part in (TARGET, SOURCE):
            span = example.mention(part) if self.settings.shows_mark(part) else None
            if span is not None:
                opening, closing = MARKERS[part]
                width = span.end - span.start
                inserts += [(span.start, 2 * 10**9 - width, opening), (span.end, width, closing)]
        last, end = self._kept(example)
        pieces = []
        for position, _, marker in sorted(inserts):
            pieces += [self._literal(example.text[last:position]), f" {marker} "]
            last = position
        pieces.append(self._literal(example.text[last:end]))
        return "".join(pieces)

    def _kept(self, example: Example) -> tuple[int, int]:
        """Return where the part of the text that the model sees begins and ends."""
        window, hidden = self.settings.window, self.settings.hide
        target = None if window is None or TARGET in hidden else example.mention(TARGET)
        if window is None or target is None:
            return 0, len(example.text)
        source = None if SOURCE in hidden else example.mention(SOURCE)
        spans = [target] if source is None else [target, source]
        before, after = min(span.start for span in spans), max(span.end for span in spans)
        words = [match.span() for match in re.finditer(r"\S+", example.text)]
        # A word that a mention cuts in two ("Norway" in "Norway's") is partly outside and counts as context.
        left = [start for start, _ in words if start < before][-window:]
        right = [end for _, end in words if end > after][:window]
        return min(left, default=before), max(right, default=after)

    def _literal(self, text: str) -> str:
        """Return the text with what looks like a special token broken up, so that no sentence can forge a marker."""
        return self._special.sub(lambda match: f"{match[0][0]} {match[0][1:]}", text)

    def _second_segments(self, examples: Sequence[Example]) -> list[str] | None:
        hidden = self.settings.hide
        if not self.settings.pair or set(hidden) >= set(PARTS):
            return None
        seconds = []
        for example in examples:
            source = "" if SOURCE in hidden else example.source.strip()
            target = self._literal(example.target.strip())
            if TARGET in hidden:
                seconds.append(self._literal(source))
            elif source:
                template = self.settings.template.replace("{source}", "\0")
                seconds.append(template.replace("{target}", target).replace("\0", self._literal(source)))
            else:
                seconds.append(self.settings.template_no_source.replace("{target}", target))
        return self._at_most_half(seconds)

    def _at_most_half(self, seconds: list[str]) -> list[str]:
        """Cut second segments that would leave the text less than half of the input."""
        limit = self.settings.max_length // 2
        if max((len(second) for second in seconds), default=0) <= limit:
            return seconds  # a token holds at least one character
        encoded = self.tokenizer(seconds, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return [
            second[: offsets[limit - 1][1]] if len(offsets) > limit else second
            for second, offsets in zip(seconds, encoded["offset_mapping"], strict=True)
        ]
