"""From what a file holds to the streets of a board: what nobody can use goes, twins become one, traps go.

The order is the one the report tells: modes, self-loops, parallel edges, the largest strongly connected part, and last
the ways of a mode that lead out of the part in which that mode gets everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import networkx as nx  # type: ignore[import-untyped]
import numpy as np

from pursuit.content.boards.geometry import Points
from pursuit.content.files.problems import fail
from pursuit.content.osm import roads, values
from pursuit.content.osm.raw import RawGraph, RawWay
from pursuit.core.board import Mode

_TWIN_SHARE, _TWIN_METERS = 0.02, 2.0  # a way and its way back are one street if their lengths differ no more


@dataclass(frozen=True, slots=True)
class Way:
    """One street between two junctions. Modes are bits; each direction has its own."""

    a: str
    b: str
    ahead: int  # who may go from a to b
    back: int
    line: Points  # from a to b, meters
    length: float  # meters
    width: str
    name: str
    kph: float


@dataclass
class Tally:
    """What was found, dropped and assumed on the way."""

    nodes: int = 0
    edges: int = 0
    dropped: dict[str, int] = field(default_factory=dict)  # by reason: edges, or nodes where it says so
    assumed: Counter[str] = field(default_factory=Counter)
    strong_nodes: int = 0
    strong_edges: int = 0


def clean(graph: RawGraph, lines: list[Points], modes: int, tally: Tally, force: bool, name: str) -> list[Way]:
    """The ways of a board. ``lines`` are those of the raw ways, in meters.

    Raises ContentError if nothing is left, or less than half of the junctions without ``force``.
    """
    one_way = [
        way for index, raw in enumerate(graph.ways) if (way := _way(raw, lines[index], modes, tally, name)) is not None
    ]
    tally.dropped["edges that no mode can use"] = len(graph.ways) - len(one_way)
    looped = [way for way in one_way if way.a != way.b]
    tally.dropped["self-loops"] = len(one_way) - len(looped)
    if not looped:
        raise fail("nothing-left", f"no edge of it is open to {_spoken(modes)}: choose other --modes", name)
    if not graph.directed:
        tally.assumed["the graph has no directions: every way goes both ways"] = len(looped)
        looped += [replace(way, a=way.b, b=way.a, line=way.line[::-1]) for way in looped]
    kept = _strongest(looped, graph, tally, force, name)
    tally.strong_edges = len(kept)
    ways = _pair(_collapse(kept, tally))
    ways = _without_traps([_walked(way, modes) for way in ways], modes, tally)
    if not ways:
        raise fail("nothing-left", f"{_spoken(modes)} can go nowhere on it and come back: choose other --modes", name)
    return ways


def _way(raw: RawWay, line: Points, modes: int, tally: Tally, name: str) -> Way | None:
    try:
        classes = values.several(raw.tags.get("highway"))
        names = values.several(raw.tags.get("name"))
        kph = _speed(raw, tally)
    except ValueError as error:
        raise fail("bad-edge", f"the edge from {raw.start[:40]} to {raw.end[:40]}: {error}", name) from None
    road = roads.road(classes)
    if road is None:
        tally.assumed["an unknown class of road: open to all, as wide as a street"] += 1
        road = roads.UNKNOWN
    open_to = road.modes & modes & ~roads.barred(raw.tags)
    if not open_to:
        return None
    if kph is None:
        tally.assumed["no speed: the usual one of the class of road"] += 1
        kph = road.kph
    drawn = float(np.hypot(*np.diff(line, axis=0).T).sum())
    length = raw.length
    if length is None:
        tally.assumed["no length: measured along the line"] += 1
        length = drawn
    return Way(raw.start, raw.end, open_to, 0, line, max(length, 0.1), road.width, names[0][:80] if names else "", kph)


def _speed(raw: RawWay, tally: Tally) -> float | None:
    if values.several(raw.tags.get("speed_kph")):
        given = values.number(raw.tags["speed_kph"])
        if 0 < given < 400:
            return given
        tally.assumed["a speed that cannot be: passed over"] += 1
    return values.speed(raw.tags.get("maxspeed"))


def _strongest(ways: list[Way], graph: RawGraph, tally: Tally, force: bool, name: str) -> list[Way]:
    """The ways inside the largest part in which every junction can be reached from every other."""
    net = nx.DiGraph((way.a, way.b) for way in ways)
    used = net.number_of_nodes()
    part = _largest(nx.strongly_connected_components(net))
    share = len(part) / len(graph.at)
    if len(part) < 2 or (share < 0.5 and not force):
        what = f"the largest part in which everybody gets everywhere has {len(part):,} of {len(graph.at):,} nodes"
        mend = "nothing can be played on that" if len(part) < 2 else "--force keeps it all the same"
        raise fail("falls-apart", f"{what}: {mend}", name)
    tally.dropped["nodes without a way"] = len(graph.at) - used
    tally.dropped["nodes outside the largest strongly connected part"] = used - len(part)
    tally.strong_nodes = len(part)
    kept = [way for way in ways if way.a in part and way.b in part]
    tally.dropped["edges outside the largest strongly connected part"] = len(ways) - len(kept)
    return kept


def _collapse(ways: list[Way], tally: Tally) -> dict[tuple[str, str], list[Way]]:
    """By pair of junctions, the shortest way, and longer ones only if they let through who cannot use it."""
    groups: dict[tuple[str, str], list[Way]] = {}
    parallel = 0
    for way in sorted(ways, key=lambda way: (way.a, way.b, way.length, way.name)):
        group = groups.setdefault((way.a, way.b), [])
        if way.ahead & ~_union(other.ahead for other in group):
            group.append(way)
        else:
            parallel += 1
    tally.dropped["parallel edges"] = parallel
    return groups


def _pair(groups: dict[tuple[str, str], list[Way]]) -> list[Way]:
    """Each way together with its way back, if they are one street; in the order of the junctions' names."""
    ways = []
    for (a, b), group in groups.items():
        behind = groups.get((b, a), [])
        if a > b and behind:
            continue  # met already, from the other end
        left = list(behind)
        for way in group:
            twin = next((other for other in left if _is_twin(way, other)), None)
            if twin is not None:
                left.remove(twin)
            ways.append(replace(way, back=twin.ahead if twin else 0))
        ways += left
    return ways


