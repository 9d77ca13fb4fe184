"""What is solved: a graph, how many pursuers, and the rule of capture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Board, Mode
from pursuit.core.fields import find_ways
from pursuit.solve.bits import num_words
from pursuit.solve.teams import count

MOST_PURSUERS = 4
DEFAULT_BUDGET = 2 << 30
"""Bytes that a table may take unless the caller says otherwise."""

_PLANES = 8  # bit planes counted on beforehand: enough for 255 turns
_LINKS = 5  # rows that one row is made of, on average: a street map has some three ways a node, and staying
_SCRATCH = 16 << 20  # working space of one block, and then some


class TooLargeError(MemoryError):
    """A game whose table does not fit the budget; says how much it would take."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How the pursuers win. They move first, the evader sees their move, everybody sees everything."""

    name: str
    capture_hops: int  # 0: on the evader's node; 1: or next to it, an edge either way
    tested_early: bool  # capture is tested after the pursuers' move too, not only after the evader's
    one_moves: bool  # at most one pursuer moves a turn


ALTERNATING = Rule("alternating", 0, True, False)
"""Cops and robbers: all may move, capture on the node."""
ADJACENT = Rule("adjacent", 1, False, False)
"""The distance D of the literature: 0 on or next to the evader, else 1 + min over moves, max over answers, of D."""
LAZY = Rule("lazy", 0, True, True)
"""Lazy cops and robbers: only one pursuer moves a turn."""

RULES = {rule.name: rule for rule in (ALTERNATING, ADJACENT, LAZY)}


def rule_of(one_moves: bool, capture_hops: int) -> Rule:
    """The rule by which the rulesets `alternating` and `lazy` are played: capture is tested after every ply."""
    name = (LAZY if one_moves else ALTERNATING).name
    return Rule(name + " within a hop" * bool(capture_hops), capture_hops, True, one_moves)


@dataclass(frozen=True)
class Graph:
    """The ground of a game.

    ``neighbor [N, D]`` holds the ways out of each node, ``usable [N, D]`` which of them count. Slot 0 is *stay*, as on
    a board, and is always possible.
    """

    neighbor: NDArray[np.int32]
    usable: NDArray[np.bool_]

    @property
    def num_nodes(self) -> int:
        return len(self.neighbor)

    @property
    def reach(self) -> NDArray[np.bool_]:
        """Where one move leads, ``[N from, N to]``, staying included."""
        reach = np.eye(self.num_nodes, dtype=np.bool_)
        node, slot = np.nonzero(self.usable)
        reach[node, self.neighbor[node, slot]] = True
        return reach

    def near(self, hops: int) -> NDArray[np.bool_]:
        """Pairs of nodes ``[N, N]`` that are one node, or with ``hops = 1`` joined by an edge either way."""
        reach = self.reach
        return reach | reach.T if hops else np.eye(self.num_nodes, dtype=np.bool_)

    @property
    def num_edges(self) -> int:
        """Edges, counting a two-way one once."""
        reach = self.reach
        return int(np.triu(reach | reach.T, 1).sum())


def graph_of(board: Board) -> Graph:
    """A board as the classical rulesets walk it: on foot, every door open."""
    return Graph(board.neighbor, find_ways(board).usable(Mode.FOOT, False, 0))


def graph_from_pairs(num_nodes: int, start: NDArray[np.intp], end: NDArray[np.intp]) -> Graph:
    """A graph from one-way edges ``start [edges]`` to ``end [edges]``; repeated edges and loops do no harm."""
    keys = np.unique(start.astype(np.int64) * num_nodes + end)
    start, end = keys // num_nodes, keys % num_nodes
    start, end = start[start != end], end[start != end]
    out = np.bincount(start, minlength=num_nodes)
    most = int(out.max(initial=0))
    neighbor = np.repeat(np.arange(num_nodes, dtype=np.int32)[:, None], most + 1, axis=1)
    first = np.concatenate([[0], np.cumsum(out)])
    neighbor[start, np.arange(len(start)) - first[start] + 1] = end
    return Graph(neighbor, np.arange(most + 1) <= out[:, None])


def states(num_nodes: int, pursuers: int) -> int:
    """Placements of the pursuers, in order, and of the evader."""
    return int(num_nodes ** (pursuers + 1))


def table_bytes(num_nodes: int, pursuers: int, planes: int = _PLANES) -> int:
    """Bytes of a solver at work: sets of states, the planes of the times, and which row is made of which."""
    row = num_words(num_nodes) * 8
    teams = [count(num_nodes, size) for size in range(pursuers + 1)]
    halfway = sum(teams[moved] * teams[pursuers - moved] for moved in range(1, pursuers))
    return int(teams[-1] * row * (planes + 2) + halfway * row + (halfway + teams[-1]) * _LINKS * 8) + _SCRATCH


def check_size(num_nodes: int, pursuers: int, budget: int, planes: int = _PLANES) -> None:
    """Raise TooLargeError, with the figure, if a game does not fit ``budget`` bytes."""
    needed = table_bytes(num_nodes, pursuers, planes)
    if needed > budget:
        who = "pursuer" if pursuers == 1 else "pursuers"
        raise TooLargeError(
            f"{num_nodes:,} nodes with {pursuers} {who} take {needed / (1 << 20):,.0f} MiB; "
            f"the budget is {budget / (1 << 20):,.0f} MiB"
        )
