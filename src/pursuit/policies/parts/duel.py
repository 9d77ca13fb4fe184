"""Building blocks for the classical rulesets: few agents, all on foot, everything a gather from one table.

Arrays are slot-major, so that a pass runs along the episodes.

Dimension letters: ``R`` rows, ``N`` nodes, ``O`` own slots, ``F`` foes' slots, ``D`` out-slots.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Board, Mode
from pursuit.core.tables import select, span
from pursuit.core.world import Side
from pursuit.sense.observation import Brief, Intents, Observation, constant, idle_intents

Array = NDArray[Any]
Nodes = NDArray[np.intp]  # what numpy indexes with: any other type would be turned into it at each gather

NOBODY = np.uint32(0xFFFFFFFF)
_NODE, _NODE_BITS = np.uint32(0x1FFFF), np.uint32(17)
_BLOCK = 64  # foes' nodes at a time
AROUND = 4  # hops within which it counts how open it is around a node
_MOST_HOPS = np.uint16(0x7FFE)  # told apart when the nearest is looked for


class Duel:
    """Own slots and foes of a brief, and the distances of its board."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        own = np.array(brief.own, np.intp)
        hunts = bool(len(own)) and brief.side[own[0]] == Side.HUNTER
        self._own, self._foes = span(own), span(np.flatnonzero(brief.quarry if hunts else brief.side == Side.HUNTER))
        self.num_nodes = brief.board.num_nodes
        if self.num_nodes > int(_NODE):
            raise ValueError(f"a classical board has at most {int(_NODE)} nodes, this has {self.num_nodes}")
        self.table = int(brief.ways.pick(int(Mode.FOOT), False, 0))
        self.far = brief.ways.far
        self.exits = np.flatnonzero(brief.exits[Side.GUARDIAN])

    @cached_property
    def _distance(self) -> Array:
        """Hops of all pairs, [N goal · N start]."""
        return self.brief.ways.distances(self.table).copy().reshape(-1)

    @cached_property
    def _to_exits(self) -> list[tuple[int, Array]]:
        """Each exit, and the hops to it from everywhere, [N]."""
        return [(exit, self.brief.ways.distances_to(self.table, exit).copy()) for exit in self.exits.tolist()]

    @cached_property
    def _follow(self) -> Array:
        """The node to step to, [N goal · N start]."""
        hops = self.brief.ways.hops(self.table)
        return self.brief.board.neighbor[np.arange(self.num_nodes), hops].reshape(-1)

    @cached_property
    def _retreats(self) -> Retreats:
        return self.brief.derive(Retreats)

    def own_nodes(self, obs: Observation) -> Nodes:
        """Where the own agents are, [O, R]; -1 for who is out of it."""
        return obs.of_slots("node", self._own).astype(np.intp)

    def foe_nodes(self, obs: Observation) -> Nodes:
        """Where foes are seen, [F, R]; -1 for who is not."""
        return obs.of_slots("body_node", self._foes).astype(np.intp)

    def hops(self, start: Nodes, goal: Nodes) -> Array:
        """Hops between nodes, in the table's type; nonsense, but no error, for -1."""
        return self._distance.take(goal * self.num_nodes + start, mode="clip")

    def follow(self, start: Nodes, goal: Nodes) -> Nodes:
        """The step from a node towards another."""
        return self._follow.take(goal * self.num_nodes + start, mode="clip").astype(np.intp)

    def nearest(self, own: Nodes, foes: Nodes) -> NDArray[np.uint32]:
        """The nearest foe of each own agent as `hops_of` and `node_of` read it, [O, R]; NOBODY without one."""
        near = self.hops(own[:, None], foes)
        hops = (np.minimum(near, _MOST_HOPS) if near.dtype.itemsize > 1 else near).astype(np.uint32)
        hops <<= _NODE_BITS
        hops |= foes.astype(np.uint32)  # nobody's node has all bits set, and is farther than anyone
        nearest: NDArray[np.uint32] = np.minimum.reduce(hops, axis=1)
        return nearest

    def retreat(self, own: Nodes, foes: Nodes) -> Nodes:
        """The step away from the nearest foe, by the table of `retreats`; where one is, without a foe. [O, R]."""
        table = self._retreats
        known = np.minimum(foes.view(np.uintp), self.num_nodes).view(np.intp)  # the row for nobody is the last
        nearest = np.minimum.reduce(table.away.take(known * self.num_nodes + own[:, None], mode="clip"), axis=1)
        return table.step(own, nearest & table.slots)

    def flight(self, own: Nodes, foe: Nodes) -> Nodes:
        """The step from a node away from a foe at another."""
        table = self._retreats
        return table.step(own, table.away.take(foe * self.num_nodes + own, mode="clip") & table.slots)

    def safe_exit(self, own: Array, foes: Array, goal: Array, margin: int) -> Array:
        """The nearest exit that no foe reaches first, else `goal`, [O, R]."""
        best = np.full(own.shape, self.far, np.int64)
        for exit, hops in self._to_exits:
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
        for exit, hops in self._to_exits:
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


