"""Where pieces stand between two turns and how those on one node move apart. Plain geometry.

Dimension letters: ``N`` nodes, ``P`` impulses + 1.
"""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from pursuit.viewer.frame import Point


def along(node_xy: NDArray[np.float64], level: NDArray[np.int8], path: NDArray[np.integer], part: float) -> Point:
    """The point a part (0 to 1) of the way along a path [P] of nodes, at even speed.

    A leg between two levels [N] is jumped halfway, as its ends are drawn on different floors.
    """
    nodes = [int(path[0])]
    for node in path[1:].tolist():
        if node != nodes[-1]:
            nodes.append(node)
    at = part * (len(nodes) - 1)
    leg = min(int(at), max(len(nodes) - 2, 0))
    first, second = nodes[leg], nodes[min(leg + 1, len(nodes) - 1)]
    share = at - leg
    if level[first] != level[second]:
        share = float(share >= 0.5)
    x, y = node_xy[first] * (1 - share) + node_xy[second] * share
    return float(x), float(y)


def spread(nodes: list[int]) -> list[Point]:
    """Offsets, in token radii, that move apart those on one node: on a ring around it; (0, 0) if alone."""
    size_at: dict[int, int] = {}
    for node in nodes:
        size_at[node] = size_at.get(node, 0) + 1
    placed: dict[int, int] = {}
    offsets: list[Point] = []
    for node in nodes:
        size, place = size_at[node], placed.get(node, 0)
        placed[node] = place + 1
        if size == 1:
            offsets.append((0.0, 0.0))
        else:
            ring = 1.0 if size == 2 else max(1.2, 0.36 * size)
            turn = 2 * pi * place / size + (pi if size == 2 else pi / 2)
            offsets.append((ring * cos(turn), ring * sin(turn)))
    return offsets


def blend(first: list[Point], second: list[Point], part: float) -> list[Point]:
    """Points a part of the way from each of `first` to each of `second`."""
    rest = 1 - part
    return [(a[0] * rest + b[0] * part, a[1] * rest + b[1] * part) for a, b in zip(first, second, strict=True)]


def part(spots: list[Point], radii: list[float], rounds: int = 8) -> list[Point]:
    """The spots moved just so far that circles of these radii hardly overlap; pixels in, pixels out."""
    if len(spots) < 2:
        return spots
    home = np.array(spots, np.float64)
    at = home.copy()
    size = np.array(radii)
    least = (size[:, None] + size[None, :]) * 1.04
    least[np.diag_indices(len(at))] = 0.0
    for _ in range(rounds):
        gap = at[:, None] - at[None, :]
        far = np.maximum(np.hypot(gap[..., 0], gap[..., 1]), 1e-6)
        short = np.maximum(least - far, 0.0)
        if not short.any():
            break
        at += (gap / far[..., None] * (short * 0.45)[..., None]).sum(axis=1)
    reach = np.hypot(*(at - home).T)
    most = 3.0 * size
    at = home + (at - home) * np.minimum(1.0, most / np.maximum(reach, 1e-6))[:, None]
    return [(float(x), float(y)) for x, y in at]
