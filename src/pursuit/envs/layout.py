"""What a learner is shown: the fields of `sense.observation`, one after another in an array of fixed length.

Dimension letters: ``B`` episodes, ``A`` agent slots, ``K`` learned slots, ``F`` entries of an observation; ``n`` agents
that look.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door
from pursuit.core.state import Gait, Order, Refusal, Verb
from pursuit.core.tables import span
from pursuit.core.world import Ruleset, World
from pursuit.envs.reach import Reach
from pursuit.sense.observation import Observation, Wounds

Array = NDArray[Any]
Flat = NDArray[np.intp]

_MOST = np.iinfo(np.int16).max


@dataclass(frozen=True)
class Looker:
    """The agents that look, [n], and what their minds know, by row."""

    obs: Observation
    rows: Flat
    slots: Flat
    node: Array  # where they are
    body: Array  # [n, J] where others are, -1 for who is not in sight
    reach: tuple[Array, Array]  # [n, J] hops to them, and the out-slot that leads there


@dataclass(frozen=True)
class Field:
    """Some entries that belong together, and how they are read: [n] or [n, width]."""

    name: str
    width: int
    low: int
    high: int
    read: Callable[[Looker], Array]


class Layout:
    """The fields of the observation of each learned agent of a world, in order."""

    def __init__(self, world: World, learned: Flat) -> None:
        self.world = world
        self.fields = tuple(field for field in _fields(world, learned) if field.width)
        ends = np.cumsum([field.width for field in self.fields]).tolist()
        self.places = {field.name: slice(end - field.width, end) for field, end in zip(self.fields, ends, strict=True)}
        self.size: int = ends[-1]
        highs = [field.high for field in self.fields]
        self.dtype = np.dtype(np.int16 if max(highs) <= _MOST else np.int32)
        self._others = _columns(world, learned)[1]
        self._reach = Reach(world, self.dtype)

    def bounds(self) -> tuple[Array, Array]:
        """The least and the greatest value of each entry, [F] each. Who is out of the game sees -1 everywhere."""
        widths = [field.width for field in self.fields]
        low = np.repeat([min(field.low, -1) for field in self.fields], widths).astype(self.dtype)
        high = np.repeat([field.high for field in self.fields], widths).astype(self.dtype)
        return low, high

    def read(self, obs: Observation, rows: Flat, slots: Flat) -> Array:
        """What the agents at (rows, slots) of an observation are shown, [n, F]."""
        out = np.empty((len(rows), self.size), self.dtype)
        node = obs.of_actors("node")
        body = _rows(obs.body_node, self._others, rows, self.dtype)
        looker = Looker(obs, rows, slots, node, body, self._reach.to(slots, node, body))
        for field in self.fields:
            place = self.places[field.name]
            seen = field.read(looker)
            if field.width == 1:
                out[:, place.start] = seen.reshape(-1)
            else:
                out[:, place] = seen
        return out


def _fields(world: World, learned: Flat) -> list[Field]:
    """All fields of a world; those of which there is nothing have no width."""
    nodes, agents, looks = world.board.num_nodes - 1, world.num_agents - 1, world.num_guises
    mates, others = _columns(world, learned)
    fields = [
        Field("slot", 1, 0, max(agents, 1), lambda looker: looker.slots),
        _of_row("turns_left", 1, 0, world.turns),
        Field("node", 1, 0, nodes, lambda looker: looker.node),
        _of_row("mate_node", _num(mates, world), -1, nodes, mates, "node"),
        Field("body_node", _num(others, world), -1, nodes, lambda looker: looker.body),
        Field("body_hops", _num(others, world), -1, nodes + 1, lambda looker: looker.reach[0]),
        Field("body_way", _num(others, world), -1, world.board.neighbor.shape[1], lambda looker: looker.reach[1]),
    ]
    if world.ruleset != Ruleset.STORY:
        return fields
    cast, doors, vehicles = world.num_agents, world.board.num_doors, world.num_vehicles
    health = int(world.roster.health.max())
    return [
        *fields,
        _of_actor("health", -1, health),
        _of_actor("guise", -1, looks),
        _of_actor("pending", -1, looks),
        _of_actor("stagger", 0, 127),
        _of_actor("held", 0, 1),
        _of_actor("ride", -1, max(vehicles, 1)),
        _of_actor("seat", -1, 127),
        _of_actor("order", 0, len(Order)),
        _of_actor("order_object", -1, max(nodes, looks)),
        _of_actor("spare", 0, 1),
        _of_actor("did", 0, len(Verb)),
        _of_actor("refused", 0, len(Refusal)),
        _of_actor("marks", 0, _MOST),
        _of_row("mate_health", cast, -1, health, source="health"),
        _of_row("body_guise", cast, -1, looks),
        _of_row("body_gait", cast, -1, len(Gait)),
        _of_row("body_wounds", cast, -1, len(Wounds)),
        _of_row("body_marks", cast, 0, _MOST),
        _of_row("body_was", cast, -1, cast),
        _of_row("body_left", cast, 0, 1),
        _of_row("body_radio", cast, 0, 1),
        _of_row("body_ride", cast, -1, max(vehicles, 1)),
        _of_row("sampled", looks, 0, 1),
        _of_row("wanted", cast, 0, 1),
        _of_row("hazard", len(world.hazard_name), -1, 1),
        _of_row("item_node", world.num_items, -1, nodes),
        _of_row("item_mate", world.num_items, -1, cast),
        _of_row("ammo", world.num_items, -1, _MOST),
        _of_row("vehicle_node", vehicles, -1, nodes),
        _of_row("vehicle_seated", vehicles, -1, 127),
        _of_row("door", doors, -1, len(Door)),
        _of_row("noise_node", cast, -1, nodes),
        Field("noise_loud", cast, -1, _MOST, lambda looker: np.minimum(looker.obs.noise_loud, _MOST)[looker.rows]),
        Field("knows", len(world.fact_name), 0, 1, _facts(len(world.fact_name))),
    ]


def _columns(world: World, learned: Flat) -> tuple[slice | Flat, slice | Flat]:
    """The slots that can be mates of a learned agent, and the body rows that can be taken.

    In the story anybody may come to be a mate, and rows are no slots. Elsewhere minds are fixed, and rows are slots.
    """
    if world.ruleset == Ruleset.STORY:
        return slice(None), slice(None)
    mate = np.equal.outer(world.mind[learned], world.mind)
    return span(np.flatnonzero(mate.any(axis=0))), span(np.flatnonzero(~mate.all(axis=0)))


def _num(columns: slice | Flat, world: World) -> int:
    return len(np.arange(world.num_agents)[columns])


def _of_row(
    name: str, width: int, low: int, high: int, columns: slice | Flat = slice(None), source: str | None = None
) -> Field:
    """What all of a mind know alike."""

    def read(looker: Looker) -> Array:
        known: Array = getattr(looker.obs, source or name)
        return known.take(looker.rows) if known.ndim == 1 else _rows(known, columns, looker.rows, known.dtype)

    return Field(name, width, low, max(high, low + 1), read)


def _rows(known: Array, columns: slice | Flat, rows: Flat, dtype: np.dtype[Any]) -> Array:
    """Some columns of what minds know, [R, X], for each agent, [n, X]; put in order before it is multiplied."""
    return np.ascontiguousarray(known[:, columns], dtype).take(rows, axis=0)


def _of_actor(name: str, low: int, high: int) -> Field:
    """What an agent knows of itself."""
    return Field(name, 1, low, max(high, low + 1), lambda looker: looker.obs.of_actors(name))


def _facts(num: int) -> Callable[[Looker], Array]:
    bits = np.arange(num, dtype=np.uint32)
    return lambda looker: looker.obs.knows.take(looker.rows)[:, None] >> bits & 1
