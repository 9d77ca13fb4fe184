"""Goals in an order in which neighbors follow each other, and the ring that the wave of such a block of goals is.

If every goal of a block lies within ``reach`` hops of some landmark, a node that is k hops from the landmark is at
least k - reach and at most k + reach hops from each of the goals (the triangle inequality, where every way leads back
as well). So in step s of the wavefront only nodes with ``|k - s| <= reach`` change.

Dimension letters: ``N`` nodes, ``K`` landmarks, ``G`` goals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NUM_LANDMARKS = 64  # one word of goals
FAR = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class Ring:
    """The rows that a wave works on, step by step; rows are in order of their distance from a landmark."""

    order: NDArray[np.intp]  # [N] node of a row
    begin: NDArray[np.int64]  # [N] the first step in which a row may change
    first: list[int]  # by step, from 1: the first row that is still at work
    last: list[int]  # by step: one past the last row at work


def landmarks(num_nodes: int) -> NDArray[np.intp]:
    """Nodes at even intervals, ``[K]``."""
    return np.linspace(0, num_nodes - 1, NUM_LANDMARKS).astype(np.intp)


def is_long(level: NDArray[np.uint16]) -> bool:
    """Whether rings pay. On a square grid, where (longest way)² is about 4 N, they are soon most of the board."""
    return int(level[level < FAR].max(initial=0)) ** 2 > 6 * level.shape[1]


def tour(level: NDArray[np.uint16]) -> NDArray[np.intp]:
    """All nodes, those of the same nearest landmark together and near landmarks one after the other, ``[N]``.

    ``level [K, N]`` are distances to the landmarks; nodes that are far from all come last.
    """
    apart = level[:, landmarks(level.shape[1])]
    place = np.full(len(level), -1)
    here = 0
    for step in range(len(level)):
        place[here] = step
        here = int(np.where(place < 0, apart[here].astype(np.int64), FAR + 1).argmin())
    nearest = np.where(level.min(axis=0) < FAR, place[level.argmin(axis=0)], len(level))
    return np.argsort(nearest, kind="stable")


def ring(level: NDArray[np.uint16], goals: NDArray[np.intp]) -> Ring | None:
    """The ring of a block of goals ``[G]`` around the landmark that has them nearest; None if none has them all."""
    reach = level[:, goals].max(axis=1)
    best = int(reach.argmin())
    width = int(reach[best])
    if width == FAR:
        return None
    order = np.argsort(level[best], kind="stable")
    levels = level[best, order].astype(np.int64)
    steps = np.arange(1, int(levels[levels < FAR][-1]) + width + 1)
    # One step more than the last change: two arrays of rows take turns, and both must hold the end.
    first = np.searchsorted(levels, steps - width - 1)
    last = np.searchsorted(np.where(levels < FAR, levels, 2 * FAR), steps + width, side="right")
    return Ring(order, np.maximum(levels - width, 1), first.tolist(), last.tolist())
