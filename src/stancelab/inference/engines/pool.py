"""Workers of a Ray cluster and the batches that they compute, in order, a bounded number at a time.

A batch whose worker ends (it was killed, had no memory left, or its machine is gone) is computed again by another one,
which has no other batch meanwhile: when that worker ends too, it is this batch that it ended with.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import ray
from ray.exceptions import RayError, RayTaskError

from stancelab.errors import StancelabError, count_of, shorten
from stancelab.inference.engines.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from stancelab.inference.engines.base import Answer
    from stancelab.inference.engines.worker import Place, Task
    from stancelab.schema import Example

logger = logging.getLogger(__name__)

#: Batches that a worker has at a time: the one that it computes, and the next one.
_AT_WORKER: Final = 2
#: Batches for each worker that are held at most, those included that wait for an earlier one to be done.
_HELD: Final = 3
#: A batch that ended so many workers is taken for the reason.
_MOST_LOST: Final = 3
#: Seconds after which is told that no worker has begun yet.
_PATIENCE: Final = 60.0


@dataclass(eq=False)
class _Batch:
    """Examples, their place among the batches, the answer when it is there, and how many workers ended that had it."""

    number: int
    examples: Sequence[Example]
    answer: Answer | None = None
    lost: int = 0


@dataclass(eq=False)
class _Member:
    """An actor of Ray that holds a worker, and where it is, None while it loads."""

    actor: Any
    place: Place | None = None

    @property
    def name(self) -> str:
        """How messages call it."""
        return "a worker" if self.place is None else f"the worker on node {self.place.node}"


class Pool:
    """Workers that hold the checkpoint.

    Args:
        task: What they load.
        count: How many there are to be.
        resources: What each of them asks of Ray: `num_cpus`, `num_gpus`.
        worker: What runs there.
    """

    def __init__(self, task: Task, count: int, resources: Mapping[str, Any], worker: type[Worker] = Worker) -> None:
        self._task, self._count, self._resources = task, count, dict(resources)
        self._worker = worker
        self._members: list[_Member] = []
        #: What was asked of whom, in this order; no batch where the worker loads.
        self._asked: dict[Any, tuple[_Member, _Batch | None]] = {}
        self._waiting: deque[_Batch] = deque()
        self._failed_starts = 0

    @property
    def places(self) -> list[Place]:
        """Where the workers are that have begun; after `close` where they were."""
        return [member.place for member in self._members if member.place is not None]

    def start(self) -> None:
        """Start the workers, and return when the first has loaded; the others join when they have.

        Raises:
            StancelabError: A worker cannot load the checkpoint.
        """
        for _ in range(self._count):
            self._add()
        while not self.places:
            self._step()

    def close(self) -> None:
        """End the workers."""
        for member in self._members:
            _end(member)
        self._asked.clear()

    def answers(self, batches: Iterable[Sequence[Example]]) -> Iterator[Answer]:
        """Yield the answers in the order of the batches.

        Raises:
            StancelabError: A worker cannot compute a batch, or workers end again and again.
        """
        held: deque[_Batch] = deque()
        for number, examples in enumerate(batches):
            held.append(_Batch(number, examples))
            self._waiting.append(held[-1])
            self._hand_out()
            while self._waiting:
                self._step()
            while held and (held[0].answer is not None or len(held) >= _HELD * self._count):
                yield self._first(held)
        while held:
            yield self._first(held)

    def _first(self, held: deque[_Batch]) -> Answer:
        """Wait for the first of the batches that are held, and take it out."""
        while (answer := held[0].answer) is None:
            self._step()
        held.popleft()
        return answer

    def _add(self) -> None:
        member = _Member(
            ray.remote(self._worker).options(max_restarts=0, max_task_retries=0, **self._resources).remote()
        )
        self._members.append(member)
        self._asked[member.actor.load.remote(self._task)] = (member, None)

    def _hand_out(self) -> None:
        """Give waiting batches to the workers that have the fewest; one that was lost has a worker for itself."""
        while self._waiting:
            batch = self._waiting[0]
            busy = [member for member, other in self._asked.values() if other is not None]
            alone = [member for member, other in self._asked.values() if other is not None and other.lost]
            most = 1 if batch.lost else _AT_WORKER
            free = [
                member for member in self._members if member.place and member not in alone and busy.count(member) < most
            ]
            if not free:
                return
            member = min(free, key=busy.count)
            self._asked[member.actor.answer.remote(batch.examples)] = (member, self._waiting.popleft())

    def _step(self) -> None:
        """Wait until one of the workers has something to say, and take it."""
        ready, _ = ray.wait([*self._asked], timeout=_PATIENCE)
        for asked in ready:
            member, batch = self._asked[asked]
            try:
                found = ray.get(asked)
            except RayTaskError as error:
                raise _failure(error, member, batch) from error
            except RayError as error:
                self._lose(member, error)
            else:
                del self._asked[asked]
                self._take(member, batch, found)
        if not ready and not self.places:
            logger.info("no worker has begun yet: %s wait for cores of the Ray cluster", len(self._members))
        self._hand_out()

    def _take(self, member: _Member, batch: _Batch | None, found: Any) -> None:
        if batch is None:
            member.place, self._failed_starts = found, 0
        else:
            batch.answer, batch.examples = found, ()

    def _lose(self, member: _Member, error: RayError) -> None:
        """Start another worker in the place of one that ended, and let its batches be computed again.

        Raises:
            StancelabError: It is not worth trying again.
        """
        batches = self._unanswered(member)
        self._members.remove(member)
        _end(member)
        logger.debug("%s ended: %s", member.name, error)
        why = "it was killed, had no memory left, or its node is gone"
        for batch in batches:  # any of them may be the reason: the answer to the first may be lost on its way
            batch.lost += 1
            if batch.lost == _MOST_LOST:
                raise StancelabError(
                    f"{member.name} ended, as {_MOST_LOST - 1} others did before with the same rows "
                    f"({_rows(batch)}): {why}. Give workers fewer texts at a time (predict.batch_tokens, "
                    "predict.batch_size) or more memory"
                )
        if member.place is None:
            self._failed_starts += 1
            if self._failed_starts > self._count + 1:
                raise StancelabError(f"{self._failed_starts} workers ended before they began: {_reason(error)}")
        logger.warning(
            "%s ended (%s); another one is started, and %s computed again",
            member.name,
            why,
            f"{count_of(len(batches), 'batch', 'batches')} of rows are" if batches else "no row has to be",
        )
        self._waiting = deque(sorted([*batches, *self._waiting], key=lambda batch: batch.number))
        self._add()

    def _unanswered(self, member: _Member) -> list[_Batch]:
        """Take what a worker that ended has answered before, and return the batches that it has not, in their order."""
        left = []
        for asked in [asked for asked, (owner, _) in self._asked.items() if owner is member]:
            _, batch = self._asked.pop(asked)
            try:
                found = ray.get(asked, timeout=0)
            except RayError:  # a batch whose fate is not known yet counts as lost too
                left.append(batch)
            else:
                self._take(member, batch, found)
        return [batch for batch in left if batch is not None]


def _end(member: _Member) -> None:
    try:
        ray.kill(member.actor)
    except (RayError, ValueError):  # it has ended, or its cluster is gone
        logger.debug("%s was not ended", member.name)


def _failure(error: RayTaskError, member: _Member, batch: _Batch | None) -> StancelabError:
    """Return what a user is told of an error that a worker raised."""
    cause = error.cause
    logger.debug("%s failed:\n%s", member.name, error)
    if isinstance(cause, StancelabError):
        return type(cause)(str(cause))
    doing = "loading the checkpoint" if batch is None else _rows(batch)
    return StancelabError(f"{member.name} failed at {doing}: {type(cause).__name__}: {shorten(cause, 300)}")


def _reason(error: RayError) -> str:
    """Return the line of Ray's message that says most: the error that was raised, else the last one."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    raised = [line for line in lines if line.partition(":")[0].endswith(("Error", "Exception"))]
    return shorten((raised or lines or [type(error).__name__])[-1], 300)


def _rows(batch: _Batch) -> str:
    """Return which rows of the table a batch is of: the ids of its examples are their numbers."""
    return f"rows {batch.examples[0].id} to {batch.examples[-1].id}" if batch.examples else "no rows"
