"""A street network of OpenStreetMap to a city file, step by step, with a report of all that was dropped and assumed."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import networkx as nx  # type: ignore[import-untyped]
import numpy as np

from pursuit.content.boards.geometry import Points
from pursuit.content.files.problems import did_you_mean, fail
from pursuit.content.osm import city as cities
from pursuit.content.osm import graphml, network, osmxml, pbf, plane
from pursuit.content.osm.merge import merge_short
from pursuit.content.osm.raw import RawGraph
from pursuit.core.board import Mode

LICENSE = "Open Database License 1.0 (https://opendatacommons.org/licenses/odbl/1-0/)"
ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
SIGHT = 150.0  # meters that one sees along a street, where nobody says otherwise
_SOURCES = 16


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did. Errors are shares of the real length."""

    nodes: int  # of the file
    edges: int
    dropped: dict[str, int]
    strong_nodes: int  # the largest strongly connected part, of the graph as the file has it
    strong_edges: int
    assumed: dict[str, int]
    junctions: int
    streets: int
    cells: int
    cell: float
    meters: float  # of all streets
    way_error: tuple[float, float]  # of single ways: mean by length, most
    route_error: tuple[float, float]  # of shortest ways between junctions: mean, most
    modes: dict[str, int] = field(default_factory=dict)  # streets open to each


def import_city(
    path: Path, *, cell: float = 20.0, modes: tuple[str, ...] = ("foot", "car"), force: bool = False, name: str = ""
) -> tuple[cities.City, Report]:
    """The city of a file, and the report: GraphML as OSMnx saves it, or an extract as OSM XML or PBF (by its ending).

    ``cell`` is in meters; ``name`` is the city's id, by default made of the file's name. Raises ContentError with what
    is wrong and what would mend it; nothing of the file is ever evaluated.
    """
    if not (math.isfinite(cell) and 1 <= cell <= 10_000):
        raise fail("bad-cell", f"cells of {cell:g} m will not do; from 1 to 10,000 m they may have")
    bits = _mode_bits(modes)
    raw = _read(path)
    tally = network.Tally(len(raw.at), len(raw.ways))
    tally.assumed["source and license: OpenStreetMap, ODbL 1.0"] = 1
    tally.assumed[f"sight along streets: {SIGHT:g} m"] = 1
    lines = _project(raw, tally, path.name)
    ways = network.clean(raw, lines, bits, tally, force, path.name)
    _judge_lengths(ways, tally)
    ways = merge_short(ways, cell, tally)
    city = _city(ways, cell, name or cities.key_of(path.name.split(".")[0]) or "city", path.name)
    cells = cities.num_cells(city)
    if cells > cities.MOST_CELLS:
        mend = math.ceil(cell * cells / cities.MOST_CELLS / 5) * 5 + 5
        message = f"{cells:,} cells of {cell:g} m; a city has at most {cities.MOST_CELLS:,}: try --cell {mend}"
        raise fail("too-many-cells", message, path.name)
    return city, _report(city, tally, bits)


def _read(path: Path) -> RawGraph:
    ending = path.name.lower()
    if ending.endswith(".pbf"):
        return pbf.read(path)
    return osmxml.read(path) if ending.endswith((".osm", ".osm.xml")) else graphml.read(path)


def _mode_bits(modes: tuple[str, ...]) -> int:
    known = {mode.name.lower(): 1 << mode for mode in Mode}
    for mode in modes:
        if mode not in known:
            raise fail("unknown-mode", f"{mode!r} is not one of {', '.join(known)}{did_you_mean(mode, known)}")
    if not modes:
        raise fail("no-mode", f"name at least one of {', '.join(known)}")
    return sum(known[mode] for mode in set(modes))


def _project(raw: RawGraph, tally: network.Tally, name: str) -> list[Points]:
    """The line of each way in meters around the middle of all junctions."""
    spots = np.array(list(raw.at.values()))
    low, high = spots.min(axis=0), spots.max(axis=0)
    middle = (low + high) / 2
    lines = [np.array(way.line, np.float64) for way in raw.ways]
    if _in_degrees(raw, low, high, tally):
        if low[0] < -180 or high[0] > 180 or low[1] < -85 or high[1] > 85:
            raise fail("bad-coordinates", f"its coordinates are no degrees, though it says {raw.crs[:40]!r}", name)
        if (high - low).max() > plane.MOST_DEGREES:
            what = f"it spans {high[0] - low[0]:.1f} by {high[1] - low[1]:.1f} degrees"
            raise fail("too-wide", f"{what}; a city has at most {plane.MOST_DEGREES:g}: cut out a smaller area", name)
        lines = [plane.to_meters(line, (float(middle[0]), float(middle[1]))) for line in lines]
    else:
        lines = [line - middle for line in lines]
    reach = max(float(np.abs(line).max()) for line in lines)
    if reach > 5e5:
        raise fail("too-wide", f"it reaches {reach / 1000:,.0f} km from its middle: cut out a smaller area", name)
    return lines


