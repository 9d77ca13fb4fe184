"""Hunters who see nothing but their own nodes: the position filter is the game without sight, exactly."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from tests.policies.test_oracles import duel

from pursuit.content.maps import load_map
from pursuit.core.state import State
from pursuit.core.world import World
from pursuit.mimicry.position import Position, Positions
from pursuit.rules.turn import fresh
from pursuit.sense.live import live_rows
from pursuit.sense.observe import brief, observe
from pursuit.solve.game import graph_of
from pursuit.solve.unseen import least_unseen


class Hunt:
    """Teams that walk over a board by any plan, and the set of places that their filter leaves the evader."""

    def __init__(self, board: str, pursuers: int) -> None:
        made = replace(load_map(board), sight_hops=0)
        self.world: World = duel(made, pursuers)
        self.pursuers, self.speaks = pursuers, np.arange(pursuers + 1) < pursuers
        self.position = Position(brief(self.world, tuple(range(pursuers))))
        ways = self.world.ways.usable(0, False, 0)
        self.near = [{n, *made.neighbor[n][ways[n]].tolist()} for n in range(made.num_nodes)]

    def _look(self, belief: Positions, team: tuple[int, ...], turn: int) -> Positions:
        """What the filter makes of standing there and seeing nobody."""
        state: State = fresh(self.world, np.zeros(1, np.uint64))
        node = np.array([[*team, 0]], np.int32)
        row = np.full_like(state.row, -1)  # the evader is in sight nowhere
        state = state.evolve(node=node, row=row, turn=np.array([turn], np.int32))
        return self.position.update(belief, observe(self.world, state, live_rows(self.world, state, self.speaks)))

    def least_turns(self, most: int = 12) -> int | None:
        """By breadth: the turns until the filter says that the evader is nowhere but where they stand."""
        nodes = range(self.world.board.num_nodes)
        start = self.position.start(1)
        level = {
            (team, self._places(self._look(start, team, 0), team)) for team in product(nodes, repeat=self.pursuers)
        }
        seen, turn = set(level), 0
        while level and turn < most:
            if any(not places for _, places in level):
                return turn
            turn += 1
            reached = set()
            for team, places in level:
                for after in product(*(sorted(self.near[p]) for p in team)):
                    reached.add((after, self._after(places, after)))
            level = reached - seen
            seen |= level
        return None

    def _after(self, places: frozenset[int], team: tuple[int, ...]) -> frozenset[int]:
        """Pursuers' ply, a look, evader's ply, a look: from a set of places to the next."""
        belief = self.position.start(1)
        may = np.zeros((1, self.pursuers + 1, self.world.board.num_nodes), np.bool_)
        may[0, :, list(places)] = True
        may[0, : self.pursuers] = True
        belief = replace(
            belief,
            support=np.packbits(np.pad(may, ((0, 0), (0, 0), (0, 64 - may.shape[2]))), axis=2, bitorder="little").view(
                np.uint64
            ),
            weight=may / may.sum(axis=2, keepdims=True),
            is_fresh=np.zeros(1, np.bool_),
        )
        left = self._places(belief := self._look(belief, team, 1), team)
        if not left:
            return frozenset()
        return self._places(self._look(belief, team, 1), team)

    def _places(self, belief: Positions, team: tuple[int, ...]) -> frozenset[int]:
        may = belief.may_be(self.world.board.num_nodes)[0, self.pursuers]
        return frozenset(np.flatnonzero(may).tolist()) - frozenset(team)


@pytest.mark.parametrize(("board", "pursuers"), [("path:4", 1), ("cycle:4", 2), ("complete:3", 2), ("complete:4", 2)])
def test_the_filter_without_sight_is_the_game_without_sight(board: str, pursuers: int) -> None:
    found = least_unseen(graph_of(load_map(board)))
    assert found is not None and found.pursuers == pursuers
    assert Hunt(board, pursuers).least_turns() == found.turns
    if pursuers > 1:
        assert Hunt(board, pursuers - 1).least_turns() is None
