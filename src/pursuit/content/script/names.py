"""What the names of a scenario file stand for. An unknown one is noted, with the nearest known, and read as 0.

So a file can be read to its end, and all of its problems told together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.content.files.positions import KeyPath
from pursuit.content.files.source import Source
from pursuit.core.board import Board
from pursuit.core.world import Side


@dataclass
class Names:
    """The names of one file. Lists are in order of index."""

    source: Source
    board: Board | None  # None: the map cannot be used, and places are not looked up
    agents: list[str] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)  # of the agents
    quarry: list[int] = field(default_factory=list)  # slots
    items: list[str] = field(default_factory=list)
    vehicles: list[str] = field(default_factory=list)
    hazards: list[str] = field(default_factory=list)
    vars: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    cues: list[str] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    lines: dict[tuple[str, str], str] = field(default_factory=dict)  # line of ("cue", name) and ("trigger", name)
    reading: str = "both"  # the line of the table being read
    regions: dict[str, NDArray[np.int32]] = field(default_factory=dict)  # of the file
    areas: list[NDArray[np.bool_]] = field(default_factory=list)  # filled by `area`
    _area_keys: dict[bytes, int] = field(default_factory=dict)

    def index(self, what: str, name: str, known: Sequence[str], path: KeyPath) -> int:
        """The place of a name in a list."""
        if name in known:
            line = self.lines.get((what, name), "both")
            if line not in ("both", self.reading):
                self.source.error("other-line", f"{what} {name!r} exists on line {line!r} only", path)
            return list(known).index(name)
        self.source.unknown(what, name, known, path)
        return 0

    def agent(self, name: str, path: KeyPath) -> int:
        """The slot of one agent."""
        return self.index("agent", name, self.agents, path)

    def who(self, names: str | list[str] | None, path: KeyPath) -> tuple[int, ...]:
        """The slots that a selector means, in order; all without one."""
        if names is None:
            return tuple(range(len(self.agents)))
        slots: set[int] = set()
        for name, place in _each(names, path):
            slots.update(self._group(name, place) if name.startswith("@") else [self.agent(name, place)])
        return tuple(sorted(slots))

    def _group(self, name: str, path: KeyPath) -> Iterable[int]:
        if name == "@all":
            return range(len(self.agents))
        if name == "@quarry":
            return self.quarry
        groups = [f"@{side.name.lower()}" for side in Side]
        if name not in groups:
            self.source.unknown("group", name, [*groups, "@quarry", "@all"], path)
            return ()
        return [slot for slot, side in enumerate(self.sides) if side == groups.index(name)]

    def guise(self, name: str, path: KeyPath) -> int:
        """A look: of an agent, or of an item."""
        looks = [*self.agents, *self.items]
        return self.index("guise", name, looks, path)

    def door(self, name: str, path: KeyPath) -> int:
        """The index of a door of the map."""
        return 0 if self.board is None else self.index("door", name, self.board.door_name, path)

    def nodes(self, names: str | list[str], path: KeyPath) -> NDArray[np.int32]:
        """The nodes of places and regions, sorted, each once."""
        if self.board is None:
            return np.zeros(1, np.int32)
        found = [self._nodes(self.board, name, place) for name, place in _each(names, path)]
        return np.unique(np.concatenate(found)).astype(np.int32) if found else np.zeros(0, np.int32)

    def _nodes(self, board: Board, name: str, path: KeyPath) -> NDArray[np.int32]:
        if name == "@anywhere":
            return np.arange(board.num_nodes, dtype=np.int32)
        if name in self.regions:
            return self.regions[name]
        if name in board.places:
            return np.array([board.places[name]], np.int32)
        if name in board.regions:
            return board.regions[name]
        door, _, place = name.partition("@")
        if place and door in board.door_name:
            ends = board.door_nodes[board.door_name.index(door)]
            away = ((board.xy[ends] - board.xy[self.spot(place, path)]) ** 2).sum(axis=1)
            return ends[[int(away.argmin())]]
        self.source.unknown("place", name, [*board.places, *board.regions, *self.regions], path)
        return np.zeros(1, np.int32)

    def spot(self, name: str, path: KeyPath) -> int:
        """One node: a place, or the node in the middle of a region."""
        nodes = self.nodes(name, path)
        if self.board is None or len(nodes) == 1:
            return int(nodes[0])
        xy = self.board.xy[nodes]
        away = ((xy - xy.mean(axis=0)) ** 2).sum(axis=1)
        return int(nodes[np.argmin(np.round(away, 6))])

    def area(self, names: str | list[str], path: KeyPath) -> int:
        """The row of a set of nodes in `areas`, which it joins if it is new."""
        if self.board is None:
            return 0
        mask = np.zeros(self.board.num_nodes, np.bool_)
        mask[self.nodes(names, path)] = True
        mask.setflags(write=False)
        row = self._area_keys.setdefault(mask.tobytes(), len(self.areas))
        if row == len(self.areas):
            self.areas.append(mask)
        return row

    def hops(self, metres: float) -> int:
        """Metres as hops: to the nearest, at least one unless 0."""
        if self.board is None or metres == 0:
            return 0
        return max(1, int(metres / self.board.cell + 0.5))


def _each(names: str | list[str], path: KeyPath) -> list[tuple[str, KeyPath]]:
    """Names with the path of each."""
    return [(names, path)] if isinstance(names, str) else [(name, (*path, at)) for at, name in enumerate(names)]


def tables(data: dict[str, Any], key: str) -> list[tuple[KeyPath, dict[str, Any]]]:
    """The tables of an array that are tables, with their paths; whatever else stands there was noted by the model."""
    found = data.get(key, [])
    if not isinstance(found, list):
        return []
    return [((key, at), table) for at, table in enumerate(found) if isinstance(table, dict)]
