"""Compute the metrics that papers publish on DSE and SEESAW from the prediction tables of an evaluation.

    python scripts/published_metrics.py dse outputs/evaluate/NAME/DATE/predictions/SYSTEM-seed*.test.parquet
    python scripts/published_metrics.py seesaw outputs/evaluate/NAME/DATE/predictions/SYSTEM-seed*.test.parquet
    python scripts/published_metrics.py dse SEED0.test.parquet SEED1.test.parquet --dev DEV0.parquet DEV1.parquet

dse: micro-F1 (which is accuracy) and macro-F1 over the five classes of a pair, as Park, Pan and Joo (ACL 2021) define
them; the class is the one with the highest product of the probabilities of its two directions. seesaw: accuracy of the
polarity of a given pair, on the rows whose stance is favor or against, choosing between these two alone.

--dev names, for each table in its order, the same checkpoint's answers on the corpus's validation rows (`stancelab
predict`). The priors of the classes are then shifted by what gives the highest accuracy on these rows, and the shifts
are printed (`shifted_priors.py`).

Prints a Markdown table with one line for each system: the score in percent, where tables of several seeds are given
their mean ± the standard deviation (of a sample), and in brackets the 95% interval, as `stancelab evaluate` computes
it (docs/statistics.md): documents are resampled, sentences where the rows name no document, with the evaluation's own
number of resamples and seed. With one run it is of this checkpoint on other such data, with several of the mean of such
trainings on them, with the variance between seeds. There is none with fewer than ten documents or sentences.

All tables of one system have to hold the same rows. Tables of several corpora are read for the rows of the corpus
alone.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from article_scores import f1_of
from shifted_priors import MOVED, best_shift, shifted
from stancelab.data.readers.dse import DIRECTIONS
from stancelab.errors import DataError
from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.metrics.bootstrap import resample_counts
from stancelab.metrics.intervals import mean_interval
from stancelab.pages.formatting import count, counted, percent
from stancelab.schema import AGAINST, FAVOR, PROBABILITY_COLUMNS, STANCE_ID, Example

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stancelab.metrics.bootstrap import Interval
    from stancelab.metrics.classification import Floats

#: How many classes the metric of each corpus has.
CLASSES: Final = {"dse": len(DIRECTIONS), "seesaw": 2}
#: What an answer is of.
ANSWERED: Final = {"dse": "pairs", "seesaw": "rows"}
_TEXT_COLUMNS: Final = ("id", "text", "target", "stance", "document", "corpus")
COLUMNS: Final = (*_TEXT_COLUMNS, *PROBABILITY_COLUMNS)


@dataclass(frozen=True)
class Answers:
    """The answers of one run in the classes of the published metric.

    Attributes:
        rows: The rows that are answered, of a pair that of p→q, in the order of their ids.
        gold: The gold class of each row, shape (rows,).
        scores: Log probabilities of the classes, up to a constant of the row, shape (rows, classes).
    """

    rows: pd.DataFrame
    gold: NDArray[np.intp]
    scores: NDArray[np.float64]

    @property
    def predicted(self) -> NDArray[np.intp]:
        """The predicted class of each row, shape (rows,)."""
        found: NDArray[np.intp] = self.scores.argmax(axis=1)
        return found


@dataclass(frozen=True)
class Score:
    """A published metric of one system, as a share.

    Attributes:
        runs: Its value for each run, shape (runs,).
        interval: The 95% interval of its mean, None with too few units.
    """

    runs: Floats
    interval: Interval | None

    def __str__(self) -> str:
        shown = percent(float(self.runs.mean()))
        if len(self.runs) > 1:
            shown += f" ± {percent(float(self.runs.std(ddof=1)))}"
        if self.interval is not None:
            shown += f" [{percent(self.interval.low)}, {percent(self.interval.high)}]"
        return shown


def main(arguments: list[str] | None = None) -> int:
    """Print the metrics of each system; return 2 where a table cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", choices=tuple(CLASSES))
    parser.add_argument("tables", nargs="+", type=Path, help="prediction tables (.parquet)")
    parser.add_argument("--dev", nargs="+", type=Path, default=[], help="validation predictions, one for each table")
    given = parser.parse_args(arguments)
    settings = EvaluationSettings()
    lines: list[str] = []
    try:
        dev_of = tables_of_dev(given.tables, given.dev)
        for system, paths in tables_by_system(given.tables).items():
            runs = runs_of(given.corpus, paths)
            if given.dev:
                runs = [
                    with_shift(given.corpus, path, run, dev_of[path]) for path, run in zip(paths, runs, strict=True)
                ]
            test = test_of(runs[0])
            scores = scores_of(given.corpus, runs, test, settings)
            if not lines:
                lines += [
                    row("system", "runs", ANSWERED[given.corpus], "resampling units", *scores),
                    f"|---|{'---:|' * (3 + len(scores))}",
                ]
            units = counted(test.n_units, "document" if test.unit == "document" else "sentence")
            lines.append(row(system, len(runs), count(len(test.gold)), units, *scores.values()))
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(lines))
    print(
        "\nPercent, mean over runs ± standard deviation over seeds [95% interval]; "
        f"{count(settings.bootstrap_resamples)} resamples, seed {settings.seed}."
    )
    return 0


