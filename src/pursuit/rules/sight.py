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
from pursuit.rules.common import Bools, batch_last, dark_mask, present, some, tally


def see(world: World, state: State) -> Bools:
    """see[b, i, j]: agent i is well and sees agent j's body, [B, A, A]; a thing is not noticed."""
    well = state.status == Status.WELL.value
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
    return (state.mind[:, None, :] == minds[:, None]) & (state.status == Status.WELL.value)[:, None, :]


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
    return tally(members(state, world.num_minds), sees) > 0


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
    team = members(state, world.num_minds)
    own_eyes = tally(team, sees) > 0
    seen = own_eyes | overheard(world, state, own_eyes, net) if net is not None else own_eyes
    seen &= ~team
    left = batch_last(seen.shape, np.bool_)
    if keep_left:
        marked = (state.marks & _PUBLIC) != 0
        if some(marked):
            left = marked[:, None, :] & (state.row >= 0) & ~seen & ~team
            seen = seen | left
    if world.shifter < 0:
        row = np.where(seen, np.arange(world.num_agents, dtype=np.int8), np.int8(-1))
    else:
        row = _number(world, state, draws, seen, left)
    return state.evolve(row=row, left=left)


_PUBLIC = np.uint16(PUBLIC_MARKS)


def _number(world: World, state: State, draws: Draws, seen: Bools, left: Bools) -> NDArray[np.int8]:
    """Rank the bodies seen by (node, guise, draw, slot)."""
    num = state.node.shape[1]
    tail = (state.guise.astype(np.int64) << 38) | np.arange(num)
    doubles = _doubles(world, state, left)
    if len(doubles):
        slots = np.stack([np.full(len(doubles), world.shifter), state.guise[doubles, world.shifter]], axis=1)
        rows = np.repeat(doubles, 2)
        draw = draws.below(state.seed, state.turn, Stream.ROW, rows, slots.ravel(), 1 << 32)
        tail[rows, slots.ravel()] |= draw << 6
    wide = world.num_guises.bit_length() + 38
    key = (state.node.astype(np.int64) << wide) | tail
    less = key[:, :, None] < key[:, None, :]
    rank = tally(seen, less)
    if some(left):  # bodies that left sort by where they were
        rows, minds = np.nonzero(left.any(axis=2))
        was = (state.path[:, :, 0].astype(np.int64) << wide) | tail
        odd = np.where(left[rows, minds], was[rows], key[rows])
        smaller = (odd[:, :, None] < odd[:, None, :]) & seen[rows, minds][:, :, None]
        rank[rows, minds] = smaller.sum(axis=1)
    return np.where(seen, rank, np.int8(-1))


def _doubles(world: World, state: State, left: Bools) -> NDArray[np.intp]:
    """Episodes in which the shifter looks like somebody else who is there too: only these two need a draw."""
    look = state.guise[:, world.shifter]
    masked = ((look != world.shifter) & (look < world.num_agents)).nonzero()[0]
    if not len(masked):
        return masked
    here = present(state)
    if some(left):  # who has gone may be a row still
        here = here | left.any(axis=1)
    return masked[here[masked, look[masked]] & here[masked, world.shifter]]


def slots_seen(world: World, state: State) -> NDArray[np.int8]:
    """Rows of a classical ruleset: slots, for whoever is well, in sight and no mate, [B, M, A]."""
    well = state.status == Status.WELL.value
    eyes = None if world.board.sight_hops < 0 else direct(world, state, see(world, state))
    row = batch_last((state.num_rows, world.num_minds, world.num_agents), np.int8)
    for mind, (team, slots) in enumerate(world.derive(_strangers)):
        seen = well & (slots >= 0)
        seen &= np.any(well[:, team], axis=1)[:, None] if eyes is None else eyes[:, mind]
        row[:, mind] = np.where(seen, slots, np.int8(-1))
    return row


def _strangers(world: World) -> list[tuple[NDArray[np.intp], NDArray[np.int8]]]:
    """For each mind of a classical world: its members, and every slot but theirs (-1 instead), [A]."""
    slots = np.arange(world.num_agents, dtype=np.int8)
    minds = range(world.num_minds)
    return [(np.flatnonzero(world.mind == mind), np.where(world.mind == mind, np.int8(-1), slots)) for mind in minds]


def stood_still(state: State) -> NDArray[Any]:
    """Turns in a row without a step or a deed, the turn just played included, [B, A]."""
    idle = present(state) & (state.gait == Gait.STILL.value) & (state.did == Verb.WAIT.value)
    return (state.still + np.int32(1)) * idle
