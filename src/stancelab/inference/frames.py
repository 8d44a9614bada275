"""Predictions as a DataFrame of pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stancelab.extras import require
from stancelab.schema import PREDICTION_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from stancelab.schema import Prediction


def frame_of(predictions: Sequence[Prediction], examples: Any) -> pd.DataFrame:
    """Return predictions as a DataFrame with the columns `PREDICTION_COLUMNS`.

    Args:
        predictions: The predictions.
        examples: What they are of. The index of a DataFrame is kept; of all else rows are numbered from 0 on.

    Raises:
        MissingPackageError: pandas is not installed.
    """
    require("pandas", "train", "predict(..., as_frame=True)")
    import pandas as pd

    kinds = {"predicted": "str", "abstained": "bool"}
    cells = [prediction.cells() for prediction in predictions]
    columns = {
        name: pd.Series([row[name] for row in cells], dtype=kinds.get(name, "float64")) for name in PREDICTION_COLUMNS
    }
    frame = pd.DataFrame(columns)
    return frame.set_axis(examples.index, axis=0) if isinstance(examples, pd.DataFrame) else frame
