"""Answers by the workers of a Ray cluster: the same as those of one process, row for row.

The process that reads the table writes it too; workers get examples and return probabilities, so that they need the
checkpoint and neither the input nor the output.
"""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.checkpoint import checkpoint_folder, load_info
from stancelab.errors import CheckpointError, count_of
from stancelab.files import sha256_of, versions
from stancelab.inference.backends import AUTO, TORCH, TORCH_BF16, chosen
from stancelab.inference.engines.base import Answer, Engine
from stancelab.inference.engines.cluster import connected, fitting_workers, has_gpus
from stancelab.inference.engines.pool import Pool
from stancelab.inference.engines.worker import Task
from stancelab.layout import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from stancelab.aliases import Aliases
    from stancelab.checkpoint import CheckpointInfo
    from stancelab.inference.settings import PredictSettings
    from stancelab.schema import Example

logger = logging.getLogger(__name__)

#: Threads of a worker where the settings do not say it: many workers of one answer more rows than few of many.
_THREADS: Final = 1


class RayEngine(Engine):
    """Lets workers compute.

    Args:
        info: What the checkpoint says of itself.
        pool: The workers, which were started.
        threads: How many threads each has.
    """

    def __init__(self, info: CheckpointInfo, pool: Pool, threads: int) -> None:
        self.info = info
        self.pool = pool
        self._threads = threads
        self._first = pool.places[0]

    def answers(self, batches: Iterable[Sequence[Example]]) -> Iterator[Answer]:
        """Yield the answers in the order of the batches."""
        return self.pool.answers(batches)

    def description(self) -> dict[str, Any]:
        """Return the backend, its device, and how many workers each node had in the end."""
        nodes = Counter(place.node for place in self.pool.places)
        return {
            "backend": self._first.backend,
            "device": self._first.device,
            "engine": "ray",
            "threads": self._threads,
            "workers": dict(nodes),
        }


@contextmanager
def open_ray_engine(checkpoint: str, settings: PredictSettings, aliases: Aliases) -> Iterator[RayEngine]:
    """Give an engine whose workers run on a Ray cluster; they are ended with the block.

    Args:
        checkpoint: The checkpoint's folder, or its name on the hub.
        settings: What computes, and where.
        aliases: Other names of targets and sources that the command gives.

    Raises:
        StancelabError: There is no such cluster, or a worker cannot load the checkpoint.
    """
    folder = checkpoint_folder(checkpoint)
    info = load_info(folder)
    threads = settings.threads or _THREADS
    task = _task(checkpoint, folder, settings, aliases, threads)
    with connected(settings.address, None if settings.workers is None else settings.workers * threads):
        on_gpu = _on_gpu(task)
        count = settings.workers or fitting_workers(threads, on_gpu=on_gpu)
        pool = Pool(task, count, {"num_cpus": threads, "num_gpus": int(on_gpu)})
        try:
            pool.start()
            first = pool.places[0]
            per_worker = count_of(threads, "thread")
            workers = count_of(count, "worker")
            logger.info("computed by %s on %s, by %s of %s each", first.backend, first.device, workers, per_worker)
            yield RayEngine(info, pool, threads)
        finally:
            pool.close()


def _task(checkpoint: str, folder: Path, settings: PredictSettings, aliases: Aliases, threads: int) -> Task:
    if not (folder / MANIFEST).is_file():
        raise CheckpointError(f"{folder}: has no {MANIFEST}, which is written last; copy the folder again")
    return Task(
        checkpoint=str(folder.absolute()) if Path(checkpoint).expanduser().exists() else checkpoint,
        manifest=sha256_of(folder / MANIFEST),
        version=versions().get("stancelab", ""),
        aliases=aliases,
        backend=chosen(folder, settings.device) if settings.backend == AUTO else settings.backend,
        device=settings.device,
        batch_size=settings.batch_size,
        batch_tokens=settings.batch_tokens,
        threads=threads,
    )


def _on_gpu(task: Task) -> bool:
    """Tell whether workers are to have a GPU each, as a process by itself takes one where there is one."""
    return task.backend in (TORCH, TORCH_BF16) and (task.device == "cuda" or (task.device is None and has_gpus()))
