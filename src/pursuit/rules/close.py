"""Phase close: who leaves, which links broke, who is seen, and whether it is over (rules 12)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws
from pursuit.core.state import Actions, State, Status
from pursuit.core.world import Outcome, Side, World
from pursuit.rules.common import OFFLINE, WELL, Bools, some, who_may_leave
from pursuit.rules.crowds import Sets, singles, unpack
from pursuit.rules.sight import look, mates, radio_sides, radios, stood_still, whom_seen


def close(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """End the turn."""
    state = leave(world, state)
    state = state.evolve(turn=state.turn + np.int32(1), still=stood_still(state))
    return judge(world, perceive(world, state, draws, keep_left=True))


def leave(world: World, state: State) -> State:
    """Who stands well on an exit of its own side is gone."""
    slots, sides = world.derive(who_may_leave)
    if not some(world.exits[sides, state.node[:, slots]]):
        return state
    goes = world.exits[world.side, state.node] & (state.status == WELL)
    if not some(goes):
        return state
    return state.evolve(
        status=np.where(goes, np.int8(Status.LEFT), state.status),
        ride=np.where(goes, np.int8(-1), state.ride),
        seat=np.where(goes, np.int8(-1), state.seat),
    )


def perceive(world: World, state: State, draws: Draws, keep_left: bool) -> State:
    """Break the links that do not hold any more, and write who sees whom."""
    whom = whom_seen(world, state)
    mind = _part(world, state, whom)
    if mind is not state.mind:
        state = state.evolve(mind=mind, knows=_taught(state, mind))
    return look(world, state, draws, whom, keep_left)


def _part(world: World, state: State, whom: Sets) -> NDArray[np.int8]:
    """The minds of all, [B, A], once members that no chain of links joins to the rest have minds of their own."""
    num, others = world.num_agents, mates(world, state)
    if others is None:
        return state.mind
    unseen = others & ~whom
    if not some(unseen):
        return state.mind
    rows = np.any(unseen, axis=1).nonzero()[0]  # of whoever is linked, one may see the other only
    sees = unpack(whom[rows], num)
    linked = sees | sees.transpose(0, 2, 1)
    net = radios(world, state)
    if net is not None:
        for side, _ in world.derive(radio_sides):
            linked |= net[rows, :, None, side] & net[rows, None, :, side]
    together = unpack(others[rows] | singles(num), num)
    well = state.status[rows] == WELL
    together &= well[:, :, None]
    apart = np.any(together & ~linked & ~np.eye(num, dtype=np.bool_), axis=(1, 2)).nonzero()[0]
    if not len(apart):
        return state.mind
    rows = rows[apart]
    mind = state.mind.copy("K")
    mind[rows] = _split(mind[rows], well[apart], together[apart], together[apart] & linked[apart])
    return mind


def _taught(state: State, mind: NDArray[np.int8]) -> NDArray[np.uint32]:
    """What each mind knows, [B, M], once some agents have gone to new minds: all they knew before."""
    rows, slots = np.nonzero(mind != state.mind)
    knows = state.knows.copy("K")
    knows[rows, mind[rows, slots]] = state.knows[rows, state.mind[rows, slots]]
    return knows


def _split(mind: NDArray[np.int8], well: Bools, mates: Bools, linked: Bools) -> NDArray[np.int8]:
    """New minds for the groups of linked mates, [B, A], in episodes where some mates are not linked directly."""
    num = well.shape[1]
    slots = np.arange(num, dtype=np.int64)
    group = np.broadcast_to(slots, well.shape)
    while True:  # every group takes the lowest slot that a chain of links reaches
        nearer = np.minimum(group, np.where(linked, group[:, None, :], num).min(axis=2))
        if np.array_equal(nearer, group):
            break
        group = nearer
    keeper = np.where(mates, slots, num).min(axis=2)
    apart = well & (group != keeper)
    place = np.where(apart, mind.astype(np.int64) * num + group, num * num)
    while (place < num * num).any():
        rows = np.flatnonzero((place < num * num).any(axis=1))
        first = place[rows].min(axis=1)
        moves = place[rows] == first[:, None]
        used = (mind[rows][:, :, None] == slots).any(axis=1)
        mind[rows] = np.where(moves, used.argmin(axis=1)[:, None], mind[rows])
        place[rows] = np.where(moves, num * num, place[rows])
    return mind


def judge(world: World, state: State) -> State:
    """Write the outcome of the episodes that are over."""
    at_stake = state.status[:, world.derive(_stakes)] >= Status.DEAD.value
    if not (some(at_stake) or some(state.turn >= world.turns) or some(state.outcome >= 0)):
        return state
    quarry, hunters = world.derive(_quarry), world.derive(_hunters)
    tests: list[tuple[Outcome, NDArray[Any]]] = []
    if len(quarry):
        prey = state.status[:, quarry]
        dead, left = prey == Status.DEAD.value, prey == Status.LEFT.value
        tests.append((Outcome.QUARRY_KILLED, dead.all(axis=1)))
        tests.append((Outcome.QUARRY_ESCAPED, (dead | left).all(axis=1) & left.any(axis=1)))
    if len(hunters):
        wreck = state.status[:, hunters]
        off = (wreck == OFFLINE) & (state.backup[:, hunters] < 0)  # no backup power will bring it back
        wrecked = (wreck == Status.DEAD.value) | off
        tests.append((Outcome.HUNTER_DESTROYED, wrecked.all(axis=1)))
    tests.append((Outcome.TURN_LIMIT, state.turn >= world.turns))
    return decide(state, [test for test in tests if test[0] not in world.withheld])


def _stakes(world: World) -> NDArray[np.intp]:
    """Slots that an outcome can turn on."""
    return np.flatnonzero(world.quarry | (world.side == Side.HUNTER.value))


def _quarry(world: World) -> NDArray[np.intp]:
    return np.flatnonzero(world.quarry)


def _hunters(world: World) -> NDArray[np.intp]:
    return np.flatnonzero(world.side == Side.HUNTER.value)


def decide(state: State, tests: list[tuple[Outcome, NDArray[Any]]]) -> State:
    """The first test that holds is the outcome, where there is none yet; an outcome ends the episode."""
    outcome = state.outcome
    for name, holds in tests:
        if some(holds):
            outcome = np.where(holds & (outcome < 0), np.int16(name), outcome)
    ended = outcome >= 0
    return state.evolve(outcome=outcome, ended=ended) if some(ended) else state
