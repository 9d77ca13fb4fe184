"""What the page's script needs of a replay, as plain lists: what stands still once, and the frames of each view.

A view is a viewpoint with its lens: everything as it is, and each mind that matters as it sees. The script shows
one mind's truth by fading, in the frames of everything, what that mind does not see.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import numpy as np

from pursuit.core.board import Feature
from pursuit.core.state import Status
from pursuit.core.world import Ruleset, Side
from pursuit.viewer.compose import compose
from pursuit.viewer.frame import EVERYTHING, Body, Entry, Frame, Lens, Ride, View
from pursuit.viewer.keys import KEYS, Act
from pursuit.viewer.moment import Moment
from pursuit.viewer.reel import Reel
from pursuit.viewer.theme import (
    DOOR_COLOR,
    FEATURE_SIGN,
    PALETTE,
    SIDE_COLOR,
    SIDE_NAME,
    SIDE_SHAPE,
    STREET_METERS,
    THEMES,
    Theme,
)
from pursuit.viewer.words import lines, viewpoint_name

Record = dict[str, Any]

ACTS = frozenset(
    {
        Act.PLAY, Act.NEXT, Act.BACK, Act.TEN_ON, Act.TEN_BACK, Act.NEXT_EVENT, Act.LAST_EVENT, Act.FIRST, Act.LAST,
        Act.FASTER, Act.SLOWER, Act.GO_TO, Act.NEXT_VIEW, Act.LAST_VIEW, Act.LENS, Act.VISION, Act.TRAILS, Act.EVENTS,
        Act.LIGHT, Act.WHOLE, Act.HELP, Act.CLOSE,
    }
)  # fmt: skip
"""What the page can do of the table of keys."""

_SEES = (Side.HUNTER, Side.GUARDIAN, Side.LAW)
"""Sides whose minds are views: a page with every passer-by's eyes would be too large to send."""


def book(reel: Reel, on_picture: Callable[[int, int], None] | None = None) -> Record:
    """All that the page shows of a replay."""
    reel.scan(reel.num_turns)
    views = [EVERYTHING, *(int(slot) for slot in np.flatnonzero(np.isin(reel.world.side, [int(s) for s in _SEES])))]
    if reel.world.ruleset != Ruleset.STORY:
        views = views[:1]  # on a unit board everybody sees everything, or the whole board is one picture
    texts = Texts()
    shown = []
    for k, viewpoint in enumerate(views):
        if on_picture:
            on_picture(k, len(views))
        shown.append(_view(reel, viewpoint, texts))
    return {**_head(reel), "ground": _ground(reel), "views": shown, "texts": texts.all}


class Texts:
    """Every text once, by number."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._number: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a text."""
        if text not in self._number:
            self._number[text] = len(self.all)
            self.all.append(text)
        return self._number[text]


def _head(reel: Reel) -> Record:
    replay, world = reel.replay, reel.world
    return {
        "title": world.title or world.name,
        "seed": str(replay.seed),
        "command": replay.command,
        "badge": reel.badge,
        "policies": [list(pair) for pair in reel.policies],
        "turns": reel.num_turns,
        "looks": [[look.name, look.code, look.side] for look in reel.looks],
        "vehicles": list(reel.vehicle_names),
        "rides": [world.roster.ride_name[int(kind)] for kind in world.vehicle_kind],
        "items": [bool(weapon >= 0) for weapon in world.item_weapon],
        "sides": [[SIDE_NAME[side], SIDE_SHAPE[side], _hex(SIDE_COLOR[side])] for side in Side],
        "doorColor": [_hex(color) for color in DOOR_COLOR.values()],
        "palette": {name: _hex(color) for name, color in PALETTE.items()},
        "themes": {name: _theme(theme) for name, theme in THEMES.items()},
        "keys": [[key.chord, key.act.name, key.shown, key.help] for key in KEYS if key.act in ACTS],
        "events": [list(pair) for pair in reel.event_turns()],
        "marks": [list(pair) for pair in sorted(replay.marks.items())],
        "well": int(Status.WELL),
        "down": int(Status.DOWN),
    }


def _theme(theme: Theme) -> Record:
    paints = {name: _hex(value) for name, value in vars(theme).items() if isinstance(value, tuple) and name != "fills"}
    return {
        **paints,
        "fills": {kind: _hex(color) for kind, color in theme.fills},
        "streets": {width: _hex(theme.street_color(width)) for width in STREET_METERS},
    }


def _hex(color: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in color)


