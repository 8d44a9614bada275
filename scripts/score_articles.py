"""Scores the stances that are read from articles against labels of whole articles.

    python scripts/score_articles.py tests/end_to_end/articles/tuning CHECKPOINT CHECKPOINT --tune
    python scripts/score_articles.py tests/end_to_end/articles/tuning CHECKPOINT --ablations
    python scripts/score_articles.py tests/end_to_end/articles/tuning CHECKPOINT --wrong
    python scripts/score_articles.py tests/end_to_end/articles/tuning CHECKPOINT --threshold accuracy_90
    python scripts/score_articles.py tests/end_to_end/articles/scored CHECKPOINT CHECKPOINT [--json]

Each article is read with its own codebook. A pair without an answer is "none". Macro-F1 is the mean over favor, against
and none; pairs that the labels call mixed are rows of it. Its 95% interval resamples whole articles. The evidence
recall is the share of the labels' sentences that are found with the stance that they carry.

--tune tries a coarse grid: the parameters of `StanceSettings`, whether headlines count and whether the author is asked.
It tells how flat the optimum is, and what the choice is worth on the article that it was not made on.

--threshold scores each checkpoint once more, with the sentences alone whose confidence reaches its threshold of that
name, as `read.threshold` counts them.

The articles of the folders `scored`, `scored_second` and `scored_third` are for one score: --tune, --ablations, --wrong
and --threshold refuse them.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from article_scores import EvidenceScore, Scores, difference, evidence_of, scores_of, stance_of
from article_systems import VARIANTS, Sentiment, counted_from
from article_tuning import BASELINE_GRID, Asked, Choice, Grid, answering, read, tune
from stancelab.article.aggregate import ARTICLE_STANCES, StanceSettings
from stancelab.errors import ConfigError, StancelabError
from stancelab.inference.classifier import StanceClassifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from article_tuning import Answering
    from stancelab.metrics.bootstrap import Interval

#: The folders that are scored once.
SCORED: Final = ("scored", "scored_second", "scored_third")
#: The system that answers nothing.
NOTHING: Final = "always none"
#: Chosen by --tune on tests/end_to_end/articles/tuning: for the baselines what is best for each, for checkpoints the
#: defaults of `StanceSettings`, within one point of the best, which still tell mixed articles and ask no author.
CHECKPOINTS: Final = Choice()
BASELINES: Final = {
    "co-occurrence": Choice(StanceSettings(evidence=0.05, least=0.0, mixed=0.3), headlines="never"),
    "target sentiment": Choice(StanceSettings(evidence=0.4, least=0.0, mixed=0.5)),
}


@dataclass(frozen=True)
class Row:
    """The scores of a system.

    Attributes:
        name: Its name.
        choice: How its answers became stances.
        listed: Its scores on the listed pairs.
        cells: Those on every source with every other target, None where unlisted pairs have no label.
        evidence: What became of the sentences that carry a stance.
        above: Its macro-F1 on the listed pairs minus that of each baseline, with the 95% interval.
    """

    name: str
    choice: Choice
    listed: Scores
    cells: Scores | None
    evidence: EvidenceScore
    above: dict[str, tuple[float, Interval]]


def score(asked: Asked, systems: dict[str, tuple[Answering, Choice]]) -> list[Row]:
    """Return the scores of systems, by name with how their answers become stances."""
    answers = {name: asked.answers(system, choice) for name, (system, choice) in systems.items()}
    counts = {name: asked.confusions(answers[name], choice.settings) for name, (_, choice) in systems.items()}
    rows = []
    for name, (_, choice) in systems.items():
        cells = asked.confusions(answers[name], choice.settings, all_cells=True) if asked.gold.complete else None
        evidence = EvidenceScore(0, 0, 0, 0)
        for article, questions, own in zip(asked.gold.articles, asked.questions, answers[name], strict=True):
            evidence += evidence_of(article, questions, own, choice.settings)
        above = {other: difference(counts[name], counts[other]) for other in BASELINES if other != name}
        rows.append(
            Row(name, choice, scores_of(counts[name]), None if cells is None else scores_of(cells), evidence, above)
        )
    return rows


def show(rows: Sequence[Row]) -> None:
    """Print tables."""
    pairs = rows[0].listed.pairs
    print(f"listed pairs: {sum(pairs.values())} ({', '.join(f'{count} {name}' for name, count in pairs.items())})")
    _show_scores([(row.name, row.listed) for row in rows])
    if cells := [(row.name, row.cells) for row in rows if row.cells is not None]:
        print(f"\nall cells: {sum(cells[0][1].pairs.values())}")
        _show_scores(cells)
    print("\n| system | sentences | asked | found | other side |\n|---|---:|---:|---:|---:|")
    for row in rows:
        own = row.evidence
        shares = " | ".join(f"{one / own.sentences:.1%}" for one in (own.asked, own.found, own.opposite))
        print(f"| {row.name} | {own.sentences} | {shares} |")
    print()
    for row in rows:
        for other, (above, (low, high)) in row.above.items():
            if row.name not in (*BASELINES, NOTHING):
                print(f"{row.name} above {other}: {100 * above:.1f} [{100 * low:.1f}, {100 * high:.1f}]")


def _show_scores(rows: Sequence[tuple[str, Scores]]) -> None:
    print("| system | macro-F1 | " + " | ".join(f"{name} P / R / F1" for name in ARTICLE_STANCES) + " | right |")
    print("|---|---:|" + "---:|" * len(ARTICLE_STANCES) + "---:|")
    for name, own in rows:
        cells = [
            f"{_percent(own.precision[one])} / {_percent(own.recall[one])} / {_percent(own.f1[one])}"
            for one in ARTICLE_STANCES
        ]
        low, high = own.interval
        macro = f"{100 * own.macro_f1:.1f} [{100 * low:.1f}, {100 * high:.1f}]"
        print(f"| {name} | {macro} | {' | '.join(cells)} | {own.right} |")


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def show_wrong(asked: Asked, name: str, system: Answering, choice: Choice) -> None:
    """Print the pairs whose stance is not the label, with the answers for them."""
    answers = asked.answers(system, choice)
    print(f"\nwrong pairs of {name}")
    for article, questions, own in zip(asked.gold.articles, asked.questions, answers, strict=True):
        for pair in article.pairs:
            rows = own.get((pair.source, pair.target), [])
            found = stance_of(rows, choice.settings)
            if found == pair.stance:
                continue
            print(f"\n{article.document.id}: {pair.source} → {pair.target}: {pair.stance}, found {found} ({pair.why})")
            for number, side in pair.carriers:
                low, high = article.spans[number - 1]
                print(f"  label {side}: {article.document.text[low:high]}")
            for one in rows:
                span = one.pair.source_span
                words = "" if span is None else article.document.text[span.start : span.end]
                said = one.prediction
                print(
                    f"  {one.pair.how} {words!r} a={said.p_against:.2f} n={said.p_neutral:.2f} f={said.p_favor:.2f}:"
                    f" {questions.sentences[one.pair.sentence].text}"
                )


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Score the stances that are read from articles.")
    parser.add_argument("folder", type=Path, help="NAME.md and NAME.yaml for each article")
    parser.add_argument("checkpoints", nargs="*", help="checkpoint folders; none scores the baselines alone")
    parser.add_argument("--backend", default="auto", help="what computes: auto, onnx, torch, ...")
    parser.add_argument("--tune", action="store_true", help="try the parameters")
    parser.add_argument("--ablations", action="store_true", help="score with fewer pairs asked")
    parser.add_argument("--threshold", help="score with a threshold too, such as accuracy_90")
    parser.add_argument("--wrong", action="store_true", help="print the wrong pairs")
    parser.add_argument("--json", action="store_true", help="print the scores as JSON")
    given = parser.parse_args(words)
    try:
        _run(given)
    except StancelabError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _run(given: argparse.Namespace) -> None:
    if given.folder.resolve().name in SCORED and (given.tune or given.ablations or given.wrong or given.threshold):
        raise ConfigError(
            f"{given.folder}: is scored once; --tune, --ablations, --wrong and --threshold take the tuning articles"
        )
    asked = read(given.folder)
    loaded = {
        short_name(path): StanceClassifier.from_pretrained(path, backend=given.backend) for path in given.checkpoints
    }
    asks = {name: answering(system) for name, system in loaded.items()}
    if given.tune:
        _tune(asked, asks)
        return
    systems = {name: (system, CHECKPOINTS) for name, system in asks.items()}
    if given.ablations:
        systems |= _ablations(loaded, asks)
    if given.threshold:
        systems |= _with_threshold(loaded, asks, given.threshold)
    systems |= {name: (system, BASELINES[name]) for name, system in Sentiment().systems().items()}
    systems[NOTHING] = (lambda _: []), CHECKPOINTS
    rows = score(asked, systems)
    if given.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        show(rows)
    if given.wrong:
        for name, system in asks.items():
            show_wrong(asked, name, system, CHECKPOINTS)


def _tune(asked: Asked, asks: dict[str, Answering]) -> None:
    if asks:
        print(f"checkpoints: {', '.join(asks)}")
        tune(asked, list(asks.values()), Grid(), CHECKPOINTS)
    for name, system in asks.items():
        print(f"{name} alone:")
        tune(asked, [system], Grid(), CHECKPOINTS)
    for name, baseline in Sentiment().systems().items():
        print(f"{name}:")
        tune(asked, [baseline], BASELINE_GRID, BASELINES[name], asks_author=False)


def _ablations(loaded: dict[str, StanceClassifier], asks: dict[str, Answering]) -> dict[str, tuple[Answering, Choice]]:
    """Return the checkpoints with fewer or more pairs asked."""
    others: dict[str, Choice] = {
        "headlines alone": replace(CHECKPOINTS, headlines="alone"),
        "headlines never": replace(CHECKPOINTS, headlines="never"),
        "author": replace(CHECKPOINTS, author=True),
    }
    found: dict[str, tuple[Answering, Choice]] = {}
    for name, classifier in loaded.items():
        found |= {f"{name}, {variant}": (answering(classifier, variant), CHECKPOINTS) for variant in VARIANTS[1:]}
        found |= {f"{name}, {other}": (asks[name], choice) for other, choice in others.items()}
    return found


def _with_threshold(
    loaded: dict[str, StanceClassifier], asks: dict[str, Answering], threshold: str
) -> dict[str, tuple[Answering, Choice]]:
    """Return the checkpoints with a confidence threshold of theirs."""
    found: dict[str, tuple[Answering, Choice]] = {}
    for name, classifier in loaded.items():
        least = classifier.threshold(threshold, setting="--threshold")
        found[f"{name}, {threshold}"] = counted_from(asks[name], least), CHECKPOINTS
    return found


def short_name(path: str) -> str:
    """Return a name for a checkpoint: its path without what all of them have."""
    parts = [part for part in Path(path).parts if part not in ("checkpoint", "/")]
    return "/".join(parts[-2:])


if __name__ == "__main__":
    sys.exit(main())
