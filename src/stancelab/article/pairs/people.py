"""The persons of an article who stand for an entry, and where their names stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.persons import is_beside_office
from stancelab.article.pairs.view import is_office
from stancelab.article.types import Mention

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.article.pairs.persons import Introduction
    from stancelab.article.pairs.view import View
    from stancelab.schema import Span

#: Surnames that are words too: they are names only beside a verb of reporting or a title.
_COMMON: Final = words.word_set("may will long young white black brown green rice king price bush rose grant hope")
_LONGEST_INITIALS: Final = 4
#: Tokens of given names and initials.
_LONGEST_GIVEN: Final = 4
_NO_GIVEN: Final = words.word_set(
    "north south east west northern southern eastern western new greater upper lower central"
)


class People:
    """Persons by their names.

    The full name stands for the person's entry; so do the surname and, for names that begin with it, the first name,
    unless two persons of different entries share it: then the one introduced last has it.
    """

    def __init__(self, examples: Mapping[str, Mention]) -> None:
        """Take a mention of each entry, for the roles that its persons have too."""
        self._roles = examples
        self._entries: dict[str, str] = {}
        self._genders: dict[str, str] = {}
        self._introduced: dict[str, str] = {}
        self._surnames: set[tuple[str, str]] = set()

    def add(self, view: View, introduction: Introduction, entry: str) -> None:
        """Remember a person who was introduced."""
        tokens = view.tokens[introduction.start : introduction.end]
        full = " ".join(token.text for token in tokens if token.text != ".")
        if " " in full:
            self._introduced.setdefault(full, entry)
        for form in {full, _surname([token.text for token in tokens if token.text != "."]), tokens[0].text}:
            if len(form) > 1:
                self._entries[form] = entry
                if introduction.gender:
                    self._genders[form] = introduction.gender

    def note_surnames(self, view: View) -> None:
        """Remember the codebook's words that stand behind a given name or beside an office.

        Codebooks list persons under their state; such words are a person's name: "spokeswoman Alena Barysevich", "its
        director, Pelle Holm", "Kari Lund, the foreign minister".
        """
        for mention in view.mentions:
            first = next((place for place, token in enumerate(view.tokens) if token.start >= mention.span.start), 0)
            text = view.text(mention.span)
            if text[:1].isupper() and text != mention.entry and _is_named_before(view, first):
                self._surnames.add((mention.entry, text))
            if text != mention.entry and mention.source and is_beside_office(view, first):
                self._surnames.update(((mention.entry, text), (mention.entry, text.split()[-1])))

    def is_surname(self, view: View, mention: Mention) -> bool:
        """Tell whether a mention is the name of a person whom a codebook lists under an entry."""
        return (mention.entry, view.text(mention.span)) in self._surnames

    def gender(self, name: str) -> str:
        """Return "he" or "she" for a name whose title or office said so, else ""."""
        return self._genders.get(name, "")

    def introduced(self) -> list[str]:
        """Return the entries of the persons who were introduced by their full names, one for each person."""
        return list(self._introduced.values())

    def called(self, name: str) -> str:
        """Return the entry of a person by name in any letter case, or by the initials of one person; "" if none."""
        wanted = name.casefold()
        found = {entry for form, entry in self._entries.items() if form.casefold() == wanted}
        if not found and name.isupper() and 1 < len(name.replace(".", "")) <= _LONGEST_INITIALS:
            found = {entry for full, entry in self._introduced.items() if _initials(full) == name.replace(".", "")}
        return found.pop() if len(found) == 1 else ""

    def mentions(self, view: View) -> list[Mention]:
        """Return the places of a sentence that name a person who stands for an entry."""
        found: list[Mention] = []
        index = 0
        while index < len(view):
            end = view.name_end(index)
            start = self._start(view, index, end)
            if start is not None:
                name = " ".join(token.text for token in view.tokens[start:end] if token.text != ".")
                found.append(self._mention(self._entries[name], view.span(start, end)))
            index = max(end, index + 1)
        return found

    def _mention(self, entry: str, span: Span) -> Mention:
        known = self._roles.get(entry)
        if known is None:
            return Mention(entry=entry, span=span)
        return Mention(entry=entry, span=span, source=known.source, target=known.target)

    def _start(self, view: View, start: int, end: int) -> int | None:
        """Return where the known name begins in a run of capitals, None where there is none.

        A sentence may begin with a word that is no name ("Interestingly Lund").
        """
        opens = start == 0 and end > 1 and view.lower(0).endswith(("ing", "ed", "ly"))
        for first in (start, start + 1) if opens else (start,):
            texts = [token.text for token in view.tokens[first:end] if token.text != "."]
            if " ".join(texts) not in self._entries:
                continue
            if len(texts) == 1 and texts[0].lower() in _COMMON and not _spoken_of(view, first):
                continue
            return first
        return None


def _surname(texts: list[str]) -> str:
    """Return the last name with its particles ("von der Leyen")."""
    start = len(texts) - 1
    while start > 1 and texts[start - 1].lower() in words.PARTICLES:
        start -= 1
    return " ".join(texts[start:])


def _initials(full: str) -> str:
    return "".join(part[0] for part in full.split() if part[0].isupper())


def _spoken_of(view: View, index: int) -> bool:
    return view.lower(index + 1) in words.REPORTING or view.lower(index - 1) in (*words.TITLES, ".")


def _is_named_before(view: View, first: int) -> bool:
    """Tell whether a given name stands before a token, behind an office, a title or a comma."""
    place = first
    while (
        place > 0
        and first - place < _LONGEST_GIVEN
        and view.tokens[place - 1].has_capital | (view.lower(place - 1) == ".")
    ):
        place -= 1
    given = view.name_end(place) == first and place < first and view.lower(place) not in _NO_GIVEN
    before = view.lower(place - 1)
    return given and place > 0 and (is_office(before) or before in (",", "judge") or before in words.TITLES)
