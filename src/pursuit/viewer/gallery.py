"""The gallery: a page with a picture and a paragraph for each scenario, drawn from its film line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pygame
from PIL import Image

from pursuit.content.files.problems import fail
from pursuit.content.scenario import Scenario
from pursuit.play.lineup import assign
from pursuit.play.replay import open_replay
from pursuit.play.session import make_head, play
from pursuit.play.verify import verify
from pursuit.viewer.compose import compose
from pursuit.viewer.export import paint
from pursuit.viewer.frame import View
from pursuit.viewer.reel import Reel
from pursuit.viewer.theme import SIGNALS

SIZE = (960, 600)
COLORS = 64
"""Of a picture's palette: enough for flat paint, and a file of some tens of kilobytes."""


def write_gallery(scenarios: Iterable[Scenario], folder: Path) -> Iterator[Path]:
    """Write ``gallery.md`` and ``gallery/NAME.png`` into a folder; yields each picture once it is written.

    A picture shows the turn that the scenario's key ``picture`` names by a mark, or the last one. Raises ContentError
    if a file cannot be written, or if the play never comes to the mark.
    """
    pictures = folder / "gallery"
    paragraphs = []
    try:
        pictures.mkdir(parents=True, exist_ok=True)
        for scenario in scenarios:
            path = pictures / f"{scenario.name}.png"
            turn, turns, outcome = _draw(scenario, path)
            paragraphs.append(_paragraph(scenario, turn, turns, outcome))
            yield path
        text = "\n".join(["# Gallery", "", _HEAD, "", *paragraphs])
        (folder / "gallery.md").write_text(text, "utf-8")
    except OSError as error:
        raise fail("cannot-write", f"the gallery cannot be written: {error}", str(folder)) from None


_HEAD = (
    "One turn of each scenario as it plays by itself, with its own seed. Made by `pursuit scenario gallery docs`;\n"
    "the script, the cast and the claims of a scenario are told by `pursuit scenario describe NAME`."
)


def _draw(scenario: Scenario, path: Path) -> tuple[int, int, str]:
    """Play a scenario and draw its turn; returns the turn, the number of turns and the outcome."""
    with TemporaryDirectory() as room:
        file = Path(room) / f"{scenario.name}.chase.jsonl"
        speakers = assign(scenario.world, scenario.policies)
        play(scenario.world, scenario.seed, speakers, head=make_head(scenario, scenario.seed, speakers), path=file)
        replay = open_replay(file)
        verify(replay)
        turn = _turn(scenario, replay.marks, replay.num_turns)
        reel = Reel(replay)
        reel.scan(turn)
        surface = paint(compose(reel, turn, View()), SIZE, "light", follow=True)
    image = Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))
    image.quantize(palette=_palette(image), dither=Image.Dither.NONE).save(path, optimize=True)
    return turn, replay.num_turns, replay.outcome


def _palette(image: Image.Image) -> Image.Image:
    """The colors of a picture, with the signal colors among them: those are rare, but they must be right."""
    wide, tall = image.size
    sheet = Image.new("RGB", (wide, tall * 2))
    sheet.paste(image)
    across = wide // len(SIGNALS)
    for column, color in enumerate(SIGNALS):
        sheet.paste(color, (across * column, tall, across * (column + 1), tall * 2))
    return sheet.quantize(COLORS, Image.Quantize.MEDIANCUT)


def _turn(scenario: Scenario, marks: Mapping[int, str], last: int) -> int:
    if not scenario.picture:
        return last
    for turn, name in marks.items():
        if name == scenario.picture:
            return turn
    raise fail("no-such-turn", f"the play never comes to the mark {scenario.picture!r}", str(scenario.path or ""))


def _paragraph(scenario: Scenario, turn: int, turns: int, outcome: str) -> str:
    """A heading, the picture, what the scenario says of itself, and how it went."""
    told = f"“{scenario.picture}”, turn {turn} of {turns}" if scenario.picture else f"turn {turn} of {turns}"
    how = f"`pursuit run {scenario.name}` ends in *{outcome.replace('_', ' ')}*; the picture shows {told}."
    picture = f"![{scenario.title}, {told}](gallery/{scenario.name}.png)"
    return "\n\n".join([f"## {scenario.title}", picture, *([scenario.about] if scenario.about else []), how, ""])
