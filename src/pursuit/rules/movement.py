"""Phase move: impulses of one hop, doors on the way, and contact after each impulse (rules 5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door, Mode
from pursuit.core.rng import Draws
from pursuit.core.roster import Trait
from pursuit.core.state import Actions, Gait, Mark, State
from pursuit.core.world import World
from pursuit.rules.common import Bools, Flat, able, batch_last, closed_to, present, some

_WALK, _RUN = np.int8(Gait.WALK), np.int8(Gait.RUN)


@dataclass(frozen=True)
class Movers:
    """Everybody who sets out this turn, walkers first and then vehicles, as flat lists of length n."""

    rows: Flat
    agents: Flat  # the walker, or the driver
    vehicles: Flat  # -1 for a walker
    table: NDArray[np.int32]  # which next-hop table
    goal: NDArray[np.int32]
    toward: NDArray[np.int64]  # whose contact stops it, -1 for nobody
    budget: NDArray[np.int32]  # hundredths of a hop
    slips: Bools

    @property
    def hops(self) -> NDArray[np.int32]:
        return self.budget // 100


def move(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Everybody goes where they are headed, as far as their pace carries them."""
    movers = _movers(world, state, actions)
    pairs = _pairs(present(state))
    if movers is None:
        met = pairs & (state.node[:, :, None] == state.node[:, None, :])
        parked = np.zeros_like(state.vehicle_leftover)
        return state.evolve(met=met, leftover=batch_last(state.node.shape, np.int16), vehicle_leftover=parked)
    return _run(world, state, actions, movers, pairs)


def _pairs(here: Bools) -> Bools:
    """Pairs of different agents that are present, [B, A, A]."""
    pairs = here[:, :, None] & here[:, None, :]
    pairs &= _others(here.shape[1])
    return pairs


@lru_cache(maxsize=64)
def _others(num_agents: int) -> Bools:
    return ~np.eye(num_agents, dtype=np.bool_)


def contact(before: NDArray[np.int32], node: NDArray[np.int32]) -> Bools:
    """Who is on one node with whom, or has crossed whom on one edge since `before`, [B, A, A]."""
    swapped = before[:, :, None] == node[:, None, :]
    met = node[:, :, None] == node[:, None, :]
    met |= swapped & swapped.transpose(0, 2, 1)
    return met


def _movers(world: World, state: State, actions: Actions) -> Movers | None:
    """The flat lists of who moves, None where nobody does."""
    sets_out = (actions.goal >= 0) & (actions.goal != state.node) & able(state)
    on_foot = sets_out & (state.ride < 0)
    rows, agents = on_foot.nonzero()
    drives = sets_out & (state.seat == 0)
    driving = some(drives)
    if not (len(rows) or driving):
        return None
    kinds = world.kind[agents]
    pace = world.roster.pace[kinds].astype(np.int32)
    walks = actions.gait[rows, agents] == Gait.WALK.value
    if world.shifter >= 0 and walks.any():
        looks = state.guise[rows, agents]
        worn = world.roster.pace[world.kind[np.minimum(looks, world.num_agents - 1)]]
        pace = np.where(walks & (looks < world.num_agents), np.minimum(pace, worn), pace)
    slips = world.derive(_slips)[agents]
    vehicles = np.full(len(rows), -1, np.intp)
    leftover = state.leftover[rows, agents]
    mode = np.full(len(rows), Mode.FOOT.value, np.int64)
    if driving:
        d_rows, d_agents = drives.nonzero()
        d_vehicles = state.ride[d_rows, d_agents].astype(np.intp)
        d_kinds = world.vehicle_kind[d_vehicles]
        rows, agents = np.concatenate([rows, d_rows]), np.concatenate([agents, d_agents])
        vehicles = np.concatenate([vehicles, d_vehicles])
        pace = np.concatenate([pace, world.roster.ride_pace[d_kinds]])
        slips = np.concatenate([slips, np.zeros(len(d_rows), np.bool_)])
        leftover = np.concatenate([leftover, state.vehicle_leftover[d_rows, d_vehicles]])
        mode = np.concatenate([mode, world.roster.ride_mode[d_kinds].astype(np.int64)])
    plain, slim = closed_to(world, state.door)
    toward = actions.toward[rows, agents].astype(np.int64)
    return Movers(
        rows=rows,
        agents=agents,
        vehicles=vehicles,
        table=world.ways.pick(mode, slips, np.where(slips, slim[rows], plain[rows])),
        goal=actions.goal[rows, agents],
        toward=np.where((vehicles < 0) & (toward < world.num_agents), toward, -1),
        budget=pace.astype(np.int32) + leftover,
        slips=slips,
    )


def _slips(world: World) -> Bools:
    return world.trait(Trait.SLIPS_BARS)


