"""One table of keys serves the window, the help and these tests."""

from __future__ import annotations

import pygame
import pytest
from tests.viewer.keytable import parts, table

from pursuit.viewer.app import chord_of
from pursuit.viewer.keys import ACTS, KEYS, MOUSE, Act
from pursuit.viewer.scene import help_lines


def test_every_act_has_one_key_and_every_key_one_act() -> None:
    assert {key.act for key in KEYS} == set(Act)
    assert len({key.chord for key in KEYS}) == len({key.act for key in KEYS}) == len(KEYS) == len(ACTS)


def test_the_help_shows_every_key_and_gesture() -> None:
    assert help_lines() == [(key.shown, key.help) for key in KEYS] + list(MOUSE)
    assert all(shown and text for shown, text in help_lines())


def test_the_conventional_keys_are_there() -> None:
    chords = "space right left shift+right shift+left ctrl+right ctrl+left home end up down g tab shift+tab"
    letters = "d a v t e m shift+m n p s shift+s z ? escape"
    assert set(f"{chords} {letters}".split()) <= set(ACTS)


@pytest.mark.parametrize(
    ("code", "mod", "unicode", "chord"),
    [
        (pygame.K_RIGHT, 0, "", "right"),
        (pygame.K_RIGHT, pygame.KMOD_LSHIFT, "", "shift+right"),
        (pygame.K_LEFT, pygame.KMOD_RCTRL, "", "ctrl+left"),
        (pygame.K_SLASH, pygame.KMOD_SHIFT, "?", "?"),
        (pygame.K_m, pygame.KMOD_SHIFT, "M", "shift+m"),
        (pygame.K_SPACE, 0, " ", "space"),
        (pygame.K_RETURN, 0, "\r", "return"),
        (pygame.K_KP_ENTER, 0, "\r", "return"),
        (pygame.K_7, 0, "7", "7"),
        (pygame.K_KP7, 0, "7", "7"),
        (pygame.K_ESCAPE, 0, "", "escape"),
    ],
)
def test_key_presses_become_chords(code: int, mod: int, unicode: str, chord: str) -> None:
    event = pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode=unicode)
    assert chord_of(event) == chord


def test_the_page_about_the_viewer_has_the_same_table() -> None:
    assert parts()[1] == table(), "run python -m tests.viewer.keytable"
