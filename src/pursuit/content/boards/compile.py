"""A map file to a Board: streets are cut into cells, rooms filled, doors hung, names made indices.

Every mistake of the file is noted with its position; all are raised together. ``Board.stray`` says how far hops lie
from the truth: for each leg of a street, from one place to the next, the relative error of hops times cell against
its real length. ``mean`` weighs legs by length, ``max`` is the worst leg, ``street NAME`` the worst leg of a street,
worst street first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from pursuit.content.boards import geometry, survey
from pursuit.content.boards.assemble import Edges, freeze, merge, tabulate
from pursuit.content.boards.mapfile import USUAL_MODES, MapFile, PlaceSpec, RoomSpec, StreetSpec
from pursuit.content.boards.plan import Edge, Leg, Plan
from pursuit.content.files.positions import KeyPath
from pursuit.content.files.source import Source
from pursuit.core.board import Board, Door, Feature, Mode, Room, Street

MOST_ROUTES = 6
_ALL_MODES = (1 << len(Mode)) - 1


def compile_map(source: Source) -> Board:
    """The board of a map file. Raises ContentError with every problem; warnings are left in ``source.warnings``."""
    spec = source.validate(MapFile)
    source.check()
    assert spec is not None  # or check() would have raised
    return _Compiler(source, spec).board()


@dataclass
class _Compiler:
    source: Source
    spec: MapFile
    plan: Plan = field(default_factory=Plan)

    def board(self) -> Board:
        survey.words(self.source, self.spec)
        self.source.check()
        cells = {room.name: self._fill(index, room) for index, room in enumerate(self.spec.room) if room.fill}
        for index, place in enumerate(self.spec.place):
            self._place(index, place, cells)
        for index, street in enumerate(self.spec.street):
            self._street(index, street)
        self._doors()
        self.source.check()
        survey.whole(self.source, self.spec, self.plan)
        edges = self._directed()
        survey.ways_out(self.source, self.spec, self.plan, edges)
        self.source.check()
        return self._assemble(edges)

    def _level(self, name: str) -> int:
        names = self.spec.levels
        ground = names.index("ground") if "ground" in names else 0
        return names.index(name) - ground if name else 0

    # Nodes

    def _fill(self, index: int, room: RoomSpec) -> list[int]:
        middles, pairs = geometry.lattice(np.array(room.corners, np.float64), self.spec.cell)
        if not len(middles):
            message = f"no cell of {self.spec.cell:g} m fits into {room.name!r}"
            self.source.error("empty-room", message, ("room", index, "corners"))
        level, modes = self._level(room.level), _mode_bits(room.modes)
        label = room.label or _spoken(room.name)
        nodes = [self.plan.add(xy, level, label, _feature_bits(room.features)) for xy in middles.tolist()]
        self.plan.edges += [Edge(nodes[a], nodes[b], modes, both=True) for a, b in pairs.tolist()]
        return nodes

    def _place(self, index: int, place: PlaceSpec, cells: dict[str, list[int]]) -> None:
        level = self._level(place.level)
        label = place.label or _spoken(place.name)
        bits = _feature_bits(place.features)
        for room in self.spec.room:
            nodes = cells.get(room.name)
            if not nodes or self._level(room.level) != level:
                continue
            if not geometry.inside(np.array([place.at], np.float64), np.array(room.corners, np.float64))[0]:
                continue
            off = np.hypot(*(np.array([self.plan.xy[node] for node in nodes]) - place.at).T)
            node = nodes[int(off.argmin())]
            if node in self.plan.places.values():
                other = next(name for name, taken in self.plan.places.items() if taken == node)
                message = f"{place.name!r} falls into the same cell of {room.name!r} as {other!r}"
                self.source.error("cell-taken", message, ("place", index, "at"))
            self.plan.places[place.name] = node
            self.plan.label[node] = label
            self.plan.feature[node] |= bits
            return
        self.plan.places[place.name] = self.plan.add(place.at, level, label, bits)

    # Streets

    def _street(self, index: int, street: StreetSpec) -> None:
        """Cut each leg, from one named place to the next, into equal cells."""
        path: KeyPath = ("street", index, "through")
        own = self._level(street.level)
        label = street.label or _spoken(street.name)
        modes = _mode_bits(street.modes if street.modes is not None else USUAL_MODES[street.width])
        last = len(street.through) - 1
        ends = [k for k, stop in enumerate(street.through) if isinstance(stop, str) or k in (0, last)]
        region: list[int] = []
        for first, second in pairwise(ends):
            line = np.array([self._at(stop) for stop in street.through[first : second + 1]], np.float64)
            if (np.hypot(*np.diff(line, axis=0).T) < 1e-6).any():
                self.source.error("zero-length", f"a leg of {street.name!r} has no length", (*path, second))
                continue
            if not region:
                region.append(self._stop(street.through[first], own, label))
            start = region[-1]
            stop = street.through[second]
            goal = self._stop(stop, own, label)
            leg = self._cut(street, line, start, goal, label, modes)
            region += leg.nodes[1:]
            if isinstance(stop, str) and isinstance(street.through[first], str):
                self.plan.legs.setdefault(frozenset((str(street.through[first]), stop)), leg)
        self.plan.regions[street.name] = region

    def _at(self, stop: str | list[float]) -> Sequence[float]:
        return self.plan.xy[self.plan.places[stop]] if isinstance(stop, str) else stop

    def _stop(self, stop: str | list[float], level: int, label: str) -> int:
        return self.plan.places[stop] if isinstance(stop, str) else self.plan.add(stop, level, label)

    def _cut(self, street: StreetSpec, line: geometry.Points, start: int, goal: int, label: str, modes: int) -> Leg:
        cell, real = self.spec.cell, geometry.length(line)
        hops = max(round(real / cell), 2 if start == goal else 1)  # a loop has a cell to go to
        self.plan.strays.setdefault(street.name, []).append((real, abs(hops * cell - real) / real))
        shares = np.arange(1, hops) / hops
        a, b = self.plan.level[start], self.plan.level[goal]
        levels = [a if share < 0.5 else b for share in shares.tolist()]
        between = [
            self.plan.add(xy, level, label)
            for xy, level in zip(geometry.along(line, shares).tolist(), levels, strict=True)
        ]
        nodes = [start, *between, goal]
        edges = [Edge(here, there, modes, not street.one_way) for here, there in pairwise(nodes)]
        if street.bars:
            edges[len(edges) // 2].bars = True
        self.plan.edges += edges
        for level in dict.fromkeys((a, b)):
            self.plan.lines.append((street, level, line))
        return Leg(nodes, edges)

    def _doors(self) -> None:
        routes = 0
        for index, door in enumerate(self.spec.door):
            if door.routes:
                routes += 1
                if routes == MOST_ROUTES + 1:
                    message = f"more than {MOST_ROUTES} doors have routes = true"
                    self.source.error("too-many-routes", message, ("door", index, "routes"))
            leg = self.plan.legs.get(frozenset(door.between))
            if leg is None:
                if set(door.between) <= set(self.plan.places):
                    a, b = door.between
                    message = f"no street leads straight from {a!r} to {b!r} for a door to stand on"
                    self.source.error("door-off-street", message, ("door", index, "between"))
                continue
            edge = leg.edges[(len(leg.edges) - 1) // 2]
            if edge.door >= 0:
                message = f"{self.spec.door[edge.door].name!r} already stands there"
                self.source.error("door-on-door", message, ("door", index, "between"))
            edge.door = index

    def _directed(self) -> Edges:
        rows = [
            row
            for edge in self.plan.edges
            for row in [
                (edge.a, edge.b, edge.modes, edge.bars, edge.door),
                (edge.b, edge.a, edge.modes, edge.bars, edge.door),
            ][: 2 if edge.both else 1]
        ]
        table = np.array(rows, np.int64).reshape(-1, 5)
        start, end, modes, bars, door = table.T
        return merge(
            Edges(
                start.astype(np.int32),
                end.astype(np.int32),
                modes.astype(np.uint8),
                bars.astype(np.bool_),
                door.astype(np.int16),
            )
        )

    # The board

    def _assemble(self, edges: Edges) -> Board:
        spec = self.spec
        num_nodes = len(self.plan.xy)
        slots = tabulate(num_nodes, edges, _ALL_MODES)
        door_nodes = [(edge.door, edge.a, edge.b) for edge in self.plan.edges if edge.door >= 0]
        route = np.cumsum([door.routes for door in spec.door]) - 1
        xy, level = np.array(self.plan.xy), np.array(self.plan.level, np.int8)
        room = self._rooms(xy, level)
        regions = {name: np.unique(nodes).astype(np.int32) for name, nodes in self.plan.regions.items() if nodes}
        board = Board(
            name=spec.id,
            title=spec.title,
            cell=float(spec.cell),
            xy=xy,
            level=level,
            label=tuple(self.plan.label),
            neighbor=slots.neighbor,
            modes=slots.modes,
            bars=slots.bars,
            door=slots.door,
            degree=slots.degree,
            feature=np.array(self.plan.feature, np.uint16),
            door_name=tuple(door.name for door in spec.door),
            door_start=np.array([Door[door.start.upper()] for door in spec.door], np.int8),
            door_route=np.array([bit if d.routes else -1 for d, bit in zip(spec.door, route, strict=True)], np.int8),
            door_nodes=np.array([(a, b) for _, a, b in sorted(door_nodes)], np.int32).reshape(-1, 2),
            sight_hops=-1 if isinstance(spec.sight, str) else round(spec.sight / spec.cell),
            places=dict(self.plan.places),
            regions=regions,
            streets=tuple(
                Street(_spoken(street.name) if street.label is None else street.label, street.width, on, line)
                for street, on, line in self._drawn()
            ),
            rooms=tuple(
                Room(room.name, room.label, room.kind, self._level(room.level), np.array(room.corners, np.float64))
                for room in spec.room
            ),
            room=room,
            attribution=spec.attribution,
            stray=self._stray(),
        )
        return freeze(board)

    def _drawn(self) -> Iterable[tuple[StreetSpec, int, geometry.Points]]:
        """The lines of streets, legs on one level joined end to end."""
        joined: list[tuple[StreetSpec, int, geometry.Points]] = []
        for street, level, line in self.plan.lines:
            if joined and joined[-1][0] is street and joined[-1][1] == level:
                before = joined[-1][2]
                if np.allclose(before[-1], line[0]):
                    joined[-1] = (street, level, np.concatenate([before, line[1:]]))
                    continue
            joined.append((street, level, line))
        return joined

    def _rooms(self, xy: geometry.Points, level: NDArray[np.int8]) -> NDArray[np.int16]:
        """Note each room's cells as a region; the smallest open room around each node, -1 outside."""
        number = np.full(len(xy), -1, np.int16)
        corners = [np.array(room.corners, np.float64) for room in self.spec.room]
        for index in sorted(range(len(corners)), key=lambda index: -geometry.area(corners[index])):
            room = self.spec.room[index]
            within = geometry.inside(xy, corners[index]) & (level == self._level(room.level))
            self.plan.regions[room.name] = np.flatnonzero(within).tolist()
            number[within] = index if room.open else -1
        return number

    def _stray(self) -> dict[str, float]:
        legs = list(chain.from_iterable(self.plan.strays.values()))
        total = sum(real for real, _ in legs)
        stray = {
            "mean": sum(real * error for real, error in legs) / total if total else 0.0,
            "max": max((error for _, error in legs), default=0.0),
        }
        worst = {name: max(error for _, error in found) for name, found in self.plan.strays.items()}
        for name in sorted(worst, key=lambda name: -worst[name]):
            stray[f"street {name}"] = worst[name]
        return stray


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _mode_bits(names: Iterable[str]) -> int:
    return sum({1 << Mode[name.upper()] for name in names})


def _feature_bits(names: Iterable[str]) -> int:
    return sum({int(Feature[name.upper()]) for name in names})
