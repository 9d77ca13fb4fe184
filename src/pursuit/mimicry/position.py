"""Who is where, when nobody can be somebody else: the plain filter for classical rulesets with limited sight.

Where an agent can be is kept exactly, as bits; how likely each node is, as weights beside it.

Dimension letters: ``B`` rows, ``A`` agent slots, ``N`` nodes, ``L`` 64-bit words of nodes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Mode
from pursuit.core.state import Rows
from pursuit.core.world import Ruleset, Side
from pursuit.mimicry.mass import FLOOR
from pursuit.sense.observation import Brief, Observation

Array = NDArray[Any]

_STAYS = 0.2  # how likely a mover is held to stay, beside the same for all its ways together


@dataclass(frozen=True, eq=False)
class Positions:
    """Where everybody else may be. Who was captured or has left keeps its last support: it is out of the play."""

    support: NDArray[np.uint64]  # [B, A, L] nodes it can be at, as bits
    weight: Array  # [B, A, N] how likely; sums to 1
    is_fresh: NDArray[np.bool_]  # [B]
    turn: NDArray[np.int32]  # [B] of the look that it comes from

    def take(self, rows: Rows) -> Positions:
        """Some rows, by index, mask or slice."""
        return Positions(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def put(self, rows: Rows, other: Positions) -> Positions:
        """This belief with some rows replaced by those of another."""
        columns = {f.name: getattr(self, f.name).copy() for f in fields(self)}
        for name, column in columns.items():
            column[rows] = getattr(other, name)
        return Positions(**columns)

    def may_be(self, num_nodes: int) -> NDArray[np.bool_]:
        """The support, unpacked, [B, A, N]."""
        return _unpack(self.support, num_nodes)


class Position:
    """The filter of a classical ruleset. Raises ValueError for the story ruleset, where looks deceive."""

    def __init__(self, brief: Brief) -> None:
        if brief.ruleset == Ruleset.STORY:
            raise ValueError("in the story ruleset looks deceive: use mimicry.identity")
        board = brief.board
        self._brief, self.num_agents, self.num_nodes = brief, len(brief.kind), board.num_nodes
        usable = brief.ways.usable(Mode.FOOT.value, False, 0)
        source, slot = np.nonzero(usable)
        target = board.neighbor[source, slot]
        degree = np.bincount(source, minlength=board.num_nodes)
        order = np.lexsort((source, target))
        source, target = source[order], target[order]
        rank = np.arange(len(target)) - np.searchsorted(target, target)
        width = int(rank.max(initial=-1)) + 1
        self._origin = np.repeat(np.arange(board.num_nodes)[:, None], width, axis=1)
        self._chance = np.zeros((board.num_nodes, width))
        self._origin[target, rank] = source
        self._chance[target, rank] = (1 - _STAYS) / degree[source]
        self._stay = np.where(degree > 0, _STAYS, 1.0)

    def start(self, rows: int) -> Positions:
        """Anybody anywhere."""
        shape = rows, self.num_agents, self.num_nodes
        anywhere = _pack(np.ones(shape, np.bool_)), np.full(shape, 1 / self.num_nodes)
        return Positions(*anywhere, np.ones(rows, np.bool_), np.zeros(rows, np.int32))

    def update(self, belief: Positions, obs: Observation) -> Positions:
        """The belief after a look around; a step lies between two looks. Where that is a ply, one side has moved."""
        may, weight = belief.may_be(self.num_nodes), belief.weight
        walks = (~belief.is_fresh[:, None] & self._moved(belief, obs))[:, :, None]
        step_may, step_weight = may.copy(), weight * self._stay
        for origin, chance in zip(self._origin.T, self._chance.T, strict=True):
            step_may |= may[:, :, origin] & (chance > 0)
            step_weight += weight[:, :, origin] * chance
        may, weight = np.where(walks, step_may, may), np.where(walks, step_weight, weight)
        where = np.where(obs.mate, obs.node, obs.body_node)  # rows of a classical ruleset are slots
        known = where >= 0
        out = may & self._hidden(obs)[:, None]
        still = out.any(axis=2)  # else it is out of the play: nobody looks for it any more
        may = np.where((~known & still)[:, :, None], out, may)
        may = np.where(known[:, :, None], where[:, :, None] == np.arange(self.num_nodes), may)
        weight = np.where(may, np.maximum(weight, FLOOR), 0.0)
        total = np.zeros(weight.shape[:2])
        for node in range(self.num_nodes):
            total += weight[:, :, node]
        return Positions(_pack(may), weight / total[:, :, None], np.zeros_like(belief.is_fresh), obs.turn)

    def _moved(self, belief: Positions, obs: Observation) -> NDArray[np.bool_]:
        """Who may have moved since the last look, [B, A]. The clock goes on with the pursuers' ply."""
        if self._brief.ruleset == Ruleset.SIMULTANEOUS:
            return np.ones((obs.num_rows, self.num_agents), np.bool_)
        return (self._brief.side == Side.HUNTER.value) == (obs.turn > belief.turn)[:, None]

    def _hidden(self, obs: Observation) -> NDArray[np.bool_]:
        """Nodes that no member sees, [B, N]; there are no doors."""
        rows, slots = obs.mate.nonzero()
        nodes = np.arange(self.num_nodes)
        sight = self._brief.sight
        seen = sight.sees(sight.pick(0), obs.node[rows, slots][:, None], nodes)
        hidden = np.ones((obs.num_rows, self.num_nodes), np.bool_)
        if len(rows):
            first = np.diff(rows, prepend=-1).nonzero()[0]
            hidden[rows[first]] = ~np.logical_or.reduceat(seen, first, axis=0)
        return hidden


def _pack(flags: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Flags [..., N] as bits in 64-bit words [..., L]."""
    words = -(-flags.shape[-1] // 64)
    padded = np.zeros((*flags.shape[:-1], words * 64), np.bool_)
    padded[..., : flags.shape[-1]] = flags
    return np.packbits(padded, axis=-1, bitorder="little").view(np.uint64)


def _unpack(words: NDArray[np.uint64], num_nodes: int) -> NDArray[np.bool_]:
    """The first bits of words [..., L] as flags [..., N]."""
    packed = np.ascontiguousarray(words).view(np.uint8)
    return np.unpackbits(packed, axis=-1, bitorder="little", count=num_nodes).astype(np.bool_)
