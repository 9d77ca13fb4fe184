"""How people and the shape-shifter are expected to move, change and die: the prediction half of every filter.

A *walk* is a matrix: from where one is, the chance of where one is a turn later. Who goes equally far and slips through
bars alike walks alike. Every legal move, rides included, keeps a positive chance, so a filter that uses it never rules
out the truth.

Dimension letters: ``A`` agent slots, ``N`` nodes, ``C`` columns of whatever walks together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array

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
    changes: float = 0.1  # the shifter picks another guise, out of those it has touched
    object_weight: float = 0.1  # how often it picks a thing, beside 1 for a person
    kills: float = 0.05  # a person that the shifter stands with dies
    dies: float = 1e-3  # a person dies, or leaves, for any other reason
    arrives: float = 1e-4  # who is not on the board comes back, anywhere


class Walks:
    """The walks of the whole cast on a board, made once from a brief."""

    def __init__(self, brief: Brief, habits: Habits, dtype: type[np.floating[Any]]) -> None:
        roster, kind = brief.roster, brief.kind
        self._board, self._habits, self._dtype = brief.board, habits, dtype
        slips: NDArray[np.bool_] = roster.has(Trait.SLIPS_BARS)[kind]
        pace = roster.pace[kind].astype(np.int64)
        guns = brief.item_weapon[brief.item_weapon >= 0]
        self._blasts = bool((roster.effect[guns] == Effect.BLAST.value).any())
        alike = np.stack([-(-pace // 100), slips, np.arange(len(kind)) == brief.shifter], axis=1)
        self.of: NDArray[np.intp]  # [A] number of the agent's walk
        _, first, self.of = np.unique(alike, axis=0, return_index=True, return_inverse=True)
        ride = self._ride(brief)
        self.steps: tuple[csr_array, ...] = tuple(
            self._turn(ride, float(pace[self.of == walk].mean()), bool(slips[who])) for walk, who in enumerate(first)
        )  # [N to, N from] each

    def _turn(self, ride: csr_array | None, pace: float, slips: bool) -> csr_array:
        """A walk at a pace in hundredths of a hop a turn, and now and then a ride."""
        habits = self._habits
        hop = self._hop(self._footways(slips))
        whole, part = int(pace // 100), pace % 100 / 100
        chances = [0.0] * whole + [1 - part] + [part] * (part > 0)
        chances = [(1 - habits.idles) * chance for chance in chances]
        chances[0] += habits.idles
        step = _mixture(hop, chances)
        if self._blasts:
            step = _mixture(hop, [1 - habits.thrown, habits.thrown]) @ step
        if ride is not None:
            step = (1 - habits.rides) * step + habits.rides * ride
        return self._compact(step)

    def thrown(self, slips: bool) -> csr_array | None:
        """A turn of who cannot walk: a blast may throw him. None where nothing blasts."""
        if not self._blasts:
            return None
        return self._compact(_mixture(self._hop(self._footways(slips)), [1 - self._habits.thrown, self._habits.thrown]))

    def _compact(self, step: csr_array) -> csr_array:
        """The same in the smallest types, in order."""
        step = step.astype(self._dtype).tocsr()
        step.sort_indices()
        return csr_array((step.data, step.indices.astype(np.int32), step.indptr.astype(np.int32)), shape=step.shape)

    def _footways(self, slips: bool) -> NDArray[np.bool_]:
        """Out-slots open to a walker, [N, D]."""
        usable: NDArray[np.bool_] = self._board.modes >> Mode.FOOT.value & 1 != 0
        return usable if slips else usable & ~self._board.bars

    def _ride(self, brief: Brief) -> csr_array | None:
        """A turn in or on a vehicle: any number of hops that the fastest can make, on the ways that any may use."""
        kinds = brief.vehicle_kind
        if not len(kinds):
            return None
        modes = np.bitwise_or.reduce(1 << brief.roster.ride_mode[kinds].astype(np.int64))
        hops = -(-int(brief.roster.ride_pace[kinds].max()) // 100)
        usable = (self._board.modes & modes != 0) & ~self._board.bars
        return _mixture(self._hop(usable), [1 / (hops + 1)] * (hops + 1))

    def _hop(self, usable: NDArray[np.bool_]) -> csr_array:
        """One hop of a lazy random walk by the out-slots [N, D] that are usable; who is stuck stays."""
        board: Board = self._board
        usable = usable.copy()
        usable[:, 0] = False
        source, slot = np.nonzero(usable)
        degree = np.bincount(source, minlength=board.num_nodes)
        chance = (1 - self._habits.lingers) / degree[source]
        stay = np.where(degree > 0, self._habits.lingers, 1.0)
        every = np.arange(board.num_nodes)
        where = np.append(board.neighbor[source, slot], every), np.append(source, every)
        return csr_array((np.append(chance, stay), where), shape=(board.num_nodes, board.num_nodes))

    @cached_property
    def ahead(self) -> csr_array:
        """Where anybody can be a turn after being at a node: entries of [N from, N to] that are not 0."""
        return sum(self.steps[1:], start=self.steps[0]).T.tocsr()

    def reach(self, nodes: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Where anybody can be a turn after being at each of some nodes [n], [n, N]."""
        return self.ahead[nodes].toarray() > 0


def _mixture(hop: csr_array, chances: list[float]) -> csr_array:
    """The walk of h hops with chance ``chances[h]``."""
    power = eye_array(hop.shape[0], format="csr")
    out = chances[0] * power
    for chance in chances[1:]:
        power = hop @ power
        if chance:
            out = out + chance * power
    return out.tocsr()
