"""A board alone as a picture: no replay, nobody on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame

from pursuit.content.files.problems import fail
from pursuit.core.board import Board
from pursuit.viewer.camera import Camera
from pursuit.viewer.ground import ground
from pursuit.viewer.labels import draw_names
from pursuit.viewer.layout import Layout, lay_out
from pursuit.viewer.text import LARGE, PLAIN, SMALL, Space, write
from pursuit.viewer.theme import THEMES, VERMILLION, Theme

SIZE = (1600, 1200)
_HEAD = 44
_SIGNS = 8.0  # pixels of a cell from which on features have signs of their own
_METERS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


def draw_board(board: Board, out: str | Path, size: tuple[int, int] = SIZE, theme: str = "light") -> Path:
    """Write a board as a PNG with its title, a scale and its attribution; ``size`` in pixels.

    Where cells are too small for signs, the places that have a feature, and exits, are marked and named.
    Returns the path written. Raises ContentError for an ending that is not ``.png`` and for a place that cannot be
    written.
    """
    path = png(out)
    paint = THEMES[theme]
    wide, tall = size
    layout = lay_out(board, wide / (tall - _HEAD))
    camera = Camera.fit(layout.box, (0, 0, wide, tall - _HEAD), margin=36)
    layer, space = ground(board, layout, camera, paint, bare=board.cell * camera.scale < _SIGNS)
    picture = pygame.Surface(size)
    picture.fill(paint.panel)
    picture.blit(layer, (0, _HEAD))
    if board.cell * camera.scale < _SIGNS:
        below = picture.subsurface((0, _HEAD, wide, tall - _HEAD))
        _places(below, board, layout, camera, paint, space)
        draw_names(below, board, layout, camera, paint, space)
    picture.blit(write(board.title or board.name, LARGE, paint.text), (16, 12))
    _foot(picture, board, camera, paint)
    return save(picture, path)


def png(out: str | Path) -> Path:
    """The path of a picture to be; raises ContentError for an ending that is not ``.png``."""
    path = Path(out)
    if path.suffix.lower() != ".png":
        raise fail("bad-ending", "a picture ends in .png", str(path))
    return path


def save(picture: pygame.Surface, path: Path) -> Path:
    """Write a picture; raises ContentError for a place that cannot be written."""
    try:
        pygame.image.save(picture, str(path))
    except (OSError, pygame.error) as error:
        raise fail("cannot-write", f"the picture cannot be written: {error}", str(path)) from None
    return path


def _places(surface: pygame.Surface, board: Board, layout: Layout, camera: Camera, theme: Theme, space: Space) -> None:
    """Dots first, all of them, then names where there is room."""
    ends = [node for name, node in board.places.items() if name.startswith("exit_")]
    marked = np.union1d(np.flatnonzero(board.feature), np.array(ends, np.intp)).tolist()
    spots = [(node, camera.to_screen(layout.node_xy[node])) for node in marked]
    for _, (x, y) in spots:
        pygame.draw.circle(surface, theme.halo, (x, y), 6)
        pygame.draw.circle(surface, VERMILLION, (x, y), 4)
        space.take(pygame.Rect(round(x) - 5, round(y) - 5, 10, 10))
    for node, (x, y) in spots:
        face = write(board.label[node], PLAIN, theme.text, theme.halo)
        place = space.find(face.get_size(), round(x), round(y), 7)
        if place is not None:
            surface.blit(face, place)


def _foot(picture: pygame.Surface, board: Board, camera: Camera, theme: Theme) -> None:
    wide, tall = picture.get_size()
    meters = next((some for some in _METERS if some * camera.scale > 80), _METERS[-1])
    length = round(meters * camera.scale)
    ends = [(14, tall - 20), (14, tall - 14), (14 + length, tall - 14), (14 + length, tall - 20)]
    pygame.draw.lines(picture, theme.soft, False, ends, 2)
    text = f"{meters} m" if meters < 1000 else f"{meters // 1000} km"
    picture.blit(write(text, SMALL, theme.soft, theme.halo), (18, tall - 32))
    if board.attribution:
        face = write(board.attribution, SMALL, theme.soft, theme.halo)
        picture.blit(face, face.get_rect(bottomright=(wide - 8, tall - 6)))
