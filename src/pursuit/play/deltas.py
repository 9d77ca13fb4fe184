"""States and actions as lists of integers: whole, or only what changed. One episode at a time (B = 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Actions, State, idle
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


def apply(columns: Columns, changed: Mapping[str, Column]) -> None:
    """Bring flat columns up to date in place; columns that are not known are passed over.

    Raises IndexError for an index that a column does not have.
    """
    for name, pairs in changed.items():
        column = columns.get(name)
        if column is not None:
            for at, value in zip(pairs[::2], pairs[1::2], strict=True):
                if at < 0:
                    raise IndexError(f"{name} has no element {at}")
                column[at] = value


def build_state(columns: Mapping[str, Column], like: State) -> State:
    """The state that flat columns spell, with the shapes and types of ``like``.

    A column that is missing is taken from ``like``: a later version of the rules may have added it. Raises
    ValueError or OverflowError if a column does not fit.
    """
    new = {}
    for name, model in _signed(like):
        if name in columns:
            flat = np.array(columns[name], np.int64)
            if flat.size != model.size:
                raise ValueError(f"{name} has {flat.size} elements, not {model.size}")
            column = flat.astype(model.dtype)
            if not np.array_equal(column, flat):
                raise OverflowError(f"{name} holds a number that is too large for it")
            column = column.reshape(model.shape)
            new[name] = column.view(np.uint64) if name == "seed" else column
    return like.evolve(**new)


def build_actions(columns: Mapping[str, Column], agents: int) -> Actions:
    """The actions that a turn record spells. Raises as `apply` and `build_state` do."""
    nothing = idle(1, agents)
    flat = {name: getattr(nothing, name).ravel().astype(np.int64).tolist() for name in ACTION_COLUMNS}
    apply(flat, columns)
    arrays = {}
    for name, column in flat.items():
        model = getattr(nothing, name)
        values = np.array(column, np.int64)
        arrays[name] = values.astype(model.dtype).reshape(model.shape)
        if not np.array_equal(arrays[name].ravel(), values):
            raise OverflowError(f"{name} holds a number that is too large for it")
    return Actions(**arrays)


def out_of_place(state: State, nodes: int, guises: int, vehicles: int) -> str:
    """The name of a column with an index that the world does not have, or the empty string."""
    limits: tuple[tuple[str, int, int], ...] = (
        ("node", 0, nodes),
        ("path", 0, nodes),
        ("status", 0, 7),
        ("guise", 0, guises),
        ("pending", -1, guises),
        ("mind", 0, state.row.shape[1]),
        ("ride", -1, vehicles),
        ("item_node", -1, nodes),
        ("holder", -1, state.node.shape[1]),
        ("vehicle_node", 0, nodes),
        ("door", 0, 4),
    )
    for name, low, high in limits:
        column = getattr(state, name)
        if column.size and (int(column.min()) < low or int(column.max()) >= high):
            return name
    return ""
