"""Compute the metrics that papers publish on DSE and SEESAW from the prediction tables of an evaluation.

    python scripts/published_metrics.py dse outputs/evaluate/NAME/DATE/predictions/SYSTEM-seed*.test.parquet
    python scripts/published_metrics.py seesaw outputs/evaluate/NAME/DATE/predictions/SYSTEM-seed*.test.parquet

dse: micro-F1 (which is accuracy) and macro-F1 over the five classes of a pair, as Park, Pan and Joo (ACL 2021) define
them; the class is the one with the highest product of the probabilities of its two directions. seesaw: accuracy of the
polarity of a given pair, on the rows whose stance is favor or against, choosing between these two alone.

Tables of one system, one for each seed, give mean and standard deviation (of a sample). Tables of several corpora are
read for the rows of the corpus alone.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from stancelab.data.readers.dse import DIRECTIONS
from stancelab.errors import DataError
from stancelab.schema import AGAINST, FAVOR, PROBABILITY_COLUMNS, STANCE_ID

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLUMNS: Final = ("id", "corpus", "stance", *PROBABILITY_COLUMNS)


def main(arguments: list[str] | None = None) -> int:
    """Print the metrics of each system; return 2 where a table cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", choices=("dse", "seesaw"))
    parser.add_argument("tables", nargs="+", type=Path, help="prediction tables (.parquet)")
    given = parser.parse_args(arguments)
    scores: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
    try:
        for path in given.tables:
            scores[system_of(path)].append(scores_of(given.corpus, path))
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    for system, runs in scores.items():
        print(f"{system}: {', '.join(summary(runs))}")
    return 0


def system_of(path: Path) -> str:
    """Return what a table's name says of its system and test, without the seed."""
    return re.sub(r"-seed\d+(?=\.)", "", path.name).removesuffix(".parquet")


def scores_of(corpus: str, path: Path) -> dict[str, float]:
    """Return the metrics of one table, shares as percentages.

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
    table = table[table["corpus"] == corpus]
    if table.empty:
        raise DataError(f"{path}: has no row of the corpus {corpus!r}; name a table of its test")
    if table[list(PROBABILITY_COLUMNS)].isna().any(axis=None):
        raise DataError(f"{path}: has rows without probabilities; the system gives labels alone")
    return dse_scores(table, path) if corpus == "dse" else seesaw_scores(table, path)


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


def dse_scores(table: pd.DataFrame, path: Path) -> dict[str, float]:
    """Return micro- and macro-F1 over the five classes of the pairs, and how many pairs there are."""
    _, gold, products = dse_pairs(table, path)
    predicted = products.argmax(axis=1)
    f1 = [f1_of(gold == index, predicted == index) for index in range(len(DIRECTIONS))]
    return {
        "micro-F1": 100 * float(np.mean(gold == predicted)),
        "macro-F1": 100 * float(np.mean(f1)),
        "pairs": len(gold),
    }


def seesaw_scores(table: pd.DataFrame, path: Path) -> dict[str, float]:
    """Return the accuracy of the polarity where there is one, and how many rows have one."""
    table = table[table["stance"].isin([FAVOR, AGAINST])]
    if table.empty:
        raise DataError(f"{path}: no row is favor or against")
    predicted = np.where(table["p_favor"] > table["p_against"], FAVOR, AGAINST)
    return {"polarity accuracy": 100 * float(np.mean(predicted == table["stance"])), "rows": len(table)}


def summary(runs: list[dict[str, float]]) -> list[str]:
    """Return each metric with its mean over the runs, and its standard deviation where there are several."""
    lines = []
    for name in runs[0]:
        values = np.array([run[name] for run in runs])
        if name in ("pairs", "rows"):
            lines.append(
                f"{int(values[0]):,} {name}" if len(set(values)) == 1 else f"{values.mean():,.0f} {name} (mean)"
            )
        elif len(values) == 1:
            lines.append(f"{name} {values[0]:.1f}")
        else:
            lines.append(f"{name} {values.mean():.1f} ± {values.std(ddof=1):.1f}")
    return [*lines, f"{len(runs)} {'run' if len(runs) == 1 else 'runs'}"]


def f1_of(gold: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> float:
    """Return F1 of one class, 0 where it neither occurs nor is predicted."""
    both = int(gold.sum() + predicted.sum())
    return 2 * float((gold & predicted).sum()) / both if both else 0.0


if __name__ == "__main__":
    sys.exit(main())
