"""Pronouns that a sentence shows a stance toward: "opposed it", "voted against them", "“It is a trap,” he said"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words

if TYPE_CHECKING:
    from stancelab.article.pairs.view import View

#: Verbs of which an actor alone is the object.
_OF_ACTORS: Final = words.word_set(
    "ask tell thank warn urge accuse congratulate invite remind assure promise advise rebuke reproach scold"
)
#: Verbs of stance of which anything may be the object.
_OF_ANYTHING: Final = words.word_set(
    """
    oppose reject support back welcome endorse condemn denounce deplore dismiss praise criticise criticize call
    describe brand label attack defend approve applaud hail mock ridicule tolerate resist block veto boycott
    want ratify sign like love hate dislike favour favor regret accept adopt ban drop scrap lift extend delay
    undermine embrace cherish envy fear prefer abolish repeal contest challenge demand propose finance fund join leave
    stop halt kill save fight defeat protect renew resume suspend postpone reconsider withdraw renounce uphold violate
    breach keep close shut denounce need defy deride
    """
)
#: Verbs of which a treaty or law is the object.
_OF_TREATIES: Final = words.word_set("ratify sign adopt repeal accede")
#: Verbs of which an adjective may be meant ("finds it hard to say").
_OF_OPINION: Final = words.word_set("consider think deem find believe")
_IRREGULAR: Final = {"thought": "think", "found": "find", "left": "leave", "told": "tell"}
_PREPOSITIONS: Final = {
    "for": words.word_set(
        "vote voted votes voting fought campaigned campaigns pay paid pays asked pushed pressed support need enthusiasm"
    ),
    "to": words.word_set(
        """
        object objected objects agreed agrees agree opposed consented opposition returned committed objection objections
        alternative hostile sympathetic resistance
        """
    ),
    "against": None,
    "behind": None,
    "of": words.word_set("wary critical proud tired fond afraid favor favour support supportive defence defense rid"),
    "with": words.word_set("agreed agrees disagreed disagrees"),
    "in": words.word_set("believe believes believed faith confidence interest"),
    "on": words.word_set("up insist insists insisted"),
    "about": words.word_set("enthusiastic concerned worried optimistic sceptical skeptical unhappy doubts"),
}
#: Verbs that call their object something ("calls this an invasion").
_NAMING: Final = words.word_set("call brand label consider think deem find")
#: What may follow "this" as an object ("described this as unnecessary").
_BEHIND_OBJECTS: Final = words.PREPOSITIONS | words.CONJUNCTIONS | words.ADVERBS
#: What tells that "it" only announces a clause ("it is clear that", "it is not for us to say").
_ANNOUNCED: Final = words.word_set("that to whether who if when what why how which where")
_REACH: Final = 8
_SUPERLATIVES: Final = words.word_set("one best worst only most least first last biggest greatest")
#: Verbs of which words are the object ("Ethiopia answered it").
_OF_WORDS: Final = words.word_set(
    "answer answers answered read reads say says said write wrote hear heard repeat repeated"
)
#: Verbs of which "it" may be no object ("as she put it", "made it clear that").
_OF_IDIOMS: Final = words.word_set(
    "put puts make makes made find finds found take takes took is was has had think leave keep get got worth"
)


@dataclass(frozen=True, slots=True)
class PronounTarget:
    """A pronoun that may be a target.

    Attributes:
        index: Its token.
        plural: Whether it is "them"; None for "this" and "that" alone.
        actor: Whether it can be an actor alone.
        treaty: Whether its verb is one of treaties and laws ("ratify it").
        loose: "object", "subject" or "opening", the subject of the sentence, where no verb of stance tells that it is
            a target; such a pronoun is a thing. "" for others.
    """

    index: int
    plural: bool | None
    actor: bool = False
    treaty: bool = False
    loose: str = ""


def pronoun_targets(view: View) -> list[PronounTarget]:
    """Return the pronouns of a sentence that may be targets, in order."""
    found = []
    for index, token in enumerate(view.tokens):
        if token.lower in ("this", "that") and _is_alone(view, index):
            found.append(PronounTarget(index, None))
        if token.lower not in ("it", "them"):
            continue
        asked = _asked_as(view, index)
        if asked is not None:
            treaty = _base(view.lower(index - 1)) in _OF_TREATIES
            found.append(PronounTarget(index, token.lower == "them", actor=asked == "actor", treaty=treaty))
        elif token.lower == "it" and token.spoken and _opens(view, index) and not is_announcing(view, index):
            found.append(PronounTarget(index, plural=False, loose="subject"))
        elif token.lower == "it" and (loose := _loose(view, index)):
            found.append(PronounTarget(index, plural=False, loose=loose))
    return found


def _is_alone(view: View, index: int) -> bool:
    """Tell whether "this" or "that" is the object of a verb of stance, or begins quoted words, without a noun."""
    after = view.tokens[index + 1] if index + 1 < len(view) else None
    if view.tokens[index].spoken and _opens(view, index):
        return after is not None and (after.lower in words.AUXILIARIES or after.is_possessive)
    ends = after is None or not (after.is_word or after.is_possessive) or after.lower in _BEHIND_OBJECTS
    if view.lower(index) == "that":
        return ends and _asked_as(view, index) == "anything" and view.lower(index - 1) in _PREPOSITIONS
    called = after is not None and after.lower in ("a", "an", "the") and _base(view.lower(index - 1)) in _NAMING
    return (ends or called) and _asked_as(view, index) == "anything"


def person_objects(view: View) -> list[int]:
    """Return the places of "him" and "her" as the object of a past tense of a verb of stance ("she thanked him")."""
    found = []
    for index, token in enumerate(view.tokens):
        after = view.tokens[index + 1] if index + 1 < len(view) else None
        ends = after is None or not after.is_word or after.lower in words.PREPOSITIONS | words.CONJUNCTIONS
        objects = token.lower == "him" or (token.lower == "her" and ends)
        verb = view.lower(index - 1)
        if objects and not token.spoken and (verb.endswith("ed") or verb in _IRREGULAR) and _base(verb):
            found.append(index)
    return found


def _asked_as(view: View, index: int) -> str | None:
    """Return "actor" or "anything" for the object of a verb of stance, None for other pronouns."""
    before = view.lower(index - 1)
    if before in _PREPOSITIONS:
        after = _PREPOSITIONS[before]
        return "anything" if after is None or view.lower(index - 2) in after else None
    base = _base(before)
    if base in _OF_ACTORS:
        return "actor"
    if base in _OF_OPINION:
        return None if _announces(view, index + 1) else "anything"
    return "anything" if base in _OF_ANYTHING else None


def _loose(view: View, index: int) -> str:
    """Return "subject" or "object" for another "it" that stands for something; "" where it may stand for nothing."""
    if is_announcing(view, index):
        return ""
    first = next((place for place, token in enumerate(view.tokens) if token.is_word), index)
    after = view.tokens[index + 1] if index + 1 < len(view) else None
    verb = after is not None and (after.lower in words.AUXILIARIES or after.lower in words.REPORTING)
    if verb or (after is not None and (after.is_possessive or after.lower.endswith("ed"))):
        return "opening" if index == first and not view.tokens[index].spoken else "subject"
    before = view.lower(index - 1)
    if before in _OF_WORDS:
        return ""
    opens = index == 0 or not view.tokens[index - 1].is_word or before in words.CONJUNCTIONS
    idiom = before in _OF_IDIOMS and (after is None or not after.is_word or _announces(view, index + 1))
    return "" if opens or idiom else "object"


def _base(verb: str) -> str:
    """Return the base form of a verb of the lists, "" for other words."""
    known = _OF_ACTORS | _OF_ANYTHING | _OF_OPINION
    forms = [verb, verb.removesuffix("s"), verb.removesuffix("es"), verb.removesuffix("d"), verb.removesuffix("ed")]
    forms += [verb.removesuffix("ing"), verb.removesuffix("ing") + "e", _IRREGULAR.get(verb, "")]
    forms += [verb[: -len(end)] + "y" for end in ("ies", "ied") if verb.endswith(end)]
    forms += [verb[:-3] for end in ("ped", "ned") if verb.endswith(end)]
    return next((form for form in forms if form in known), "")


def _opens(view: View, index: int) -> bool:
    """Tell whether a token begins a clause of quoted words."""
    before = view.tokens[index - 1] if index else None
    return before is None or before.is_mark


def is_announcing(view: View, index: int) -> bool:
    """Tell whether "it" only announces a clause ("it is clear that")."""
    place = index + 1
    while view.lower(place) in words.AUXILIARIES or view.lower(place) in words.ADVERBS:
        place += 1
    if view.lower(place) == "the" and view.lower(place + 1) in _SUPERLATIVES:
        # "It was the one idea that worked".
        return False
    copula = any(view.lower(one) in words.PASSIVE for one in range(index + 1, place))
    contracted = index + 1 < len(view) and view.tokens[index + 1].is_possessive
    seems = view.lower(place) in ("seems", "seemed", "appears", "appeared", "follows", "took", "takes", "rained")
    idiom = view.lower(place) in ("come", "comes", "came") and view.lower(place + 1) == "to"
    return seems or idiom or ((copula or contracted) and _announces(view, place + contracted))


def _announces(view: View, start: int) -> bool:
    for index in range(start, min(start + _REACH, len(view))):
        if not view.tokens[index].is_word:
            return False
        if view.lower(index) in _ANNOUNCED:
            return True
    return False