def _ground(reel: Reel) -> Record:
    board, layout = reel.world.board, reel.layout
    signs = [
        [node, " ".join(word for feature, word in FEATURE_SIGN.items() if feature in Feature(int(bits)))]
        for node, bits in enumerate(board.feature.tolist())
        if bits
    ]
    ways: list[list[int]] = []
    if not board.streets and not board.rooms:
        node, slot = np.nonzero(board.modes[:, 1:])
        other = board.neighbor[node, slot + 1]
        ways = [[int(a), int(b)] for a, b in zip(node, other, strict=True) if a < b]
    return {
        "box": _flat(layout.box),
        "cell": board.cell,
        "nodes": _flat(layout.node_xy.ravel()),
        "level": board.level.tolist(),
        "streets": [
            [street.width, STREET_METERS.get(street.width, 8.0), street.name, _flat(xy.ravel())]
            for street in sorted(board.streets, key=lambda street: STREET_METERS.get(street.width, 8.0))
            for xy in [layout.place(street.xy, street.level)]
        ],
        "rooms": [
            [room.kind, room.label or room.name, _flat(layout.place(room.xy, room.level).ravel())]
            for room in board.rooms
        ],
        "floors": [[floor.title, _flat(floor.box)] for floor in layout.floors[1:]],
        "ways": ways,
        "doors": board.door_nodes.tolist(),
        "signs": signs,
        "exits": [list(pair) for pair in reel.exits],
        "attribution": board.attribution,
    }


def _flat(numbers: Any) -> list[float]:
    """Meters, to a tenth."""
    return [round(float(number), 1) for number in numbers]


def _view(reel: Reel, viewpoint: int, texts: Texts) -> Record:
    """The frames of one view; what did not change since the frame before is left out."""
    everything = viewpoint == EVERYTHING
    view = View(viewpoint, Lens.TRUTH if everything else Lens.SEEN, trails=False)
    frames: list[Record] = []
    last: Record = {}
    for turn in range(reel.num_turns + 1):
        whole = _frame(reel, turn, view, texts)
        frames.append({name: value for name, value in whole.items() if last.get(name) != value})
        last = whole
    said = [
        [line.turn, texts.number(line.text), line.grave, int(line.told)]
        for turn in range(reel.num_turns + 1)
        for line in lines(reel, turn, view)
    ]
    return {"slot": viewpoint, "frames": frames, "log": said}


def _frame(reel: Reel, turn: int, view: View, texts: Texts) -> Record:
    frame = compose(reel, float(turn), view)
    moment = Moment.at(reel, float(turn), view)
    slots = [slot for slot in range(reel.world.num_agents) if moment.shows(slot)]
    vehicles = [vehicle for vehicle, node in enumerate(moment.state.vehicle_node[0].tolist()) if moment.sees(node)]
    heading = frame.heading
    return {
        "b": [_body(moment, slot, body) for slot, body in zip(slots, frame.bodies, strict=True)],
        "r": [_ride(moment, vehicle, ride) for vehicle, ride in zip(vehicles, frame.rides, strict=True)],
        "t": [
            [item, node]
            for item, node in enumerate(moment.state.item_node[0].tolist())
            if node >= 0 and moment.sees(node)
        ],
        "d": list(frame.doors),
        "e": _effects(frame, slots),
        "v": None if frame.in_sight is None else _bits(frame.in_sight),
        "w": [] if moment.eyes.all_seeing else np.flatnonzero(moment.eyes.shown).tolist(),
        "n": [_entry(reel, entry, texts) for entry in frame.entries],
        "c": texts.number(heading.caption),
        "o": texts.number(heading.outcome),
        "p": texts.number(viewpoint_name(reel, moment.state, view.viewpoint)),
    }


def _body(moment: Moment, slot: int, body: Body) -> list[Any]:
    """Slot, look worn, who is behind it (-1: not told), node, offset, status, health, vehicle, flags, way here."""
    state, looks = moment.state, moment.reel.looks
    path = moment.after.path[0, slot].tolist()
    way = [node for k, node in enumerate(path) if k == 0 or node != path[k - 1]]
    flags = body.faint | body.hunted << 1 | body.staggered << 2 | body.pending << 3
    return [
        slot,
        looks.index(body.look),
        slot if body.behind is not None else -1,
        moment.node(slot),
        *_flat(body.offset),
        body.status,
        -1 if body.health is None else round(100 * body.health),
        int(state.ride[0, slot]) if body.ride >= 0 else -1,
        flags,
        way if len(way) > 1 else [],
    ]


def _ride(moment: Moment, vehicle: int, ride: Ride) -> list[Any]:
    """Vehicle, node, offset, riders, faint."""
    return [vehicle, int(moment.state.vehicle_node[0, vehicle]), *_flat(ride.offset), ride.aboard, int(ride.faint)]


def _effects(frame: Frame, slots: list[int]) -> list[list[Any]]:
    """Kind, place, slots of whom it happened to and of the other end (-1: not shown), meters that a noise carries."""
    shown = {**dict(enumerate(slots)), -1: -1}
    return [
        [effect.kind, *_flat(effect.at), shown[effect.who], shown[effect.to], effect.reach] for effect in frame.effects
    ]


def _entry(reel: Reel, entry: Entry, texts: Texts) -> list[Any]:
    """Look, who is behind it, note, health, points (-1: not known), gone, looks that it can wear."""
    number = reel.looks.index
    return [
        number(entry.look),
        -1 if entry.behind is None else number(entry.behind),
        texts.number(entry.note),
        -1 if entry.health is None else round(100 * entry.health),
        -1 if entry.points is None else entry.points,
        int(entry.gone),
        [number(look) for look in entry.looks],
    ]


def _bits(seen: Any) -> str:
    return base64.b64encode(np.packbits(seen, bitorder="little").tobytes()).decode("ascii")
