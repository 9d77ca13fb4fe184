"""Retrograde analysis: for every state, the turns that perfect pursuers need against a perfect evader.

A state is where the pursuers and the evader are, with the pursuers to move. A set of states is an array of bits
``[N evader, N first pursuer, ..., W]``, the last pursuer's nodes being the bits of the W words. From the states won
within t turns, those won within t + 1 follow in three strokes, each a handful of word operations for 64 states at once:

1. the evader is lost where *all* its moves lead to states won within t: an AND over rows of its axis;
2. pursuers win where *some* joint move leads there: an OR over rows, one pursuer after another;
3. the last pursuer moves along bits, so the square of the last two is turned over. Pursuers are alike, so the set is
   the same whichever way it lies, and need not be turned back.

Times are kept as bit planes in Gray code, in which "one turn more for all who are free" is one XOR into one plane.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from pursuit.core.wavefront import Roads, pave
from pursuit.solve.bits import WORD, Turner, Words, count, num_words, pack
from pursuit.solve.game import ALTERNATING, DEFAULT_BUDGET, MOST_PURSUERS, Graph, Rule, check_size, states
from pursuit.solve.table import Table

Progress = Callable[[int, int, int], None]
"""Called after every turn with (turn, states won so far, all states)."""

_BLOCK_WORDS = 1 << 15  # words of one block of evader nodes: several such fit the second-level cache


def solve(
    graph: Graph,
    pursuers: int,
    rule: Rule = ALTERNATING,
    *,
    exits: Sequence[int] = (),
    budget: int = DEFAULT_BUDGET,
    progress: Progress | None = None,
) -> Table:
    """Capture times of all states. An evader that stands on one of ``exits``, and is not caught there, is gone.

    Raises ValueError for a number of pursuers that is not 1 to 4 or an exit that is no node, and TooLargeError, with
    the figure, for a table beyond ``budget`` bytes.
    """
    if not 1 <= pursuers <= MOST_PURSUERS:
        raise ValueError(f"1 to {MOST_PURSUERS} pursuers, not {pursuers}")
    if any(not 0 <= node < graph.num_nodes for node in exits):
        raise ValueError(f"exits are nodes 0 to {graph.num_nodes - 1}, not {sorted(exits)}")
    check_size(graph.num_nodes, pursuers, budget)
    return _Solver(graph, pursuers, rule, exits, budget).run(progress)


class _Solver:
    """The working arrays of one analysis. Nodes are in row order of ``roads`` throughout."""

    def __init__(self, graph: Graph, pursuers: int, rule: Rule, exits: Sequence[int], budget: int) -> None:
        self.graph, self.pursuers, self.rule, self.budget = graph, pursuers, rule, budget
        self.num_nodes = num = graph.num_nodes
        self.words = num_words(num)
        self.roads: Roads = pave(graph.neighbor, graph.usable)
        order = self.roads.node
        reach = graph.reach[np.ix_(order, order)]
        near = reach | reach.T if rule.capture_hops else np.eye(num, dtype=np.bool_)
        self.near_flags, self.near = near, pack(near)
        self.everywhere = pack(np.ones(num, np.bool_))
        self.is_exit = np.zeros(num, np.bool_)
        self.is_exit[self.roads.row[list(exits)]] = True
        self.middle = (num,) * (pursuers - 1)  # axes of all pursuers but the last
        self.shape = shape = (num, *self.middle, self.words)
        row = num ** (pursuers - 1) * self.words
        # A single pursuer is turned against the evader, so that square is one block.
        self.block = num if pursuers == 1 else max(1, min(num, _BLOCK_WORDS // row))
        squares = 1 if pursuers == 1 else self.block * num ** (pursuers - 2)
        self.turner = Turner(squares, self.words)
        self.rows = np.empty(self.words * WORD * squares * self.words, np.uint64)
        self.spare, self.gathered = np.empty_like(self.rows), np.empty_like(self.rows)
        self.lost = np.empty((self.block, *shape[1:]), np.uint64)

    def run(self, progress: Progress | None) -> Table:
        num, pursuers, shape = self.num_nodes, self.pursuers, self.shape
        won, then = np.zeros(shape, np.uint64), np.empty(shape, np.uint64)
        for first in range(0, num, self.block):
            self._add_captured(won[first : first + self.block], first)
        planes: list[Words] = []
        tally = [count(won)]
        worst: int | None = None
        placement = self._sure(won)
        while True:
            turn = len(tally)
            if placement is not None and worst is None:
                worst = turn - 1
            plane = (turn & -turn).bit_length() - 1
            if plane == len(planes):
                check_size(num, pursuers, self.budget, max(plane + 1, 1))
                planes.append(np.zeros(shape, np.uint64))
            total = 0
            for first in range(0, num, self.block):
                block = slice(first, min(first + self.block, num))
                planes[plane][block] ^= ~won[block]
                self._turn(won, then, block)
                total += count(then[block])
            won, then = then, won
            if progress is not None:
                progress(turn, total, states(num, pursuers))
            if total == tally[-1]:
                break
            tally.append(total)
            if worst is None:
                placement = self._sure(won)
        return Table(
            self.graph, pursuers, self.rule, self.roads.row, won, tuple(planes), tuple(tally), worst, placement
        )

    def _turn(self, won: Words, then: Words, block: slice) -> None:
        """Write the states of a block that are won within one turn more."""
        lost = self._evader_lost(won, block)
        if self.rule.tested_early:
            self._add_captured(lost, block.start)
        reached = self._pursuers_move(lost)
        np.bitwise_or(won[block], reached, out=then[block])
        if self.is_exit[block].any():
            gone = np.flatnonzero(self.is_exit[block]) + block.start
            then[gone] = won[gone]

    def _evader_lost(self, won: Words, block: slice) -> Words:
        """Where all moves of the evader lead to states that are won, ``[block, ..., W]``; valid until the next call."""
        lost = self.lost[: block.stop - block.start]
        np.copyto(lost, won[block])
        for lead in self.roads.leads:
            targets = lead[block].tolist()
            for at, target in enumerate(targets):
                np.bitwise_and(lost[at], won[target], out=lost[at])
        return lost

    def _pursuers_move(self, lost: Words) -> Words:
        """From where some joint move of the pursuers leads to ``lost [block, ..., W]``; valid until the next call."""
        num, words, last = self.num_nodes, self.words, self.pursuers - 1
        squares = 1 if last == 0 else len(lost) * num ** (last - 1)
        rows = self.rows[: words * WORD * squares * words].reshape(words * WORD, squares, words)
        rows[num:] = 0
        if last == 0:  # the pursuer's nodes are the bits, the evader's the rows
            rows[:num, 0] = lost
            self._spread(self.turner.turn(rows)[:num], 0, rows[:num])
            return self.turner.turn(rows)[:num, 0]
        # The nodes of the last pursuer but one lead, so that most moves copy long stretches.
        lead_shape = (num, len(lost), *self.middle[1:], words)
        there = self.spare[: lost.size].reshape(lead_shape)
        np.copyto(there, np.moveaxis(lost, last, 0))
        self._spread(there.reshape(num, squares, words), 0, rows[:num])
        if self.rule.one_moves:  # the last one's move is the one before's, seen from the other side
            after = there | rows[:num].reshape(lead_shape)
            for axis in range(2, self.pursuers):
                after |= self._spread(there, axis, np.empty_like(there))
            after |= self.turner.turn(rows)[:num].reshape(lead_shape)
            return np.moveaxis(after, 0, last)
        for axis in range(2, self.pursuers):
            np.copyto(there, rows[:num].reshape(lead_shape))
            rows[:num] = self._spread(there, axis, np.empty_like(there)).reshape(num, squares, words)
        self._spread(self.turner.turn(rows)[:num], 0, there.reshape(num, squares, words))
        return np.moveaxis(there, 0, last)

    def _spread(self, there: Words, axis: int, out: Words) -> Words:
        """From where one move along an axis of nodes leads to ``there``, staying included; written to ``out``."""
        outer, inner = there.shape[:axis], there.shape[axis + 1 :]
        flat = (int(np.prod(outer)), self.num_nodes, int(np.prod(inner)))
        source, spread = there.reshape(flat), out.reshape(flat)
        np.copyto(spread, source)
        for lead in self.roads.leads:
            size = (flat[0], lead.size, flat[2])
            gathered = self.gathered[: int(np.prod(size))].reshape(size)
            np.take(source, lead, axis=1, out=gathered, mode="clip")
            np.bitwise_or(spread[:, : lead.size], gathered, out=spread[:, : lead.size])
        return out

    def _add_captured(self, sets: Words, first: int) -> None:
        """Add to the sets of evader nodes ``first``, ... the states in which some pursuer has the evader."""
        near = self.near[first : first + len(sets)]
        sets |= near.reshape(len(sets), *(1 for _ in self.middle), self.words)
        at, who = np.nonzero(self.near_flags[first : first + len(sets)])
        for axis in range(len(self.middle)):
            np.moveaxis(sets, axis + 1, 1)[at, who] = self.everywhere

    def _sure(self, won: Words) -> tuple[int, ...] | None:
        """Nodes of pursuers that have won wherever the evader is, or None."""
        sure = won[0].copy()
        for node in range(1, self.num_nodes):
            sure &= won[node]
            if not sure.any():
                return None
        if not sure.any():
            return None
        *middle, word = (int(part[0]) for part in np.nonzero(sure))
        lowest = int(sure[(*middle, word)])
        last = word * WORD + (lowest & -lowest).bit_length() - 1
        return tuple(int(self.roads.node[row]) for row in (*middle, last))
