"""Signs and names on the map, placed so that none covers another; what finds no place is left out."""

from __future__ import annotations

from math import atan2, degrees, hypot

import numpy as np
import pygame
from numpy.typing import NDArray

from pursuit.core.board import Board, Feature
from pursuit.viewer.camera import Camera
from pursuit.viewer.layout import Layout
from pursuit.viewer.text import LARGE, PLAIN, SMALL, Space, wrap, write
from pursuit.viewer.theme import FEATURE_SIGN, Color, Theme

_NEAR = 22.0
"""Pixels of a cell from which on signs have words."""


def draw_signs(
    surface: pygame.Surface, board: Board, layout: Layout, camera: Camera, theme: Theme, space: Space
) -> None:
    """Features and stairs: small shapes from afar, plates with words from near."""
    points = camera.to_screen(layout.node_xy)
    size = min(max(board.cell * camera.scale * 0.36, 3.0), 9.0)
    near = board.cell * camera.scale >= _NEAR
    for node in np.flatnonzero(board.feature).tolist():
        x, y = points[node]
        bits = Feature(int(board.feature[node]))
        if Feature.COVER in bits:
            _hatch(surface, theme.soft, x, y, size)
        words = [word for feature, word in FEATURE_SIGN.items() if feature in bits]
        if near and words:
            _plate(surface, " ".join(words), x, y, theme, space)
        elif Feature.HIDE in bits:
            pygame.draw.circle(surface, theme.soft, (x, y), 4, 1)
        elif words:
            face = write(words[0][0].upper(), SMALL - 2, theme.soft)
            surface.blit(face, face.get_rect(center=(round(x), round(y))))
    links = np.flatnonzero((board.level[board.neighbor] != board.level[:, None]).any(axis=1))
    for x, y in points[links]:
        _steps(surface, theme, round(x), round(y), 12 if near else 9, space)


