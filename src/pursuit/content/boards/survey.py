"""What a map must be, beyond the form of its file: names that exist, one piece, room for everything.

Each check notes all it finds in the source, with positions; the compiler raises them together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from pursuit.content.boards import geometry
from pursuit.content.boards.assemble import MOST_SLOTS, Edges
from pursuit.content.boards.mapfile import MapFile
from pursuit.content.boards.plan import Plan
from pursuit.content.files.positions import KeyPath
from pursuit.content.files.source import Source
from pursuit.core.board import Mode

MOST_CELLS = 10_000


def words(source: Source, spec: MapFile) -> None:
    """Before anything is built: every name known and used once, and a size that fits."""
    _names(source, spec)
    _levels(source, spec)
    if not source.problems:
        _size(source, spec)


def whole(source: Source, spec: MapFile, plan: Plan) -> None:
    """After everything is laid out: one piece, no traps, no crossings by oversight."""
    _connected(source, spec, plan)
    _crossings(source, spec, plan)


def ways_out(source: Source, spec: MapFile, plan: Plan, edges: Edges) -> None:
    """Once edges are merged: no node with more ways out than there are slots."""
    out = np.bincount(edges.start, minlength=len(plan.xy))
    for node in np.flatnonzero(out > MOST_SLOTS).tolist():
        message = f"{_names_in(plan, [node])} has {out[node]} ways out; at most {MOST_SLOTS} are possible"
        source.error("too-many-ways", message, _path_of(spec, plan, [node]))


def _names(source: Source, spec: MapFile) -> None:
    """Places, streets and rooms share one space of names: a scenario may go to any of them. Doors have their own."""
    for groups in (("place", "street", "room"), ("door",)):
        first: dict[str, str] = {}
        for group in groups:
            for index, item in enumerate(getattr(spec, group)):
                path: KeyPath = (group, index, "name")
                if item.name in first:
                    message = f"{item.name!r} is already the name of a {first[item.name]}"
                    source.error("duplicate-name", message, path)
                first.setdefault(item.name, group)
    known = [place.name for place in spec.place]
    for index, street in enumerate(spec.street):
        for position, stop in enumerate(street.through):
            if isinstance(stop, str) and stop not in known:
                source.unknown("place", stop, known, ("street", index, "through", position))
    for index, door in enumerate(spec.door):
        for position, end in enumerate(door.between):
            if end not in known:
                source.unknown("place", end, known, ("door", index, "between", position))
    for index, name in enumerate(spec.levels):
        if name in spec.levels[:index]:
            source.error("duplicate-name", f"{name!r} is already the name of a level", ("levels", index))


def _levels(source: Source, spec: MapFile) -> None:
    for group in ("place", "street", "room"):
        for index, item in enumerate(getattr(spec, group)):
            if item.level and item.level not in spec.levels:
                source.unknown("level", item.level, spec.levels, (group, index, "level"))


def _size(source: Source, spec: MapFile) -> None:
    """Refuse what would not fit before building it."""
    cell = spec.cell
    at = {place.name: place.at for place in spec.place}
    total = float(len(spec.place))
    total += sum(geometry.area(np.array(room.corners)) for room in spec.room if room.fill) / cell**2
    for street in spec.street:
        total += geometry.length(np.array([at[p] if isinstance(p, str) else p for p in street.through])) / cell
    if total > MOST_CELLS:
        message = f"about {total:,.0f} cells of {cell:g} m; a map has at most {MOST_CELLS:,}"
        source.error("too-many-cells", message, ("cell",))
    if not spec.place:
        source.error("empty-map", "a map needs at least one place")


def _connected(source: Source, spec: MapFile, plan: Plan) -> None:
    """In one piece; and whoever can walk somewhere can walk everywhere, doors and bars aside."""
    num_nodes = len(plan.xy)
    around: list[list[int]] = [[] for _ in range(num_nodes)]
    ahead: list[list[int]] = [[] for _ in range(num_nodes)]
    behind: list[list[int]] = [[] for _ in range(num_nodes)]
    foot = 1 << Mode.FOOT
    for edge in plan.edges:
        around[edge.a].append(edge.b)
        around[edge.b].append(edge.a)
        if edge.modes & foot:
            for a, b in [(edge.a, edge.b), (edge.b, edge.a)][: 2 if edge.both else 1]:
                ahead[a].append(b)
                behind[b].append(a)
    parts = _pieces(around)
    for part in parts[1:]:
        message = f"{_count(len(part))} cut off from the rest: {_names_in(plan, part)}"
        source.error("disconnected", message, _path_of(spec, plan, part))
    if len(parts) > 1:
        return
    walked = [node for node in range(num_nodes) if ahead[node] or behind[node]]
    if not walked:
        return
    for ways, what in ((ahead, "reached"), (behind, "left")):
        lost = sorted(set(walked) - _reach(ways, walked[0]))
        if lost:
            message = f"{_count(len(lost))} cannot be {what} on foot: {_names_in(plan, lost)}"
            source.error("foot-trap", message, _path_of(spec, plan, lost))


def _names_in(plan: Plan, nodes: Iterable[int]) -> str:
    part = set(nodes)
    names = [name for name, node in plan.places.items() if node in part]
    names = names or list(dict.fromkeys(plan.label[node] for node in sorted(part)))
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _path_of(spec: MapFile, plan: Plan, nodes: Iterable[int]) -> KeyPath:
    part = set(nodes)
    for index, place in enumerate(spec.place):
        if plan.places[place.name] in part:
            return ("place", index)
    for index, street in enumerate(spec.street):
        if part & set(plan.regions[street.name]):
            return ("street", index)
    return ()


def _crossings(source: Source, spec: MapFile, plan: Plan) -> None:
    """Warn of streets that cross on one level without a common place."""
    pieces = [(number, a, b) for number, (_, _, line) in enumerate(plan.lines) for a, b in pairwise(line.tolist())]
    if not pieces:
        return
    starts = np.array([piece[1] for piece in pieces])
    ends = np.array([piece[2] for piece in pieces])
    index = {street.name: number for number, street in enumerate(spec.street)}
    seen = set()
    for one, two in geometry.crossings(starts, ends).tolist():
        (a, level_a, _), (b, level_b, _) = plan.lines[pieces[one][0]], plan.lines[pieces[two][0]]
        if a.name == b.name or level_a != level_b or a.grade != b.grade or (a.name, b.name) in seen:
            continue
        seen.add((a.name, b.name))
        message = f"{b.name!r} crosses {a.name!r} without a place in common; name one, or set a grade"
        source.warn("crossing", message, ("street", index[b.name]))


def _pieces(around: list[list[int]]) -> list[set[int]]:
    """Connected pieces, the largest first."""
    left = set(range(len(around)))
    pieces = []
    while left:
        piece = _reach(around, min(left))
        pieces.append(piece)
        left -= piece
    return sorted(pieces, key=lambda piece: (-len(piece), min(piece)))


def _reach(ways: list[list[int]], start: int) -> set[int]:
    found, queue = {start}, deque([start])
    while queue:
        for node in ways[queue.popleft()]:
            if node not in found:
                found.add(node)
                queue.append(node)
    return found


def _count(cells: int) -> str:
    return "1 cell" if cells == 1 else f"{cells} cells"
