"""Whether transformers has found the weights of an encoder: what it does not find it fills with random numbers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import CheckpointError, count_of, verb

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

logger = logging.getLogger(__name__)

#: A pooler is often not saved with an encoder, and is trained anew.
_OFTEN_NEW: Final = "pooler"


def check_weights(name: str, loading: Mapping[str, Any], weights: Iterable[str]) -> None:
    """Check that the weights of an encoder were found in its files, in the sizes of its config.

    Args:
        name: The encoder, for messages.
        loading: What transformers says of the loading: `missing_keys` and `mismatched_keys`.
        weights: The names of the encoder's weights; a head's are none of them.

    Raises:
        CheckpointError: Weights have other sizes, or most of them are missing.
    """
    own = {key for key in weights if _OFTEN_NEW not in key}
    mismatched = sorted(key for key, *_ in loading["mismatched_keys"] if key in own)
    if mismatched:
        raise CheckpointError(
            f"{name}: {count_of(len(mismatched), 'weight')} "
            f"{verb(len(mismatched), 'has another size', 'have other sizes')} than config.json says, first "
            f"{mismatched[0]}; the "
            "files are not of one encoder: fetch them again"
        )
    missing = sorted(own & {*loading["missing_keys"]})
    if 2 * len(missing) > len(own):
        raise CheckpointError(
            f"{name}: {len(missing)} of {count_of(len(own), 'weight')} that config.json asks for "
            f"{verb(len(missing), 'is', 'are')} not in its files, first "
            f"{missing[0]}; the files are not of one encoder: fetch them again"
        )
    if missing:
        logger.warning(
            "%s: %d of %d weights are not in its files and start from random numbers, first %s",
            name,
            len(missing),
            len(own),
            missing[0],
        )
