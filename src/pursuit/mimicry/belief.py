"""What the identity filter holds, and what it starts from.

What nothing has told apart is held once. Looks that the shifter can have put on since the same turn, and that have not
been seen since, share a *lane* of nodes; so do people who walk alike, started alike and have not been seen; and
somebody who has not been seen is where he is whether or not the shifter wears his look. `lanes` says when they part.

Dimension letters: ``B`` rows (one mind of one episode each), ``A`` agent slots, ``G`` guises (A looks of agents, then
the looks of items), ``N`` nodes, ``I`` items, ``T`` simple items, ``J`` bodies in sight, ``K C Q`` lanes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Rows
from pursuit.mimicry.mass import in_all

Array = NDArray[Any]

UNKNOWN, HELD = -1, -2
"""Where an item lies: nobody knows; in the hands of a mate."""


@dataclass(frozen=True, eq=False)
class Belief:
    """Who is who, and where. Columns lie in memory node by node, with rows next to each other (Fortran order)."""

    gone: Array  # [B] the shifter has not come yet, or has left for good
    worn: Array  # [B, G] it wears that guise; with `gone` it sums to 1
    dead: Array  # [B, 2, A] the real one is dead, down or not on the board; with `person` it sums to 1
    touchable: NDArray[np.bool_]  # [B, G] looks that the shifter can have touched
    worst: NDArray[np.int8]  # [B, A] 0 unhurt, 1 seen hurt, 2 seen down, dead or offline: for good
    lies: NDArray[np.int32]  # [B, I] where an item was seen to lie last turn, else UNKNOWN or HELD
    fake: Array  # [B, J] the body of that row is the shifter
    resets: NDArray[np.int32]  # [B] how often what was seen was held for impossible; 0 in a sound filter
    is_fresh: NDArray[np.bool_]  # [B] nothing has been seen yet

    # how `shifter` and `person` are stored
    looks: Array  # [B, K, N] where the shifter is in each of the guises that share the lane
    look_of: NDArray[np.int8]  # [B, A] lane of somebody's look, -1: it is not worn
    things: Array  # [B, T, N] where the shifter is in the guise of a simple item
    crowd: Array  # [B, C, N] where each of those who share the lane is, whoever the shifter is being
    crowd_of: NDArray[np.int8]  # [B, A] lane of somebody who is in one; -1
    pairs: Array  # [B, 2, Q, N] where somebody is given that the shifter does (1) or does not (0) wear his look
    pair_of: NDArray[np.int8]  # [B, A] lane of somebody who is in one; -1
    spot: NDArray[np.int32]  # [B, A] node of who is known exactly; -1
    simple: NDArray[np.bool_]  # [I] items that the shifter can be: the same for all rows

    @property
    def num_rows(self) -> int:
        return len(self.gone)

    @cached_property
    def shifter(self) -> Array:
        """The shifter is at the node, in that guise, [B, G, N]; with `gone` it sums to 1. Laid out when first read."""
        num_nodes, num_agents = self.looks.shape[2], self.look_of.shape[1]
        out = np.zeros((num_nodes, num_agents + len(self.simple), self.num_rows), self.looks.dtype)
        slot, row = (self.look_of.T >= 0).nonzero()
        out[:, slot, row] = self.looks.T[:, self.look_of[row, slot], row]
        out[:, num_agents + np.flatnonzero(self.simple)] = self.things.T
        return out.T

    @cached_property
    def person(self) -> Array:
        """The real one is at the node, [B, 2, A, N], given that the shifter does (1) or does not (0) wear its look.

        Laid out when first read.
        """
        return self.people(np.arange(self.crowd_of.shape[1]))

    def people(self, slots: NDArray[np.intp]) -> Array:
        """`person` of some slots [s], laid out anew, [B, 2, s, N]."""
        out = np.zeros((self.crowd.shape[2], len(slots), 2, self.num_rows), self.crowd.dtype)
        lane_of = self.crowd_of.T[slots]
        place, row = (lane_of >= 0).nonzero()
        out[:, place, :, row] = self.crowd.T[:, lane_of[place, row], row].T[:, :, None]
        lane_of = self.pair_of.T[slots]
        place, row = (lane_of >= 0).nonzero()
        out[:, place, :, row] = self.pairs.T[:, lane_of[place, row], :, row]
        spot = self.spot.T[slots]
        place, row = (spot >= 0).nonzero()
        out[spot[place, row], place, :, row] = 1
        return out.T

    @cached_property
    def anywhere(self) -> Array:
        """The chance that the shifter is at a node, in whatever guise, [B, N]."""
        return in_all(self.looks.T, Sharing(self.look_of.T, self.looks.shape[1]).users(), self.things.T).T

    def says(self) -> dict[str, Array]:
        """Everything that is believed, by name; how it is stored differs with the company of a row, this does not."""
        names = [f.name for f in fields(self)]
        return {name: getattr(self, name) for name in (*names[: names.index("looks")], "shifter", "person")}

    def take(self, rows: Rows) -> Belief:
        """Some rows, by index, mask or slice; a mind that parts takes a copy of its row along so."""
        return Belief(**{name: np.asfortranarray(getattr(self, name)[rows]) for name in _COLUMNS}, simple=self.simple)

    def view(self, rows: slice) -> Belief:
        """Some rows, without a copy: to be read."""
        return Belief(**{name: getattr(self, name)[rows] for name in _COLUMNS}, simple=self.simple)

    def apart(self, people: NDArray[np.bool_]) -> Belief:
        """The same belief with a lane for everybody's look, and two for each of some people [A] who may be anywhere."""
        num_agents, num_nodes = self.look_of.shape[1], self.looks.shape[2]
        slots = np.arange(num_agents, dtype=np.int8)
        table = np.asfortranarray(np.broadcast_to(slots, self.look_of.shape))
        return replace(
            self,
            looks=np.asfortranarray(self.shifter[:, :num_agents]), look_of=table,
            pairs=np.asfortranarray(self.person), pair_of=np.where(people & (self.spot < 0), table, np.int8(-1)),
            crowd=np.zeros((self.num_rows, 1, num_nodes), self.crowd.dtype, order="F"),
            crowd_of=np.full_like(table, -1),
        )  # fmt: skip

    def put(self, rows: Rows, other: Belief) -> Belief:
        """This belief with some rows replaced by those of another."""
        columns = {}
        for name in _COLUMNS:
            old, new = getattr(self, name), getattr(other, name)
            lanes = _LANES.get(name)
            width = max(old.shape[lanes], new.shape[lanes]) if lanes else 0
            columns[name] = old.copy("K") if not lanes or old.shape[lanes] == width else _wide(old, lanes, width)
            columns[name][rows] = new if not lanes or new.shape[lanes] == width else _wide(new, lanes, width)
        return Belief(**columns, simple=self.simple)


