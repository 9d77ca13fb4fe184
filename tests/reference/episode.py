"""One episode as plain Python values, its actions, and the way there and back from the columns of a State."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from pursuit.core.state import COLUMNS, Actions, State

Cell = Any  # an int, a bool, or lists of them: what `ndarray.tolist` makes of one row of a column


@dataclass
class Episode:
    """One row of a State: ints, bools and lists of them. Fields have the names of the columns."""

    seed: int
    turn: int
    to_move: int
    ended: bool
    outcome: int

    node: list[int]
    leftover: list[int]
    status: list[int]
    health: list[int]
    stagger: list[int]
    guise: list[int]
    pending: list[int]
    mind: list[int]
    ride: list[int]
    seat: list[int]
    order: list[int]
    order_object: list[int]
    spare: list[bool]
    backup: list[int]
    captor: list[int]
    wanted: list[bool]
    persuaded: list[bool]
    taken: list[int]
    spared: list[int]
    fuse: list[int]
    cue: list[int]
    sampled: list[bool]
    knows: list[int]

    item_node: list[int]
    holder: list[int]
    ammo: list[int]
    armed: list[bool]
    vehicle_node: list[int]
    vehicle_leftover: list[int]
    door: list[int]
    hazard: list[bool]
    alarm: int

    var: list[int]
    fired: list[int]
    fired_turn: list[int]
    due: list[int]
    enabled: list[bool]
    level: list[bool]
    still: list[int]

    path: list[list[int]]
    met: list[list[bool]]
    gait: list[int]
    marks: list[int]
    did: list[int]
    did_object: list[int]
    refused: list[int]
    noise: list[int]

    row: list[list[int]]
    left: list[list[bool]]

    def copy(self) -> Episode:
        """A copy that shares no list with this one."""
        return Episode(*(deep(getattr(self, f.name)) for f in fields(self)))


@dataclass(frozen=True)
class Action:
    """What one agent does this turn."""

    goal: int
    gait: int
    toward: int
    verb: int
    object: int
    order: int
    order_object: int


def deep(value: Cell) -> Cell:
    """Lists copied all the way down."""
    return [deep(item) for item in value] if isinstance(value, list) else value


def from_state(state: State, row: int) -> Episode:
    """One row of a state."""
    return Episode(**{name: column[row].tolist() for name, column in state.columns()})


def to_state(episodes: list[Episode], like: State) -> State:
    """The episodes as rows of a State, with the types of another state's columns."""
    columns = {}
    for name, column in like.columns():
        shape = (len(episodes), *column.shape[1:])
        columns[name] = np.array([getattr(episode, name) for episode in episodes], column.dtype).reshape(shape)
    return like.evolve(**columns)


def from_actions(actions: Actions, row: int) -> list[Action]:
    """What every agent of one row does."""
    parts = [getattr(actions, f.name)[row].tolist() for f in fields(Action)]
    return [Action(*values) for values in zip(*parts, strict=True)]


def compare(state: State, row: int, episode: Episode) -> str | None:
    """The first difference, as "column[index]: expected …, got …" (the episode's is expected); None without one."""
    for name in COLUMNS:
        found = difference(getattr(episode, name), getattr(state, name)[row].tolist())
        if found is not None:
            index, expected, got = found
            return f"{name}{list(index) if index else ''}: expected {expected}, got {got}"
    return None


def difference(expected: Cell, got: Cell, index: tuple[int, ...] = ()) -> tuple[tuple[int, ...], Cell, Cell] | None:
    """(index, expected, got) of the first place where two nested lists differ."""
    if expected == got:
        return None
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for at, (one, other) in enumerate(zip(expected, got, strict=True)):
            found = difference(one, other, (*index, at))
            if found is not None:
                return found
        return None
    return index, expected, got
