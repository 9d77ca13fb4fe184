"""How far others are and which way leads to them, for many pairs at once.

Dimension letters: ``N`` nodes, ``J`` bodies; ``n`` agents that ask.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Mode
from pursuit.core.roster import Trait
from pursuit.core.world import World
from pursuit.rules.common import unless

Array = NDArray[Any]

_MOST_NODES = 2048  # of boards whose tables are copied into the form that is read fastest


class Reach:
    """Hops on foot and the out-slot to take, with no door closed; -1 to nobody (node -1).

    Hops to where no way leads are as many as there are nodes.
    """

    def __init__(self, world: World, dtype: np.dtype[Any]) -> None:
        self._ways, self._dtype = world.ways, dtype
        self._num_nodes = world.board.num_nodes
        slips = world.trait(Trait.SLIPS_BARS)
        self._kind = slips.astype(np.intp)  # [A] whose table it is: 1 slips bars
        self._tables: tuple[Array, Array] | None = None
        if self._num_nodes <= _MOST_NODES:
            kinds = (False, True) if slips.any() else (False,)
            self._tables = self._padded(kinds, False), self._padded(kinds, True)

    def to(self, slots: Array, node: Array, body: Array) -> tuple[Array, Array]:
        """(hops, out-slots), [n, J] each, from where the agents are, [n], to where others are, [n, J]."""
        if self._tables is not None:
            row = self._kind.take(slots) * self._num_nodes + node
            cell = (row * (self._num_nodes + 1))[:, None] + body
            return self._tables[0].take(cell), self._tables[1].take(cell)
        table = self._ways.pick(int(Mode.FOOT), self._kind.take(slots) != 0, 0)[:, None]
        ask = table, node[:, None], np.maximum(body, 0)
        seen = body >= 0
        hops = self._known(self._ways.distance(*ask))
        return unless(seen, hops), unless(seen, self._ways.hop(*ask).astype(self._dtype))

    def _known(self, hops: Array) -> Array:
        found: Array = np.where(hops == self._ways.far, self._num_nodes, hops.astype(np.int32)).astype(self._dtype)
        return found

    def _padded(self, kinds: tuple[bool, ...], ask_way: bool) -> Array:
        """Tables [N start, N + 1 goal] one after another, flat: the last column is nobody's.

        Node -1 reads the end of the row before, which is nobody's as well (and before the first row comes the last).
        """
        out = np.full((len(kinds), self._num_nodes, self._num_nodes + 1), -1, self._dtype)
        for kind, slips in enumerate(kinds):
            table = int(self._ways.pick(int(Mode.FOOT), slips, 0))
            by_goal = self._ways.hops(table) if ask_way else self._known(self._ways.distances(table))
            out[kind, :, :-1] = by_goal.T
        return out.reshape(-1)
