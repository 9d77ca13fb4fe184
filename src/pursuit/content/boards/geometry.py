"""Plane geometry for maps: points along a line, points in a polygon, lines that cross. Arrays are meters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # [points, 2]


def length(line: Points) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def along(line: Points, shares: NDArray[np.float64]) -> Points:
    """Points at shares 0..1 of a polyline's length."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    at = np.concatenate([[0.0], np.cumsum(steps)])
    where = shares * at[-1]
    return np.stack([np.interp(where, at, line[:, 0]), np.interp(where, at, line[:, 1])], axis=1)


def inside(points: Points, corners: Points) -> NDArray[np.bool_]:
    """Which points lie in a polygon: those from which a ray crosses its boundary an odd number of times."""
    x, y = points[:, 0, None], points[:, 1, None]
    a, b = corners, np.roll(corners, -1, axis=0)
    spans = (a[:, 1] > y) != (b[:, 1] > y)
    rise = np.where(a[:, 1] == b[:, 1], 1.0, b[:, 1] - a[:, 1])
    crossing = a[:, 0] + (y - a[:, 1]) / rise * (b[:, 0] - a[:, 0])
    odd: NDArray[np.bool_] = (spans & (x < crossing)).sum(axis=1) % 2 == 1
    return odd


def area(corners: Points) -> float:
    x, y = corners.T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def lattice(corners: Points, cell: float) -> tuple[Points, NDArray[np.intp]]:
    """Square cells in a polygon: their middles, and the pairs [pairs, 2] that lie side by side."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    count = np.maximum(np.round((high - low) / cell).astype(int), 1)
    first = (low + high - (count - 1) * cell) / 2
    index = np.stack(np.meshgrid(np.arange(count[0]), np.arange(count[1]), indexing="xy"), axis=-1).reshape(-1, 2)
    index = index[inside(first + index * cell, corners)]
    number = np.full(count + 1, -1)
    number[index[:, 0], index[:, 1]] = np.arange(len(index))
    pairs = []
    for dx, dy in ((1, 0), (0, 1)):
        other = number[index[:, 0] + dx, index[:, 1] + dy]
        pairs.append(np.stack([np.flatnonzero(other >= 0), other[other >= 0]], axis=1))
    return first + index * cell, np.concatenate(pairs)


def crossings(starts: Points, ends: Points) -> NDArray[np.intp]:
    """Pairs [pairs, 2] of segments that cross between their ends."""

    def side(a: Points, b: Points, c: Points) -> NDArray[np.float64]:
        turn: NDArray[np.float64] = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1])
        return turn - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])

    a, b = starts[:, None], ends[:, None]
    c, d = starts[None], ends[None]
    eps = 1e-6
    apart = (side(a, b, c) * side(a, b, d) < -eps) & (side(c, d, a) * side(c, d, b) < -eps)
    return np.argwhere(np.triu(apart, 1))
