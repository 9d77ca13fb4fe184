"""The part of the map that does not change: floors, streets, rooms, signs, names. Drawn once for each camera.

Dimension letters: ``N`` nodes, ``D`` out-slots.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import pairwise
from math import hypot

import numpy as np
import pygame
from numpy.typing import NDArray

from pursuit.core.board import Board, Street
from pursuit.viewer.camera import Camera
from pursuit.viewer.labels import area, draw_names, draw_signs
from pursuit.viewer.layout import Layout
from pursuit.viewer.text import Space
from pursuit.viewer.theme import STREET_METERS, Color, Theme

_FINE = 2  # drawn this much larger and scaled down
_KEPT = 6
_SCENERY = ("block", "house")  # nobody enters these

_kept: OrderedDict[tuple[int, int, Camera, str, bool], tuple[Board, Layout, pygame.Surface, Space]] = OrderedDict()


def ground(
    board: Board, layout: Layout, camera: Camera, theme: Theme, bare: bool = False
) -> tuple[pygame.Surface, Space]:
    """The finished layer, of the camera's size, and what its labels cover; a bare one has no signs and names.

    Kept for the last few cameras.
    """
    key = (id(board), id(layout), camera, theme.name, bare)
    held = _kept.get(key)
    if held is None:  # the board is kept along with its picture, so its id stays its own
        held = (board, layout, *_paint(board, layout, camera, theme, bare))
        _kept[key] = held
        if len(_kept) > _KEPT:
            _kept.popitem(last=False)
    else:
        _kept.move_to_end(key)
    return held[2], held[3]


def _paint(board: Board, layout: Layout, camera: Camera, theme: Theme, bare: bool) -> tuple[pygame.Surface, Space]:
    _, _, wide, tall = camera.rect
    local = Camera((0, 0, wide, tall), camera.center, camera.scale)
    fine = Camera((0, 0, wide * _FINE, tall * _FINE), camera.center, camera.scale * _FINE)
    big = pygame.Surface((wide * _FINE, tall * _FINE))
    big.fill(theme.ground)
    _floors(big, layout, fine, theme)
    if board.streets:
        _streets(big, board.streets, layout, fine, theme)
    elif not board.rooms:
        _edges(big, board, layout, fine, theme)
    _rooms(big, board, layout, fine, theme)
    _cells(big, board, layout, fine, theme)
    surface = pygame.transform.smoothscale(big, (wide, tall))
    space = Space(surface.get_rect().inflate(-8, -8))
    if not bare:
        draw_signs(surface, board, layout, local, theme, space)
        draw_names(surface, board, layout, local, theme, space)
    return surface, space


def _floors(big: pygame.Surface, layout: Layout, camera: Camera, theme: Theme) -> None:
    """A sheet under every floor but the ground, so that it reads as a place apart."""
    for floor in layout.floors[1:]:
        left, low, right, high = floor.box
        corners = camera.to_screen(np.array([[left, high], [right, low]]))
        box = pygame.Rect(*corners[0], *(corners[1] - corners[0])).inflate(24 * _FINE, 24 * _FINE)
        pygame.draw.rect(big, theme.panel, box, border_radius=8 * _FINE)
        pygame.draw.rect(big, theme.panel_edge, box, width=_FINE, border_radius=8 * _FINE)


def _streets(big: pygame.Surface, streets: tuple[Street, ...], layout: Layout, camera: Camera, theme: Theme) -> None:
    """Edges first, then surfaces, so that crossings flow together; wide ones last."""
    ordered = sorted(streets, key=lambda street: STREET_METERS.get(street.width, 8.0))
    lines = [(street, camera.to_screen(layout.place(street.xy, street.level))) for street in ordered]
    for street, line in lines:
        _band(big, theme.street_edge, line, _width(street, camera) + 2.4 * _FINE)
    for street, line in lines:
        _band(big, theme.street_color(street.width), line, _width(street, camera))
    for street, line in lines:
        if street.width in ("freeway", "boulevard") and _width(street, camera) > 9 * _FINE:
            _dashes(big, theme.faint, line, 7.0 * _FINE, _FINE)


def _width(street: Street, camera: Camera) -> float:
    """In pixels; from far away no less than what still tells a freeway from a street."""
    meters = STREET_METERS.get(street.width, 8.0)
    return max(meters * camera.scale, min(max(0.12 * meters, 1.6), 3.0) * _FINE)


def _band(big: pygame.Surface, color: Color, line: NDArray[np.float64], width: float) -> None:
    """A polyline of a width in pixels with round joints."""
    half = width / 2
    for (x0, y0), (x1, y1) in pairwise(line):
        length = hypot(x1 - x0, y1 - y0)
        if length > 0:
            nx, ny = -(y1 - y0) / length * half, (x1 - x0) / length * half
            corners = [(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)]
            pygame.draw.polygon(big, color, corners)
    if half > 1:
        for x, y in line:
            pygame.draw.circle(big, color, (x, y), half)


def _dashes(big: pygame.Surface, color: Color, line: NDArray[np.float64], step: float, width: int) -> None:
    for start, end in pairwise(line):
        length = hypot(*(end - start))
        ahead = (end - start) / length * step if length else start
        for k in range(int(length / (2 * step))):
            a = start + ahead * (2 * k + 0.5)
            pygame.draw.line(big, color, a, a + ahead, width)


def _edges(big: pygame.Surface, board: Board, layout: Layout, camera: Camera, theme: Theme) -> None:
    """A board without drawn streets: every edge is a short street."""
    node, slot = np.nonzero(board.modes[:, 1:])
    other = board.neighbor[node, slot + 1]
    same = board.level[node] == board.level[other]
    ends = camera.to_screen(layout.node_xy)
    width = min(max(board.cell * camera.scale * 0.42, 2.0 * _FINE), 16.0 * _FINE)
    pairs = [(ends[a], ends[b]) for a, b in zip(node[same].tolist(), other[same].tolist(), strict=True) if a < b]
    for color, extra in ((theme.street_edge, 2.4 * _FINE), (theme.street, 0.0)):
        for a, b in pairs:
            _band(big, color, np.stack([a, b]), width + extra)


def _rooms(big: pygame.Surface, board: Board, layout: Layout, camera: Camera, theme: Theme) -> None:
    """Fills first, then all walls, the largest rooms below."""
    rooms = sorted(board.rooms, key=lambda room: -area(room.xy))
    shapes = [(room, camera.to_screen(layout.place(room.xy, room.level))) for room in rooms]
    for room, corners in shapes:
        if len(corners) > 2:
            pygame.draw.polygon(big, theme.fill(room.kind), corners)
            wall = theme.bar if room.kind in _SCENERY else theme.wall
            pygame.draw.polygon(big, wall, corners, max(round(1.2 * _FINE), 1))


def _cells(big: pygame.Surface, board: Board, layout: Layout, camera: Camera, theme: Theme) -> None:
    """A dot on each node, once there is room for dots."""
    if board.cell * camera.scale < 8 * _FINE:
        return
    radius = min(board.cell * camera.scale * 0.07, 2.2 * _FINE)
    for x, y in _inside(camera, camera.to_screen(layout.node_xy), 4)[1]:
        pygame.draw.circle(big, theme.cell, (x, y), radius)


def _inside(camera: Camera, points: NDArray[np.float64], margin: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    wide, tall = camera.rect[2:]
    x, y = points.T
    kept = np.flatnonzero((x > -margin) & (x < wide + margin) & (y > -margin) & (y < tall + margin))
    return kept, points[kept]