def _run(world: World, state: State, actions: Actions, movers: Movers, pairs: Bools) -> State:
    """Play the impulses."""
    hops = movers.hops
    num_moves = int(hops.max())
    node, door = state.node.copy("K"), state.door
    vehicle_node = state.vehicle_node
    place = state.node[movers.rows, movers.agents]
    stopped = np.zeros(len(place), np.bool_)
    blocked = np.zeros(len(place), np.bool_)
    met = batch_last(pairs.shape, np.bool_)
    path = state.path.copy("K")
    for impulse in range(1, max(num_moves, 1) + 1):
        before = node
        on = ((impulse <= hops) & ~stopped).nonzero()[0]
        if len(on):
            place, door, bumped = _hop(world, movers, on, place, door)
            blocked |= bumped
            stopped |= bumped
            node, vehicle_node = _settle(state, movers, place, node, vehicle_node)
        met |= contact(before, node) & pairs
        path[:, :, impulse:] = node[:, :, None]
        _stop(world, movers, place, met, stopped)
    return _after(world, state, actions, movers, stopped, blocked, node, vehicle_node, door, met, path)


def _hop(
    world: World, movers: Movers, on: Flat, place: NDArray[np.int32], door: NDArray[np.int8]
) -> tuple[NDArray[np.int32], NDArray[np.int8], Bools]:
    """One hop of the movers `on`: where everybody is then, the doors, and who was blocked."""
    board = world.board
    start = place[on]
    slot = world.ways.hop(movers.table[on], start, movers.goal[on])
    end = board.neighbor[start, slot]
    bumped = np.zeros(len(place), np.bool_)
    bumped[on] = slot == 0
    if board.num_doors:
        index = board.door[start, slot]
        at = (index >= 0).nonzero()[0]
        if len(at):
            rows, doors = movers.rows[on[at]], index[at]
            leaf = door[rows, doors]
            shut = leaf == Door.SHUT.value
            stuck = (leaf == Door.LOCKED.value) | ((leaf == Door.BARRED.value) & ~movers.slips[on[at]])
            end[at] = np.where(shut | stuck, start[at], end[at])
            bumped[on[at]] |= stuck
            if some(shut):
                door = door.copy("K")
                door[rows[shut], doors[shut]] = Door.OPEN
    place = place.copy("K")
    place[on] = end
    return place, door, bumped


def _settle(
    state: State,
    movers: Movers,
    place: NDArray[np.int32],
    node: NDArray[np.int32],
    vehicle_node: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Put walkers, vehicles and all who ride them where the movers are."""
    node = node.copy("K")
    node[movers.rows, movers.agents] = place
    wheels = movers.vehicles >= 0
    if some(wheels):
        vehicle_node = vehicle_node.copy("K")
        vehicle_node[movers.rows[wheels], movers.vehicles[wheels]] = place[wheels]
        rows, agents = np.nonzero(state.ride >= 0)
        node[rows, agents] = vehicle_node[rows, state.ride[rows, agents]]
    return node, vehicle_node


def _stop(world: World, movers: Movers, place: NDArray[Any], met: Bools, stopped: Bools) -> None:
    """Mark (in place) who goes no farther: at the goal, with whom they named, or at an exit."""
    stopped |= place == movers.goal
    stopped |= (movers.toward >= 0) & met[movers.rows, movers.agents, movers.toward]
    stopped |= world.exits[world.side[movers.agents], place]


def _after(
    world: World,
    state: State,
    actions: Actions,
    movers: Movers,
    stopped: Bools,
    blocked: Bools,
    node: NDArray[np.int32],
    vehicle_node: NDArray[np.int32],
    door: NDArray[np.int8],
    met: Bools,
    path: NDArray[np.int32],
) -> State:
    """What is left over, and what was to be seen and heard of it."""
    left = np.where(stopped, 0, movers.budget % 100).astype(np.int16)
    leftover = batch_last(state.node.shape, np.int16)
    walkers = movers.vehicles < 0
    leftover[movers.rows[walkers], movers.agents[walkers]] = left[walkers]
    changes: dict[str, NDArray[Any]] = {}
    moved = (path[:, :, 1:] != path[:, :, :1]).any(axis=2)
    shown = np.where(actions.gait == Gait.WALK.value, _WALK, _RUN)
    if state.num_rows and state.vehicle_node.shape[1]:
        shown = np.where(state.ride >= 0, np.int8(Gait.RIDE), shown)
        vehicle_leftover = np.zeros_like(state.vehicle_leftover)
        wheels = ~walkers
        vehicle_leftover[movers.rows[wheels], movers.vehicles[wheels]] = left[wheels]
        rolling = moved & (state.seat == 0)
        engine = world.roster.ride_noise[world.vehicle_kind]
        noise = np.where(rolling, engine[state.ride], state.noise)
        changes = {"vehicle_node": vehicle_node, "vehicle_leftover": vehicle_leftover, "noise": noise}
    if some(blocked):
        marks = state.marks.copy("K")
        marks[movers.rows[blocked], movers.agents[blocked]] |= np.uint16(Mark.BLOCKED)
        changes["marks"] = marks
    return state.evolve(
        node=node,
        door=door,
        leftover=leftover,
        met=met,
        path=path,
        gait=np.where(moved, shown, np.int8(Gait.STILL)),
        **changes,
    )
