"""Whom the law is after, who may be held fast, and the alarm (rules 7 and 8)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Feature
from pursuit.core.rng import Draws, Stream
from pursuit.core.roster import Trait
from pursuit.core.state import Actions, Mark, Refusal, State, Status, Verb
from pursuit.core.world import Side, World
from pursuit.rules.common import Bools, Flat, dark_mask, settle, some


def report(world: World, before: State, state: State, rows: Flat, slots: Flat, targets: Flat) -> State:
    """Blows that a law officer saw, and lived to tell of, make the look of who struck wanted."""
    law = world.derive(_law)
    if not len(law):
        return state
    look, victim = state.guise[rows, slots], state.guise[rows, targets]
    crime = ~world.derive(_is_law)[look] & ~state.wanted[rows, look]
    crime &= (victim >= world.num_agents) | ~state.wanted[rows, np.minimum(victim, world.num_agents - 1)]
    if not some(crime):
        return state
    rows, slots, look = rows[crime], slots[crime], look[crime]
    table = world.sight.pick(dark_mask(world, state.door)[rows])
    sees = world.sight.sees(table[:, None], before.node[rows][:, law], before.node[rows, slots][:, None])
    sees &= (state.status[rows][:, law] == Status.WELL.value) & (law != slots[:, None])
    seen = sees.any(axis=1)
    wanted = state.wanted.copy("K")
    wanted[rows[seen], look[seen]] = True
    return state.evolve(wanted=wanted)


def seize(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Take hold of a patient, or of who is wanted, by the look of them."""
    targets = actions.object[rows, slots]
    near = (state.node[rows, slots] == state.node[rows, targets]) & state.met[rows, slots, targets]
    near &= (state.status[rows, targets] == Status.WELL.value) & (state.ride[rows, targets] < 0)
    look = state.guise[rows, targets]
    known = np.minimum(look, world.num_agents - 1)
    sought = (look < world.num_agents) & (world.patient[known] | state.wanted[rows, known])
    free = state.captor[rows, targets] < 0
    at = (near & sought & free).nonzero()[0]
    grips = np.zeros(len(rows), np.bool_)
    grips[at] = draws.below(state.seed, state.turn, Stream.SEIZE, rows[at], slots[at], 1000) < world.numbers.seize
    grips &= ~world.trait(Trait.MACHINE)[targets]  # it slips or breaks any hold
    reason = np.select(
        [~near, ~sought, ~free, ~grips],
        [np.int8(why) for why in (Refusal.TOO_FAR, Refusal.NOT_SOUGHT, Refusal.ALREADY, Refusal.FUMBLED)],
        np.int8(0),
    )
    state, ok = settle(state, actions, rows, slots, reason)
    captor, marks = state.captor.copy("K"), state.marks.copy("K")
    for at in ok.nonzero()[0][::-1].tolist():  # of several the lowest slot holds: it is written last
        captor[rows[at], targets[at]] = slots[at]
    marks[rows[ok], targets[ok]] |= np.uint16(Mark.SEIZED)
    return state.evolve(captor=captor, marks=marks)


def let_go(world: World, state: State) -> dict[str, NDArray[Any]]:
    """The column `captor` after grips that do not hold any more have ended; nothing where none has."""
    held = state.captor >= 0
    if not some(held):
        return {}
    rows, slots = held.nonzero()
    captor = state.captor[rows, slots]
    firm = (state.status[rows, captor] == Status.WELL.value) & (state.stagger[rows, captor] == 0)
    firm &= (state.node[rows, captor] == state.node[rows, slots]) & (state.status[rows, slots] == Status.WELL.value)
    firm &= (state.ride[rows, captor] < 0) & (state.ride[rows, slots] < 0)
    if firm.all():
        return {}
    column = state.captor.copy("K")
    column[rows[~firm], slots[~firm]] = -1
    return {"captor": column}


def pinned(state: State, verb: NDArray[Any]) -> Bools:
    """Whose verbs are not for one who is held fast, [B, A]."""
    return (state.captor >= 0) & ~_FREE.take(verb, mode="clip")


def raise_alarm(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Raise the alarm, once an episode."""
    here = (world.board.feature[state.node[rows, slots]] & Feature.TERMINAL) != 0
    reason = np.select(
        [~here, state.alarm[rows] >= 0], [np.int8(Refusal.TOO_FAR), np.int8(Refusal.ALREADY)], np.int8(0)
    )
    state, ok = settle(state, actions, rows, slots, reason)
    rows, slots = rows[ok], slots[ok]
    alarm, noise, did_object = state.alarm.copy("K"), state.noise.copy("K"), state.did_object.copy("K")
    alarm[rows] = state.turn[rows] + 1
    noise[rows, slots] = np.maximum(noise[rows, slots], world.numbers.alarm_noise)
    did_object[rows, slots] = -1  # the verb has no object, whatever the action says
    return state.evolve(alarm=alarm, noise=noise, did_object=did_object)


def _law(world: World) -> NDArray[np.intp]:
    """Slots of the law."""
    return np.flatnonzero(world.side == Side.LAW.value)


def _is_law(world: World) -> Bools:
    """Looks of the law, [G]; no thing is of the law."""
    return np.append(world.side == Side.LAW.value, np.zeros(world.num_items, np.bool_))


def has_seizers(world: World) -> bool:
    """Whether anybody in the world can hold somebody fast."""
    return bool(world.trait(Trait.SEIZES).any())


_FREE = np.isin(
    np.arange(len(Verb)), (Verb.WAIT, Verb.STRIKE, Verb.SHOOT, Verb.CHALLENGE, Verb.ORDER, Verb.PERSUADE, Verb.TELL)
)
