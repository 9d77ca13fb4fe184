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

_BLOCK_WORDS = 1 << 14  # words of one block of evader nodes: several such fit the second-level cache
_LONG_ROW = 1 << 11  # words; longer rows are read where they lie instead of being gathered first


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
        row = num ** (pursuers - 1) * self.words
        # A single pursuer is turned against the evader, so that square is one block.
        self.block = num if pursuers == 1 else max(1, min(num, _BLOCK_WORDS // row))
        squares = 1 if pursuers == 1 else self.block * num ** (pursuers - 2)
        self.turner = Turner(squares, self.words)
        self.padded = np.zeros((squares, self.words * WORD, self.words), np.uint64)
        self.gathered = np.empty(self.block * row, np.uint64)

    def run(self, progress: Progress | None) -> Table:
        num, pursuers = self.num_nodes, self.pursuers
        shape = (num, *self.middle, self.words)
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
        """Where every move of the evader leads to a state that is won, ``[block, ..., W]``, in fresh memory."""
        lost = won[block].copy()
        for lead in self.roads.leads:
            targets = lead[block]
            if not targets.size:
                break
            if lost[0].size >= _LONG_ROW:
                for at, target in enumerate(targets.tolist()):
                    lost[at] &= won[target]
            else:
                lost[: targets.size] &= won[targets]
        return lost

    def _pursuers_move(self, lost: Words) -> Words:
        """From where some joint move of the pursuers leads to ``lost [block, ..., W]``."""
        num, words = self.num_nodes, self.words
        if self.pursuers == 1:
            turned = self._turned(lost[None])
            return self._turned(self._spread(turned, 1))[0]
        after = lost
        for axis in range(1, self.pursuers):
            moved = self._spread(lost if self.rule.one_moves else after, axis)
            after = after | moved if self.rule.one_moves else moved
        squares = (-1, num, words)
        if self.rule.one_moves:  # the last one's move is the one before's, seen from the other side
            return after | self._turned(moved.reshape(squares)).reshape(lost.shape)
        return self._spread(self._turned(after.reshape(squares)), 1).reshape(lost.shape)

    def _turned(self, squares: Words) -> Words:
        """Squares ``[squares, N, W]`` with rows and bits exchanged."""
        num = len(squares)
        padded = self.padded[:num]
        padded[:, : self.num_nodes] = squares
        return self.turner.turn(padded)[:, : self.num_nodes]

    def _spread(self, there: Words, axis: int) -> Words:
        """From where one move along an axis of nodes leads to ``there``, staying included."""
        num = self.num_nodes
        inner = int(np.prod(there.shape[axis + 1 :]))
        source = np.ascontiguousarray(there).reshape(-1, num, inner)
        spread = source.copy()
        for lead in self.roads.leads:
            size = len(source) * lead.size * inner
            gathered = self.gathered[:size].reshape(len(source), lead.size, inner)
            np.take(source, lead, axis=1, out=gathered, mode="clip")
            spread[:, : lead.size] |= gathered
        return spread.reshape(there.shape)

    def _add_captured(self, sets: Words, first: int) -> None:
        """Add to the sets of evader nodes ``first``, ... the states in which some pursuer has the evader."""
        near = self.near[first : first + len(sets)]
        sets |= near.reshape(len(sets), *(1 for _ in self.middle), self.words)
        at, who = np.nonzero(self.near_flags[first : first + len(sets)])
        for axis in range(len(self.middle)):
            sets[(at, *[slice(None)] * axis, who)] = self.everywhere

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
