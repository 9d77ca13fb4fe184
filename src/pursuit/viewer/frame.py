"""A frame: everything one picture needs, as plain data. Made by `compose`, painted by `draw` and `panel`.

All points are meters on the plane of `layout` (floors side by side, north up). Nothing here knows pixels.
Dimension letters: ``N`` nodes, ``E`` doors.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Board
from pursuit.viewer.layout import Layout

Point = tuple[float, float]

EVERYTHING = -1
"""The viewpoint that sees all; any other is the slot whose mind one looks through."""


class Lens(Enum):
    """What is shown of what the viewpoint cannot know: all of it, faintly; none; none, but what its mind believes."""

    TRUTH = "truth"
    SEEN = "seen"
    BELIEVED = "believed"


@dataclass(frozen=True)
class View:
    """How the viewer looks at a replay."""

    viewpoint: int = EVERYTHING
    lens: Lens = Lens.TRUTH
    trails: bool = True
    vision: bool = True
    events: bool = True
    plans: bool = False
    heat: bool = False
    phase: int = 0  # phases of the next turn that are played already


@dataclass(frozen=True)
class Look:
    """Who somebody is or seems to be: the letters, side and name that a token wears."""

    name: str
    code: str
    side: int  # Side


@dataclass(frozen=True)
class Body:
    """One agent on the map. `look` is what it wears; `behind` is who it is, where that differs and may be shown.

    `slot` is for following one with the camera; nothing that is drawn tells it.
    """

    slot: int
    look: Look
    behind: Look | None
    at: Point
    offset: Point  # in token radii, for those who share a node; of a rider, from the vehicle's middle
    status: int  # Status
    health: float | None  # 0 to 1, None if not known
    ride: int  # index into the frame's rides, -1 on foot
    faint: bool  # not seen by the viewpoint, or about to go out of sight
    hunted: bool
    staggered: bool
    pending: bool  # changes its look next turn
    doubt: float | None = None  # chance, to the mind looked through, that it is the shifter; None: not told


@dataclass(frozen=True)
class Ride:
    """One vehicle; its riders are bodies of their own, drawn upon it."""

    name: str
    kind: str
    at: Point
    offset: Point
    aboard: int  # riders and hangers-on shown
    faint: bool


@dataclass(frozen=True)
class Thing:
    """One item that lies about."""

    name: str
    at: Point
    weapon: bool
    faint: bool


@dataclass(frozen=True)
class Effect:
    """A short mark of something that happened: `kind` is noise, shot, strike, hit, morph, blade, splash,
    passed, failed, linked, fell or blocked."""

    kind: str
    at: Point
    who: int  # index into the frame's bodies of whom it happened to, -1 if that one is not shown
    to: int  # of the other end of a shot or strike, -1 for none
    reach: float  # meters that a noise carries
    strength: float  # 0 to 1


@dataclass(frozen=True)
class Track:
    """Where somebody went in the last turns, or, for a plan, means to go."""

    side: int
    nodes: tuple[int, ...]  # oldest first
    plan: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of the list of agents."""

    slot: int
    look: Look
    behind: Look | None
    note: str  # status, vehicle, things carried
    health: float | None
    points: int | None  # health in points
    gone: bool  # absent, left, dead, offline
    looks: tuple[Look, ...] = ()  # what a shifter can wear


@dataclass(frozen=True)
class Line:
    """One line of the log."""

    turn: int
    text: str
    grave: int  # see `reel.gravity`
    told: bool = False  # said by the story rather than read from the state


@dataclass(frozen=True)
class Heading:
    """What stands above and below the map."""

    title: str
    turn: int
    num_turns: int
    phase: str  # the phase played last, within a turn; empty between turns
    position: float  # turn and the part of the next one already shown
    speed: float  # 1 is normal
    seed: int
    policies: tuple[tuple[str, str], ...]
    badge: str
    viewpoint: str
    lens: str
    outcome: str  # empty while open
    event_turns: tuple[tuple[int, int], ...]  # turn and how grave its gravest event is, see `reel.gravity`
    marks: tuple[tuple[int, str], ...]
    exact: tuple[tuple[int, int, bool], ...] = ()  # turn, turns to capture under best play (-1 never), a blunder
    caption: str = ""  # what the story said last, while it is fresh


@dataclass(frozen=True)
class Frame:
    """One picture."""

    board: Board
    layout: Layout
    bodies: tuple[Body, ...]
    rides: tuple[Ride, ...]
    things: tuple[Thing, ...]
    doors: tuple[int, ...]  # [E] Door, -1 where not known
    effects: tuple[Effect, ...]
    tracks: tuple[Track, ...]
    exits: tuple[tuple[int, int], ...]  # side, node
    in_sight: NDArray[np.bool_] | None  # [N] what the viewpoint sees; None: no veil
    heat: NDArray[np.float32] | None  # [N] chance, to that mind, that the shifter is there; None: not shown
    heading: Heading
    entries: tuple[Entry, ...]
    log: tuple[Line, ...]
