"""Who sees whom, and which rows bodies have in each mind's view (rules 11.4 and 11.5).

Triggers, witnesses and observations all ask here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws, Stream
from pursuit.core.state import PUBLIC_MARKS, Gait, State, Status, Verb
from pursuit.core.world import World
from pursuit.rules.common import Bools, dark_mask, present


def see(world: World, state: State) -> Bools:
    """see[b, i, j]: agent i is well and sees agent j's body, [B, A, A]; a thing is not noticed."""
    well = state.status == Status.WELL
    shown = present(state)
    if world.shifter >= 0:
        shown = shown & (state.guise < world.num_agents)
    both = well[:, :, None] & shown[:, None, :]
    if world.board.sight_hops < 0:
        return both
    table = world.sight.pick(dark_mask(world, state.door))
    both &= world.sight.sees(table[:, None, None], state.node[:, :, None], state.node[:, None, :])
    return both


def members(state: State, num_minds: int) -> Bools:
    """Well members of each mind, [B, M, A]."""
    minds = np.arange(num_minds, dtype=np.int8)
    return (state.mind[:, None, :] == minds[:, None]) & (state.status == Status.WELL)[:, None, :]


def any_of(group: Bools, facts: Bools) -> Bools:
    """For groups [B, M, A] and facts [B, A, X]: what holds for any member, [B, M, X]."""
    return np.matmul(group.astype(np.float32), facts.astype(np.float32)) > 0


def radios(world: World, state: State) -> Bools | None:
    """Which side's net each agent carries a radio of, [B, A, S]; None where the world has no radio."""
    if not world.derive(_has_radio):
        return None
    net = np.zeros((*state.node.shape, world.exits.shape[0]), np.bool_)
    for item in np.flatnonzero(world.item_radio):
        held = np.flatnonzero(state.holder[:, item] >= 0)
        net[held, state.holder[held, item], world.item_side[item]] = True
    for vehicle in np.flatnonzero(world.roster.ride_radio[world.vehicle_kind] & (world.vehicle_side >= 0)):
        net[:, :, world.vehicle_side[vehicle]] |= (state.ride == vehicle) & (state.seat >= 0)
    return net


def _has_radio(world: World) -> bool:
    return bool(world.item_radio.any() or world.roster.ride_radio[world.vehicle_kind].any())


def direct(world: World, state: State, sees: Bools) -> Bools:
    """What each mind's members see with their own eyes, [B, M, A]."""
    return any_of(members(state, world.num_minds), sees)


def overheard(world: World, state: State, own_eyes: Bools, net: Bools) -> Bools:
    """What each mind only hears of, by radios that are not its side's own, [B, M, A]."""
    team = members(state, world.num_minds)
    heard = np.zeros_like(own_eyes)
    for side in range(net.shape[2]):
        ours = world.side == side
        talks = (team & (net[:, :, side] & ours)[:, None, :]).any(axis=2)
        listens = (team & (net[:, :, side] & ~ours)[:, None, :]).any(axis=2)
        if listens.any() and talks.any():
            report = (own_eyes & talks[:, :, None]).any(axis=1)
            heard |= listens[:, :, None] & report[:, None, :]
    return heard


def look(world: World, state: State, draws: Draws, sees: Bools, net: Bools | None, keep_left: bool) -> State:
    """Write `row` and `left`: who is which row of whose view."""
    own_eyes = direct(world, state, sees)
    seen = own_eyes | overheard(world, state, own_eyes, net) if net is not None else own_eyes
    team = members(state, world.num_minds)
    seen &= ~team
    left = np.zeros_like(seen)
    if keep_left:
        marked = (state.marks & np.uint16(PUBLIC_MARKS)) != 0
        if marked.any():
            left = marked[:, None, :] & (state.row >= 0) & ~seen & ~team
            seen = seen | left
    if world.shifter < 0:
        row = np.where(seen, np.arange(world.num_agents, dtype=np.int8), np.int8(-1))
    else:
        row = _number(world, state, draws, seen, left)
    return state.evolve(row=row, left=left)


def _number(world: World, state: State, draws: Draws, seen: Bools, left: Bools) -> NDArray[np.int8]:
    """Rank the bodies seen by (node, guise, draw, slot)."""
    num_rows, num = state.node.shape
    rows, slots = np.repeat(np.arange(num_rows), num), np.tile(np.arange(num), num_rows)
    draw = draws.below(state.seed, state.turn, Stream.ROW, rows, slots, 1 << 32).reshape(num_rows, num)
    tail = (state.guise.astype(np.int64) << 38) | (draw << 6) | np.arange(num)
    wide = world.num_guises.bit_length() + 38
    key = (state.node.astype(np.int64) << wide) | tail
    less = (key[:, :, None] < key[:, None, :]).astype(np.float32)
    rank = np.matmul(seen.astype(np.float32), less).astype(np.int8)
    odd_rows, odd_minds = np.nonzero(left.any(axis=2))
    if len(odd_rows):  # bodies that left sort by where they were
        was = (state.path[:, :, 0].astype(np.int64) << wide) | tail
        odd_key = np.where(left[odd_rows, odd_minds], was[odd_rows], key[odd_rows])
        smaller = (odd_key[:, :, None] < odd_key[:, None, :]) & seen[odd_rows, odd_minds][:, :, None]
        rank[odd_rows, odd_minds] = smaller.sum(axis=1)
    return np.where(seen, rank, np.int8(-1))


def slots_seen(world: World, state: State) -> NDArray[np.int8]:
    """Rows of a classical ruleset: slots, for whoever is well, in sight and no mate, [B, M, A]."""
    well = state.status == Status.WELL
    if world.board.sight_hops < 0:
        seen = np.broadcast_to(well[:, None, :], (state.num_rows, world.num_minds, world.num_agents))
    else:
        seen = direct(world, state, see(world, state)) & well[:, None, :]
    mates = world.mind == np.arange(world.num_minds)[:, None]
    return np.where(seen & ~mates, np.arange(world.num_agents, dtype=np.int8), np.int8(-1))


def stood_still(state: State) -> NDArray[Any]:
    """Turns in a row without a step or a deed, the turn just played included, [B, A]."""
    idle = present(state) & (state.gait == Gait.STILL) & (state.did == Verb.WAIT)
    return np.where(idle, state.still + 1, 0).astype(np.int32)
