"""Pairings and seeds: which games a plan asks for, each once, and in which order.

A game is told by its venue, its index (and so its seed) and the two policies; whoever's pairing asks for it, it is
played once. Only an entrant that meets itself has its second game played apart, to see that it is the same.

Dimension letters: ``P`` pairings, ``V`` venues, ``C`` cells, ``S`` indices.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import key, mix
from pursuit.tournament.plan import Plan

_STREAM = 62  # no question of the rules, of a policy or of a batch


@dataclass(frozen=True)
class Cell:
    """All games of two policies on a venue; they differ by their index alone."""

    venue: int
    hunter: str
    guardian: str
    copy: int = 0  # 1: the return game of an entrant that meets itself


@dataclass(frozen=True)
class Chunk:
    """Some games of a cell, to be played in one batch."""

    cell: int
    indices: NDArray[np.int64]  # [n]


class Schedule:
    """The games of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.pairings = plan.pairings()
        cells: dict[Cell, int] = {}
        self.cell_of: NDArray[np.int64] = np.zeros((len(self.pairings), len(plan.venues), 2), np.int64)
        """[P, V, 2] the cells in which the first entrant hunts, and the second."""
        for venue in range(len(plan.venues)):
            for at, (first, second) in enumerate(self.pairings):
                one, other = plan.entrants[first], plan.entrants[second]
                there = Cell(venue, one.hunter, other.guardian)
                back = Cell(venue, other.hunter, one.guardian, copy=int(one == other))
                self.cell_of[at, venue] = [cells.setdefault(cell, len(cells)) for cell in (there, back)]
        self.cells = tuple(cells)
        self._roots = [_root(f"{plan.seed}\0{venue.label}") for venue in plan.venues]
        self._marks = [_root(f"{cell.hunter}\0{cell.guardian}\0{cell.copy}") for cell in self.cells]

    @property
    def num_games(self) -> int:
        return len(self.cells) * self.plan.pairs

    def seeds(self, venue: int, indices: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Seeds of games by index, [n]: a hash of (master seed, venue, index) and of nothing else."""
        return key(np.full(len(indices), self._roots[venue], np.uint64), indices, _STREAM)

    def games(self, cell: int, indices: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Names of games, [n]: a hash of the seed and the two policies."""
        return mix(self.seeds(self.cells[cell].venue, indices) ^ self._marks[cell])

    def chunks(self, done: NDArray[np.bool_], batch: int, part: tuple[int, int] = (1, 1)) -> Iterator[Chunk]:
        """What is left to play, [C, S] being done, in the order of the indices: all boards and policies go forward.

        ``part`` (k, n) takes the k-th of n shares, for who plays on several machines and merges the ledgers.
        """
        which, shares = part
        for number, start in enumerate(range(0, self.plan.pairs, batch)):
            if number % shares != which - 1:
                continue
            for cell in range(len(self.cells)):
                left = np.flatnonzero(~done[cell, start : start + batch])
                if len(left):
                    yield Chunk(cell, left + start)


def _root(text: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))
