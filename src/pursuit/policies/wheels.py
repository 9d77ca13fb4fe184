"""Vehicles: when a ride is worth the walk to it, and when to get off.

Dimension letters: ``V`` vehicles, ``X`` places; ``n`` own agents.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Gait, Verb
from pursuit.policies.ground import FAR, TICKS
from pursuit.policies.parts import Foe, Refuge, best_exit, foe_ticks
from pursuit.policies.scene import Bools, Draft, Scene
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
