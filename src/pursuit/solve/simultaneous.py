"""Everybody moves at once: the probability of capture within so many turns, if both sides mix their moves perfectly.

A state is worth 1 where the evader is caught. With t turns to go, any other is worth the value of a matrix game: rows
are the joint moves of the pursuers, columns the moves of the evader, entries what the next state is worth with t - 1
to go (von Neumann's minimax theorem; Shapley 1953 for games of many stages). Where the best row and the best column
meet, there is a saddle and nothing to mix; only at the other states a linear program is solved, once for all states
whose matrices are equal.

Dimension letters: ``S`` states, ``J`` joint moves, ``D`` moves of the evader, ``K`` pursuers, ``N`` nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from pursuit.solve.game import MOST_PURSUERS, Graph, TooLargeError, states

MOST_ENTRIES = 20_000_000
"""Entries of all matrices together; beyond that the linear programs would take hours."""

_SAME = 1e-9  # values closer than this are the same


@dataclass(frozen=True)
class Odds:
    """What each placement is worth."""

    value: NDArray[np.float64]  # [N pursuer, ..., N evader] probability of capture
    turns: int  # within so many
    programs: int  # linear programs that it took


def solve_simultaneous(
    graph: Graph,
    pursuers: int,
    turns: int,
    *,
    exits: Sequence[int] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Odds:
    """The probability of capture within ``turns``, on the evader's node or crossing it on an edge, of all placements.

    An evader that stands on one of ``exits``, and is not caught there, is gone. ``progress`` is called after every turn
    with (turn, turns). Raises ValueError for a number of pursuers that is not 1 to 4, and TooLargeError, with the
    figure, for a game of more than MOST_ENTRIES entries.
    """
    if not 1 <= pursuers <= MOST_PURSUERS:
        raise ValueError(f"1 to {MOST_PURSUERS} pursuers, not {pursuers}")
    num, slots = graph.num_nodes, graph.neighbor.shape[1]
    entries = states(num, pursuers) * slots ** (pursuers + 1)
    if entries > MOST_ENTRIES:
        raise TooLargeError(
            f"{entries:,} pairs of moves; the game of simultaneous moves takes at most {MOST_ENTRIES:,}"
        )
    ways = np.where(graph.usable, graph.neighbor, np.arange(num)[:, None])
    ways[:, 0] = np.arange(num)
    place = np.indices((num,) * (pursuers + 1)).reshape(pursuers + 1, -1)  # [K + 1, S]
    team, evader = place[:-1], place[-1]
    caught = np.any(team == evader, axis=0)
    gone = np.isin(evader, list(exits)) & ~caught
    open_ = np.flatnonzero(~caught & ~gone)
    after, meets = _moves(ways, team[:, open_], evader[open_])
    value, programs = caught.astype(np.float64), 0
    for turn in range(turns):
        matrix = np.where(meets, 1.0, value[after])
        fresh, solved = _values(matrix)
        programs += solved
        if progress is not None:
            progress(turn + 1, turns)
        if np.array_equal(fresh, value[open_]):
            break
        value[open_] = fresh
    return Odds(value.reshape((num,) * (pursuers + 1)), turns, programs)


def _moves(
    ways: NDArray[np.int32], team: NDArray[np.intp], evader: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The state that each pair of moves leads to ``[S, J, D]``, and whether somebody crosses the evader on its way."""
    num, slots = ways.shape
    joint = np.array(list(product(range(slots), repeat=len(team))), np.intp)
    there = ways[evader][:, None, :]
    code, meets = np.zeros((len(evader), len(joint), slots), np.intp), np.zeros(1, np.bool_)
    for start, choice in zip(team, joint.T, strict=True):
        end = ways[start][:, choice][:, :, None]
        code = code * num + end
        meets = meets | ((end == evader[:, None, None]) & (there == start[:, None, None]))
    return code * num + there, meets


def _values(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """The values ``[S]`` of matrix games ``[S, J, D]``, and how many linear programs it took."""
    low, high = matrix.min(axis=2).max(axis=1), matrix.max(axis=1).min(axis=1)
    mixed = np.flatnonzero(high - low > _SAME)
    value = low
    if len(mixed):
        flat = np.round(matrix[mixed].reshape(len(mixed), -1), 12)
        games, which = np.unique(flat, axis=0, return_inverse=True)
        value[mixed] = np.array([_value(game.reshape(matrix.shape[1:])) for game in games])[which.reshape(-1)]
        return value, len(games)
    return value, 0


def _value(matrix: NDArray[np.float64]) -> float:
    """The value of one matrix game: the most that the rows can make sure of."""
    rows, columns = matrix.shape
    found = linprog(
        c=np.r_[np.zeros(rows), -1.0],
        A_ub=np.c_[-matrix.T, np.ones(columns)],
        b_ub=np.zeros(columns),
        A_eq=np.r_[np.ones(rows), 0.0][None],
        b_eq=[1.0],
        bounds=[(0, 1)] * (rows + 1),
        method="highs",
    )
    return float(found.x[-1])
