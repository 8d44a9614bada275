"""Tell where the errors on validation rows lie, and draw some of them for a blind reading.

    stancelab predict checkpoint=CHECKPOINT input=outputs/datasets/NAME/validation.parquet output=predicted.parquet
    python scripts/dev_errors.py tables newsmtsc predicted.parquet outputs/datasets/NAME
    python scripts/dev_errors.py tables dse predicted.parquet outputs/datasets/dse --published outputs/datasets/KEPT
    python scripts/dev_errors.py sheet newsmtsc predicted.parquet FOLDER
    python scripts/dev_errors.py shared diplomacy one.parquet two.parquet three.parquet

tables: the confusion matrix, the error rate by slices, and what a shift of the class priors would gain. Of DSE an error
is a pair's class, of SEESAW the polarity of a row that has one, as in the published metrics (`published_metrics.py`).
KEPT is the corpus prepared with `audit.leakage=keep`: it tells which texts the published train file repeats.

sheet: errors at random, in `sheet.txt` with gold and prediction as answers A and B in random order, so that a reader
can say which one the corpus's task asks for before `key.csv` tells which is gold.

shared: how many errors several models have in common.

The table may hold a sample of the validation rows. Test rows are refused.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from article_scores import f1_of
from error_slices import ARTICLES, slices, yes_or_no
from published_metrics import confusions_of, dse_pairs, log_of
from shifted_priors import MOVED, shifted, shifts
from stancelab.data.readers.dse import DIRECTIONS
from stancelab.errors import DataError
from stancelab.schema import AGAINST, FAVOR, NEUTRAL, PROBABILITY_COLUMNS, STANCES
from stancelab.text_keys import text_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

CORPORA: Final = ("diplomacy", "dse", "seesaw", "newsmtsc", "semeval2016", "mpqa")
_COLUMNS: Final = ("id", "text", "source", "target", "stance", "split", "corpus", *PROBABILITY_COLUMNS)
#: Shifts of a class's log probability that are tried.
_HALVES: Final = 50


@dataclass(frozen=True)
class Answers:
    """The answers to the rows (pairs of DSE) of one corpus.

    Attributes:
        corpus: One of `CORPORA`.
        rows: What was asked, one line for each answer.
        classes: The names of the classes.
        gold: The place of the gold class in `classes`, shape (rows,).
        scores: Log probabilities up to a constant of the row, shape (rows, classes).
        moved: The classes whose prior moves together, for each prior that can move.
    """

    corpus: str
    rows: pd.DataFrame
    classes: tuple[str, ...]
    gold: NDArray[np.intp]
    scores: NDArray[np.float64]
    moved: tuple[tuple[int, ...], ...]

    @property
    def predicted(self) -> NDArray[np.intp]:
        """The place of the predicted class, shape (rows,)."""
        found: NDArray[np.intp] = self.scores.argmax(axis=1)
        return found

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Which rows are errors, shape (rows,)."""
        return np.not_equal(self.gold, self.predicted)