def _steps(surface: pygame.Surface, theme: Theme, x: int, y: int, size: int, space: Space) -> None:
    """A square with stairs in it."""
    box = pygame.Rect(0, 0, size, size)
    box.center = (x, y)
    pygame.draw.rect(surface, theme.stairs, box.inflate(2, 2), border_radius=2)
    for k in range(size // 3):
        low = box.bottom - 2 - 3 * k
        pygame.draw.line(surface, theme.text, (box.left + 1, low), (box.left + 3 + 2 * k, low))
    space.take(box)


def _hatch(surface: pygame.Surface, color: Color, x: float, y: float, size: float) -> None:
    for shift in (-0.6, 0.0, 0.6):
        start = (x - size * 0.6 + shift * size, y + size * 0.6)
        pygame.draw.aaline(surface, color, start, (start[0] + size * 1.2, y - size * 0.6))


def _plate(surface: pygame.Surface, word: str, x: float, y: float, theme: Theme, space: Space) -> None:
    """A small sign with a word; only a dot where there is no place for it."""
    face = write(word, SMALL, theme.soft)
    box = face.get_rect(center=(round(x), round(y))).inflate(6, 2)
    if not space.is_free(box):
        pygame.draw.circle(surface, theme.soft, (x, y), 2)
        return
    pygame.draw.rect(surface, theme.panel, box, border_radius=4)
    pygame.draw.rect(surface, theme.faint, box, width=1, border_radius=4)
    surface.blit(face, face.get_rect(center=box.center))
    space.take(box)


def draw_names(
    surface: pygame.Surface, board: Board, layout: Layout, camera: Camera, theme: Theme, space: Space
) -> None:
    """Floor titles, then room names in their rooms, then street names along their streets."""
    for floor in layout.floors[1:]:
        x, y = camera.to_screen(np.array([floor.box[0], floor.box[3]]))
        face = write(floor.title, LARGE, theme.text, theme.halo)
        box = face.get_rect(bottomleft=(round(x), round(y) - 15))
        surface.blit(face, box)
        space.take(box)
    for place in sorted(board.rooms, key=lambda place: -area(place.xy)):
        corners = camera.to_screen(layout.place(place.xy, place.level))
        if len(corners) > 2 and _touches(corners, space):
            _name_room(surface, place.label or place.name, corners, theme, space)
    named: set[str] = set()
    for street in sorted(board.streets, key=lambda street: -_length(street.xy)):
        if street.name and street.name not in named and street.width not in ("stairs", "corridor"):
            line = camera.to_screen(layout.place(street.xy, street.level))
            if _touches(line, space) and _name_street(surface, street.name, line, theme, space):
                named.add(street.name)


def _touches(points: NDArray[np.float64], space: Space) -> bool:
    """Whether the box around the points lies at least partly on the map."""
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    within = space.within
    return bool(left < within.right and right > within.left and top < within.bottom and bottom > within.top)


def _name_room(surface: pygame.Surface, name: str, corners: NDArray[np.float64], theme: Theme, space: Space) -> None:
    """The largest size at which the name fits into the room's middle; none if even the smallest does not."""
    x, y, wide, tall = _heart(corners)
    for size in (LARGE, PLAIN, SMALL):
        lines = wrap(name, size, round(wide))
        step = round(size * 0.72)
        if any("…" in line for line in lines) or step * len(lines) > tall:
            continue
        faces = [write(line, size, theme.soft) for line in lines]
        box = pygame.Rect(0, 0, max(face.get_width() for face in faces), step * len(lines))
        box.center = (round(x), round(y))
        if not space.is_free(box):
            continue
        for k, face in enumerate(faces):
            surface.blit(face, face.get_rect(midtop=(box.centerx, box.top + k * step)))
        space.take(box)
        return


def _heart(corners: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Middle, width and height of the widest level strip inside a polygon, in pixels."""
    spots = corners.tolist()
    low, high = min(y for _, y in spots), max(y for _, y in spots)
    best = (0.0, 0.0, 0.0, 0.0)
    for part in (0.5, 0.38, 0.62, 0.26, 0.74, 0.14, 0.86):
        y = low + (high - low) * part
        crossings = _crossings(spots, y)
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            if right - left > best[2] * 1.15:
                best = ((left + right) / 2, y, right - left, 2 * min(y - low, high - y) * 0.9)
    return best[0], best[1], best[2] - 8, best[3]


def _crossings(spots: list[list[float]], y: float) -> list[float]:
    """Where a level line meets the sides of a polygon, from left to right."""
    found = []
    (ax, ay) = spots[-1]
    for bx, by in spots:
        if (ay <= y) != (by <= y):
            found.append(ax + (y - ay) / (by - ay) * (bx - ax))
        ax, ay = bx, by
    return sorted(found)


def _name_street(surface: pygame.Surface, name: str, line: NDArray[np.float64], theme: Theme, space: Space) -> bool:
    """Write along the longest straight stretch that has a free place; whether there was one."""
    face = write(name, SMALL, theme.soft, theme.street_edge if theme.name == "dark" else theme.halo)
    legs = sorted(_straights(line), key=lambda leg: -hypot(*(leg[1] - leg[0])))
    for start, end in legs[:4]:
        if hypot(*(end - start)) < face.get_width() + 10:
            return False
        angle = degrees(atan2(-(end[1] - start[1]), end[0] - start[0]))
        angle = (angle + 90) % 180 - 90
        turned = pygame.transform.rotozoom(face, angle, 1.0) if abs(angle) > 2 else face
        for part in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8):
            box = turned.get_rect(center=tuple(np.rint(start + (end - start) * part).astype(int).tolist()))
            if space.is_free(box):
                surface.blit(turned, box)
                space.take(box)
                return True
    return False


def _straights(line: NDArray[np.float64]) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """The ends of each straight stretch of a polyline; corners of less than about six degrees do not end one."""
    runs = [(line[0], line[1])]
    for end in line[2:]:
        start, middle = runs[-1]
        (ax, ay), (bx, by) = middle - start, end - middle
        if abs(ax * by - ay * bx) < 0.1 * hypot(ax, ay) * hypot(bx, by):
            runs[-1] = (start, end)
        else:
            runs.append((middle, end))
    return runs


def area(corners: NDArray[np.float64]) -> float:
    """Area of a polygon, in the square of its unit."""
    total, (ax, ay) = 0.0, corners[-1].tolist()
    for bx, by in corners.tolist():
        total += ax * by - bx * ay
        ax, ay = bx, by
    return abs(total) / 2


def _length(line: NDArray[np.float64]) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())
