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
from pursuit.sense.observation import IDLE, Intents, Observation, Wounds, constant, idle_intents

Array = NDArray[Any]
Bools = NDArray[np.bool_]

_BODIES = 64  # more than anybody has in sight


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
    def body_node(self) -> Array:
        return self.each(self.obs.body_node)

    @cached_property
    def body_guise(self) -> Array:
        return self.each(self.obs.body_guise)

    @cached_property
    def is_up(self) -> Bools:
        """Bodies that stand, [n, J]; who left is not told of."""
        wounds = self.obs.body_wounds
        return self.each((wounds >= 0) & (wounds < Wounds.DOWN.value))

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

    def nearest(self, wanted: Bools) -> tuple[Array, NDArray[np.int64]]:
        """(body row, hops) of the nearest of some bodies [n, J]; -1 and FAR without one, or out of reach."""
        cell = wanted.T.reshape(-1).nonzero()[0]  # few of many
        row = cell // self.num
        agent = cell - row * self.num
        node = self.body_node.T.reshape(-1).take(cell)
        hops = self.ground.hops(self.table.take(agent), self.node.take(agent), node)
        best = np.full(self.num, FAR * _BODIES)
        np.minimum.at(best, agent, hops * _BODIES + row)
        hops = np.minimum(best // _BODIES, FAR)
        return np.where(hops < FAR, best % _BODIES, -1), hops

    def of_body(self, column: Array, row: Array) -> Array:
        """A column [n, J] at body rows [n]; whatever stands last for -1."""
        entry: Array = column[self.every, row]
        return entry

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

    def goal(self) -> Array:
        """The goals chosen so far, [n]; -1 for none."""
        goal = self._columns.get("goal")
        return np.full(self._scene.num, -1) if goal is None else goal.copy()

    def intents(self) -> Intents:
        scene = self._scene
        shape = scene.obs.num_rows, len(scene.ground.side)
        columns = {}
        for name, flat in self._columns.items():
            columns[name] = constant(*shape, *IDLE[name]).copy("F")
            columns[name][scene.rows, scene.slots] = flat
        return idle_intents(*shape, **columns)
