"""The last states of a batch, kept as its episodes end.

A turn's phases hand on what they do not change as it is, so most columns of a classical game are the very arrays it
began with. Those are never copied: keeping an episode costs the columns that changed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import State

Rows = NDArray[np.intp]


class Finals:
    """Final rows of B episodes that began with ``origin``, in any order."""

    def __init__(self, origin: State) -> None:
        self._origin = origin
        self._base = origin  # the rows of origin that play now: its unchanged columns are those of the state
        self._pieces: list[tuple[Rows, dict[str, NDArray[Any]]]] = []

    def begin(self, rows: Rows) -> State:
        """The first episodes to play."""
        if len(rows) < self._origin.num_rows:
            self._base = self._origin.take(rows)
        return self._base

    def keep(self, rows: Rows, state: State, at: Rows) -> None:
        """Put aside the rows ``at`` of a state, which are the episodes ``rows``."""
        base = self._base.__dict__
        changed = {name: column[at] for name, column in state.columns() if column is not base[name]}
        self._pieces.append((rows, changed))

    def close_ranks(self, state: State, left: Rows, new: Rows) -> State:
        """The rows ``left`` of a state, then the episodes ``new`` as they begin; later calls are about these."""
        base, columns = self._base.__dict__, {}
        taken = {}
        for name, column in state.columns():
            first = getattr(self._origin, name)[new]
            taken[name] = _stack(column[left], first)
            columns[name] = taken[name] if column is base[name] else _stack(base[name][left], first)
        self._base = self._base.evolve(**columns)
        return state.evolve(**taken)

    def unseen(self, before: State | None, left: Rows, new: Rows) -> State | None:
        """The turn before for the same rows: who only begins has seen nobody then."""
        if before is None or not len(new):
            return before.take(left) if before is not None else None
        first = self._origin.take(new)
        first = first.evolve(row=np.full_like(first.row, -1))
        return before.evolve(**{name: _stack(column[left], getattr(first, name)) for name, column in before.columns()})

    def join(self) -> State:
        """All episodes, in the order of the origin; call it when all are kept."""
        order = np.argsort(np.concatenate([rows for rows, _ in self._pieces]))
        columns = {}
        for name, first in self._origin.columns():
            if any(name in changed for _, changed in self._pieces):
                parts = [changed.get(name, first[rows]) for rows, changed in self._pieces]
                columns[name] = np.asfortranarray(np.concatenate(parts)[order])
        return self._origin.evolve(**columns)


def _stack(column: NDArray[Any], below: NDArray[Any]) -> NDArray[Any]:
    return np.asfortranarray(np.concatenate([column, below]) if len(below) else column)
