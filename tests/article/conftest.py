"""Three readings by script, as `stancelab read` would leave them."""

from __future__ import annotations

import random
import re
import statistics
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from stancelab.article.results import (
    CorpusPair,
    DocumentPair,
    Entry,
    Evidence,
    ReadDocument,
    Reading,
    ReadingProvenance,
    SentencePlace,
    TokenWeight,
)
from stancelab.schema import Example, Span, System

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stancelab.article.types import SourceKind

THRESHOLD = 0.5
_VERB = re.compile(r"(?P<favor>prais\w+)|(?P<against>condemn\w+)", re.IGNORECASE)


class VerbSystem(System):
    """Answers by the last verb before the target: "praised" is favor, "condemned" against, none neutral."""

    def __init__(self, thresholds: dict[str, float] | None = None, after: Callable[[int], None] | None = None) -> None:
        self.name = "verbs"
        self.thresholds = thresholds or {}
        self.calls = 0
        self._after = after

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        self.calls += 1
        if self._after is not None:
            self._after(self.calls)
        return np.array([self._answer(example) for example in examples]).reshape(-1, 3)

    def _answer(self, example: Example) -> tuple[float, float, float]:
        span = example.target_span
        assert span is not None
        assert example.text[slice(*span)].split() == example.target.split()
        if example.source_span is not None:
            assert example.text[slice(*example.source_span)].split() == example.source.split()
        verbs = [match.lastgroup for match in _VERB.finditer(example.text, 0, span.start)]
        if not verbs:
            return 0.2, 0.6, 0.2
        return (0.02, 0.08, 0.9) if verbs[-1] == "favor" else (0.9, 0.08, 0.02)


@pytest.fixture
def verb_system() -> type[VerbSystem]:
    return VerbSystem


class Says(NamedTuple):
    """What a sentence says of one pair; words are those in the sentence, "" where there are none."""

    source: str
    words: str
    target: str
    target_words: str
    favor: float
    against: float
    how: SourceKind = "named"


class Line(NamedTuple):
    """A sentence, and whether a paragraph begins with it."""

    text: str
    says: list[Says] = []  # noqa: RUF012 - never changed
    begins: bool = False
    kind: str = "sentence"


def document_of(
    name: str, lines: Sequence[Line], *, weights: bool = False, **about: Any
) -> tuple[ReadDocument, list[Evidence]]:
    """Return a document of some sentences, and what they say."""
    text, places, evidence, paragraph = "", [], [], 0
    for number, line in enumerate(lines):
        if number:
            paragraph += line.begins
            text += "\n\n" if line.begins else " "
        start = len(text)
        text += line.text
        places.append(SentencePlace(span=Span(start, len(text)), paragraph=paragraph, kind=line.kind))  # type: ignore[arg-type]
        evidence += [_evidence(name, number, start, line.text, each, weights) for each in line.says]
    return ReadDocument(id=name, text=text, sentences=places, **about), evidence


def _evidence(document: str, number: int, start: int, text: str, says: Says, weights: bool) -> Evidence:
    def span(words: str) -> Span:
        place = text.index(words)
        return Span(start + place, start + place + len(words))

    neutral = round(1 - says.favor - says.against, 6)
    confidence = max(says.favor, says.against, neutral)
    side = 1 if says.favor > says.against else -1
    found = [(match.start(), match.end()) for match in re.finditer(r"\w+", text)] if weights else []
    return Evidence(
        document=document,
        sentence=number,
        source=says.source,
        target=says.target,
        source_span=span(says.words) if says.words else None,
        target_span=span(says.target_words),
        how=says.how,
        p_against=says.against,
        p_neutral=neutral,
        p_favor=says.favor,
        score=round(says.favor - says.against, 6),
        confidence=confidence,
        counted=confidence >= THRESHOLD,
        weights=[
            TokenWeight(start + first, start + last, round(side * (last - first - 5) * 0.04, 4))
            for first, last in found
        ],
    )