def row(*cells: object) -> str:
    """Return a line of a Markdown table."""
    return f"| {' | '.join(map(str, cells))} |"


def tables_by_system(paths: Sequence[Path]) -> dict[str, list[Path]]:
    """Return the tables of each system, in the order given.

    Raises:
        DataError: Two tables have the same name: one seed would count twice.
    """
    names: dict[str, Path] = {}
    found: dict[str, list[Path]] = {}
    for path in paths:
        if path.name in names:
            raise DataError(
                f"{path}: the name is also that of {names[path.name]}; "
                "expected one table for each seed of a system, leave one of them out"
            )
        names[path.name] = path
        found.setdefault(system_of(path), []).append(path)
    return found


def system_of(path: Path) -> str:
    """Return what a table's name says of its system and test, without the seed."""
    return re.sub(r"-seed\d+(?=\.)", "", path.name).removesuffix(".parquet")


def tables_of_dev(tables: Sequence[Path], dev: Sequence[Path]) -> dict[Path, Path]:
    """Return the validation table of each table.

    Raises:
        DataError: There is not one for each.
    """
    if dev and len(dev) != len(tables):
        raise DataError(f"--dev: found {len(dev)} tables, expected {len(tables)}, one for each table in its order")
    return dict(zip(tables, dev, strict=False))


def with_shift(corpus: str, path: Path, run: Answers, dev_path: Path) -> Answers:
    """Return the answers of a run with the priors that are best on its validation rows, and print the shift.

    Raises:
        DataError: The validation table cannot be used, or holds other rows than validation rows.
    """
    dev = answers_of(corpus, dev_path)
    splits = sorted(set(dev.rows["split"])) if "split" in dev.rows else []
    if not splits or not all(split.startswith("validation") for split in splits):
        raise DataError(f"{dev_path}: has rows of {corpus} of the splits {splits}; expected validation rows alone")
    shift = best_shift(dev.scores, dev.gold, MOVED[corpus])
    told = ", ".join(f"{value:+.1f}" for value in shift)
    after = shifted(dev.scores, MOVED[corpus], shift).argmax(axis=1)
    shares = " and then ".join(percent(float((found == dev.gold).mean())) for found in (dev.predicted, after))
    print(f"{path.name}: priors shifted by {told}; accuracy on dev {shares}")
    return replace(run, scores=shifted(run.scores, MOVED[corpus], shift))


def runs_of(corpus: str, paths: Sequence[Path]) -> list[Answers]:
    """Return the answers of one system's tables.

    Raises:
        DataError: A table cannot be used, or holds other rows than the first.
    """
    runs = [answers_of(corpus, path) for path in paths]
    compared = ["id", "text", "stance", "document"]
    first = runs[0].rows[compared].reset_index(drop=True)
    for path, run in zip(paths, runs, strict=True):
        if not run.rows[compared].reset_index(drop=True).equals(first) or not np.array_equal(run.gold, runs[0].gold):
            raise DataError(
                f"{path}: its rows of {corpus} are not those of {paths[0]}; "
                "expected one test with the same ids, texts, stances and documents for all seeds of a system"
            )
    return runs


def answers_of(corpus: str, path: Path) -> Answers:
    """Return the answers of one table.

    Raises:
        DataError: The table cannot be read, lacks a column, has no row of the corpus, or one direction of a pair alone.
    """
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as Parquet ({error})") from None
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise DataError(f"{path}: lacks {', '.join(missing)}; expected a table of predictions/ of an evaluation")
    table = table[table["corpus"] == corpus].sort_values("id", kind="stable")
    if table.empty:
        raise DataError(f"{path}: has no row of the corpus {corpus!r}; name a table of its test")
    empty = [
        name for name in _TEXT_COLUMNS if not pd.api.types.is_string_dtype(table[name]) or table[name].isna().any()
    ]
    if empty:
        raise DataError(f"{path}: found rows without a text in {', '.join(empty)}; expected one in each row")
    if table[list(PROBABILITY_COLUMNS)].isna().any(axis=None):
        raise DataError(f"{path}: has rows without probabilities; the system gives labels alone")
    if corpus == "dse":
        rows, gold, products = dse_pairs(table, path)
        return Answers(rows, gold, log_of(products))
    return polarities(table, path)


