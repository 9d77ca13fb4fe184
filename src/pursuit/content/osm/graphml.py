"""A GraphML file as plain junctions and ways, with everything wrong in it told at once.

The file is walked once by a parser that refuses document types (so no entity can be declared, and none can be blown
up), deep nesting and too many elements; only then networkx reads it. Every attribute is taken as text.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import networkx as nx  # type: ignore[import-untyped]

from pursuit.content.files.problems import fail
from pursuit.content.osm import values
from pursuit.content.osm.raw import MOST_EDGES, MOST_NODES, Notes, RawGraph, RawWay, load, walk

_MOST_LENGTH = 1e6  # meters of one edge


def read(path: Path) -> RawGraph:
    """The graph of a GraphML file. Raises ContentError with every problem (the first twenty, and how many more)."""
    name = path.name
    text = load(path)
    walk(text, name, "graphml", {"node": MOST_NODES, "edge": MOST_EDGES})
    try:
        graph = nx.read_graphml(io.BytesIO(text), node_type=str)
    except Exception as error:  # networkx lets out whatever its parts raise: KeyError, ValueError, AttributeError ...
        said = str(error).strip() or type(error).__name__
        raise fail("not-graphml", f"this is no GraphML that can be read: {said[:200]}", name) from None
    if not isinstance(graph, nx.Graph):
        raise fail("not-graphml", "there is no graph in it", name)
    return _plain(graph, name)


def _plain(graph: Any, name: str) -> RawGraph:
    notes = Notes(name)
    if graph.number_of_nodes() == 0:
        raise fail("empty-graph", "there is no node in it", name)
    if graph.number_of_edges() == 0:
        raise fail("no-edges", "there is no edge in it: nobody could go anywhere", name)
    at: dict[str, tuple[float, float]] = {}
    for node, data in graph.nodes(data=True):
        spot = _spot(str(node), data, notes)
        if spot is not None:
            at[str(node)] = spot
    notes.check()
    ways = []
    for a, b, data in graph.edges(data=True):
        try:
            ways.append(_way(at, str(a), str(b), data))
        except ValueError as error:
            notes.add("bad-edge", f"the edge from {str(a)[:40]} to {str(b)[:40]}: {error}")
    notes.check()
    return RawGraph(at, ways, bool(graph.is_directed()), str(graph.graph.get("crs", "")).strip()[:4000])


def _spot(node: str, data: dict[str, Any], notes: Notes) -> tuple[float, float] | None:
    missing = [key for key in ("x", "y") if key not in data]
    if missing:
        message = f"node {node[:40]} has no {' and no '.join(missing)}: save the graph with coordinates, as OSMnx does"
        notes.add("no-coordinates", message)
        return None
    try:
        return values.number(data["x"]), values.number(data["y"])
    except ValueError as error:
        notes.add("bad-coordinates", f"node {node[:40]}: {error}")
        return None


def _way(at: dict[str, tuple[float, float]], a: str, b: str, data: dict[str, Any]) -> RawWay:
    """An edge; its line runs from a to b, whichever way the file has it."""
    tags = {str(key): str(value) for key, value in data.items() if len(str(value)) <= values.MOST_TEXT}
    if len(tags) < len(data):
        raise ValueError(f"an attribute is longer than {values.MOST_TEXT:,} characters")
    length = None
    if tags.get("length", "").strip().lower() not in ("", "none"):
        length = values.number(tags["length"])
        if not 0 <= length <= _MOST_LENGTH:
            raise ValueError(f"a length of {length:g} m")
    line = [at[a], at[b]]
    if tags.get("geometry", "").strip().lower() not in ("", "none"):
        line = values.line(tags["geometry"])
        if _apart(line[0], at[a]) + _apart(line[-1], at[b]) > _apart(line[-1], at[a]) + _apart(line[0], at[b]):
            line.reverse()
        line[0], line[-1] = at[a], at[b]
    return RawWay(a, b, tags, line, length)


def _apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])
