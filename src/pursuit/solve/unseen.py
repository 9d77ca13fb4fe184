"""The zero-visibility game: the pursuers never see the evader, and clear the board of where it can be.

A state is where the pursuers are and the set of nodes where the evader can be. Pursuers are alike, so their places are
sorted. Each turn they move, the nodes they stand on are cleared, then the set spreads by one move and is cleared again.
A search by breadth finds the least number of turns until the set is empty. Sets are the bits of one word, hence at most
64 nodes; a search that grows beyond its bound is given up with the figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from math import comb

import numpy as np
from numpy.typing import NDArray

from pursuit.solve.bits import WORD, Words, pack
from pursuit.solve.game import MOST_PURSUERS, Graph, TooLargeError

MOST_NODES = WORD
MOST_STATES = 500_000
_MOST_MOVES = 10_000_000


@dataclass(frozen=True, slots=True)
class Unseen:
    """What so many pursuers can do against an evader that they do not see."""

    pursuers: int
    turns: int | None  # least number of turns that clear the board, placed best; None if nothing does
    states: int  # states looked at


def clear_unseen(graph: Graph, pursuers: int, *, most_states: int = MOST_STATES) -> Unseen:
    """The least number of turns in which pursuers clear a board of an evader that they never see.

    Raises ValueError for a number of pursuers that is not 1 to 4, and TooLargeError for more than 64 nodes or
    ``most_states``, or so many pursuers that their moves alone are too many.
    """
    num = graph.num_nodes
    if not 1 <= pursuers <= MOST_PURSUERS:
        raise ValueError(f"1 to {MOST_PURSUERS} pursuers, not {pursuers}")
    if num > MOST_NODES:
        raise TooLargeError(f"{num:,} nodes; the game without sight is solved for at most {MOST_NODES}")
    reach, bit = pack(graph.reach)[:, 0], pack(np.eye(num, dtype=np.bool_))[:, 0]
    _check(comb(num + pursuers - 1, pursuers), most_states)
    teams = np.array(list(combinations_with_replacement(range(num), pursuers)), np.int64)
    moves = _Moves(graph, teams)
    cover = np.bitwise_or.reduce(bit[teams], axis=1)
    team = np.arange(len(teams))
    places = ~cover & np.bitwise_or.reduce(bit)
    seen = _keys(team, places)
    turn = 0
    while len(team):
        if not places.all():
            return Unseen(pursuers, turn, len(seen))
        turn += 1
        before, after = moves.of(team)
        held = cover[after]
        places = _spread(places[before] & ~held, reach) & ~held
        fresh = np.setdiff1d(_keys(after, places), seen)
        seen = np.concatenate([seen, fresh])
        _check(len(seen), most_states)
        team, places = fresh["team"].astype(np.int64), fresh["places"].copy()
    return Unseen(pursuers, None, len(seen))


def least_unseen(graph: Graph, *, most_states: int = MOST_STATES) -> Unseen | None:
    """The least number of pursuers that clear a board, with the turns they need; None if four are too few."""
    for pursuers in range(1, MOST_PURSUERS + 1):
        found = clear_unseen(graph, pursuers, most_states=most_states)
        if found.turns is not None:
            return found
    return None


class _Moves:
    """From each team, by index, the teams that it can become."""

    def __init__(self, graph: Graph, teams: NDArray[np.int64]) -> None:
        here = np.arange(graph.num_nodes)[:, None]
        ways = np.where(graph.usable, graph.neighbor, here)
        ways[:, 0] = here[:, 0]
        joint_moves = len(teams) * ways.shape[1] ** teams.shape[1]
        if joint_moves > _MOST_MOVES:
            raise TooLargeError(f"{joint_moves:,} joint moves; the game without sight takes at most {_MOST_MOVES:,}")
        joint = np.array(list(product(range(ways.shape[1]), repeat=teams.shape[1])), np.intp)
        scale = graph.num_nodes ** np.arange(teams.shape[1])[::-1]
        moved = np.sort(ways[teams[:, None, :], joint[None]], axis=2) @ scale  # [teams, moves]
        pairs = np.unique(np.repeat(np.arange(len(teams)), len(joint)) * np.int64(scale[0] * len(ways)) + moved.ravel())
        self.start, code = np.divmod(pairs, scale[0] * len(ways))
        self.end = np.searchsorted(teams @ scale, code)
        self.first = np.searchsorted(self.start, np.arange(len(teams) + 1))

    def of(self, team: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For rows of teams: the row that each move starts from, and the team it leads to."""
        count = self.first[team + 1] - self.first[team]
        row = np.repeat(np.arange(len(team)), count)
        offset = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        return row, self.end[self.first[team][row] + offset]


def _spread(places: Words, reach: Words) -> Words:
    """Where an evader that was in ``places`` can be a move later."""
    spread = np.zeros_like(places)
    for node, ways in enumerate(reach):
        spread |= np.where(places >> np.uint64(node) & np.uint64(1), ways, np.uint64(0))
    return spread


def _keys(team: NDArray[np.int64], places: Words) -> NDArray[np.void]:
    keys = np.empty(len(team), [("team", np.int64), ("places", np.uint64)])
    keys["team"], keys["places"] = team, places
    return keys


def _check(found: int, most: int) -> None:
    if found > most:
        raise TooLargeError(f"the game without sight grows beyond {most:,} states on this board")
