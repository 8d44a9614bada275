"""The labeled articles as they are asked, and the choice of how answers become stances, which is made on them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from article_gold import GoldFolder, read_gold
from article_scores import by_pair, confusion, macro_of
from article_systems import Questions, Variant, ask
from stancelab.article.aggregate import StanceSettings
from stancelab.article.pairs import PairSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from article_scores import ByPair
    from stancelab.article.aggregate import Answer
    from stancelab.schema import System

    #: What gives an article's answers, for one variant of the pairs.
    Answering = Callable[[Questions], list[Answer]]

Headlines = Literal["count", "alone", "never"]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """What `settings_tried` tries: coarse, since a hundred labeled pairs do not tell 0.50 from 0.55.

    Attributes:
        evidence: Values of `StanceSettings.evidence`.
        least: Values of `StanceSettings.least`; values below `evidence` change nothing.
        mixed: Values of `StanceSettings.mixed`; with 0.5 no article is mixed but by two equal sums.
    """

    evidence: tuple[float, ...] = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    least: tuple[float, ...] = (0.0, 1.0, 1.5)
    mixed: tuple[float, ...] = (0.3, 0.4, 0.45, 0.5)


def settings_tried(settings: StanceSettings | None = None, grid: Grid | None = None) -> list[StanceSettings]:
    """Return the given parameters, then those of a grid, the nearest to the given ones first."""
    start, grid = settings or StanceSettings(), grid or Grid()
    tried = [
        replace(start, evidence=evidence, least=least, mixed=mixed)
        for evidence, least, mixed in itertools.product(grid.evidence, grid.least, grid.mixed)
    ]

    def away(one: StanceSettings) -> float:
        return abs(one.evidence - start.evidence) + abs(one.least - start.least) + abs(one.mixed - start.mixed)

    return list(dict.fromkeys([start, *sorted(tried, key=away)]))


#: The sentiment of a sentence is no probability: lower values are tried too.
BASELINE_GRID: Final = Grid(evidence=(0.05, 0.2, 0.4, 0.6, 0.8), least=(0.0, 1.0, 1.5, 2.5))


@dataclass(frozen=True)
class Choice:
    """What is chosen on the articles for tuning.

    Attributes:
        settings: How answers become stances.
        headlines: Whether headlines "count", "never" do, or count "alone": where no other sentence asks the pair.
        author: Whether the author is asked.
    """

    settings: StanceSettings = field(default_factory=StanceSettings)
    headlines: Headlines = "count"
    author: bool = False


@dataclass(frozen=True)
class Asked:
    """The labeled articles of a folder, cut into sentences."""

    gold: GoldFolder
    questions: tuple[Questions, ...]

    def answers(self, system: Answering, choice: Choice) -> list[ByPair]:
        """Return the answers of a system for each article, without those that the choice leaves out."""
        return [by_pair(_counted(system(questions), questions, choice)) for questions in self.questions]

    def confusions(
        self, answers: Sequence[ByPair], settings: StanceSettings, *, all_cells: bool = False
    ) -> NDArray[np.float64]:
        """Return the confusion matrix of each article, shape (articles, classes, classes)."""
        pairs = zip(self.gold.articles, answers, strict=True)
        return np.stack([confusion(article, own, settings, all_cells=all_cells) for article, own in pairs])


def read(folder: Path) -> Asked:
    """Return the labeled articles of a folder."""
    gold = read_gold(folder)
    return Asked(gold, tuple(Questions(article.document, article.codebook) for article in gold.articles))


def _counted(answers: Sequence[Answer], questions: Questions, choice: Choice) -> list[Answer]:
    def in_headline(answer: Answer) -> bool:
        return questions.sentences[answer.pair.sentence].kind == "headline"

    own = [answer for answer in answers if choice.author or answer.pair.how != "author"]
    if choice.headlines == "count":
        return own
    text = [answer for answer in own if not in_headline(answer)]
    asked = by_pair(text).keys()
    alone = (one for one in own if in_headline(one) and (one.pair.source, one.pair.target) not in asked)
    return [*text, *alone] if choice.headlines == "alone" else text


def answering(system: System, variant: Variant = "all") -> Answering:
    """Return what asks a checkpoint the pairs of a variant, the author's too, once for each article."""

    @cache
    def answers(questions: Questions) -> list[Answer]:
        return ask(questions, questions.pairs(variant, PairSettings(author=True)), system)

    return answers


def tune(asked: Asked, systems: Sequence[Answering], grid: Grid, start: Choice, *, asks_author: bool = True) -> None:
    """Print the choice with the highest macro-F1, the mean over systems, and how much hangs on it."""
    choices = [
        Choice(settings, headlines, author)
        for headlines, author in itertools.product(get_args(Headlines), (False, True) if asks_author else (False,))
        for settings in settings_tried(start.settings, grid)
    ]
    counts = np.stack([_of_choices(asked, system, choices) for system in systems])
    scores = macro_of(counts.sum(1)).mean(0)
    best = int(scores.argmax())
    print(f"{len(choices)} choices; best macro-F1 {100 * scores[best]:.1f}: {_name(choices[best])}")
    print(f"  of each system: {', '.join(f'{100 * one:.1f}' for one in macro_of(counts.sum(1))[:, best])}")
    for near in (0.01, 0.02, 0.05):
        print(f"  choices within {near * 100:.0f} points of it: {(scores >= scores[best] - near).sum()}")
    now = choices.index(start)
    print(f"  as it is: {100 * scores[now]:.1f}: {_name(start)}")
    print(f"  left-out articles: {100 * _left_out(counts):.1f}")
    for name, values in _by_value(choices, scores).items():
        shown = ", ".join(f"{value}: {100 * values[value]:.1f}" for value in sorted(values, key=str))
        print(f"  best with {name} {shown}")


def _of_choices(asked: Asked, system: Answering, choices: Sequence[Choice]) -> NDArray[np.float64]:
    """Return confusion matrices, shape (articles, choices, classes, classes)."""
    found, kept = [], {}
    for choice in choices:
        option = choice.headlines, choice.author
        if option not in kept:
            kept[option] = asked.answers(system, choice)
        found.append(asked.confusions(kept[option], choice.settings))
    return np.stack(found, axis=1)


def _left_out(counts: NDArray[np.float64]) -> float:
    """Return the mean macro-F1 over systems where each article's choice is made on the other articles.

    Args:
        counts: Confusion matrices, shape (systems, articles, choices, classes, classes).
    """
    rest = counts.sum(1, keepdims=True) - counts
    chosen = macro_of(rest).mean(0).argmax(1)
    taken = counts[:, np.arange(len(chosen)), chosen].sum(1)
    return float(macro_of(taken).mean())


def _by_value(choices: Sequence[Choice], scores: NDArray[np.float64]) -> dict[str, dict[float | str, float]]:
    """Return the best score with each value of each parameter."""
    found: dict[str, dict[float | str, float]] = {}
    for choice, score in zip(choices, map(float, scores), strict=True):
        own = choice.settings
        values: dict[str, float | str] = {
            "evidence": own.evidence,
            "least": own.least,
            "mixed": own.mixed,
            "headlines": choice.headlines,
            "author": choice.author,
        }
        for name, value in values.items():
            best = found.setdefault(name, {})
            best[value] = max(score, best.get(value, 0.0))
    return found


def _name(choice: Choice) -> str:
    own = choice.settings
    rest = f"headlines={choice.headlines} author={choice.author}"
    return f"evidence={own.evidence} least={own.least} mixed={own.mixed} {rest}"
