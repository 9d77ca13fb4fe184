"""Small pictures drawn once and kept: tokens, vehicles, things, marks. Drawn larger and scaled down to be smooth."""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, sin

import pygame

from pursuit.core.world import Side
from pursuit.viewer.text import write
from pursuit.viewer.theme import GREEN, ORANGE, PURPLE, SIDE_COLOR, SIDE_SHAPE, SKY, VERMILLION, YELLOW, Color

_FINE = 4  # drawn this much larger

Spot = tuple[float, float]


def outline(shape: str, x: float, y: float, radius: float) -> list[Spot]:
    """Corners of a token's shape around (x, y): circle, square, diamond or hexagon, of about equal area."""
    count, turn, size = {
        "circle": (40, 0.0, 1.0),
        "square": (4, pi / 4, 1.25),
        "diamond": (4, 0.0, 1.32),
        "hexagon": (6, pi / 6, 1.1),
    }[shape]
    return [
        (x + radius * size * cos(turn + 2 * pi * k / count), y + radius * size * sin(turn + 2 * pi * k / count))
        for k in range(count)
    ]


@lru_cache(maxsize=1024)
def token(side: int, code: str, radius: int, ring: int, ink: Color, worn: str = "") -> pygame.Surface:
    """An agent's token: shape and color of a side, with its letters.

    `ring` is the side whose look it wears over its own, -1 for none, and `worn` that look's letters, on a badge.
    """
    half = radius * 2
    big = _canvas(half * 2)
    middle, fine = half * _FINE, radius * _FINE
    shape = SIDE_SHAPE[Side(side)]
    pygame.draw.polygon(big, ink, outline(shape, middle, middle, fine * 1.16))
    if ring >= 0:
        pygame.draw.polygon(big, ink, outline(shape, middle, middle, fine * 1.42))
        pygame.draw.polygon(big, SIDE_COLOR[Side(ring)], outline(shape, middle, middle, fine * 1.32))
        pygame.draw.polygon(big, ink, outline(shape, middle, middle, fine * 1.12))
    pygame.draw.polygon(big, SIDE_COLOR[Side(side)], outline(shape, middle, middle, fine))
    small = pygame.transform.smoothscale(big, (half * 2, half * 2))
    _center(small, write(code, round(radius * (1.55 if len(code) == 1 else 1.3)) + 3, ink), half, half)
    if ring >= 0 and worn:
        badge = token(ring, worn, max(round(radius * 0.58), 6), -1, ink)
        small.blit(badge, badge.get_rect(center=(half + round(radius * 0.92), half + round(radius * 0.92))))
    return small


@lru_cache(maxsize=256)
def cross(radius: int, color: Color) -> pygame.Surface:
    """A cross over the token of somebody dead or offline."""
    half = radius * 2
    big = _canvas(half * 2)
    low, high = (half - radius * 0.8) * _FINE, (half + radius * 0.8) * _FINE
    for width, paint in ((1.7, (14, 16, 20)), (1.0, color)):
        thick = round(width * radius * 0.28 * _FINE)
        pygame.draw.line(big, paint, (low, low), (high, high), thick)
        pygame.draw.line(big, paint, (low, high), (high, low), thick)
    return pygame.transform.smoothscale(big, (half * 2, half * 2))


@lru_cache(maxsize=256)
def halo(radius: int, color: Color, dashes: int) -> pygame.Surface:
    """A dashed ring around a token: the hunted one, or somebody about to change."""
    half = radius * 2
    big = _canvas(half * 2)
    box = pygame.Rect(0, 0, round(3.3 * radius * _FINE), round(3.3 * radius * _FINE))
    box.center = (half * _FINE, half * _FINE)
    for k in range(dashes):
        start = 2 * pi * k / dashes
        pygame.draw.arc(big, color, box, start, start + 1.15 * pi / dashes, round(0.16 * radius * _FINE))
    return pygame.transform.smoothscale(big, (half * 2, half * 2))


