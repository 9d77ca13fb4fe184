"""Locks: keys, several of them at once, and picking (rules 8)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door
from pursuit.core.rng import Draws, Stream
from pursuit.core.state import Actions, Refusal, State
from pursuit.core.world import World
from pursuit.rules.common import Bools, Flat, settle


def pick(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Try to open a lock without its key."""
    doors = actions.object[rows, slots]
    near = _at_door(world, state, rows, slots, doors)
    leaf = state.door[rows, doors]
    fits = near & (leaf == Door.LOCKED.value) & (world.door_keys[doors] < 2)
    at = fits.nonzero()[0]
    lucky = np.zeros(len(rows), np.bool_)
    lucky[at] = draws.below(state.seed, state.turn, Stream.LOCK, rows[at], slots[at], 1000) < world.numbers.pick
    reason = np.select(
        [~near, leaf < Door.LOCKED.value, ~fits, ~lucky],
        [np.int8(why) for why in (Refusal.TOO_FAR, Refusal.ALREADY, Refusal.LOCKED, Refusal.FUMBLED)],
        np.int8(0),
    )
    state, ok = settle(state, actions, rows, slots, reason)
    return _unlock(state, rows[ok], doors[ok])


def unlock(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Turn keys: a lock opens once as many hands turn one as it takes."""
    doors = actions.object[rows, slots]
    near = _at_door(world, state, rows, slots, doors)
    leaf = state.door[rows, doors]
    turns = near & (leaf == Door.LOCKED.value)
    hands = np.zeros(state.door.shape, np.int64)
    np.add.at(hands, (rows[turns], doors[turns]), 1)
    enough = hands[rows, doors] >= world.door_keys[doors]
    reason = np.select(
        [~near, leaf < Door.LOCKED.value, leaf == Door.BARRED.value, ~enough],
        [np.int8(why) for why in (Refusal.TOO_FAR, Refusal.ALREADY, Refusal.LOCKED, Refusal.MORE_KEYS)],
        np.int8(0),
    )
    state, ok = settle(state, actions, rows, slots, reason)
    return _unlock(state, rows[ok], doors[ok])


def has_key(world: World, state: State, rows: Flat, slots: Flat, doors: NDArray[Any]) -> Bools:
    """Whether an agent holds a key to a door, [n]."""
    held = state.holder[rows] == slots[:, None]
    return np.any(held & world.item_opens[:, doors].T, axis=1)


def _at_door(world: World, state: State, rows: Flat, slots: Flat, doors: NDArray[Any]) -> Bools:
    return np.any(world.board.door_nodes[doors] == state.node[rows, slots][:, None], axis=1)


def _unlock(state: State, rows: Flat, doors: NDArray[Any]) -> State:
    door = state.door.copy("K")
    door[rows, doors] = Door.SHUT.value
    return state.evolve(door=door)
