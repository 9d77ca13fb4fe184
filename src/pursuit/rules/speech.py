"""What words do beside orders and challenges: telling what one knows, and persuading with evidence (rules 8)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws
from pursuit.core.roster import Trait
from pursuit.core.state import Actions, Mark, Refusal, State, Status
from pursuit.core.world import World
from pursuit.rules.common import Bools, Flat, dark_mask, settle, sound_hops
from pursuit.rules.talk import in_talking_distance, join


def persuade(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Win somebody over by showing what cannot be denied."""
    targets = actions.object[rows, slots]
    near = (state.status[rows, targets] == Status.WELL.value) & in_talking_distance(world, state, rows, slots, targets)
    near &= ~world.trait(Trait.MACHINE)[targets]
    reason = np.select(
        [~near, state.persuaded[rows, targets], ~_shows_evidence(world, state, rows, slots, targets)],
        [np.int8(why) for why in (Refusal.TOO_FAR, Refusal.ALREADY, Refusal.NO_EVIDENCE)],
        np.int8(0),
    )
    state, ok = settle(state, actions, rows, slots, reason)
    rows, slots, targets = rows[ok], slots[ok], targets[ok]
    persuaded, marks = state.persuaded.copy("K"), state.marks.copy("K")
    persuaded[rows, targets] = True
    marks[rows, targets] |= np.uint16(Mark.PERSUADED)
    state = _share(state.evolve(persuaded=persuaded, marks=marks), rows, slots, targets)
    return join(state, rows, slots, targets, world.side[slots] == world.side[targets])


def tell(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Tell somebody all that one's mind knows."""
    targets = actions.object[rows, slots]
    near = (state.status[rows, targets] == Status.WELL.value) & in_talking_distance(world, state, rows, slots, targets)
    mates = state.mind[rows, slots] == state.mind[rows, targets]
    reason = np.select([~near, mates], [np.int8(Refusal.TOO_FAR), np.int8(Refusal.ALREADY)], np.int8(0))
    state, ok = settle(state, actions, rows, slots, reason)
    return _share(state, rows[ok], slots[ok], targets[ok])


def _share(state: State, rows: Flat, slots: Flat, targets: NDArray[Any]) -> State:
    """The minds of the targets learn what the speakers' minds knew."""
    knows = state.knows.copy("K")
    told = state.knows[rows, state.mind[rows, slots]]
    np.bitwise_or.at(knows, (rows, state.mind[rows, targets]), told)
    return state.evolve(knows=knows)


def _shows_evidence(world: World, state: State, rows: Flat, slots: Flat, targets: NDArray[Any]) -> Bools:
    """Whether a WELL member of the speaker's mind that is, or holds, evidence is in talking distance, [n]."""
    shows = np.broadcast_to(world.evidence, state.node.shape).copy()
    for item in np.flatnonzero(world.item_evidence):
        held = np.flatnonzero(state.holder[:, item] >= 0)
        shows[held, state.holder[held, item]] = True
    ours = shows[rows] & (state.status[rows] == Status.WELL.value)
    ours &= state.mind[rows] == state.mind[rows, slots][:, None]
    node, goal = state.node[rows], state.node[rows, targets][:, None]
    table = world.sight.pick(dark_mask(world, state.door)[rows])[:, None]
    near = (sound_hops(world, node, goal) <= world.numbers.talk_hops) & world.sight.sees(table, node, goal)
    return np.any(ours & near, axis=1)
