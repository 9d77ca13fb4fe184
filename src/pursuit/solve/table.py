"""A solved game: times, best moves, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from pursuit.solve import teams
from pursuit.solve.bits import Words, is_set
from pursuit.solve.game import Graph, Rule, states

NEVER = -1
LAYOUT = 1
"""Goes up when sets of states are laid out otherwise, so that tables on disk are made anew."""

Nodes = NDArray[np.integer]


@dataclass(frozen=True)
class Summary:
    """All ordered placements (pursuer, ..., evader) with the pursuers to move; sums are over the finite ones."""

    states: int
    finite: int
    sum: int
    max: int

    @property
    def finite_share(self) -> float:
        return self.finite / self.states

    @property
    def mean(self) -> float:
        return self.sum / self.finite


@dataclass(frozen=True)
class Table:
    """Every state of a game of K pursuers with the turns to capture under best play."""

    graph: Graph
    pursuers: int
    rule: Rule
    place: NDArray[np.intp]  # [N] the place of a node in the sets below
    won: Words  # [M, W] the states won at all: a row for each team, the evader's places being the bits
    planes: tuple[Words, ...]  # as won: Gray code of the turns, lowest bit first
    tally: tuple[int, ...]  # states won within 0, 1, 2, ... turns
    capture_time: int | None  # the pursuers place, the evader places seeing them; None if it then goes free
    placement: tuple[int, ...] | None  # a best placement of the pursuers

    def turns(self, pursuers: Nodes, evader: Nodes) -> NDArray[np.int32]:
        """Turns to capture, -1 for never, of states ``pursuers [..., K]``, ``evader [...]``, pursuers to move."""
        team = teams.number(self.place[pursuers], self.graph.num_nodes)
        place = self.place[evader]
        team, place = np.broadcast_arrays(team, place)
        turns, above = np.zeros(team.shape, np.int32), np.zeros(team.shape, np.int32)
        for index in reversed(range(len(self.planes))):
            above = above ^ is_set(self.planes[index], team, place)
            turns |= above << index
        return np.where(is_set(self.won, team, place), turns, NEVER).astype(np.int32)

    def after_move(self, pursuers: Nodes, evader: Nodes) -> NDArray[np.int32]:
        """Turns still to come once the pursuers have moved to ``[..., K]``, evader ``[...]`` to move; -1 for never.

        The two broadcast against each other.
        """
        after = self.turns(np.asarray(pursuers)[..., None, :], self.ways[evader])
        worst = np.where((after == NEVER).any(axis=-1), NEVER, after.max(axis=-1))
        return np.where(self.captured(pursuers, evader), 0, worst) if self.rule.tested_early else worst

    def all_turns(self) -> NDArray[np.int16]:
        """The whole table ``[N pursuer, ..., N evader]``, two bytes a state: for boards small enough to look at."""
        nodes = np.indices((self.graph.num_nodes,) * self.pursuers)
        evader = np.arange(self.graph.num_nodes)
        return self.turns(np.moveaxis(nodes, 0, -1)[..., None, :], evader).astype(np.int16)

    @cached_property
    def summary(self) -> Summary:
        """What all states add up to."""
        fresh = np.diff(np.array(self.tally, np.int64), prepend=0)
        total = sum(turn * new for turn, new in enumerate(fresh.tolist()))
        return Summary(states(self.graph.num_nodes, self.pursuers), self.tally[-1], total, len(self.tally) - 1)

    @cached_property
    def ways(self) -> NDArray[np.int32]:
        """Where a move may lead ``[N, D]``: slots that do not count lead nowhere, that is, to the node itself."""
        here = np.arange(self.graph.num_nodes, dtype=np.int32)[:, None]
        return np.where(self.graph.usable, self.graph.neighbor, here).astype(np.int32)

    @cached_property
    def _joint(self) -> NDArray[np.intp]:
        """Joint moves as slots ``[J, K]``, in order; under the lazy rule at most one pursuer leaves slot 0."""
        slots = range(self.ways.shape[1])
        joint = np.array(list(product(slots, repeat=self.pursuers)), np.intp)
        return joint[(joint > 0).sum(axis=1) <= 1] if self.rule.one_moves else joint

    def pursuer_moves(self, pursuers: Nodes, evader: Nodes) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Every joint move from states ``pursuers [B, K]``, ``evader [B]``, with what it is worth.

        Nodes ``[B, J, K]`` and turns to capture, the move itself counted, ``[B, J]``, -1 for never. The best ones are
        those with the fewest turns; where none is worth anything but -1, the pursuers cannot force capture.
        """
        nodes = self.joint_moves(pursuers)
        worst = self.after_move(nodes, np.asarray(evader)[:, None])
        return nodes, np.where(worst == NEVER, NEVER, worst + 1).astype(np.int32)

    def joint_moves(self, pursuers: Nodes) -> NDArray[np.int32]:
        """Where every joint move leads from ``pursuers [B, K]``: ``[B, J, K]``, in order of out-slots."""
        return self.ways[np.asarray(pursuers)[:, None, :], self._joint[None]]

    def evader_moves(self, pursuers: Nodes, evader: Nodes) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Every move of the evader once the pursuers stand at ``pursuers [B, K]``: nodes and turns, each ``[B, D]``.

        Turns are those still to come, -1 for never. The best moves are those to -1, else those with the most turns.
        """
        nodes = self.ways[evader]
        return nodes, self.turns(np.repeat(pursuers[:, None], nodes.shape[1], axis=1), nodes)

    def captured(self, pursuers: Nodes, evader: Nodes) -> NDArray[np.bool_]:
        """Whether some pursuer of ``[..., K]`` has the evader ``[...]`` now."""
        near: NDArray[np.bool_] = self._near[pursuers, evader[..., None]]
        return np.any(near, axis=-1)

    @cached_property
    def _near(self) -> NDArray[np.bool_]:
        return self.graph.near(self.rule.capture_hops)
