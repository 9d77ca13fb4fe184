"""Getting on and off vehicles (rules 8.4 and 8.5)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Mode
from pursuit.core.rng import Draws, Stream
from pursuit.core.roster import Trait
from pursuit.core.state import Actions, Refusal, State
from pursuit.core.world import World
from pursuit.rules.common import Bools, Flat, settle, some
from pursuit.rules.contest import queue


def dismount(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Get off."""
    state, _ = settle(state, actions, rows, slots, np.zeros(len(rows), np.int8))
    ride, seat = state.ride.copy("K"), state.seat.copy("K")
    ride[rows, slots] = -1
    seat[rows, slots] = -1
    did_object = state.did_object.copy("K")
    did_object[rows, slots] = -1  # the verb has no object, whatever the action says
    return state.evolve(ride=ride, seat=seat, did_object=did_object)


def coast(world: World, state: State) -> State:
    """A vehicle that nobody drives any more loses its leftover."""
    if not some(state.vehicle_leftover):
        return state
    vehicles = np.arange(world.num_vehicles)
    drives = (state.seat == 0)[:, :, None] & np.equal(state.ride[:, :, None], vehicles, order="F")
    driven = drives.any(axis=1)
    return state.evolve(vehicle_leftover=np.where(driven, state.vehicle_leftover, np.int16(0)))


def mount(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Get on: candidates for one vehicle come one after another, by draw."""
    vehicles = actions.object[rows, slots]
    near = state.vehicle_node[rows, vehicles] == state.node[rows, slots]
    reason = np.where(near, np.int8(Refusal.NONE), np.int8(Refusal.TOO_FAR))
    ride, seat, leftover = state.ride.copy("K"), state.seat.copy("K"), state.leftover.copy("K")
    place = queue(state, draws, Stream.SEAT, rows, slots, vehicles, near)
    for turn in range(int(place.max(initial=-1)) + 1):
        wave = np.flatnonzero(place == turn)
        at_rows, at_slots, at_vehicles = rows[wave], slots[wave], vehicles[wave]
        free, strangers = _seats(world, state, ride, seat, at_rows, at_slots, at_vehicles)
        found = free.any(axis=1)
        reason[wave] = np.select(
            [strangers, ~found], [np.int8(Refusal.OCCUPIED), np.int8(Refusal.FULL)], np.int8(Refusal.NONE)
        )
        sits = found & ~strangers
        ride[at_rows[sits], at_slots[sits]] = at_vehicles[sits]
        seat[at_rows[sits], at_slots[sits]] = free[sits].argmax(axis=1)
        leftover[at_rows[sits], at_slots[sits]] = 0
    state, _ = settle(state, actions, rows, slots, reason)
    return state.evolve(ride=ride, seat=seat, leftover=leftover)


def _seats(
    world: World,
    state: State,
    ride: NDArray[np.int8],
    seat: NDArray[np.int8],
    rows: Flat,
    slots: Flat,
    vehicles: NDArray[Any],
) -> tuple[Bools, Bools]:
    """Seats open to each candidate, [n, seats], and whether another mind sits there, [n]."""
    kinds = world.vehicle_kind[vehicles]
    sits = (ride[rows] == vehicles[:, None]) & (seat[rows] >= 0)
    strangers = (sits & (state.mind[rows] != state.mind[rows, slots][:, None])).any(axis=1)
    numbers = np.arange(int(world.roster.ride_seats.max()))
    taken = (sits[:, :, None] & (seat[rows][:, :, None] == numbers)).any(axis=1)
    free = ~taken & (numbers < world.roster.ride_seats[kinds][:, None])
    drives = world.trait(Trait.DRIVES)[slots]
    drives |= world.trait(Trait.RIDES)[slots] & (world.roster.ride_mode[kinds] == Mode.MOTORCYCLE.value)
    free[:, 0] &= drives
    return free, strangers
