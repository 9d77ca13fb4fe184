"""What hands do near hazards: throw a thing, pull a lever, lower somebody from the hoist (rules 8)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Feature
from pursuit.core.rng import Draws
from pursuit.core.state import Actions, Refusal, State, Status
from pursuit.core.world import Hazard, World
from pursuit.rules.common import Flat, present, sees_node, settle, sound_hops


def throw(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Throw a thing to a node."""
    items, node = actions.object[rows, slots], state.node[rows, slots]
    goal = actions.order_object[rows, slots]
    near = state.holder[rows, items] == slots
    near &= sound_hops(world, node, goal) <= world.numbers.throw_hops
    near &= sees_node(world, state, rows, node, goal)
    state, ok = settle(state, actions, rows, slots, np.where(near, np.int8(0), np.int8(Refusal.TOO_FAR)))
    holder, lies = state.holder.copy("K"), state.item_node.copy("K")
    holder[rows[ok], items[ok]] = -1
    lies[rows[ok], items[ok]] = goal[ok]
    return state.evolve(holder=holder, item_node=lies)


def pull(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Pull a lever: the presses start, or stop; several at once pull as one."""
    here = (world.board.feature[state.node[rows, slots]] & Feature.LEVER) != 0
    state, ok = settle(state, actions, rows, slots, np.where(here, np.int8(0), np.int8(Refusal.TOO_FAR)))
    on = state.hazard.copy("K")
    pulled = np.unique(rows[ok])
    on[pulled] ^= world.hazard_kind == Hazard.CRUSHES.value
    did_object = state.did_object.copy("K")
    did_object[rows[ok], slots[ok]] = -1  # the verb has no object, whatever the action says
    return state.evolve(hazard=on, did_object=did_object)


def lower(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Lower somebody from the hoist into the vat beside it."""
    targets = actions.object[rows, slots]
    start, place = state.node[rows, slots], state.node[rows, targets]
    vat = world.derive(_beside)[place]
    near = (start == place) | np.any(world.board.neighbor[start] == place[:, None], axis=1)
    near &= present(state)[rows, targets] & (state.ride[rows, targets] < 0) & (vat >= 0)
    resists = (state.status[rows, targets] == Status.WELL.value) & (
        state.mind[rows, targets] != state.mind[rows, slots]
    )
    reason = np.where(near, np.where(resists, np.int8(Refusal.UNWILLING), np.int8(0)), np.int8(Refusal.TOO_FAR))
    state, ok = settle(state, actions, rows, slots, reason)
    node = state.node.copy("K")
    node[rows[ok], targets[ok]] = vat[ok]
    return state.evolve(node=node)


def _beside(world: World) -> NDArray[np.int32]:
    """The vat that each hoist hangs over, [N]: that of its lowest out-slot; -1 where there is no hoist, or no vat."""
    board = world.board
    is_vat = (board.feature[board.neighbor] & Feature.VAT) != 0
    is_vat[:, 0] = False
    slot = is_vat.argmax(axis=1)
    nodes = np.arange(board.num_nodes)
    found = is_vat[nodes, slot] & ((board.feature & Feature.HOIST) != 0)
    return np.where(found, board.neighbor[nodes, slot], -1).astype(np.int32)
