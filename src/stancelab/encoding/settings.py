"""Settings of the encoder's input: the group `model.input`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.schema import PARTS, SOURCE, TARGET

if TYPE_CHECKING:
    from stancelab.schema import Part

#: Which part of a text that is longer than the input is kept: the tokens around the mentions, or the first ones.
MENTIONS: Final = "mentions"
START: Final = "start"
KEEP: Final = (MENTIONS, START)
#: What settings were before they could be set: checkpoints that do not have them were trained so.
OLDER_INPUT: Final = {"name_absent": False, "keep": START}

#: The tokens before and after the mention of a part.
MARKERS: Final[dict[Part, tuple[str, str]]] = {TARGET: ("[T]", "[/T]"), SOURCE: ("[S]", "[/S]")}


@dataclass
class InputSettings:
    """How an example becomes the encoder's input. Saved with the checkpoint; prediction reads it from there.

    Attributes:
        pair: Whether a second segment names source and target.
        template: The second segment of a row with a source.
        template_no_source: The second segment of a row whose source is empty or hidden.
        name_absent: Without `pair`, whether a row whose source or target is to be marked and is not found in the text
            gets a second segment all the same; if not, the model is not told of it.
        mark: The parts whose mention in the text is set between markers: "target", "source".
        hide: The parts the model must not see, neither marked nor named: "target", "source". Hiding both gives the
            text-only ablation.
        window: Words of the text that are kept before the first and after the last mention of source and target; null
            keeps the whole text. What lies between the mentions is always kept, and so is the whole text of a row
            whose target is not found in it or is hidden.
        max_length: Length in tokens beyond which the text is cut.
        keep: What is kept of a longer text: "mentions" is the part around the mentions of source and target, "start"
            the beginning.
    """

    pair: bool = True
    template: str = "{source}: {target}"
    template_no_source: str = "{target}"
    name_absent: bool = True
    mark: list[str] = field(default_factory=lambda: [TARGET])
    hide: list[str] = field(default_factory=list)
    window: int | None = None
    max_length: int = 128
    keep: str = MENTIONS

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        found = []
        for name, parts in (("mark", self.mark), ("hide", self.hide)):
            found += [f"{name}: found {part!r}, allowed are source and target" for part in parts if part not in PARTS]
        if self.keep not in KEEP:
            found.append(f"keep: found {self.keep!r}, allowed are {' and '.join(KEEP)}")
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
