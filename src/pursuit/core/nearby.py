"""Sight on boards too large for a table over all pairs: who is in sight of whom, as one sorted list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core import waves
from pursuit.core.board import Board, Feature
from pursuit.core.distance import Sight
from pursuit.core.tables import Index, Shelf

_BLOCK = 4096  # nodes whose surroundings are looked at together
_MOST_LISTS = 8


class NearSight(Sight):
    """:class:`Sight` as a sorted list of pairs, 8 bytes for each pair in sight of each other."""

    def __init__(self, board: Board) -> None:
        self._shelf = Shelf((self._open(board),), _MOST_LISTS)
        self._lists: list[NDArray[np.int64]] = []

    def sees(self, table: Index, a: Index, b: Index) -> NDArray[np.bool_]:
        if self.board.sight_hops < 0:
            return np.ones(np.broadcast_shapes(np.shape(table), np.shape(a), np.shape(b)), np.bool_)
        table = np.asarray(table)
        pair = np.asarray(a, np.int64) * self.board.num_nodes + b
        answer = np.zeros(np.broadcast_shapes(table.shape, pair.shape), np.bool_)
        for one in np.unique(table):
            known = self._lists[one]
            rank = known.searchsorted(pair).clip(max=len(known) - 1)
            answer |= (known[rank] == pair) & (table == one)
        return answer

    def view(self, table: int) -> NDArray[np.bool_]:
        """A whole table; it takes N² bytes. Only for small boards."""
        seen = np.zeros((self.board.num_nodes, self.board.num_nodes), np.bool_)
        seen[self.pairs(table)] = True
        seen.setflags(write=False)
        return seen

    def pairs(self, table: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        num_nodes = self.board.num_nodes
        if self.board.sight_hops < 0:
            everywhere = np.arange(num_nodes)
            return np.repeat(everywhere, num_nodes), np.tile(everywhere, num_nodes)
        seeing, seen = np.divmod(self._lists[table], num_nodes)
        return seeing, seen

    def seen_from(self, table: int, nodes: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        num_nodes = self.board.num_nodes
        if self.board.sight_hops < 0:
            return np.full(num_nodes, len(nodes) > 0)
        known = self._lists[table]
        seen = np.zeros(num_nodes, np.bool_)
        for node in np.unique(nodes).tolist():
            first, last = known.searchsorted([node * num_nodes, (node + 1) * num_nodes])
            seen[known[first:last] - node * num_nodes] = True
        return seen

    def _build(self, shut: int, wanted: NDArray[np.intp]) -> None:
        found = []
        if self.board.sight_hops >= 0:
            neighbor, usable = self._sight_lines(shut)
            hidden = self.board.feature & Feature.HIDE != 0
            for a, b, hops in within(waves.weave(neighbor, usable).ahead, self.board.sight_hops):
                kept = (hops <= self._allowed(a, b)) & (~hidden[b] | (hops <= 1))
                found.append(np.sort(a[kept] * self.board.num_nodes + b[kept]))
        table = self._shelf.place(shut, wanted)
        self._lists[table : table + 1] = [np.concatenate(found) if found else np.empty(0, np.int64)]


def within(links: waves.Links, limit: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """All pairs of nodes within so many hops, as lists (from, to, hops), for one block of nodes after another.

    Links must run both ways: then what is next to the nodes at k hops is k - 1, k or k + 1 hops away.
    """
    num_nodes = len(links)
    for first in range(0, num_nodes, _BLOCK):
        start = np.arange(first, min(first + _BLOCK, num_nodes), dtype=np.int64)
        before, level = np.empty(0, np.int64), start * num_nodes + start
        levels = [level]
        for _ in range(limit):
            a, b = np.divmod(level, num_nodes)
            after = _distinct((a * num_nodes)[:, None] + links[b].astype(np.int64))
            before, level = level, after[~(_among(after, level) | _among(after, before))]
            if not len(level):
                break
            levels.append(level)
        hops = np.repeat(np.arange(len(levels)), [len(level) for level in levels])
        a, b = np.divmod(np.concatenate(levels), num_nodes)
        yield a, b, hops


def _distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The values in order, each once; for these sizes several times as fast as ``np.unique``."""
    values = np.sort(values, axis=None)
    return values[np.append(True, values[1:] != values[:-1])]


def _among(values: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of some values are in a sorted list."""
    if not len(known):
        return np.zeros(len(values), np.bool_)
    found: NDArray[np.bool_] = known[known.searchsorted(values).clip(max=len(known) - 1)] == values
    return found