def polarities(table: pd.DataFrame, path: Path) -> Answers:
    """Return the polarity of the rows of SEESAW that have one: 1 is favor, 0 against."""
    rows = table[table["stance"].isin([FAVOR, AGAINST])]
    if rows.empty:
        raise DataError(f"{path}: no row is favor or against")
    scores = log_of(rows[["p_against", "p_favor"]].to_numpy())
    return Answers(rows, (rows["stance"] == FAVOR).to_numpy().astype(np.intp), scores)


def log_of(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return logarithms, of 0 that of a very small number."""
    return np.log(np.asarray(probabilities, dtype=np.float64) + 1e-12)


def dse_pairs(table: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, NDArray[np.intp], NDArray[np.float64]]:
    """Put the two directions of each pair together.

    Args:
        table: Rows of DSE alone, with the columns `COLUMNS` at least.
        path: Where they are from, for messages.

    Returns:
        The rows of p→q by the pair's id; the gold class of each pair, shape (pairs,); the product of the probabilities
        of the two directions for each of the five classes, shape (pairs, 5), which do not sum to 1.

    Raises:
        DataError: A pair lacks a direction, or both of its directions have a stance.
    """
    parts = table["id"].str.extract(r"^(?P<pair>.*)-(?P<direction>pq|qp)$")
    table = table.assign(**parts)
    one, other = (table[table["direction"] == name].set_index("pair") for name in ("pq", "qp"))
    if len(one) + len(other) != len(table) or not one.index.is_unique or set(one.index) != set(other.index):
        raise DataError(f"{path}: expected both directions of each pair once, ids that end in -pq and -qp")
    other = other.loc[one.index]
    first, second = (np.array([STANCE_ID[stances[i]] for stances in DIRECTIONS.values()]) for i in (0, 1))
    columns = list(PROBABILITY_COLUMNS)
    products = one[columns].to_numpy()[:, first] * other[columns].to_numpy()[:, second]
    classes = {stances: index for index, stances in enumerate(DIRECTIONS.values())}
    pairs = list(zip(one["stance"], other["stance"], strict=True))
    unknown = [pair for pair in pairs if pair not in classes]
    if unknown:
        raise DataError(f"{path}: found stances {unknown[0]} of one pair; expected one that is neutral at least")
    return one, np.array([classes[pair] for pair in pairs]), products


def test_of(run: Answers) -> GoldRows:
    """Return the rows of a test with their resampling units, as an evaluation has them."""
    columns = (run.rows[name] for name in ("id", "text", "target", "stance", "document"))
    examples = [
        Example(id=row_id, text=text, target=target, stance=stance, document=document)
        for row_id, text, target, stance, document in zip(*columns, strict=True)
    ]
    return GoldRows.of(examples, EvaluationSettings().unit)


def scores_of(corpus: str, runs: Sequence[Answers], test: GoldRows, settings: EvaluationSettings) -> dict[str, Score]:
    """Return the published metrics of a system by name.

    Args:
        corpus: "dse" or "seesaw".
        runs: The answers of each of its runs, to the same rows.
        test: These rows.
        settings: Resamples and seed.
    """
    counts = np.stack(
        [confusions_of(run.gold, run.predicted, CLASSES[corpus], test.units, test.n_units) for run in runs], axis=1
    )
    points = metrics_of(corpus, counts.sum(axis=0))
    resampled = metrics_of(corpus, resample_counts(counts, settings.bootstrap_resamples, settings.seed))
    return {name: Score(own, mean_interval(own, resampled[name], test.n_units)) for name, own in points.items()}


def metrics_of(corpus: str, confusions: Floats) -> dict[str, Floats]:
    """Return the published metrics of confusion matrices, shape (..., classes, classes), as shares, shape (...)."""
    hits = np.trace(confusions, axis1=-2, axis2=-1)
    accuracy = np.asarray(hits / confusions.sum(axis=(-2, -1)))
    if corpus == "seesaw":
        return {"polarity accuracy": accuracy}
    return {"micro-F1": accuracy, "macro-F1": f1_of(confusions).mean(axis=-1)}


def confusions_of(
    gold: NDArray[np.intp], predicted: NDArray[np.intp], classes: int, units: NDArray[np.int64], n_units: int
) -> Floats:
    """Return one confusion matrix for each unit, gold classes as rows, shape (units, classes, classes)."""
    cells = (units * classes + gold) * classes + predicted
    counts = np.bincount(cells, minlength=n_units * classes**2)
    return counts.reshape(n_units, classes, classes).astype(np.float64)


if __name__ == "__main__":
    sys.exit(main())
