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
from pursuit.mimicry.belief import FLOOR, HELD, Belief, in_all, users
from pursuit.mimicry.evidence import Bodies
from pursuit.mimicry.habits import Habits, Walks
from pursuit.sense.observation import Brief

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Forecast:
    """A belief before it is corrected; its `looks` and `things` are those to be expected."""

    belief: Belief
    people: Array  # [N, P, B] the lanes of the crowd, then those of the pairs
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
        self._own_step = self.walks.steps[self.walks.of[brief.shifter]]
        self._real_walks = np.unique(self.walks.of[self.is_real]).tolist()
        self._into = _Into(self._own_step, ~own_exits)

    def alike(self, slot: int) -> tuple[int, bytes]:
        """Who has the same of this, and starts alike, is at the same places until he is seen."""
        return int(self.walks.of[slot]), self._stays[slot].tobytes()

    def expect(self, belief: Belief, bodies: Bodies) -> Forecast:
        """A turn later; writes over the lanes of the belief."""
        kept, switched, changed, share = self._at_bodies(belief, bodies)
        met, gone = self._shifter(belief, changed, share)
        people, dead = self._people(belief, met)
        touchable = self._touch(belief, met)
        return Forecast(replace(belief, gone=gone, dead=dead.T, touchable=touchable), people, kept, switched)

    def at_once(self, belief: Belief, bodies: Bodies) -> Forecast:
        """No turn has passed: what is believed is what is expected."""
        cells, things, num = belief.looks.T, belief.things.T, self.num_agents
        whole = np.zeros(len(bodies.row))
        human = bodies.guise < num
        lane = belief.look_of.T[np.minimum(bodies.guise, num - 1), bodies.row]
        worn = human & (lane >= 0)
        whole[worn] = cells[bodies.node[worn], lane[worn], bodies.row[worn]]
        place = np.searchsorted(self.simple, bodies.guise[~human] - num)
        whole[~human] = things[bodies.node[~human], place, bodies.row[~human]]
        pairs = belief.pairs.T
        people = np.concatenate([belief.crowd.T, pairs.reshape(len(pairs), -1, pairs.shape[3])], axis=1)
        return Forecast(belief, people, whole, whole)

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

    def _at_bodies(self, belief: Belief, bodies: Bodies) -> tuple[Array, Array, Array, Array]:
        """(kept [n], switched [n], mass of those who change [N, B], chance to take each look [G, B])."""
        num, rate = self.num_agents, self.habits.changes
        cells, things = belief.looks.T, belief.things.T
        wanted = self.wanted(belief.touchable)
        share = rate * wanted
        whole = in_all(cells, users(belief.look_of.T, cells.shape[1]), things)
        arriving = self.habits.arrives / self.num_nodes * belief.gone
        guise, node, row = bodies.guise, bodies.node, bodies.row
        kept, switched = np.zeros(len(row)), np.zeros(len(row))
        human = np.flatnonzero(guise < num)
        if len(human):
            at, who, where = node[human], guise[human], row[human]
            lane = belief.look_of.T[who, where]
            source = self._into.source[at]
            walked = self._into.sums(at, cells[source, np.maximum(lane, 0)[:, None], where[:, None]]) * (lane >= 0)
            kept[human] = (1 - rate) * walked + (arriving[where] * wanted[who, where]) * self._into.stays[at]
            switched[human] = share[who, where] * self._into.sums(at, whole[source, where[:, None]])
        other = np.flatnonzero(guise >= num)
        if len(other):
            at, who, where = node[other], guise[other], row[other]
            kept[other] = (1 - rate) * things[at, np.searchsorted(self.simple, who - num), where]
            switched[other] = share[who, where] * whole[at, where]
        return kept, switched, whole, share

    def _shifter(self, belief: Belief, whole: Array, share: Array) -> tuple[Array, Array]:
        """Moves the shifter, in place. Returns where it is by then in whatever look, [N, B], and `gone`."""
        num, habits, dtype = self.num_agents, self.habits, self.dtype
        cells, things, look_of = belief.looks.T, belief.things.T, belief.look_of.T
        kept = dtype(1 - habits.changes)
        if len(self.simple) and (belief.worn[:, num:].any() or belief.touchable[:, num:].any()):
            things *= kept
            things += whole[:, None] * share[num + self.simple].astype(dtype)
        come = habits.arrives / habits.changes / self.num_nodes * belief.gone
        changed = whole + come.astype(dtype)
        cells *= kept
        cells += changed[:, None] * by_lane(look_of, share[:num], cells.shape[1]).astype(dtype)
        cells[...] = (self._own_step @ cells.reshape(len(cells), -1)).reshape(cells.shape)
        of_people = np.zeros(len(belief.gone))
        for part in share[:num]:
            of_people += part
        left = 0.0
        num_users = users(look_of, cells.shape[1])
        if len(self._own_exits):
            at = self._own_exits
            for lost in in_all(cells[at], num_users, things[at]).astype(np.float64):
                left = left + lost
            cells[at] = 0
            things[at] = 0
        gone = belief.gone * (1 - habits.arrives / habits.changes * of_people) + left
        faint = belief.gone > 0 if not len(self._own_exits) else np.True_
        gone = np.where(faint, np.maximum(gone, FLOOR), gone)
        return in_all(cells, num_users, things), gone

    def _people(self, belief: Belief, met: Array) -> tuple[Array, Array]:
        """(people [N, P, B], dead [2, A, B] as [A, 2, B]) a turn later."""
        crowd_of, pair_of = belief.crowd_of.T, belief.pair_of.T
        crowd, pairs = belief.crowd.T, belief.pairs.T
        num_nodes, num_crowd, num_rows = crowd.shape
        num_pairs = pairs.shape[1]
        one, none = self._mixing(belief)
        dead = belief.dead.T.copy()  # [A, 2, B]
        apart = dead[:, 0] - dead[:, 1]
        dead[:, 0] -= none * apart
        dead[:, 1] += one * apart
        come = np.maximum(self.habits.arrives / self.num_nodes * dead, FLOOR)
        people = np.empty((num_nodes, num_crowd + 2 * num_pairs, num_rows), self.dtype)
        np.add(crowd, by_lane(crowd_of, come[:, 0], num_crowd).astype(self.dtype), out=people[:, :num_crowd])
        if (pair_of >= 0).any():
            split = people[:, num_crowd:].reshape(pairs.shape)
            for new, old, thin in ((0, 1, none), (1, 0, one)):
                from_other = by_lane(pair_of, thin, num_pairs).astype(self.dtype)
                arrive = by_lane(pair_of, come[:, new], num_pairs).astype(self.dtype)
                np.multiply(pairs[:, :, new], 1 - from_other, out=split[:, :, new])
                split[:, :, new] += pairs[:, :, old] * from_other
                split[:, :, new] += arrive
        else:
            people[:, num_crowd:] = 0
        lanes = lane_table(crowd_of, pair_of, num_crowd)
        people = self._walked(people, lanes)
        present = np.maximum(1 - belief.gone, FLOOR)
        kill = np.minimum(met * (1 / present).astype(self.dtype), self.dtype(1))
        kill *= self.dtype(-self.habits.kills)
        kill += self.dtype(1 - self.habits.dies)
        people *= kill[:, None]
        for at, stays in zip(self._exits.tolist(), self._stays.T, strict=True):
            leaves = np.broadcast_to(~stays[:, None, None], lanes.shape) & (lanes >= 0)
            slot, column, row = leaves.nonzero()
            people[at, lanes[slot, column, row], row] = 0
        total = node_sum(people).astype(np.float64)  # [P, B]
        rows = np.arange(num_rows)
        dead = np.where(lanes >= 0, np.maximum(1.0 - total[np.maximum(lanes, 0), rows], FLOOR), dead)
        return people, dead

    def _walked(self, people: Array, lanes: NDArray[np.intp]) -> Array:
        """People after a turn: by the one walk they all have, or each lane by the walk of who is in it."""
        flat = people.reshape(len(people), -1)
        first, *others = self._real_walks
        moved: Array = (self.walks.steps[first] @ flat).reshape(people.shape)
        for walk in others:
            slot, column, row = ((lanes >= 0) & (self.walks.of == walk)[:, None, None]).nonzero()
            if len(slot):
                does = np.zeros(people.shape[1:], np.bool_)
                does[lanes[slot, column, row], row] = True
                np.copyto(moved, (self.walks.steps[walk] @ flat).reshape(people.shape), where=does)
        return moved

    def _mixing(self, belief: Belief) -> tuple[Array, Array]:
        """How the columns of `person` mix once the shifter has changed, [A, B]: the part of column 1 that was in
        column 0, as who wears p now wore something else before, and the part of column 0 that was in column 1.
        """
        rate, num = self.habits.changes, self.num_agents
        share = rate * self.wanted(belief.touchable)[:num]
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

    def _touch(self, belief: Belief, met: Array) -> NDArray[np.bool_]:
        """Looks it can have touched by now, items included, [B, G]: of whom it may have met, and of what lay there."""
        num = self.num_agents
        touchable = belief.touchable.copy("K")
        people = touchable.T[:num]
        people |= self.touched_at_meeting[:, None] & ((belief.crowd_of.T >= 0) | (belief.pair_of.T >= 0))
        slot, row = (self.touched_at_meeting[:, None] & ~people & (belief.spot.T >= 0)).nonzero()
        if len(slot):
            near = self.walks.reach(belief.spot.T[slot, row].astype(np.intp)).T
            people[slot, row] = (near & (met[:, row] > 0)).any(axis=0)
        for item in self.simple:
            at = belief.lies[:, item]
            near = (met > 0)[np.maximum(at, 0), np.arange(len(at))]
            touchable[:, num + item] |= np.where(at >= 0, near, at != HELD)
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


