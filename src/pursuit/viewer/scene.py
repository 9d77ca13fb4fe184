"""A whole picture: map, panels and what lies over them, on a surface of any size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame

from pursuit.core.state import Status
from pursuit.core.world import Side
from pursuit.viewer.camera import Camera
from pursuit.viewer.draw import draw
from pursuit.viewer.frame import Body, Entry, Frame
from pursuit.viewer.ground import ground
from pursuit.viewer.keys import KEYS, MOUSE
from pursuit.viewer.layout import Layout
from pursuit.viewer.panel import areas, draw_panels
from pursuit.viewer.text import LARGE, PLAIN, SMALL, TITLE, wrap, write
from pursuit.viewer.theme import DARK, SIDE_COLOR, SIDE_NAME, SKY, Theme

_AROUND = 9
"""Cells shown around those whom the camera follows."""


def whole(layout: Layout, size: tuple[int, int]) -> Camera:
    """The camera that shows the whole board on a picture of a size."""
    return Camera.fit(layout.box, areas(size).map)


def near(frame: Frame, size: tuple[int, int], slot: int = -1) -> Camera:
    """The camera that shows the chase: hunters and guardians who stand, with some of the board around them.

    With `slot` it shows that agent instead, as long as it is on the picture.
    """
    fits = whole(frame.layout, size)
    chase = [body for body in frame.bodies if body.slot == slot]
    chase = chase or [body for body in frame.bodies if body.status == Status.WELL and _is_chase(body)]
    if not chase:
        return fits
    x, y = zip(*(body.at for body in chase), strict=True)
    pad = _AROUND * frame.board.cell
    box = (min(x) - pad, min(y) - pad, max(x) + pad, max(y) + pad)
    camera = Camera.fit(box, fits.rect, margin=60)
    return camera if camera.scale > fits.scale else fits


def _is_chase(body: Body) -> bool:
    return (body.behind or body.look).side in (Side.HUNTER, Side.GUARDIAN)


def draw_scene(surface: pygame.Surface, frame: Frame, camera: Camera | None = None, theme: Theme = DARK) -> None:
    """Paint a frame on the whole surface; without a camera, the whole board."""
    fits = whole(frame.layout, surface.get_size())
    camera = camera or fits
    draw(surface, frame, camera, theme)
    if camera.scale > fits.scale * 1.2:
        _minimap(surface, frame, camera, theme)
    if frame.heading.caption:
        _caption(surface, frame.heading.caption, theme)
    draw_panels(surface, frame, theme)


def _minimap(surface: pygame.Surface, frame: Frame, camera: Camera, theme: Theme) -> None:
    """The whole board, small, in a corner: what part of it is shown, and where everybody is."""
    left, top, wide, tall = camera.rect
    x0, y0, x1, y1 = frame.layout.box
    across = min(wide // 4, round(tall / 3 * (x1 - x0) / (y1 - y0)))
    box = pygame.Rect(left + wide - across - 12, top + 12, across, round(across * (y1 - y0) / (x1 - x0)))
    small = Camera.fit(frame.layout.box, (0, 0, box.width, box.height), margin=4)
    layer, _ = ground(frame.board, frame.layout, small, theme, bare=True)
    surface.blit(layer, box)
    local = surface.subsurface(box)
    for body in frame.bodies:
        spot = small.to_screen(np.array(body.at))
        pygame.draw.circle(local, SIDE_COLOR[Side((body.behind or body.look).side)], spot, 2.5)
    corners = [camera.to_world(left, top), camera.to_world(left + wide, top + tall)]
    (ax, ay), (bx, by) = small.to_screen(np.array(corners))
    pygame.draw.rect(local, theme.text, (ax, ay, bx - ax, by - ay), width=1)
    pygame.draw.rect(surface, theme.faint, box, width=1)


def _caption(surface: pygame.Surface, text: str, theme: Theme) -> None:
    """What the story says, as a subtitle."""
    left, top, wide, tall = areas(surface.get_size()).map
    lines = wrap(text, LARGE, wide - 240)
    faces = [write(line, LARGE, theme.text) for line in lines]
    box = pygame.Rect(0, 0, max(face.get_width() for face in faces) + 32, 22 * len(faces) + 14)
    box.midbottom = (left + wide // 2, top + tall - 44)
    shade = pygame.Surface(box.size, pygame.SRCALPHA)
    pygame.draw.rect(shade, (*theme.panel, 215), shade.get_rect(), border_radius=9)
    surface.blit(shade, box)
    for row, face in enumerate(faces):
        surface.blit(face, face.get_rect(midtop=(box.centerx, box.top + 9 + 22 * row)))


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


def draw_tip(surface: pygame.Surface, entry: Entry, spot: tuple[int, int], theme: Theme) -> None:
    """Who is under the pointer: who it is or seems to be, what it has and does."""
    who = entry.look.name if entry.behind is None else f"{entry.behind.name} as {entry.look.name}"
    lines = [who, SIDE_NAME[Side((entry.behind or entry.look).side)]]
    lines += [f"{entry.points} points"] if entry.points is not None else []
    lines += wrap(entry.note, SMALL, 260)
    faces = [
        write(line, PLAIN if k == 0 else SMALL, theme.text if k == 0 else theme.soft) for k, line in enumerate(lines)
    ]
    box = pygame.Rect(spot[0] + 16, spot[1] + 14, max(face.get_width() for face in faces) + 20, 18 * len(faces) + 10)
    box.clamp_ip(surface.get_rect())
    pygame.draw.rect(surface, theme.panel, box, border_radius=7)
    pygame.draw.rect(surface, theme.faint, box, width=1, border_radius=7)
    for row, face in enumerate(faces):
        surface.blit(face, (box.left + 10, box.top + 6 + 18 * row))


def draw_toast(surface: pygame.Surface, text: str, theme: Theme) -> None:
    """One line at the head of the map."""
    left, top, wide, _ = areas(surface.get_size()).map
    face = write(text, LARGE, theme.text)
    box = face.get_rect(midtop=(left + wide // 2, top + 26))
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
