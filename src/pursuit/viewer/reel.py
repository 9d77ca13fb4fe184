"""A reel: a replay with all that is worked out once for it. `compose` makes frames of it.

Dimension letters: ``A`` agent slots, ``G`` guises.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from pursuit.core.state import State
from pursuit.core.world import Side
from pursuit.rules.told.events import QUIET, Kind
from pursuit.rules.told.telling import Teller
from pursuit.viewer.eyes import Eyes, open_eyes
from pursuit.viewer.frame import Lens, Line, Look
from pursuit.viewer.layout import Layout, lay_out
from pursuit.viewer.source import Event, Replay

_KEPT_STATES = 128

_GRAVE: dict[str, int] = {
    **dict.fromkeys((*QUIET, Kind.MOVED, Kind.SIGHTED), 0),
    **dict.fromkeys((Kind.MORPHS, Kind.CHANGED, Kind.SAMPLED, Kind.PASSED, Kind.FAILED, Kind.LINKED), 2),
    **dict.fromkeys((Kind.STRUCK, Kind.MISSED, Kind.SHOT, Kind.SHOT_MISSED, Kind.SPLIT, Kind.FORCED), 3),
    **dict.fromkeys((Kind.DOWN, Kind.KILLED, Kind.OFFLINE, Kind.CAPTURED, Kind.LEFT, Kind.ENDED), 4),
}


def gravity(kind: str) -> int:
    """How much an event stands out: 0 not at all, 1 an ordinary one, 2 shapes and minds, 3 a fight, 4 an end."""
    return _GRAVE.get(kind, 1)


class Reel:
    """A replay, its floors laid out, the letters of its cast, and the states last asked for."""

    def __init__(self, replay: Replay, aspect: float = 1.45) -> None:
        world = replay.world
        self.replay = replay
        self.world = world
        self.layout: Layout = lay_out(world.board, aspect)
        self.teller = teller = Teller(world)
        names = [name.removeprefix("the ") for name in teller.agents]
        codes = shorten(world.agent_name)
        agents = [
            Look(name, code, int(side)) for name, code, side in zip(names, codes, world.side.tolist(), strict=True)
        ]
        things = [Look(name.removeprefix("the "), "#", int(Side.BYSTANDER)) for name in teller.items]
        self.looks: tuple[Look, ...] = (*agents, *things)  # [G]
        self.item_names = tuple(look.name for look in things)
        self.exits = tuple((int(side), int(node)) for side, node in np.argwhere(world.exits))
        self.vehicle_names = tuple(name.removeprefix("the ") for name in teller.vehicles)
        self.badge = replay.badge
        self.policies = tuple(replay.policies.items())
        self.lines: dict[tuple[int, int, Lens], tuple[Line, ...]] = {}  # of the log, as `words` keeps them
        self.events: dict[int, tuple[Event, ...]] = {}  # of the turns scanned so far
        self._grave: list[tuple[int, int]] = []
        self._exact: list[tuple[int, int, bool]] = []
        self._scanned = 1
        self._eyes: OrderedDict[tuple[int, int], Eyes] = OrderedDict()
        self._states: OrderedDict[int, State] = OrderedDict()
        self._phases: tuple[int, Sequence[tuple[str, State]]] = (0, ())  # of the turn last asked for

    @property
    def num_turns(self) -> int:
        return self.replay.num_turns

    def state(self, turn: int) -> State:
        """The state after `turn` turns; the last ones asked for are kept."""
        kept = self._states.get(turn)
        if kept is None:
            kept = self._states[turn] = self.replay.state(turn)
            if len(self._states) > _KEPT_STATES:
                self._states.popitem(last=False)
        return kept

    def eyes(self, turn: int, viewpoint: int) -> Eyes:
        """What a viewpoint sees after `turn` turns; kept like the states."""
        kept = self._eyes.get((turn, viewpoint))
        if kept is None:
            kept = self._eyes[turn, viewpoint] = open_eyes(self.world, self.state(turn), viewpoint)
            if len(self._eyes) > _KEPT_STATES:
                self._eyes.popitem(last=False)
        return kept

    def phases(self, turn: int) -> Sequence[tuple[str, State]]:
        """Name and state after each phase of the turn that led to `state(turn)`; empty if they are not known."""
        if self._phases[0] != turn:
            self._phases = turn, self.replay.phases(turn) if 1 <= turn <= self.num_turns else ()
        return self._phases[1]

    def events_of(self, turn: int) -> tuple[Event, ...]:
        """The events of one turn, read at most once."""
        if turn < 1:
            return ()
        if turn not in self.events:
            self.events[turn] = tuple(self.replay.events(turn))
        return self.events[turn]

    def scan(self, turns: int) -> None:
        """Read the events of up to `turns` more turns, for the timeline and for jumps to events."""
        until = min(self._scanned + turns, self.num_turns + 1)
        for turn in range(self._scanned, until):
            gravest = max((gravity(event.kind) for event in self.events_of(turn)), default=0)
            if gravest:
                self._grave.append((turn, gravest))
            said = self.replay.exact(turn)
            if said is not None:
                self._exact.append((turn, said[0], said[2]))
        self._scanned = until

    def event_turns(self) -> tuple[tuple[int, int], ...]:
        """(turn, gravity) of the turns read so far in which something happened, in order."""
        return tuple(self._grave)

    def exact_turns(self) -> tuple[tuple[int, int, bool], ...]:
        """(turn, turns to capture under best play or -1, whether it was a blunder) of the turns read so far."""
        return tuple(self._exact)


def shorten(names: Sequence[str]) -> tuple[str, ...]:
    """One or two letters for each name, all different.

    >>> shorten(["t_1000", "t_800", "john", "sarah", "silberman", "guard_1", "guard_2"])
    ('T1', 'T8', 'J', 'Sa', 'Si', 'G1', 'G2')
    """
    firsts = [_first(name) for name in names]
    codes: list[str] = []
    for name, first in zip(names, firsts, strict=True):
        letters = re.sub(r"[^0-9A-Za-z]", "", name) or "?"
        options = [first] if firsts.count(first) == 1 else []
        options += [letters[0].upper() + letter.lower() for letter in letters[1:]]
        options += [letters[0].upper() + str(number) for number in range(1, 10)]
        options += [str(number) for number in range(10, 100)]
        codes.append(next((code for code in options if code not in codes), "??"))
    return tuple(codes)


def _first(name: str) -> str:
    """The initial, with the number's first digit if the name has a number."""
    digits = re.search(r"\d", name)
    letters = re.search(r"[A-Za-z]", name)
    initial = letters[0].upper() if letters else "?"
    return initial + digits[0] if digits else initial
