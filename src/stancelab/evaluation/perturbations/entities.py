"""Perturbations of names: other countries, people and organizations of the same kind; the stance stays.

A name is replaced in text, source and target alike, by the same one each time within a sentence.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from stancelab.evaluation.perturbations.edits import Edit, moved
from stancelab.schema import find_mention

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from stancelab.evaluation.perturbations.edits import Perturbed
    from stancelab.schema import Example, Span

#: The names in news of some countries whose official names are longer.
_COUNTRIES_IN_NEWS: Final = ("Russia", "Iran", "Syria", "North Korea", "South Korea", "Turkey", "Britain")

#: International bodies: those with an article, their abbreviations with one, and those without.
_ORGANIZATIONS: Final = (
    (
        "European Union", "African Union", "Arab League", "United Nations", "Pacific Islands Forum", "World Bank",
        "Security Council", "General Assembly", "European Commission", "European Parliament",
        "Gulf Cooperation Council",
        "Organization of American States", "Shanghai Cooperation Organisation", "World Trade Organization",
        "International Criminal Court", "International Court of Justice", "Arctic Council", "Nordic Council",
    ),
    ("EU", "UN", "AU", "OSCE", "OAS", "IMF", "WTO", "WHO", "ICC", "ICJ", "IAEA", "OECD", "SCO", "GCC"),
    ("NATO", "ASEAN", "ECOWAS", "OPEC", "CARICOM", "Mercosur", "UNESCO", "UNICEF", "Interpol", "Frontex"),
)  # fmt: skip

_WORD: Final = r"(?:[A-Z]['’])?[A-Z][\w-]*[a-z]"
#: A person is one whose name follows a title; the rest of the sentence may call them by their last name alone.
_TITLED: Final = re.compile(
    r"\b(?:President|Prime Minister|Premier|Chancellor|Minister|Secretary of State|Secretary-General|Ambassador|"
    r"Senator|Sen\.|Rep\.|Gov\.|Governor|Mayor|Mr\.?|Mrs\.?|Ms\.?|Dr\.|Queen|Pope|Gen\.) "
    rf"(?P<name>{_WORD}(?: (?:bin |de |van |von )?{_WORD}){{0,2}})"
)


def countries(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Replace the countries that are named by others.

    Adjectives ("French") are left as they are: only sentences that name a country by its noun change.
    """
    import pycountry

    names = {getattr(country, "common_name", country.name) for country in pycountry.countries}
    plain = [name for name in names if re.fullmatch(r"[A-Z][a-z]+(?: [A-Z][a-z]+)?", name)]
    return _exchanged(examples, [sorted({*plain, *_COUNTRIES_IN_NEWS})], random)


def organizations(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Replace the international bodies that are named by others, with an article where they had one."""
    return _exchanged(examples, _ORGANIZATIONS, random)


def people(examples: Sequence[Example], random: np.random.Generator) -> Perturbed:
    """Replace the people who are named with a title ("President Mugabe") by others of the same file."""
    # By last name, so that no name stands for two people; of several forms the longest is kept.
    every = sorted(
        {name for example in examples for name in _people_in(example.text)}, key=lambda name: (len(name), name)
    )
    named = {_last(name): name for name in every}
    found: Perturbed = []
    for example in examples:
        own = _people_in(example.text)
        lasts = sorted({_last(name) for name in own})
        others = [last for last in sorted(named) if last not in lasts]
        if not own or len(others) < len(lasts):
            found.append(None)
            continue
        new = dict(zip(lasts, random.choice(others, size=len(lasts), replace=False).tolist(), strict=True))
        found.append(_renamed(example, {name: named[new[_last(name)]] for name in own if " " in name} | new))
    return found


def _people_in(text: str) -> set[str]:
    return {match["name"] for match in _TITLED.finditer(text)}


def _exchanged(examples: Sequence[Example], kinds: Sequence[Sequence[str]], random: np.random.Generator) -> Perturbed:
    """Replace each name of these kinds by another one of its kind."""
    patterns = [_pattern(kind) for kind in kinds]
    found: Perturbed = []
    for example in examples:
        new: dict[str, str] = {}
        for kind, pattern in zip(kinds, patterns, strict=True):
            own = sorted({name for part in _parts(example) for name in pattern.findall(part)})
            others = [name for name in kind if name not in own]
            picks = random.choice(len(others), size=len(own), replace=False).tolist()
            new |= {old: others[pick] for old, pick in zip(own, picks, strict=True)}
        found.append(_renamed(example, new))
    return found


def _renamed(example: Example, new: Mapping[str, str]) -> Example | None:
    """Return an example with names replaced and its spans moved along; None where its text has none of them."""
    pattern = _pattern(list(new)) if new else None
    edits = [Edit(*match.span(), new[match[0]]) for match in pattern.finditer(example.text)] if pattern else []
    if pattern is None or not edits:
        return None
    text, source, target = (pattern.sub(lambda match: new[match[0]], part) for part in _parts(example))
    return replace(
        example,
        text=text,
        source=source,
        target=target,
        target_span=_span_of(target, text, example.mention("target"), edits),
        source_span=_span_of(source, text, example.mention("source"), edits),
    )


def _span_of(name: str, text: str, span: Span | None, edits: Sequence[Edit]) -> Span | None:
    """Return where a mention is after edits; one that is part of a longer name is found by its words."""
    if span is not None and any(
        edit.start < span.end and span.start < edit.end and not (span.start <= edit.start and edit.end <= span.end)
        for edit in edits
    ):
        return find_mention(text, name)
    return moved(span, edits)


def _parts(example: Example) -> tuple[str, str, str]:
    return example.text, example.source, example.target


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?![\w-])")


def _last(name: str) -> str:
    return name.rpartition(" ")[2]