def by_lane(lane_of: Array, value: Array, num_lanes: int) -> Array:
    """The value [A, B] of whoever is in a lane, [lanes, B]; 0 for lanes that nobody is in."""
    out = np.zeros((num_lanes, lane_of.shape[1]), value.dtype)
    slot, row = (lane_of >= 0).nonzero()
    out[lane_of[slot, row], row] = value[slot, row]
    return out


def lane_table(crowd_of: Array, pair_of: Array, num_crowd: int) -> NDArray[np.intp]:
    """Lane among those of all people, for each column, [A, 2, B]; -1 for who has none."""
    pair = pair_of.astype(np.intp)[:, None] * 2 + np.array([[0], [1]]) + num_crowd
    return np.where(pair_of[:, None] >= 0, pair, crowd_of.astype(np.intp)[:, None])


def node_sum(mass: Array) -> Array:
    """The sum over nodes of mass [N, ...], in an order that depends on their number only; faster than numpy's own."""
    num_nodes, shape = len(mass), mass.shape[1:]
    flat = mass.reshape(num_nodes, -1)
    fold = num_nodes // 32
    if fold < 2:
        return flat.sum(axis=0).reshape(shape)
    whole = flat[: fold * 32].reshape(fold, -1).sum(axis=0).reshape(32, -1).sum(axis=0)
    whole += flat[fold * 32 :].sum(axis=0)
    return whole.reshape(shape)