def main(arguments: list[str] | None = None) -> int:
    """Print the tables or the errors in common, or write the sheet; return 2 where the input cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(dest="step", required=True)
    for step in ("tables", "sheet"):
        one = steps.add_parser(step)
        one.add_argument("corpus", choices=CORPORA)
        one.add_argument("predictions", type=Path, help="the output of stancelab predict (.parquet)")
        one.add_argument("folder", type=Path, help="tables: the prepared dataset; sheet: where to write")
        if step == "tables":
            one.add_argument("--published", type=Path, help="the corpus prepared with audit.leakage=keep")
        else:
            one.add_argument("--rows", type=int, default=50)
            one.add_argument("--seed", type=int, default=0)
    shared = steps.add_parser("shared")
    shared.add_argument("corpus", choices=CORPORA)
    shared.add_argument("predictions", type=Path, nargs="+", help="outputs of stancelab predict of the same rows")
    given = parser.parse_args(arguments)
    try:
        if given.step == "shared":
            print_shared({str(path): answers_of(given.corpus, path) for path in given.predictions})
            return 0
        answers = answers_of(given.corpus, given.predictions)
        if given.step == "sheet":
            write_sheet(answers, given.folder, given.rows, given.seed)
        else:
            print_tables(answers, given.folder, given.published)
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def answers_of(corpus: str, path: Path) -> Answers:
    """Return the answers of a prediction table in the classes of the corpus's published metric.

    Raises:
        DataError: The table cannot be read, lacks columns, or has rows that are no validation rows of the corpus.
    """
    table = _read(path)
    missing = [name for name in _COLUMNS if name not in table]
    if missing:
        raise DataError(f"{path}: lacks {', '.join(missing)}; expected validation.parquet after stancelab predict")
    table = table[table["corpus"] == corpus].reset_index(drop=True)
    splits = sorted(set(table["split"]))
    if not splits or not all(split.startswith("validation") for split in splits):
        raise DataError(f"{path}: has rows of {corpus} of the splits {splits}; expected validation rows alone")
    if corpus == "dse":
        rows, gold, products = dse_pairs(table, path)
        named = rows.assign(id=rows.index).reset_index()
        return Answers(corpus, named, tuple(DIRECTIONS), gold, log_of(products), MOVED[corpus])
    classes: tuple[str, ...] = (AGAINST, FAVOR) if corpus == "seesaw" else STANCES
    if corpus == "seesaw":
        table = table[table["stance"] != NEUTRAL].reset_index(drop=True)
    gold = np.array([classes.index(stance) for stance in table["stance"]])
    scores = log_of(table[[f"p_{name}" for name in classes]].to_numpy())
    return Answers(corpus, table, classes, gold, scores, MOVED.get(corpus, ((0,), (2,))))


def metric(answers: Answers, predicted: NDArray[np.intp], rows: NDArray[np.bool_] | None = None) -> float:
    """Return the corpus's published metric (diplomacy, MPQA: macro-F1) of some rows, as a percentage."""
    gold = answers.gold if rows is None else answers.gold[rows]
    predicted = predicted if rows is None else predicted[rows]
    if answers.corpus in ("dse", "seesaw"):
        return 100 * float(np.mean(gold == predicted))
    counted = [i for i, name in enumerate(answers.classes) if answers.corpus != "semeval2016" or name != NEUTRAL]
    together = np.zeros(len(gold), dtype=np.int64)
    confusion = confusions_of(gold, predicted, len(answers.classes), together, 1)[0]
    return 100 * float(f1_of(confusion)[counted].mean())


