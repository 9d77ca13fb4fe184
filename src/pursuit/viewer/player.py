"""The state of the viewer without its window: where it is, how fast, through whose eyes. No pygame here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace

from pursuit.viewer.compose import compose
from pursuit.viewer.frame import EVERYTHING, Frame, Lens, View
from pursuit.viewer.keys import Act
from pursuit.viewer.reel import Reel
from pursuit.viewer.words import viewpoints

TURNS_A_SECOND = 2.0
"""Turns a second at speed 1."""

SPEEDS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


class Player:
    """Plays one reel. `act` does what a key asks for, `advance` lets time pass; `frame` is what to draw.

    `overlay` is what lies over the map: empty, ``help``, ``marks`` or ``quit``.
    """

    def __init__(self, reel: Reel, view: View | None = None) -> None:
        self.reel = reel
        self.position = 0.0
        self.playing = False
        self.speed = 1.0
        self.view = view or View()
        self.marks: dict[int, str] = {}
        self.typed: str | None = None  # digits typed after g
        self.overlay = ""
        self.message = ""  # a sentence for whoever pressed the last key
        self.wants_quit = False

    @property
    def turn(self) -> int:
        """The whole turn last reached."""
        return int(self.position)

    def frame(self, scan: int = 50) -> Frame:
        """The picture now. Reads the events of up to `scan` more turns for the timeline, so that opening is quick."""
        self.reel.scan(scan)
        return compose(self.reel, self.position, self.view, self.marks, self.speed)

    def advance(self, seconds: float) -> None:
        """Let time pass. Stops at the end of the replay."""
        if self.playing:
            self.view = replace(self.view, phase=0)
            self.position += seconds * self.speed * TURNS_A_SECOND
            if self.position >= self.reel.num_turns:
                self.position, self.playing = float(self.reel.num_turns), False
            self._keep_view()

    def go(self, turn: float) -> None:
        """Be at a turn, paused; clipped to the replay."""
        self.position = min(max(float(turn), 0.0), float(self.reel.num_turns))
        self.playing = False
        self.view = replace(self.view, phase=0)
        self._keep_view()

    def digit(self, text: str) -> bool:
        """A digit, ``backspace`` or ``return`` while a turn is typed; False if none is."""
        if self.typed is None:
            return False
        if text == "return":
            if self.typed:
                self.go(int(self.typed))
            self.typed = None
        elif text == "backspace":
            self.typed = self.typed[:-1]
        elif text.isascii() and text.isdigit():
            self.typed = (self.typed + text)[:9]
        else:
            return False
        return True

    def act(self, act: Act) -> bool:
        """Do what a key asks for; False for what only the window can do."""
        if act in _STEPS:
            self._step(_STEPS[act])
            return True
        match act:
            case Act.PLAY:
                if not self.playing and self.position >= self.reel.num_turns:
                    self.position = 0.0
                self.playing = not self.playing
            case Act.FIRST:
                self.go(0)
            case Act.LAST:
                self.go(self.reel.num_turns)
            case Act.PHASE_ON | Act.PHASE_BACK:
                self._to_phase(1 if act == Act.PHASE_ON else -1)
            case Act.NEXT_EVENT | Act.LAST_EVENT:
                self._to_event(1 if act == Act.NEXT_EVENT else -1)
            case Act.NEXT_BLUNDER | Act.LAST_BLUNDER:
                self._to_blunder(1 if act == Act.NEXT_BLUNDER else -1)
            case Act.FASTER | Act.SLOWER:
                place = SPEEDS.index(self.speed) + (1 if act == Act.FASTER else -1)
                self.speed = SPEEDS[min(max(place, 0), len(SPEEDS) - 1)]
            case Act.GO_TO:
                self.typed, self.playing = "", False
            case Act.NEXT_VIEW | Act.LAST_VIEW:
                self._turn_view(1 if act == Act.NEXT_VIEW else -1)
            case Act.LENS:
                lenses = list(Lens)
                place = (lenses.index(self.view.lens) + 1) % len(lenses)
                self.view = replace(self.view, lens=lenses[place])
            case Act.HEAT:
                self.view = replace(self.view, heat=not self.view.heat)
            case Act.PLANS:
                self.view = replace(self.view, plans=not self.view.plans)
            case Act.VISION:
                self.view = replace(self.view, vision=not self.view.vision)
            case Act.TRAILS:
                self.view = replace(self.view, trails=not self.view.trails)
            case Act.EVENTS:
                self.view = replace(self.view, events=not self.view.events)
            case Act.MARK:
                if self.marks.pop(self.turn, None) is None:
                    self.marks[self.turn] = f"mark {len(self.marks) + 1}"
            case Act.MARKS:
                self.overlay = "" if self.overlay == "marks" else "marks"
            case Act.HELP:
                self.overlay = "" if self.overlay == "help" else "help"
            case Act.CLOSE:
                self._close()
            case _:
                return False
        return True

    def all_marks(self) -> tuple[tuple[int, str], ...]:
        """Marks of the replay and the viewer's own, by turn."""
        return tuple(sorted({**self.reel.replay.marks, **self.marks}.items()))

    def clip(self) -> tuple[int, int] | None:
        """The range between the last two of the viewer's own marks; None with fewer."""
        own = list(self.marks)[-2:]
        return (min(own), max(own)) if len(own) == 2 else None

    def _step(self, turns: int) -> None:
        """On or back by whole turns; going back from within a turn leads to its start first."""
        within = turns < 0 and (self.position > self.turn or self.view.phase > 0)
        self.go(self.turn + turns + within)

    def _to_phase(self, way: int) -> None:
        """To the state after the next phase of the turn, or the one before; past either end to the next turn's."""
        turn, phase = self.turn, self.view.phase + way
        if phase < 0:
            turn, phase = turn - 1, len(self.reel.phases(turn)) - 1
        played = self.reel.phases(turn + 1)
        if not 0 <= turn < self.reel.num_turns:
            return
        if not played:
            self.message = "the phases of a turn are known only where the replay can be verified"
            return
        self.go(turn + (phase >= len(played)))
        self.view = replace(self.view, phase=phase % len(played))

    def _to_event(self, way: int) -> None:
        """To the next turn with an event, or the one before; stays where there is none."""
        self.reel.scan(self.reel.num_turns)
        self._to_one_of([turn for turn, _ in self.reel.event_turns()], way)

    def _to_blunder(self, way: int) -> None:
        """To the next turn in which somebody blundered, or the one before; says so where there is none."""
        self.reel.scan(self.reel.num_turns)
        exact = self.reel.exact_turns()
        if not self._to_one_of([turn for turn, _, blunder in exact if blunder], way):
            where = "after this turn" if way > 0 else "before this turn"
            self.message = f"no blunder {where}" if exact else "best play is not known here: no blunders to find"

    def _to_one_of(self, turns: list[int], way: int) -> bool:
        """To the next of some turns, or the one before; False, and stays, where there is none."""
        place = bisect_right(turns, self.position) if way > 0 else bisect_left(turns, self.position) - 1
        if not 0 <= place < len(turns):
            return False
        self.go(turns[place])
        return True

    def _turn_view(self, way: int) -> None:
        options = viewpoints(self.reel.world, self.reel.state(self.turn))
        place = options.index(self.view.viewpoint) if self.view.viewpoint in options else 0
        self.view = replace(self.view, viewpoint=options[(place + way) % len(options)])

    def _keep_view(self) -> None:
        """A viewpoint that is no longer the first of its mind becomes the one that is; a dead one keeps its own."""
        if self.view.viewpoint == EVERYTHING:
            return
        state = self.reel.state(self.turn)
        mind = int(state.mind[0, self.view.viewpoint])
        for slot in viewpoints(self.reel.world, state)[1:]:
            if int(state.mind[0, slot]) == mind:
                self.view = replace(self.view, viewpoint=slot)
                return

    def _close(self) -> None:
        """Close what is open; with nothing open, ask; asked, quit."""
        if self.typed is not None:
            self.typed = None
        elif self.overlay == "quit":
            self.wants_quit = True
        else:
            self.overlay = "" if self.overlay else "quit"


_STEPS = {Act.NEXT: 1, Act.BACK: -1, Act.TEN_ON: 10, Act.TEN_BACK: -10}
