"""Results as arrays: what came of each game of a schedule, however and in whatever order it was played.

Dimension letters: ``P`` pairings, ``V`` venues, ``C`` cells, ``S`` indices, ``U`` units of a pairing (S · V).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.tournament.games import PLAYED
from pursuit.tournament.schedule import Schedule
from pursuit.tournament.score import Tally
from pursuit.tournament.sprt import Verdict


class Results:
    """All finished games of a schedule."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        shape = len(schedule.cells), schedule.plan.pairs
        self.done: NDArray[np.bool_] = np.zeros(shape, np.bool_)  # [C, S]
        self.games: NDArray[Any] = np.zeros(shape, PLAYED)  # [C, S]
        self._stops: dict[int, tuple[int, Verdict]] = {}

    def add(self, cell: int | NDArray[np.integer], index: NDArray[np.integer], played: NDArray[Any]) -> None:
        """Enter finished games, [n] each."""
        for name in PLAYED.names or ():
            self.games[name][cell, index] = played[name]
        self.done[cell, index] = True

    def enter(self, rows: NDArray[Any]) -> None:
        """Enter rows of a ledger, those that the schedule knows."""
        cells, pairs = self.done.shape
        known = rows[(rows["cell"] < cells) & (rows["index"] < pairs)]
        self.add(known["cell"].astype(np.int64), known["index"].astype(np.int64), known)

    def quarters(self, pairing: int) -> NDArray[np.int64]:
        """Scores of the finished pairs in quarters, in the order of the schedule, up to the first that is unfinished.

        The boards take turns: unit u is the pair on board u mod V with index u // V.
        """
        there, back = self.schedule.cell_of[pairing].T  # [V] each
        done = (self.done[there] & self.done[back]).T.ravel()  # [U]
        num = len(done) if done.all() else int(done.argmin())
        score = self.games["score"]
        quarters = (score[there].astype(np.int64) + 2 - score[back]).T.ravel()
        return quarters[:num]

    def stop(self, pairing: int) -> tuple[int, Verdict]:
        """How many pairs count, from the first, and what the sequential test says, if there is one."""
        if pairing in self._stops:
            return self._stops[pairing]
        quarters, sprt = self.quarters(pairing), self.schedule.plan.sprt
        if sprt is None:
            return len(quarters), "open"
        found = sprt.decide(quarters)
        if found[1] != "open":
            self._stops[pairing] = found
        return found

    def is_over(self, pairing: int) -> bool:
        """Whether nothing is left to play: all pairs are finished, or the test has stopped."""
        num, verdict = self.stop(pairing)
        return verdict != "open" or num == self.schedule.plan.pairs * len(self.schedule.plan.venues)

    def tally(self, pairing: int, venue: int | None = None) -> Tally:
        """The pairs that count, on one venue or on all."""
        num, _ = self.stop(pairing)
        quarters = self.quarters(pairing)[:num]
        return Tally.of(quarters if venue is None else quarters[venue :: len(self.schedule.plan.venues)])

    def pairs(self, pairing: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """(scores in quarters, which of them count) of a pairing, both [V, S]."""
        there, back = self.schedule.cell_of[pairing].T
        quarters = self.games["score"][there].astype(np.int64) + 2 - self.games["score"][back]
        units = np.arange(quarters.size).reshape(quarters.shape[::-1]).T  # [V, S]
        return quarters, units < self.stop(pairing)[0]

    def counted(self) -> NDArray[np.bool_]:
        """The games that belong to a pair that counts, [C, S]; statistics look at no others.

        What was played beyond depends on when the workers heard that a test had stopped.
        """
        counts = np.zeros_like(self.done)
        for pairing, cells in enumerate(self.schedule.cell_of):
            counts[cells] |= self.pairs(pairing)[1][:, None]
        return counts
