"""Phase close: who leaves, which links broke, who is seen, and whether it is over (rules 11)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws
from pursuit.core.state import Actions, State, Status
from pursuit.core.world import Outcome, Side, World
from pursuit.rules.common import Bools
from pursuit.rules.sight import look, radios, see, stood_still


def close(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """End the turn."""
    state = leave(world, state)
    state = state.evolve(turn=state.turn + np.int32(1), still=stood_still(state))
    return judge(world, perceive(world, state, draws, keep_left=True))


def leave(world: World, state: State) -> State:
    """Who stands well on an exit of its own side is gone."""
    goes = world.exits[world.side, state.node] & (state.status == Status.WELL)
    if not goes.any():
        return state
    return state.evolve(
        status=np.where(goes, np.int8(Status.LEFT), state.status),
        ride=np.where(goes, np.int8(-1), state.ride),
        seat=np.where(goes, np.int8(-1), state.seat),
    )


def perceive(world: World, state: State, draws: Draws, keep_left: bool) -> State:
    """Break the links that do not hold any more, and write who sees whom."""
    sees = see(world, state)
    net = radios(world, state)
    state = _part(state, sees, net)
    return look(world, state, draws, sees, net, keep_left)


def _part(state: State, sees: Bools, net: Bools | None) -> State:
    """Give members that no chain of links joins to the rest minds of their own."""
    well = state.status == Status.WELL
    mates = (state.mind[:, :, None] == state.mind[:, None, :]) & well[:, :, None] & well[:, None, :]
    num = well.shape[1]
    if mates.sum() == well.sum():  # everybody is alone
        return state
    linked = sees | sees.transpose(0, 2, 1)
    if net is not None:
        linked |= (net[:, :, None, :] & net[:, None, :, :]).any(axis=3)
    linked &= mates
    slots = np.arange(num, dtype=np.int64)
    group = np.broadcast_to(slots, well.shape)
    while True:  # every group takes the lowest slot that a chain of links reaches
        nearer = np.minimum(group, np.where(linked, group[:, None, :], num).min(axis=2))
        if np.array_equal(nearer, group):
            break
        group = nearer
    keeper = np.where(mates, slots, num).min(axis=2)
    apart = well & (group != keeper)
    if not apart.any():
        return state
    mind = state.mind.copy()
    place = np.where(apart, state.mind.astype(np.int64) * num + group, num * num)
    while (place < num * num).any():
        rows = np.flatnonzero((place < num * num).any(axis=1))
        first = place[rows].min(axis=1)
        moves = place[rows] == first[:, None]
        used = (mind[rows][:, :, None] == slots).any(axis=1)
        mind[rows] = np.where(moves, used.argmin(axis=1)[:, None], mind[rows])
        place[rows] = np.where(moves, num * num, place[rows])
    return state.evolve(mind=mind)


def judge(world: World, state: State) -> State:
    """Write the outcome of the episodes that are over."""
    quarry, hunters = world.quarry, world.side == Side.HUNTER
    status = state.status
    gone = (status == Status.LEFT) | (status == Status.DEAD)
    tests: list[tuple[Outcome, NDArray[Any]]] = []
    if quarry.any():
        prey = status[:, quarry]
        tests.append((Outcome.QUARRY_KILLED, (prey == Status.DEAD).all(axis=1)))
        tests.append((Outcome.QUARRY_ESCAPED, gone[:, quarry].all(axis=1) & (prey == Status.LEFT).any(axis=1)))
    if hunters.any():
        wrecks = (status[:, hunters] == Status.DEAD) | (status[:, hunters] == Status.OFFLINE)
        tests.append((Outcome.HUNTER_DESTROYED, wrecks.all(axis=1)))
    tests.append((Outcome.TURN_LIMIT, state.turn >= world.turns))
    return decide(state, tests)


def decide(state: State, tests: list[tuple[Outcome, NDArray[Any]]]) -> State:
    """The first test that holds is the outcome, where there is none yet; an outcome ends the episode."""
    outcome = state.outcome
    for name, holds in tests:
        if holds.any():
            outcome = np.where(holds & (outcome < 0), np.int16(name), outcome)
    ended = outcome >= 0
    return state.evolve(outcome=outcome, ended=ended) if ended.any() else state
