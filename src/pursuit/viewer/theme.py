"""Colors, shapes and line styles. Sides differ in shape as well as in color.

The signal colors are those of Okabe and Ito (2008), which stay apart for color-blind eyes.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from pursuit.core.board import Door, Feature
from pursuit.core.world import Side

Color = tuple[int, int, int]

ORANGE: Color = (230, 159, 0)
HEAT: Color = (213, 60, 120)
SKY: Color = (86, 180, 233)
GREEN: Color = (0, 158, 115)
YELLOW: Color = (240, 228, 66)
BLUE: Color = (0, 114, 178)
VERMILLION: Color = (213, 94, 0)
PURPLE: Color = (204, 121, 167)

PALETTE = MappingProxyType(
    {
        "orange": ORANGE,
        "sky": SKY,
        "green": GREEN,
        "yellow": YELLOW,
        "blue": BLUE,
        "vermillion": VERMILLION,
        "purple": PURPLE,
    }
)
SIGNALS = tuple(PALETTE.values())

SIDE_COLOR = MappingProxyType({Side.HUNTER: VERMILLION, Side.GUARDIAN: SKY, Side.LAW: YELLOW, Side.BYSTANDER: GREEN})
SIDE_SHAPE = MappingProxyType(
    {Side.HUNTER: "diamond", Side.GUARDIAN: "circle", Side.LAW: "square", Side.BYSTANDER: "hexagon"}
)
SIDE_NAME = MappingProxyType(
    {Side.HUNTER: "hunter", Side.GUARDIAN: "guardian", Side.LAW: "law", Side.BYSTANDER: "bystander"}
)

DOOR_COLOR = MappingProxyType({Door.OPEN: GREEN, Door.SHUT: ORANGE, Door.LOCKED: VERMILLION, Door.BARRED: PURPLE})

FEATURE_SIGN = MappingProxyType(
    {
        Feature.HIDE: "hide",
        Feature.HOIST: "hoist",
        Feature.LEVER: "lever",
        Feature.TERMINAL: "term.",
        Feature.VAULT: "vault",
        Feature.VAT: "vat",
        Feature.PRESS: "press",
        Feature.BAY: "P",
        Feature.CACHE: "arms",
    }
)
"""The word or letter on a feature's sign; cover is drawn as hatching and needs none."""

STREET_METERS = MappingProxyType(
    {
        "freeway": 26.0,
        "boulevard": 20.0,
        "street": 11.0,
        "alley": 5.0,
        "corridor": 3.5,
        "canal": 14.0,
        "stairs": 2.5,
        "path": 1.8,
    }
)
"""Width of each street class in meters; `theme` says how each is painted."""


@dataclass(frozen=True)
class Theme:
    """One set of paints. Frozen and hashable: part of the key of cached layers."""

    name: str
    ground: Color  # what lies between streets and rooms
    street: Color
    street_edge: Color
    freeway: Color
    alley: Color
    canal: Color
    stairs: Color
    wall: Color
    cell: Color  # dot of a node
    room: Color  # where the kind has no fill of its own
    fills: tuple[tuple[str, Color], ...]  # room fill by kind
    text: Color
    soft: Color  # labels that should not shout
    faint: Color
    panel: Color
    panel_edge: Color
    bar: Color
    ink: Color  # letters on a token, outlines of signs
    halo: Color  # behind labels on the map
    veil: Color  # over what a viewpoint does not see

    def fill(self, kind: str) -> Color:
        """Room fill of a kind; an unknown kind is an ordinary room."""
        return dict(self.fills).get(kind, self.room)

    def street_color(self, width: str) -> Color:
        """Paint of a street of a width class."""
        special = {"freeway": self.freeway, "alley": self.alley, "canal": self.canal, "stairs": self.stairs}
        return special.get(width, self.street)

    def door_color(self, door: int) -> Color:
        """Paint of a door by its state; -1 is one whose state is not known."""
        return DOOR_COLOR[Door(door)] if door >= 0 else self.faint


DARK = Theme(
    name="dark",
    ground=(19, 22, 27),
    street=(48, 53, 61),
    street_edge=(31, 35, 41),
    freeway=(62, 62, 60),
    alley=(41, 44, 50),
    canal=(30, 58, 78),
    stairs=(78, 74, 64),
    wall=(112, 120, 132),
    cell=(92, 99, 110),
    room=(44, 49, 57),
    fills=(
        ("shop", (56, 54, 66)),
        ("hall", (50, 57, 66)),
        ("corridor", (50, 57, 66)),
        ("arcade", (66, 50, 72)),
        ("food", (66, 58, 46)),
        ("parking", (40, 43, 48)),
        ("service", (45, 50, 50)),
        ("water", (30, 58, 78)),
        ("roof", (38, 40, 46)),
        ("garden", (38, 56, 46)),
        ("park", (38, 56, 46)),
        ("stairs", (70, 66, 58)),
        ("cell", (58, 52, 52)),
        ("office", (50, 54, 62)),
        ("vat", (120, 60, 24)),
        ("mill", (52, 48, 46)),
        ("press", (66, 56, 52)),
        ("lab", (44, 56, 60)),
        ("vault", (70, 62, 40)),
        ("ward", (52, 58, 58)),
        ("yard", (50, 46, 40)),
        ("block", (28, 32, 38)),
        ("house", (28, 32, 38)),
    ),
    text=(232, 236, 241),
    soft=(158, 167, 179),
    faint=(104, 112, 124),
    panel=(26, 30, 36),
    panel_edge=(48, 54, 63),
    bar=(52, 58, 68),
    ink=(14, 16, 20),
    halo=(19, 22, 27),
    veil=(8, 9, 12),
)

LIGHT = Theme(
    name="light",
    ground=(236, 234, 228),
    street=(255, 255, 255),
    street_edge=(208, 205, 197),
    freeway=(250, 236, 200),
    alley=(247, 246, 242),
    canal=(178, 210, 228),
    stairs=(222, 214, 196),
    wall=(128, 126, 122),
    cell=(188, 184, 176),
    room=(246, 243, 236),
    fills=(
        ("shop", (232, 228, 240)),
        ("hall", (248, 246, 240)),
        ("corridor", (248, 246, 240)),
        ("arcade", (238, 220, 240)),
        ("food", (246, 232, 208)),
        ("parking", (224, 224, 222)),
        ("service", (226, 232, 230)),
        ("water", (178, 210, 228)),
        ("roof", (218, 216, 212)),
        ("garden", (208, 228, 206)),
        ("park", (208, 228, 206)),
        ("stairs", (222, 214, 196)),
        ("cell", (236, 222, 218)),
        ("office", (228, 232, 240)),
        ("vat", (247, 178, 116)),
        ("mill", (238, 233, 228)),
        ("press", (218, 208, 204)),
        ("lab", (220, 236, 238)),
        ("vault", (244, 232, 190)),
        ("ward", (230, 240, 236)),
        ("yard", (238, 230, 212)),
        ("block", (227, 224, 217)),
        ("house", (227, 224, 217)),
    ),
    text=(28, 30, 34),
    soft=(96, 98, 104),
    faint=(140, 142, 148),
    panel=(248, 247, 244),
    panel_edge=(214, 211, 204),
    bar=(214, 211, 204),
    ink=(14, 16, 20),
    halo=(246, 244, 240),
    veil=(90, 90, 96),
)

THEMES = MappingProxyType({theme.name: theme for theme in (DARK, LIGHT)})
