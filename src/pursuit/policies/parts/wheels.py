"""Vehicles: when a ride is worth the walk to it, and when to get off.

Dimension letters: ``V`` vehicles, ``X`` places; ``n`` own agents.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Mode
from pursuit.core.state import Gait, Verb
from pursuit.policies.parts.choices import Foe, Refuge, best_exit, foe_ticks
from pursuit.policies.parts.ground import FAR, TICKS, Ground
from pursuit.policies.parts.scene import Bools, Draft, Scene
from pursuit.rules.common import some

Array = NDArray[Any]

_MOUNTING = 2 * TICKS  # a turn to get on, and what starting costs


def fetch_wheels(
    scene: Scene, draft: Draft, where: Bools, places: Array, walking: Array, foe: Foe | None = None
) -> Bools:
    """Send agents to a free vehicle in sight that brings them to one of `places` [n, X] or [1, X] sooner than walking.

    `walking` is how many ticks [n] the walk takes. With a foe, only to a vehicle that it does not reach first. Answers
    who goes, [n].
    """
    ground = scene.ground
    where = where & (scene.ride < 0)
    if not some(where):
        return where
    stands = scene.each(scene.obs.vehicle_node)
    free = (stands >= 0) & (scene.each(scene.obs.vehicle_seated) == 0) & ground.can_drive[scene.slots]
    if not some(free & where[:, None]):
        return np.zeros_like(where)
    walk = ground.hops(scene.feet[:, None], scene.node[:, None], stands)
    reach = ground.ticks(walk, scene.pace[:, None])
    if foe is not None and (foe.node >= 0).any():
        free = free & (reach + TICKS < foe_ticks(scene, foe, stands))
    wheels = ground.wheels()
    ride = ground.hops(wheels[:, None], stands[:, :, None], places[:, None, :]).min(axis=2)
    total = np.where(free, reach + _MOUNTING + ground.ticks(ride, ground.ride_pace), FAR)
    best = total.argmin(axis=1)
    every = np.arange(scene.num)
    goes = where & (total[every, best] < np.minimum(walking, FAR))
    draft.set(goes, goal=stands[every, best], gait=Gait.RUN)
    draft.set(goes & (walk[every, best] <= scene.stride), verb=Verb.MOUNT, object=best)
    return goes


class Rides:
    """Driving part of a way and walking the rest: where to get off for each place."""

    def __init__(self, ground: Ground) -> None:
        board, ways = ground.brief.board, ground.brief.ways
        num = board.num_nodes
        afoot = ways.distances(int(ways.pick(int(Mode.FOOT), False, ground.closed)))  # [goal, start]
        self._drop = np.zeros((len(ground.ride_mode), num), np.int64)  # [V, N] where to get off ...
        self._walk = np.full((len(ground.ride_mode), num), FAR)  # [V, N] ... and how many hops are left then
        for vehicle, mode in enumerate(ground.ride_mode.tolist()):
            stops = np.flatnonzero(ways.usable(mode, False, ground.closed).any(axis=1))
            if len(stops):
                hops = afoot[:, stops]
                nearest = hops.argmin(axis=1)
                left = hops[np.arange(num), nearest]
                self._drop[vehicle] = stops[nearest]
                self._walk[vehicle] = np.where(left < ways.far, left, FAR)

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
        ground = scene.ground
        stands = scene.each(scene.obs.vehicle_node)
        free = (stands >= 0) & (scene.each(scene.obs.vehicle_seated) == 0) & ground.can_drive[scene.slots]
        if not some(free & walks[:, None]):
            return
        drop, left = self._drop[:, goal].T, self._walk[:, goal].T  # [n, V]
        reach = ground.hops(scene.feet[:, None], scene.node[:, None], stands)
        ride = ground.ticks(ground.hops(ground.wheels(), stands, drop), ground.ride_pace)
        total = _MOUNTING + TICKS + ground.ticks(reach + left, scene.pace[:, None]) + ride
        total = np.where(free, total, FAR)
        best = total.argmin(axis=1)
        every = np.arange(scene.num)
        walking = ground.ticks(ground.hops(scene.feet, scene.node, goal), scene.pace)
        goes = walks & (total[every, best] < walking)
        draft.set(goes, goal=stands[every, best])
        draft.set(goes & (reach[every, best] <= scene.stride), verb=Verb.MOUNT, object=best)


def leave_wheels(scene: Scene, draft: Draft, where: Bools) -> None:
    """Get off: whoever drives in `where`."""
    where = where & scene.is_driving
    if some(where):
        draft.set(where, verb=Verb.DISMOUNT, object=-1, goal=-1)


def escape(scene: Scene, draft: Draft, where: Bools, foe: Foe, refuge: Refuge, exits: Array, margin: int) -> None:
    """Make for the best exit, on wheels if that is sooner; who has none runs from what it fears, or gets off."""
    where = where & ((scene.ride < 0) | scene.is_driving)
    if not some(where):
        return
    node, walking = best_exit(scene, foe, exits, margin)
    draft.set(where & (node >= 0), goal=node)
    stuck = where & (node < 0)
    if some(stuck):
        draft.set(stuck & (foe.node >= 0), goal=refuge.flee(scene, foe))
        leave_wheels(scene, draft, stuck)
    if scene.ground.brief.vehicle_kind.size and len(exits):
        fetch_wheels(scene, draft, where, exits[None], walking, foe)
