"""Small random boards: rooms and streets on a grid, two levels, doors, bars, cover and hiding places."""

from __future__ import annotations

from random import Random
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Board, Door, Feature, Mode

T = TypeVar("T", bound=np.generic)

FOOT, ALL = 1 << Mode.FOOT, (1 << len(Mode)) - 1
CELL = 5.0  # metres


def fixed(values: object, dtype: type[T]) -> NDArray[T]:
    """A read-only array."""
    array = np.array(values, dtype)
    array.setflags(write=False)
    return array


def make_board(
    xy: list[tuple[float, float]],
    edges: list[tuple[int, int]],
    *,
    level: list[int] | None = None,
    one_way: tuple[int, ...] = (),
    modes: dict[int, int] | None = None,
    bars: tuple[int, ...] = (),
    doors: dict[int, tuple[Door, bool]] | None = None,
    feature: dict[int, Feature] | None = None,
    sight_hops: int = -1,
    room: list[int] | None = None,
) -> Board:
    """A board from a list of edges; edges are named by their place in it.

    ``doors`` says of an edge the door's start and whether it is a route door; ``modes`` defaults to all modes.
    """
    num_nodes = len(xy)
    doors, modes = doors or {}, modes or {}
    out: list[list[tuple[int, int]]] = [[] for _ in range(num_nodes)]  # (neighbor, edge)
    for edge, (a, b) in enumerate(edges):
        out[a].append((b, edge))
        if edge not in one_way:
            out[b].append((a, edge))
    width = 1 + max(map(len, out))
    neighbor = np.repeat(np.arange(num_nodes)[:, None], width, axis=1)
    mode, bar, door = np.zeros((3, num_nodes, width), np.int64)
    mode[:, 0], door[:] = ALL, -1
    for node, ways in enumerate(out):
        for slot, (other, edge) in enumerate(sorted(ways), 1):
            neighbor[node, slot] = other
            mode[node, slot] = modes.get(edge, ALL)
            bar[node, slot] = edge in bars
            door[node, slot] = list(doors).index(edge) if edge in doors else -1
    features = [int((feature or {}).get(node, 0)) for node in range(num_nodes)]
    routes = iter(range(len(doors)))
    return Board(
        name="random", title="Random", cell=CELL,
        xy=fixed(xy, np.float64), level=fixed(level or [0] * num_nodes, np.int8),
        label=tuple(f"node {node}" for node in range(num_nodes)), neighbor=fixed(neighbor, np.int32),
        modes=fixed(mode, np.uint8), bars=fixed(bar, np.bool_), door=fixed(door, np.int16),
        degree=fixed([1 + len(ways) for ways in out], np.uint8), feature=fixed(features, np.uint16),
        door_name=tuple(f"door {edge}" for edge in doors),
        door_start=fixed([start for start, _ in doors.values()], np.int8),
        door_route=fixed([next(routes) if is_route else -1 for _, is_route in doors.values()], np.int8),
        door_nodes=fixed(np.reshape([edges[edge] for edge in doors], (-1, 2)), np.int32),
        sight_hops=sight_hops, room=fixed(room if room is not None else [], np.int16),
    )  # fmt: skip


def random_board(rng: Random) -> Board:
    """6 to 30 nodes with everything that a board can hold."""
    wide, high = rng.choice([(3, 2), (3, 3), (4, 3), (4, 4), (5, 4), (6, 4)])
    ground = [(x, y) for y in range(high) for x in range(wide)]
    upstairs = rng.sample(range(len(ground)), rng.randint(0, 3))
    nodes = [(x, y, 0) for x, y in ground] + [(*ground[below], 1) for below in upstairs]
    edges = []
    for at, (x, y) in enumerate(ground):
        edges += [(at, at + 1)] if x + 1 < wide and rng.random() < 0.85 else []
        edges += [(at, at + wide)] if y + 1 < high and rng.random() < 0.85 else []
    for at, below in enumerate(upstairs, len(ground)):
        edges.append((below, at))
        edges += [(at - 1, at)] if at > len(ground) and rng.random() < 0.5 else []
    every = range(len(edges))
    hinged = rng.sample(every, rng.randint(0, min(5, len(edges) // 2)))
    routes = set(rng.sample(hinged, rng.randint(0, min(3, len(hinged)))))
    free = [edge for edge in every if edge not in hinged]
    return make_board(
        [(x * CELL + rng.uniform(-0.4, 0.4), y * CELL + rng.uniform(-0.4, 0.4)) for x, y, _ in nodes],
        edges,
        level=[level for _, _, level in nodes],
        one_way=tuple(edge for edge in free if rng.random() < 0.06),
        modes={e: rng.choice([FOOT, FOOT | 2, FOOT | 6, ALL & ~FOOT]) for e in every if rng.random() < 0.25},
        bars=tuple(rng.sample(free, rng.randint(0, min(3, len(free))))),
        doors={edge: (Door(rng.choice([0, 1, 1, 2, 2, 3])), edge in routes) for edge in hinged},
        feature=_features(rng, len(nodes), edges),
        sight_hops=rng.choice([-1, 1, 2, 3, 3, 5]),
        room=[rng.choice([-1, 0, 1]) for _ in nodes] if rng.random() < 0.3 else None,
    )


def _features(rng: Random, num_nodes: int, edges: list[tuple[int, int]]) -> dict[int, Feature]:
    """Cover and hiding places; now and then a vat under a hoist, presses and a lever."""
    some = [Feature.COVER, Feature.COVER, Feature.HIDE, Feature.COVER | Feature.HIDE]
    features = {node: rng.choice(some) for node in range(num_nodes) if rng.random() < 0.3}
    if rng.random() < 0.5:
        vat, hoist = rng.choice(edges)
        features[vat] = features.get(vat, Feature(0)) | Feature.VAT
        features[hoist] = features.get(hoist, Feature(0)) | Feature.HOIST
    if rng.random() < 0.4:
        for node in rng.sample(range(num_nodes), 3):
            features[node] = features.get(node, Feature(0)) | rng.choice([Feature.PRESS, Feature.LEVER])
    for node in rng.sample(range(num_nodes), 2):
        features[node] = features.get(node, Feature(0)) | Feature.TERMINAL | Feature.CACHE
    return features


def open_board(rng: Random) -> Board:
    """A unit board for the classical rulesets: no doors, no bars, everybody on foot."""
    wide, high = rng.choice([(3, 2), (3, 3), (4, 3), (5, 4)])
    nodes = [(x * CELL, y * CELL) for y in range(high) for x in range(wide)]
    edges = [(at, at + 1) for at in range(len(nodes)) if at % wide + 1 < wide and rng.random() < 0.9]
    edges += [(at, at + wide) for at in range(len(nodes) - wide) if rng.random() < 0.8]
    one_way = tuple(edge for edge in range(len(edges)) if rng.random() < 0.08)
    return make_board(nodes, edges, one_way=one_way, sight_hops=rng.choice([-1, -1, 1, 2, 4]))
