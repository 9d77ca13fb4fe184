"""A map half way to a board: cells and edges in lists. ``compile`` fills it, ``survey`` judges it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pursuit.content.boards.geometry import Points
from pursuit.content.boards.mapfile import StreetSpec


@dataclass
class Edge:
    """A way between two cells; from a to b only, unless both."""

    a: int
    b: int
    modes: int  # bits
    both: bool
    bars: bool = False
    door: int = -1


@dataclass
class Leg:
    """The cells of a street from one place to the next, both included."""

    nodes: list[int]
    edges: list[Edge]


@dataclass
class Plan:
    """What has been laid out so far. The first four lists go by cell."""

    xy: list[tuple[float, float]] = field(default_factory=list)
    level: list[int] = field(default_factory=list)
    label: list[str] = field(default_factory=list)
    feature: list[int] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    regions: dict[str, list[int]] = field(default_factory=dict)
    legs: dict[frozenset[str], Leg] = field(default_factory=dict)  # by the places at their ends
    lines: list[tuple[StreetSpec, int, Points]] = field(default_factory=list)  # street, level, the line of a leg
    strays: dict[str, list[tuple[float, float]]] = field(default_factory=dict)  # by street: real length, error

    def add(self, xy: tuple[float, float] | list[float], level: int, label: str, feature: int = 0) -> int:
        """A new cell; returns its number."""
        self.xy.append((float(xy[0]), float(xy[1])))
        self.level.append(level)
        self.label.append(label)
        self.feature.append(feature)
        return len(self.xy) - 1
