"""Documents → a proposed codebook: the entries of the default codebook that they name, further names, and topics."""

from __future__ import annotations

import hashlib
import operator
import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.codebook import Codebook, Entry, Matcher, read_codebook
from stancelab.article.codebook.checks import names_of, problems_together
from stancelab.article.codebook.form import LONGEST_NAME
from stancelab.article.codebook.read import DEFAULT
from stancelab.article.codebook.words import FUNCTION_WORDS, NAME_WORDS
from stancelab.article.pairs.language import shows_other_language
from stancelab.article.proposal.names import Candidates
from stancelab.article.proposal.words import NO_SOURCES
from stancelab.article.sentences import sentences_of
from stancelab.errors import DataError
from stancelab.mentions.folding import fold
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from stancelab.article.pairs.settings import Language
    from stancelab.article.types import Document, Mention, Sentence

#: How often a name of one word, and a phrase in small letters, have to come.
_FEWEST: Final = {"name": 2, "topic": 2}
#: A name with these ends in a place or in what it is for, no short form of it: "Farmers' League of South Ostrava".
_TIED: Final = re.compile(r" (?:of|in|for|at) ")
NAMES: Final = "names"
TOPICS: Final = "topics"
HEAD: Final = (
    "Proposed by stancelab read, since no codebook was given. Copy it, edit the copy, and read with codebook=COPY:\n"
    "put names of one actor together, take out what is of no interest, and add the issues that matter to you.\n"
    "Entries with source: false may be targets only. What a minister says counts for her state once her names are\n"
    "moved to the aliases of the state."
)


@dataclass(frozen=True)
class _Proposal:
    """A name with its other names, its group, whether it may be a source, and how often it came."""

    name: str
    aliases: tuple[str, ...]
    group: str
    is_source: bool
    documents: int
    count: int


def propose(
    documents: Iterable[Document],
    most: int,
    spacy_model: str | None = None,
    default: Matcher | None = None,
    language: Language = "auto",
) -> Codebook:
    """Return a codebook of what documents name; one document is in memory at a time.

    Entries of the default codebook that are named come with all of their names. Names that it does not know, and
    phrases that come again, are found by rules, or by a spaCy model. The rules are for English: a document in another
    language adds entries of the default codebook alone.

    Args:
        documents: The documents.
        most: How many entries are proposed at most, besides those of the default codebook.
        spacy_model: The folder of a spaCy model; None for rules.
        default: The matcher of the default codebook, where many codebooks are proposed; None makes one.
        language: Which documents the rules for English are for.

    Raises:
        DataError: Nothing was found that may be an entry, or the model cannot be loaded.
        MissingPackageError: spaCy is needed and not installed.
    """
    found = Candidates()
    matcher = default or Matcher(read_codebook(DEFAULT))
    model = None
    if spacy_model is not None:
        from stancelab.article.proposal.spacy_model import SpacyModel

        model = SpacyModel(spacy_model)
    known: dict[str, None] = {}
    seen: set[bytes] = set()
    for document in documents:
        mentions = matcher.mentions(document.text)
        known.update(dict.fromkeys(mention.entry for mention in mentions))
        if model is None and shows_other_language(document.text, language):
            continue  # where all nouns have capitals, each of them would be a name
        sentences = [each for each in sentences_of(document) if each.kind != "headline" and _is_new(each.text, seen)]
        prepared = [(each.text, _inside(each, mentions)) for each in sentences]
        if model is None:
            found.add(prepared)
        else:
            model.add(prepared, found)
    entries = _known(matcher.codebook, known)
    ranked = sorted([*_names(found), *_topics(found)], key=_rank)
    entries = _with(entries, ranked, most)
    if not entries:
        raise DataError(
            "no codebook is given, and the documents name nothing that may be an entry; write one (docs/codebook.md), "
            "and name it with codebook=FILE"
        )
    return Codebook(entries)


def _rank(proposal: _Proposal) -> tuple[int, int, bool, str]:
    """Return what proposals are sorted by; of those that come as often, the ones that may be sources are first."""
    return -proposal.documents, -proposal.count, not proposal.is_source, proposal.name


def _is_new(text: str, seen: set[bytes]) -> bool:
    """Tell whether a sentence is the first one of its words: what pages repeat ("Share this post") counts once."""
    key = hashlib.blake2b(" ".join(text.split()).encode(), digest_size=8).digest()
    is_new = key not in seen
    seen.add(key)
    return is_new


