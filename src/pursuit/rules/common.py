"""What several phases share: who is there, flat lists of who does what, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy._core.multiarray import count_nonzero
from numpy.typing import NDArray

from pursuit.core.board import Door
from pursuit.core.facts import follows_from
from pursuit.core.state import Actions, Refusal, State, Status, Verb
from pursuit.core.world import Hazard, World

Bools = NDArray[np.bool_]
Flat = NDArray[np.intp]
"""Indices [n] of a flat list of (episode, slot) pairs; rows and slots always go together."""


some = count_nonzero
"""Whether any of a mask is set (as a count), which a turn asks a hundred times: the function in C under
`np.count_nonzero`, at a tenth of its price and a thirtieth of that of ``mask.any()``."""


def batch_last(shape: tuple[int, ...], dtype: type[np.generic], value: int = 0) -> NDArray[Any]:
    """A column filled with one value, laid out as all columns are: episodes next to each other in memory.

    Work over [B, A, A] is three to five times faster so than with the last axis innermost, because the
    inner loops run over the batch and not over a dozen slots.
    """
    return np.full(shape, value, dtype, order="F") if value else np.zeros(shape, dtype, order="F")


WELL, OFFLINE = Status.WELL.value, Status.OFFLINE.value  # an enum takes its time to say its value


def flat(column: NDArray[Any]) -> NDArray[Any]:
    """A column [B, A] as it lies in memory: the cell of (row, slot) is slot * B + row."""
    return column.T.reshape(-1)


def present(state: State) -> Bools:
    """Who is on the board, [B, A]: well, down, dead or offline."""
    return state.status <= OFFLINE


def able(state: State) -> Bools:
    """Who can act, [B, A]."""
    return (state.status == WELL) & (state.stagger == 0)


def choosers(actions: Actions, first: Verb, last: Verb) -> tuple[Flat, Flat]:
    """(rows, slots) of everybody whose verb is one of first … last, in order of row and slot."""
    verb = actions.verb
    if not some(verb):
        return _NO_ONE
    return listed((verb >= first.value) & (verb <= last.value))


_NO_ONE = np.empty(0, np.intp), np.empty(0, np.intp)


def listed(mask: Bools) -> tuple[Flat, Flat]:
    """(rows, slots) of a mask [B, A], in order of row and slot: `nonzero`, in a tenth of its time for a large one."""
    if mask.size < _SMALL:
        rows, slots = mask.nonzero()
        return rows, slots
    cells = flat(mask).nonzero()[0]
    slots = cells // len(mask)
    code = (cells - slots * len(mask)) * mask.shape[1] + slots
    code.sort()
    rows = code // mask.shape[1]
    return rows, code - rows * mask.shape[1]


_SMALL = 256  # entries


def refuse(refused: NDArray[np.int8], rows: Flat, slots: Flat, reason: Refusal | NDArray[Any]) -> None:
    """Write reasons into `refused` (in place), where there is none yet and the reason is not NONE."""
    new = np.where(refused[rows, slots] == Refusal.NONE.value, reason, refused[rows, slots])
    refused[rows, slots] = new


def settle(state: State, actions: Actions, rows: Flat, slots: Flat, reason: NDArray[Any]) -> tuple[State, Bools]:
    """Write down refusals and deeds; also who succeeded, [n]."""
    ok = reason == Refusal.NONE.value
    refused, did, did_object = state.refused.copy("K"), state.did.copy("K"), state.did_object.copy("K")
    refuse(refused, rows, slots, reason)
    did[rows[ok], slots[ok]] = actions.verb[rows[ok], slots[ok]]
    did_object[rows[ok], slots[ok]] = actions.object[rows[ok], slots[ok]]
    return state.evolve(refused=refused, did=did, did_object=did_object), ok


def fall_off(state: State, fallen: Bools, staggered: Bools) -> dict[str, NDArray[Any]]:
    """Columns after some ceased to be well and some lost their hold: see rule 7."""
    loose = (fallen | (staggered & (state.seat < 0))) & (state.ride >= 0)
    columns: dict[str, NDArray[Any]] = {"pending": np.where(fallen | staggered, np.int16(-1), state.pending)}
    if some(loose):
        columns["ride"] = np.where(loose, np.int8(-1), state.ride)
        columns["seat"] = np.where(loose, np.int8(-1), state.seat)
        columns["leftover"] = np.where(loose, np.int16(0), state.leftover)
    return columns


def vats(world: World) -> Bools:
    """Nodes in which things and bodies sink, [N]."""
    return np.any(world.hazard_nodes[world.hazard_kind == Hazard.MELTS.value], axis=0)


def melts(world: World) -> bool:
    """Whether anything in the world melts."""
    return bool((world.hazard_kind == Hazard.MELTS.value).any())


def sunk(world: World, state: State) -> Bools:
    """Who lies dead in what melts, [B, A]: nobody sees them any more."""
    return (state.status == Status.DEAD.value) & world.derive(vats)[state.node]


def unless(mask: Bools, column: NDArray[Any]) -> NDArray[Any]:
    """The column's entries where a mask is set, -1 elsewhere: -1 is the number with all bits set."""
    kept: NDArray[Any] = (mask.view(np.int8) - np.int8(1)).astype(column.dtype, copy=False)
    kept |= column
    return kept


def closed_to(world: World, door: NDArray[np.int8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Masks of route doors that cannot be passed, [B] each: by those who do not slip bars, and by those who do."""
    route, bits = door[:, world.route_doors], world.route_bits
    return (route >= Door.LOCKED.value) @ bits, (route == Door.LOCKED.value) @ bits


@follows_from("door")
def sight_table(world: World, state: State) -> NDArray[np.int32]:
    """The sight table of each episode, [B]."""
    return world.sight.pick(dark_mask(world, state.door))


def dark_mask(world: World, door: NDArray[np.int8]) -> NDArray[np.int64]:
    """Mask of route doors that block sight, [B]."""
    return (door[:, world.route_doors] != Door.OPEN.value) @ world.route_bits


def sound_hops(world: World, start: NDArray[Any], goal: NDArray[Any]) -> NDArray[Any]:
    """Hops of sound between nodes, as the distance table's type; the table's `far` where none."""
    return world.ways.distance(world.sound_table, start, goal)


def sees_node(world: World, state: State, rows: Flat, start: NDArray[Any], goal: NDArray[Any]) -> Bools:
    """Whether node `start` sees node `goal` in the episodes `rows`, [n] each."""
    return world.sight.sees(sight_table(world, state)[rows], start, goal)


def within_metres(world: World, start: NDArray[Any], goal: NDArray[Any], metres: NDArray[Any]) -> Bools:
    """Whether the straight line between nodes is at most so long; whole decimetres, compared squared."""
    gap = world.spot[start] - world.spot[goal]
    reach = metres.astype(np.int64) * 10
    return (gap * gap).sum(axis=-1) <= reach * reach


def who_may_leave(world: World) -> tuple[NDArray[np.intp], NDArray[np.int8]]:
    """The slots of those whose side has exits, and their sides."""
    slots = np.any(world.exits, axis=1)[world.side].nonzero()[0]
    return slots, world.side[slots]
