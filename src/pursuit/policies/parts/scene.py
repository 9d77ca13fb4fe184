"""One call of a story policy as a short list: own agents, what they see, and what they choose.

Dimension letters: ``R`` rows, ``A`` agent slots, ``J`` bodies; ``n`` own agents in the list.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import scale
from pursuit.policies.parts.chance import dice
from pursuit.policies.parts.ground import FAR, Ground
from pursuit.rules.common import some
from pursuit.sense.observation import IDLE, Intents, Listed, Observation, Wounds, constant, listed_intents

Array = NDArray[Any]
Bools = NDArray[np.bool_]

_SIGHT_BITS = 32
_SIGHTS = (1 << _SIGHT_BITS) - 1


class Scene:
    """The own agents of an observation, as flat arrays [n]."""

    def __init__(self, ground: Ground, obs: Observation) -> None:
        self.ground, self.obs = ground, obs
        self.rows, self.slots = obs.actors
        self.num = len(self.rows)
        self.node = obs.of_actors("node")
        self._is_aligned = obs.is_aligned

    def each(self, column: Array) -> Array:
        """A column by row, for each agent: [R, …] to [n, …]."""
        return column if self._is_aligned else column.T.take(self.rows, axis=-1).T

    @cached_property
    def every(self) -> NDArray[np.intp]:
        """The agents' places in the list, [n]."""
        return np.arange(self.num)

    def my(self, name: str) -> Array:
        """An agent's own entry in a field of the observation, [n]."""
        return self.obs.of_actors(name)

    def mine(self, column: Array) -> Array:
        """An agent's own entry of its memory: [R, A, …] to [n, …]."""
        entry: Array = column[self.rows, self.slots]
        return entry

    def noted(self, memory: Array, values: Array, before: Array | None = None) -> Array:
        """Memory [R, A, …] with the agents' entries [n, …] replaced; as it is if they are what they were `before`."""
        if values is before:
            return memory
        new = memory.copy()
        new[self.rows, self.slots] = values
        return new

    @cached_property
    def turn(self) -> Array:
        return self.each(self.obs.turn)

    @cached_property
    def feet(self) -> Array:
        """Way table on foot, [n]."""
        return self.ground.feet().take(self.slots)

    @cached_property
    def ride(self) -> Array:
        return self.my("ride")

    @cached_property
    def is_driving(self) -> Bools:
        driving: Bools = self.my("seat") == 0  # who is on foot has seat -1
        return driving

    @cached_property
    def table(self) -> Array:
        """Way table in the mode it moves in, [n]."""
        if not some(self.is_driving):
            return self.feet
        return np.where(self.is_driving, self.ground.wheels()[self.ride], self.feet)

    @cached_property
    def mover(self) -> Array:
        """What moves it, as timetables number movers: itself or the vehicle that it drives, [n]."""
        if not some(self.is_driving):
            return self.slots
        return np.where(self.is_driving, len(self.ground.side) + self.ride.astype(np.intp), self.slots)

    @cached_property
    def pace(self) -> Array:
        pace = self.ground.pace.take(self.slots)
        if not some(self.is_driving):
            return pace
        return np.where(self.is_driving, self.ground.ride_pace[self.ride], pace)

    @cached_property
    def stride(self) -> Array:
        """Hops it may make this turn, rounded up, [n]."""
        return (self.pace + 99) // 100

    @cached_property
    def _sights(self) -> tuple[Array, Array, Array | None]:
        """Who sees what, [s], by body row: agent, body row, and which of the bodies; None: all, in their order."""
        rows, places = self.obs.bodies
        if self._is_aligned:
            return rows, places, None
        times = np.bincount(self.rows, minlength=self.obs.num_rows)  # agents of one mind see the same
        first = times.cumsum() - times
        each = times.take(rows)
        index = np.arange(len(rows)).repeat(each)
        nth = np.arange(len(index)) - (each.cumsum() - each).repeat(each)
        agent = self.rows.argsort(kind="stable").take((first.take(rows)).repeat(each) + nth)
        return agent, places.take(index), index

    @property
    def sees_anybody(self) -> bool:
        """Whether any of the agents has anybody in sight."""
        return len(self.obs.bodies[0]) > 0

    @property
    def viewer(self) -> Array:
        """The agent of each sight, [s]; sights are all that any agent has in sight, a short list."""
        return self._sights[0]

    def sight(self, name: str) -> Array:
        """A field of bodies, for each sight, [s]."""
        column = self.obs.of_bodies(name)
        index = self._sights[2]
        return column if index is None else column.take(index)

    def is_mates_look(self, look: Array) -> Bools:
        """For the looks of sights [s], whether a mate of who sees it has that look by right."""
        mate = self.obs.mate.T
        cell = np.minimum(look, len(mate) - 1) * np.intp(mate.shape[1]) + self.rows.take(self.viewer)
        known: Bools = mate.reshape(-1).take(cell) & (look < len(mate))
        return known

    @cached_property
    def is_up(self) -> Bools:
        """Which sights are of somebody who stands, [s]; who left is not told of."""
        wounds = self.sight("body_wounds")
        up: Bools = (wounds >= 0) & (wounds < Wounds.DOWN.value)
        return up

    def nearest(self, wanted: Bools) -> tuple[Array, NDArray[np.int64]]:
        """(sight, hops) of the nearest that each agent has of some sights [s], [n] each; -1 and FAR without one."""
        sight = wanted.nonzero()[0]
        agent = self.viewer.take(sight)
        node = self.sight("body_node").take(sight)
        hops = self.ground.hops(self.table.take(agent), self.node.take(agent), node)
        best = np.full(self.num, FAR << _SIGHT_BITS)
        np.minimum.at(best, agent, hops << _SIGHT_BITS | sight)  # of several as near the lowest body row
        hops = np.minimum(best >> _SIGHT_BITS, FAR)
        return np.where(hops < FAR, best & _SIGHTS, -1), hops

    def foremost(self, worth: Array) -> Array:
        """The sight [n] of each agent that is worth most, of those that are worth [s] more than nothing; -1 without."""
        order = np.argsort(-worth, kind="stable")
        order = order[worth[order] > 0][::-1]
        best = np.full(self.num, -1)
        best[self.viewer[order]] = order  # of several the last is written, which is worth most
        return best

    def row_of(self, sight: Array) -> Array:
        """Body row of a sight for each agent, [n]; -1 for -1."""
        return np.where(sight >= 0, self._sights[1].take(sight, mode="wrap"), -1)

    def of(self, name: str, sight: Array) -> Array:
        """A field of bodies at a sight for each agent, [n]; whatever stands last for -1."""
        entry: Array = self.sight(name).take(sight, mode="wrap")
        return entry

    def hops_to(self, goal: Array) -> NDArray[np.int64]:
        """Hops to nodes [n] or [n, X], in the mode it moves in; FAR for -1."""
        if goal.ndim == 1:
            return self.ground.hops(self.table, self.node, goal)
        return self.ground.hops(self.table[:, None], self.node[:, None], goal)

    @cached_property
    def stands(self) -> Array:
        """Where vehicles are in sight, [n, V]; -1 else."""
        return self.each(self.obs.vehicle_node)

    @cached_property
    def free_wheels(self) -> Bools:
        """Vehicles in sight that nobody sits in and the agent can drive, [n, V]."""
        free = (self.obs.vehicle_node >= 0) & (self.obs.vehicle_seated == 0)
        if not some(free):
            return np.zeros((self.num, free.shape[1]), np.bool_)
        usable: Bools = self.each(free) & self.ground.can_drive.take(self.slots, axis=0)
        return usable

    def chance(self, lane: int, bound: Any) -> NDArray[np.int64]:
        """A number below `bound` for each agent, another each turn and for each lane 0 … 7."""
        return scale(dice(self.each(self.obs.key), self.turn, self.slots * 8 + lane), bound)


