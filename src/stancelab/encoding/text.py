"""Text and mentions -> the words that the tokenizer is given: the marked text and the second segment.

The first segment is the text, in which the mention of the target (and, if asked, of the source) is set between marker
tokens; the second names source and target by a template::

    Norway welcomed [T] the ceasefire [/T] , Iran did not .        Norway: the ceasefire

Markers say where the target stands in a sentence with several (as in Baldini Soares et al., 2019, for relations); the
second segment names it where no words of the text do (Sun et al., 2019, for target-dependent sentiment). Both can be
switched off. A window keeps only the words around the mentions (local context, as in Zeng et al., 2019): in a long
sentence with many stances the words that decide stand mostly near source and target.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stancelab.encoding.settings import MARKERS
from stancelab.schema import PARTS, SOURCE, TARGET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stancelab.encoding.settings import InputSettings
    from stancelab.schema import Example, Part


class TextBuilder:
    """Builds the two segments of an example's input.

    Args:
        settings: How the input is built.
        special_tokens: The tokenizer's special tokens, which no text may contain.
    """

    def __init__(self, settings: InputSettings, special_tokens: Iterable[str] = ()) -> None:
        self.settings = settings
        tokens = {*special_tokens, *(token for pair in MARKERS.values() for token in pair)}
        longest_first = sorted(tokens, key=len, reverse=True)
        self._special = re.compile("|".join(re.escape(token) for token in longest_first))

    def text(self, example: Example) -> str:
        """Return the text with markers around the mentions; an inner mention's markers stay inside the outer one's."""
        inserts: list[tuple[int, int, str]] = []
        for part in (TARGET, SOURCE):
            span = example.mention(part) if self.settings.shows_mark(part) else None
            if span is not None:
                opening, closing = MARKERS[part]
                width = span.end - span.start
                inserts += [(span.start, 2 * 10**9 - width, opening), (span.end, width, closing)]
        last, end = kept_range(example, self.settings)
        pieces = []
        for position, _, marker in sorted(inserts):
            pieces += [self._literal(example.text[last:position]), f" {marker} "]
            last = position
        pieces.append(self._literal(example.text[last:end]))
        return "".join(pieces)

    @property
    def has_second_segment(self) -> bool:
        """Whether the settings give every input a second segment."""
        return self.settings.pair and not set(self.settings.hide) >= set(PARTS)

    def second_segment(self, example: Example) -> str:
        """Return what names source and target; "" where the settings give the example no second segment."""
        if not self.has_second_segment and not (self.settings.name_absent and self._absent(example)):
            return ""
        hidden = self.settings.hide
        source = "" if SOURCE in hidden else example.source.strip()
        target = self._literal(example.target.strip())
        if TARGET in hidden:
            return self._literal(source)
        if source:
            # "\0" stands for the source meanwhile: neither name may be read as the other's field.
            template = self.settings.template.replace("{source}", "\0")
            return template.replace("{target}", target).replace("\0", self._literal(source))
        return self.settings.template_no_source.replace("{target}", target)

    def name_end(self, part: Part, example: Example) -> int | None:
        """Return where the name of a part ends in the second segment, in characters; None where it has no such name."""
        second = self.second_segment(example)
        if not second or part in self.settings.hide or not name_of(example, part):
            return None
        if SOURCE in self.settings.hide or not name_of(example, SOURCE):
            template = self.settings.template_no_source
        else:
            template = self.settings.template
        if TARGET in self.settings.hide:
            return len(second)
        before, found, _ = template.partition(f"{{{part}}}")
        if not found:
            return None
        for other in PARTS:
            before = before.replace(f"{{{other}}}", self._literal(name_of(example, other)))
        return len(before) + len(self._literal(name_of(example, part)))

    def is_told(self, part: Part, example: Example) -> bool:
        """Return whether the input says what a part is: it is marked or named, hidden on purpose, or the author."""
        if part in self.settings.hide or not name_of(example, part) or self.second_segment(example):
            return True
        return self.settings.shows_mark(part) and example.mention(part) is not None

    def _absent(self, example: Example) -> bool:
        """Return whether a part is to be marked, and the text does not mention it."""
        return any(
            self.settings.shows_mark(part) and name_of(example, part) and example.mention(part) is None
            for part in PARTS
        )

    def _literal(self, text: str) -> str:
        """Return the text with what looks like a special token broken up, so that no sentence can forge a marker."""
        return self._special.sub(lambda match: f"{match[0][0]} {match[0][1:]}", text)


def name_of(example: Example, part: Part) -> str:
    """Return the name of a part, "" for a source that is the author."""
    return (example.target if part == TARGET else example.source).strip()


def kept_range(example: Example, settings: InputSettings) -> tuple[int, int]:
    """Return where the part of the text that the model sees begins and ends, in characters."""
    window, hidden = settings.window, settings.hide
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
