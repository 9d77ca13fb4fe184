"""Changing what a mind cannot know: the other half of the test that nobody peeks.

Dimension letters: ``B`` episodes, ``A`` agent slots.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import State, Status
from pursuit.core.world import Ruleset, World
from pursuit.rules.common import dark_mask

Array = NDArray[Any]


def relabel(world: World, state: State, mind: int, dice: np.random.Generator) -> State:
    """The state with everything changed that the mind has not seen in it; for tests.

    Agents out of sight get other places (again out of sight), looks and bodies; what they hold, hidden things and
    vehicles, the scenario's counters and what other minds know are mixed up.
    """
    shape = state.node.shape
    well = state.status == Status.WELL
    mates = well & (state.mind == mind)
    unseen = ~mates & (state.row[:, mind] < 0)
    quiet = unseen & (state.noise == 0)
    hidden = ~_looked_at(world, state, mates)  # [B, N]

    def anywhere(column: Array, where: Array) -> Array:
        """Hidden nodes in place of those of a column [B, X], where there are any."""
        out = column.copy()
        for row, place in zip(*np.nonzero(where & hidden.any(axis=1, keepdims=True)), strict=True):
            out[row, place] = dice.choice(np.flatnonzero(hidden[row]))
        return out

    def noise(column: Array, where: Array, high: int) -> Array:
        return np.where(where, dice.integers(0, high, column.shape), column).astype(column.dtype)

    columns: dict[str, Array] = {
        "node": anywhere(state.node, quiet & (state.ride < 0)),
        "health": noise(state.health, unseen, 9),
        "leftover": noise(state.leftover, unseen, 100),
        "cue": noise(state.cue, unseen, 2),
        "still": noise(state.still, np.ones(shape, np.bool_), 50),
        "var": noise(state.var, np.ones(state.var.shape, np.bool_), 50),
        "fired": noise(state.fired, np.ones(state.fired.shape, np.bool_), 5),
        "due": noise(state.due, np.ones(state.due.shape, np.bool_), 5),
    }
    if world.ruleset == Ruleset.STORY:
        free = ~unseen[:, world.shifter] if world.shifter >= 0 else np.ones(len(unseen), np.bool_)
        columns["guise"] = noise(state.guise, unseen & ~free[:, None], world.num_agents)
        columns["order"] = noise(state.order, unseen, 2)
        columns["spare"] = noise(state.spare, unseen, 2)
        if world.shifter >= 0:
            strange = ~mates[:, [world.shifter]]
            columns["sampled"] = noise(state.sampled, np.broadcast_to(strange, state.sampled.shape), 2)
        if world.num_vehicles:
            stands = np.take_along_axis(hidden, state.vehicle_node, axis=1)
            ridden = (state.ride[:, None, :] == np.arange(world.num_vehicles)[:, None]).any(axis=2)
            columns["vehicle_node"] = anywhere(state.vehicle_node, stands & ~ridden)
        if world.num_items:
            lies = np.maximum(state.item_node, 0)
            lost = (state.item_node >= 0) & np.take_along_axis(hidden, lies, axis=1)
            columns["item_node"] = anywhere(state.item_node, lost)
            held = state.holder >= 0
            by_mate = held & np.take_along_axis(mates, np.maximum(state.holder, 0).astype(np.intp), axis=1)
            columns["ammo"] = noise(state.ammo, ~by_mate, 9)
        others = np.arange(state.knows.shape[1]) != mind
        columns["knows"] = noise(state.knows, np.broadcast_to(others, state.knows.shape), 8)
    return state.evolve(**columns)


def _looked_at(world: World, state: State, mates: Array) -> Array:
    """Nodes that some member sees, [B, N]."""
    table = world.sight.pick(dark_mask(world, state.door))
    nodes = np.arange(world.board.num_nodes)
    seen = world.sight.sees(table[:, None, None], state.node[:, :, None], nodes)
    both: Array = np.any(seen & mates[:, :, None], axis=1)
    return both
