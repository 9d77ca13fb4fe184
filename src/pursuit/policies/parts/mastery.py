"""Exact play for policies: the solved game of a brief, and best moves by a stated rule among equals.

Dimension letters: ``R`` rows, ``K`` pursuers, ``J`` joint moves, ``D`` out-slots, ``N`` nodes.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import scale
from pursuit.core.world import Ruleset, Side
from pursuit.mimicry.position import Positions
from pursuit.policies.parts.chance import dice
from pursuit.sense.observation import Brief, Intents, Observation, idle_intents
from pursuit.solve import teams
from pursuit.solve.game import MOST_PURSUERS, check_size, graph_of, rule_of
from pursuit.solve.kept import solve_once
from pursuit.solve.table import NEVER, Table

Array = NDArray[Any]
Nodes = NDArray[np.intp]

TIES = ("first", "last", "keyed")
"""Among equally good moves: the first or the last in order of out-slots, or one by the row's key for chance."""

_BUDGET = 1 << 30  # bytes of a table that a policy may solve before it begins
_MOST_ENTRIES = 1 << 26
_CHUNK = 1 << 18


def unfit(brief: Brief) -> str:
    """Why there is no exact play in a game, or nothing if there is."""
    hunters, quarry = np.flatnonzero(brief.side == Side.HUNTER), np.flatnonzero(brief.quarry)
    if brief.ruleset not in (Ruleset.ALTERNATING, Ruleset.LAZY):
        return f"exact play is for the rulesets alternating and lazy, not {brief.ruleset.name.lower()}"
    if len(hunters) > MOST_PURSUERS or len(quarry) != 1:
        return f"exact play is for 1 to {MOST_PURSUERS} hunters and one quarry, not {len(hunters)} and {len(quarry)}"
    try:
        check_size(brief.board.num_nodes, len(hunters), _BUDGET)
    except MemoryError as error:
        return f"the board is too large to be solved: {error}"
    return ""


class Mastery:
    """The solved game of a brief. Raises ValueError where there is none, with the reason."""

    def __init__(self, brief: Brief) -> None:
        reason = unfit(brief)
        if reason:
            raise ValueError(reason)
        self.hunters = np.flatnonzero(brief.side == Side.HUNTER)
        self.quarry = int(np.flatnonzero(brief.quarry)[0])
        self._brief, self._num_agents = brief, len(brief.kind)
        self.table: Table = brief.derive(solved_game)
        self._never = max(brief.turns, self.table.summary.max) + 1

    def places(self, obs: Observation) -> tuple[Nodes, Nodes]:
        """Where the hunters ``[R, K]`` and the quarry ``[R]`` are, as far as the observation tells; else -1."""
        node = np.where(obs.node >= 0, obs.node, obs.body_node).astype(np.intp)  # body rows are slots here
        return node[:, self.hunters], node[:, self.quarry]

    @cached_property
    def _outlook(self) -> Array:
        """What it costs to have moved as each team, with the quarry at each node, [M, N]."""
        return self.cost(self._brief.derive(_after_moves)).astype(np.int32)

    def prospects(self, obs: Observation) -> tuple[Nodes, Array]:
        """Every joint move of the hunters ``[R, J, K]``, and its cost with the quarry at each node ``[R, J, N]``."""
        table = self.table
        nodes = table.joint_moves(self.places(obs)[0]).astype(np.intp)
        return nodes, self._outlook[teams.number(table.place[nodes], table.graph.num_nodes)]

    def chances(self, obs: Observation) -> Array:
        """How likely the quarry is at each node ``[R, N]``; all of it where it is seen."""
        belief = obs.belief
        if not isinstance(belief, Positions):
            raise ValueError("hunters of limited sight need a belief of where the quarry is")
        return belief.weight[:, self.quarry]

    def moved(self, nodes: Array, chosen: Nodes) -> Nodes:
        """The nodes that the chosen moves lead to, ``[R, ...]`` of ``[R, X, ...]``."""
        return nodes[np.arange(len(nodes)), chosen]

    def pick(self, obs: Observation, value: Array, ties: str) -> Nodes:
        """For each row the number of a move of the least value ``[R, X]``, ties as the rule says."""
        best = value == value.min(axis=1, keepdims=True)
        if ties == "first":
            return best.argmax(axis=1)
        if ties == "last":
            return value.shape[1] - 1 - best[:, ::-1].argmax(axis=1)
        wanted = scale(dice(obs.key, obs.turn, np.zeros(1, np.int64)), best.sum(axis=1).astype(np.uint64))
        return (best.cumsum(axis=1) > wanted[:, None]).argmax(axis=1)

    def cost(self, turns: Array) -> Array:
        """Turns as something to compare: never is more than any turn limit."""
        return np.where(turns == NEVER, self._never, turns)

    def answer(self, obs: Observation, slots: Array | list[int], goal: Nodes) -> Intents:
        """Intents with goals ``[R, len(slots)]``."""
        goals = np.full((obs.num_rows, self._num_agents), -1, np.int32, order="F")
        goals[:, slots] = goal
        return idle_intents(*goals.shape, goal=goals)


def unfit_blind(brief: Brief) -> str:
    """The same for hunters of limited sight, who weigh every node for every move."""
    reason = unfit(brief)
    num = brief.board.num_nodes
    entries = num * teams.count(num, int(np.count_nonzero(brief.side == Side.HUNTER)))
    if not reason and entries > _MOST_ENTRIES:
        return f"the board is too large to weigh every node: {entries:,} entries, at most {_MOST_ENTRIES:,}"
    return reason


def _after_moves(brief: Brief) -> Array:
    """Turns still to come once each team has moved, with the quarry at each node, [M, N]; -1 for never."""
    table = brief.derive(solved_game)
    num = table.graph.num_nodes
    members = np.argsort(table.place)[teams.members(num, table.pursuers)]
    parts = np.array_split(members, -(-len(members) * num // _CHUNK))
    return np.concatenate([table.after_move(part[:, None], np.arange(num)[None]).astype(np.int16) for part in parts])


def solved_game(brief: Brief) -> Table:
    return solve_once(
        graph_of(brief.board),
        int(np.count_nonzero(brief.side == Side.HUNTER)),
        rule_of(brief.ruleset == Ruleset.LAZY, brief.capture_hops),
        exits=np.flatnonzero(brief.exits[brief.side[brief.quarry][0]]).tolist(),
        budget=_BUDGET,
    )