def reading_of(
    entries: Sequence[Entry], parts: Sequence[tuple[ReadDocument, list[Evidence]]], title: str = ""
) -> Reading:
    """Put documents together, with the stances that follow by a simple rule."""
    evidence = [each for _, own in parts for each in own]
    by_document: dict[tuple[str, str, str], list[Evidence]] = defaultdict(list)
    by_pair: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for each in evidence:
        by_document[each.document, each.source, each.target].append(each)
        by_pair[each.source, each.target].append(each)
    return Reading(
        provenance=ReadingProvenance(
            title=title,
            command="stancelab read checkpoint=outputs/checkpoint input=articles output=map",
            checkpoint="outputs/checkpoint",
            calibration="ECE 2.1 points on validation rows",
            temperature=1.2345,
            threshold=THRESHOLD,
            threshold_name="accuracy_90",
            method="mixed where both sides have a third of the counted sentences",
            interval="95%, normal approximation over sentences",
            codebook="world.yaml",
            settings={"read": {"threshold": "accuracy_90", "outlets": ["Daily", "Herald"]}},
            versions={"stancelab": "0.9"},
        ),
        entries=list(entries),
        documents=[document for document, _ in parts],
        evidence=evidence,
        pairs=[
            DocumentPair(document=document, source=source, target=target, **_total(own))
            for (document, source, target), own in by_document.items()
        ],
        corpus=[
            CorpusPair(
                source=source,
                target=target,
                documents=len({each.document for each in own if each.counted}),
                **_total(own),
            )
            for (source, target), own in by_pair.items()
        ],
    )


def _total(evidence: Sequence[Evidence]) -> dict[str, Any]:
    own = [each for each in evidence if each.counted]
    counts = {stance: sum(each.stance == stance for each in own) for stance in ("favor", "against", "neutral")}
    found: dict[str, Any] = {"sentences": len(own), "left_out": len(evidence) - len(own), **counts, "stance": "none"}
    if not own:
        return found
    scores = [each.score for each in own]
    found["score"] = statistics.fmean(scores)
    found["confidence"] = statistics.fmean(each.confidence for each in own)
    if len(own) > 1:
        half = 1.96 * statistics.stdev(scores) / len(own) ** 0.5
        found["low"], found["high"] = max(-1.0, found["score"] - half), min(1.0, found["score"] + half)
    told = [each.stance for each in own if each.stance != "neutral"]
    if told:
        found["first_stance"], found["last_stance"] = told[0], told[-1]
    sides = {side: counts[side] / len(own) for side in ("favor", "against")}
    if min(sides.values()) >= 1 / 3:
        found["stance"] = "mixed"
    elif max(sides.values()) >= 1 / 3:
        found["stance"] = max(sides, key=sides.__getitem__)
    return found


ENTRIES = [
    Entry(name="Norland", group="states"),
    Entry(name="Norland's Foreign Ministry", group="ministries", within="Norland"),
    Entry(name="Sudria", group="states"),
    Entry(name="Sudria's Parliament", group="parliaments", within="Sudria"),
    Entry(name="Eastern Alliance", group="alliances"),
    Entry(name="Court of the Seas", group="courts"),
    Entry(name="Western Influence", group="issues", source=False),
    Entry(name="Ceasefire", group="issues", source=False),
    Entry(name="Atlantis", group="states"),
    Entry(name="Lemuria", group="states"),
]
MINISTRY, ALLIANCE, COURT, WEST = (
    "Norland's Foreign Ministry",
    "Eastern Alliance",
    "Court of the Seas",
    "Western Influence",
)