_COLUMNS = tuple(f.name for f in fields(Belief) if f.name != "simple")
_LANES = {"looks": 1, "crowd": 1, "pairs": 2}  # axis of the lanes, of which each batch has as many as it needs


def _wide(column: Array, axis: int, width: int) -> Array:
    """A column with lanes added, which are empty."""
    shape = list(column.shape)
    shape[axis] = width
    out = np.zeros(shape, column.dtype, order="F")
    out[(slice(None),) * axis + (slice(0, column.shape[axis]),)] = column
    return out


def join(parts: Sequence[Belief]) -> Belief:
    """Beliefs one after the other. Their rows are as they were."""
    if len(parts) == 1:
        return parts[0]
    columns: dict[str, Array] = {}
    for name in _COLUMNS:
        arrays = [getattr(part, name) for part in parts]
        shape = list(arrays[0].shape)
        shape[0] = sum(len(array) for array in arrays)
        axis = _LANES.get(name)
        if axis:
            shape[axis] = max(array.shape[axis] for array in arrays)
        out, at = np.empty(shape, arrays[0].dtype, order="F"), 0
        for array in arrays:
            rows = out[at : at + len(array)]
            if axis and array.shape[axis] < shape[axis]:
                used = (slice(None),) * axis
                rows[(*used, slice(array.shape[axis], None))] = 0
                rows = rows[(*used, slice(0, array.shape[axis]))]
            rows[...] = array
            at += len(array)
        columns[name] = out
    return Belief(**columns, simple=parts[0].simple)


class Sharing:
    """Who is in which lane, by a table [A, B] of lanes; -1 for who is in none."""

    def __init__(self, lane_of: Array, num_lanes: int) -> None:
        self.slot, self.row = (lane_of >= 0).nonzero()
        self.lane: NDArray[np.intp] = lane_of[self.slot, self.row].astype(np.intp)
        self.shape = num_lanes, lane_of.shape[1]

    def users(self) -> NDArray[np.intp]:
        """How many share each lane, [lanes, B]."""
        num_lanes, rows = self.shape
        return np.bincount(self.lane * rows + self.row, minlength=num_lanes * rows).reshape(self.shape)

    def by_lane(self, value: Array) -> Array:
        """The value [A, B] of whoever is in a lane, [lanes, B]; 0 for lanes that nobody is in."""
        out = np.zeros(self.shape, value.dtype)
        out[self.lane, self.row] = value[self.slot, self.row]
        return out


@dataclass(frozen=True)
class Prior:
    """What is held before anything is seen; what is None is held for equally likely everywhere.

    Raises nothing itself: `Identity.start` checks the shapes.
    """

    shifter: Array | None = None  # [G, N]; with `gone` it sums to 1
    gone: float = 0.02
    person: Array | None = None  # [A, N]; with `dead` it sums to 1
    dead: float | Array = 0.02  # [A]
    touchable: NDArray[np.bool_] | None = None  # [G]; None: any
