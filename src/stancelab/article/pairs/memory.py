"""Who has reported or acted lately in an article, so that pronouns and offices find whom they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import kinds, words
from stancelab.article.pairs.actors import Actor, fits_pronoun, may_fit, persons_first
from stancelab.article.pairs.view import is_document, is_office, singular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: Offices and bodies that only states have.
_OF_STATES: Final = words.word_set(
    """
    minister premier government ministry embassy ambassador army military navy parliament king queen kingdom
    country nation republic cabinet chancellor administration senate congress consul monarch regime treasurer
    """
)
#: Offices of which one person of a state has one.
_HELD: Final = words.word_set("minister premier president chancellor king queen monarch emir taoiseach")
#: Words for bodies of which a codebook has few, so that another body named between is none of them.
_OF_FEW: Final = words.word_set(
    "alliance bloc court tribunal commission secretary-general commissioner prosecutor registrar"
)
#: Words for whoever holds any office.
_ANY_OFFICE: Final = words.word_set("official diplomat leader politician")


class Memory:
    """The actors of the last sentences, and the offices and names of the section.

    Attributes:
        reach: Sentences for which an actor is remembered.
        groups: The group of each entry, where the codebook has groups.
        people: The entries that are persons by their names, or that the article shows to be ("Ada Rook, a historian").
        home: The state of the dateline, whose offices are meant where nothing else fits; "" without one.
    """

    def __init__(self, reach: int, groups: Mapping[str, str]) -> None:
        self.reach = reach
        self.groups = groups
        self.home = ""
        self.people: set[str] = set()
        self._head = "", -1
        self._scene = "", -1
        self._two: tuple[str, ...] = ()
        self._actors: list[tuple[int, list[Actor]]] = []
        self._offices: dict[str, list[tuple[str, ...]]] = {}
        self._named: list[tuple[int, str]] = []

    def reset(self) -> None:
        """Forget everything, as at a headline."""
        self._actors.clear()
        self._offices.clear()
        self._named.clear()
        self._scene = "", -1

    def note(self, sentence: int, actors: Sequence[Actor]) -> None:
        """Remember the actors of a sentence, the most prominent first; those of another state end a scene."""
        if actors:
            self._actors.append((sentence, list(actors)))
        scene, paragraph = self._scene
        if any(entry != scene and self.is_state(entry) for actor in actors for entry in actor.entries):
            self._scene = "", paragraph

    def go_to(self, state: str, paragraph: int) -> None:
        """Take the state whose capital a paragraph has come to, whose offices are meant from there on; "" for none."""
        if state or paragraph != self._scene[1]:
            self._scene = state if self.is_state(state) else "", paragraph

    def headline(self, entries: Iterable[str]) -> None:
        """Take the two states that a headline names, whom "both governments" stands for where nobody else fits."""
        states = tuple(dict.fromkeys(filter(self.is_state, entries)))
        self._two = states if len(states) == 2 else self._two

    def see(self, sentence: int, entries: Sequence[str]) -> None:
        """Remember which entries a sentence names."""
        self._named.extend((sentence, entry) for entry in entries)

    def see_other(self, sentence: int, name: Sequence[str]) -> None:
        """Remember that a sentence names a body which the codebook does not have, by the words of its name."""
        self._named.append((sentence, ""))
        for noun in kinds.NOUNS.intersection(singular(word.lower()) for word in name):
            self.register(noun, ())

    def is_state(self, entry: str) -> bool:
        """Tell whether an entry is a state."""
        return entry not in self.people and kinds.is_state(entry, self.groups)

    def register(self, role: str, entries: tuple[str, ...]) -> None:
        """Remember that an office or body was tied to entries; to none where it is somebody else's.

        "foreign minister" is remembered as that and as "minister".
        """
        for key in {singular(role), singular(role.split()[-1])}:
            self._offices.setdefault(key, []).append(entries)

    def is_of_states(self, role: str) -> bool:
        """Tell whether an office or body is one that only states have."""
        return singular(role.split()[-1]) in _OF_STATES

    def of_scene(self, role: str) -> str:
        """Return the state of the scene for an office that only states have, "" for others."""
        return self._scene[0] if self.is_of_states(role) or role == "foreign office" else ""

    def head(self, entry: str, paragraph: int) -> None:
        """Remember which entry heads a paragraph of a digest, where "the party" is it; "" changes nothing."""
        if entry:
            self._head = entry, paragraph
            self.register("party", (entry,))
            self.register("group", (entry,))
            self._actors.clear()

    def headed(self, paragraph: int) -> tuple[str, ...]:
        """Return the entry that heads a paragraph of a digest, none for others."""
        entry, place = self._head
        return (entry,) if place == paragraph else ()

    def last_body(self, sentence: int) -> tuple[str, ...]:
        """Return the one body, no state, that the last sentence with a name names; none where it has several."""
        near = [(number, one) for number, one in self._named if 0 < sentence - number <= self.reach]
        last = max((number for number, _ in near), default=-1)
        bodies = {one for number, one in near if number == last and (one[:1].islower() or not self.is_state(one))}
        return tuple(bodies) if len(bodies) == 1 and "" not in bodies else ()

    def hold(self, role: str, entry: str) -> None:
        """Remember that a person of an entry has an office that only states have ("the Prime Minister, Ada Rook")."""
        if singular(role.split()[-1]) in _HELD:
            self.register(role, (entry,))

    def holder(self, role: str) -> str:
        """Return the entry whose person has an office that only states have, "" where that is not known."""
        known = self.registered(role) if singular(role.split()[-1]) in _HELD else ()
        return known[0] if len(known) == 1 else ""

    def registered(self, role: str) -> tuple[str, ...]:
        """Return the entries that an office was tied to last; none where it was not."""
        if scene := self.of_scene(role):
            return (scene,)
        known = self._offices.get(singular(role))
        return known[-1] if known else ()

    def _latest(self, sentence: int) -> Iterator[list[Actor]]:
        for number, actors in reversed(self._actors):
            if sentence - number > self.reach:
                return
            yield actors

    def main(self, sentence: int) -> Actor | None:
        """Return who was the most prominent actor of the last sentence that had one; a person before others."""
        for actors in self._latest(sentence):
            return next((actor for actor in actors if actor.person and actor.entries), actors[0])
        return None

    def persons(self, sentence: int) -> Iterator[tuple[int, list[Actor]]]:
        """Yield the last sentences with persons among their actors, the last one first, with these."""
        for number, actors in reversed(self._actors):
            if sentence - number > self.reach:
                return
            if people := [actor for actor in actors if actor.person]:
                yield number, people

    def pronoun(
        self,
        word: str,
        sentence: int,
        before: Sequence[Actor],
        *,
        speaks: bool = False,
        but: frozenset[str] = frozenset(),
    ) -> Actor | None:
        """Return whom a pronoun stands for, None where nobody fits.

        "he" and "she" stand for the last person, "it" for the last body, "they" for the last several. Where no person
        fits, "he" and "she" stand for the last body that spoke; where nobody is several, "they" does so too.

        Args:
            word: "he", "she", "it" or "they".
            sentence: Its sentence.
            before: Actors of this sentence before it, the last one first.
            speaks: Whether it is the subject of a verb of reporting; "it" is then no thing that only acted.
            but: Whom it does not stand for: who says it.
        """
        rounds = [list(before), *self._latest(sentence)]
        if but:
            rounds = [
                [one for one in actors if not but.issuperset(one.entries) or not one.entries] for actors in rounds
            ]
        if speaks and word == "it":
            rounds = [[actor for actor in actors if actor.entries or not actor.silent] for actors in rounds]
        found = next((actor for actors in rounds for actor in persons_first(actors) if fits_pronoun(actor, word)), None)
        if found is None and word != "it":
            found = next((actor for actors in rounds for actor in actors if may_fit(actor, word)), None)
        if found is None or word not in ("he", "she") or found.gender:
            return found
        self._learn(found, word)
        return Actor(found.entries, True, gender=word)

    def _learn(self, actor: Actor, gender: str) -> None:
        """Remember the gender that a pronoun has shown."""
        if actor.person:
            known = Actor(actor.entries, True, actor.plural, gender)
            self._actors = [
                (number, [known if one == actor else one for one in actors]) for number, actors in self._actors
            ]

    def office(self, role: str, sentence: int, *, definite: bool, several: bool) -> tuple[str, ...]:
        """Return the entries that an office, body or document stands for; none where nothing fits.

        Args:
            role: Its noun in lower case, with the word that tells it from others ("foreign ministry").
            sentence: Its sentence.
            definite: Whether it is one that is known already ("the ministry"), not a new one ("a spokesman").
            several: Whether it is said of several ("both governments").
        """
        one = singular(role.split()[-1])
        if several:
            return self._several(one, sentence)
        known = self.registered(role)
        if definite and (known or self._offices.get(singular(role))):
            return known
        if one in kinds.NOUNS:
            return self._of_kind(one)
        if definite and one in _ANY_OFFICE:
            for actors in self._latest(sentence):
                person = next((actor for actor in actors if actor.person), None)
                if person is not None:
                    return person.entries
        return self._by_last_actor(one, sentence, definite=definite)

    def _several(self, noun: str, sentence: int) -> tuple[str, ...]:
        """Return the entries that acted together, else the last two persons, else what the last sentence names."""
        for _, actors in reversed(self._actors):
            for actor in actors:
                if len(actor.entries) > 1:
                    return actor.entries
        if leaders := self.leaders(noun, sentence):
            return leaders
        names = tuple(dict.fromkeys(entry for place, entry in self._named if place == sentence - 1))
        if len(names) == 2:
            return names
        return self._two if noun in _OF_STATES or noun in ("capital", "side", "state") else ()

    def leaders(self, noun: str, sentence: int) -> tuple[str, ...]:
        """Return the two entries whose persons spoke of late ("the leaders", "the ministers"); none for others."""
        if not is_office(noun):
            return ()
        people = (one.entries for actors in self._latest(sentence) for one in actors if one.person)
        spoken = tuple(dict.fromkeys(entry for entries in people for entry in entries))
        return spoken if len(spoken) == 2 else ()

    def _of_kind(self, noun: str) -> tuple[str, ...]:
        """Return the entry that was named last and that a common noun fits ("the alliance"), if it is the last body.

        "The union" after a union that the codebook does not have is nobody of it.
        """
        for _, entry in reversed(self._named):
            if not entry and noun not in _OF_FEW:
                return ()
            if entry and kinds.fits(noun, entry, self.groups.get(entry, "")):
                return (entry,)
        return ()

    def _by_last_actor(self, noun: str, sentence: int, *, definite: bool) -> tuple[str, ...]:
        for actors in self._latest(sentence):
            for actor in actors:
                if not actor.entries:
                    # "A spokesman" after words of somebody else is theirs; "the government" is not.
                    if not definite and not actor.person:
                        return ()
                    continue
                if len(actor.entries) > 1 and not is_document(noun):
                    continue
                if noun in _OF_STATES and not all(map(self.is_state, actor.entries)):
                    continue
                return actor.entries
        return (self.home,) if self.home and definite and noun in _OF_STATES else ()
