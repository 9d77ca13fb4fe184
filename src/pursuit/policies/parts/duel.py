"""Building blocks for the classical rulesets: few agents, all on foot, everything a gather from one table.

Arrays are slot-major, so that a pass runs along the episodes.

Dimension letters: ``R`` rows, ``N`` nodes, ``O`` own slots, ``F`` foes' slots, ``D`` out-slots.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Mode
from pursuit.core.distance import Ways
from pursuit.core.world import Side
from pursuit.sense.observation import Brief, Intents, Observation, constant, idle_intents

Array = NDArray[Any]

NOBODY = np.uint32(0xFFFFFFFF)
_NODE = np.uint32(0xFFFF)


class Duel:
    """Own slots and foes of a brief, and the distances of its board."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        own = list(brief.own)
        hunts = bool(own) and brief.side[own[0]] == Side.HUNTER
        foes = np.flatnonzero(brief.quarry if hunts else brief.side == Side.HUNTER).tolist()
        self._own, self._foes = _span(own), _span(foes)
        self.num_nodes = brief.board.num_nodes
        if self.num_nodes > int(_NODE):
            raise ValueError(f"a classical board has at most {int(_NODE)} nodes, this has {self.num_nodes}")
        table = int(brief.ways.pick(int(Mode.FOOT), False, 0))
        self.distance = brief.ways.distances(table).copy().reshape(-1)  # [N goal · N start]
        self.far = brief.ways.far
        self.exits = np.flatnonzero(brief.exits[Side.GUARDIAN])

    def own_nodes(self, obs: Observation) -> NDArray[np.int32]:
        """Where the own agents are, [O, R]; -1 for who is out of it."""
        return obs.node.T[self._own]

    def foe_nodes(self, obs: Observation) -> NDArray[np.int32]:
        """Where foes are seen, [F, R]; -1 for who is not."""
        return obs.body_node.T[self._foes]

    def hops(self, start: Array, goal: Array) -> Array:
        """Hops between nodes, in the table's type; nonsense, but no error, for -1."""
        return self.distance.take(goal * np.int32(self.num_nodes) + start, mode="wrap")

    def nearest(self, own: NDArray[np.int32], foes: NDArray[np.int32]) -> NDArray[np.uint32]:
        """The nearest foe of each own agent as hops << 16 | node, [O, R]; NOBODY without one."""
        hops = self.hops(own[:, None], foes).astype(np.uint32)
        hops <<= np.uint32(16)
        hops |= foes.view(np.uint32)  # nobody's node has all bits set, and is farther than anyone
        nearest: NDArray[np.uint32] = np.minimum.reduce(hops, axis=1)
        return nearest

    def retreat(self, table: NDArray[np.uint16], own: NDArray[np.int32], nearest: NDArray[np.uint32]) -> Array:
        """The step away from the nearest foe, by the table of `retreats`; where one is, without a foe. [O, R]."""
        step = table.take(node_of(nearest) * np.int32(self.num_nodes) + own, mode="wrap")
        return or_else(nearest, step, own)

    def safe_exit(self, own: Array, foes: Array, goal: Array, margin: int) -> Array:
        """The nearest exit that no foe reaches first, else `goal`, [O, R]."""
        best = np.full(own.shape, self.far, np.int64)
        for exit in self.exits.tolist():
            hops = self.distance[exit * self.num_nodes : (exit + 1) * self.num_nodes]  # to the exit
            ours = hops.take(own, mode="wrap")
            theirs = np.where(foes >= 0, hops.take(foes, mode="wrap"), self.far).min(axis=0, initial=self.far)
            better = (ours + margin < theirs.astype(np.int64)) & (ours < best)
            best = np.where(better, ours, best)
            goal = np.where(better, exit, goal)
        return goal

    def cut_off(self, own: Array, quarry: Array, goal: Array) -> Array:
        """The quarry's nearest exit, for who is there no later than it and not yet close to it; else `goal`, [O, R]."""
        soonest = np.full(own.shape, self.far, np.int64)
        exits = np.zeros(own.shape, np.int64)
        for exit in self.exits.tolist():
            hops = self.distance[exit * self.num_nodes : (exit + 1) * self.num_nodes]
            theirs = hops.take(quarry, mode="wrap")
            exits = np.where(theirs < soonest, exit, exits)
            soonest = np.minimum(soonest, theirs)
        ours = self.hops(own, exits)
        return np.where((ours <= soonest) & (self.hops(own, quarry) > 2), exits, goal)

    def answer(self, obs: Observation, goal: Array) -> Intents:
        """Intents with these goals [O, R]."""
        shape = obs.num_rows, len(self.brief.kind)
        goals = constant(*shape, -1, "int32").copy("F")
        goals.T[self._own] = goal
        return idle_intents(*shape, goal=goals)


