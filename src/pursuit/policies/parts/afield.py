"""Duels on large boards: the same choices, worked out for the nodes in use.

Dimension letters: ``R`` rows, ``N`` nodes, ``O`` own slots, ``F`` foes' slots, ``D`` out-slots.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core import waves
from pursuit.core.board import Mode
from pursuit.core.fields import FieldWays
from pursuit.core.nearby import within
from pursuit.policies.parts.duel import AROUND, Duel, Nodes, roomy
from pursuit.sense.observation import Brief

Array = NDArray[Any]


_MOST_TABLED = 2500
"""Nodes up to which a duel makes tables of its own. Those of 5,500 take ten seconds and more to make, and are too large
for the cache of the processor to be much faster than no tables (docs/performance.md)."""


def find_duel(brief: Brief) -> Duel:
    """The building blocks for the board of a brief, with tables or without."""
    is_large = isinstance(brief.ways, FieldWays) or brief.board.num_nodes > _MOST_TABLED
    return FarDuel(brief) if is_large else Duel(brief)


class FarDuel(Duel):
    """:class:`Duel` without tables of its own."""

    def __init__(self, brief: Brief) -> None:
        super().__init__(brief)
        self._used, self._room = brief.derive(_steps), brief.derive(_room)

    def hops(self, start: Nodes, goal: Nodes) -> Array:
        return self.brief.ways.distance(self.table, start, goal)

    def follow(self, start: Nodes, goal: Nodes) -> Nodes:
        return self.brief.board.neighbor[start, self.brief.ways.hop(self.table, start, goal)].astype(np.intp)

    def retreat(self, own: Nodes, foes: Nodes) -> Nodes:
        bits = (self._used.shape[1] - 1).bit_length()
        own_at, known = own[:, None], foes >= 0
        slot = self._away(np.broadcast_to(own_at, (len(own), *foes.shape)), np.maximum(foes, 0))
        near = self.hops(own_at, foes).astype(np.int64) << bits | slot
        near = np.where(known, near, np.int64(self.far) << bits)  # nobody is farther than anyone: stay
        nearest = np.minimum.reduce(near, axis=1, initial=self.far << bits)
        return self._step(own, nearest & ((1 << bits) - 1))

    def flight(self, own: Nodes, foe: Nodes) -> Nodes:
        return self._step(own, self._away(own, foe))

    def _away(self, own: Nodes, foe: Nodes) -> Array:
        """The out-slot that leads away from a foe; see `Retreats`."""
        to = self.brief.board.neighbor[own]
        hops = self.brief.ways.distance(self.table, to, foe[..., None]).astype(np.int64)
        score = np.where(self._used[own], hops * 4096 + self._room[to], -1)
        return score.argmax(axis=-1)

    def _step(self, node: Nodes, slot: Array) -> Nodes:
        return self.brief.board.neighbor[node, slot].astype(np.intp)


def _steps(brief: Brief) -> NDArray[np.bool_]:
    """The out-slots to choose from on foot, staying among them, [N, D]."""
    board = brief.board
    inside = np.arange(board.neighbor.shape[1]) < board.degree[:, None]
    return inside & ((board.modes & 1 << Mode.FOOT.value) != 0)


def _room(brief: Brief) -> Array:
    """As `roomy` counts it."""
    links = waves.weave(brief.board.neighbor, brief.ways.usable(Mode.FOOT.value, False, 0)).ahead
    around = np.zeros(brief.board.num_nodes, np.int64)
    for start, _, _ in within(links, AROUND):
        around += np.bincount(start, minlength=len(around))
    return roomy(around, brief.board.degree)
