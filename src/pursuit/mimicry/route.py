"""Which way to go, and as whom: least prices over (look, node), for a whole batch by array relaxation.

A plan is a path over nodes and looks. A hop costs what it costs to arrive at its end in the look worn (one hop, and
what is given away there); a change of look costs what it costs at its node. The field of least prices to a goal, the
*toll*, is the answer to every question: which step to take, which look to put on, whose look is worth a detour.

Only what can still fall is looked at: a round takes the nodes before those that fell in the round before. Prices are
added up and compared, nothing else, so a row is the same in any batch.

Dimension letters: ``B`` rows, ``K`` looks of a row, ``N`` nodes, ``D`` ways out of a node, ``f`` (row, node) pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.sense.observation import Brief

Array = NDArray[Any]
Flat = NDArray[np.intp]

NEVER = np.float32(1e6)
"""The toll of what cannot be done; more than any way costs."""


@dataclass(frozen=True, eq=False)
class Prices:
    """What steps cost, in hops. Prices are positive, and sums of a way stay below `NEVER`."""

    enter: NDArray[np.float32]  # [B, N, K] to arrive at a node in a look
    change: NDArray[np.float32]  # [B, N] to put on another look there
    walks: NDArray[np.bool_]  # [B, K] looks that can walk; in the others one waits or changes
    wears: NDArray[np.bool_]  # [B, K] looks that can be put on; the others one has or has not


@dataclass(frozen=True, eq=False)
class Toll:
    """Least prices to a goal, and what they were worked out of."""

    field: NDArray[np.float32]  # [B, N, K] NEVER where the goal is out of reach
    goal: NDArray[np.intp]  # [B]
    prices: Prices

    def at(self, node: Array, look: Array) -> NDArray[np.float32]:
        """The toll at nodes [B, ...] in looks [B, ...], by number among the row's; they broadcast."""
        rows = np.arange(len(self.goal)).reshape(-1, *[1] * (np.ndim(node) - 1))
        found: NDArray[np.float32] = self.field[rows, node, look]
        return found


