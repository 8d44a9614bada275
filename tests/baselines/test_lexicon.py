from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.baselines import make_baseline
from stancelab.baselines.lexicon import load_analyzer, sentiment, window

if TYPE_CHECKING:
    from collections.abc import Callable

    from stancelab.baselines.settings import BaselineSettings
    from stancelab.schema import Example


def test_lexicon_scores_sentence_and_window(row: Callable[..., Example]) -> None:
    far = " ".join(["and"] * 9)
    example = row(f"A wonderful day {far} the pact {far} a horrible night", "the pact", None)
    assert window(example) == "and and and and and and and and the pact and and and and and and and and"
    scores = sentiment(load_analyzer(), [example])
    assert scores.shape == (1, 8)
    assert scores[0, 0] > 0
    assert scores[0, 2] > 0
    assert scores[0, 4:].tolist() == [0.0, 1.0, 0.0, 0.0]


def test_lexicon_without_a_mention_takes_the_sentence_twice(row: Callable[..., Example]) -> None:
    scores = sentiment(load_analyzer(), [row("A wonderful day", "the pact", None)])
    assert scores[0, :4].tolist() == scores[0, 4:].tolist()


def test_lexicon_knows_praise(settings: BaselineSettings, row: Callable[..., Example]) -> None:
    rows = [row(f"a wonderful , great pact {n}", "pact", "favor") for n in range(10)]
    rows += [row(f"a horrible , bad pact {n}", "pact", "against") for n in range(10)]
    baseline = make_baseline("lexicon", settings).fit(rows, [])
    assert baseline.predict_proba([row("an excellent deal", "deal", None)]).argmax() == 2
