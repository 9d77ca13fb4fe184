"""Phase handle: doors, items, vehicles and words, one after the other (rules 8)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door
from pursuit.core.rng import Draws, Stream
from pursuit.core.state import Actions, Refusal, State, Status, Verb
from pursuit.core.world import World
from pursuit.rules.charges import arm, detonate, reload
from pursuit.rules.common import Flat, able, choosers, settle, some
from pursuit.rules.contest import queue
from pursuit.rules.custody import raise_alarm, seize
from pursuit.rules.foundry import lower, pull, throw
from pursuit.rules.locks import pick, unlock
from pursuit.rules.speech import persuade, tell
from pursuit.rules.talk import challenge, give_orders
from pursuit.rules.vehicles import coast, dismount, mount


def handle(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Doors, then items, vehicles, challenges and orders; each reads what the former left."""
    rows, slots = choosers(actions, Verb.OPEN, LAST)
    if not len(rows):
        return coast(world, state)
    fit = able(state)[rows, slots]
    rows, slots = rows[fit], slots[fit]
    verb = actions.verb[rows, slots]
    place = _PLACE[verb]
    for number in np.bincount(place).nonzero()[0].tolist():
        at = (place == number).nonzero()[0]
        state = STEPS[number][1](world, state, actions, draws, rows[at], slots[at])
    return coast(world, state)


def doors(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Open, shut and force."""
    things = actions.object[rows, slots]
    near = (world.board.door_nodes[things] == state.node[rows, slots][:, None]).any(axis=1)
    wins = queue(state, draws, Stream.DOOR, rows, slots, things, near) == 0
    verb = actions.verb[rows, slots]
    leaf = state.door[rows, things]
    reason = np.select(
        [
            ~near,
            ~wins,
            leaf == np.where(verb == Verb.SHUT.value, leaf, Door.OPEN),
            (verb == Verb.OPEN.value) & (leaf >= Door.LOCKED.value),
        ],
        [
            np.int8(Refusal.TOO_FAR),
            np.int8(Refusal.CONTESTED),
            np.where((verb == Verb.SHUT.value) & (leaf == Door.OPEN.value), np.int8(0), np.int8(Refusal.ALREADY)),
            np.int8(Refusal.LOCKED),
        ],
        np.int8(0),
    )
    reason = np.where(
        (reason == 0) & (verb == Verb.FORCE.value) & ((leaf == Door.BARRED.value) | (world.door_keys[things] > 1)),
        np.int8(Refusal.LOCKED),
        reason,
    )
    state, ok = settle(state, actions, rows, slots, reason)
    door = state.door.copy("K")
    door[rows[ok], things[ok]] = np.where(verb[ok] == Verb.SHUT.value, np.int8(Door.SHUT), np.int8(Door.OPEN))
    noise = state.noise.copy("K")
    loud = ok & (verb == Verb.FORCE.value)
    noise[rows[loud], slots[loud]] = np.maximum(noise[rows[loud], slots[loud]], world.numbers.force_noise)
    return state.evolve(door=door, noise=noise)


def drop(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Lay an item down."""
    items = actions.object[rows, slots]
    held = state.holder[rows, items] == slots
    state, ok = settle(state, actions, rows, slots, np.where(held, np.int8(0), np.int8(Refusal.TOO_FAR)))
    return _hand(state, rows[ok], items[ok], np.int8(-1), state.node[rows[ok], slots[ok]])


def take(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Pick an item up, or take it from somebody who cannot keep it."""
    items = actions.object[rows, slots]
    node = state.node[rows, slots]
    owner = state.holder[rows, items]
    helpless = (state.status[rows, owner] != Status.WELL.value) & (state.status[rows, owner] <= Status.OFFLINE.value)
    robbed = (owner >= 0) & helpless & (state.node[rows, owner] == node)
    near = ((owner < 0) & (state.item_node[rows, items] == node)) | robbed
    wins = queue(state, draws, Stream.ITEM, rows, slots, items, near) == 0
    reason = np.where(near, np.where(wins, np.int8(0), np.int8(Refusal.CONTESTED)), np.int8(Refusal.TOO_FAR))
    state, ok = settle(state, actions, rows, slots, reason)
    return _hand(state, rows[ok], items[ok], slots[ok].astype(np.int8), np.int32(-1))


def _hand(state: State, rows: Flat, items: NDArray[Any], holder: Any, node: Any) -> State:
    if not len(rows):
        return state
    holders, nodes = state.holder.copy("K"), state.item_node.copy("K")
    holders[rows, items] = holder
    nodes[rows, items] = node
    if some(state.armed):  # a charge in somebody's hands is not armed
        armed = state.armed.copy("K")
        armed[rows, items] = False
        state = state.evolve(armed=armed)
    return state.evolve(holder=holders, item_node=nodes)


STEPS = (
    ((Verb.OPEN, Verb.SHUT, Verb.FORCE), doors),
    ((Verb.DROP,), drop),
    ((Verb.TAKE,), take),
    ((Verb.DISMOUNT,), dismount),
    ((Verb.MOUNT,), mount),
    ((Verb.CHALLENGE,), challenge),
    ((Verb.ORDER,), give_orders),
    ((Verb.THROW,), throw),
    ((Verb.PULL,), pull),
    ((Verb.LOWER,), lower),
    ((Verb.PICK,), pick),
    ((Verb.UNLOCK,), unlock),
    ((Verb.SEIZE,), seize),
    ((Verb.ALARM,), raise_alarm),
    ((Verb.ARM,), arm),
    ((Verb.DETONATE,), detonate),
    ((Verb.RELOAD,), reload),
    ((Verb.PERSUADE,), persuade),
    ((Verb.TELL,), tell),
)
"""What happens in what order, and the verbs that take part in it."""

LAST = max(Verb)
_PLACE = np.full(len(Verb), len(STEPS), np.intp)
for _number, (_verbs, _) in enumerate(STEPS):
    _PLACE[list(_verbs)] = _number
