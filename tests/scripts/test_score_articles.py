"""Scores of read articles are those worked by hand, or of scikit-learn; baselines say what their sentences say."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.metrics import f1_score

from stancelab.article.aggregate import ARTICLE_STANCES, Answer, StanceSettings
from stancelab.article.types import Pair
from stancelab.errors import DataError
from stancelab.schema import Prediction, Span, System

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
NAMES = (
    "article_gold",
    "article_systems",
    "article_scores",
    "article_tuning",
    "score_articles",
    "score_seesaw_articles",
)

ARTICLE = """# Norway and Kenya sign the pact

OSLO, Jan. 4 — Norway praised the pact. Its U.S. partners were absent.

"The pact is a disaster," said Iran. Kenya met Norway on 3.5 hectares of lawn.
"""
LABELS = """codebook:
  Norway: {aliases: [Oslo]}
  Kenya: {aliases: [Nairobi]}
  Iran: {aliases: [Tehran]}
  pact: {aliases: [the pact], source: false}
pairs:
  - {source: Norway, target: pact, stance: favor, sentences: [2], why: "praised"}
  - {source: Iran, target: pact, stance: against, sentences: [4], why: "a disaster"}
  - {source: Kenya, target: pact, stance: none, why: "signed is no stance here"}
"""


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield SimpleNamespace(**{name: importlib.import_module(name) for name in NAMES})
    for name in NAMES:
        sys.modules.pop(name, None)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "one.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "one.yaml").write_text(LABELS, encoding="utf-8")
    return tmp_path


def answer(sentence, source, target, against, favor):
    neutral = 1 - against - favor
    pair = Pair(sentence=sentence, source=source, target=target, source_span=None, target_span=Span(0, 1), how="named")
    said = {"against": against, "neutral": neutral, "favor": favor}
    predicted = max(said, key=lambda name: said[name])
    return Answer(pair, Prediction(predicted=predicted, p_against=against, p_neutral=neutral, p_favor=favor))


def test_labels_and_their_sentences(folder, modules):
    gold = modules.article_gold.read_gold(folder)
    [article] = gold.articles
    text = article.document.text
    assert [text[slice(*span)] for span in article.spans] == [
        "Norway and Kenya sign the pact",
        "OSLO, Jan. 4 — Norway praised the pact.",
        "Its U.S. partners were absent.",
        '"The pact is a disaster," said Iran.',
        "Kenya met Norway on 3.5 hectares of lawn.",
    ]
    assert article.pairs[1].carriers == ((4, "against"),)
    assert not gold.complete
    # Three sources, four targets, none of itself.
    assert len(article.cells()) == 9
    (folder / "README.md").write_text("- **The list of stances is complete:** others have none.", encoding="utf-8")
    assert modules.article_gold.read_gold(folder).complete


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("target: pact, stance: favor", "target: pakt, stance: favor", "names no entry"),
        ("stance: favor", "stance: pro", "allowed are against, none, favor, mixed"),
        ("sentences: [2]", "sentences: [9]", "found sentence 9, allowed are 1 to 5"),
        ("pairs:", "rows:", "expected the keys codebook and pairs"),
    ],
)
def test_labels_that_cannot_be_used(old, new, message, folder, modules):
    (folder / "one.yaml").write_text(LABELS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        modules.article_gold.read_gold(folder)


def test_a_folder_without_articles_is_an_error(tmp_path, modules, capsys):
    assert modules.score_articles.main([str(tmp_path)]) == 2
    assert "found no .yaml file" in capsys.readouterr().err


def test_scores_are_those_of_scikit_learn(modules):
    random = np.random.default_rng(5)
    gold, found = random.integers(4, size=(2, 80))
    counts = np.zeros((1, 4, 4))
    np.add.at(counts[0], (gold, found), 1)
    scores = modules.article_scores.scores_of(counts)
    expected = f1_score(gold, found, average=None)
    assert scores.f1 == pytest.approx(dict(zip(ARTICLE_STANCES, expected, strict=True)))
    # Mixed is no part of the mean.
    assert scores.macro_f1 == pytest.approx(np.mean(expected[:3]))
    assert scores.interval.low == scores.interval.high == pytest.approx(scores.macro_f1)  # one article
    assert scores.right == (gold == found).sum()


def test_the_confusion_of_listed_pairs_and_of_all_cells(folder, modules):
    [article] = modules.article_gold.read_gold(folder).articles
    answers = modules.article_scores.by_pair(
        [answer(1, "Norway", "pact", 0.0, 0.9), answer(3, "Iran", "pact", 0.3, 0.2), answer(4, "Kenya", "Norway", 0, 1)]
    )
    listed = modules.article_scores.confusion(article, answers, StanceSettings())
    against, none, favor = (ARTICLE_STANCES.index(name) for name in ("against", "none", "favor"))
    assert (listed[favor, favor], listed[against, none], listed[none, none], listed.sum()) == (1, 1, 1, 3)
    cells = modules.article_scores.confusion(article, answers, StanceSettings(), all_cells=True)
    # Kenya toward Norway is not listed: a stance there is wrong, and six other cells are rightly "none".
    assert (cells[none, favor], cells[none, none], cells.sum()) == (1, 6, 9)


def test_evidence_is_found_in_the_sentences_of_the_labels(folder, modules):
    asked = modules.article_tuning.read(folder)
    [article], [questions] = asked.gold.articles, asked.questions
    evidence = modules.article_scores.evidence_of
    right = modules.article_scores.by_pair(
        [answer(1, "Norway", "pact", 0.0, 0.9), answer(3, "Iran", "pact", 0.0, 0.9), answer(4, "Iran", "pact", 0.9, 0)]
    )
    found = evidence(article, questions, right, StanceSettings())
    assert (found.sentences, found.asked, found.found, found.opposite) == (2, 2, 1, 1)
    unsure = modules.article_scores.by_pair([answer(1, "Norway", "pact", 0.0, 0.4)])
    found = evidence(article, questions, unsure, StanceSettings())
    assert (found.asked, found.found, found.opposite) == (1, 0, 0)


def test_baselines(folder, modules):
    [questions] = modules.article_tuning.read(folder).questions
    sentiment = modules.article_systems.Sentiment()
    together = {(one.pair.sentence, one.pair.source, one.pair.target): one for one in sentiment.together(questions)}
    assert together[1, "Norway", "pact"].prediction.predicted == "favor"
    assert together[3, "Iran", "pact"].prediction.predicted == "against"
    assert (1, "Iran", "pact") not in together
    assert {source for _, source, _ in together} <= {"Norway", "Kenya", "Iran"}
    # The target's three sentences are given to each source that one of them names.
    of_targets = [one for one in sentiment.of_targets(questions) if one.pair.target == "pact"]
    assert sorted((one.pair.source, one.pair.sentence) for one in of_targets) == [
        (source, sentence) for source in ("Iran", "Kenya", "Norway") for sentence in (0, 1, 3)
    ]


class AlwaysFavor(System):
    name = "always"

    def predict_proba(self, examples):
        return np.tile([0.05, 0.05, 0.9], (len(examples), 1))


def test_a_grid_is_tried_from_the_given_parameters_outwards(modules):
    grid = modules.article_tuning.Grid(evidence=(0.9, 0.5), least=(0.0,), mixed=(0.3, 0.45))
    tried = modules.article_tuning.settings_tried(StanceSettings(evidence=0.6), grid)
    assert [(one.evidence, one.least, one.mixed) for one in tried] == [
        (0.6, 0.5, 0.45),
        (0.5, 0.0, 0.45),
        (0.5, 0.0, 0.3),
        (0.9, 0.0, 0.45),
        (0.9, 0.0, 0.3),
    ]


def test_a_threshold_leaves_out_what_is_less_sure(folder, modules):
    asked = modules.article_tuning.read(folder)
    always = modules.article_tuning.answering(AlwaysFavor())  # with 90%
    choice = modules.score_articles.CHECKPOINTS
    found = {}
    for least in (0.9, 0.91):
        answers = asked.answers(modules.article_systems.counted_from(always, least), choice)
        scores = modules.article_scores.scores_of(asked.confusions(answers, choice.settings))
        found[least] = {name: scores.recall[name] for name in ("favor", "none")}
    assert found == {0.9: {"favor": 1.0, "none": 0.0}, 0.91: {"favor": 0.0, "none": 1.0}}


def test_the_parameters_are_tried(folder, modules, capsys):
    asked = modules.article_tuning.read(folder)
    system = modules.article_tuning.answering(AlwaysFavor())
    modules.article_tuning.tune(asked, [system], modules.article_tuning.Grid(), modules.score_articles.CHECKPOINTS)
    shown = capsys.readouterr().out
    assert "choices within 5 points of it" in shown
    assert "best with evidence" in shown
    choice = modules.article_tuning.Choice
    # The headline and the second sentence ask Norway about the pact, the headline alone asks Kenya.
    sentences = {
        headlines: {
            source: [one.pair.sentence for one in asked.answers(system, choice(headlines=headlines))[0].get(pair, ())]
            for source, pair in (("Norway", ("Norway", "pact")), ("Kenya", ("Kenya", "pact")))
        }
        for headlines in ("count", "alone", "never")
    }
    assert sentences == {
        "count": {"Norway": [0, 1], "Kenya": [0]},
        "alone": {"Norway": [1], "Kenya": [0]},
        "never": {"Norway": [1], "Kenya": []},
    }
    assert ("", "pact") not in asked.answers(system, choice())[0]


def seesaw(folder, stances):
    for name in ("annotations", "articles", "meta"):
        (folder / name).mkdir()
    article = {"text": [{"id": 0, "text": ""}, {"id": 1, "text": "Mr. Sanders praised the bill."}]}
    entities = [["Bernie Sanders", ["People"]], ["bill", ["Topic"]], ["Congress", ["Organization"]]]
    annotation = {"entity lists": entities, "sentence-level stances": {"1": stances}}
    name = "TRIPLET_000_DOCUMENT_0.json"
    (folder / "articles" / name).write_text(json.dumps(article), encoding="utf-8")
    (folder / "annotations" / name).write_text(json.dumps(annotation), encoding="utf-8")
    (folder / "meta" / "TRIPLET_000.json").write_text(json.dumps({"Split": "valid"}), encoding="utf-8")


def test_triples_of_seesaw(tmp_path, modules):
    stances = [("Bernie Sanders", "bill", "POS"), ("None", "bill", "NEG"), ("Not in the list", "bill", "NEG")]
    seesaw(tmp_path, [dict(zip(("subject", "object", "sentiment"), one, strict=True)) for one in stances])
    script = modules.score_seesaw_articles
    [article] = script.read_corpus(tmp_path, "valid")
    assert article.triples == {(0, "Bernie Sanders", "bill", "favor"), (0, "", "bill", "against")}
    assert article.unlisted == 1
    entries = article.questions.codebook.entries
    assert entries["Bernie Sanders"].aliases == ("Sanders",)
    assert not entries["bill"].source

    def answering(questions):
        return modules.article_systems.ask(questions, questions.pairs(), AlwaysFavor())

    by_sentence, by_article, polarity = script.scores([article], answering, StanceSettings(), author=False)
    assert by_sentence == by_article == "100.0 / 100.0 / 100.0 [100.0, 100.0]"
    assert polarity == "100.0 (1 of 1)"
    by_sentence, _, polarity = script.scores([article], answering, StanceSettings(), author=True)
    assert by_sentence.startswith("100.0 / 50.0 / 66.7")
    assert polarity == "100.0 (1 of 2)"
    with pytest.raises(DataError, match="no story of the split"):
        script.read_corpus(tmp_path, "test")
