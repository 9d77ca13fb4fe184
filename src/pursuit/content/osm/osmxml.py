"""OSM XML: an extract of OpenStreetMap as its editors and its server save it (``.osm``)."""

from __future__ import annotations

from pathlib import Path

from pursuit.content.osm import segments, values
from pursuit.content.osm.raw import Notes, RawGraph, load, walk

_MOST = {"node": 3_000_000, "way": 500_000, "nd": 6_000_000, "tag": 10_000_000, "relation": 500_000}


def read(path: Path) -> RawGraph:
    """The streets of a file, as a graph of its junctions. Raises ContentError with what is wrong."""
    reader = _Reader(path.name)
    walk(load(path), path.name, "osm", _MOST, reader.start, reader.end)
    return reader.graph()


class _Reader:
    """Takes nodes as they come, and ways that have a ``highway`` tag."""

    def __init__(self, name: str) -> None:
        self._name, self._notes = name, Notes(name)
        self._at: dict[str, tuple[float, float]] = {}
        self._ways: list[tuple[list[str], dict[str, str]]] = []
        self._nodes: list[str] | None = None  # of the way that is being read
        self._tags: dict[str, str] = {}

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "node":
            self._node(attributes)
        elif element == "way":
            self._nodes, self._tags = [], {}
        elif self._nodes is not None and element == "nd":
            self._nodes.append(attributes.get("ref", "")[:40])
        elif self._nodes is not None and element == "tag" and attributes.get("k") in segments.TAGS:
            self._tags[attributes["k"]] = attributes.get("v", "")[: values.MOST_TEXT]

    def end(self, element: str) -> None:
        if element == "way" and self._nodes is not None:
            if "highway" in self._tags:
                self._ways.append((self._nodes, self._tags))
            self._nodes = None

    def graph(self) -> RawGraph:
        """What was read, joined to streets. An extract ends somewhere: ways lose the nodes outside of it."""
        self._notes.check()
        parts: list[segments.Piece] = []
        for nodes, tags in self._ways:
            inside: list[str] = []
            for node in [*nodes, ""]:
                if node in self._at:
                    inside.append(node)
                    continue
                parts += segments.pieces(inside, tags)
                inside = []
        return segments.join(self._at, parts, self._name)

    def _node(self, attributes: dict[str, str]) -> None:
        node = attributes.get("id", "")[:40]
        try:
            self._at[node] = values.number(attributes.get("lon", "")), values.number(attributes.get("lat", ""))
        except ValueError as error:
            self._notes.add("bad-coordinates", f"node {node}: {error}")
