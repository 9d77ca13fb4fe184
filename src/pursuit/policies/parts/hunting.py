"""What hunters share: knowing the quarry by its look, remembering where it was, and attacking it.

Dimension letters: ``n`` own agents, ``J`` bodies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Gait, Verb
from pursuit.policies.parts.ground import FAR
from pursuit.policies.parts.scene import Bools, Draft, Scene, columns
from pursuit.rules.common import some
from pursuit.sense.observation import Wounds

Array = NDArray[Any]

TRAIL = 2
"""Width of the notes that `sightings` keeps: node and turn."""


@dataclass(frozen=True, eq=False)
class Sighting:
    """The nearest quarry as each own agent knows it, [n]."""

    node: Array  # where it is, or was seen last; -1 for unknown
    turn: Array  # when it was seen
    row: Array  # body row if it is in sight, else -1
    hops: Array  # own hops to it if it is in sight, else FAR
    ride: Array  # vehicle it rides, -1 on foot
    runs: Bools  # whether it is seen to run or ride
    notes: Array  # what is to be remembered of this, [n, TRAIL]


def sightings(scene: Scene, notes: Array, patience: int) -> Sighting:
    """Look for the quarry; `notes` [n, TRAIL] say where it was. What was looked into, or is too old, is forgotten."""
    node, turn = notes[:, 0], notes[:, 1]
    wanted = scene.ground.is_quarry.take(scene.sight("body_guise"))
    if some(wanted):
        wanted &= scene.sight("body_wounds") != Wounds.DEAD.value
    if some(wanted):
        sight, hops = scene.nearest(wanted)
        row, seen = scene.row_of(sight), sight >= 0
        node = np.where(seen, scene.of("body_node", sight), node)
        turn = np.where(seen, scene.turn, turn)
        ride = np.where(seen, scene.of("body_ride", sight), -1)
        runs = seen & (scene.of("body_gait", sight) >= Gait.RUN.value)
        notes = columns(node, turn)
    else:
        row = ride = np.full(scene.num, -1)
        runs = np.zeros(scene.num, np.bool_)
        hops = np.full(scene.num, FAR)
    stale = (row < 0) & (node >= 0)
    if some(stale):
        stale &= (node == scene.node) | (scene.turn - turn > patience)
        if some(stale):
            node = np.where(stale, -1, node)
            notes = columns(node, turn)
    return Sighting(node, turn, row, hops, ride, runs, notes)


def heard(scene: Scene, goal: Array) -> Array:
    """Where each agent hears the first of the noises, else `goal`, [n]."""
    noise = scene.each(scene.obs.noise_node[:, 0])
    return np.where(noise >= 0, noise, goal) if some(noise >= 0) else goal


def attack(scene: Scene, draft: Draft, sight: Sighting) -> None:
    """Run to where the quarry is or was; strike who may be met this turn, shoot who is within reach."""
    known = sight.node >= 0
    if not some(known):
        return
    draft.set(known, goal=sight.node, gait=Gait.RUN)
    seen = sight.row >= 0
    if not some(seen):
        return
    draft.set(seen, toward=sight.row)
    close = seen & (sight.hops <= scene.stride + 1) & ~scene.is_driving
    draft.set(close, verb=Verb.STRIKE, object=sight.row)
    riding = close & (sight.ride >= 0) & (scene.ride < 0) & (sight.hops > 0)
    draft.set(riding, verb=Verb.GRAB, object=sight.ride)
    shoot(scene, draft, seen & ~close, sight.row, sight.node)


def shoot(scene: Scene, draft: Draft, where: Bools, row: Array, node: Array) -> None:
    """Shoot at bodies in `where` that are within reach of a loaded gun in hand."""
    ground, obs = scene.ground, scene.obs
    if not ground.num_guns:
        return
    able = where & ground.shoots.take(scene.slots) & ~scene.is_driving
    if not some(able):
        return
    agents = able.nonzero()[0]
    rows, slots = scene.rows.take(agents), scene.slots.take(agents)
    loaded = (obs.item_mate.take(rows, axis=0) == slots[:, None]) & ground.is_gun & (obs.ammo.take(rows, axis=0) > 0)
    gun = loaded.argmax(axis=1)  # the one that the rules take: the lowest
    at = np.maximum(node.take(agents), 0)
    within = ground.metres(scene.node.take(agents), at) <= ground.reach[gun]
    within &= loaded[np.arange(len(agents)), gun]
    draft.put(agents[within], verb=Verb.SHOOT, object=row[agents[within]])
