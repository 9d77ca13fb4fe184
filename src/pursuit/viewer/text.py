"""Text on surfaces: cached, haloed, cut to fit; and a place for each label where it covers no other."""

from __future__ import annotations

from functools import lru_cache

import pygame

from pursuit.viewer.theme import Color

SMALL, PLAIN, LARGE, TITLE = 15, 18, 22, 28
"""Sizes of pygame's own font, which looks the same on every machine; the letters are about 0.7 of it in pixels."""

_FINE = 3  # drawn this much larger


@lru_cache(maxsize=64)
def font(size: int) -> pygame.font.Font:
    """The viewer's font in a size."""
    if not pygame.font.get_init():
        pygame.font.init()
    return pygame.font.Font(None, size)


@lru_cache(maxsize=4096)
def write(text: str, size: int, color: Color, halo: Color | None = None) -> pygame.Surface:
    """One line of text; with `halo` on a soft outline of that color, for use on a map.

    Drawn larger and scaled down, which spaces small letters evenly.
    """
    if not text:
        return pygame.Surface((1, 1), pygame.SRCALPHA)
    face = font(size * _FINE).render(text, True, color)
    wide, tall = max(round(face.get_width() / _FINE), 1), max(round(face.get_height() / _FINE), 1)
    face = pygame.transform.smoothscale(face, (wide, tall))
    if halo is None:
        return face
    back = write(text, size, halo)
    surface = pygame.Surface((wide + 4, tall + 4), pygame.SRCALPHA)
    for dx in range(5):
        for dy in range(5):
            if (dx - 2) ** 2 + (dy - 2) ** 2 <= 5:
                surface.blit(back, (dx, dy))
    surface.blit(face, (2, 2))
    return surface


def measure(text: str, size: int) -> int:
    """Width in pixels of a text as `write` draws it."""
    return round(font(size * _FINE).size(text)[0] / _FINE)


@lru_cache(maxsize=4096)
def cut(text: str, size: int, width: int) -> str:
    """The text, shortened with an ellipsis until it is at most `width` pixels wide."""
    if measure(text, size) <= width:
        return text
    kept = len(text)
    while kept > 1 and measure(text[:kept].rstrip() + "…", size) > width:
        kept -= 1
    return text[:kept].rstrip() + "…"


@lru_cache(maxsize=2048)
def wrap(text: str, size: int, width: int) -> tuple[str, ...]:
    """The text in lines of at most `width` pixels; a word that is wider gets a line of its own, cut."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(cut(word, size, width))
    return tuple(lines)


class Space:
    """What is taken of a map by signs and labels, so that the next label finds a free place."""

    def __init__(self, within: pygame.Rect) -> None:
        self.within = within
        self._taken: list[pygame.Rect] = []

    def take(self, rect: pygame.Rect) -> None:
        """Mark a part of the map as covered."""
        self._taken.append(rect)

    def copy(self) -> Space:
        """The same, to go on from."""
        other = Space(self.within)
        other._taken = list(self._taken)
        return other

    def is_free(self, rect: pygame.Rect) -> bool:
        """Whether the whole rectangle lies on the map and covers nothing that is taken."""
        return bool(self.within.contains(rect)) and rect.collidelist(self._taken) < 0

    def find(self, size: tuple[int, int], x: float, y: float, away: float) -> pygame.Rect | None:
        """Take the first free place for a label around (x, y), `away` pixels off: below, above, right, left.

        None, and nothing taken, if all are covered.
        """
        wide, tall = size
        step_x, step_y = away + wide / 2, away + tall / 2
        slant = 0.75
        for dx, dy in (
            (0.0, step_y),
            (0.0, -step_y),
            (step_x, 0.0),
            (-step_x, 0.0),
            (step_x * slant, step_y * slant),
            (-step_x * slant, step_y * slant),
            (step_x * slant, -step_y * slant),
            (-step_x * slant, -step_y * slant),
        ):
            rect = pygame.Rect(0, 0, wide, tall)
            rect.center = (round(x + dx), round(y + dy))
            if self.is_free(rect):
                self.take(rect)
                return rect
        return None
