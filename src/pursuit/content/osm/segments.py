"""From the nodes and ways of OpenStreetMap to edges between junctions, as the importer wants them.

OpenStreetMap draws a street as ways through many nodes, most of which are only bends. Here ways are joined and cut so
that nodes are left where more than two ends meet, or where a street becomes another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from pursuit.content.files.problems import fail
from pursuit.content.osm.raw import MOST_EDGES, MOST_NODES, RawGraph, RawWay

TAGS = (
    "highway", "name", "maxspeed", "oneway", "junction",
    "access", "vehicle", "motor_vehicle", "motorcar", "motorcycle", "hgv", "foot",
)  # fmt: skip
"""The tags that the importer reads."""

_ONE_WAY = ("yes", "true", "1", "-1", "reverse")


@dataclass(frozen=True, slots=True)
class Piece:
    """A straight bit of a way; with ``one_way`` it leads from a to b."""

    a: str
    b: str
    tags: dict[str, str]
    one_way: bool


def pieces(nodes: list[str], tags: dict[str, str]) -> Iterable[Piece]:
    """The pieces of a way through some nodes."""
    said = tags.get("oneway", "")
    circles = tags.get("junction", "") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    one_way = said in _ONE_WAY or (circles and said != "no")
    if said in ("-1", "reverse"):
        nodes = nodes[::-1]
    kept = {key: value for key, value in tags.items() if key in TAGS and key not in ("oneway", "junction")}
    for a, b in pairwise(nodes):
        if a != b:
            yield Piece(a, b, kept, one_way)


def join(at: dict[str, tuple[float, float]], parts: list[Piece], name: str) -> RawGraph:
    """The graph of all pieces: one edge, or two for both directions, for each street between two junctions.

    ``at`` is longitude and latitude of each node. Raises ContentError if there is no piece, or too many.
    """
    if not parts:
        raise fail("no-edges", "there is no street in it: nobody could go anywhere", name)
    if len(parts) > MOST_EDGES:
        message = f"{len(parts):,} pieces of streets; at most {MOST_EDGES:,} are read: cut out a smaller area"
        raise fail("too-large", message, name)
    meeting: dict[str, list[int]] = {}
    for index, part in enumerate(parts):
        meeting.setdefault(part.a, []).append(index)
        meeting.setdefault(part.b, []).append(index)
    bends = {node for node, meet in meeting.items() if _is_bend(node, [parts[index] for index in meet])}
    junctions = [node for node in meeting if node not in bends]
    if len(junctions) > MOST_NODES:
        message = f"{len(junctions):,} junctions; at most {MOST_NODES:,} are read: cut out a smaller area"
        raise fail("too-large", message, name)
    ways: list[RawWay] = []
    done = [False] * len(parts)
    for start in junctions:
        for index in meeting[start]:
            if done[index]:
                continue
            chain, backward = _follow(start, index, parts, meeting, bends, done)
            part = parts[index]
            line = [at[node] for node in chain]
            if not (part.one_way and backward):
                ways.append(RawWay(chain[0], chain[-1], part.tags, line, None))
            if not part.one_way or backward:
                ways.append(RawWay(chain[-1], chain[0], part.tags, line[::-1], None))
    if not ways:
        raise fail("no-edges", "its streets meet nowhere: nobody could go anywhere", name)
    return RawGraph({node: at[node] for node in junctions}, ways, True, "epsg:4326")


def _is_bend(node: str, meet: list[Piece]) -> bool:
    """Whether a street just goes on at a node."""
    if len(meet) != 2:
        return False
    one, other = meet
    if one.tags != other.tags or one.one_way != other.one_way:
        return False
    return not one.one_way or (one.b == node) != (other.b == node)


def _follow(
    start: str, index: int, parts: list[Piece], meeting: dict[str, list[int]], bends: set[str], done: list[bool]
) -> tuple[list[str], bool]:
    """The nodes of a street from a junction to the next, and whether it is walked against its pieces' direction."""
    backward = parts[index].b == start
    chain = [start]
    while True:
        done[index] = True
        part = parts[index]
        node = part.a if part.b == chain[-1] else part.b
        chain.append(node)
        if node not in bends:
            return chain, backward
        one, other = meeting[node]
        index = other if one == index else one
