"""A turn passes unseen: everybody walks by habit, the shifter may change its look, people may die.

Inside, arrays are node by node with rows next to each other: ``[N, G, B]`` where `Belief` says ``[B, G, N]``.

Dimension letters: ``B`` rows, ``A`` agent slots, ``G`` guises, ``N`` nodes, ``H`` hops, ``I`` items.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.roster import Trait
from pursuit.core.world import Side
from pursuit.mimicry.belief import HELD, Belief
from pursuit.mimicry.habits import Habits, Walks
from pursuit.sense.observation import Brief

Array = NDArray[Any]

_TINY = 1e-30  # divides nothing by nothing


@dataclass(frozen=True, eq=False)
class Forecast:
    """A predicted belief, and the shifter's mass parted by whether it was just seen to change, if it was seen."""

    belief: Belief
    kept: Array  # [N, G, B] the shifter is there in that guise and has not changed this turn
    switched: Array  # [N, G, B] it has


class Predictor:
    """Predicts a turn; made once from a brief."""

    def __init__(self, brief: Brief, habits: Habits, dtype: type[np.floating[Any]]) -> None:
        self.habits, self.dtype = habits, dtype
        self.walks = Walks(brief, habits, dtype)
        self.shifter = brief.shifter
        self.num_agents, self.num_nodes = len(brief.kind), brief.board.num_nodes
        self.is_real = np.arange(self.num_agents) != brief.shifter
        self.touched_at_meeting = self.is_real & ~brief.roster.has(Trait.MACHINE)[brief.kind]
        self.is_simple = np.asarray(brief.item_simple)
        simple = np.append(np.ones(self.num_agents, np.bool_), self.is_simple)
        self.weight = np.where(np.arange(len(simple)) < self.num_agents, 1.0, habits.object_weight) * simple
        self._leaves = brief.exits[brief.side]  # [A, N]
        self._no_way_out = ~brief.exits[Side(int(brief.side[brief.shifter]))]

    def predict(self, belief: Belief) -> Forecast:
        """What is to be expected a turn later."""
        kept, switched, mixing = self._shifter(belief)
        onward, gone = self._arrive_and_leave(belief, kept, switched)
        met = onward.sum(axis=1)  # [N, B]
        touchable = self._touch(belief, met)
        person, dead = self._people(belief, onward, met, mixing)
        touchable |= self._touch_people(touchable, met, person)
        told = replace(
            belief, shifter=onward.T, gone=gone, person=person.T, dead=dead.T, touchable=np.asfortranarray(touchable)
        )
        return Forecast(told, kept, switched)

    def _shifter(self, belief: Belief) -> tuple[Array, Array, tuple[Array, Array, Array]]:
        """The shifter's mass after a walk, (not changed, changed) [N, G, B], and how its guise mixes, see `_mixed`."""
        cells, num = belief.shifter.T, self.num_agents
        moved = cells.copy()
        slot = self.shifter
        walk = self.walks.of(bool(self.walks.slips[slot]))
        moved[:, :num] = walk.carry(cells[:, :num], self.walks.hops[:, slot])
        wanted = self._wanted(belief.touchable)  # [G, B]
        rate = self.habits.changes
        share = (rate * wanted).astype(self.dtype)
        walked = moved.sum(axis=1)  # [N, B]
        stood = cells.sum(axis=1) if cells.shape[1] > num else walked
        switched = np.empty_like(moved)
        np.multiply(walked[:, None], share[:num], out=switched[:, :num])  # it may take the look it has, and be seen to
        np.multiply(stood[:, None], share[num:], out=switched[:, num:])
        moved *= self.dtype(1 - rate)
        worn = cells[:, :num].sum(axis=0)  # [A, B]
        present = 1 - belief.gone
        return moved, switched, (worn, present, share[:num])

    def _wanted(self, touchable: NDArray[np.bool_]) -> Array:
        """Which look a changer takes, [G, B]: sums to 1 over those it may have."""
        may = touchable.T.copy()
        may[self.shifter] = True
        weight = may * self.weight[:, None]
        total = np.zeros(weight.shape[1])
        for one in weight:
            total += one
        wanted: Array = weight / total
        return wanted

    def _arrive_and_leave(self, belief: Belief, kept: Array, switched: Array) -> tuple[Array, Array]:
        """Changes `kept` and `switched` in place; returns their sum and the new `gone`."""
        num = self.num_agents
        arriving = (self.habits.arrives * belief.gone / self.num_nodes).astype(self.dtype)
        kept[:, :num] += arriving * self._wanted(belief.touchable)[:num].astype(self.dtype)
        stays = self._no_way_out.astype(self.dtype)[:, None, None]
        kept *= stays
        switched *= stays
        onward = kept + switched
        gone = np.maximum(1.0 - onward.sum(axis=0).astype(np.float64).sum(axis=0), 0.0)
        gone = np.where(belief.gone > 0, np.maximum(gone, 1e-30), gone)
        if not self._no_way_out.all():
            gone = np.maximum(gone, 1e-30)
        return onward, gone

    def _people(
        self, belief: Belief, onward: Array, met: Array, mixing: tuple[Array, Array, Array]
    ) -> tuple[Array, Array]:
        """(person [N, A, 2, B], dead [A, 2, B]) a turn later."""
        cells, fallen = belief.person.T, belief.dead.T.astype(np.float64)
        moved = np.empty_like(cells)
        for slips in (False, True):
            slots = np.flatnonzero(self.is_real & (self.walks.slips == slips))
            if len(slots):
                walk, hops = self.walks.of(slips), self.walks.hops[:, slots, None, None]
                moved[:, slots] = walk.carry(cells[:, slots], hops)
        moved[:, self.shifter] = cells[:, self.shifter]
        person, dead = self._mixed(moved, fallen, mixing)
        arrives = self.habits.arrives * dead * (belief.worst.T < 2)[:, None]
        person *= self._lives(onward, met)
        person += (arrives / self.num_nodes).astype(self.dtype)
        person *= ~self._leaves.T[:, :, None, None]
        return person, np.maximum(1.0 - person.sum(axis=0).astype(np.float64), 1e-30)

    def _lives(self, onward: Array, met: Array) -> Array:
        """The chance to stay alive, [N, A, 2, B]: where the shifter is, given that it wears the look, or does not."""
        worn = onward[:, : self.num_agents]
        whole = worn.sum(axis=0)
        other = met.sum(axis=0) - whole
        lives = np.empty((len(met), self.num_agents, 2, met.shape[1]), self.dtype)
        np.multiply(worn, 1 / np.maximum(whole, _TINY), out=lives[:, :, 1])
        np.subtract(met[:, None], worn, out=lives[:, :, 0])
        lives[:, :, 0] *= 1 / np.maximum(other, _TINY)
        np.clip(lives, 0, 1, out=lives)
        lives *= self.dtype(-self.habits.kills)
        lives += self.dtype(1 - self.habits.dies)
        return lives

    def _mixed(self, person: Array, dead: Array, mixing: tuple[Array, Array, Array]) -> tuple[Array, Array]:
        """The columns of `person` once the shifter has changed: who wears p now wore something else before, and so on.

        ``mixing`` is (worn [A, B] chance that it wore p, present [B], share [A, B] chance to take p if it changes).
        """
        worn, present, share = mixing
        rate = self.habits.changes
        worn = np.minimum(worn.astype(np.float64), present)
        other = np.maximum(present - worn, 0.0)
        to_p = share * other  # column 1 from column 0
        in_p = (1 - rate + share) * worn  # column 1 from column 1
        out_p = (rate - share) * worn  # column 0 from column 1
        off_p = np.maximum(1.0 - worn - to_p, 0.0)  # column 0 from column 0
        for_one, for_none = to_p + in_p, out_p + off_p
        one = np.where(for_one > 0, to_p / np.where(for_one > 0, for_one, 1.0), 1.0)
        none = np.where(for_none > 0, out_p / np.where(for_none > 0, for_none, 1.0), 1.0)
        mixed, gone = np.empty_like(person), np.empty_like(dead)
        for new, old, part in ((1, 0, one), (0, 1, none)):
            thin = part.astype(person.dtype)
            mixed[:, :, new] = person[:, :, new] * (1 - thin) + person[:, :, old] * thin
            gone[:, new] = dead[:, new] * (1 - part) + dead[:, old] * part
        return mixed, gone

    def _touch(self, belief: Belief, met: Array) -> NDArray[np.bool_]:
        """Looks it can have touched, items included, [B, G]: an item where it can have been is touched."""
        touchable = belief.touchable.copy("K")
        for item in np.flatnonzero(self.is_simple):
            at = belief.lies[:, item]
            near = (met > 0)[np.maximum(at, 0), np.arange(len(at))]
            touchable[:, self.num_agents + item] |= np.where(at >= 0, near, at != HELD)
        return touchable

    def _touch_people(self, touchable: NDArray[np.bool_], met: Array, person: Array) -> NDArray[np.bool_]:
        """People whose support the shifter's has overlapped, [B, G]."""
        new = np.zeros_like(touchable)
        for slot in np.flatnonzero(self.touched_at_meeting):
            if not touchable[:, slot].all():
                there = (person[:, slot] > 0).any(axis=1) & (met > 0)
                new[:, slot] = there.any(axis=0)
        return new
