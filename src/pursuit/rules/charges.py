"""Charges and the dead-man trigger that sets them off, and ammunition (rules 8 and 9)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Feature
from pursuit.core.rng import Draws
from pursuit.core.roster import Effect
from pursuit.core.state import Actions, Refusal, State, Status
from pursuit.core.world import Hazard, World
from pursuit.rules.blast import caught
from pursuit.rules.common import Bools, Flat, settle, some, within_metres
from pursuit.rules.harm import suffer


def charges(world: World) -> Bools:
    """Items that are charges: weapons that blast and have no reach, [I]."""
    weapon = np.maximum(world.item_weapon, 0)
    blasts = (world.roster.effect[weapon] == Effect.BLAST.value) & (world.roster.reach[weapon] == 0)
    return blasts & (world.item_weapon >= 0)


def arm(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Lay a charge and take its dead-man trigger in hand."""
    items, node = actions.object[rows, slots], state.node[rows, slots]
    near = (state.holder[rows, items] == slots) | (state.item_node[rows, items] == node)
    reason = np.select(
        [~near, state.armed[rows, items]], [np.int8(Refusal.TOO_FAR), np.int8(Refusal.ALREADY)], np.int8(0)
    )
    state, ok = settle(state, actions, rows, slots, reason)
    rows, slots, items = rows[ok], slots[ok], items[ok]
    armed, fuse = state.armed.copy("K"), state.fuse.copy("K")
    holder, lies = state.holder.copy("K"), state.item_node.copy("K")
    armed[rows, items] = True
    fuse[rows, slots] = world.numbers.deadman_turns
    holder[rows, items] = -1
    lies[rows, items] = node[ok]
    return state.evolve(armed=armed, fuse=fuse, holder=holder, item_node=lies)


def detonate(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Let go of the trigger: the charges go off in this turn's phase hazard."""
    state, _ = settle(state, actions, rows, slots, np.zeros(len(rows), np.int8))
    fuse, did_object = state.fuse.copy("K"), state.did_object.copy("K")
    fuse[rows, slots] = 0
    did_object[rows, slots] = -1  # the verb has no object, whatever the action says
    return state.evolve(fuse=fuse, did_object=did_object)


def reload(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Fill a gun from a cache."""
    items = actions.object[rows, slots]
    here = (world.board.feature[state.node[rows, slots]] & Feature.CACHE) != 0
    full = world.roster.rounds[world.item_weapon[items]]
    reason = np.select(
        [~here, state.ammo[rows, items] >= full], [np.int8(Refusal.TOO_FAR), np.int8(Refusal.ALREADY)], np.int8(0)
    )
    state, ok = settle(state, actions, rows, slots, reason)
    ammo = state.ammo.copy("K")
    ammo[rows[ok], items[ok]] = full[ok]
    return state.evolve(ammo=ammo)


def go_off(world: World, state: State) -> State:
    """Count how long fallen hands hold their triggers, and blow the charges of those that have let go."""
    holds = state.fuse >= 0
    if not some(holds):
        return state
    slack = holds & (state.status != Status.WELL.value) & (state.fuse > 0)
    fuse = (state.fuse - slack).astype(np.int8)
    lets_go = holds & (fuse == 0)
    rows = lets_go.any(axis=1).nonzero()[0]
    if not len(rows):
        return state.evolve(fuse=fuse)
    fuse[rows] = -1
    state = state.evolve(fuse=fuse)
    live = np.zeros_like(state.armed)
    live[rows] = state.armed[rows] & (state.item_node[rows] >= 0)
    return _explode(world, state, live, lets_go) if some(live) else state


def _explode(world: World, state: State, live: Bools, by: Bools) -> State:
    """Blow charges, [B, I]; `by` [B, A] let go of the triggers."""
    rows, items = live.nonzero()
    weapon = world.item_weapon[items].astype(np.intp)
    center, metres = state.item_node[rows, items], world.roster.blast[weapon]
    bodies = caught(world, state, rows, center, metres)
    damage = np.zeros(state.node.shape, np.int64, order="F")
    np.add.at(damage, rows, bodies * world.roster.damage[weapon].astype(np.int64)[:, None])
    stagger = np.zeros(state.node.shape, np.int8, order="F")
    np.maximum.at(stagger, rows, bodies * world.roster.stagger[weapon][:, None])
    hurt = np.zeros(state.node.shape, np.bool_, order="F")
    np.logical_or.at(hurt, rows, bodies)
    columns = suffer(world, state, hurt, damage, hurt, stagger, hurt)
    deaths = ((columns["status"] == Status.DEAD.value) & (state.status != Status.DEAD.value)).sum(axis=1)
    columns["taken"] = (state.taken + by * deaths[:, None]).astype(np.int16)
    loud = np.zeros(len(state.node), np.int32)
    np.maximum.at(loud, rows, world.roster.noise[weapon])
    columns["noise"] = np.maximum(state.noise, by * loud[:, None])
    columns |= _ruin(world, state, rows, center, metres)
    return state.evolve(**columns)


def _ruin(
    world: World, state: State, rows: Flat, center: NDArray[Any], metres: NDArray[Any]
) -> dict[str, NDArray[Any]]:
    """What blasts at nodes do to things that lie about, and the fires that they light."""
    nodes = np.arange(world.board.num_nodes)
    near = within_metres(world, center[:, None], nodes, metres[:, None])  # [n, N]
    lies = state.item_node.copy("K")
    armed, hazard = state.armed.copy("K"), state.hazard.copy("K")
    burns = world.hazard_kind == Hazard.BURNS.value
    for at, row in enumerate(rows.tolist()):  # a handful of charges in a whole game
        gone = (lies[row] >= 0) & near[at, np.maximum(lies[row], 0)]
        lies[row, gone] = -1
        armed[row, gone] = False
        hazard[row] |= burns & np.any(world.hazard_nodes & near[at], axis=1)
    return {"item_node": lies, "armed": armed, "hazard": hazard}
