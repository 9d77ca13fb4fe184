"""Retrograde analysis: for every state, the turns that perfect pursuers need against a perfect evader.

A state is a team of pursuers and the place of the evader, with the pursuers to move. Pursuers are alike, so teams are
numbered without regard to order, and a set of states is a row of bits for each team, ``[M teams, W words]``, the
evader's places being the bits. From the states won within t turns follow those won within t + 1:

1. the evader is lost where *all* its moves lead to states won within t. Rows are turned over, so that places lead and
   teams are bits; then that is an AND over the rows of its ways (`strokes.Answers`);
2. pursuers win where *some* joint move leads there: an OR over rows, one pursuer after another (`strokes.Stage`).

Only what can have changed is looked at: teams that won something last turn, and teams next to those that gained.
Times are kept as bit planes in Gray code, in which "one turn more for all who are won" is one XOR into one plane.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

from pursuit.core.wavefront import pave
from pursuit.solve import teams
from pursuit.solve.bits import Words, any_set, members_of, num_words, pack, put_rows
from pursuit.solve.game import ALTERNATING, DEFAULT_BUDGET, MOST_PURSUERS, Graph, Rule, check_size, states
from pursuit.solve.strokes import Answers, Mask, stages
from pursuit.solve.table import Table
from pursuit.solve.teams import Index

Progress = Callable[[int, int, int], None]
"""Called after every turn with (turn, states won so far, all states)."""


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
    """The working arrays of one analysis. Places are nodes in row order of ``roads`` throughout."""

    def __init__(self, graph: Graph, pursuers: int, rule: Rule, exits: Sequence[int], budget: int) -> None:
        self.graph, self.pursuers, self.rule, self.budget = graph, pursuers, rule, budget
        num, words = graph.num_nodes, num_words(graph.num_nodes)
        roads = pave(graph.neighbor, graph.usable)
        self.place, self.node = roads.row, roads.node
        self.team = teams.members(num, pursuers)
        self.orders = teams.orders(num, pursuers)
        self.everywhere = pack(np.ones(num, np.bool_))
        stays = np.ones(num, np.bool_)
        stays[roads.row[list(exits)]] = False
        self.inside = pack(stays)
        near = pack(graph.near(rule.capture_hops)[np.ix_(roads.node, roads.node)])
        self.won = reduce(np.bitwise_or, [near[member] for member in self.team.T])
        self.full = ~any_set(self.won ^ self.everywhere)
        self.answers = Answers(roads, words)
        self.stages = stages(roads, pursuers, rule.one_moves, words)
        lost = self.won.copy() if rule.tested_early else np.zeros_like(self.won)
        self.sets = [lost, *(np.zeros((len(stage.sources[0]), words), np.uint64) for stage in self.stages[:-1])]

    def run(self, progress: Progress | None) -> Table:
        """Turn after turn, until nothing more is won."""
        planes: list[Words] = []
        tally = [int(members_of(self.won) @ self.orders)]
        worst, placement = None, None
        grown = np.arange(len(self.team))
        while True:
            if worst is None and self.full.any():
                worst, placement = len(tally) - 1, tuple(self.node[self.team[self.full.argmax()]].tolist())
            turn = len(tally)
            plane = (turn & -turn).bit_length() - 1
            if plane == len(planes):
                check_size(self.graph.num_nodes, self.pursuers, self.budget, max(plane + 1, 1))
                planes.append(np.zeros_like(self.won))
            np.bitwise_xor(planes[plane], self.won, out=planes[plane])
            changed = self.answers.lose(self.won, self.sets[0], grown)
            if turn == 1:
                changed[:] = True  # captured states were there before
            grown, fresh = self._win(changed)
            if progress is not None:
                progress(turn, tally[-1] + fresh, states(self.graph.num_nodes, self.pursuers))
            if not fresh:
                break
            tally.append(tally[-1] + fresh)
        for index, each in enumerate(planes):
            if (turn ^ turn >> 1) >> index & 1:  # counted from the end so far
                np.invert(each, out=each)
        return Table(
            self.graph, self.pursuers, self.rule, self.place, self.won, tuple(planes), tuple(tally), worst, placement
        )

    def _win(self, changed: Mask) -> tuple[Index, int]:
        """Add what can be reached to what is won: the teams that gained, and the number of fresh states.

        ``changed``: the teams for which the evader is lost in more places than before.
        """
        *before, last = self.stages
        for stage, sets, after in zip(before, self.sets[:-1], self.sets[1:], strict=True):
            changed = stage.carry(sets, changed, after)
        gained, total = [], 0
        for team, sets in last.joined(self.sets[-1], np.flatnonzero(last.touched(changed) & ~self.full)):
            won = self.won.take(team, axis=0)
            sets &= self.inside
            sets |= won
            won ^= sets
            more = any_set(won)
            better, now = team[more], sets.compress(more, axis=0)
            put_rows(self.won, better, now)
            total += int(members_of(won.compress(more, axis=0)) @ self.orders[better])
            now ^= self.everywhere
            self.full[better] = ~any_set(now)
            gained.append(better)
        return np.concatenate([np.empty(0, np.intp), *gained]), total
