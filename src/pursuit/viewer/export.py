"""Pictures, clips and pages of a replay without a display."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pygame

from pursuit.content.files.problems import fail
from pursuit.viewer.clip import RATES, Cut, write_clip
from pursuit.viewer.compose import compose
from pursuit.viewer.frame import Frame, View
from pursuit.viewer.page.write import write_page
from pursuit.viewer.reel import Reel
from pursuit.viewer.scene import draw_scene, near
from pursuit.viewer.source import Replay
from pursuit.viewer.theme import THEMES

LEAST_SIZE = (320, 240)


def render(
    replay: Replay,
    out: str | Path,
    turn: int | None = None,
    turns: tuple[int, int] | None = None,
    size: tuple[int, int] = (1280, 800),
    *,
    view: View | None = None,
    theme: str = "dark",
    follow: bool = False,
    speed: float = 1.0,
    hold: float = 0.0,
    on_picture: Callable[[int, int], None] | None = None,
) -> Path:
    """Write a picture (``.png``) of one turn, a clip (``.gif``, ``.mp4``) of a range of turns, or a page.

    A page (``.html``) plays the whole replay in any browser, offline.

    Without `turn` a picture shows the last turn, without `turns` (both ends included) a clip shows the whole replay.
    With `follow` they show the chase from near instead of the whole board. A clip at `speed` 1 shows two turns a
    second, and rests `hold` seconds on each fight and end. `size` is in pixels. `on_picture` hears, before each picture
    of a clip or view of a page, how many are drawn and of how many.

    Returns the path written. Raises ContentError for an ending, turn, range, size or theme that will not do, and for
    a place that cannot be written.
    """
    path = Path(out)
    if theme not in THEMES:
        raise fail("unknown-theme", f"'{theme}' is not a theme; there are {' and '.join(THEMES)}", str(path))
    if size[0] < LEAST_SIZE[0] or size[1] < LEAST_SIZE[1]:
        least = f"{LEAST_SIZE[0]}x{LEAST_SIZE[1]}"
        raise fail("bad-size", f"{size[0]}x{size[1]} pixels is too small; the least is {least}", str(path))
    reel = Reel(replay)
    reel.scan(reel.num_turns)
    if path.suffix.lower() == ".html":
        if turn is not None or turns is not None:
            raise fail("bad-range", "a page plays the whole replay; leave --turn and --range out", str(path))
        write_page(reel, path, theme, on_picture)
        return path
    view = view or View()
    if path.suffix.lower() == ".png":
        if turns is not None:
            raise fail("bad-range", "a picture shows one turn; write a range of turns to a .gif", str(path))
        at = _checked(reel, path, reel.num_turns if turn is None else turn)
        surface = paint(compose(reel, at, view), size, theme, follow)
        _write_png(surface, path)
    elif path.suffix.lower() in RATES:
        if turn is not None:
            turns = turns or (turn, turn)
        first, last = turns or (0, reel.num_turns)
        if _checked(reel, path, first) > _checked(reel, path, last):
            raise fail("bad-range", f"turn {first} comes after turn {last}", str(path))
        if not (0.05 <= speed <= 32 and 0 <= hold <= 60):
            raise fail("bad-speed", "a clip has a speed of 0.05 to 32 and rests for 0 to 60 seconds", str(path))
        write_clip(reel, Cut((first, last), size, view, theme, follow, speed, hold), path, on_picture)
    else:
        raise fail("bad-ending", "a picture ends in .png, a clip in .gif or .mp4, a page in .html", str(path))
    return path


def paint(frame: Frame, size: tuple[int, int], theme: str = "dark", follow: bool = False) -> pygame.Surface:
    """A frame on a new surface of its own; needs no display."""
    surface = pygame.Surface(size)
    draw_scene(surface, frame, near(frame, size) if follow else None, THEMES[theme])
    return surface


def _checked(reel: Reel, path: Path, turn: int) -> int:
    if not 0 <= turn <= reel.num_turns:
        raise fail("no-such-turn", f"there is no turn {turn}; the replay has turns 0 to {reel.num_turns}", str(path))
    return turn


def _write_png(surface: pygame.Surface, path: Path) -> None:
    try:
        pygame.image.save(surface, str(path))
    except (OSError, pygame.error) as error:
        raise fail("cannot-write", f"the picture cannot be written: {error}", str(path)) from None
