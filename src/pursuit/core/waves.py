"""Distances on a unit board by plain waves, for when a few nodes matter and not all pairs.

A wave is a list of nodes that were just reached; all waves of a call run side by side. That is slower for each pair of
nodes than the bit-parallel :mod:`pursuit.core.wavefront`, and needs no table.

Dimension letters: ``N`` nodes, ``R`` the most links of a node, ``G`` waves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FAR = int(np.iinfo(np.uint16).max)
"""Hops to what is not reached, or only in so many."""

Links = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Net:
    """Who leads where: for each node the nodes its links lead to, ``[N, R]``, filled up with the node itself."""

    ahead: Links
    behind: Links  # the same against the direction of the ways


def weave(neighbor: NDArray[np.int32], usable: NDArray[np.bool_]) -> Net:
    """The net of a neighbor table ``[N, D]`` and the slots that may be used ``[N, D]``; slot 0, *stay*, never is."""
    node, slot = np.nonzero(usable[:, 1:])
    ends = neighbor[node, slot + 1]
    return Net(link(node, ends, len(neighbor)), link(ends, node, len(neighbor)))


def link(start: NDArray[np.integer], end: NDArray[np.integer], num_nodes: int) -> Links:
    """Links ``[N, R]`` from lists of starts and ends."""
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    first = np.searchsorted(start, np.arange(num_nodes))
    rank = np.arange(len(start)) - first[start]
    links = np.tile(np.arange(num_nodes, dtype=np.int32)[:, None], (1, int(rank.max(initial=0)) + 1))
    links[start, rank] = end
    return links


def waves(links: Links, origins: NDArray[np.integer]) -> NDArray[np.uint16]:
    """Hops along the links from each origin to every node, ``[G, N]``; FAR where a wave does not come."""
    num_nodes = len(links)
    few, rest, has_rest = _split(links)
    node = np.asarray(origins, np.intp)
    base = np.arange(len(node)) * num_nodes
    hops = np.full(len(node) * num_nodes, FAR, np.int32)
    hops[base + node] = 0
    for step in range(1, FAR):
        cell = (few.take(node, axis=0) + base[:, None]).ravel()
        if rest.size:
            more = has_rest.take(node).nonzero()[0]
            if len(more):
                others = rest.take(node.take(more), axis=0) + base.take(more)[:, None]
                cell = np.append(cell, others.ravel())
        cell = cell[hops.take(cell) == FAR]
        if not len(cell):
            break
        mark = np.arange(len(cell), dtype=np.int32)
        hops[cell] = mark  # of several that come to one node at once, the last goes on
        cell = cell[hops.take(cell) == mark]
        hops[cell] = step
        node = cell % num_nodes
        base = cell - node
    return hops.astype(np.uint16).reshape(len(origins), num_nodes)


def _split(links: Links) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """The links that most nodes have, the others, and which nodes have any of these: most cells of a city have two."""
    is_used = links != np.arange(len(links), dtype=links.dtype)[:, None]
    usual = max(round(np.count_nonzero(is_used) / len(links)), 1)
    return links[:, :usual].astype(np.intp), links[:, usual:].astype(np.intp), is_used[:, usual:].any(axis=1)


def nearest(links: Links, origins: NDArray[np.integer]) -> tuple[NDArray[np.intp], NDArray[np.uint16]]:
    """Which of the origins leads to each node soonest (the first of several), and in how many hops, ``[N]`` each.

    Index 0 and FAR hops where none does.
    """
    num_nodes = len(links)
    hops = np.full(num_nodes, FAR, np.uint16)
    which = np.zeros(num_nodes, np.intp)
    owner = np.empty(num_nodes, np.int32)
    node = np.asarray(origins, np.intp)
    which[node[::-1]] = np.arange(len(node))[::-1]
    hops[node] = 0
    node = np.unique(node)
    for step in range(1, FAR):
        to = links.take(node, axis=0)
        first = np.broadcast_to(which[node][:, None], to.shape)
        is_new = hops.take(to) == FAR
        if not is_new.any():
            break
        to, first = to[is_new], first[is_new]
        order = np.argsort(-first, kind="stable")
        to, first = to[order], first[order]
        which[to] = first  # the last that is written stays: the first of the origins
        hops[to] = step
        mark = np.arange(len(to), dtype=np.int32)
        owner[to] = mark
        node = to[owner.take(to) == mark]
    return which, hops


def hub(links: Links) -> int:
    """The first of the nodes from which most others are reached."""
    best, most = 0, 1
    waiting = (links != np.arange(len(links))[:, None]).any(axis=1)
    while waiting.any():
        node = int(waiting.argmax())
        reached = waves(links, np.array([node]))[0] < FAR
        num = int(np.count_nonzero(reached))
        if num > most:
            best, most = node, num
        waiting &= ~reached  # none of these can reach more
    return best