def _is_twin(way: Way, other: Way) -> bool:
    return abs(way.length - other.length) <= max(_TWIN_SHARE * way.length, _TWIN_METERS)


def _walked(way: Way, modes: int) -> Way:
    """Who walks minds no one-way sign."""
    foot = (way.ahead | way.back) & modes & roads.FOOT
    return replace(way, ahead=way.ahead | foot, back=way.back | foot)


def _without_traps(ways: list[Way], modes: int, tally: Tally) -> list[Way]:
    """Close to a mode what leads out of the largest part in which it gets everywhere."""
    for mode in Mode:
        bit = 1 << mode
        if not modes & bit:
            continue
        net = nx.DiGraph()
        net.add_edges_from((way.a, way.b) for way in ways if way.ahead & bit)
        net.add_edges_from((way.b, way.a) for way in ways if way.back & bit)
        part = _largest(nx.strongly_connected_components(net))
        closed = [
            replace(way, ahead=way.ahead & ~bit, back=way.back & ~bit)
            if (way.ahead | way.back) & bit and not (way.a in part and way.b in part)
            else way
            for way in ways
        ]
        num = sum(before is not after for before, after in zip(ways, closed, strict=True))
        if num:
            tally.dropped[f"streets closed to {mode.name.lower()}, which could not come back from them"] = num
        ways = closed
    kept = [way for way in ways if way.ahead | way.back]
    whole = nx.Graph((way.a, way.b) for way in kept)
    part = _largest(nx.connected_components(whole))
    return [way for way in kept if way.a in part]


def _largest(parts: Iterable[set[str]]) -> set[str]:
    """The largest part; of several the one with the lowest name, so that one file always gives one board."""
    return min(parts, key=lambda part: (-len(part), min(part)), default=set())


def _union(bits: Iterable[int]) -> int:
    out = 0
    for some in bits:
        out |= some
    return out


def _spoken(modes: int) -> str:
    return " or ".join(mode.name.lower() for mode in Mode if modes & 1 << mode)
