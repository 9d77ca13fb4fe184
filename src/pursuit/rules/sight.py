"""Who sees whom, and which rows bodies have in each mind's view (rules 12.4 and 12.5).

Triggers, witnesses and observations all ask here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.facts import follows_from
from pursuit.core.rng import Draws, Stream
from pursuit.core.state import PUBLIC_MARKS, Gait, State, Verb
from pursuit.core.world import World
from pursuit.rules.common import WELL, Bools, batch_last, melts, present, sight_table, some, sunk, unless
from pursuit.rules.crowds import Sets, before, pack, singles, unite, unpack


def whom_seen(world: World, state: State) -> Sets:
    """Whom each agent sees, [B, A]: it is well, and sees where the other's body is; a thing is not noticed."""
    watches, shown = _bodies(world, state)
    if world.derive(melts):
        shown = shown & ~pack(sunk(world, state))[:, None]
    if world.board.sight_hops < 0:
        return watches & shown
    table = sight_table(world, state)
    whom = pack(world.sight.sees(table[:, None, None], state.node[:, :, None], state.node[:, None, :]))
    whom &= watches
    whom &= shown
    return whom


@follows_from("status", "guise")
def _bodies(world: World, state: State) -> tuple[Sets, Sets]:
    """Everybody for who is well and nobody for the others, [B, A]; and who has a body to be seen, [B, 1]."""
    shown = present(state)
    if world.shifter >= 0:
        shown = shown & (state.guise < world.num_agents)
    everybody = np.bitwise_or.reduce(singles(world.num_agents))
    return (state.status == WELL) * everybody, pack(shown)[:, None]


@follows_from("status", "mind")
def teams(world: World, state: State) -> Sets:
    """The WELL members of each mind, [B, M]."""
    alone = singles(world.num_agents)
    return unite((state.status == WELL) * alone, state.mind, world.num_minds)


@follows_from("status", "mind")
def mates(world: World, state: State) -> Sets | None:
    """The other WELL members of the mind of each WELL agent, [B, A]; None if nobody has any."""
    team = teams(world, state)
    others = team[np.arange(len(team))[:, None], state.mind] & ~singles(world.num_agents)
    others *= state.status == WELL
    return others if some(others) else None


@follows_from("holder", "ride", "seat")
def radios(world: World, state: State) -> Bools | None:
    """Which side's net each agent carries a radio of, [B, A, S]; None where the world has no radio."""
    if not world.derive(_has_radio):
        return None
    net = np.zeros((*state.node.shape, world.exits.shape[0]), np.bool_)
    items, vehicles = world.derive(_radio_sets)
    for item in items:
        held = np.flatnonzero(state.holder[:, item] >= 0)
        net[held, state.holder[held, item], world.item_side[item]] = True
    for vehicle in vehicles:
        net[:, :, world.vehicle_side[vehicle]] |= (state.ride == vehicle) & (state.seat >= 0)
    return net


def _radio_sets(world: World) -> tuple[list[int], list[int]]:
    """The items and the vehicles that are radios or have one."""
    fitted = world.roster.ride_radio[world.vehicle_kind] & (world.vehicle_side >= 0)
    return np.flatnonzero(world.item_radio).tolist(), np.flatnonzero(fitted).tolist()


def _has_radio(world: World) -> bool:
    return bool(world.item_radio.any() or world.roster.ride_radio[world.vehicle_kind].any())


def radio_sides(world: World) -> list[tuple[int, Any]]:
    """Sides that have a radio net, and the set of their agents."""
    sides = {int(side) for side in world.item_side[world.item_radio]}
    sides |= {int(side) for side in world.vehicle_side[world.roster.ride_radio[world.vehicle_kind]] if side >= 0}
    return [(side, pack(world.side == side)) for side in sorted(sides)]


def _overheard(world: World, state: State, eyes: Sets) -> Sets | None:
    """What each mind only hears of, by radios that are not its side's own, [B, M]; None if nobody listens."""
    heard = None
    for listens, talks in _listeners(world, state):
        report = listens * np.bitwise_or.reduce(eyes * talks, axis=1)[:, None]
        heard = report if heard is None else heard | report
    return heard


