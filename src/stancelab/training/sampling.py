"""The order in which texts are trained on: how many of each corpus, and batches of like length, by the seed."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch.utils.data import Sampler

from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.training.settings import TrainingSettings

logger = logging.getLogger(__name__)

#: The corpus of unlabeled texts, where train has several corpora.
UNLABELED: Final = "unlabeled"

#: Batches in the block of random texts within which texts are sorted by length.
BLOCK_BATCHES: Final = 50


class LikeLengthSampler(Sampler[int]):
    """Orders texts so that a batch's texts are of like length; the order depends on the seed and the epoch alone.

    transformers' own sampler takes its order from the global random state, so a resumed run could not repeat it. It
    also gives the batches of a block from the longest to the shortest: where labels go with length, as those of sources
    far from their target do, many updates in a row then pull to one label, and a small encoder may not learn at all.

    Args:
        lengths: Length of each text in tokens.
        batch_size: Texts in a batch.
        seed: Seed of the run.
        mixture: How many texts of each corpus an epoch takes; by default each text once.
    """

    def __init__(self, lengths: Sequence[int], batch_size: int, seed: int, mixture: Mixture | None = None) -> None:
        self.lengths = torch.tensor(lengths)
        self.batch_size = batch_size
        self.seed = seed
        self.mixture = mixture
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Set the epoch that comes next; the data loader calls this."""
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.lengths) if self.mixture is None else len(self.mixture)

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed * 100_003 + self.epoch)
        texts = torch.randperm(len(self), generator=generator)
        if self.mixture is not None:
            texts = torch.from_numpy(self.mixture.texts(self.epoch))[texts]
        batches: list[torch.Tensor] = []
        for block in texts.split(BLOCK_BATCHES * self.batch_size):
            by_length = block[self.lengths[block].argsort(descending=True, stable=True)]
            batches += by_length.split(self.batch_size)
        # The data loader cuts the order into batches by itself, so the one that is not full has to stay last.
        full = [batch for batch in batches if len(batch) == self.batch_size]
        rest = [batch for batch in batches if len(batch) < self.batch_size]
        for place in torch.randperm(len(full), generator=generator).tolist():
            yield from full[place].tolist()
        for batch in rest:
            yield from batch.tolist()


class Mixture:
    """How many texts of each corpus an epoch takes, and which.

    Texts of a large corpus that one epoch leaves out come in the next; those of a small one come several times.

    Args:
        corpora: The corpus of each text.
        weights: Corpus -> its part of an epoch, relative to the others.
        size: The texts of an epoch.
        seed: Seed of the run.
    """

    def __init__(self, corpora: Sequence[str], weights: Mapping[str, float], size: int, seed: int) -> None:
        own = np.asarray(corpora)
        self.places = [np.flatnonzero(own == name) for name in sorted(weights)]
        self.seed = seed
        shares = np.array([weights[name] for name in sorted(weights)])
        ends = np.rint(np.cumsum(shares) / shares.sum() * size).astype(int)
        #: Texts of each corpus in an epoch, in the order of the corpora's names.
        self.sizes: list[int] = np.diff(ends, prepend=0).tolist()

    def __len__(self) -> int:
        return sum(self.sizes)

    def texts(self, epoch: int) -> NDArray[np.int64]:
        """Return the places of an epoch's texts, shape (texts,), corpus by corpus."""
        return np.concatenate([self._of_corpus(number, epoch * size, size) for number, size in enumerate(self.sizes)])

    def _of_corpus(self, number: int, start: int, size: int) -> NDArray[np.int64]:
        """Return so many places of a corpus, from its endless sequence of shuffled passes."""
        places = self.places[number]
        passes = range(start // len(places), (start + size) // len(places) + 1)
        order = np.concatenate(
            [np.random.default_rng([self.seed, number, each]).permutation(places) for each in passes]
        )
        begin = start - passes[0] * len(places)
        return order[begin : begin + size]


def mixture_of(
    corpora: Sequence[str], training: TrainingSettings, seed: int, of_rows: Collection[str] = ()
) -> Mixture | None:
    """Return the mixture that the settings ask for, None where an epoch takes each text once.

    Args:
        corpora: The corpus of each text.
        training: The settings; `corpus_shares` name corpora that are there.
        seed: Seed of the run.
        of_rows: The corpora of the rows. A text that several have is of the first; where all texts of a corpus are,
            its rows are learned with those and it has no part of its own.

    Raises:
        ConfigError: `corpus_shares` names a corpus that the dataset lacks, or leaves one out, or leaves nothing.
    """
    if training.corpus_temperature == 1 and not training.corpus_shares and training.epoch_texts is None:
        return None
    counts = Counter(corpora)
    weights = {name: count**training.corpus_temperature for name, count in counts.items()}
    without = sorted({*of_rows} - {*counts})
    if without:
        logger.warning(
            "all training texts of %s are also texts of other corpora: its rows are learned with those, and it has no "
            "part of an epoch of its own",
            ", ".join(without),
        )
    if training.corpus_shares:
        check_shares(training.corpus_shares, {*counts, *without})
        if UNLABELED in training.corpus_shares and UNLABELED not in counts:
            logger.info("no unlabeled texts are learned from: training.corpus_shares.%s changes nothing", UNLABELED)
        weights = {name: share for name, share in training.corpus_shares.items() if share > 0 and name in counts}
        if not weights:
            raise ConfigError(
                f"training.corpus_shares: leaves no text, since those of {', '.join(without)} are counted for other "
                "corpora; give one of these a share above 0"
            )
    return Mixture(corpora, weights, training.epoch_texts or len(corpora), seed)


def check_shares(shares: Mapping[str, float], corpora: Collection[str]) -> None:
    """Raise a `ConfigError` where the shares do not name just the corpora that are trained on.

    `UNLABELED` may have a share where no such text is known yet: the settings of an experiment hold with and without
    a teacher. A share of 0 may name a corpus that is not there, since it takes one out of the shares of an experiment.
    """
    named = {name for name, share in shares.items() if share > 0 or name in corpora}
    if {*named, UNLABELED} != {*corpora, UNLABELED}:
        raise ConfigError(
            f"training.corpus_shares: found {', '.join(sorted(named))}, but the training rows are from "
            f"{', '.join(sorted({*corpora} - {UNLABELED}))}; give each of these a share, 0 to leave it "
            "out, and no other"
        )
    if UNLABELED in corpora and UNLABELED not in shares:
        raise ConfigError(
            f"training.corpus_shares: found {', '.join(sorted(shares))}, but the model also learns from unlabeled "
            f"texts; give them a share under the name {UNLABELED}, 0 to leave them out"
        )
