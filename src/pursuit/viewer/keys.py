"""One table of keys: what is pressed, what it does, what the help says. Help, window and tests read it.

A chord is written as ``ctrl+right``: modifiers in the order ctrl, shift, then the key's name in lower case.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Act(Enum):
    """What the viewer can be asked to do."""

    PLAY = auto()
    NEXT = auto()
    BACK = auto()
    TEN_ON = auto()
    TEN_BACK = auto()
    PHASE_ON = auto()
    PHASE_BACK = auto()
    NEXT_EVENT = auto()
    LAST_EVENT = auto()
    FIRST = auto()
    LAST = auto()
    FASTER = auto()
    SLOWER = auto()
    NEXT_BLUNDER = auto()
    LAST_BLUNDER = auto()
    GO_TO = auto()
    NEXT_VIEW = auto()
    LAST_VIEW = auto()
    LENS = auto()
    HEAT = auto()
    PLANS = auto()
    VISION = auto()
    TRAILS = auto()
    EVENTS = auto()
    MARK = auto()
    MARKS = auto()
    NEXT_REPLAY = auto()
    LAST_REPLAY = auto()
    ONWARD = auto()
    PICTURE = auto()
    CLIP = auto()
    LIGHT = auto()
    WHOLE = auto()
    FOLLOW = auto()
    HELP = auto()
    CLOSE = auto()


@dataclass(frozen=True)
class Key:
    """One line of the table. `shown` is how the help writes the chord."""

    chord: str
    act: Act
    shown: str
    help: str


KEYS: tuple[Key, ...] = (
    Key("space", Act.PLAY, "Space", "play or pause; at the end, from the start"),
    Key("right", Act.NEXT, "Right", "one turn on"),
    Key("left", Act.BACK, "Left", "one turn back"),
    Key("shift+right", Act.TEN_ON, "Shift Right", "ten turns on"),
    Key("shift+left", Act.TEN_BACK, "Shift Left", "ten turns back"),
    Key(".", Act.PHASE_ON, ".", "one phase on within the turn, as the rules play it"),
    Key(",", Act.PHASE_BACK, ",", "one phase back"),
    Key("ctrl+right", Act.NEXT_EVENT, "Ctrl Right", "next event"),
    Key("ctrl+left", Act.LAST_EVENT, "Ctrl Left", "event before"),
    Key("b", Act.NEXT_BLUNDER, "b", "next blunder, where best play is known"),
    Key("shift+b", Act.LAST_BLUNDER, "Shift b", "blunder before"),
    Key("home", Act.FIRST, "Home", "first turn"),
    Key("end", Act.LAST, "End", "last turn"),
    Key("up", Act.FASTER, "Up", "faster"),
    Key("down", Act.SLOWER, "Down", "slower"),
    Key("g", Act.GO_TO, "g, digits", "go to a turn; Enter goes there"),
    Key("tab", Act.NEXT_VIEW, "Tab", "next viewpoint: everything, each mind"),
    Key("shift+tab", Act.LAST_VIEW, "Shift Tab", "viewpoint before"),
    Key("d", Act.LENS, "d", "lens: truth, what the viewpoint sees, what it believes"),
    Key("h", Act.HEAT, "h", "belief: where the viewpoint holds the shifter for likely"),
    Key("a", Act.PLANS, "a", "plans: where each is heading"),
    Key("v", Act.VISION, "v", "vision: dim what is out of sight"),
    Key("t", Act.TRAILS, "t", "trails of the last turns"),
    Key("e", Act.EVENTS, "e", "marks of shots, noises, changes"),
    Key("m", Act.MARK, "m", "mark this turn, or take the mark away"),
    Key("shift+m", Act.MARKS, "Shift m", "list marks"),
    Key("n", Act.NEXT_REPLAY, "n", "next replay"),
    Key("p", Act.LAST_REPLAY, "p", "replay before"),
    Key("c", Act.ONWARD, "c", "play on from here, with chosen policies"),
    Key("s", Act.PICTURE, "s", "save a picture"),
    Key("shift+s", Act.CLIP, "Shift s", "save a clip between the last two marks"),
    Key("l", Act.LIGHT, "l", "light or dark"),
    Key("z", Act.WHOLE, "z", "show the whole board"),
    Key("f", Act.FOLLOW, "f", "follow the chase, near; off again: the whole board"),
    Key("?", Act.HELP, "?", "this help"),
    Key("escape", Act.CLOSE, "Esc", "close; then ask to quit"),
)

MOUSE: tuple[tuple[str, str], ...] = (
    ("wheel", "nearer, farther, at the pointer"),
    ("drag", "move the map"),
    ("agent", "click: follow; again: stop. Hover: its state"),
    ("timeline", "click or drag to a turn"),
    ("seed", "click: copy the command that plays it"),
)
"""What the mouse does, for the help."""

ACTS: dict[str, Act] = {key.chord: key.act for key in KEYS}