def _inside(sentence: Sentence, mentions: Sequence[Mention]) -> list[Span]:
    """Return the places of a sentence's mentions, counted from its beginning; all mentions are in their order."""
    start, end = sentence.span
    first, last = (bisect_left(mentions, edge, key=operator.attrgetter("span.start")) for edge in (start, end))
    return [Span(each.span.start - start, each.span.end - start) for each in mentions[first:last]]


def _known(default: Codebook, named: Iterable[str]) -> dict[str, Entry]:
    """Return the entries that are named, and those that they are within."""
    names = dict.fromkeys(name for each in named for name in default.standing_for(each))
    return {name: default.entries[name] for name in names}


def _names(found: Candidates) -> Iterator[_Proposal]:
    """Yield names, each with its short forms: an acronym in brackets, a family name, "the compact"."""
    acronyms: dict[str, list[str]] = {}
    for acronym, names in found.short.items():
        acronyms.setdefault(names.most_common(1)[0][0], []).append(acronym)
    last: dict[str, list[str]] = {}
    for name in found.names:
        if " " in name and not _TIED.search(name):
            last.setdefault(name.rpartition(" ")[2], []).append(name)
    taken = {acronym for own in acronyms.values() for acronym in own}
    for name, count in found.names.items():
        is_long = " " in name
        end = name.rpartition(" ")[2]
        if name in taken or (not is_long and (count < _FEWEST["name"] or name.lower() in found.small)):
            continue
        if not is_long and len(last.get(name, ())) == 1:
            continue  # the family name, or the last word, of a longer one
        aliases = list(acronyms.get(name, ()))
        if is_long and last.get(end) == [name]:
            count += found.alone[end]
            if found.alone[end] and end.lower() not in found.small:
                aliases.append(end)
            elif found.topics[end.lower()]:
                aliases.append(f"the {end.lower()}")
        is_thing = not NO_SOURCES.isdisjoint(map(str.lower, (end, name.partition(" of ")[0].rpartition(" ")[2])))
        acts = not found.acting.isdisjoint((name, *aliases))
        group = TOPICS if is_thing else NAMES
        yield _Proposal(name, tuple(aliases), group, acts and not is_thing, found.documents[name], count)


def _topics(found: Candidates) -> Iterator[_Proposal]:
    """Yield phrases, each with "the fund" for "transition fund", where that fits one phrase alone that comes more."""
    heads = {name.rpartition(" ")[2].lower() for name in found.names}
    counts = {name: count for name, count in found.topics.items() if count >= _FEWEST["topic"] and name not in heads}
    longer: dict[str, list[str]] = {}
    for name in counts:
        if " " in name:
            longer.setdefault(name.rpartition(" ")[2], []).append(name)
    short = {
        head: names[0] for head, names in longer.items() if len(names) == 1 and counts.get(head, 0) <= counts[names[0]]
    }
    for name, count in counts.items():
        if name in short:
            continue
        end = name.rpartition(" ")[2]
        is_short = short.get(end) == name and end in counts
        aliases = (f"the {end}",) if is_short else ()
        yield _Proposal(name, aliases, TOPICS, False, found.documents[name], count + (counts[end] if is_short else 0))


def _with(entries: Mapping[str, Entry], ranked: Sequence[_Proposal], most: int) -> dict[str, Entry]:
    """Return the entries with the proposals that do not take a name of another one."""
    together = dict(entries)
    taken = {fold(name) for entry in entries.values() for name in names_of(entry)}
    left = most
    for each in ranked:
        if not left:
            break
        if fold(each.name) in taken or not _is_usable(each.name):
            continue
        aliases = tuple(alias for alias in each.aliases if fold(alias) not in taken and _is_usable(alias))
        entry = Entry(name=each.name, aliases=aliases, source=each.is_source, group=each.group)
        if problems_together({entry.name: entry}):
            continue
        taken.update(map(fold, (each.name, *aliases)))
        together[entry.name] = entry
        left -= 1
    return together


def _is_usable(name: str) -> bool:
    is_common = name == name.lower() and fold(name) in FUNCTION_WORDS | NAME_WORDS
    return not is_common and any(map(str.isalnum, name)) and len(name) <= LONGEST_NAME and name != "include"
