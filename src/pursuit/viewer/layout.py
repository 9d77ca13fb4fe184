"""Where the floors of a board lie on the plane: the ground as it is, every other floor beside or below it.

Dimension letter: ``N`` nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Board
from pursuit.viewer.camera import Box

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Floor:
    """One level with its shift, and the box it fills once shifted."""

    level: int
    title: str
    shift: tuple[float, float]  # meters
    box: Box


@dataclass(frozen=True)
class Layout:
    """All floors side by side. `node_xy` is where each node is drawn, in meters."""

    floors: tuple[Floor, ...]
    node_xy: Points  # [N, 2]
    box: Box

    def place(self, xy: Points, level: int) -> Points:
        """Shift points [points, 2] of one level to where its floor is drawn."""
        for floor in self.floors:
            if floor.level == level:
                return xy + np.asarray(floor.shift)
        return xy


def lay_out(board: Board, aspect: float = 1.45) -> Layout:
    """Arrange the floors of a board for a view of width / height = `aspect`.

    The upper floors go in one column beside the ground or in one row below it, whichever lets the
    whole be drawn larger.
    """
    levels = sorted({int(level) for level in np.unique(board.level)}, key=lambda level: (level != 0, level))
    boxes = {level: _level_box(board, level) for level in levels}
    first = boxes[levels[0]]
    if len(levels) == 1:
        return Layout((Floor(levels[0], "", (0.0, 0.0), first),), board.xy, first)

    gap = 0.04 * max(first[2] - first[0], first[3] - first[1])
    options = [_arrange(levels, boxes, gap, beside) for beside in (True, False)]
    floors = min(options, key=lambda some: _need(_union([floor.box for floor in some]), aspect))
    shift = {floor.level: floor.shift for floor in floors}
    node_xy = board.xy + np.array([shift[int(level)] for level in board.level])
    node_xy.setflags(write=False)
    return Layout(floors, node_xy, _union([floor.box for floor in floors]))


def _arrange(levels: list[int], boxes: dict[int, Box], gap: float, beside: bool) -> tuple[Floor, ...]:
    """The first level stays; the others follow in a column at its right or in a row below it."""
    first = boxes[levels[0]]
    floors = [Floor(levels[0], _title(levels[0], levels), (0.0, 0.0), first)]
    if beside:
        heights = [boxes[level][3] - boxes[level][1] for level in levels[1:]]
        middle = (first[1] + first[3]) / 2
        high = middle + (sum(heights) + gap * (len(heights) - 1)) / 2
        for level, height in zip(levels[1:], heights, strict=True):
            box = boxes[level]
            floors.append(_move(level, _title(level, levels), box, first[2] + gap - box[0], high - box[3]))
            high -= height + gap
    else:
        widths = [boxes[level][2] - boxes[level][0] for level in levels[1:]]
        left = (first[0] + first[2] - sum(widths) - gap * (len(widths) - 1)) / 2
        for level, width in zip(levels[1:], widths, strict=True):
            box = boxes[level]
            floors.append(_move(level, _title(level, levels), box, left - box[0], first[1] - gap - box[3]))
            left += width + gap
    return tuple(floors)


def _move(level: int, title: str, box: Box, dx: float, dy: float) -> Floor:
    return Floor(level, title, (dx, dy), (box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy))


def _title(level: int, levels: list[int]) -> str:
    if level == 0:
        return "ground"
    name = "upper floor" if level > 0 else "basement"
    alone = sum((other > 0) == (level > 0) for other in levels if other) == 1
    return name if alone else f"{name} {abs(level)}"


def _need(box: Box, aspect: float) -> float:
    return max(box[2] - box[0], (box[3] - box[1]) * aspect)


def _level_box(board: Board, level: int) -> Box:
    parts = [xy for xy in _shapes(board, level) if len(xy)]
    points = np.concatenate(parts)
    pad = board.cell * 0.7
    left, low = points.min(axis=0) - pad
    right, high = points.max(axis=0) + pad
    return float(left), float(low), float(right), float(high)


def _shapes(board: Board, level: int) -> Iterator[Points]:
    yield board.xy[board.level == level]
    yield from (room.xy for room in board.rooms if room.level == level)


def _union(boxes: list[Box]) -> Box:
    left, low, right, high = zip(*boxes, strict=True)
    return min(left), min(low), max(right), max(high)