@pytest.fixture(scope="session")
def one_article() -> Reading:
    """One article of 20 sentences, with the words that spoke for each answer."""
    lines = [
        Line(
            "Norland warns neighbors against court's statute",
            [Says("Norland", "Norland", COURT, "court", 0.05, 0.8)],
            kind="headline",
        ),
        Line(
            "Norland's Foreign Ministry praised the Eastern Alliance on Tuesday.",
            [Says(MINISTRY, "Norland's Foreign Ministry", ALLIANCE, "Eastern Alliance", 0.93, 0.01)],
            True,
        ),
        Line(
            "It called the bloc “a pillar of stability.”",
            [Says(MINISTRY, "It", ALLIANCE, "the bloc", 0.96, 0.01, "carried")],
        ),
        Line("The spokesperson, Ana Lund, spoke for an hour."),
        Line(
            "She warned Sudria against ratifying the statute of the Court of the Seas.",
            [
                Says(MINISTRY, "She", "Sudria", "Sudria", 0.05, 0.55, "carried"),
                Says(MINISTRY, "She", COURT, "Court of the Seas", 0.02, 0.9, "carried"),
            ],
            True,
        ),
        Line(
            "“The court answers to nobody,” she said.",
            [Says(MINISTRY, "she", COURT, "The court", 0.02, 0.91, "carried")],
        ),
        Line(
            "“It has become a stage, and Western influence writes the play.”",
            [Says(MINISTRY, "", WEST, "Western influence", 0.02, 0.88, "quote")],
        ),
        Line(
            "The ministry added that Western influence had “poisoned” the region.",
            [Says(MINISTRY, "The ministry", WEST, "Western influence", 0.01, 0.97, "carried")],
        ),
        Line("Sudria rejected the warning.", [Says("Sudria", "Sudria", MINISTRY, "the warning", 0.04, 0.46)], True),
        Line(
            "Sudria's Parliament will vote on the court next week.",
            [Says("Sudria's Parliament", "Sudria's Parliament", COURT, "the court", 0.1, 0.02)],
        ),
        Line(
            "Its speaker welcomed the court as “overdue.”",
            [Says("Sudria's Parliament", "Its speaker", COURT, "the court", 0.95, 0.01, "carried")],
        ),
        Line(
            "Two of its members called the court a luxury.",
            [Says("Sudria's Parliament", "its", COURT, "the court", 0.03, 0.86, "carried")],
        ),
        Line(
            "Norland and Sudria both urged a ceasefire in the straits.",
            [
                Says("Norland", "Norland", "Ceasefire", "a ceasefire", 0.94, 0.01),
                Says("Sudria", "Sudria", "Ceasefire", "a ceasefire", 0.9, 0.02),
            ],
            True,
        ),
        Line(
            "The ministry's readout said that the ministers had discussed the ceasefire.",
            [Says(MINISTRY, "The ministry", "Ceasefire", "the ceasefire", 0.2, 0.02, "carried")],
        ),
        Line("The call lasted 40 minutes."),
        Line(
            "Legislators in Sudria accused the Eastern Alliance of bullying.",
            [Says("Sudria's Parliament", "Legislators", ALLIANCE, "Eastern Alliance", 0.01, 0.95)],
            True,
        ),
        Line("The alliance did not respond to questions."),
        Line(
            "Last month the alliance had praised Norland's patience.",
            [Says(ALLIANCE, "the alliance", "Norland", "Norland", 0.87, 0.02)],
        ),
        Line(
            "It said then that the court was none of its business.",
            [Says(ALLIANCE, "It", COURT, "the court", 0.1, 0.42, "carried")],
        ),
        Line("The vote is on Monday.", begins=True),
    ]
    part = document_of(
        "briefing.txt",
        lines,
        weights=True,
        title="Norland warns neighbors against court's statute",
        date="2026-03-03",
        outlet="The Daily Strait",
        path="briefing.txt",
    )
    return reading_of(ENTRIES, [part])


@pytest.fixture(scope="session")
def opposed() -> Reading:
    """Two articles in which one sentence of three is in favor, and the mean score of the three is below 0."""
    lines = [
        Line("Norland would accept a ceasefire.", [Says("Norland", "Norland", "Ceasefire", "ceasefire", 0.52, 0.4)]),
        Line("Norland spoke of the ceasefire.", [Says("Norland", "Norland", "Ceasefire", "ceasefire", 0.05, 0.3)]),
        Line("Norland left the ceasefire talks.", [Says("Norland", "Norland", "Ceasefire", "ceasefire", 0.05, 0.3)]),
        Line("Sudria condemned a ceasefire.", [Says("Sudria", "Sudria", "Ceasefire", "ceasefire", 0.02, 0.9)]),
    ]
    return reading_of(
        ENTRIES,
        [document_of("one.txt", lines, title="One"), document_of("two.txt", lines[:3], title="Two")],
    )


