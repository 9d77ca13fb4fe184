"""Phase move: impulses of one hop, doors on the way, and contact after each impulse (rules 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door, Mode
from pursuit.core.facts import follows_from
from pursuit.core.rng import Draws
from pursuit.core.roster import Trait
from pursuit.core.state import Actions, Gait, Mark, Refusal, State
from pursuit.core.tables import select
from pursuit.core.world import World
from pursuit.rules.common import (
    Bools,
    Flat,
    able,
    batch_last,
    closed_to,
    flat,
    listed,
    present,
    some,
    who_may_leave,
)
from pursuit.rules.hazard import in_danger

_RUN, _RIDE = np.int8(Gait.RUN), np.int8(Gait.RIDE)  # Gait.WALK is one less than Gait.RUN


@dataclass(frozen=True)
class Movers:
    """Everybody who sets out this turn, as columns [B, A]: walkers, and drivers for their vehicles."""

    goal: NDArray[np.int32]
    table: NDArray[np.int32]  # which next-hop table
    budget: NDArray[np.int16]  # hundredths of a hop; 0 for who does not set out
    hops: NDArray[np.int16]  # as many whole ones
    suitors: tuple[Flat, Flat, NDArray[np.intp]]  # (rows, slots, toward): whose contact stops whom
    drivers: tuple[Flat, Flat, NDArray[np.intp]] | None  # (rows, slots, vehicles)


def move(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Everybody goes where they are headed, as far as their pace carries them."""
    movers = _movers(world, state, actions)
    node, door, vehicle_node = state.node, state.door, state.vehicle_node
    stopped, blocked, moved = (batch_last(node.shape, np.bool_) for _ in range(3))
    met = batch_last(state.met.shape, np.bool_)
    path = state.path.copy("K")
    balked = batch_last(node.shape, np.bool_) if some(world.derive(_wary)) else None
    for impulse in range(1, world.num_impulses + 1):
        on = flat((movers.hops >= impulse) & ~stopped).nonzero()[0]
        before, rows = node, None
        if len(on):
            node, door = _hop(world, state, movers, on, node, door, blocked, balked)
            stopped |= blocked
            if movers.drivers is not None:
                node, vehicle_node = _carry(state, movers.drivers, node, vehicle_node)
        if impulse == 1:
            met |= contact(before, node)
        elif len(on):  # few go on; where nobody does, nobody is met
            rows = (node != before).any(axis=1).nonzero()[0]
            met[rows] |= contact(before[rows], node[rows])
        else:
            break
        path[:, :, impulse:] = node[:, :, None]
        moved |= node != state.node
        _stop(world, movers, node, met, stopped)
    met &= _pairs(world, state)
    if balked is not None and some(balked):
        state = state.evolve(refused=np.where(balked & (state.refused == 0), np.int8(Refusal.HARM), state.refused))
    return _after(world, state, actions, movers, stopped, blocked, moved, node, vehicle_node, door, met, path)


def contact(before: NDArray[np.int32], node: NDArray[np.int32]) -> Bools:
    """Who is on one node with whom, or has crossed whom on one edge since `before`, [B, A, A]."""
    there, back = _edge(before, node), _edge(node, before)
    met = there[:, :, None] == back[:, None, :]
    met |= node[:, :, None] == node[:, None, :]
    return met


def _edge(start: NDArray[np.int32], end: NDArray[np.int32]) -> NDArray[np.int64]:
    """A number for each step from node to node."""
    return (start.astype(np.int64) << 32) | end


@follows_from("status")
def _pairs(world: World, state: State) -> Bools:
    """Pairs of different agents that are present, [B, A, A]."""
    here = present(state)
    pairs = here[:, :, None] & here[:, None, :]
    pairs &= ~np.eye(world.num_agents, dtype=np.bool_)
    return pairs


