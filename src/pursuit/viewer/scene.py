"""A whole picture: map, panels and what lies over them, on a surface of any size."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from pursuit.viewer.camera import Camera
from pursuit.viewer.draw import draw
from pursuit.viewer.frame import Frame
from pursuit.viewer.keys import KEYS, MOUSE
from pursuit.viewer.layout import Layout
from pursuit.viewer.panel import areas, draw_panels
from pursuit.viewer.text import LARGE, PLAIN, TITLE, write
from pursuit.viewer.theme import DARK, SKY, Theme


def whole(layout: Layout, size: tuple[int, int]) -> Camera:
    """The camera that shows the whole board on a picture of a size."""
    return Camera.fit(layout.box, areas(size).map)


def draw_scene(surface: pygame.Surface, frame: Frame, camera: Camera | None = None, theme: Theme = DARK) -> None:
    """Paint a frame on the whole surface; without a camera, the whole board."""
    draw(surface, frame, camera or whole(frame.layout, surface.get_size()), theme)
    draw_panels(surface, frame, theme)


def help_lines() -> list[tuple[str, str]]:
    """What the help says: (key or gesture, what it does)."""
    return [(key.shown, key.help) for key in KEYS] + list(MOUSE)


def draw_help(surface: pygame.Surface, theme: Theme) -> None:
    """All keys and what the mouse does, in two columns over the map."""
    lines = help_lines()
    half = (len(lines) + 1) // 2
    box = _sheet(surface, 860, 70 + 24 * half, theme)
    surface.blit(write("Keys", TITLE, theme.text), (box.left + 26, box.top + 18))
    for column, part in enumerate((lines[:half], lines[half:])):
        left = box.left + 26 + column * 415
        for row, (shown, help_text) in enumerate(part):
            y = box.top + 66 + 24 * row
            key = write(shown, PLAIN, SKY if theme.name == "dark" else theme.text)
            surface.blit(key, key.get_rect(midleft=(left, y)))
            text = write(help_text, PLAIN, theme.soft)
            surface.blit(text, text.get_rect(midleft=(left + 104, y)))


def draw_list(surface: pygame.Surface, title: str, lines: Sequence[str], theme: Theme) -> None:
    """A short list over the map: marks, or a question."""
    shown = list(lines[:20])
    box = _sheet(surface, 440, 70 + 24 * max(len(shown), 1), theme)
    surface.blit(write(title, TITLE, theme.text), (box.left + 26, box.top + 18))
    for row, line in enumerate(shown):
        text = write(line, PLAIN, theme.soft)
        surface.blit(text, text.get_rect(midleft=(box.left + 26, box.top + 66 + 24 * row)))


def draw_toast(surface: pygame.Surface, text: str, theme: Theme) -> None:
    """One line at the foot of the map."""
    left, top, wide, tall = areas(surface.get_size()).map
    face = write(text, LARGE, theme.text)
    box = face.get_rect(midbottom=(left + wide // 2, top + tall - 26))
    pygame.draw.rect(surface, theme.panel, box.inflate(28, 16), border_radius=9)
    pygame.draw.rect(surface, theme.faint, box.inflate(28, 16), width=1, border_radius=9)
    surface.blit(face, box)


def _sheet(surface: pygame.Surface, wide: int, tall: int, theme: Theme) -> pygame.Rect:
    box = pygame.Rect(0, 0, min(wide, surface.get_width() - 20), min(tall, surface.get_height() - 20))
    box.center = surface.get_rect().center
    shade = pygame.Surface(surface.get_size(), pygame.SRCALPHA)
    shade.fill((0, 0, 0, 120))
    surface.blit(shade, (0, 0))
    pygame.draw.rect(surface, theme.panel, box, border_radius=10)
    pygame.draw.rect(surface, theme.faint, box, width=1, border_radius=10)
    return box