def columns(*parts: Array) -> NDArray[np.int32]:
    """Arrays [n] side by side, [n, number of them]."""
    out = np.empty((len(parts[0]), len(parts)), np.int32)
    for at, part in enumerate(parts):
        out[:, at] = part
    return out


class Draft:
    """Choices in the making: later ones overrule earlier ones. A column left alone stays the shared idle one."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._columns: dict[str, Array] = {}

    def set(self, where: Bools | None, **values: Any) -> None:
        """Write columns of Intents for some agents [n] (None: for all); values are [n] or one number."""
        if where is not None and not some(where):
            return
        for name, value in values.items():
            if isinstance(value, IntEnum):
                value = value.value  # numpy takes five times as long over a member of an enum
            if where is None:
                self._column(name)[:] = value
            else:
                np.copyto(self._column(name), value, where=where, casting="unsafe")

    def put(self, agents: Array, **values: Any) -> None:
        """The same for agents by their places in the list, [k]; values are [k] or one number."""
        if len(agents):
            for name, value in values.items():
                self._column(name)[agents] = value

    def _column(self, name: str) -> Array:
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = constant(1, self._scene.num, *IDLE[name])[0].copy()
        return column

    def chosen(self, name: str) -> Array:
        """A column of Intents as it stands so far, [n]."""
        column = self._columns.get(name)
        return constant(1, self._scene.num, *IDLE[name])[0] if column is None else column.copy()

    def intents(self) -> Intents:
        scene = self._scene
        shape = scene.obs.num_rows, len(scene.ground.side)
        return listed_intents(Listed((scene.rows, scene.slots), shape, self._columns))
