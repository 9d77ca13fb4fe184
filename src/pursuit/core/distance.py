"""How far, which way, and who sees whom: tables over all pairs of nodes, one for each state of the doors.

Both classes work alike. ``pick`` turns what matters about the doors into table numbers, building what is missing;
everything else is one gather at (table, node, node), broadcast over whatever shapes the caller has. A table number is
good until the next ``pick``, which may evict the table built longest ago to stay within the memory budget.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.core import cache, wavefront
from pursuit.core.board import Board, Feature, Mode
from pursuit.core.tables import Index, Shelf, Stack, TooManyTablesError, num_tables
from pursuit.core.wavefront import Hops, Roads, all_pairs, pave, widen

__all__ = ["BUDGET", "Sight", "Tie", "TooManyTablesError", "Ways"]

Tie: TypeAlias = Literal["first", "last"]

BUDGET = 512 << 20  # bytes
_SMALL = 1024  # entries
_KEPT = 1024  # nodes; tables of smaller boards are made faster than a file is opened


class Ways:
    """Distances and next hops of a board, for each (mode, slips bars, closed route doors).

    ``closed`` is a bit mask over route doors (bit ``board.door_route[e]`` for door e): those that the mover cannot
    pass. Doors that are not route doors never hinder. Edges behind bars are only for those who slip them.
    Ways may end in a vat, but never lead through one.

    All index arguments broadcast together. ``budget`` is in bytes. ``tie`` says which of several equally short ways
    ``hop`` names: the lowest out-slot or the highest.
    """

    def __init__(self, board: Board, budget: int = BUDGET, tie: Tie = "first") -> None:
        shape = self._open(board, tie)
        most = num_tables(board.num_nodes, 3, budget, int(np.prod(shape)))  # a distance may take two bytes
        self._shelf = Shelf(shape, most)
        self._hop = Stack(board.num_nodes, np.uint8, most)
        self._distance = Stack(board.num_nodes, np.uint8, most)

    def _open(self, board: Board, tie: Tie) -> tuple[int, int, int]:
        """What every store of ways begins with; the shape of its keys: mode, slips bars, door mask."""
        self.board, self.tie = board, tie
        self._route = _door_bits(board)
        self._first: dict[bytes, int] = {}  # the first key with certain usable ways
        return len(Mode), 2, 1 << _num_routes(board)

    @property
    def far(self) -> int:
        """The distance of what cannot be reached: 255, or 65,535 on a board with longer ways.

        Ask for it where you compare: it grows when the first table is built that needs the wider type.
        """
        return int(np.iinfo(self._distance.dtype).max)

    @property
    def num_built(self) -> int:
        """Tables that are kept now."""
        return self._shelf.num_tables

    @property
    def most_built(self) -> int:
        """Tables that the budget holds."""
        return self._shelf.most

    def pick(self, mode: Index, slips: NDArray[np.bool_] | bool, closed: Index) -> NDArray[np.int32]:
        """Table numbers, int32, for movers of a mode who slip bars or not and cannot pass the closed doors.

        Builds the missing tables. Raises IndexError for a mode or mask that the board does not have, TooManyTablesError
        if one call wants more tables than the budget holds.
        """
        as_index = np.asarray(slips, np.bool_).view(np.int8)
        table = self._look(mode, as_index, closed)
        if table.size and np.minimum.reduce(table, axis=None) < 0:
            whole = [np.asarray(part, np.intp) for part in (mode, as_index, closed)]
            self._build(np.unique(np.ravel_multi_index(whole, self._shelf.table.shape)))  # broadcasts
            table = self._look(mode, as_index, closed)
        return table

    def _look(self, mode: Index, slips: NDArray[np.int8], closed: Index) -> NDArray[np.int32]:
        shelf = self._shelf.table
        if slips.size < _SMALL:
            return np.asarray(shelf[mode, slips, closed])
        # The same in three times fewer nanoseconds an entry, and a few microseconds more a call.
        num_masks = shelf.shape[2]
        if np.max(closed) >= num_masks or np.min(closed) < 0:
            raise IndexError(f"a door mask is outside 0..{num_masks - 1}")
        key: NDArray[np.integer[Any]] = np.multiply(mode, 2 * num_masks, dtype=np.int32) + np.multiply(
            slips, num_masks, dtype=np.int32
        )
        table: NDArray[np.int32] = shelf.take(key + closed)
        return table

    def distance(self, table: Index, start: Index, goal: Index) -> NDArray[np.uint8] | NDArray[np.uint16]:
        """Hops from start to goal, in the table's own type; ``far`` where there is no way."""
        return self._distance.take(table, goal, start)

    def hop(self, table: Index, start: Index, goal: Index) -> NDArray[np.uint8]:
        """The out-slot of ``start`` on a shortest way to ``goal``; 0 at the goal and where there is no way."""
        return self._hop.take(table, goal, start)

    def distances(self, table: int) -> NDArray[np.uint8] | NDArray[np.uint16]:
        """A whole table of distances, read-only, ``[N goal, N start]``. Good until the next ``pick``."""
        return self._distance.view(table)

    def hops(self, table: int) -> NDArray[np.uint8]:
        """A whole table of next hops, read-only, ``[N goal, N start]``. Good until the next ``pick``."""
        return self._hop.view(table)

    def distances_to(self, table: int, goal: int) -> NDArray[np.uint8] | NDArray[np.uint16]:
        """From every node to one, read-only, ``[N]``. Good until the next ``pick``."""
        return self.distances(table)[goal]

    def distances_from(self, table: int, start: int) -> NDArray[np.uint8] | NDArray[np.uint16]:
        """From one node to every other, read-only, ``[N]``. Good until the next ``pick``."""
        return self.distances(table)[:, start]

    def usable(self, mode: int, slips: bool, closed: int) -> NDArray[np.bool_]:
        """Which out-slots lead somewhere for such a mover, ``[N, D]``; slot 0, *stay*, does not."""
        board = self.board
        usable: NDArray[np.bool_] = (board.modes >> mode & 1).astype(np.bool_) & (self._route & closed == 0)
        if not slips:
            usable &= ~board.bars
        usable[:, 0] = False
        usable[board.feature & Feature.VAT != 0] = False  # who is in it does not come out
        return usable

    def _build(self, keys: NDArray[np.intp]) -> None:
        twins = np.array([self._twin(int(key)) for key in keys], np.intp)
        firsts = np.unique(twins)
        for key in self._shelf.missing(firsts):
            distance, hop = _tables(pave(self.board.neighbor, self._usable(int(key)), last=self.tie == "last"))
            # Few boards ever need the wider type, and those from their first table on.
            if distance.dtype == np.uint16 and self._distance.dtype == np.uint8:
                self._distance.map(widen)
            table = self._shelf.place(int(key), firsts)
            self._distance.put(table, widen(distance) if self._distance.dtype == np.uint16 else distance)
            self._hop.put(table, hop)
        self._shelf.table.flat[keys] = self._shelf.table.flat[twins]

    def _twin(self, key: int) -> int:
        """The first key met with the same usable ways: on most boards many modes and doors make no difference."""
        return self._first.setdefault(hashlib.blake2b(self._usable(key).data, digest_size=16).digest(), key)

    def _usable(self, key: int) -> NDArray[np.bool_]:
        mode, slips, closed = (int(part) for part in np.unravel_index(key, self._shelf.table.shape))
        return self.usable(mode, bool(slips), closed)


