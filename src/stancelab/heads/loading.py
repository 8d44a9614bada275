"""Whether transformers has found the weights of an encoder: what it does not find it fills with random numbers."""

from __future__ import annotations

import logging
from math import prod
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import CheckpointError, count_of, verb

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

logger = logging.getLogger(__name__)

#: A pooler is often not saved with an encoder, and is trained anew.
_OFTEN_NEW: Final = "pooler"
#: A network has at most so many times the numbers that its files hold: shared weights are saved once.
_TIMES_STORED: Final = 2
#: So many numbers no network needs to save: a pooler's, and the numbers of positions.
_ALWAYS: Final = 2**22


def check_size(name: str, network: Any, files: Iterable[Path]) -> None:
    """Check that a network is not larger than the files of its weights: what config.json asks for is not built then.

    Args:
        name: The checkpoint, for messages.
        network: The network, built without memory (on the device "meta").
        files: The safetensors files of its weights.

    Raises:
        CheckpointError: It has more numbers than the files, or keeps many that no file holds.
    """
    from safetensors import safe_open

    stored = 0
    for file in files:
        with safe_open(file, framework="pt") as weights:
            stored += sum(prod(weights.get_slice(key).get_shape()) for key in weights.keys())  # noqa: SIM118 - no dict
    for what, parts in (("weights", network.parameters()), ("constants", network.buffers())):
        if (asked := sum(part.numel() for part in parts)) > _TIMES_STORED * stored + _ALWAYS:
            raise CheckpointError(
                f"{name}: config.json asks for a network of {asked:,} {what}, but its files hold {stored:,} numbers; "
                "the files are not of one checkpoint: take the folder from its run again"
            )


def check_weights(name: str, loading: Mapping[str, Any], weights: Iterable[str], *, whole: bool = False) -> None:
    """Check that the weights of an encoder were found in its files, in the sizes of its config.

    Args:
        name: The encoder, for messages.
        loading: What transformers says of the loading: `missing_keys` and `mismatched_keys`.
        weights: The names of the encoder's weights; a head's are none of them.
        whole: Whether all of them must be there, as in a checkpoint.

    Raises:
        CheckpointError: Weights have other sizes, or most of them, or any of a whole, are missing.
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
    if missing and (whole or 2 * len(missing) > len(own)):
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
