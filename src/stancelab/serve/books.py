"""The codebooks of articles: the server's, the default one, those of requests, and what an article proposes."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.codebook import Matcher, parse_codebook, read_codebook
from stancelab.article.proposal.propose import propose
from stancelab.article.settings import ReadSettings
from stancelab.errors import DataError
from stancelab.serve.problems import Problem
from stancelab.serve.settings import DEFAULT, ServeSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.article.codebook import Codebook
    from stancelab.article.types import Document

#: What readings call a codebook that was proposed, as those of `stancelab read` do.
PROPOSED: Final = ""
#: What stands above a proposal that a person is to edit.
PROPOSAL_HEAD: Final = (
    "Proposed from {what}. Put names of one actor together, take out what is of no interest, and add the issues\n"
    "that matter to you. Entries with source: false may be targets only. What a minister says counts for her state\n"
    "once her names are moved to the aliases of the state."
)
#: Codebooks of requests that are kept ready.
_KEPT: Final = 8
#: What the codebook of a request is called in messages.
_GIVEN: Final = "codebook"


@dataclass(frozen=True)
class Book:
    """A codebook that is ready to be looked for.

    Attributes:
        name: What it is called in readings, `PROPOSED` where it was proposed.
        matcher: Finds its entries.
    """

    name: str
    matcher: Matcher

    @classmethod
    def of(cls, codebook: Codebook, name: str) -> Book:
        """Make one of a codebook.

        Raises:
            MissingPackageError: pyahocorasick is not installed.
        """
        return cls(name, Matcher(codebook))

    @property
    def codebook(self) -> Codebook:
        """The codebook."""
        return self.matcher.codebook


class Books:
    """The codebooks of one server.

    Args:
        settings: Which codebook articles have that come without one, and the limits.

    Attributes:
        default: The default codebook.
        server: The codebook of articles that come without one, None where it is proposed from each.

    Raises:
        DataError: The server's codebook cannot be used.
    """

    def __init__(self, settings: ServeSettings) -> None:
        self._settings = settings
        named = settings.codebook
        own = None if named in (None, DEFAULT) else Book.of(read_codebook(named), named)
        self.default = Book.of(read_codebook(DEFAULT), DEFAULT)
        self.server = self.default if named == DEFAULT else own
        self._given: OrderedDict[str, Book] = OrderedDict()
        self._lock = threading.Lock()

    def given(self, codebook: str) -> Book:
        """Return the codebook that comes with a request; those that came last are kept ready.

        Args:
            codebook: YAML, which may include `default` and no file, or "default".

        Raises:
            Problem: 422, it cannot be used.
        """
        if codebook.strip() == DEFAULT:
            return self.default
        if (found := len(codebook)) > self._settings.codebook_characters:
            raise Problem(
                422,
                f"codebook: found {found:,} characters, allowed are {self._settings.codebook_characters:,} "
                "(serve.codebook_characters)",
            )
        key = hashlib.sha256(codebook.strip().encode("utf-8", "surrogatepass")).hexdigest()
        with self._lock:
            if key in self._given:
                self._given.move_to_end(key)
                return self._given[key]
        try:
            book = Book.of(parse_codebook(codebook, _GIVEN), "given with the article")
        except DataError as error:
            raise Problem(422, str(error)) from None
        with self._lock:
            self._given[key] = book
            while len(self._given) > _KEPT:
                self._given.popitem(last=False)
        return book

    def proposed(self, documents: Sequence[Document]) -> Book:
        """Return the one codebook that articles propose, as `stancelab read` proposes one.

        Args:
            documents: The articles, whose sentences are of a length that `check_sentences` allows.

        Raises:
            Problem: 422, they name nothing that may be an entry.
        """
        try:
            found = propose(documents, ReadSettings().candidates, default=self.default.matcher)
        except DataError:
            what = "the article names" if len(documents) == 1 else "the articles name"
            raise Problem(
                422,
                f"codebook: {what} nothing that may be an entry of a proposed one; give a codebook with its "
                "actors and issues",
            ) from None
        return Book.of(found, PROPOSED)
