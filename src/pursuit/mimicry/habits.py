"""How people and the shape-shifter are expected to move, change and die: the prediction half of every filter.

A *walk* is a mixture of hops: after h hops of a lazy random walk with chance ``hops[h]``. Every legal move, rides
included, keeps a positive chance, so a filter that uses it never rules out the truth.

Dimension letters: ``A`` agent slots, ``N`` nodes, ``C`` columns of whatever walks together, ``H`` hops.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Board, Mode
from pursuit.core.roster import Effect, Trait
from pursuit.sense.observation import Brief

Array = NDArray[Any]


@dataclass(frozen=True)
class Habits:
    """Chances a turn, strictly between 0 and 1: what may happen must not be held for impossible."""

    idles: float = 0.3  # who can walk does not
    lingers: float = 0.1  # a hop is not used
    rides: float = 0.03  # somebody is carried by a vehicle, where there are vehicles
    thrown: float = 0.01  # a blast throws somebody a hop on, where there are weapons that blast
    off_foot: float = 0.05  # weight of an edge that only vehicles may use, beside 1 for a footway
    changes: float = 0.1  # the shifter picks another guise, out of those it has touched
    object_weight: float = 0.1  # how often it picks a thing, beside 1 for a person
    kills: float = 0.05  # a person that the shifter stands with dies
    dies: float = 1e-3  # a person dies, or leaves, for any other reason
    arrives: float = 1e-4  # who is not on the board comes back, anywhere


@dataclass(frozen=True, eq=False)
class Walk:
    """A walk over a board: for each node whence a hop can come, and the chance of that hop."""

    origin: tuple[
        tuple[NDArray[np.intp] | slice, NDArray[np.intp], Array], ...
    ]  # (to, from, chance) by rank of the hop
    stay: Array  # [N, 1] chance that a hop leads nowhere
    pattern: NDArray[np.bool_]  # [N from, N to] whether a hop can lead there, staying included

    def hop(self, mass: Array) -> Array:
        """Mass [N, C] after one hop; sums run in a fixed order, so a column is the same in any company."""
        out: Array = mass * self.stay
        buffer = np.empty_like(mass)
        for to, source, chance in self.origin:
            part = buffer[: len(source)]
            mass.take(source, axis=0, out=part, mode="clip")  # unlike "raise", it writes without a copy
            part *= chance
            out[to] += part
        return out

    def carry(self, mass: Array, hops: Array) -> Array:
        """Mass [N, ...] after a turn; ``hops`` [H, ...] is the chance of so many hops, broadcast over the columns."""
        out: Array = mass * hops[0]
        moved = mass.reshape(len(mass), -1)
        for chance in hops[1:]:
            moved = self.hop(moved)
            out += moved.reshape(mass.shape) * chance
        return out


class Walks:
    """The walks of the whole cast on a board, made once from a brief."""

    def __init__(self, brief: Brief, habits: Habits, dtype: type[np.floating[Any]]) -> None:
        roster, kind = brief.roster, brief.kind
        self._board, self._habits, self._dtype = brief.board, habits, dtype
        self._drives = len(brief.vehicle_kind) > 0
        self.slips: NDArray[np.bool_] = roster.has(Trait.SLIPS_BARS)[kind]
        pace = roster.pace[kind].astype(np.int64)
        longest = -(-pace // 100)
        if self._drives:
            fastest = (int(roster.ride_pace[brief.vehicle_kind].max()) + 99) // 100
            longest = np.maximum(longest, fastest)
        guns = brief.item_weapon[brief.item_weapon >= 0]
        self._blasts = bool((roster.effect[guns] == Effect.BLAST.value).any())
        self.longest = int(longest.max()) + self._blasts
        self.hops = self._chances(pace, longest).astype(dtype)  # [H, A]

    def _chances(self, pace: NDArray[np.int64], longest: NDArray[np.int64]) -> Array:
        """The chance of so many hops a turn, [H, A]: at the pace of the kind, seldom at a vehicle's."""
        hop = np.arange(self.longest + 1)[:, None]
        whole, part = pace // 100, pace % 100 / 100
        walked = (hop == whole) * (1 - part) + (hop == whole + 1) * part
        ridden = (hop <= longest) / (longest + 1)
        rides = self._habits.rides if self._drives else 0.0
        on_foot = self._habits.idles * (hop == 0) + (1 - self._habits.idles) * walked
        chances = (1 - rides) * on_foot + rides * ridden
        if self._blasts:
            chances *= 1 - self._habits.thrown
            chances[1:] += chances[:-1] * (self._habits.thrown / (1 - self._habits.thrown))
        return chances

    @cached_property
    def through_bars(self) -> Walk:
        return self._walk(True)

    @cached_property
    def around_bars(self) -> Walk:
        return self._walk(False)

    def of(self, slips: bool) -> Walk:
        """The walk of who slips through bars, or of who does not."""
        return self.through_bars if slips else self.around_bars

    @cached_property
    def reach(self) -> NDArray[np.bool_]:
        """Where anybody can be a turn after being at a node, [N from, N to]."""
        hop = self.through_bars.pattern
        reach = np.eye(len(hop), dtype=np.bool_)
        for _ in range(self.longest):
            reach = np.stack([hop[ends].any(axis=0) for ends in reach])
        return reach

    def _walk(self, slips: bool) -> Walk:
        board, habits = self._board, self._habits
        source, slot = np.nonzero(_usable(board, slips, self._drives))
        target = board.neighbor[source, slot].astype(np.intp)
        on_foot = (board.modes[source, slot] >> Mode.FOOT.value & 1).astype(np.bool_)
        weight = np.where(on_foot, 1.0, habits.off_foot)
        total = np.bincount(source, weight, board.num_nodes)
        chance = (1 - habits.lingers) * weight / total[source]
        stay = np.where(total > 0, habits.lingers, 1.0)[:, None].astype(self._dtype)
        pattern = np.eye(board.num_nodes, dtype=np.bool_)
        pattern[source, target] = True
        order = np.lexsort((source, target))
        source, target, chance = source[order], target[order], chance[order]
        rank = np.arange(len(target)) - np.searchsorted(target, target)
        origin = []
        for place in range(int(rank.max(initial=-1)) + 1):
            at = rank == place
            whole = np.count_nonzero(at) == board.num_nodes
            to: NDArray[np.intp] | slice = slice(None) if whole else target[at]
            origin.append((to, source[at], chance[at, None].astype(self._dtype)))
        return Walk(tuple(origin), stay, pattern)


def _usable(board: Board, slips: bool, drives: bool) -> NDArray[np.bool_]:
    """Out-slots that lead somewhere, [N, D]: on foot, through bars or not, and for any vehicle where there are some."""
    on_foot = (board.modes >> Mode.FOOT.value & 1).astype(np.bool_)
    usable: NDArray[np.bool_] = (on_foot & (slips | ~board.bars)) | (drives & (board.modes != 0) & ~board.bars)
    usable[:, 0] = False
    return usable
