"""From a list of one-way edges to the tables of a board. Maps and generated boards both end here."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Board

MOST_SLOTS = 15  # ways out of a node, besides staying


@dataclass(frozen=True, slots=True)
class Edges:
    """One-way edges, sorted by (start, end)."""

    start: NDArray[np.int32]  # [edges]
    end: NDArray[np.int32]  # [edges]
    modes: NDArray[np.uint8]  # [edges] bits
    bars: NDArray[np.bool_]  # [edges]
    door: NDArray[np.int16]  # [edges] -1 without one


@dataclass(frozen=True, slots=True)
class Slots:
    """The fields of a Board that belong to out-slots."""

    neighbor: NDArray[np.int32]  # [N, D]
    modes: NDArray[np.uint8]  # [N, D]
    bars: NDArray[np.bool_]  # [N, D]
    door: NDArray[np.int16]  # [N, D]
    degree: NDArray[np.uint8]  # [N]


def merge(edges: Edges) -> Edges:
    """Sort edges, and make one of those that differ in nothing but their modes."""
    order = np.lexsort((edges.door, edges.bars, edges.end, edges.start))
    same = np.ones(max(len(order) - 1, 0), np.bool_)
    for column in (edges.start, edges.end, edges.bars, edges.door):
        same &= column[order[1:]] == column[order[:-1]]
    first = np.flatnonzero(np.concatenate([[True] * bool(len(order)), ~same]).astype(np.bool_))
    modes = np.bitwise_or.reduceat(edges.modes[order], first) if len(order) else edges.modes
    kept = order[first]
    return Edges(edges.start[kept], edges.end[kept], modes, edges.bars[kept], edges.door[kept])


def tabulate(num_nodes: int, edges: Edges, all_modes: int) -> Slots:
    """Out-slot tables: slot 0 stays, the rest in the order of the nodes they lead to.

    Raises ValueError if a node has more than MOST_SLOTS ways out.
    """
    edges = merge(edges)
    out = np.bincount(edges.start, minlength=num_nodes)
    most = int(out.max(initial=0))
    if most > MOST_SLOTS:
        raise ValueError(f"node {int(out.argmax())} has {most} ways out; at most {MOST_SLOTS} are possible")
    first = np.concatenate([[0], np.cumsum(out)])
    at = edges.start, np.arange(len(edges.start)) - first[edges.start] + 1
    shape = (num_nodes, most + 1)
    neighbor = np.repeat(np.arange(num_nodes, dtype=np.int32)[:, None], most + 1, axis=1)
    modes, bars, door = np.zeros(shape, np.uint8), np.zeros(shape, np.bool_), np.full(shape, -1, np.int16)
    neighbor[at], modes[at], bars[at], door[at] = edges.end, edges.modes, edges.bars, edges.door
    modes[:, 0] = all_modes
    return Slots(neighbor, modes, bars, door, (out + 1).astype(np.uint8))


def freeze(board: Board) -> Board:
    """Make every array of a board read-only."""
    for spec in fields(board):
        _freeze(getattr(board, spec.name))
    return board


def _freeze(value: Any) -> None:
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    elif isinstance(value, dict):
        for part in value.values():
            _freeze(part)
    elif isinstance(value, tuple):
        for part in value:
            xy = getattr(part, "xy", None)
            _freeze(xy)
