"""States and actions as lists of integers: whole, or only what changed. One episode at a time (B = 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door
from pursuit.core.state import Actions, Gait, Order, Refusal, State, Status, Verb, idle
from pursuit.core.world import World
from pursuit.play.records import Column

Columns = dict[str, Column]
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
    nothing = idle(1, actions.goal.shape[1])
    pairs = {name: _pairs(getattr(nothing, name), getattr(actions, name)) for name in ACTION_COLUMNS}
    return {name: column for name, column in pairs.items() if column}


def _pairs(old: NDArray[Any], new: NDArray[Any]) -> Column:
    before, after = old.ravel(), new.ravel()
    at = np.flatnonzero(before != after)
    if not len(at):
        return []
    pairs: Column = np.stack([at, after[at].astype(np.int64)], axis=1).ravel().tolist()
    return pairs


def build_actions(columns: Mapping[str, Column], agents: int) -> Actions:
    """The actions that a turn record spells. Raises ValueError for what does not fit."""
    arrays = {}
    for name, model in vars(idle(1, agents)).items():
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


class Layout:
    """All columns of a one-row state end to end in one list of integers, and what each place may hold.

    So a state is reached by writing changes into a list, and made by turning that list into arrays once.
    """

    def __init__(self, world: World, like: State) -> None:
        """``like`` is any state of the world (B = 1)."""
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

    def flat(self, columns: Mapping[str, Column]) -> Column:
        """The list of a whole state. A column that is missing is that of ``like``: later rules may have added it.

        Raises ValueError for a column of a wrong length.
        """
        out: Column = []
        for name, column in whole(self._like).items():
            values = columns.get(name, column)
            if len(values) != len(column):
                raise ValueError(f"{name} has {len(values)} elements, not {len(column)}")
            out += values
        return out

    def apply(self, flat: Column, changed: Mapping[str, Column]) -> None:
        """Bring a list up to date in place; columns that are not known are passed over.

        Raises ValueError for an index that a column does not have.
        """
        for name, pairs in changed.items():
            start = self._start.get(name)
            if start is not None:
                size, values = self._size[name], iter(pairs)
                for at, value in zip(values, values, strict=False):  # the same iterator twice: pairs
                    if not 0 <= at < size:
                        raise ValueError(f"{name} has no element {at}")
                    flat[start + at] = value
                if len(pairs) % 2:
                    raise ValueError(f"{name} has an index without a value")

    def state(self, flat: Column) -> State:
        """The state that a list spells. Raises ValueError for a number that its column cannot hold."""
        try:
            values = np.array(flat, np.int64)
        except OverflowError:
            raise ValueError("a number of more than 64 bits") from None
        if ((values < self._low) | (values > self._high)).any():
            at = int(np.flatnonzero((values < self._low) | (values > self._high))[0])
            name = next(name for name, start in reversed(self._start.items()) if start <= at)
            raise ValueError(f"{name} cannot be {int(values[at])}")
        new = {}
        for name, model in self._like.columns():
            start = self._start[name]
            part = values[start : start + model.size]
            whole_column = part.view(np.uint64) if model.dtype == np.uint64 else part.astype(model.dtype)
            new[name] = whole_column.reshape(model.shape)
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
