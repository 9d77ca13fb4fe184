"""How soon anybody can be at places that stay the same all through a run: worked out once, then looked up.

Dimension letters: ``A`` agent slots, ``V`` vehicles, ``N`` nodes, ``X`` places; ``C`` classes of movers that have
the same ways and the same pace; ``n`` own agents.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.policies.parts.ground import FAR, Ground

Array = NDArray[Any]


class Timetable:
    """Ticks to places, for all on foot, all vehicles and the hunters.

    Movers are numbered: the agents on foot by slot, then the vehicles, then the hunters on foot.
    """

    def __init__(self, ground: Ground, places: Array) -> None:
        """`places` are nodes, [X] the same from everywhere or [N, X] each node's own; -1 is no place."""
        self._num_nodes = ground.brief.board.num_nodes
        self._class, classes = ground.classes
        nodes = np.arange(self._num_nodes)[:, None]
        # A row more for each class, for the node -1: there is no way from nowhere.
        ticks = np.full((len(classes), self._num_nodes + 1, places.shape[-1]), FAR, np.int32)
        near = np.full(ticks.shape[:2], FAR)
        for at, (mode, slips, closed, pace) in enumerate(classes):
            hops = ground.hops(ground.brief.ways.pick(mode, slips, closed), nodes, places)
            ticks[at, :-1] = ground.ticks(hops, pace)
            near[at, :-1] = hops.min(axis=1, initial=FAR)
        self._ticks, self._near = ticks.reshape(near.size, places.shape[-1]), near.reshape(-1)

    def ticks(self, mover: Array | int, node: Array) -> NDArray[np.int32]:
        """From nodes [n] to the places, [n, X]; FAR where there is no way, and from -1."""
        # Node -1 reads the row before a class's first, which is the last of the class before.
        found: NDArray[np.int32] = self._ticks.take(self._line(mover, node), axis=0, mode="wrap")
        return found

    def hops(self, mover: Array | int, node: Array) -> NDArray[np.int64]:
        """From nodes to the nearest of the places; mover and node broadcast."""
        found: NDArray[np.int64] = self._near.take(self._line(mover, node), mode="wrap")
        return found

    def _line(self, mover: Array | int, node: Array) -> Array:
        """Where the ways of movers from nodes are written."""
        line: Array = self._class[mover] * (self._num_nodes + 1) + node
        return line


class Steps:
    """Ticks to what is one step away, by each out-slot: staying takes none, a slot that is closed to a mover FAR."""

    def __init__(self, ground: Ground) -> None:
        board, ways = ground.brief.board, ground.brief.ways
        self._class, classes = ground.classes
        self._ticks = np.full((len(classes), *board.neighbor.shape), FAR, np.int32)
        for ticks, (mode, slips, closed, pace) in zip(self._ticks, classes, strict=True):
            ticks[ways.usable(mode, slips, closed)] = ground.ticks(np.array(1), pace)
        self._ticks[:, :, 0] = 0

    def ticks(self, mover: Array, node: Array) -> NDArray[np.int32]:
        """For movers at nodes [n], [n, D]."""
        found: NDArray[np.int32] = self._ticks[self._class[mover], node]
        return found
