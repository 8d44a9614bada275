"""Names that only modify a noun of somebody or something else: "critics of China", "a book about France".

Such a name is no source. The organs of what it names are ("the government of Norway", "a spokesperson for Norway"), and
so are those whose act or words a noun tells ("support from Norway", "the refusal of Hungary").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.codebook.offices import ends_in_office
from stancelab.article.pairs import words
from stancelab.article.pairs.body_offices import is_body_office
from stancelab.article.pairs.nouns import ACT_ENDINGS
from stancelab.article.pairs.office_words import first_of_office, is_no_holder, is_office_word, noun_of
from stancelab.article.pairs.view import is_body, is_private, singular, speaks

if TYPE_CHECKING:
    from stancelab.article.pairs.view import View

#: What follows these is spoken of or left out, never who speaks.
_OBJECTS: Final = words.word_set("about against without despite on over toward towards regarding concerning besides")
#: What follows these is whose somebody or something is, or where.
_TIES: Final = words.word_set("of from for in at near inside outside across within throughout")
#: Adjectives between these and a name, besides those with a hyphen.
_ADJECTIVES: Final = words.DETERMINERS | words.word_set(
    "neighbouring neighboring nearby rival fellow modern embattled isolated occupied whole entire ancient rural today's"
)
#: Nouns before "of" that tell an act or the words of whose they are; "criticism of China" is somebody else's.
_HELD: Final = words.word_set(
    """
    behalf name word words voice view opinion part side all rest most half majority member one some many each city
    refusal support opposition objection position stance consent approval backing decision demand request insistence
    wish hope fear anger promise pledge offer proposal plan policy reluctance vote warning threat attitude signature
    effort role help aid hostility ambition claim desire goal interest intention veto agreement pressure behest
    initiative invitation readiness willingness eyes capital commitment contribution submission petition complaint
    speech remark comment testimony appeal argument answer response reaction verdict ruling judgment judgement
    """
)
#: What comes "from" those who act or speak, besides nouns of acts, and the verbs of who gets it.
_GIVEN: Final = words.word_set(
    """
    aid help money fund cash loan gift weapon arms pressure anger wrath tariff strike missile veto vote message word
    signal apology push hostility interest heard hear hears learned learnt got get gets received receive receives won
    wins drew draws earned came come comes
    """
)
#: Persons who are against a body or outside of it, not its members.
_OUTSIDERS: Final = words.word_set(
    """
    critic opponent enemy foe rival victim survivor supporter friend family opposition dissident rebel insurgent
    separatist refugee exile former ex witness
    """
)
#: What follows a noun of an act, where a verb of the same form has an object.
_BEHIND_ACTS: Final = frozenset(["to", "for", "from", "of", "against"])
#: Who is sent to the body or state that is named behind "to".
_SENT: Final = words.word_set("ambassador ambassadors envoy envoys consul delegate delegates representative")
_LONGEST: Final = 40


def only_modifies(view: View, first: int, end: int, *, state: bool) -> bool:
    """Tell whether a name only says what somebody or something else is of, from or about.

    Args:
        view: The sentence.
        first: The first token of the name.
        end: The token after it and its office.
        state: Whether it is the name of a state, which has no members.
    """
    if end < len(view) and view.tokens[end].is_possessive:
        return _is_of_outsider(view, first)
    if _acts_itself(view, end):
        return False
    start, listed, comma, organ = first, False, False, None
    for _ in range(_LONGEST):
        place = _before(view, start)
        word = view.lower(place)
        if view.mention(place) is not None or view.tokens[place].is_possessive:
            return False
        joined = _joined_before(view, place, end, listed=listed) if organ is None else None
        if joined is not None:
            start, listed, comma = joined, True, comma or word == ","
            continue
        opens = place <= 0 or not view.tokens[place - 1].is_word
        if opens and comma:
            # "Without Russia, Norway and Kenya would": the comma ends what opens the clause.
            return False
        if word in _OBJECTS:
            return True
        if word == "to" and _is_sent(view, place):
            return True
        if word not in _TIES or _is_excepted(view, word, place, end):
            return False
        if opens:
            # "From Norway came", "For Norway, the pact is": who acts or thinks so; "In Oslo, its own government".
            return word not in ("for", "from") and not any(
                _is_government(view, index) for index in range(end, len(view))
            )
        if view.lower(place - 1) in ("and", "or") and view.mention(place - 2) is not None:
            # "the ministers of Norway and of Kenya".
            start = view.first_of(place - 2)
            continue
        organ = _start_of_organ(view, place, state=state)
        if organ is None:
            return True
        start = organ
    return False


def _before(view: View, start: int) -> int:
    """Return the token before a name with its article and adjectives, -1 at the beginning."""
    index = start - 1
    while index >= 0 and view.mention(index) is None:
        word = view.lower(index)
        adjective = (
            word in _ADJECTIVES or word in words.MODIFIERS or ("-" in word and view.tokens[index].text.islower())
        )
        if not adjective:
            break
        index -= 1
    return index


def _acts_itself(view: View, end: int) -> bool:
    """Tell whether a name is the subject of what follows it, or of an act that a noun tells.

    "critics of Norway, which rejected", "without Norway signing", "despite Norwegian opposition to".
    """
    after, then = view.lower(end), view.lower(end + 1)
    if after == ",":
        return then in ("which", "whose")
    gerund = after.endswith("ing") and len(after) > len("bring")
    act = singular(after) in _HELD and then in _BEHIND_ACTS
    return after in ("which", "whose") or gerund or act


def _is_of_outsider(view: View, first: int) -> bool:
    """Tell whether a possessive is that of what somebody is against, for or hit by: "critics of Russia's war"."""
    place = _before(view, first)
    noun = singular(view.lower(place - 1))
    return view.lower(place) in ("of", "from") and (noun in _OUTSIDERS or noun in words.PRIVATE)


def _is_sent(view: View, place: int) -> bool:
    """Tell whether somebody is sent to what follows a "to": "the ambassador to", "the envoy of Kenya to"."""
    owner = view.first_of(place - 1) if view.mention(place - 1) is not None else place
    index = _before(view, owner)
    return view.lower(place - 1) in _SENT or (view.lower(index) == "of" and view.lower(index - 1) in _SENT)


def _is_excepted(view: View, word: str, place: int, end: int) -> bool:
    """Tell whether the word before a preposition makes the name behind that one who acts or speaks."""
    before = view.lower(place - 1)
    if word == "of":
        return before in _HELD or singular(before) in _HELD
    if word == "from":
        act = singular(before) in words.BASES or singular(before).endswith(ACT_ENDINGS)
        return before in _GIVEN or singular(before) in _GIVEN or (act and not is_private(before))
    if word == "for":
        # "It is wrong for Norway to leave", "she speaks for Norway".
        speaks_for = before in words.LEADING or before in ("speaking", "speak") or is_body_office(view, place - 1)
        return view.lower(end) == "to" or speaks_for
    return False


def _start_of_organ(view: View, place: int, *, state: bool) -> int | None:
    """Return where the office or body begins that a preposition ties to a name; None where none does."""
    if view.mention(place - 1) is not None and not view.is_person(place - 1):
        # "The Norwegian president of the union", not "the Iranian embassy in Norway".
        held = speaks(view.lower(place - 1)) and view.lower(place) == "of"
        return view.first_of(place - 1) if held else None
    last = place - 1
    while last > 0 and _is_name(view, last):
        last -= 1
    first = first_of_office(view, last)
    noun = noun_of(view, first, last + 1)
    if noun:
        private = state and is_private(noun) and view.lower(first - 1) not in ("the", "its", "their")
        outside = is_no_holder(view, max(first - 1, 0), last + 1)
        return None if private or outside or _is_elsewhere(view, place, first) else first
    if last < place - 1:
        # "Lena Aho of the Greens" is a member, "Lena Aho of Norway" is from there.
        return None if state else last + 1
    head = view.lower(place - 1)
    low = view.sentence.span.start
    if ends_in_office(view.sentence.text[: view.tokens[place - 1].end - low]):
        return None if is_no_holder(view, max(place - 2, 0), place) else place - 1
    member = is_body_office(view, place - 1) or is_private(head) or is_body(head) or head in words.PRIVATE_BODIES
    return place - 1 if not state and member and singular(head) not in _OUTSIDERS else None


def _is_elsewhere(view: View, place: int, first: int) -> bool:
    """Tell whether an office has another owner than the place where it is: "the Iranian embassy in Norway"."""
    owned = view.mention(first - 1) is not None or view.lower(first - 1) in words.POSSESSIVES
    return first > 0 and view.lower(place) not in ("of", "for") and (owned or view.tokens[first - 1].is_possessive)


def _is_name(view: View, index: int) -> bool:
    """Tell whether a token is a word of a person's name, no office."""
    token = view.tokens[index]
    return view.is_person(index) or (
        token.has_capital and view.mention(index) is None and not is_office_word(view, index)
    )


def _joined_before(view: View, place: int, end: int, *, listed: bool) -> int | None:
    """Return where the name begins that "and" or the comma of a list joins to the one behind it; None without."""
    if view.mention(place - 1) is None or place < 1:
        return None
    if view.lower(place) in ("and", "or"):
        # "praised China and Taiwan left": the second name begins a clause.
        clause = _is_verb(view, end) and any(_is_verb(view, index) for index in range(place - 1))
        return None if clause else view.first_of(place - 1)
    comma = view.lower(place) == "," and (listed or view.lower(end) in ("and", "or"))
    return view.first_of(place - 1) if comma else None


def _is_government(view: View, index: int) -> bool:
    return view.lower(index) in ("government", "cabinet") and view.mention(index) is None


def _is_verb(view: View, index: int) -> bool:
    word = view.lower(index)
    past = word.endswith("ed") and len(word) > len("need") and view.lower(index - 1) not in words.DETERMINERS
    return view.mention(index) is None and (word in words.AUXILIARIES or word in words.REPORTING or past)
