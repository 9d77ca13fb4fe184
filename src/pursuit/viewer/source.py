"""What the viewer asks of a replay. Whatever answers to this can be watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from pursuit.core.state import Actions, State
from pursuit.core.world import World


class Event(Protocol):
    """One line of the story."""

    @property
    def kind(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def agents(self) -> Sequence[int]:
        """Slots it happened to or around, the actor first."""
        ...

    @property
    def node(self) -> int:
        """Where, -1 for nowhere in particular."""
        ...


class Belief(Protocol):
    """What a mind holds for likely. Chances are in millionths."""

    @property
    def mind(self) -> int: ...

    @property
    def shifter(self) -> Sequence[int]:
        """Guise, node and chance by turns: the likeliest places of the shifter."""
        ...

    @property
    def fake(self) -> Sequence[int]:
        """By body row, that it is the shifter; 0 beyond."""
        ...


class Replay(Protocol):
    """A recorded episode. Turns count from 0, the state before the first turn, to `num_turns`."""

    @property
    def world(self) -> World: ...

    @property
    def num_turns(self) -> int: ...

    @property
    def marks(self) -> Mapping[int, str]:
        """Named turns."""
        ...

    @property
    def seed(self) -> int: ...

    @property
    def policies(self) -> Mapping[str, str]:
        """Policy by side or agent, for the heading."""
        ...

    @property
    def command(self) -> str:
        """The command that plays it again."""
        ...

    @property
    def badge(self) -> str:
        """`verified`, `watch only` or `diverged`."""
        ...

    def state(self, turn: int) -> State:
        """The state after `turn` turns, one row."""
        ...

    def beliefs(self, turn: int) -> Sequence[Belief]:
        """What minds believe of `state(turn)`; none where nothing is recorded."""
        ...

    def events(self, turn: int) -> Sequence[Event]:
        """What happened in the turn that led to `state(turn)`."""
        ...

    def exact(self, turn: int) -> tuple[int, int, bool] | None:
        """Of the turn that led to `state(turn)`, where the game is solved: turns left (-1 never), lost, a blunder."""
        ...

    def phases(self, turn: int) -> Sequence[tuple[str, State]]:
        """Name and state, one row, after each phase of the turn that led to `state(turn)`; empty if not known."""
        ...

    def actions(self, turn: int) -> Actions:
        """What the agents chose in the turn that led to `state(turn)`, one row; turn is at least 1."""
        ...
