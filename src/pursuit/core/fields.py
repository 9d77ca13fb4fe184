"""Ways of boards too large for tables over all pairs: distances to and from the nodes in use, made when asked for.

A *field* is the distance from every node to one goal, or from one start to every node. A question about many starts
and few goals is answered from fields of the goals, one about few starts from fields of the starts; next hops need those
of the goals. Fields stay until the budget is full; then those go that were used longest ago.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core import waves
from pursuit.core.board import Board, Mode
from pursuit.core.distance import BUDGET, Sight, Tie, Ways
from pursuit.core.nearby import NearSight
from pursuit.core.tables import Index, Shelf, TooManyTablesError

_LEAST = 64  # fields; below that a handful of agents would make them again every turn
_AT_ONCE = 32  # waves side by side: more of them would not stay in the cache
_MOST_NETS = 32
_TO, _FROM = 0, 1


def find_ways(board: Board, budget: int = BUDGET, tie: Tie = "first") -> Ways:
    """Ways of a board by tables, if those of all its modes fit into the budget (bytes) at once, else by fields.

    Both answer alike. Tables are faster where they fit.
    """
    try:
        ways = Ways(board, budget, tie)
    except TooManyTablesError:
        return FieldWays(board, budget, tie)
    modes = {ways.usable(mode.value, False, 0).tobytes() for mode in Mode}
    return ways if len(modes) <= ways.most_built else FieldWays(board, budget, tie)


def find_sight(board: Board, budget: int = BUDGET) -> Sight:
    """Sight on a board by a table, if one fits into the budget (bytes), else by lists of who is in sight of whom."""
    try:
        return Sight(board, budget)
    except TooManyTablesError:
        return NearSight(board)


class FieldWays(Ways):
    """:class:`Ways` without tables. A table number stands for a net of usable ways, and stays good.

    Distances are uint16; ways of more than 65,534 hops count as none.
    """

    def __init__(self, board: Board, budget: int = BUDGET, tie: Tie = "first") -> None:
        self._shelf = Shelf(self._open(board, tie), 0)
        self._most_fields = max(budget // (2 * board.num_nodes), _LEAST)
        self._fields = np.empty((0, board.num_nodes), np.uint16)
        self._keys = np.empty(0, np.int64)  # sorted; of the fields in use
        self._place = np.empty(0, np.int64)  # where each key's field lies
        self._used = np.empty(0, np.int64)  # when the field of each place was used last
        self._clock = 0
        self._runs_both_ways = np.zeros(self._shelf.table.size, np.bool_)  # tables: to and from a node is one field
        self._nets: dict[int, waves.Net] = {}

    @property
    def far(self) -> int:
        return waves.FAR

    @property
    def num_built(self) -> int:
        """Fields that are kept now."""
        return len(self._keys)

    def distance(self, table: Index, start: Index, goal: Index) -> NDArray[np.uint16]:
        to = self._code(table, _TO, goal)
        from_ = self._code(table, _FROM, start)
        many_to, many_from = np.unique(to), np.unique(from_)
        if self._num_missing(many_to) <= self._num_missing(many_from):
            return self._read(many_to, to, start)
        return self._read(many_from, from_, goal)

    def hop(self, table: Index, start: Index, goal: Index) -> NDArray[np.uint8]:
        table, start, goal = np.broadcast_arrays(table, start, goal)
        shape = start.shape
        table, start, goal = table.ravel(), start.ravel(), goal.ravel()
        neighbor = self.board.neighbor[start]
        usable = self._usable_at(table, start)
        slot = self._slot(usable & (neighbor == goal[:, None]))  # next door nobody needs a field
        rest = np.flatnonzero((slot == 0) & (start != goal) & (goal >= 0))
        if len(rest):
            to = self._code(table[rest], _TO, goal[rest])[:, None]
            away = self._read(np.unique(to), to, np.append(start[rest, None], neighbor[rest], axis=1))
            here, there = away[:, :1], away[:, 1:]
            closer = (there + np.uint16(1) == here) & (here < waves.FAR)
            slot[rest] = self._slot(usable[rest] & closer)
        return slot.reshape(shape)

    def distances_to(self, table: int, goal: int) -> NDArray[np.uint16]:
        return self._field(table, _TO, goal)

    def distances_from(self, table: int, start: int) -> NDArray[np.uint16]:
        return self._field(table, _FROM, start)

    def distances(self, table: int) -> NDArray[np.uint16]:
        """All of them; it takes N² · 2 bytes. Only for small boards."""
        nodes = np.arange(self.board.num_nodes)
        return self.distance(table, nodes, nodes[:, None])

    def hops(self, table: int) -> NDArray[np.uint8]:
        """All of them; it takes a multiple of N² bytes. Only for small boards."""
        nodes = np.arange(self.board.num_nodes)
        return self.hop(table, nodes, nodes[:, None])

    def _build(self, keys: NDArray[np.intp]) -> None:
        for key in keys[self._shelf.table.flat[keys] < 0]:
            twin = self._twin(int(key))
            self._shelf.table.flat[key] = twin
            net = self._net(twin)
            if net.ahead.shape == net.behind.shape:
                self._runs_both_ways[twin] = np.array_equal(np.sort(net.ahead), np.sort(net.behind))

    def _code(self, table: Index, direction: int, node: Index) -> NDArray[np.int64]:
        """One number for (table, direction, node); -1 for node -1."""
        node, table = np.asarray(node, np.int64), np.asarray(table, np.int64)
        side = 0 if direction == _TO else ~self._runs_both_ways[table]
        return np.where(node < 0, np.int64(-1), (table * 2 + side) * self.board.num_nodes + node)

    def _num_missing(self, codes: NDArray[np.int64]) -> int:
        return len(codes) - int(np.isin(codes, self._keys, assume_unique=True).sum()) if len(codes) else 0

    def _field(self, table: int, direction: int, node: int) -> NDArray[np.uint16]:
        codes = self._code(table, direction, [node])  # type: ignore[arg-type]
        return self._read(codes, codes, np.arange(self.board.num_nodes))

    def _read(self, wanted: NDArray[np.int64], code: NDArray[np.int64], node: Any) -> NDArray[np.uint16]:
        """Entries of the fields ``code`` at nodes, broadcast; ``wanted`` is the codes without repeats, sorted.

        If they do not all fit at once, they are made in turns.
        """
        wanted = wanted[wanted >= 0]
        answer: NDArray[np.uint16] | None = None
        for first in range(0, len(wanted), self._most_fields):
            some = wanted[first : first + self._most_fields]
            self._make(some)
            rank = np.searchsorted(self._keys, code).clip(max=len(self._keys) - 1)
            part = self._fields[self._place[rank], node]
            if len(some) == len(wanted) and (code.min() >= 0):
                return part
            inside = (code >= some[0]) & (code <= some[-1])
            if answer is None:
                answer = np.full(part.shape, waves.FAR, np.uint16)
            answer = np.where(inside, part, answer)
        if answer is None:
            return np.full(np.broadcast_shapes(code.shape, np.shape(node)), waves.FAR, np.uint16)
        return answer

    def _make(self, wanted: NDArray[np.int64]) -> None:
        """See that all these fields are there."""
        self._clock += 1
        is_new = ~np.isin(wanted, self._keys, assume_unique=True)
        self._used[self._place[np.searchsorted(self._keys, wanted[~is_new])]] = self._clock
        new = wanted[is_new]
        if not len(new):
            return
        place = self._room(len(new))
        num_nodes = self.board.num_nodes
        nets, nodes = np.divmod(new, num_nodes)
        for net in np.unique(nets):
            here = np.flatnonzero(nets == net)
            links = self._links(int(net))
            for first in range(0, len(here), _AT_ONCE):
                some = here[first : first + _AT_ONCE]
                self._fields[place[some]] = waves.waves(links, nodes[some])
        self._used[place] = self._clock
        keys, places = np.append(self._keys, new), np.append(self._place, place)
        order = keys.argsort()
        self._keys, self._place = keys[order], places[order]

    def _room(self, num: int) -> NDArray[np.int64]:
        """Places for so many new fields; what was used longest ago makes room."""
        taken, held = len(self._keys), len(self._fields)
        if taken + num > held:
            size = min(max(2 * held, taken + num, _LEAST), self._most_fields)
            grown = np.empty((size, self.board.num_nodes), np.uint16)
            grown[:held] = self._fields
            self._fields = grown
            self._used = np.append(self._used, np.zeros(size - held, np.int64))
        spare = len(self._fields) - taken
        if num > spare:
            oldest = np.argsort(self._used[self._place], kind="stable")[num - spare :]
            kept = np.sort(oldest)
            self._keys, self._place = self._keys[kept], self._place[kept]
        free = np.ones(len(self._fields), np.bool_)
        free[self._place] = False
        return np.flatnonzero(free)[:num]

    def _links(self, net: int) -> waves.Links:
        table, direction = divmod(net, 2)
        found = self._net(table)
        return found.ahead if direction == _FROM else found.behind

    def _net(self, table: int) -> waves.Net:
        if table not in self._nets:
            if len(self._nets) >= _MOST_NETS:
                self._nets.pop(next(iter(self._nets)))
            self._nets[table] = waves.weave(self.board.neighbor, self._usable(table))
        return self._nets[table]

    def _slot(self, good: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """The first (or last, by the tie rule) good out-slot, [n]; 0 without one. `good` is [n, D]."""
        if self.tie == "last":
            slot = good.shape[1] - 1 - good[:, ::-1].argmax(axis=1)
        else:
            slot = good.argmax(axis=1)
        return np.where(good.any(axis=1), slot, 0).astype(np.uint8)

    def _usable_at(self, table: NDArray[Any], start: NDArray[Any]) -> NDArray[np.bool_]:
        """Which out-slots of nodes lead somewhere, ``[n, D]``."""
        mode, slips, closed = (part[:, None] for part in np.unravel_index(table, self._shelf.table.shape))
        board = self.board
        usable: NDArray[np.bool_] = (board.modes[start] >> mode & 1).astype(np.bool_)
        usable &= self._route[start] & closed == 0
        usable &= ~board.bars[start] | (slips == 1)
        usable[:, 0] = False
        return usable
