"""The order in which rows are trained on: batches of like length, by the seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from torch.utils.data import Sampler

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Batches in the block of random rows within which rows are sorted by length.
BLOCK_BATCHES: Final = 50


class LikeLengthSampler(Sampler[int]):
    """Orders rows so that a batch's rows are of like length; the order depends on the seed and the epoch alone.

    transformers' own sampler takes its order from the global random state, so a resumed run could not repeat it. It
    also gives the batches of a block from the longest to the shortest: where labels go with length, as those of sources
    far from their target do, many updates in a row then pull to one label, and a small encoder may not learn at all.

    Args:
        lengths: Length of each row in tokens.
        batch_size: Rows in a batch.
        seed: Seed of the run.
    """

    def __init__(self, lengths: Sequence[int], batch_size: int, seed: int) -> None:
        self.lengths = torch.tensor(lengths)
        self.batch_size = batch_size
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Set the epoch that comes next; the data loader calls this."""
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed * 100_003 + self.epoch)
        rows = torch.randperm(len(self), generator=generator)
        batches: list[torch.Tensor] = []
        for block in rows.split(BLOCK_BATCHES * self.batch_size):
            by_length = block[self.lengths[block].argsort(descending=True, stable=True)]
            batches += by_length.split(self.batch_size)
        # The data loader cuts the order into batches by itself, so the one that is not full has to stay last.
        full = [batch for batch in batches if len(batch) == self.batch_size]
        rest = [batch for batch in batches if len(batch) < self.batch_size]
        for place in torch.randperm(len(full), generator=generator).tolist():
            yield from full[place].tolist()
        for batch in rest:
            yield from batch.tolist()
