"""What was seen, by Bayes' rule over J + 1 cases: the shifter is out of sight in some guise, or it is body j.

The weight of a case is the shifter's mass that fits it times, for every person, how well the rest of what is seen fits
where that person would be. Weights are logarithms in float64; zeros are counted apart.

Dimension letters: ``B`` rows, ``A`` agent slots, ``G`` guises, ``N`` nodes, ``J`` bodies a row, ``n`` bodies in all,
``K C Q P`` lanes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.mimicry.belief import Belief
from pursuit.mimicry.evidence import Bodies
from pursuit.mimicry.habits import Walks
from pursuit.mimicry.mass import FLOOR, in_turn, node_sum, rescale
from pursuit.mimicry.predict import Forecast, lane_table

Array = NDArray[Any]

CORPSE_SHOWS = 0.5
"""How often the dead lie where somebody may see them; where, nobody can say. The others are out of the play."""

_BOTH = np.arange(2)  # columns of `person`


@dataclass(frozen=True, eq=False)
class Sighting:
    """What one look around says."""

    bodies: Bodies
    dark: Array  # [N, B] 1 where a node is out of sight, else 0
    share: Array  # [B] part of the nodes that is out of sight
    is_mate: NDArray[np.bool_]  # [A, B] known exactly: no body of theirs is real
    width: int  # J


def correct(forecast: Forecast, sighting: Sighting, walks: Walks, is_real: NDArray[np.bool_]) -> _Answer:
    """(posterior, rows [B] in which what was seen is impossible: not to be used). Writes over the forecast."""
    return _Case(forecast, sighting, walks, is_real).posterior()


_Answer = tuple[Belief, NDArray[np.bool_]]


class _Case:
    """One correction under way."""

    def __init__(self, forecast: Forecast, sighting: Sighting, walks: Walks, is_real: NDArray[np.bool_]) -> None:
        self.forecast, self.prior, self.seen = forecast, forecast.belief, sighting
        self.bodies, self.num = sighting.bodies, len(is_real)
        prior = self.prior
        self.looks, self.things, self.people = prior.looks.T, prior.things.T, forecast.people
        self.look_of = prior.look_of.T
        self.lanes = lane_table(prior.crowd_of.T, prior.pair_of.T, prior.crowd.shape[1])  # [A, 2, B]
        self.rows = np.arange(prior.num_rows)
        self.dead = prior.dead.T * (1 - CORPSE_SHOWS + CORPSE_SHOWS * sighting.share)  # [A, 2, B] and unseen
        self.tracked = is_real[:, None] & ~sighting.is_mate  # [A, B]
        self.simple = np.flatnonzero(prior.simple)
        self._count()
        real = self._real_mass()
        self.looks *= sighting.dark[:, None]
        self.people *= sighting.dark[:, None]
        looks = node_sum(self.looks).astype(np.float64)
        self.out = np.zeros((self.num + len(prior.simple), prior.num_rows))  # [G, B] unseen in a guise
        self.out[: self.num] = np.where(self.look_of >= 0, looks[np.maximum(self.look_of, 0), self.rows], 0.0)
        if self.things.shape[1] and self.things.any():
            self.out[self.num + self.simple] = node_sum(self.things)
        unseen = node_sum(self.people) * forecast.lives
        unseen = np.where(self.lanes >= 0, unseen[np.maximum(self.lanes, 0), self.rows], 0.0) + self.dead
        self.away = np.where(self.tracked[:, None], unseen, 1.0)  # [A, 2, B] a person is out of sight
        fake = np.where(self.bodies.changed, forecast.switched, forecast.kept)
        self.went = np.flatnonzero(self.bodies.left)
        if len(self.went):
            self._fit_went(walks, real, fake)
        self.real = real * (self.bodies.real * self.is_person)[:, None]
        self.fake = fake * self.bodies.fake
        self._fit_people()

    def _count(self) -> None:
        """How often each look is seen, [G, B], and the first and last body that has it."""
        bodies = self.bodies
        shape = self.num + len(self.prior.simple), self.prior.num_rows
        self.count = np.zeros(shape, np.int64)
        np.add.at(self.count, (bodies.guise, bodies.row), 1)
        every = np.arange(len(bodies.row))
        first, last = np.full(shape, len(every)), np.zeros(shape, np.int64)
        at = bodies.guise, bodies.row
        np.minimum.at(first, at, every)
        np.maximum.at(last, at, every)
        self.other = first[at] + last[at] - every  # [n] the second of two of a look
        self.again = self.count[at]  # [n] how many have this look
        self.is_person = np.zeros(len(every), np.bool_)  # [n] it has the look of somebody who can be anywhere
        human = bodies.guise < self.num
        self.is_person[human] = self.tracked[bodies.guise[human], bodies.row[human]]
        self.slot = np.minimum(bodies.guise, self.num - 1)

    def _real_mass(self) -> Array:
        """For each body, the mass of the real one that it could be, by column, [n, 2]."""
        bodies = self.bodies
        lane = self.lanes[self.slot, :, bodies.row]  # [n, 2]
        real = (
            self.people[bodies.node[:, None], np.maximum(lane, 0), bodies.row[:, None]]
            * self.forecast.lives[bodies.row[:, None]]
        )
        lying = self.prior.dead.T[self.slot, :, bodies.row] * (CORPSE_SHOWS / len(self.looks))
        return np.where((bodies.wounds == 2)[:, None], lying, real * (lane >= 0))

    def _fit_went(self, walks: Walks, real: Array, fake: Array) -> None:
        """Who left is out of sight, not far from where it was, or out of the play; fits `real` and `fake` in place."""
        went = self.went
        guise, row, slot = self.bodies.guise[went], self.bodies.row[went], self.slot[went]
        near = walks.reach(self.bodies.node[went]).T  # [N, n]
        lane, human = self.look_of[slot, row], guise < self.num
        fled = np.where(human & (lane >= 0), self.looks[:, np.maximum(lane, 0), row], 0)
        if not human.all():
            place = np.searchsorted(self.simple, guise[~human] - self.num)
            fled[:, ~human] = self.things[:, place, row[~human]]
        lanes = self.lanes[slot, :, row]  # [n, 2]
        hid = np.where(lanes >= 0, self.people[:, np.maximum(lanes, 0), row[:, None]], 0)
        self.fled = fled * near  # [N, n]
        self.hid = hid * (near * self.forecast.lives[row])[:, :, None]  # [N, n, 2]
        real[went] = in_turn(self.hid) + self.dead[slot, :, row]
        self.left = np.where(lane >= 0, self.prior.gone[row], 0.0)  # in a look that it can have had
        self.left[~human] = self.prior.gone[row[~human]]
        fake[went] = in_turn(self.fled) + self.left

    def _fit_people(self) -> None:
        """How well what is seen fits each person if nobody is fake, [A, 2, B]."""
        self.fit = np.where(self.count[: self.num, None] > 0, 0.0, self.away)
        bodies = self.bodies
        once = np.flatnonzero((self.again == 1) & (bodies.guise < self.num))
        self.fit[bodies.guise[once], :, bodies.row[once]] = self.real[once]

    def _weights(self) -> tuple[Array, NDArray[np.bool_]]:
        """Weights of the cases, [G + 1 + J, B]: unseen in guise g, gone, body j. Sums to 1. And rows without any."""
        num_guises, rows = self.out.shape
        num, bodies = self.num, self.bodies
        shown = np.zeros((num_guises, 2, rows), np.bool_)  # a thing that is seen can be nobody else
        shown[:num] = self.fit <= 0
        shown[num:] = self.count[num:, None] > 0
        logs = np.zeros(shown.shape)
        np.log(self.fit, out=logs[:num], where=self.fit > 0)
        base, holes = np.zeros(rows), np.zeros(rows, np.int64)
        for guise in range(num_guises):
            base += logs[guise, 0]
            holes += shown[guise, 0]
        more = logs[:, 1] - logs[:, 0]  # 0 to the bit for all who were not told apart
        gaps = holes - shown[:, 0].astype(np.int64) + shown[:, 1]
        cases = np.full((num_guises + 1 + self.seen.width, rows), -np.inf)

        def log(mass: Array, rest: Array, holes: Array) -> Array:
            some = (mass > 0) & (holes == 0)
            return np.where(some, np.log(np.where(some, mass, 1.0)) + rest, -np.inf)

        cases[:num_guises] = log(self.out, base + more, gaps)
        cases[num_guises] = log(self.prior.gone, base, holes)
        at = bodies.guise, bodies.row
        away = np.where(bodies.guise < num, self.away[self.slot, 1, bodies.row], 1.0)
        rest = np.where(self.again == 1, away, 0.0)
        pair = self.again == 2
        rest[pair] = self.real[self.other[pair], 1]
        case = log(self.fake * rest, base[at[1]] - logs[at[0], 0, at[1]], holes[at[1]] - shown[at[0], 0, at[1]])
        cases[num_guises + 1 + bodies.place, bodies.row] = case
        best = cases.max(axis=0)
        failed = ~np.isfinite(best)
        weight = np.exp(cases - np.where(failed, 0.0, best))
        weight = np.where(np.isfinite(cases), np.maximum(weight, FLOOR), 0.0)
        total = np.zeros(rows)
        for one in weight:
            total += one
        return weight / np.where(failed, 1.0, total), failed

    def posterior(self) -> _Answer:
        """The mixture of the cases."""
        weight, failed = self._weights()
        num_guises, num = len(self.out), self.num
        hid, gone = weight[:num_guises], weight[num_guises].copy()
        bodies, prior = self.bodies, self.prior
        as_body = weight[num_guises + 1 + bodies.place, bodies.row]  # [n]
        scale = np.where(self.out > 0, hid / np.where(self.out > 0, self.out, 1.0), 0.0)
        rescale(self.looks, self.forecast.looks.by_lane(scale[:num]))
        if self.things.shape[1] and self.things.any():
            rescale(self.things, scale[num + self.simple])
        self._place_fakes(as_body, gone)
        people, dead = self._people(hid, as_body)
        worn = hid.copy()
        np.add.at(worn, (bodies.guise, bodies.row), as_body)
        fake = np.zeros((prior.num_rows, self.seen.width), order="F")
        fake[bodies.row, bodies.place] = as_body
        num_crowd = prior.crowd.shape[1]
        pairs = people[:, num_crowd:].reshape(prior.pairs.T.shape)
        told = replace(
            prior, gone=gone, worn=worn.T, dead=dead.T, fake=fake, looks=self.looks.T, things=self.things.T,
            crowd=people[:, :num_crowd].T, pairs=pairs.T,
        )  # fmt: skip
        return told, failed

    def _place_fakes(self, as_body: Array, gone: Array) -> None:
        """Puts the shifter (in place) where it is body j."""
        bodies = self.bodies
        here = np.flatnonzero(~bodies.left & (as_body > 0))
        human = bodies.guise[here] < self.num
        for at, lanes in ((here[human], self.looks), (here[~human], self.things)):
            if len(at):
                np.add.at(lanes, (bodies.node[at], self._lane(at), bodies.row[at]), as_body[at].astype(lanes.dtype))
        some = np.flatnonzero(as_body[self.went] > 0)
        if len(some):
            at = self.went[some]
            row = bodies.row[at]
            part = as_body[at] / (in_turn(self.fled[:, some]) + self.left[some])
            fled = self.fled[:, some]
            rescale(fled, part)
            np.add.at(gone, row, part * self.left[some])
            human = bodies.guise[at] < self.num
            for which, lanes in ((human, self.looks), (~human, self.things)):
                if which.any():
                    np.add.at(lanes.transpose(1, 2, 0), (self._lane(at[which]), row[which]), fled[:, which].T)

    def _lane(self, at: NDArray[np.intp]) -> Array:
        """The lane of the shifter in the guise of some bodies, which are all people or all things."""
        guise = self.bodies.guise[at]
        if len(at) and guise[0] >= self.num:
            return np.searchsorted(self.simple, guise - self.num)
        return self.look_of[guise, self.bodies.row[at]]

    def _people(self, hid: Array, as_body: Array) -> tuple[Array, Array]:
        """(people [N, P, B], dead [A, 2, B]): the mixture of the cases, column by column."""
        bodies, num = self.bodies, self.num
        seen = np.flatnonzero(self.is_person)
        at = self.slot[seen], bodies.row[seen]
        out = np.zeros(self.away.shape)  # weight of being out of sight
        out[:, 0] = out[:, 1] = self.count[:num] == 0
        placed = np.zeros((len(bodies.row), 2))  # weight of being this body
        alone = self.again[seen] == 1
        placed[seen, 0] = alone & (self.real[seen, 0] > 0)
        placed[seen, 1] = np.where(alone, hid[at], 0.0)
        out[at[0][alone], 1, at[1][alone]] = as_body[seen][alone]
        pair = seen[self.again[seen] == 2]
        placed[self.other[pair], 1] = as_body[pair]
        out *= self.away > 0
        total = out.copy()
        np.add.at(total, (self.slot[seen, None], _BOTH, bodies.row[seen, None]), placed[seen])
        ok = total > 0
        scale = out / np.where(ok, total, 1.0) / np.where(self.away > 0, self.away, 1.0)
        scale *= self.tracked[:, None]
        dead = np.where(self.tracked[:, None], self.dead * scale, self.prior.dead.T)
        for_lane = np.zeros(self.people.shape[1:])
        for column in (1, 0):  # of a lane that both share, the first
            slot, row = (self.lanes[:, column] >= 0).nonzero()
            for_lane[self.lanes[slot, column, row], row] = (scale[:, column] * self.forecast.lives)[slot, row]
        rescale(self.people, for_lane)
        self._place(dead, seen, placed / np.where(ok, total, 1.0)[self.slot, :, bodies.row])
        worn = hid[:num].copy()
        np.add.at(worn, at, as_body[seen])
        for column, other, lost in ((1, 0, (worn <= 0) | ~ok[:, 1]), (0, 1, ~ok[:, 0])):
            slots, rows = np.nonzero(lost & self.tracked)
            dead[slots, column, rows] = dead[slots, other, rows]
            two = self.lanes[slots, 0, rows] != self.lanes[slots, 1, rows]
            slots, rows = slots[two], rows[two]
            if len(slots):
                self.people[:, self.lanes[slots, column, rows], rows] = self.people[
                    :, self.lanes[slots, other, rows], rows
                ]
        return self.people, dead

    def _place(self, dead: Array, seen: NDArray[np.intp], part: Array) -> None:
        """Puts people (in place) where they are seen to be: [n, 2] is how surely, for each column."""
        bodies, people = self.bodies, self.people
        both = self.lanes[self.slot, :, bodies.row]  # [n, 2]
        own = (both[:, :1] != both) | (_BOTH == 0)  # a lane that both columns share is that of the first
        here = seen[~bodies.left[seen] & (bodies.wounds[seen] != 2)]
        lanes = self.lanes[self.slot[here], :, bodies.row[here]]
        body, column = (own[here] & (lanes >= 0) & (part[here] > 0)).nonzero()
        where = bodies.node[here[body]], lanes[body, column], bodies.row[here[body]]
        np.add.at(people, where, part[here[body], column].astype(people.dtype))
        lying = seen[bodies.wounds[seen] == 2]
        np.add.at(dead, (self.slot[lying, None], _BOTH, bodies.row[lying, None]), part[lying])
        left = np.flatnonzero(self.is_person[self.went])
        if len(left):
            at = self.went[left]
            slot, row = self.slot[at], bodies.row[at]
            fell = self.dead[slot, :, row]  # [n, 2]
            whole = in_turn(self.hid[:, left]) + fell
            share = np.where(whole > 0, part[at] / np.where(whole > 0, whole, 1.0), 0.0)
            hid = self.hid[:, left]
            rescale(hid, share)
            np.add.at(dead, (slot[:, None], _BOTH, row[:, None]), fell * share)
            lanes = self.lanes[slot, :, row]
            body, column = (own[at] & (lanes >= 0)).nonzero()
            np.add.at(people.transpose(1, 2, 0), (lanes[body, column], row[body]), hid[:, body, column].T)