def _movers(world: World, state: State, actions: Actions) -> Movers:
    """Who moves, how far and by which ways."""
    out = (actions.goal >= 0) & (actions.goal != state.node) & able(state)
    out &= (state.ride < 0) | (state.seat == 0)
    budget = state.leftover + world.derive(_paces)
    for slot in world.derive(_shifters):
        looks = state.guise[:, slot]
        disguised = (looks != slot) & (looks < world.num_agents) & (actions.gait[:, slot] == Gait.WALK.value)
        if some(disguised):
            worn = world.derive(_paces).take(looks, mode="clip")
            pace = np.where(disguised, np.minimum(worn, world.derive(_paces)[slot]), world.derive(_paces)[slot])
            budget[:, slot] = state.leftover[:, slot] + pace
    budget *= out
    drives = out & (state.seat == 0)
    drivers = None
    if some(drives):
        rows, slots = listed(drives)
        vehicles = state.ride[rows, slots].astype(np.intp)
        drivers = rows, slots, vehicles
        kinds = world.vehicle_kind[vehicles]
        budget[rows, slots] = world.roster.ride_pace[kinds] + state.vehicle_leftover[rows, vehicles]
        table, wheels = _tables(world, state, rows, world.roster.ride_mode[kinds])
        table[rows, slots] = wheels
    else:
        table = _foot_tables(world, state)
    return Movers(actions.goal, table, budget, budget // 100, _suitors(world, state, actions, out), drivers)


def _suitors(world: World, state: State, actions: Actions, out: Bools) -> tuple[Flat, Flat, NDArray[np.intp]]:
    """Who walks until it meets somebody."""
    rows, slots = listed(out & (actions.toward >= 0) & (actions.toward < world.num_agents) & (state.ride < 0))
    toward = actions.toward[rows, slots].astype(np.intp)
    there = present(state)[rows, toward] & (toward != slots)
    return rows[there], slots[there], toward[there]


@follows_from("door")
def _foot_tables(world: World, state: State) -> NDArray[np.int32]:
    """Way tables of everybody on foot, [B, A]."""
    nobody = np.empty(0, np.intp)
    return _tables(world, state, nobody, nobody)[0]


def _tables(world: World, state: State, rows: Flat, modes: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Way tables of everybody on foot, [B, A], and of vehicles of some modes in some rows, [n]."""
    slips, kind = world.derive(_footing)
    plain, slim = closed_to(world, state.door)
    afoot = np.where(slips[:, None], slim, plain)
    table = world.ways.pick(  # all at once: numbers are only sure to last until the next pick
        np.concatenate([np.full(afoot.size, Mode.FOOT.value), modes]),
        np.concatenate([np.repeat(slips, len(plain)), np.zeros(len(rows), np.bool_)]),
        np.concatenate([afoot.reshape(-1), plain[rows]]),
    )
    return table[: afoot.size].reshape(afoot.shape).take(kind, axis=0).T, table[afoot.size :]


def _footing(world: World) -> tuple[Bools, NDArray[np.intp]]:
    """Whether bars are slipped, for each sort of walker in the cast, and the sort of each agent, [A]."""
    sorts, kind = np.unique(world.trait(Trait.SLIPS_BARS), return_inverse=True)
    return sorts, kind


def _paces(world: World) -> NDArray[np.int16]:
    """Paces on foot, [A]."""
    return world.roster.pace[world.kind].astype(np.int16)


def _shifters(world: World) -> list[int]:
    """Who may look like somebody else, and walks as that does."""
    return [int(slot) for slot in np.flatnonzero(world.trait(Trait.MORPHS))]


def _hop(
    world: World,
    state: State,
    movers: Movers,
    on: Flat,
    node: NDArray[np.int32],
    door: NDArray[np.int8],
    blocked: Bools,
    balked: Bools | None,
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """One hop of the movers in the cells `on`: where everybody is then, and the doors; marks who was `blocked`.

    Of those `balked` are marked who will not go on into a hazard; None where there is nobody so wary.
    """
    start = flat(node).take(on)
    slot = world.ways.hop(flat(movers.table).take(on), start, flat(movers.goal).take(on))
    ends, doors = world.derive(_edges)
    edge = start * world.board.neighbor.shape[1] + slot
    end = ends.take(edge)
    lost = slot == 0
    if some(lost):
        flat(blocked)[on[lost]] = True
    at = (doors.take(edge) >= 0).nonzero()[0] if world.board.num_doors else on[:0]
    if len(at):
        cells, index = on[at], doors.take(edge[at])
        slots, rows = np.divmod(cells, len(node))
        leaf = door[rows, index]
        slips = world.trait(Trait.SLIPS_BARS)[slots] & (state.ride[rows, slots] < 0)
        stuck = (leaf == Door.LOCKED.value) | ((leaf == Door.BARRED.value) & ~slips)
        shut = leaf == Door.SHUT.value
        end[at] = np.where(shut | stuck, start[at], end[at])
        flat(blocked)[cells[stuck]] = True
        if some(shut):
            door = door.copy("K")
            door[rows[shut], index[shut]] = Door.OPEN
    if balked is not None:
        slots, rows = np.divmod(on, len(node))
        stops = world.derive(_wary)[slots] & (end != start) & in_danger(world, state, rows, end)
        end = np.where(stops, start, end)
        flat(blocked)[on[stops]] = flat(balked)[on[stops]] = True
    node = node.copy("F")
    flat(node)[on] = end
    return node, door


def _wary(world: World) -> Bools:
    """Who does itself no harm, [A]; nobody where nothing can harm them."""
    return world.trait(Trait.NO_SELF_HARM) & bool(world.hazard_name)


def _edges(world: World) -> tuple[NDArray[np.int32], NDArray[np.int16]]:
    """Where every out-slot of every node leads, and through which door, [N * D] each."""
    return world.board.neighbor.reshape(-1), world.board.door.reshape(-1)


def _carry(
    state: State, drivers: tuple[Flat, Flat, NDArray[np.intp]], node: NDArray[np.int32], vehicle_node: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Vehicles are where their drivers are, and so is everybody else who rides them."""
    rows, slots, vehicles = drivers
    vehicle_node = vehicle_node.copy("K")
    vehicle_node[rows, vehicles] = node[rows, slots]
    rows, slots = listed(state.ride >= 0)
    node[rows, slots] = vehicle_node[rows, state.ride[rows, slots]]
    return node, vehicle_node


def _stop(world: World, movers: Movers, node: NDArray[np.int32], met: Bools, stopped: Bools) -> None:
    """Mark (in place) who goes no farther: at the goal, with whom they named, or at an exit."""
    stopped |= node == movers.goal
    rows, slots, toward = movers.suitors
    if len(rows):
        stopped[rows, slots] |= met[rows, slots, toward]
    leavers, sides = world.derive(who_may_leave)
    if len(leavers):
        stopped[:, leavers] |= world.exits[sides, node[:, leavers]]


def _after(
    world: World,
    state: State,
    actions: Actions,
    movers: Movers,
    stopped: Bools,
    blocked: Bools,
    moved: Bools,
    node: NDArray[np.int32],
    vehicle_node: NDArray[np.int32],
    door: NDArray[np.int8],
    met: Bools,
    path: NDArray[np.int32],
) -> State:
    """What is left over, and what was to be seen and heard of it."""
    leftover = (movers.budget - movers.hops * 100) * ~stopped
    gait = _RUN - (actions.gait == Gait.WALK.value)
    riding = state.ride >= 0
    if some(riding):
        gait = select(riding, _RIDE, gait)
    changes: dict[str, NDArray[Any]] = {}
    if movers.drivers is not None or some(state.vehicle_leftover):
        changes["vehicle_leftover"] = vehicle_leftover = np.zeros_like(state.vehicle_leftover)
        if movers.drivers is not None:
            rows, slots, vehicles = movers.drivers
            vehicle_leftover[rows, vehicles] = leftover[rows, slots]
            leftover[rows, slots] = 0
            noise = state.noise.copy("K")
            noise[rows, slots] = world.roster.ride_noise[world.vehicle_kind[vehicles]] * moved[rows, slots]
            changes |= {"vehicle_node": vehicle_node, "noise": noise}
    if some(blocked):
        changes["marks"] = state.marks | blocked * np.uint16(Mark.BLOCKED)
    return state.evolve(node=node, door=door, leftover=leftover, met=met, path=path, gait=gait * moved, **changes)
