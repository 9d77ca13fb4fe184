"""A GraphML file as plain junctions and ways, with everything wrong in it told at once.

The file is walked once by a parser that refuses document types (so no entity can be declared, and none can be blown
up), deep nesting and too many elements; only then networkx reads it. Every attribute is taken as text.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

import networkx as nx  # type: ignore[import-untyped]

from pursuit.content.files.problems import ContentError, Problem, fail
from pursuit.content.osm import values

MOST_BYTES = 512 << 20
MOST_NODES = 200_000
MOST_EDGES = 1_000_000
_MOST_DEPTH = 20
_MOST_LENGTH = 1e6  # meters of one edge
_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class RawWay:
    """One edge of the file."""

    start: str
    end: str
    tags: dict[str, str]
    line: values.Line  # from start to end, in the file's own coordinates
    length: float | None  # meters, if the file says


@dataclass(frozen=True, slots=True)
class RawGraph:
    """What a file holds."""

    at: dict[str, tuple[float, float]]  # x and y of each node
    ways: list[RawWay]
    directed: bool
    crs: str  # empty if the file does not say


@dataclass
class _Notes:
    """Problems of a file, up to as many as anybody reads."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    more: int = 0

    def add(self, code: str, message: str) -> None:
        if len(self.problems) < _MOST_TOLD:
            self.problems.append(Problem(code, message, file=self.file))
        else:
            self.more += 1

    def check(self) -> None:
        if self.more:
            self.problems.append(Problem("more-problems", f"{self.more:,} more of this sort", file=self.file))
        if self.problems:
            raise ContentError(self.problems)


def read(path: Path) -> RawGraph:
    """The graph of a GraphML file. Raises ContentError with every problem (the first twenty, and how many more)."""
    name = path.name
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise fail("too-large", f"{size:,} bytes; at most {MOST_BYTES:,} are read: cut out a smaller area", name)
        raw = path.read_bytes()
    except FileNotFoundError:
        raise fail("missing-file", "no such file", str(path)) from None
    except OSError as error:
        raise fail("unreadable-file", (error.strerror or "cannot be read").lower(), str(path)) from None
    _guard(raw, name)
    try:
        graph = nx.read_graphml(io.BytesIO(raw), node_type=str)
    except Exception as error:  # networkx lets out whatever its parts raise: KeyError, ValueError, AttributeError ...
        said = str(error).strip() or type(error).__name__
        raise fail("not-graphml", f"this is no GraphML that can be read: {said[:200]}", name) from None
    if not isinstance(graph, nx.Graph):
        raise fail("not-graphml", "there is no graph in it", name)
    return _plain(graph, name)


def _guard(raw: bytes, name: str) -> None:
    """Refuse what could harm the reader, before it reads."""
    depth, counts = 0, {"node": 0, "edge": 0}
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        raise fail("document-type", "it declares a document type or entities; take them out, GraphML needs none", name)

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        tag = tag.rpartition(":")[2]
        if depth == 1 and tag != "graphml":
            raise fail("not-graphml", f"it begins with <{tag[:40]}>, not with <graphml>: save it with OSMnx", name)
        if depth > _MOST_DEPTH:
            raise fail("too-deep", f"elements lie in each other {depth} deep at line {parser.CurrentLineNumber}", name)
        if tag in counts:
            counts[tag] += 1
            most = MOST_NODES if tag == "node" else MOST_EDGES
            if counts[tag] > most:
                raise fail("too-large", f"more than {most:,} {tag}s: cut out a smaller area", name)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise fail("not-xml", f"line {error.lineno}, column {error.offset + 1}: {what}", name) from None
    except (ValueError, LookupError) as error:
        if isinstance(error, ContentError):
            raise
        raise fail("not-xml", f"this is no XML that can be read: {error}", name) from None


def _plain(graph: Any, name: str) -> RawGraph:
    notes = _Notes(name)
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


def _spot(node: str, data: dict[str, Any], notes: _Notes) -> tuple[float, float] | None:
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