def node_of(nearest: NDArray[np.uint32]) -> NDArray[np.int32]:
    """The node of what `nearest` found; 65,535 for nobody."""
    node: NDArray[np.uint32] = nearest & _NODE
    return node.view(np.int32)


class Foresight:
    """Where a quarry will be if it runs from its nearest pursuer, step by step: where another can be waiting."""

    def __init__(self, duel: Duel, steps: int = 10) -> None:
        self._duel, self._steps = duel, steps
        self._retreat = retreats(duel)
        board = duel.brief.board
        table = int(duel.brief.ways.pick(int(Mode.FOOT), False, 0))
        hops = duel.brief.ways.hops(table)  # [N goal, N start]
        self._follow = board.neighbor[np.arange(board.num_nodes), hops].astype(np.int32).reshape(-1)

    def meeting(self, own: Array, quarry: Array, chaser: Array) -> Array:
        """The first node on the quarry's flight from a chaser [R] that each own agent [O, R] reaches in time."""
        duel, num = self._duel, np.int32(self._duel.num_nodes)
        goal, found = quarry, np.zeros(own.shape, np.bool_)
        place, after = quarry, np.broadcast_to(chaser, own.shape)
        for step in range(1, self._steps + 1):
            after = self._follow.take(place * num + after, mode="wrap")
            place = self._retreat.take(after * num + place, mode="wrap").astype(np.int32)
            in_time = ~found & (duel.hops(own, place) <= step)
            goal = np.where(in_time, place, goal)
            found |= in_time
        return np.where(found, goal, place)


def or_else(nearest: NDArray[np.uint32], found: Array, else_: Array) -> Array:
    """`found`, but `else_` for who has nobody to look for."""
    return np.where(nearest == NOBODY, else_, found) if nearest.max(initial=0) == NOBODY else found


def _span(slots: list[int]) -> slice | NDArray[np.intp]:
    """Slots as a slice where they lie together, which spares a copy."""
    together = bool(slots) and slots[-1] - slots[0] == len(slots) - 1
    return slice(slots[0], slots[-1] + 1) if together else np.array(slots, np.intp)


def retreats(duel: Duel) -> NDArray[np.uint16]:
    """Where to step from a node with a foe at another: ``[N foe · N own]``.

    The neighbor farthest from the foe; among equals the one with more nodes around that the foe is farther from.
    Made once for a board's ways, however many rollouts ask for it.
    """
    ways = duel.brief.ways
    if ways not in _RETREATS:
        _RETREATS[ways] = _retreats(duel)
    return _RETREATS[ways]


_RETREATS: WeakKeyDictionary[Ways, NDArray[np.uint16]] = WeakKeyDictionary()


def _retreats(duel: Duel) -> NDArray[np.uint16]:
    board = duel.brief.board
    num = duel.num_nodes
    away = duel.distance.reshape(num, num)  # [foe, node]; boards of classical games run both ways
    room = _room(away, board.degree)
    best = np.full((num, num), -1, np.int64)
    step = np.zeros((num, num), np.uint16)
    for slot in range(board.neighbor.shape[1]):
        used = (slot < board.degree) & ((board.modes[:, slot] & 1) != 0)
        to = board.neighbor[:, slot]
        score = np.where(used, away[:, to].astype(np.int64) * 4096 + room[to], -1)
        better = score > best
        best = np.where(better, score, best)
        step = np.where(better, to.astype(np.uint16), step)
    return step.reshape(-1)


def _room(away: Array, degree: Array) -> Array:
    """How open it is around each node, [N], below 4,096: nodes within a few hops, dead ends last."""
    around: Array = (away <= 4).sum(axis=0)
    return np.minimum(around * 8 + degree, 4095)
