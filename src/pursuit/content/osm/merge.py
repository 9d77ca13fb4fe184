"""Streets too short for a cell: their two junctions become one.

A way across a curb, from a path to the street beside it, is a few meters long and would cost a whole hop. Junctions
become one where that gives no mode a turn it did not have, and none is moved by more than half a cell.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from pursuit.content.boards.geometry import Points
from pursuit.content.osm.network import Tally, Way


def merge_short(ways: list[Way], cell: float, tally: Tally) -> list[Way]:
    """The ways without those shorter than half a cell whose ends could be made one."""
    spot: dict[str, Points] = {}
    modes: Counter[str] = Counter()
    degree: Counter[str] = Counter()
    for way in ways:
        for node, point in ((way.a, way.line[0]), (way.b, way.line[-1])):
            spot[node] = point
            modes[node] |= way.ahead | way.back
            degree[node] += 1
    into: dict[str, str] = {}
    reach = dict.fromkeys(spot, 0.0)  # how far the nodes that a junction stands for are moved

    def find(node: str) -> str:
        while node in into:
            node = into[node]
        return node

    for way in sorted(ways, key=lambda way: (way.length, way.a, way.b)):
        if way.length >= cell / 2:
            break
        a, b = find(way.a), find(way.b)
        if a == b or modes[a] & modes[b] & ~(way.ahead & way.back):
            continue
        kept, gone = sorted((a, b), key=lambda node: (-degree[node], node))
        moved = reach[gone] + float(np.hypot(*(spot[gone] - spot[kept])))
        if moved > cell / 2:
            continue
        into[gone] = kept
        reach[kept] = max(reach[kept], moved)
        modes[kept] |= modes[gone]
        degree[kept] += degree[gone]
    merged = []
    for way in ways:
        a, b = find(way.a), find(way.b)
        if a != b:
            line = np.concatenate([spot[a][None], way.line[1:-1], spot[b][None]])
            merged.append(way if (a, b) == (way.a, way.b) else replace(way, a=a, b=b, line=line))
    if not merged:
        return ways
    tally.dropped["junctions that became one with another within half a cell"] = len(into)
    tally.dropped["streets between junctions that became one"] = len(ways) - len(merged)
    return merged
