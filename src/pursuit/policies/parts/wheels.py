"""Vehicles: when a ride is worth the walk to it, and when to get off.

Dimension letters: ``V`` vehicles; ``n`` own agents, ``k`` some of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core import waves
from pursuit.core.state import Gait, Verb
from pursuit.policies.parts.choices import Foe, Leave, Refuge, foe_ticks
from pursuit.policies.parts.ground import FAR, TICKS, Ground
from pursuit.policies.parts.scene import Bools, Draft, Scene
from pursuit.rules.common import some

Array = NDArray[Any]

_MOUNTING = 2 * TICKS  # a turn to get on, and what starting costs


def fetch_wheels(scene: Scene, draft: Draft, where: Bools, leave: Leave, walking: Array, foe: Foe) -> Bools:
    """Send agents to a free vehicle in sight that brings them to an exit sooner than walking.

    `walking` is how many ticks [n] the walk takes. With a foe about, only to a vehicle that it does not reach first.
    Answers who goes, [n].
    """
    ground = scene.ground
    goes = np.zeros(scene.num, np.bool_)
    where = where & (scene.ride < 0)
    if not (some(where) and some(scene.free_wheels)):
        return goes
    agents = (where & scene.free_wheels.any(axis=1)).nonzero()[0]
    if not len(agents):
        return goes
    stands, free = scene.stands.take(agents, axis=0), scene.free_wheels.take(agents, axis=0)
    walk = ground.hops(scene.feet.take(agents)[:, None], scene.node.take(agents)[:, None], stands)
    reach = ground.ticks(walk, scene.pace.take(agents)[:, None])
    if some(foe.is_known):
        free &= reach + TICKS < foe_ticks(foe, stands, agents)
    ride = ground.ticks(leave.ways.hops(ground.vehicles, stands), ground.ride_pace)
    total = np.where(free, reach + _MOUNTING + ride, FAR)
    best = total.argmin(axis=1)
    every = np.arange(len(agents))
    better = total[every, best] < np.minimum(walking.take(agents), FAR)
    agents, best, every = agents[better], best[better], every[better]
    if len(agents):
        goes[agents] = True
        draft.put(agents, goal=stands[every, best], gait=Gait.RUN)
        near = walk[every, best] <= scene.stride.take(agents)
        draft.put(agents[near], verb=Verb.MOUNT, object=best[near])
    return goes


class Rides:
    """Driving part of a way and walking the rest: where to get off for each place."""

    def __init__(self, ground: Ground) -> None:
        ways, num = ground.brief.ways, ground.brief.board.num_nodes
        self._drop = np.zeros((len(ground.ride_mode), num), np.int64)  # [V, N] where to get off ...
        self._walk = np.full((len(ground.ride_mode), num), FAR)  # [V, N] ... and how many hops are left then
        for vehicle, mode in enumerate(ground.ride_mode.tolist()):
            stops = np.flatnonzero(ways.usable(mode, False, ground.closed).any(axis=1))
            if len(stops):
                first, left = waves.nearest(ground.afoot.ahead, stops)
                self._drop[vehicle] = stops[first]
                self._walk[vehicle] = np.where(left < waves.FAR, left, FAR)

    def go(self, scene: Scene, draft: Draft, where: Bools, goal: Array) -> None:
        """Ride towards goals [n] where that is sooner than walking, and get off where the rest is walked."""
        where = where & (goal >= 0)
        drives = where & scene.is_driving
        if some(drives):
            drop = self._drop[scene.ride, goal]
            arrived = drives & ((drop == scene.node) | (self._walk[scene.ride, goal] >= FAR))
            draft.set(drives, goal=drop)
            draft.set(arrived & (goal != scene.node), verb=Verb.DISMOUNT, object=-1, goal=-1)
        walks = where & (scene.ride < 0)
        if not some(walks):
            return
        if not some(scene.free_wheels):
            return
        ground = scene.ground
        agents = (walks & scene.free_wheels.any(axis=1)).nonzero()[0]
        if not len(agents):
            return
        aim, node, feet = goal.take(agents), scene.node.take(agents), scene.feet.take(agents)
        stands, free = scene.stands.take(agents, axis=0), scene.free_wheels.take(agents, axis=0)
        drop, left = self._drop.T.take(aim, axis=0), self._walk.T.take(aim, axis=0)  # [k, V]
        reach = ground.hops(feet[:, None], node[:, None], stands)
        ride = ground.ticks(ground.hops(ground.wheels(), stands, drop), ground.ride_pace)
        pace = scene.pace.take(agents)
        total = _MOUNTING + TICKS + ground.ticks(reach + left, pace[:, None]) + ride
        total = np.where(free, total, FAR)
        best = total.argmin(axis=1)
        every = np.arange(len(agents))
        better = total[every, best] < ground.ticks(ground.hops(feet, node, aim), pace)
        agents, best, every = agents[better], best[better], every[better]
        draft.put(agents, goal=stands[every, best])
        near = reach[every, best] <= scene.stride.take(agents)
        draft.put(agents[near], verb=Verb.MOUNT, object=best[near])


def leave_wheels(scene: Scene, draft: Draft, where: Bools) -> None:
    """Get off: whoever drives in `where`."""
    where = where & scene.is_driving
    if some(where):
        draft.set(where, verb=Verb.DISMOUNT, object=-1, goal=-1)


def escape(scene: Scene, draft: Draft, where: Bools, foe: Foe, refuge: Refuge, leave: Leave, margin: int) -> None:
    """Make for the best exit, on wheels if that is sooner; who has none runs from what it fears, or gets off."""
    where = where & ((scene.ride < 0) | scene.is_driving)
    if not some(where):
        return
    node, walking = leave.best(scene, foe, margin)
    draft.set(where & (node >= 0), goal=node)
    stuck = where & (node < 0)
    if some(stuck):
        agents = (stuck & foe.is_known).nonzero()[0]
        if len(agents):
            draft.put(agents, goal=refuge.flee(scene, foe, agents))
        leave_wheels(scene, draft, stuck)
    if scene.ground.brief.vehicle_kind.size and len(leave.exits):
        fetch_wheels(scene, draft, where, leave, walking, foe)
