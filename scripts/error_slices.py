"""Slices of validation rows that may tell errors apart, for `dev_errors.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dev_errors import Answers

#: The first article of each group that the corpus's datasheet tells apart, by its number.
ARTICLES: Final = {
    1: "literary",
    183: "plain",
    343: "turned stances",
    396: "refusals of an act",
    448: "constructions that models missed",
}


def slices(answers: Answers, train: pd.DataFrame, validation: pd.DataFrame) -> dict[str, NDArray[np.str_]]:
    """Return what may tell errors apart: for each slicing the level of each row.

    Args:
        answers: The answers.
        train: The training rows.
        validation: All validation rows of the corpus, of which the answers may be a sample.
    """
    rows = answers.rows
    if answers.corpus == "dse":
        train, validation = (each[each["id"].str.endswith("-pq")] for each in (train, validation))
    words = rows["text"].map(lambda text: len(text.split()))
    short, long = (int(words.quantile(share)) for share in (1 / 3, 2 / 3))
    found = {
        "words": _levels(words, {0: f"1 to {short}", short + 1: f"{short + 1} to {long}", long + 1: f"over {long}"}),
        "rows of the sentence": _levels(
            rows["text"].map(validation["text"].value_counts()), {0: "1", 2: "2", 3: "3 or 4", 5: "5 or more"}
        ),
        "rows of the target in train": _levels(
            _seen(rows, train, answers.corpus), {0: "0", 1: "1 to 9", 10: "10 or more"}
        ),
        "source": np.where(rows["source"] == "", "none", "given"),
    }
    if "document" in rows and (rows["document"] != "").any():
        found["article in train"] = yes_or_no(rows["document"].isin(set(train["document"])))
    if answers.corpus == "seesaw":
        named = rows["target_start"].notna() & (rows["source_start"].notna() | (rows["source"] == ""))
        found["source and target named in the sentence"] = yes_or_no(named)
    if answers.corpus == "diplomacy":
        found["articles"] = _levels(rows["document"].str[1:].astype(int), ARTICLES)
        found["kind"] = rows["kind"].to_numpy(dtype=str)
    return found


def yes_or_no(marks: pd.Series) -> NDArray[np.str_]:
    """Return `yes` for each true mark and `no` for the others."""
    return np.where(marks, "yes", "no")


def _seen(rows: pd.DataFrame, train: pd.DataFrame, corpus: str) -> pd.Series:
    """Return how often the target is in train; of a pair of DSE, the entity that is there less often."""
    parts = ["source", "target"] if corpus == "dse" else ["target_name"] if corpus == "seesaw" else ["target"]
    counts = pd.concat([train[part] for part in parts]).str.lower().value_counts()
    return pd.concat([rows[part].str.lower().map(counts).fillna(0) for part in parts], axis=1).min(axis=1)


def _levels(values: pd.Series, names: dict[int, str]) -> NDArray[np.str_]:
    """Return the name of the highest bound that a value reaches."""
    bounds = sorted(names)
    return np.array([names[bounds[place]] for place in np.searchsorted(bounds, values, side="right") - 1])