def _in_degrees(raw: RawGraph, low: Any, high: Any, tally: network.Tally) -> bool:
    """By the coordinate system the file names; without one, by whether the numbers could be degrees."""
    crs = raw.crs.lower().replace(" ", "")
    if crs:
        return bool(re.search(r"(epsg:+4326|crs:?84|^4326$|^geogcrs|^geogcs|longlat|wgs84$)", crs))
    tally.assumed["no coordinate system: told by the numbers"] = 1
    return bool(low[0] >= -180 and high[0] <= 180 and low[1] >= -90 and high[1] <= 90)


def _judge_lengths(ways: list[network.Way], tally: network.Tally) -> None:
    """Lengths that the file gives should be those of its lines."""
    drawn = np.array([float(np.hypot(*np.diff(way.line, axis=0).T).sum()) for way in ways])
    given = np.array([way.length for way in ways])
    if drawn.sum() and not 0.9 < given.sum() / drawn.sum() < 1.1:
        ratio = given.sum() / drawn.sum()
        tally.assumed[f"lengths are {ratio:.2f} of what the lines measure (feet? another projection?)"] = len(ways)


def _city(ways: list[network.Way], cell: float, name: str, source: str) -> cities.City:
    ends: dict[str, tuple[float, float]] = {}
    for way in ways:
        ends[way.a], ends[way.b] = tuple(way.line[0].tolist()), tuple(way.line[-1].tolist())
    index = {node: number for number, node in enumerate(ends)}
    names = ["", *sorted({way.name for way in ways} - {""})]
    number = {text: k for k, text in enumerate(names)}
    called = _place_names(list(ends), ways)
    return cities.City(
        id=name,
        title=name.replace("_", " ").title(),
        cell=cell,
        sight=SIGHT,
        source=source,
        license=LICENSE,
        attribution=ATTRIBUTION,
        names=names,
        junctions=[cities.Junction(called[node], round(x, 2), round(y, 2)) for node, (x, y) in ends.items()],
        ways=[
            cities.CityWay(
                index[way.a],
                index[way.b],
                max(round(way.length / cell), 1),
                way.ahead,
                way.back,
                round(way.length, 3),
                way.width,  # type: ignore[arg-type]  # one of roads.WIDTHS
                number[way.name],
                max(round(way.kph, 1), 0.1),
                [round(value, 2) for value in way.line[1:-1].ravel().tolist()],
            )
            for way in ways
        ],
    )


def _place_names(nodes: list[str], ways: list[network.Way]) -> dict[str, str]:
    """A junction is called by the streets that meet there, as people do; ``corner`` where they have no names."""
    meet: dict[str, set[str]] = {node: set() for node in nodes}
    for way in ways:
        for node in (way.a, way.b):
            meet[node].add(cities.key_of(way.name))
    streets = set(chain.from_iterable(meet.values()))
    used: Counter[str] = Counter()
    called = {}
    for node in nodes:
        here = sorted(meet[node] - {""})[:3]
        base = "_and_".join(here) if len(here) > 1 else f"{here[0]}_corner" if here else "corner"
        used[base] += 1
        while (name := base if used[base] == 1 else f"{base}_{used[base]}") in streets:
            used[base] += 1
        called[node] = name
        streets.add(name)
    return called


def _report(city: cities.City, tally: network.Tally, bits: int) -> Report:
    real = np.array([way.length for way in city.ways])
    error = np.abs(np.array([way.hops for way in city.ways]) * city.cell - real) / real
    return Report(
        nodes=tally.nodes,
        edges=tally.edges,
        dropped={what: count for what, count in tally.dropped.items() if count},
        strong_nodes=tally.strong_nodes,
        strong_edges=tally.strong_edges,
        assumed=dict(tally.assumed),
        junctions=len(city.junctions),
        streets=len(city.ways),
        cells=cities.num_cells(city),
        cell=city.cell,
        meters=float(real.sum()),
        way_error=(float((error * real).sum() / real.sum()), float(error.max())),
        route_error=route_error(city, bits),
        modes={
            mode.name.lower(): sum(bool((way.ahead | way.back) & 1 << mode) for way in city.ways)
            for mode in Mode
            if bits & 1 << mode
        },
    )


def route_error(city: cities.City, bits: int) -> tuple[float, float]:
    """How far shortest ways in hops stray from shortest ways in meters: mean and most, over ways of 20 cells or more.

    From junctions evenly spread over the file to all others, for the last of the modes.
    """
    mode = max(mode for mode in Mode if bits & 1 << mode)
    net = nx.DiGraph()
    for way in city.ways:
        for a, b, modes in ((way.a, way.b, way.ahead), (way.b, way.a, way.back)):
            if modes & 1 << mode:
                old = net.get_edge_data(a, b, {"hops": way.hops, "length": way.length})
                net.add_edge(a, b, hops=min(old["hops"], way.hops), length=min(old["length"], way.length))
    nodes = sorted(net)
    errors = []
    for start in nodes[:: max(len(nodes) // _SOURCES, 1)]:
        hops = nx.single_source_dijkstra_path_length(net, start, weight="hops")
        meters = nx.single_source_dijkstra_path_length(net, start, weight="length")
        errors += [abs(hops[goal] * city.cell - real) / real for goal, real in meters.items() if real >= 20 * city.cell]
    return (sum(errors) / len(errors), max(errors)) if errors else (0.0, 0.0)