class Sight:
    """Who sees whom, for each mask of shut route doors.

    Node a sees node b if the way there along edges that carry sight, in any mode and both directions, is within
    ``board.sight_hops`` and not much longer than the straight line: hops · cell ≤ 1.1 · line + cell, which lets no
    corner through but a short one. On another level only neighbors are seen. Within one room (``board.room``) all in
    range see each other. Doors carry sight if they are route doors and open; bars always do. Who is at a hiding place
    is seen only from there and from the neighboring nodes. With ``sight_hops`` -1 everybody sees everything.
    """

    def __init__(self, board: Board, budget: int = BUDGET) -> None:
        num_masks = self._open(board)
        most = num_tables(board.num_nodes, 1, budget, num_masks)
        self._shelf = Shelf((num_masks,), most)
        self._seen = Stack(board.num_nodes, np.bool_, most)
        self._reach = self._straight() if board.sight_hops >= 0 else None

    def _open(self, board: Board) -> int:
        """What every store of sight begins with; the number of its keys, the door masks."""
        self.board = board
        self._route = _door_bits(board)
        self._room = board.room if board.room.size else np.full(board.num_nodes, -1, np.int16)
        return 1 << (_num_routes(board) if board.sight_hops >= 0 else 0)

    def pick(self, shut: Index) -> NDArray[np.int32]:
        """Table numbers, int32, for masks of route doors that are not open.

        Raises IndexError for a mask that the board does not have, TooManyTablesError as ``Ways.pick`` does.
        """
        if self.board.sight_hops < 0:
            shut = np.zeros_like(shut)  # nothing can stand in the way
        table: NDArray[np.int32] = np.asarray(self._shelf.table[shut])
        if table.size and np.minimum.reduce(table, axis=None) < 0:
            keys = np.unique(np.asarray(shut, np.intp))
            for key in self._shelf.missing(keys):
                self._build(int(key), keys)
            table = np.asarray(self._shelf.table[shut])
        return table

    def sees(self, table: Index, a: Index, b: Index) -> NDArray[np.bool_]:
        """Whether node a sees node b."""
        return self._seen.take(table, a, b)

    def view(self, table: int) -> NDArray[np.bool_]:
        """A whole table, read-only, ``[N seeing, N seen]``. Good until the next ``pick``."""
        return self._seen.view(table)

    def pairs(self, table: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Who sees whom as lists (seeing, seen), sorted by both."""
        seeing, seen = self.view(table).nonzero()
        return seeing, seen

    def seen_from(self, table: int, nodes: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """What some nodes see together, ``[N]``."""
        seen: NDArray[np.bool_] = self.view(table)[nodes].any(axis=0)
        return seen

    def _allowed(self, a: Index, b: Index) -> NDArray[np.uint16]:
        """The most hops over which node a may see node b; they broadcast."""
        board = self.board
        gap = board.xy[b] - board.xy[a]
        hops = np.floor((1.1 * np.hypot(gap[..., 0], gap[..., 1]) + board.cell) / board.cell + 1e-9)
        hops = np.where(board.level[b] == board.level[a], hops, 1)
        hops = np.where((self._room[a] >= 0) & (self._room[b] == self._room[a]), board.sight_hops, hops)
        return np.minimum(hops, board.sight_hops).astype(np.uint16)

    def _straight(self) -> NDArray[np.uint16]:
        """The most hops over which each node may see each other node, ``[N, N]``."""
        nodes = np.arange(self.board.num_nodes)
        reach = np.empty((len(nodes), len(nodes)), np.uint16)
        for node in range(len(nodes)):  # row by row: the floats of all pairs would be eight times the table
            reach[node] = self._allowed(node, nodes)
        return reach

    def _sight_lines(self, shut: int) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Neighbor and usable tables of the edges that carry sight, both ways."""
        board = self.board
        open_door = (self._route != 0) & (self._route & shut == 0)
        carries = (board.modes != 0) & ((board.door < 0) | open_door)
        carries[:, 0] = False
        return _both_ways(board.neighbor, carries)

    def _build(self, shut: int, wanted: NDArray[np.intp]) -> None:
        num_nodes = self.board.num_nodes
        if self._reach is None:
            seen = np.ones((num_nodes, num_nodes), np.bool_)
        else:
            near, _ = all_pairs(pave(*self._sight_lines(shut)), hops=False, limit=self.board.sight_hops)
            seen = widen(near) <= self._reach
            hidden = self.board.feature & Feature.HIDE != 0
            seen[:, hidden] &= near[:, hidden] <= 1
        self._seen.put(self._shelf.place(shut, wanted), seen)


def _tables(roads: Roads) -> tuple[Hops, NDArray[np.uint8]]:
    """Distances and next hops of all pairs; those of a large board are kept on disk."""
    if roads.num_nodes < _KEPT:
        return all_pairs(roads)

    def build() -> cache.Arrays:
        distance, hop = all_pairs(roads)
        return {"distance": distance, "hop": hop}

    found = cache.fetch("ways", (roads.row, *roads.leads, roads.slot), wavefront.__file__, build)
    return found["distance"], found["hop"]


def _num_routes(board: Board) -> int:
    return int(board.door_route.max(initial=-1)) + 1


def _door_bits(board: Board) -> NDArray[np.int64]:
    """The bit of the route door on each slot's edge, ``[N, D]``; 0 without one."""
    route = np.append(board.door_route.astype(np.int64), -1)[board.door]  # door -1 reads the appended -1
    return np.where(route >= 0, np.int64(1) << np.maximum(route, 0), 0)


def _both_ways(neighbor: NDArray[np.int32], usable: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Neighbor and usable tables in which every edge runs both ways; slot 0 stays."""
    num_nodes = len(neighbor)
    node, slot = np.nonzero(usable)
    ends = np.stack([node, neighbor[node, slot]])
    pairs = np.unique(np.concatenate([ends, ends[::-1]], axis=1), axis=1)
    first = np.searchsorted(pairs[0], np.arange(num_nodes + 1))
    place = np.arange(pairs.shape[1]) - first[pairs[0]] + 1
    wide = np.tile(np.arange(num_nodes, dtype=np.int32)[:, None], (1, int(place.max(initial=0)) + 1))
    wide[pairs[0], place] = pairs[1]
    used = np.zeros(wide.shape, np.bool_)
    used[pairs[0], place] = True
    return wide, used
