"""Teams of pursuers who are all alike, each team with a number.

A team of size k is a sorted tuple of places, several of which may be the same. Teams are numbered by their last place
first, so those within the first n places are the first ``count(n, k)`` numbers. That is the combinatorial number
system: the number of places p0 <= p1 <= ... is the sum of C(p_i + i, i + 1).

Dimension letters: ``N`` places, ``M`` teams of one size.
"""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.intp]


def count(places: int, size: int) -> int:
    """How many teams there are."""
    return comb(places + size - 1, size) if size else 1


def number(team: NDArray[np.integer], places: int) -> Index:
    """The numbers ``[...]`` of teams ``[..., k]`` whose places come in any order."""
    team = np.sort(team, axis=-1)
    result = np.zeros(team.shape[:-1], np.intp)
    for index in range(team.shape[-1]):
        result += _first(places, index + 1)[team[..., index]]
    return result


def split(places: int, size: int) -> tuple[Index, Index]:
    """The last place ``[M]`` of each team, and the number ``[M]`` of the team of the others."""
    first = _first(places, size)
    last = np.repeat(np.arange(places), np.diff(first, append=count(places, size)))
    return last, np.arange(len(last)) - first[last]


def members(places: int, size: int) -> Index:
    """The places of each team ``[M, k]``, sorted."""
    team = np.zeros((count(places, size), size), np.intp)
    rest = np.arange(len(team))
    for index in reversed(range(size)):
        last, others = split(places, index + 1)
        team[:, index], rest = last[rest], others[rest]
    return team


def joined(places: int, size: int) -> Index:
    """The number ``[N, M]`` of the team that each team of a size becomes with one more at each place."""
    if size == 0:
        return np.arange(places)[:, None]
    last, others = split(places, size)
    newcomer, first = np.arange(places)[:, None], _first(places, size + 1)
    within = first[last] + joined(places, size - 1)[:, others]
    return np.where(newcomer >= last, first[newcomer] + np.arange(len(last)), within)


def orders(places: int, size: int) -> NDArray[np.int64]:
    """In how many orders ``[M]`` the members of each team can be named."""
    team = members(places, size)
    ways, run = np.ones(len(team), np.int64), np.ones(len(team), np.int64)
    for index in range(1, size):
        run = np.where(team[:, index] == team[:, index - 1], run + 1, 1)
        ways = ways * (index + 1) // run
    return ways


def _first(places: int, size: int) -> Index:
    """The number of the first team whose last place is each of ``[N]``."""
    return np.array([count(place, size) for place in range(places)], np.intp)
