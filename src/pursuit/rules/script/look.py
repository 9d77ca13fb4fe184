"""A state as the script looks at it, with what several tests share."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Mark, State, Status, Verb
from pursuit.core.world import World
from pursuit.rules.common import Bools, sight_table, some, sunk

Slots: TypeAlias = Any  # one slot, or NDArray[np.intp] [P]

# numpy compares with plain numbers much faster than with enums
WELL, OFFLINE, LEFT = Status.WELL.value, Status.OFFLINE.value, Status.LEFT.value
WAIT, HIT = Verb.WAIT.value, np.uint16(Mark.HIT)

ANYTHING, NOTHING = -1, -2
"""Values of Condition.thing that name no thing: any at all, and none."""


class Look:
    """A state as the script looks at it: in the phase `trigger`, or after a turn (`closed`), when checks are tested."""

    def __init__(
        self,
        world: World,
        state: State,
        now: NDArray[np.int32],
        *,
        closed: bool = False,
        before: State | None = None,
    ) -> None:
        self.world = world
        self.state = state
        self.now = now  # [B] number of the turn in play
        self.closed = closed
        view = state if before is None else before
        self.row, self.left = view.row, view.left  # who was in view at the end of the last turn
        self.lines, self.nobody, self.everybody = _rows(state.num_rows)
        # Most turns are quiet: what did not happen to anybody in any episode needs no test of its own.
        self.deeds = _bits_in(state.did)
        self.refusals = _bits_in(state.refused)
        self.marks = int(np.bitwise_or.reduce(state.marks, axis=None)) if some(state.marks) else 0

    def line(self, slots: Slots) -> NDArray[np.intp]:
        """Row numbers that broadcast against a column at `slots`."""
        return self.lines if isinstance(slots, int) else self.lines[:, None]

    @cached_property
    def sight_table(self) -> NDArray[np.int32]:
        """The sight table of each episode, [B]."""
        return sight_table(self.world, self.state)

    @cached_property
    def present(self) -> Bools:
        """Who is on the board, [B, A]."""
        return self.state.status <= OFFLINE

    @cached_property
    def sunk(self) -> Bools:
        """Who lies dead in what melts, [B, A]."""
        return sunk(self.world, self.state)

    def sees(self, a: Slots, b: Slots) -> Bools:
        """Whether a's node sees b's now."""
        table = self.sight_table if isinstance(a, int) else self.sight_table[:, None]
        return self.world.sight.sees(table, self.state.node[:, a], self.state.node[:, b])


@lru_cache(maxsize=32)
def _rows(num_rows: int) -> tuple[NDArray[np.intp], Bools, Bools]:
    """The numbers of all episodes, and facts that hold in none of them and in all."""
    columns = np.arange(num_rows), np.zeros(num_rows, np.bool_), np.ones(num_rows, np.bool_)
    for column in columns:
        column.setflags(write=False)
    return columns


def within(low: int, high: int, value: NDArray[Any]) -> Bools:
    """Whether each value is one of low … high."""
    return (value >= low) & (value <= high)


def in_bits(bits: int, value: NDArray[Any]) -> Bools:
    """Whether each value is one of the set."""
    if bits & (bits - 1):
        return (np.int64(bits) >> value.astype(np.int64) & 1).astype(np.bool_)
    return value == bits.bit_length() - 1


def _bits_in(values: NDArray[np.int8]) -> int:
    """The set of values that occur, as bits."""
    if not some(values):
        return 1
    return int(np.bitwise_or.reduce(np.int64(1) << values.astype(np.int64), axis=None))
