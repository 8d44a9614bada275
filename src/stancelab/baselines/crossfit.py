"""Probabilities for every row from a baseline that has not seen its text: cross-fitting over grouped folds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancelab.baselines.base import training_rows
from stancelab.baselines.fit import make_baseline
from stancelab.baselines.linear import Part, Selection
from stancelab.errors import DataError
from stancelab.progress import progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stancelab.baselines.settings import BaselineSettings
    from stancelab.schema import Example


def out_of_fold(settings: BaselineSettings, name: str, examples: Sequence[Example], folds: int) -> NDArray[np.float64]:
    """Return probabilities of shape (len(examples), 3), each row's from a model fitted without the rows of its text.

    Args:
        settings: How baselines are fitted; its seed makes the folds.
        name: Which baseline.
        examples: Labeled rows.
        folds: How many folds.

    Raises:
        DataError: The rows have too few texts to be divided.
    """
    rows = training_rows(examples)
    places = {id(example): place for place, example in enumerate(examples)}
    whole = Part(np.arange(len(rows.examples)), rows.groups)
    divided = whole.folds(rows.labels, Selection(folds, settings.seed, settings.metric))
    if not divided:
        raise DataError("the rows have a single text or a single stance; out-of-fold predictions need two of each")
    probabilities = np.empty((len(examples), 3))
    with progress(f"fitting {name} out of fold", len(divided), "fold") as fitted:
        for train, held_out in divided:
            model = make_baseline(name, settings).fit([rows.examples[row] for row in train], [])
            asked = [rows.examples[row] for row in held_out]
            probabilities[[places[id(example)] for example in asked]] = model.predict_proba(asked)
            fitted()
    return probabilities
