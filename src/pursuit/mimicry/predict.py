"""A turn passes unseen: everybody walks by habit, the shifter may change its look, people may die.

Inside, arrays are node by node with rows next to each other: ``[N, K, B]`` where `Belief` says ``[B, K, N]``.

Dimension letters: ``B`` rows, ``A`` agent slots, ``G`` guises, ``N`` nodes, ``K C Q P`` lanes, ``n`` bodies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.roster import Trait
from pursuit.core.world import Side
from pursuit.mimicry.belief import HELD, Belief, Sharing
from pursuit.mimicry.evidence import Bodies
from pursuit.mimicry.habits import Habits, Walks
from pursuit.mimicry.lanes import apart
from pursuit.mimicry.mass import FLOOR, TRACE, in_all, node_sum
from pursuit.sense.observation import Brief

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Forecast:
    """A belief before it is corrected; its `looks` and `things` are those to be expected."""

    belief: Belief
    looks: Sharing
    people: Array  # [N, P, B] the lanes of the crowd, then those of the pairs, without what `lives` takes off
    lives: Array  # [B] the chance of somebody who was alive to be so still
    kept: Array  # [n] the shifter's mass in the look and at the node of each body if it has not just changed,
    switched: Array  # [n] and if it has


class Predictor:
    """Predicts a turn; made once from a brief."""

    def __init__(self, brief: Brief, habits: Habits, dtype: type[np.floating[Any]]) -> None:
        self.habits, self.dtype = habits, dtype
        self.walks = Walks(brief, habits, dtype)
        self.shifter = brief.shifter
        self.num_agents, self.num_nodes = len(brief.kind), brief.board.num_nodes
        self.is_real = np.arange(self.num_agents) != brief.shifter
        self.touched_at_meeting = self.is_real & ~brief.roster.has(Trait.MACHINE)[brief.kind]
        self.simple = np.flatnonzero(brief.item_simple)
        weight = np.append(np.ones(self.num_agents), habits.object_weight * np.asarray(brief.item_simple))
        self.weight: Array = weight  # [G] how often a changer takes a look
        own_exits = brief.exits[Side(int(brief.side[brief.shifter]))]
        self._own_exits = np.flatnonzero(own_exits)
        self._exits = np.flatnonzero(brief.exits.any(axis=0))
        self._stays = ~brief.exits[brief.side][:, self._exits]  # [A, exits] who does not leave there
        step = self.walks.steps[self.walks.of[brief.shifter]]
        self._own_step = step * dtype(1 - habits.changes)  # of who has not changed; the rest is added before
        self._thrown = self.walks.thrown(bool(brief.roster.has(Trait.SLIPS_BARS)[brief.kind[brief.shifter]]))
        self._real_walks = np.unique(self.walks.of[self.is_real]).tolist()
        self._into = _Into(step, ~own_exits)

    def alike(self, slot: int) -> tuple[int, bytes]:
        """Who has the same of this, and starts alike, is at the same places until he is seen."""
        return int(self.walks.of[slot]), self._stays[slot].tobytes()

    def expect(self, belief: Belief, people: Array, bodies: Bodies) -> Forecast:
        """A turn later, given the belief and the lanes of all people, [N, P, B]; writes over both."""
        looks = Sharing(belief.look_of.T, belief.looks.shape[1])
        things = belief.things.T
        if self._thrown is not None and things.shape[1]:
            things[...] = (self._thrown @ things.reshape(len(things), -1)).reshape(things.shape)
        whole = in_all(belief.looks.T, looks.users(), belief.things.T)
        wanted = self.wanted(belief.touchable)
        still = whole if self._thrown is None else self._thrown @ whole  # who becomes a thing does not walk
        kept, switched = self._at_bodies(belief, bodies, whole, still, wanted)
        touchable = self._touch(belief, whole)
        gone, cells = self._shifter(belief, looks, whole, still, wanted)
        people, lives, dead = self._people(belief, people, whole, wanted)
        told = replace(belief, looks=cells.T, gone=gone, dead=dead.T, touchable=touchable)
        return Forecast(told, looks, people, lives, kept, switched)

    def at_once(self, belief: Belief, people: Array, bodies: Bodies) -> Forecast:
        """No turn has passed: what is believed is what is expected."""
        cells, things, num = belief.looks.T, belief.things.T, self.num_agents
        whole = np.zeros(len(bodies.row))
        human = bodies.guise < num
        lane = belief.look_of.T[np.minimum(bodies.guise, num - 1), bodies.row]
        worn = human & (lane >= 0)
        whole[worn] = cells[bodies.node[worn], lane[worn], bodies.row[worn]]
        place = np.searchsorted(self.simple, bodies.guise[~human] - num)
        whole[~human] = things[bodies.node[~human], place, bodies.row[~human]]
        return Forecast(
            belief, Sharing(belief.look_of.T, cells.shape[1]), people, np.ones(belief.num_rows), whole, whole
        )

    def wanted(self, touchable: NDArray[np.bool_]) -> Array:
        """Which look a changer takes, [G, B]: sums to 1 over those it may have."""
        may = touchable.T.copy()
        may[self.shifter] = True
        weight = may * self.weight[:, None]
        total = np.zeros(weight.shape[1])
        for one in weight:
            total += one
        wanted: Array = weight / total
        return wanted

    def _at_bodies(
        self, belief: Belief, bodies: Bodies, whole: Array, still: Array, wanted: Array
    ) -> tuple[Array, Array]:
        """(kept, switched) of the bodies, [n] each."""
        num, rate = self.num_agents, self.habits.changes
        cells, things = belief.looks.T, belief.things.T
        arriving = self.habits.arrives / self.num_nodes * belief.gone
        guise, node, row = bodies.guise, bodies.node, bodies.row
        kept, switched = np.zeros(len(row)), np.zeros(len(row))
        human = np.flatnonzero(guise < num)
        if len(human):
            at, who, where = node[human], guise[human], row[human]
            lane = belief.look_of.T[who, where]
            source = self._into.source[at]
            walked = self._into.sums(at, cells[source, np.maximum(lane, 0)[:, None], where[:, None]]) * (lane >= 0)
            want = wanted[who, where]
            kept[human] = (1 - rate) * walked + (arriving[where] * want) * self._into.stays[at]
            switched[human] = rate * want * self._into.sums(at, whole[source, where[:, None]])
        if len(human) < len(row):
            other = np.flatnonzero(guise >= num)
            at, who, where = node[other], guise[other], row[other]
            kept[other] = (1 - rate) * things[at, np.searchsorted(self.simple, who - num), where]
            switched[other] = rate * wanted[who, where] * still[at, where]
        return kept, switched

    def _shifter(
        self, belief: Belief, looks: Sharing, whole: Array, still: Array, wanted: Array
    ) -> tuple[Array, Array]:
        """(`gone`, lanes of looks [N, K, B]) by the end of the turn; things are changed in place."""
        num, dtype = self.num_agents, self.dtype
        rate, arrives = self.habits.changes, self.habits.arrives
        cells, things = belief.looks.T, belief.things.T
        if len(self.simple) and np.count_nonzero(belief.touchable[:, num:]):
            things *= dtype(1 - rate)
            things += still[:, None] * (rate * wanted[num + self.simple]).astype(dtype)
        come = np.maximum(arrives / rate / self.num_nodes * belief.gone, TRACE)
        changed = whole + come.astype(dtype)
        cells += changed[:, None] * looks.by_lane(rate / (1 - rate) * wanted[:num]).astype(dtype)
        cells = (self._own_step @ cells.reshape(len(cells), -1)).reshape(cells.shape)
        people = np.zeros(len(belief.gone))
        for part in wanted[:num]:
            people += part
        gone = belief.gone * (1 - arrives * people)
        if len(self._own_exits):
            at = self._own_exits
            for lost in in_all(cells[at], looks.users(), things[at]).astype(np.float64):
                gone = gone + lost
            cells[at] = 0
            things[at] = 0
        return np.maximum(gone, FLOOR), cells

    def _people(self, belief: Belief, people: Array, whole: Array, wanted: Array) -> tuple[Array, Array, Array]:
        """(people [N, P, B], lives [B], dead [A, 2, B]) a turn later."""
        crowd_of, pair_of = belief.crowd_of.T, belief.pair_of.T
        num_crowd = belief.crowd.shape[1]
        one, none = self._mixing(belief, wanted)
        dead = belief.dead.T.copy()  # [A, 2, B]
        more = dead[:, 0] - dead[:, 1]
        dead[:, 0] -= none * more
        dead[:, 1] += one * more
        come = np.maximum(self.habits.arrives / self.num_nodes * dead, TRACE)
        lanes = lane_table(crowd_of, pair_of, num_crowd)
        slot, column, row = (lanes >= 0).nonzero()
        lane = lanes[slot, column, row]
        arrive = np.zeros(people.shape[1:], self.dtype)
        arrive[lane, row] = come[slot, column, row]
        _, pairs = apart(people, num_crowd)
        if pairs.shape[1]:
            thin = np.zeros(people.shape[1:], self.dtype)
            thin[lane, row] = np.stack([none, one], axis=1)[slot, column, row]
            thin[:num_crowd] = 0
            other = pairs[:, :, ::-1] * apart(thin[None], num_crowd)[1]
            people *= 1 - thin
            pairs += other
        people += arrive
        people = self._walked(people, slot, lane, row)
        alive = 1 - dead + come * self.num_nodes
        if len(self._exits):
            stays = np.zeros((people.shape[1], people.shape[2], len(self._exits)), self.dtype)
            stays[lane, row] = self._stays[slot]
            left = np.zeros(people.shape[1:])
            for at, keep in zip(self._exits.tolist(), stays.transpose(2, 0, 1), strict=True):
                left += people[at] * (1 - keep)
                people[at] *= keep
            alive[slot, column, row] -= left[lane, row]
        lives = 1 - self.habits.dies - self.habits.kills * self._together(belief, whole)
        dead[slot, column, row] = np.maximum(1.0 - alive * lives, FLOOR)[slot, column, row]
        return people, lives, dead

    def _together(self, belief: Belief, whole: Array) -> Array:
        """The chance that two who are spread as the shifter is are at one node, [B]."""
        present = np.maximum(1 - belief.gone, FLOOR)
        return np.minimum(node_sum(whole * whole) / (present * present), 1.0)

    def _walked(self, people: Array, slot: Array, lane: Array, row: Array) -> Array:
        """People after a turn: by the one walk they all have, or each lane by the walk of the slot that is in it."""
        flat = people.reshape(len(people), -1)
        first, *others = self._real_walks
        moved: Array = (self.walks.steps[first] @ flat).reshape(people.shape)
        for walk in others:
            does = self.walks.of[slot] == walk
            if np.count_nonzero(does):
                where = np.zeros(people.shape[1:], np.bool_)
                where[lane[does], row[does]] = True
                np.copyto(moved, (self.walks.steps[walk] @ flat).reshape(people.shape), where=where)
        return moved

    def _mixing(self, belief: Belief, wanted: Array) -> tuple[Array, Array]:
        """How the columns of `person` mix once the shifter has changed, [A, B]: the part of column 1 that was in
        column 0, as who wears p now wore something else before, and the part of column 0 that was in column 1.
        """
        rate, num = self.habits.changes, self.num_agents
        share = rate * wanted[:num]
        present = 1 - belief.gone
        worn = np.minimum(belief.worn.T[:num], present)
        other = np.maximum(present - worn, 0.0)
        to_p = share * other  # column 1 from column 0
        in_p = (1 - rate + share) * worn  # column 1 from column 1
        out_p = (rate - share) * worn  # column 0 from column 1
        off_p = np.maximum(1.0 - worn - to_p, 0.0)  # column 0 from column 0
        for_one, for_none = to_p + in_p, out_p + off_p
        one = np.where(for_one > 0, to_p / np.where(for_one > 0, for_one, 1.0), 1.0)
        none = np.where(for_none > 0, out_p / np.where(for_none > 0, for_none, 1.0), 1.0)
        return one, none

    def _touch(self, belief: Belief, whole: Array) -> NDArray[np.bool_]:
        """Looks it can have touched by the end of the turn, items included, [B, G]: of whom it may have met, and of
        what lay where it can be; ``whole`` [N, B] is where it was.
        """
        num = self.num_agents
        touchable = belief.touchable.copy("K")
        people, things = touchable.T[:num], touchable.T[num:]
        people |= self.touched_at_meeting[:, None] & ((belief.crowd_of.T >= 0) | (belief.pair_of.T >= 0))
        slot, row = (self.touched_at_meeting[:, None] & ~people & (belief.spot.T >= 0)).nonzero()
        open_things = np.count_nonzero(~things[self.simple])
        if not len(slot) and not open_things:
            return touchable
        met = (self._own_step @ whole > 0) | (whole > 0)
        if len(slot):
            near = self.walks.reach(belief.spot.T[slot, row].astype(np.intp)).T
            people[slot, row] = (near & met[:, row]).any(axis=0)
        for item in self.simple if open_things else ():
            at = belief.lies[:, item]
            things[item] |= np.where(at >= 0, met[np.maximum(at, 0), np.arange(len(at))], at != HELD)
        return touchable


class _Into:
    """Where a hop into a node can come from: the rows of a walk, padded, for the few nodes where a body is seen."""

    def __init__(self, step: Any, stays: NDArray[np.bool_]) -> None:
        num_nodes, width = step.shape[0], int(np.diff(step.indptr).max())
        place = np.arange(width)
        at = np.minimum(step.indptr[:-1, None] + place, step.indptr[1:, None] - 1)
        real = place < np.diff(step.indptr)[:, None]
        self.source = step.indices[at].reshape(num_nodes, width)
        self._chance = np.where(real, step.data[at], 0).astype(step.dtype) * stays[:, None]
        self.stays = stays

    def sums(self, nodes: NDArray[np.intp], mass: Array) -> Array:
        """What comes into each of the nodes [n], given what is at each of its sources, [n, most sources]."""
        total: Array = np.add.accumulate(mass * self._chance[nodes], axis=1)[:, -1]  # one order, whatever the width
        return total


def lane_table(crowd_of: Array, pair_of: Array, num_crowd: int) -> NDArray[np.intp]:
    """Lane among those of all people, for each column, [A, 2, B]; -1 for who has none."""
    pair = pair_of.astype(np.intp)[:, None] * 2 + np.array([[0], [1]]) + num_crowd
    return np.where(pair_of[:, None] >= 0, pair, crowd_of.astype(np.intp)[:, None])