def shift_gains(answers: Answers, halves: int = _HALVES) -> dict[str, float]:
    """Return what shifted class priors gain in the metric.

    Returns:
        `other half`: the mean gain on one half of the texts of the shift that is best on the other half, over random
        halves; `sd`: its standard deviation over them; `same rows`: the gain of the best shift of all rows on them.
    """
    tried = [shifted(answers.scores, answers.moved, shift).argmax(axis=1) for shift in shifts(len(answers.moved))]
    texts, rng, gains = answers.rows["text"].to_numpy(), np.random.default_rng(0), []
    different = np.unique(texts)
    for _ in range(halves):
        half = np.isin(texts, rng.permutation(different)[: len(different) // 2])
        gains.append(float(np.mean([_gain(answers, tried, rows, ~rows) for rows in (half, ~half)])))
    everything = np.ones(len(texts), dtype=bool)
    same = _gain(answers, tried, everything, everything)
    return {"other half": float(np.mean(gains)), "sd": float(np.std(gains)), "same rows": same}


def print_tables(answers: Answers, dataset: Path, published: Path | None) -> None:
    """Print confusion matrix, F1 by class, error rates by slice and gains of shifted priors."""
    train, validation = (_of_corpus(dataset, split, answers.corpus) for split in ("train", "validation"))
    gold, predicted = (np.array(answers.classes)[ids] for ids in (answers.gold, answers.predicted))
    print(f"{answers.corpus}: {len(gold):,} rows, {answers.wrong.sum():,} errors ({_percent(answers.wrong)})")
    print(pd.crosstab(pd.Series(gold, name="gold"), pd.Series(predicted, name="predicted"), margins=True))
    found = slices(answers, train, validation)
    if published is not None:
        keys = set(map(text_key, _of_corpus(published, "train", answers.corpus)["text"]))
        found["text in the published train file"] = yes_or_no(answers.rows["text"].map(text_key).isin(keys))
    for name, levels in found.items():
        parts = [
            f"{level}: {_percent(answers.wrong[levels == level])} of {(levels == level).sum():,}"
            for level in sorted(set(levels))
        ]
        print(f"errors by {name}: {'; '.join(parts)}")
    if "articles" in found:
        groups = {
            level: metric(answers, answers.predicted, found["articles"] == level)
            for level in ARTICLES.values()
            if (found["articles"] == level).any()
        }
        print(f"metric by articles: {'; '.join(f'{level}: {value:.1f}' for level, value in groups.items())}")
    gains = shift_gains(answers)
    print(
        f"metric {metric(answers, answers.predicted):.1f}; shifted priors gain {gains['other half']:+.1f} on the other"
        f" half (standard deviation over halves {gains['sd']:.1f}), {gains['same rows']:+.1f} on the same rows"
    )


def print_shared(models: dict[str, Answers]) -> None:
    """Print how many errors each model has, how many each two share, and how many rows that many models get wrong.

    Raises:
        DataError: The tables hold different rows.
    """
    wrong = pd.DataFrame({name: pd.Series(each.wrong, index=each.rows["id"]) for name, each in models.items()})
    if wrong.isna().to_numpy().any():
        raise DataError(f"{', '.join(models)}: hold different rows; expected predictions of the same validation rows")
    errors = wrong.to_numpy(dtype=int)
    print(f"{len(errors):,} rows; errors of each model (diagonal) and of each two")
    print(pd.DataFrame(errors.T @ errors, index=wrong.columns, columns=wrong.columns).to_string())
    for count, rows in pd.Series(errors.sum(axis=1)).value_counts().sort_index().items():
        print(f"wrong in {count} of {len(models)}: {rows:,} rows")


def write_sheet(answers: Answers, folder: Path, rows: int, seed: int) -> None:
    """Write errors at random with both answers in random order (`sheet.txt`), and which is gold (`key.csv`)."""
    wrong = sorted(np.flatnonzero(answers.wrong), key=lambda row: str(answers.rows.at[row, "id"]))
    drawn = Random(seed).sample(wrong, min(rows, len(wrong)))  # noqa: S311 - no secret
    # One order for all sheets would let the key of one tell that of the next.
    order = Random(f"{seed} {list(answers.rows['id'].take(drawn))}")  # noqa: S311 - no secret
    lines, key = [], []
    for number, row in enumerate(drawn, start=1):
        asked = answers.rows.loc[row]
        gold, predicted = (answers.classes[ids[row]] for ids in (answers.gold, answers.predicted))
        turned = order.random() < 0.5
        first, second = (predicted, gold) if turned else (gold, predicted)
        pair = f"source {asked['source']!r}, target {asked['target']!r}"
        lines.append(f"{number}. {asked['text']}\n   {pair}\n   A {_told(first)}, B {_told(second)}\n")
        key.append({"number": number, "id": asked["id"], "gold": gold, "predicted": predicted, "gold_is": "AB"[turned]})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sheet.txt").write_text("\n".join(lines), encoding="utf-8")
    pd.DataFrame(key).to_csv(folder / "key.csv", index=False)


def _told(answer: str) -> str:
    """Return an answer in words: of a class of DSE, whose stance toward whom it is."""
    forth, back = DIRECTIONS.get(answer, (answer, NEUTRAL))
    if answer not in DIRECTIONS or (forth, back) == (NEUTRAL, NEUTRAL):
        return forth
    return f"{forth} (source toward target)" if back == NEUTRAL else f"{back} (target toward source)"


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as Parquet ({error})") from None


def _of_corpus(dataset: Path, split: str, corpus: str) -> pd.DataFrame:
    table = _read(dataset / f"{split}.parquet")
    return table[table["corpus"] == corpus]


def _gain(
    answers: Answers, tried: list[NDArray[np.intp]], chosen_on: NDArray[np.bool_], scored_on: NDArray[np.bool_]
) -> float:
    """Return what the best shift of some rows gains on others: of equal ones the first; the first of all is none."""
    best = max(tried, key=lambda each: metric(answers, each, chosen_on))
    return metric(answers, best, scored_on) - metric(answers, tried[0], scored_on)


def _percent(wrong: NDArray[np.bool_]) -> str:
    return f"{100 * wrong.mean():.1f}%"


if __name__ == "__main__":
    sys.exit(main())
