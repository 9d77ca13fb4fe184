"""Playing a schedule: batches to workers, results to the ledger, in whatever order they come.

Nothing that is written depends on who played it, on how many workers there were, or in what order they finished.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.tournament.games import Batch, Played, forfeits, play
from pursuit.tournament.ledger import Ledger
from pursuit.tournament.pools import Pool
from pursuit.tournament.referee import By, Fault
from pursuit.tournament.results import Results
from pursuit.tournament.schedule import Chunk, Schedule
from pursuit.tournament.spec import Spec

_AGENTS = 8192  # agents in a batch: enough that numpy's calls cost little beside what they do
_LEAST, _MOST = 256, 4096  # games in a batch, whatever the cast
_MOST_SPRT = 128  # … under a sequential test, which may stop any time
_ROUNDS = 4  # batches that each worker should have, so that none waits long for the last

OnProgress: TypeAlias = Callable[[Results], None]


@dataclass(frozen=True)
class Options:
    """How to play; none of it changes a result."""

    batch: int = 0  # games that are played together; 0: as many as are good
    part: tuple[int, int] = (1, 1)  # which share of the games, for who merges ledgers afterwards


def run(
    schedule: Schedule,
    spec: Spec,
    ledger: Ledger,
    pool: Pool,
    options: Options | None = None,
    on_progress: OnProgress | None = None,
) -> Results:
    """Play what the ledger lacks, until all is played or every sequential test has stopped."""
    options = options or Options()
    results = Results(schedule)
    results.enter(ledger.rows)
    return _Run(schedule, spec, ledger, pool, options, on_progress, results).play()


def good_batch(schedule: Schedule, spec: Spec, workers: int) -> int:
    """How many games to play together: many where the cast is small, but enough batches to keep all workers busy."""
    agents = max(venue["agents"] for venue in spec["venues"])
    share = schedule.num_games // (_ROUNDS * workers)
    batch = int(np.clip(min(share, _AGENTS // agents), _LEAST, _MOST))
    return min(batch, _MOST_SPRT) if schedule.plan.sprt else batch


class _Run:
    def __init__(
        self,
        schedule: Schedule,
        spec: Spec,
        ledger: Ledger,
        pool: Pool,
        options: Options,
        on_progress: OnProgress | None,
        results: Results,
    ) -> None:
        self._schedule, self._spec, self._ledger, self._pool = schedule, spec, ledger, pool
        self._results, self._on_progress = results, on_progress
        batch = options.batch or good_batch(schedule, spec, pool.width)
        self._chunks = schedule.chunks(results.done.copy(), batch, options.part)
        self._over = np.zeros(len(schedule.pairings), np.bool_)
        self._users = _users(schedule)

    def play(self) -> Results:
        executor = self._pool.make()
        flying: dict[Future[Played], Chunk] = {}
        chunks = self._wanted()
        try:
            while True:
                while len(flying) < 2 * self._pool.width and (chunk := next(chunks, None)) is not None:
                    flying[executor.submit(play, self._batch(chunk))] = chunk
                if not flying:
                    return self._results
                ended, _ = wait(flying, return_when=FIRST_COMPLETED)
                suspects = [chunk for future in ended if not self._keep(future, chunk := flying.pop(future))]
                if suspects:
                    # A worker died, and everything it might have been at is suspect: look at each by itself.
                    suspects += [chunk for future, chunk in flying.items() if not self._keep(future, chunk)]
                    flying.clear()
                    executor = self._look_at(suspects, executor)
        finally:
            for future in flying:
                future.cancel()
            executor.shutdown()

    def _wanted(self) -> Iterator[Chunk]:
        """Chunks that some pairing still needs."""
        for chunk in self._chunks:
            if self._schedule.plan.sprt is None or not self._over[self._users[chunk.cell]].all():
                yield chunk

    def _batch(self, chunk: Chunk) -> Batch:
        cell = self._schedule.cells[chunk.cell]
        return Batch(
            venue=self._schedule.plan.venues[cell.venue],
            digest=self._spec["venues"][cell.venue]["digest"],
            hunter=cell.hunter,
            guardian=cell.guardian,
            seeds=self._schedule.seeds(cell.venue, chunk.indices),
            limits=self._schedule.plan.limits,
            regret=self._schedule.plan.regret,
        )

    def _keep(self, future: Future[Played], chunk: Chunk) -> bool:
        """Write down what a worker brings; false if it died instead."""
        try:
            played = future.result()
        except self._pool.deaths:
            return False
        self._write(chunk, played)
        return True

    def _write(self, chunk: Chunk, played: Played) -> None:
        self._ledger.append(chunk.cell, self._schedule.games(chunk.cell, chunk.indices), chunk.indices, played)
        self._results.add(chunk.cell, chunk.indices, played)
        if self._schedule.plan.sprt is not None:
            for pairing in self._users[chunk.cell]:
                self._over[pairing] = self._over[pairing] or self._results.is_over(pairing)
        if self._on_progress is not None:
            self._on_progress(self._results)

    def _look_at(self, suspects: list[Chunk], executor: Executor) -> Executor:
        """Play chunks one by one, halving what kills its worker, until the games are found that do."""
        waiting = deque(suspects)
        executor = self._renewed(executor)
        while waiting:
            chunk = waiting.popleft()
            if self._keep(executor.submit(play, self._batch(chunk)), chunk):
                continue
            executor = self._renewed(executor)
            half = len(chunk.indices) // 2
            if half:
                waiting.extendleft(Chunk(chunk.cell, part) for part in (chunk.indices[half:], chunk.indices[:half]))
            else:
                self._write(chunk, forfeits(1, Fault.KILLED, By.OTHERS))
        return executor

    def _renewed(self, executor: Executor) -> Executor:
        executor.shutdown(wait=False)
        return self._pool.make()


def _users(schedule: Schedule) -> list[NDArray[np.int64]]:
    """The pairings that need a cell, by cell."""
    users: list[list[int]] = [[] for _ in schedule.cells]
    for pairing, cells in enumerate(schedule.cell_of):
        for cell in np.unique(cells).tolist():
            users[cell].append(pairing)
    return [np.array(found) for found in users]
