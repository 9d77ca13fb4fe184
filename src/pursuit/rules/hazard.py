"""Phase hazard: charges, molten steel, presses and fire (rules 9)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws
from pursuit.core.state import Actions, Mark, State, Status
from pursuit.core.world import Hazard, World
from pursuit.rules.charges import charges, go_off
from pursuit.rules.common import Bools, fall_off, melts, present, some, vats
from pursuit.rules.harm import suffer


def is_perilous(world: World) -> bool:
    """Whether the phase has anything to do in the world."""
    return bool(world.hazard_name) or bool(world.derive(charges).any())


def hazard(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Charges go off; whoever is in a hazard that is on is harmed by it."""
    if some(world.derive(charges)):
        state = go_off(world, state)
    hurts = world.derive(_hurts)
    node = state.node
    at_risk = (world.derive(_risky)[node] & present(state)).nonzero()
    if len(at_risk[0]):
        rows, slots = at_risk
        on = state.hazard[rows] & world.hazard_nodes[:, node[rows, slots]].T
        points = (on * hurts).sum(axis=1)
        harmed = (points > 0) & (state.status[rows, slots] != Status.DEAD.value)
        if some(harmed):
            damage = np.zeros(node.shape, np.int64, order="F")
            damage[rows[harmed], slots[harmed]] = points[harmed]
            hurt = damage > 0
            state = state.evolve(**suffer(world, state, hurt, damage, hurt, np.int8(0)))
        sinks = np.any(on & (world.hazard_kind == Hazard.MELTS.value), axis=1)
        if some(sinks):
            state = _melt(world, state, rows[sinks], slots[sinks])
    return _consume(world, state)


def in_danger(world: World, state: State, rows: NDArray[Any], nodes: NDArray[Any]) -> Bools:
    """Whether nodes [n] lie in a hazard that is on in the episodes `rows`, [n]."""
    return np.any(state.hazard[rows] & world.hazard_nodes[:, nodes].T, axis=1)


def _melt(world: World, state: State, rows: NDArray[Any], slots: NDArray[Any]) -> State:
    """End bodies for good; all that they hold goes with them."""
    gone = np.zeros(state.node.shape, np.bool_, order="F")
    gone[rows, slots] = True
    new = gone & (state.status != Status.DEAD.value)
    fallen = gone & (state.status == Status.WELL.value)
    marks = state.marks | np.where(new, np.uint16(Mark.HURT | Mark.DESTROYED), np.uint16(0))
    marks |= np.where(fallen, np.uint16(Mark.FELL), np.uint16(0))
    columns = fall_off(state, gone, np.zeros_like(gone))
    columns["status"] = np.where(gone, np.int8(Status.DEAD), state.status)
    columns["health"] = np.where(gone, np.int16(0), state.health)
    if world.num_items:
        held = (state.holder >= 0) & gone[np.arange(len(gone))[:, None], state.holder]
        columns["holder"] = np.where(held, np.int8(-1), state.holder)
    return state.evolve(marks=marks, **columns)


def _consume(world: World, state: State) -> State:
    """Things that lie in what melts are gone."""
    if not world.num_items or not world.derive(melts):
        return state
    lies = state.item_node >= 0
    lost = lies & world.derive(vats)[state.item_node]
    if not some(lost):
        return state
    rows, items = lost.nonzero()
    melting = state.hazard[rows] & (world.hazard_kind == Hazard.MELTS.value)
    sinks = np.any(melting & world.hazard_nodes[:, state.item_node[rows, items]].T, axis=1)
    item_node = state.item_node.copy("K")
    item_node[rows[sinks], items[sinks]] = -1
    return state.evolve(item_node=item_node)


def _hurts(world: World) -> NDArray[np.int64]:
    """Points a turn of each hazard, [H]; what melts counts no points."""
    points = {Hazard.CRUSHES: world.numbers.press_damage, Hazard.BURNS: world.numbers.fire_damage, Hazard.MELTS: 0}
    return np.array([points[Hazard(kind)] for kind in world.hazard_kind.tolist()], np.int64)


def _risky(world: World) -> Bools:
    """Nodes of any hazard, [N]."""
    return np.any(world.hazard_nodes, axis=0)
