"""How the page writes stances, scores and names; its script has the same words from the data block."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, Final

from stancelab.article.results import MIXED, NONE
from stancelab.schema import AGAINST, FAVOR, NEUTRAL

if TYPE_CHECKING:
    from stancelab.article.results import Evidence, PairStance, ReadDocument

#: Decimals of the numbers in the data block; the static page rounds to them first, so that both show the same.
DECIMALS: Final = 4
AUTHOR: Final = "the author"
#: A sign beside every color, so that no color stands alone.
SIGNS: Final = {FAVOR: "+", AGAINST: "−", NEUTRAL: "○", NONE: "○", MIXED: "±"}
#: What stands behind a score that lies on the other side of 0 than its stance; a note below the matrix says why.
OPPOSED_SIGN: Final = "†"
WORDS: Final = {FAVOR: "favor", AGAINST: "against", NEUTRAL: "no stance", NONE: "no stance", MIXED: "mixed"}
SIDES: Final = {FAVOR: "in favor", AGAINST: "against"}
NOT_COUNTED: Final = "not counted"
#: From these absolute scores on a cell has the second and the third strength of its color.
STRENGTHS: Final = (1 / 3, 2 / 3)
#: The directions of letters and marks that turn the direction of writing (Unicode Standard Annex 9).
_TURNING: Final = frozenset(("R", "AL", "RLE", "RLO", "LRE", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"))
#: How many words are listed that spoke for an answer, and how many against it.
MOST_WORDS: Final = 5


def person(name: str) -> str:
    """Return the name of a source or target as it is shown; it is empty for the author.

    One that turns the direction of writing is isolated, so that it turns nothing beyond itself.
    """
    if not name.isascii() and any(unicodedata.bidirectional(character) in _TURNING for character in name):
        return f"\u2068{name}\u2069"
    return name or AUTHOR


def signed(score: float) -> str:
    """Return a score with its sign and two decimals: -0.618 -> "−0.62"."""
    number = f"{abs(round(score, DECIMALS)):.2f}"
    return number if number == "0.00" else f"{'+' if score > 0 else '−'}{number}"


def whole_percent(share: float) -> str:
    """Return a share in percent without decimals: 0.824 -> "82%"."""
    return f"{math.floor(100 * round(share, DECIMALS) + 0.5)}%"


def strength(score: float) -> int:
    """Return how strong a score is: 1, 2 or 3."""
    return 1 + sum(abs(score) >= edge for edge in STRENGTHS)


def css_class(pair: PairStance) -> str:
    """Return the classes of what is colored by a stance; a stance for or against has a strength.

    It is the least one where the score lies on the other side of 0: a larger score speaks less for the stance there.
    """
    if pair.stance not in (FAVOR, AGAINST) or pair.score is None:
        return pair.stance
    return f"{pair.stance} s{1 if pair.is_opposed else strength(pair.score)}"


def summary(pair: PairStance) -> str:
    """Return what a pair's sentences come to: "against, −0.62 [−0.80, −0.41], confidence 82%, 5 sentences"."""
    if not pair.sentences or pair.score is None or pair.confidence is None:
        return f"{NOT_COUNTED}: {sentences(pair.left_out)}"
    interval = "" if pair.low is None or pair.high is None else f" [{signed(pair.low)}, {signed(pair.high)}]"
    both = f", {pair.favor} favor and {pair.against} against" if pair.favor and pair.against else ""
    note = f" ({pair.note})" if pair.note else ""
    return (
        f"{WORDS[pair.stance]}, {signed(pair.score)}{interval}, confidence {whole_percent(pair.confidence)},"
        f" {sentences(pair.sentences)}{both}{note}"
    )


def cell_score(pair: PairStance) -> str:
    """Return the score of a cell: "−0.62", and "−0.03†" where it lies on the other side of 0 than the stance."""
    return "" if pair.score is None else f"{signed(pair.score)}{OPPOSED_SIGN if pair.is_opposed else ''}"


def both_sides(pair: PairStance) -> str:
    """Return the numbers of sentences in favor and against, " (1+ 2−)", where there are both; else ""."""
    return f" ({pair.favor}{SIGNS[FAVOR]} {pair.against}{SIGNS[AGAINST]})" if pair.favor and pair.against else ""


def contradiction(pair: PairStance) -> str:
    """Return the numbers of sentences by stance: "1 favor, 3 against, 1 no stance; 2 more not counted"."""
    more = f"; {pair.left_out} more not counted" if pair.left_out else ""
    return f"{pair.favor} favor, {pair.against} against, {pair.neutral} no stance{more}{order(pair)}"


def order(pair: PairStance) -> str:
    """Return which stances come first and last where there are both: "; against first, in favor last"; else ""."""
    if not (pair.favor and pair.against and pair.first_stance and pair.last_stance):
        return ""
    first, last = SIDES[pair.first_stance], SIDES[pair.last_stance]
    return f"; {first} first and last" if first == last else f"; {first} first, {last} last"


def sentences(number: int) -> str:
    """Return a number of sentences."""
    return f"{number:,} sentence{'' if number == 1 else 's'}"


def why_left_out(evidence: Evidence, threshold: float) -> str:
    """Return why a sentence does not count: "not counted: a headline"; "" where it counts."""
    if evidence.counted:
        return ""
    return f"{NOT_COUNTED}: {'under the threshold' if evidence.confidence < threshold else 'a headline'}"


def how_known(evidence: Evidence, document: ReadDocument) -> str:
    """Return how the source of a sentence is known, "" where it is named: "“She” stands for Russia"."""
    if evidence.how == "author":
        return "the author's own words"
    if evidence.how == "named":
        return ""
    name = person(evidence.source)
    if evidence.how == "quote" and evidence.source_span is None:
        return f"quotation of {name}"
    if evidence.source_span is None:
        return f"carried over from {name}"
    words = " ".join(document.text[slice(*evidence.source_span)].split())
    return "" if words == name else f"“{words}” stands for {name}"


def spoke(evidence: Evidence, document: ReadDocument) -> str:
    """Return the words that spoke most for and against an answer, with their weights; "" where these are not known."""
    ranked = sorted(evidence.weights, key=lambda each: (-abs(each.weight), each.start))
    parts = []
    for title, chosen in (
        ("For this answer", [each for each in ranked if each.weight > 0]),
        ("Against it", [each for each in ranked if each.weight < 0]),
    ):
        words = ", ".join(
            f"{document.text[each.start : each.end]} ({signed(each.weight)})" for each in chosen[:MOST_WORDS]
        )
        if words:
            parts.append(f"{title}: {words}.")
    return " ".join(parts)