@follows_from("holder", "ride", "seat", "status", "mind")
def _listeners(world: World, state: State) -> list[tuple[Bools, Bools]]:
    """For each net that some mind of another side listens to: which minds listen, and which talk, [B, M] each."""
    net, team = radios(world, state), teams(world, state)
    if net is None:
        return []
    found = []
    for side, ours in world.derive(radio_sides):
        carriers = pack(net[:, :, side])[:, None] & team
        listens = (carriers & ~ours) != 0
        if some(listens):
            found.append((listens, (carriers & ours) != 0))
    return found


def look(world: World, state: State, draws: Draws, whom: Sets, keep_left: bool) -> State:
    """Write `row` and `left`: who is which row of whose view. ``whom`` [B, A] is whom each agent sees."""
    num, team = world.num_agents, teams(world, state)
    seen = unite(whom, state.mind, world.num_minds)
    heard = _overheard(world, state, seen)
    if heard is not None:
        seen |= heard
    seen &= ~team
    left = np.zeros_like(seen)
    if keep_left:
        marked = (state.marks & _PUBLIC) != 0
        if some(marked):
            left = pack(state.row >= 0) & pack(marked)[:, None] & ~seen & ~team
            seen |= left
    if world.shifter < 0:
        number = np.arange(num, dtype=np.int8)
    else:
        number = _number(world, state, draws, seen, left)
    gone = unpack(left, num) if some(left) else _nobody_left(*left.shape, num)
    return state.evolve(row=unless(unpack(seen, num), number), left=gone)


@lru_cache(maxsize=32)
def _nobody_left(rows: int, minds: int, agents: int) -> Bools:
    """The column `left` of most turns."""
    return batch_last((rows, minds, agents), np.bool_)


_PUBLIC = np.uint16(PUBLIC_MARKS)


def _number(world: World, state: State, draws: Draws, seen: Sets, left: Sets) -> NDArray[np.int8]:
    """The rank of every body among those seen, by (node, guise, draw, slot), [B, M, A]."""
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
    rank = np.bitwise_count(seen[:, :, None] & before(key)[:, None, :]).astype(np.int8)
    rows, minds = left.nonzero()
    if len(rows):  # bodies that left sort by where they were
        was = (state.path[:, :, 0].astype(np.int64) << wide) | tail
        odd = np.where(unpack(left[rows, minds], num), was[rows], key[rows])
        rank[rows, minds] = np.bitwise_count(seen[rows, minds, None] & before(odd))
    return rank


def _doubles(world: World, state: State, left: Sets) -> NDArray[np.intp]:
    """Episodes in which the shifter looks like somebody else who is there too: only these two need a draw."""
    look = state.guise[:, world.shifter]
    masked = ((look != world.shifter) & (look < world.num_agents)).nonzero()[0]
    if not len(masked):
        return masked
    here = present(state)
    if some(left):  # who has gone may be a row still
        here = here | unpack(np.bitwise_or.reduce(left, axis=1), here.shape[1])
    return masked[here[masked, look[masked]] & here[masked, world.shifter]]


def slots_seen(world: World, state: State) -> NDArray[np.int8]:
    """Rows of a classical ruleset: slots, for whoever is well, in sight and no mate, [B, M, A]."""
    well = state.status == WELL
    eyes = None
    if world.board.sight_hops >= 0:
        eyes = unpack(unite(whom_seen(world, state), state.mind, world.num_minds), world.num_agents)
    row = batch_last((len(well), world.num_minds, world.num_agents), np.int8)
    for mind, (team, strangers) in enumerate(world.derive(_strangers)):
        seen = well & (np.any(well[:, team], axis=1)[:, None] if eyes is None else eyes[:, mind])
        unseen = seen.view(np.int8) - np.int8(1)  # -1 where nobody is seen, else 0
        np.bitwise_or(unseen, strangers, out=row[:, mind])
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