@pytest.fixture(scope="session")
def thirty_articles() -> Reading:
    """Thirty articles with dates from three outlets, over which one stance turns."""
    chance = random.Random(3)
    actors = [
        ("Norland", "states"),
        ("Sudria", "states"),
        ("Ostmark", "states"),
        ("Vestria", "states"),
        (ALLIANCE, "alliances"),
        ("Northern Union", "alliances"),
        (COURT, "courts"),
    ]
    issues = ["Ceasefire", "Grain Deal", "Fishing Treaty", WEST, "Sanctions"]
    entries = [
        *(Entry(name=name, group=group) for name, group in actors),
        *(Entry(name=name, group="issues", source=False) for name in issues),
    ]
    lean = {
        (one, two): chance.choice([-0.8, -0.5, 0, 0.1, 0.6, 0.9])
        for one, _ in actors
        for two in [*(n for n, _ in actors), *issues]
        if one != two and chance.random() < 0.5
    }
    lean["Norland", "Sudria"] = -0.8
    parts = []
    for number in range(30):
        date = f"2026-{1 + number // 3:02}" + ("" if number % 7 == 0 else f"-{1 + 9 * (number % 3):02}")
        lines = [Line(f"Report number {number} from the straits", kind="headline")]
        for pair in [("Norland", "Sudria"), *chance.sample(sorted(lean), 9)]:
            center = -0.8 + 1.6 * number / 29 if pair == ("Norland", "Sudria") else lean[pair]
            score = min(0.98, max(-0.98, center + chance.gauss(0, 0.25)))
            favor = round(max(0.01, score), 3)
            against = round(max(0.01, -score), 3)
            verb = "praised" if score > 0.3 else "criticized" if score < -0.3 else "mentioned"
            lines.append(
                Line(
                    f"{pair[0]} {verb} {pair[1]} in a statement on day {number}.",
                    [Says(pair[0], pair[0], pair[1], pair[1], favor, against)],
                    begins=chance.random() < 0.3,
                )
            )
        parts.append(
            document_of(
                f"article{number:02}",
                lines,
                title=f"Report {number} from the straits",
                date=date,
                outlet=("Daily Strait", "The Herald", "Coast Radio")[number % 3],
                path=f"articles/{number:02}.html",
                fields={"section": "world", "desk": f"desk {number % 2}"},
            )
        )
    return reading_of([*entries, Entry(name="Atlantis", group="states")], parts)


SCRIPT = "<script>document.title = 'broken'</script>"
IMAGE = "<img src=x onerror=\"document.title='broken'\">"


@pytest.fixture(scope="session")
def hostile() -> Reading:
    """Texts, titles, names and fields that hold markup, formulas, and characters that confuse."""
    entries = [
        Entry(name=f"Evil {SCRIPT}", group=f'group "><b>{IMAGE}'),
        Entry(name='=HYPERLINK("http://x","y")', group="</table></script>"),
        Entry(name="\u202eright to left\u202d ' onclick='x", group='["a"]'),
        Entry(name="L" + "o" * 180 + "ng", within='=HYPERLINK("http://x","y")'),
        Entry(name="constructor"),
    ]
    evil, formula, turned, long, word = (entry.name for entry in entries)
    first = [
        Line(
            f"😀 Evil says </script>{SCRIPT} to 😀 HYPERLINK today. {IMAGE}",
            [Says(evil, "Evil", formula, "HYPERLINK", 0.9, 0.02)],
        ),
        Line(
            "=cmd|' /C calc'!A0 is what \"Evil\" told, <!-- the ]]> world --> of Long & Short.",
            [Says(evil, "Evil", long, "Long", 0.1, 0.8), Says(formula, "=cmd", turned, "world", 0.05, 0.9)],
            True,
        ),
        Line("a" * 400 + " against the constructor.", [Says("", "", word, "constructor", 0.02, 0.9, "author")]),
        Line(
            "<!-- policy --> <style>*{display:none}</style> &lt;b&gt; {{ 7 * 7 }} {% raw %}",
            [Says(turned, "policy", word, "display", 0.3, 0.4)],
            True,
        ),
    ]
    parts = [
        document_of(
            f"doc{SCRIPT}.txt",
            first,
            title=f"Title {SCRIPT} {IMAGE}",
            outlet=f"=Outlet {IMAGE}",
            path="../../etc/passwd",
            fields={"=field<b>": SCRIPT, "title": "clash", "__proto__": "x"},
            weights=True,
        ),
        document_of("-empty", [], title="", outlet="'quoted' \"outlet\"", date="2026"),
        document_of("two", [Line("Long praised Evil.", [Says(long, "Long", evil, "Evil", 0.9, 0.05)])], date="2026-02"),
    ]
    return reading_of(entries, parts, title=f"{SCRIPT}{IMAGE} & co")
