"""Clips of a replay: which pictures they are made of, and how those become a GIF or an MP4."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pygame

from pursuit.content.files.problems import ContentError, fail
from pursuit.viewer.camera import Follower
from pursuit.viewer.compose import compose
from pursuit.viewer.frame import View
from pursuit.viewer.player import TURNS_A_SECOND
from pursuit.viewer.reel import Reel
from pursuit.viewer.scene import draw_scene, near
from pursuit.viewer.theme import SIGNALS, THEMES

RATES = {".gif": 10, ".mp4": 30}
"""Pictures a second, by ending."""

_FIGHT = 3  # gravity of the events that a clip may rest on


@dataclass(frozen=True)
class Cut:
    """What a clip shows, and how."""

    turns: tuple[int, int]  # both ends included
    size: tuple[int, int] = (1280, 800)  # pixels
    view: View = field(default_factory=View)
    theme: str = "dark"
    follow: bool = False  # the chase from near
    speed: float = 1.0  # 1 is two turns a second
    hold: float = 0.0  # seconds to rest on a fight or an end


def positions(reel: Reel, cut: Cut, rate: int) -> list[float]:
    """The place in the reel, in turns, of each picture of a clip at so many pictures a second."""
    first, last = cut.turns
    steps = max(round(rate / (TURNS_A_SECOND * cut.speed)), 1)
    rests = {turn for turn, gravity in reel.event_turns() if gravity >= _FIGHT}
    places: list[float] = []
    for turn in range(first, last + 1):
        places += [float(turn)] * (1 + (round(cut.hold * rate) if turn in rests else 0))
        places += [turn + step / steps for step in range(1, steps)] if turn < last else []
    return places


def pictures(
    reel: Reel, cut: Cut, places: list[float], heard: Callable[[int, int], None] | None = None
) -> Iterator[pygame.Surface]:
    """The pictures of a clip; a camera that follows glides. ``heard`` is told before each, as `render` says."""
    camera, follower = None, Follower()
    for number, place in enumerate(places):
        if heard:
            heard(number, len(places))
        frame = compose(reel, place, cut.view)
        if cut.follow:
            goal = near(frame, cut.size)
            camera = goal if camera is None else follower.next(camera, goal, 0.22)
        surface = pygame.Surface(cut.size)
        draw_scene(surface, frame, camera, THEMES[cut.theme])
        yield surface


def write_clip(reel: Reel, cut: Cut, path: Path, heard: Callable[[int, int], None] | None = None) -> None:
    """Write a clip; the ending says which kind. Raises ContentError where it cannot be made or written."""
    rate = RATES[path.suffix.lower()]
    places = positions(reel, cut, rate)
    growing = path.with_name(f".{path.stem}-{os.getpid()}{path.suffix}")
    try:
        if path.suffix.lower() == ".mp4":
            _write_mp4(pictures(reel, cut, places, heard), cut.size, rate, growing)
        else:
            samples = list(pictures(reel, cut, sorted({places[len(places) * k // 5] for k in range(5)} | {places[-1]})))
            _write_gif(pictures(reel, cut, places, heard), samples, rate, growing)
        growing.replace(path)  # whole, or not at all
    except OSError as error:
        raise fail("cannot-write", f"the clip cannot be written: {error.strerror or error}", str(path)) from None
    finally:
        growing.unlink(missing_ok=True)


def _write_gif(surfaces: Iterator[pygame.Surface], samples: list[pygame.Surface], rate: int, path: Path) -> None:
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
    images = (image(surface).quantize(palette=colors, dither=Image.Dither.NONE) for surface in surfaces)
    with path.open("wb") as file:
        next(images).save(file, "GIF", save_all=True, append_images=images, duration=round(1000 / rate), loop=0)


def _write_mp4(surfaces: Iterator[pygame.Surface], size: tuple[int, int], rate: int, path: Path) -> None:
    """H.264, with an even number of pixels each way, as it wants. Needs the extra `video`."""
    try:
        import av
    except ImportError:
        raise _no_video(path) from None
    if size[0] % 2 or size[1] % 2:
        raise fail("bad-size", f"a video has an even number of pixels each way, not {size[0]}x{size[1]}", str(path))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(rate))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "20", "preset": "fast"}
        for surface in surfaces:
            pixels = pygame.surfarray.array3d(surface).swapaxes(0, 1)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())


def _no_video(path: Path) -> ContentError:
    return fail("no-video", 'videos need PyAV: pip install "pursuit[video]", or write a .gif or .html', str(path))