def node_of(nearest: NDArray[np.uint32]) -> Nodes:
    """The node of what `nearest` found; 131,071 for nobody."""
    return (nearest & _NODE).astype(np.intp)


def hops_of(nearest: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The hops to what `nearest` found; 32,767 for nobody."""
    return nearest >> _NODE_BITS


class Foresight:
    """Where a quarry will be if it runs from its nearest pursuer, step by step: where another can be waiting."""

    def __init__(self, duel: Duel, steps: int = 10) -> None:
        self._duel, self._steps = duel, steps

    def meeting(self, own: Nodes, quarry: Nodes, chaser: Nodes) -> Nodes:
        """The first node on the quarry's flight from a chaser [R] that each own agent [O, R] reaches in time."""
        duel = self._duel
        goal, found = quarry, np.zeros(own.shape, np.bool_)
        place, after = quarry, np.broadcast_to(chaser, own.shape)
        for step in range(1, self._steps + 1):
            after = duel.follow(after, place)
            place = duel.flight(place, after)
            in_time = ~found & (duel.hops(own, place) <= step)
            goal = select(in_time, place, goal)
            found |= in_time
        return select(found, goal, place)


def or_else(nearest: NDArray[np.uint32], found: Nodes, else_: Nodes) -> Nodes:
    """`found`, but `else_` for who has nobody to look for."""
    return select(nearest == NOBODY, else_, found) if nearest.max(initial=0) == NOBODY else found


class Retreats:
    """How far a foe is and which way is away from it, in one number: hops above the bits of an out-slot."""

    def __init__(self, brief: Brief) -> None:
        board, num = brief.board, brief.board.num_nodes
        width = board.neighbor.shape[1]
        hops = brief.ways.distances(int(brief.ways.pick(int(Mode.FOOT), False, 0)))  # boards of duels run both ways
        bits = (width - 1).bit_length()
        top = brief.ways.far << bits
        self.slots = (1 << bits) - 1
        kind = np.uint16 if top + self.slots <= np.iinfo(np.uint16).max else np.uint32
        away = np.full((num + 1, num), top, kind)  # nobody, in the last row, is farther than anyone: stay
        room = roomy((hops <= AROUND).sum(axis=0), board.degree)
        for first in range(0, num, _BLOCK):  # the scores of all pairs would be several times the table
            some = hops[first : first + _BLOCK]
            away[first : first + len(some)] = np.left_shift(some, bits, dtype=kind) | _slots(board, some, room)
        self.away = away.reshape(-1)  # [N + 1 foe · N own]
        self._width, self._neighbor = width, board.neighbor.astype(np.intp).reshape(-1)

    def step(self, node: Nodes, slot: Array) -> Nodes:
        """Where an out-slot leads."""
        return self._neighbor.take(node * self._width + slot, mode="clip")


def _slots(board: Board, hops: Array, room: Array) -> NDArray[np.uint8]:
    """Where to step from a node with a foe at one of some others: out-slots ``[foe, N own]``.

    The neighbor farthest from the foe; among equals the one with more nodes around that the foe is farther from.
    """
    best = np.full(hops.shape, -1, np.int32)
    slots = np.zeros(hops.shape, np.uint8)
    for slot in range(board.neighbor.shape[1]):
        node = np.flatnonzero((slot < board.degree) & ((board.modes[:, slot] & 1) != 0))
        to = board.neighbor[node, slot]
        score = hops.take(to, axis=1).astype(np.int32) * 4096 + room[to].astype(np.int32)
        before = best.take(node, axis=1)
        slots[:, node] = np.where(score > before, np.uint8(slot), slots.take(node, axis=1))
        best[:, node] = np.maximum(before, score)
    return slots


def roomy(around: Array, degree: Array) -> Array:
    """How open it is around each node, [N], below 4,096: by the nodes within AROUND hops, dead ends last."""
    return np.minimum(around * 8 + degree, 4095)
