"""States and actions as lists of integers: whole, or only what changed. One episode at a time (B = 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door
from pursuit.core.state import Actions, Gait, Order, Refusal, State, Status, Verb, idle
from pursuit.core.world import World
from pursuit.play.records import Column

Columns = dict[str, Column]
Flat = NDArray[np.int64]
ACTION_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Actions))


def whole(state: State) -> Columns:
    """Every column of a state of one row, flat."""
    return {name: column.ravel().astype(np.int64).tolist() for name, column in _signed(state)}


def _signed(state: State) -> list[tuple[str, NDArray[Any]]]:
    """Columns with seeds as the signed integers of the same bits: JSON readers stop at 63 bits."""
    return [(name, col.view(np.int64) if col.dtype == np.uint64 else col) for name, col in state.columns()]


def difference(before: State, after: State) -> Columns:
    """Where two states of one row differ: for each column that changed, index and new value by turns."""
    changed: Columns = {}
    for (name, old), (_, new) in zip(_signed(before), _signed(after), strict=True):
        if old is not new:
            pairs = _pairs(old, new)
            if pairs:
                changed[name] = pairs
    return changed


def action_difference(actions: Actions) -> Columns:
    """What one row of actions holds that differs from doing nothing."""
    nothing = _nothing(actions.goal.shape[1])
    pairs = {name: _pairs(getattr(nothing, name), getattr(actions, name)) for name in ACTION_COLUMNS}
    return {name: column for name, column in pairs.items() if column}


def _pairs(old: NDArray[Any], new: NDArray[Any]) -> Column:
    before, after = old.ravel(), new.ravel()
    at = (before != after).nonzero()[0]
    pairs: Column = [0] * (2 * at.size)
    if pairs:
        pairs[::2] = at.tolist()
        pairs[1::2] = after[at].astype(np.int64).tolist()
    return pairs


_nothing = lru_cache(maxsize=8)(partial(idle, 1))
"""Actions of one row in which nobody does anything; they are not written to."""


def build_actions(columns: Mapping[str, Column], agents: int) -> Actions:
    """The actions that a turn record spells. Raises ValueError for what does not fit."""
    arrays = {}
    for name, model in vars(_nothing(agents)).items():
        pairs = columns.get(name, [])
        values = model.copy()
        if len(pairs) % 2 or not all(0 <= at < values.size for at in pairs[::2]):
            raise ValueError(f"{name} has an index that is not there, or one without a value")
        least, most = _bounds(values.dtype)
        if not all(least <= value <= most for value in pairs[1::2]):
            raise ValueError(f"{name} holds a number that is too large for it")
        values[0, pairs[::2]] = pairs[1::2]
        arrays[name] = values
    return Actions(**arrays)


class Changes:
    """What changed in each turn of a replay, gathered while the file is read."""

    def __init__(self) -> None:
        self._name: list[str] = []  # of each column that changed, turn by turn
        self._length: list[int] = []  # of its list of index and value
        self._pairs: Column = []  # all these lists, one after another
        self._end: list[int] = [0]  # where the pairs of each turn end

    def __len__(self) -> int:
        """Turns so far."""
        return len(self._end) - 1

    def add(self, changed: Mapping[str, Column]) -> bool:
        """Take in the next turn; False for a list that is not index and value by turns."""
        if any(len(pairs) % 2 for pairs in changed.values()):
            return False
        for name, pairs in changed.items():
            self._name.append(name)
            self._length.append(len(pairs) // 2)
            self._pairs += pairs
        self._end.append(len(self._pairs) // 2)
        return True

    def placed(self, start: Mapping[str, int], size: Mapping[str, int], nowhere: int) -> tuple[Flat, Flat, list[int]]:
        """(places, values, ends): where in a flat state each value goes, and how many come up to each turn.

        Columns that are not known go to the place ``nowhere``; an index that a column does not have, to -1. Raises
        ValueError for a number of more than 64 bits.
        """
        try:
            pairs = np.array(self._pairs, np.int64).reshape(-1, 2)
        except OverflowError:
            raise ValueError("a number of more than 64 bits") from None
        starts = np.array([start.get(name, -1) for name in self._name], np.int64)
        starts, sizes = (
            np.repeat(column, self._length)
            for column in (starts, np.array([size.get(name, 0) for name in self._name], np.int64))
        )
        at = pairs[:, 0]
        place = np.where((at >= 0) & (at < sizes), starts + at, -1)
        return np.where(starts < 0, nowhere, place), pairs[:, 1].copy(), self._end


class Layout:
    """All columns of a one-row state end to end in one array, and what each place of it may hold.

    So any state is a key and a stretch of changes written into it, and made into columns once.
    """

    def __init__(self, world: World, like: State, changes: Changes) -> None:
        """``like`` is any state of the world (B = 1). Raises ValueError as `Changes.placed` does."""
        self._like = like
        self._start: dict[str, int] = {}
        self._size: dict[str, int] = {}
        low, high, start = [], [], 0
        limits = _limits(world, like)
        for name, column in _signed(like):
            self._start[name], self._size[name] = start, column.size
            least, most = limits.get(name, _bounds(column.dtype))
            low.append(np.full(column.size, least, np.int64))
            high.append(np.full(column.size, most, np.int64))
            start += column.size
        self._low, self._high = np.concatenate(low), np.concatenate(high)
        self._place, self._value, self._end = changes.placed(self._start, self._size, start)

    def flat(self, columns: Mapping[str, Column]) -> Flat:
        """A whole state, and one place more for what nobody knows.

        A column that is missing is that of ``like``: later rules may have added it. Raises ValueError for a column of
        a wrong length or a number of more than 64 bits.
        """
        out: Column = []
        for name, column in _signed(self._like):
            values = columns.get(name)
            if values is None:
                values = column.ravel().tolist()
            if len(values) != column.size:
                raise ValueError(f"{name} has {len(values)} elements, not {column.size}")
            out += values
        try:
            return np.array([*out, 0], np.int64)
        except OverflowError:
            raise ValueError("a number of more than 64 bits") from None

    def advance(self, flat: Flat, first: int, last: int) -> None:
        """Bring a flat state from ``first`` to ``last`` in place. Raises ValueError for a place that is not there."""
        part = slice(self._end[first], self._end[last])
        place = self._place[part]
        if (place < 0).any():
            raise ValueError("a column has no such element")
        flat[place] = self._value[part]

    def state(self, flat: Flat) -> State:
        """The state that a flat one spells. Raises ValueError for a number that its column cannot hold."""
        values = flat[:-1]
        wrong = (values < self._low) | (values > self._high)
        if wrong.any():
            at = int(wrong.argmax())
            name = next(name for name, start in reversed(self._start.items()) if start <= at)
            raise ValueError(f"{name} cannot be {int(values[at])}")
        new = {}
        for name, model in self._like.columns():
            start = self._start[name]
            part = values[start : start + model.size]
            column = part.copy().view(np.uint64) if model.dtype == np.uint64 else part.astype(model.dtype)
            new[name] = column.reshape(model.shape)
        return self._like.evolve(**new)


def _bounds(dtype: np.dtype[Any]) -> tuple[int, int]:
    if dtype == np.bool_:
        return 0, 1
    info = np.iinfo(dtype)
    return int(info.min), int(info.max)


def _limits(world: World, like: State) -> dict[str, tuple[int, int]]:
    """Least and most of columns that index into the world: beyond them nothing could be shown."""
    node, agent = (0, world.board.num_nodes - 1), world.num_agents - 1
    return {
        "node": node,
        "path": node,
        "vehicle_node": node,
        "item_node": (-1, node[1]),
        "status": (0, len(Status) - 1),
        "gait": (0, len(Gait) - 1),
        "did": (0, len(Verb) - 1),
        "refused": (0, len(Refusal) - 1),
        "order": (0, len(Order) - 1),
        "door": (0, len(Door) - 1),
        "guise": (0, world.num_guises - 1),
        "pending": (-1, world.num_guises - 1),
        "mind": (0, like.row.shape[1] - 1),
        "ride": (-1, world.num_vehicles - 1),
        "holder": (-1, agent),
        "outcome": (-1, len(world.outcome_name) - 1),
    }