@lru_cache(maxsize=256)
def vehicle(kind: str, radius: int, seats: int, ink: Color) -> pygame.Surface:
    """A vehicle from above, wide enough for the tokens of its riders."""
    two_wheels = "motorcycle" in kind or "bike" in kind
    wide = round(radius * max(2.0 * seats + 1.5, 2.6))
    size = 1.2 if two_wheels else 2.0 if "truck" in kind else 1.7
    tall = round(radius * (size + (0.7 if seats and not two_wheels else 0.0)))
    big = _canvas(wide, tall)
    paint = (58, 78, 112) if "police" in kind else (120, 126, 136) if "truck" in kind else (142, 148, 158)
    full = pygame.Rect(0, 0, wide * _FINE, tall * _FINE)
    corner = round(tall * _FINE * (0.5 if two_wheels else 0.34))
    pygame.draw.rect(big, ink, full, border_radius=corner)
    inner = full.inflate(-3 * _FINE, -3 * _FINE)
    pygame.draw.rect(big, paint, inner, border_radius=corner)
    if not two_wheels:
        glass = pygame.Rect(0, 0, round(inner.w * 0.14), round(inner.h * 0.74))
        glass.center = (inner.right - round(inner.w * 0.24), inner.centery)
        pygame.draw.rect(big, (190, 208, 222), glass, border_radius=glass.w // 3)
        if "police" in kind:
            for color, dy in ((VERMILLION, -0.2), (SKY, 0.2)):
                spot = (inner.centerx, inner.centery + round(dy * inner.h))
                pygame.draw.circle(big, color, spot, round(0.13 * inner.h))
    return pygame.transform.smoothscale(big, (wide, tall))


@lru_cache(maxsize=64)
def thing(weapon: bool, radius: int, ink: Color) -> pygame.Surface:
    """An item that lies about: a tilted chip, orange for a weapon."""
    size = radius * 2
    big = _canvas(size)
    middle = radius * _FINE
    pygame.draw.polygon(big, ink, outline("diamond", middle, middle, radius * _FINE * 0.74))
    color = ORANGE if weapon else (205, 210, 216)
    pygame.draw.polygon(big, color, outline("diamond", middle, middle, radius * _FINE * 0.52))
    return pygame.transform.smoothscale(big, (size, size))


@lru_cache(maxsize=512)
def mark(kind: str, radius: int, ink: Color) -> pygame.Surface | None:
    """The mark of an effect around a token; None for a kind without one."""
    half = round(radius * 2.6)
    big = _canvas(half * 2)
    middle, fine = half * _FINE, radius * _FINE
    if kind in ("hit", "blade", "splash"):
        color = {"hit": VERMILLION, "blade": (235, 238, 242), "splash": SKY}[kind]
        count = {"hit": 10, "blade": 3, "splash": 8}[kind]
        turn = {"hit": 0.2, "blade": -pi / 2 + 0.5, "splash": 0.0}[kind]
        for k in range(count):
            _ray(big, color, middle, fine, turn + 2 * pi * k / count)
    elif kind == "morph":
        for ring, width in ((1.75, 0.2), (2.2, 0.12)):
            _wave(big, PURPLE, middle, fine * ring, width * fine)
    elif kind == "linked":
        pygame.draw.circle(big, GREEN, (middle, middle), round(1.8 * fine), round(0.18 * fine))
    elif kind == "fell":
        pygame.draw.circle(big, YELLOW, (middle, middle), round(1.8 * fine), round(0.12 * fine))
    elif kind not in ("passed", "failed", "blocked"):
        return None
    small = pygame.transform.smoothscale(big, (half * 2, half * 2))
    if kind in ("passed", "failed", "blocked"):
        text, color = {"passed": ("yes", GREEN), "failed": ("?!", VERMILLION), "blocked": ("blocked", ORANGE)}[kind]
        _bubble(small, text, color, half, half - round(radius * 1.75), ink)
    return small


def _ray(big: pygame.Surface, color: Color, middle: float, fine: float, turn: float) -> None:
    """One thin wedge that points outward."""
    tip = (middle + 2.4 * fine * cos(turn), middle + 2.4 * fine * sin(turn))
    base = [(middle + 1.3 * fine * cos(turn + d), middle + 1.3 * fine * sin(turn + d)) for d in (-0.14, 0.14)]
    pygame.draw.polygon(big, color, [*base, tip])


def _wave(big: pygame.Surface, color: Color, middle: float, ring: float, width: float) -> None:
    """A closed wavy line."""
    count = 90
    points = [
        (
            middle + ring * (1 + 0.05 * sin(9 * 2 * pi * k / count)) * cos(2 * pi * k / count),
            middle + ring * (1 + 0.05 * sin(9 * 2 * pi * k / count)) * sin(2 * pi * k / count),
        )
        for k in range(count)
    ]
    pygame.draw.lines(big, color, True, points, max(round(width), 1))


def _bubble(surface: pygame.Surface, text: str, color: Color, x: int, y: int, ink: Color) -> None:
    face = write(text, 15, ink)
    box = face.get_rect(center=(x, y)).inflate(8, 4)
    pygame.draw.rect(surface, color, box, border_radius=5)
    surface.blit(face, face.get_rect(center=box.center))


def _canvas(wide: int, tall: int | None = None) -> pygame.Surface:
    return pygame.Surface((wide * _FINE, (tall or wide) * _FINE), pygame.SRCALPHA)


def _center(surface: pygame.Surface, face: pygame.Surface, x: int, y: int) -> None:
    surface.blit(face, face.get_rect(center=(x, y)))
