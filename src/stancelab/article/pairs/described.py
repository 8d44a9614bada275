"""The noun phrases of a sentence that may speak of an entry without its name: "the statute", "these ships"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.nouns import Noun, noun_of_word

if TYPE_CHECKING:
    from stancelab.article.pairs.view import View

DEFINITE: Final = frozenset(["the", "this", "that", "these", "those"])
_INDEFINITE: Final = words.word_set("a an another any no some such both two three several other each every")
#: Words before the noun that tell nothing of which one is meant.
PLAIN: Final = words.word_set(
    "proposed planned same very whole entire joint controversial disputed contested current so-called said present"
)
_LONGEST: Final = 6
_IRREGULAR: Final = words.word_set(
    """
    goes went makes made gives gave takes took brings brought keeps kept means meant comes came costs cost sets set
    leaves left helps hurts harms protects serves deserves works needs wants binds opens remains becomes became lets
    let began fell rose grew held stood won lost led drew broke cut hit put sent sold met ran bought
    wrote spoke thought chose fought caught taught sought paid laid said told knew saw heard built spent lent drove flew
    threw wore bore swore rang sank shook forgave withdrew understood
    """
)
_OBJECTS: Final = words.word_set("them him us me her itself himself herself themselves")
_STOPS: Final = (
    words.PREPOSITIONS
    | words.CONJUNCTIONS
    | words.AUXILIARIES
    | words.PRONOUNS
    | words.DETERMINERS
    | words.ADVERBS
    | words.FIRST_PERSON
    | words.REPORTING
    | frozenset(words.POSSESSIVES)
    | _OBJECTS
    | _IRREGULAR
    | {"not", "again", "there", "here"}
)
#: What is behind these words tells which one is meant ("the treaty of 1921", "the dam at Thwake").
_RESTRICTING: Final = words.word_set("of on for between with that who against among about")
#: So do these where a name follows.
_OF_PLACES: Final = frozenset(["in", "at", "near", "from", "by"])
_DAYS: Final = words.word_set("monday tuesday wednesday thursday friday saturday sunday")
#: Prepositions behind an object that belong to its verb ("accused the company of bribing").
_OF_VERBS: Final = {
    "of": words.word_set("accused accuses accuse accusing reminded suspects suspected assured warned informed"),
    "for": words.word_set(
        """
        praised praises praise blamed blames blame thanked thanks thank criticised criticized criticises criticizes
        condemned condemns applauded commended attacked rebuked reproached congratulated scolded lauded mocked hailed
        denounced chided faulted
        """
    ),
    "against": words.word_set("warned warns warn cautioned"),
    "on": words.word_set("congratulated congratulates pressed complimented"),
    "with": words.word_set("threatened threatens provided"),
}


@dataclass(frozen=True, slots=True)
class Description:
    """A noun phrase without a name of the codebook.

    Attributes:
        start: Its first token, the determiner.
        end: The token after its noun.
        noun: Its noun.
        modifiers: The words between determiner and noun, in lower case.
        definite: Whether it is one that is known already ("the", "this"), not a new one ("a") or somebody's ("its").
        restricted: Whether words behind it tell which one is meant.
    """

    start: int
    end: int
    noun: Noun
    modifiers: tuple[str, ...]
    definite: bool
    restricted: bool


def descriptions(view: View) -> list[Description]:
    """Return the noun phrases of a sentence that have a determiner or possessor and no name of the codebook."""
    found = []
    for index in range(len(view)):
        if not _is_determiner(view, index):
            continue
        start = index + 1
        end = _end(view, start)
        if end == start:
            continue
        modifiers = tuple(view.lower(place) for place in range(start, end - 1))
        # "Said that treaties": the word may be a conjunction.
        sure = view.lower(index) != "that" or view.lower(index - 1) in words.PREPOSITIONS
        definite = view.lower(index) in DEFINITE and sure
        restricted = _is_restricted(view, index, end)
        found.append(Description(index, end, noun_of_word(view.lower(end - 1)), modifiers, definite, restricted))
    return found


def _is_determiner(view: View, index: int) -> bool:
    word = view.lower(index)
    if view.mention(index) is not None:
        # "Norwegian plan"; "Kenya voted" has a verb.
        after = view.tokens[index + 1] if index + 1 < len(view) and view.mention(index + 1) is None else None
        return after is not None and after.is_word and not after.lower.endswith("ed")
    if word == "that":
        return index + 1 < len(view) and view.tokens[index + 1].is_word
    return word in DEFINITE or word in _INDEFINITE or word in words.POSSESSIVES or view.tokens[index].is_possessive


def _end(view: View, start: int) -> int:
    """Return where the modifiers and the noun behind a determiner end."""
    index = start
    while index < min(len(view), start + _LONGEST):
        word = view.lower(index)
        token = view.tokens[index]
        if not token.is_word or view.mention(index) is not None or token.text.isdigit():
            break
        if index > start and _ends_at(view, index - 1, start):
            break
        participle = index > start and word.endswith(("ed", "ing"))
        adverb = word.endswith("ly") and len(word) > 4
        first = all(view.lower(place) in PLAIN for place in range(start, index))
        noun = first and (word in PLAIN or word in words.BASES)
        if participle or adverb or (word in _STOPS and not noun):
            break
        index += 1
    return index


def _ends_at(view: View, index: int, start: int) -> bool:
    """Tell whether a noun phrase ends at a token, since what follows looks like its verb.

    A plural ("these ships protect"), or a word that one in "s" follows, which a determiner or name follows ("the treaty
    binds the parties").
    """
    word, after = view.lower(index), view.lower(index + 1)
    if noun_of_word(word).plural and word not in words.MODIFIERS and word not in PLAIN:
        return True
    verb = after.endswith("s") and not after.endswith("ss") and view.tokens[index + 1].text.islower()
    behind = view.lower(index + 2)
    object_ = behind in words.DETERMINERS or behind in words.POSSESSIVES or view.mention(index + 2) is not None
    return verb and object_


def _is_restricted(view: View, determiner: int, end: int) -> bool:
    if view.mention(end) is not None:
        return True
    word = view.lower(end)
    if word in _OF_PLACES:
        # "the mission in Oslo"; "in writing" is of the verb.
        after = end + 1 + (view.lower(end + 1) == "the")
        return view.mention(after) is not None or view.name_end(after) > after
    if word == "on" and (view.lower(end + 1).isdigit() or view.lower(end + 1) in _DAYS):
        return False
    if word not in _RESTRICTING:
        return False
    return view.lower(determiner - 1) not in _OF_VERBS.get(word, frozenset())


def noun_follows(view: View, index: int) -> bool:
    """Tell whether a noun begins at a token, so that the words before it may only tell of which kind it is."""
    return _end(view, index) > index and not view.lower(index).endswith(("ed", "ing"))
