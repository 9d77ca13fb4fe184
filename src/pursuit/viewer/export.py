"""Pictures and clips of a replay without a display."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pygame

from pursuit.content.files.problems import fail
from pursuit.viewer.camera import Follower
from pursuit.viewer.compose import compose
from pursuit.viewer.frame import Frame, View
from pursuit.viewer.page.write import write_page
from pursuit.viewer.player import TURNS_A_SECOND
from pursuit.viewer.reel import Reel
from pursuit.viewer.scene import draw_scene, near
from pursuit.viewer.source import Replay
from pursuit.viewer.theme import SIGNALS, THEMES

LEAST_SIZE = (320, 240)
STEPS = 5
"""Pictures of a clip for each turn."""


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
    on_picture: Callable[[int, int], None] | None = None,
) -> Path:
    """Write a picture (``.png``) of one turn, a clip (``.gif``) of a range of turns, both ends included, or a page.

    A page (``.html``) plays the whole replay in any browser, offline.

    Without `turn` a picture shows the last turn, without `turns` a clip shows the whole replay. With `follow` they show
    the chase from near instead of the whole board. `size` is in pixels. `on_picture` hears, before each picture of a
    clip, how many are drawn and of how many.

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
    elif path.suffix.lower() == ".gif":
        if turn is not None:
            turns = turns or (turn, turn)
        first, last = turns or (0, reel.num_turns)
        if _checked(reel, path, first) > _checked(reel, path, last):
            raise fail("bad-range", f"turn {first} comes after turn {last}", str(path))
        samples = [paint(compose(reel, at, view), size, theme, follow) for at in _spaced(first, last)]
        clip = _clip(reel, view, (first, last), size, theme, follow=follow, heard=on_picture)
        _write_gif(clip, samples, path)
    else:
        raise fail("bad-ending", "a picture ends in .png, a clip in .gif, a page in .html", str(path))
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


def _spaced(first: int, last: int) -> list[int]:
    """Up to five turns of a range, evenly apart."""
    return sorted({first + (last - first) * k // 4 for k in range(5)})


def _clip(
    reel: Reel,
    view: View,
    turns: tuple[int, int],
    size: tuple[int, int],
    theme: str,
    *,
    follow: bool,
    heard: Callable[[int, int], None] | None,
) -> Iterator[pygame.Surface]:
    """The pictures of a clip; a camera that follows glides."""
    camera, follower = None, Follower()
    pictures = (turns[1] - turns[0]) * STEPS + 1
    for step in range(pictures):
        if heard:
            heard(step, pictures)
        frame = compose(reel, turns[0] + step / STEPS, view)
        if follow:
            goal = near(frame, size)
            camera = goal if camera is None else follower.next(camera, goal, 0.22)
        surface = pygame.Surface(size)
        draw_scene(surface, frame, camera, THEMES[theme])
        yield surface


def _write_png(surface: pygame.Surface, path: Path) -> None:
    try:
        pygame.image.save(surface, str(path))
    except (OSError, pygame.error) as error:
        raise fail("cannot-write", f"the picture cannot be written: {error}", str(path)) from None


def _write_gif(surfaces: Iterator[pygame.Surface], samples: list[pygame.Surface], path: Path) -> None:
    """All pictures share the colors of some samples, so that what stands still does not flicker."""
    from PIL import Image

    def image(surface: pygame.Surface) -> Image.Image:
        return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))

    wide, tall = samples[0].get_size()
    sheet = Image.new("RGB", (wide, tall * len(samples) + tall // 2))
    for column, color in enumerate(SIGNALS):  # rare, but they must be right
        across = wide // len(SIGNALS)
        sheet.paste(color, (across * column, tall * len(samples), across * (column + 1), sheet.height))
    for row, sample in enumerate(samples):
        sheet.paste(image(sample), (0, tall * row))
    colors = sheet.quantize(255, Image.Quantize.MEDIANCUT)
    pictures = (image(surface).quantize(palette=colors, dither=Image.Dither.NONE) for surface in surfaces)
    pause = round(1000 / (TURNS_A_SECOND * STEPS))
    try:
        next(pictures).save(path, save_all=True, append_images=pictures, duration=pause, loop=0)
    except OSError as error:
        raise fail("cannot-write", f"the clip cannot be written: {error}", str(path)) from None
