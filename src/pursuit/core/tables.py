"""Where tables over all pairs of nodes are kept: one growing array, and which key holds which table of it."""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

Index: TypeAlias = NDArray[np.integer[Any]] | int

_SMALL = 2048  # entries


class TooManyTablesError(MemoryError):
    """The memory budget does not hold the tables that are needed at once."""


def num_tables(num_nodes: int, bytes_per_pair: int, budget: int, num_keys: int) -> int:
    """How many tables fit into a budget in bytes; never more than there are keys.

    Raises TooManyTablesError if not even one does.
    """
    need = max(bytes_per_pair * num_nodes**2, 1)
    if need > budget:
        raise TooManyTablesError(f"a table of {num_nodes} nodes takes {need:,} bytes, over the budget of {budget:,}")
    return min(budget // need, num_keys)


class Stack:
    """Square tables of one type in one array ``[table, N, N]`` that grows by doubling, up to ``most`` tables."""

    def __init__(self, num_nodes: int, dtype: type[np.generic], most: int) -> None:
        self._num_nodes = num_nodes
        self._most = most
        self._is_wide = most * num_nodes**2 >= 1 << 31
        self._tables: NDArray[Any] = np.empty((0, num_nodes, num_nodes), dtype)
        self._flat: NDArray[Any] = self._tables.reshape(-1)

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._tables.dtype

    def put(self, table: int, values: NDArray[Any]) -> None:
        held = len(self._tables)
        if table >= held:
            grown = np.empty((min(max(2 * held, table + 1), self._most), *self._tables.shape[1:]), self.dtype)
            grown[:held] = self._tables
            self._tables = grown
            self._flat = grown.reshape(-1)
        self._tables[table] = values

    def map(self, function: Any) -> None:
        """Replace all tables at once, perhaps by another type."""
        self._tables = function(self._tables)
        self._flat = self._tables.reshape(-1)

    def view(self, table: int) -> NDArray[Any]:
        """One table ``[N, N]``, read-only."""
        view: NDArray[Any] = self._tables[table]
        view.setflags(write=False)
        return view

    def take(self, table: Index, row: Index, column: Index) -> NDArray[Any]:
        """The entries at (table, row, column), broadcast."""
        whole = np.int64 if self._is_wide else np.int32  # narrow is twice as fast
        first: NDArray[Any] = np.asarray(table, whole)
        cell: NDArray[Any] = (first * self._num_nodes + row) * self._num_nodes + column
        return gather(self._flat, cell)


def gather(values: NDArray[Any], index: NDArray[Any]) -> NDArray[Any]:
    """values[index] of a flat array, in the memory order of the index: `take` alone would turn it to C order."""
    taken: NDArray[Any] = values.take(index.T).T if index.flags.fnc else values.take(index)
    return taken


def select(
    mask: NDArray[np.bool_], yes: NDArray[Any] | np.integer[Any], no: NDArray[Any] | np.integer[Any]
) -> NDArray[Any]:
    """``np.where`` for integers of one type, by bits in place of branches.

    A branch that cannot be foreseen costs 6 ns an entry; on small arrays `np.where` has fewer calls.
    """
    if mask.size < _SMALL:
        return np.where(mask, yes, no)
    bits = (-mask.view(np.int8)).astype(no.dtype)
    chosen: NDArray[Any] = np.bitwise_xor(yes, no)
    chosen &= bits
    chosen ^= no
    return chosen


def span(slots: NDArray[np.intp]) -> slice | NDArray[np.intp]:
    """Ascending slots as a slice where they lie together, which spares a copy."""
    together = len(slots) > 0 and int(slots[-1] - slots[0]) == len(slots) - 1
    return slice(int(slots[0]), int(slots[-1]) + 1) if together else slots


class Shelf:
    """Which key holds which table number. A full shelf gives the place of the oldest key to the newest."""

    num_evicted: ClassVar[int] = 0
    """How often, on any shelf, a table number has got another table: while it stays the same all numbers are good."""

    def __init__(self, shape: tuple[int, ...], most: int) -> None:
        self.most = most
        self.table = np.full(shape, -1, np.int32)
        self._keys: list[int] = []  # of the tables in use, by table number
        self._oldest = 0

    @property
    def num_tables(self) -> int:
        """Tables in use."""
        return len(self._keys)

    def missing(self, keys: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of the keys that have no table. Raises TooManyTablesError if the shelf cannot hold all keys at once."""
        if keys.size > self.most:
            raise TooManyTablesError(f"{keys.size} tables are needed at once and the budget holds {self.most}")
        return keys[self.table.flat[keys] < 0]

    def place(self, key: int, wanted: NDArray[np.intp]) -> int:
        """The table number for a new key; never one that a key in ``wanted`` holds."""
        if len(self._keys) < self.most:
            table = len(self._keys)
            self._keys.append(key)
        else:
            while self._keys[self._oldest] in wanted:
                self._oldest = (self._oldest + 1) % self.most
            table = self._oldest
            self._oldest = (table + 1) % self.most
            self.table[self.table == table] = -1  # several keys may share it
            self._keys[table] = key
            Shelf.num_evicted += 1
        self.table.flat[key] = table
        return table