class Route:
    """The ways of one mover on a board. Holds tables only."""

    def __init__(self, brief: Brief, mode: int, slips: bool, closed: int) -> None:
        """For a mode of travel, whether bars are slipped, and the mask of doors that stay closed."""
        board = brief.board
        usable = brief.ways.usable(mode, slips, closed)
        self.num_nodes = board.num_nodes
        source, slot = np.nonzero(usable)
        target = board.neighbor[source, slot].astype(np.intp)
        self._after = _packed(source, target, self.num_nodes)  # [N, D] where each way leads; N for none
        self._before = _matched(source, target, self.num_nodes)

    def toll(self, goal: Array, prices: Prices, last: Toll | None = None) -> Toll:
        """Least prices from everywhere to a node of each row, [B].

        Starts from ``last`` in the rows whose goal is the same and whose prices are nowhere higher than they were then;
        the others start afresh, as relaxation only lowers. ``last`` is of the same looks.
        """
        goal = goal.astype(np.intp)
        num, _, width = prices.enter.shape
        field = np.full((num, self.num_nodes, width), NEVER, np.float32)
        falls = np.zeros((num, self.num_nodes), np.bool_)
        first = np.arange(num)
        if last is not None:
            rose, fell = _compare(goal, prices, last)
            first, warm = np.flatnonzero(rose), np.flatnonzero(~rose)
            field[warm] = last.field[warm]
            falls[warm] = fell[warm]
        field[first, goal[first]] = np.where(prices.walks[first], np.float32(0), NEVER)
        falls[first, goal[first]] = True
        self._relax(field.reshape(-1, width), falls.reshape(-1), prices)
        return Toll(field, goal, prices)

    def _relax(self, field: Array, fell: NDArray[np.bool_], prices: Prices) -> None:
        """Lower the field, [B · N, K], until nothing falls; ``fell`` [B · N] marks where something has already."""
        num_nodes = self.num_nodes
        enter, change = prices.enter.reshape(field.shape), prices.change.reshape(-1)
        stuck = np.where(prices.walks, 0, NEVER).astype(np.float32)
        barred = np.where(prices.wears, 0, NEVER).astype(np.float32)
        all_walk, may_change = bool(prices.walks.all()), bool(prices.wears.any())
        while True:
            cells = np.flatnonzero(fell)
            if not len(cells):
                return
            fell[cells] = False
            row = cells // num_nodes
            value = field.take(cells, axis=0)
            if may_change:
                other = (value + barred.take(row, axis=0)).min(axis=1)
                other += change.take(cells)
                np.minimum(value, other[:, None], out=value)
                field[cells] = value
            value += enter.take(cells, axis=0)
            if not all_walk:
                value += stuck.take(row, axis=0)
            node = cells - row * num_nodes
            base = cells - node
            for ways in self._before:  # no two lead away from one node, so nothing is written twice
                source = ways.take(node)
                real = np.flatnonzero(source >= 0)
                at = base.take(real) + source.take(real)
                old, new = field.take(at, axis=0), value.take(real, axis=0)
                lower = np.flatnonzero(np.any(new < old, axis=1))
                at = at.take(lower)
                field[at] = np.minimum(old.take(lower, axis=0), new.take(lower, axis=0))
                fell[at] = True

    def step(self, toll: Toll, node: Array, look: Array, hops: int) -> NDArray[np.intp]:
        """Where the cheapest way in the look [B] from nodes [B] leads in so many hops, [B]."""
        rows = np.arange(len(node))
        at = node.astype(np.intp)
        for _ in range(hops):
            to = np.concatenate([self._after[at], at[:, None]], axis=1)
            real = np.minimum(to, self.num_nodes - 1)
            cost = (
                toll.field[rows[:, None], real, look[:, None]] + toll.prices.enter[rows[:, None], real, look[:, None]]
            )
            cost[to == self.num_nodes] = NEVER * 2
            cost[:, -1] = np.where(toll.goal == at, 0, NEVER)
            at = to[rows, cost.argmin(axis=1)]
        return at


def _compare(goal: Flat, prices: Prices, last: Toll) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(rows that must start afresh [B], nodes where something may fall [B, N])."""
    old = last.prices
    rose: NDArray[np.bool_] = np.any(prices.enter > old.enter, axis=(1, 2)) | (goal != last.goal)
    rose |= np.any(prices.change > old.change, axis=1)
    rose |= np.any((prices.walks != old.walks) | (old.wears & ~prices.wears), axis=1)
    fell: NDArray[np.bool_] = np.any(prices.enter < old.enter, axis=2) | (prices.change < old.change)
    return rose, fell | np.any(prices.wears & ~old.wears, axis=1, keepdims=True)


def _packed(source: Array, target: Array, num_nodes: int) -> NDArray[np.intp]:
    """Targets of each source side by side, [N, D]; ``num_nodes`` where there is none."""
    rank = _rank(source)
    table = np.full((num_nodes, int(rank.max(initial=-1)) + 1), num_nodes, np.intp)
    table[source, rank] = target
    return table


def _matched(source: Array, target: Array, num_nodes: int) -> list[NDArray[np.intp]]:
    """Sources of each target, as few lists [N] in each of which no source is twice; -1 for none."""
    lists: list[NDArray[np.intp]] = []
    while len(source):
        ways = np.full(num_nodes, -1)
        taken = np.zeros(num_nodes, np.bool_)
        left = np.ones(len(source), np.bool_)
        for at, (whence, whither) in enumerate(zip(source.tolist(), target.tolist(), strict=True)):
            if ways[whither] < 0 and not taken[whence]:
                ways[whither], taken[whence], left[at] = whence, True, False
        lists.append(ways)
        source, target = source[left], target[left]
    return lists


def _rank(source: Array) -> Array:
    """The how manieth of its source each entry of a sorted list is."""
    return np.arange(len(source)) - np.searchsorted(source, source)
