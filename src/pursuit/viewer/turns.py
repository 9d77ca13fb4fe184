"""A row of a solved game as a picture: how many turns an evader has left at each node.

Dimension letter: ``N`` nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from pursuit.core.board import Board
from pursuit.viewer.camera import Camera
from pursuit.viewer.chart import png, save
from pursuit.viewer.ground import ground
from pursuit.viewer.layout import lay_out
from pursuit.viewer.text import LARGE, PLAIN, write
from pursuit.viewer.theme import SKY, THEMES, VERMILLION, Color

SIZE = (900, 640)
_HEAD = 44
_LEAST, _MOST = 4, 26  # radius of a token in pixels


def draw_turns(board: Board, team: Sequence[int], turns: NDArray[np.integer], title: str, out: str | Path) -> Path:
    """Write a PNG of a board with the pursuers and, at each other node, the turns ``[N]`` left there; -1 is never.

    Redder is sooner, bluer later, pale is never. Returns the path written. Raises ContentError for an ending that is
    not ``.png`` and for a place that cannot be written.
    """
    path, paint, (wide, tall) = png(out), THEMES["light"], SIZE
    layout = lay_out(board, wide / (tall - _HEAD))
    camera = Camera.fit(layout.box, (0, 0, wide, tall - _HEAD), margin=48)
    layer, _ = ground(board, layout, camera, paint, bare=True)
    layer = layer.copy()
    radius = max(_LEAST, min(_MOST, round(0.36 * board.cell * camera.scale)))
    for node, spot in enumerate(camera.to_screen(layout.node_xy)):
        is_pursuer = node in team
        text = "P" if is_pursuer else "–" if turns[node] < 0 else str(turns[node])
        fill = paint.text if is_pursuer else _color(int(turns[node]), int(turns.max()), paint.panel)
        pygame.draw.circle(layer, fill, spot, radius)
        if radius > _LEAST + 4:
            face = write(text, PLAIN, paint.panel if is_pursuer else paint.text)
            layer.blit(face, face.get_rect(center=spot))
    picture = pygame.Surface(SIZE)
    picture.fill(paint.panel)
    picture.blit(layer, (0, _HEAD))
    picture.blit(write(title, LARGE, paint.text), (16, 12))
    return save(picture, path)


def _color(turns: int, most: int, never: Color) -> Color:
    """Between red, soon, and blue, late."""
    if turns < 0:
        return never
    late = turns / max(most, 1)
    red, green, blue = (round(soon + late * (end - soon)) for soon, end in zip(VERMILLION, SKY, strict=True))
    return red, green, blue
