"""What was seen, by Bayes' rule over J + 1 cases: the shifter is out of sight in some guise, or it is body j.

The weight of a case is the shifter's mass that fits it times, for every person, how well the rest of what is seen fits
where that person would be. Weights are logarithms in float64; zeros are counted apart.

Dimension letters: ``B`` rows, ``A`` agent slots, ``G`` guises, ``N`` nodes, ``J`` bodies a row, ``n`` bodies in all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.mimicry.belief import FLOOR, Belief
from pursuit.mimicry.evidence import Bodies
from pursuit.mimicry.predict import Forecast

Array = NDArray[Any]

CORPSE_SHOWS = 0.5
"""How often the dead lie where somebody may see them; where, nobody can say. The others are out of the play."""

_BOTH = np.arange(2)  # columns of `person`


@dataclass(frozen=True, eq=False)
class Sighting:
    """What one look around says, beside the bodies."""

    bodies: Bodies
    hidden: NDArray[np.bool_]  # [B, N] nodes out of sight
    is_mate: NDArray[np.bool_]  # [B, A] known exactly: no body of theirs is real
    width: int  # J
    reach: NDArray[np.bool_]  # [N, N] where anybody can get in a turn


def correct(forecast: Forecast, sighting: Sighting, is_real: NDArray[np.bool_]) -> tuple[Belief, NDArray[np.bool_]]:
    """(posterior, rows [B] in which what was seen is impossible: these are not to be used)."""
    return _Case(forecast, sighting, is_real).posterior()


class _Case:
    """One correction under way."""

    def __init__(self, forecast: Forecast, sighting: Sighting, is_real: NDArray[np.bool_]) -> None:
        self.forecast, self.prior, self.seen = forecast, forecast.belief, sighting
        self.bodies, self.num = sighting.bodies, len(is_real)
        prior = self.prior
        dark = sighting.hidden.T.astype(prior.shifter.dtype)  # [N, B]
        self.shifter = prior.shifter.T.copy()
        self.shifter[:, : self.num] *= dark[:, None]
        self.person = prior.person.T * dark[:, None, None]
        self.out = self.shifter.sum(axis=0).astype(np.float64)  # [G, B] unseen in a guise
        share = sighting.hidden.sum(axis=1) / sighting.hidden.shape[1]
        self.dead = prior.dead.T * (1 - CORPSE_SHOWS + CORPSE_SHOWS * share)  # [A, 2, B] and unseen
        self.tracked = (is_real & ~sighting.is_mate).T  # [A, B]
        self._count()
        self._fit_bodies()
        self._fit_people()

    def _count(self) -> None:
        """How often each look is seen, [G, B], and the first and last body that has it."""
        bodies = self.bodies
        shape = self.out.shape
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

    def _fit_bodies(self) -> None:
        """For each body, the mass of the real one that it could be [n, 2], and of the shifter [n]."""
        bodies, prior = self.bodies, self.prior
        node, row = bodies.node, bodies.row
        real: Array = prior.person.T[node, self.slot, :, row].astype(np.float64)
        fallen = bodies.wounds == 2
        lying = prior.dead.T[self.slot, :, row] * (CORPSE_SHOWS / prior.shifter.shape[2])
        real = np.where(fallen[:, None], lying, real)
        first = prior.is_fresh[row]
        whole = prior.shifter.T[node, bodies.guise, row]
        kept = self.forecast.kept[node, bodies.guise, row]
        switched = self.forecast.switched[node, bodies.guise, row]
        fake = np.where(first, whole, np.where(bodies.changed, switched, kept)).astype(np.float64)
        self.went = np.flatnonzero(bodies.left)
        if len(self.went):  # they are somewhere out of sight, not far from where they were; or out of the play
            went = self.went
            near = self.seen.reach[node[went]].T  # [N, n]
            at = bodies.guise[went], row[went]
            self.fled = self.shifter[:, at[0], at[1]] * near  # [N, n]
            self.hid = self.person[:, self.slot[went], :, row[went]].transpose(1, 0, 2) * near[:, :, None]
            real[went] = self._sum(self.hid) + self.dead[self.slot[went], :, row[went]]
            fake[went] = self._sum(self.fled) + prior.gone[row[went]]
        self.real = real * (bodies.real * self.is_person)[:, None]
        self.fake = fake * bodies.fake

    @staticmethod
    def _sum(parts: Array) -> Array:
        """Sum over nodes in their order, whatever the width."""
        total = np.zeros(parts.shape[1:])
        for part in parts:
            total += part
        return total

    def _fit_people(self) -> None:
        """How well what is seen fits each look's real one if nobody is fake, [G, 2, B], and if all of them are out."""
        shape = (self.out.shape[0], 2, self.out.shape[1])
        self.away = np.ones(shape)
        unseen = self.person.sum(axis=0).astype(np.float64) + self.dead
        self.away[: self.num] = np.where(self.tracked[:, None], unseen, 1.0)
        self.fit = np.where(self.count[:, None] > 0, 0.0, self.away)
        once = np.flatnonzero(self.again == 1)
        self.fit[self.bodies.guise[once], :, self.bodies.row[once]] = self.real[once]

    def posterior(self) -> tuple[Belief, NDArray[np.bool_]]:
        weight, failed = self._weights()
        num_guises = self.out.shape[0]
        hid, gone = weight[:num_guises], weight[num_guises]
        bodies = self.bodies
        as_body = weight[num_guises + 1 + bodies.place, bodies.row]  # [n]
        prior = self.prior
        dtype = prior.shifter.dtype
        scale = np.where(self.out > 0, hid / np.where(self.out > 0, self.out, 1.0), 0.0)
        shifter = floored(self.shifter, scale)
        gone = gone.copy()
        stays = ~bodies.left
        np.add.at(shifter, (bodies.node[stays], bodies.guise[stays], bodies.row[stays]), as_body[stays].astype(dtype))
        for place, body in enumerate(self.went.tolist()):
            row, guise = bodies.row[body], bodies.guise[body]
            whole = self._sum(self.fled)[place] + prior.gone[row]
            if as_body[body] > 0:
                part = as_body[body] / whole
                shifter[:, guise, row] += floored(self.fled[:, place, None, None], np.full((1, 1), part))[:, 0, 0]
                gone[row] += part * prior.gone[row]
        person, dead = self._people(hid, as_body)
        fake = np.zeros((prior.num_rows, self.seen.width), order="F")
        fake[bodies.row, bodies.place] = as_body
        told = replace(prior, shifter=shifter.T, gone=gone, person=person.T, dead=dead.T, fake=fake)
        return told, failed

    def _weights(self) -> tuple[Array, NDArray[np.bool_]]:
        """Weights of the cases, [G + 1 + J, B]: unseen in guise g, gone, body j. Sums to 1. And rows without any."""
        num_guises, rows = self.out.shape
        zero = self.fit <= 0
        logs = np.log(np.where(zero, 1.0, self.fit))
        base, holes = np.zeros(rows), np.zeros(rows, np.int64)
        for guise in range(num_guises):
            base += logs[guise, 0]
            holes += zero[guise, 0]
        cases = np.full((num_guises + 1 + self.seen.width, rows), -np.inf)

        def log(mass: Array, logs: Array, holes: Array) -> Array:
            some = (mass > 0) & (holes == 0)
            return np.where(some, np.log(np.where(some, mass, 1.0)) + logs, -np.inf)

        cases[:num_guises] = log(
            self.out, base - logs[:, 0] + logs[:, 1], holes - zero[:, 0].astype(np.int64) + zero[:, 1]
        )
        cases[num_guises] = log(self.prior.gone, base, holes)
        bodies = self.bodies
        at = bodies.guise, bodies.row
        rest = np.where(self.again == 1, self.away[at[0], 1, at[1]], 0.0)
        pair = self.again == 2
        rest[pair] = self.real[self.other[pair], 1]
        case = log(self.fake * rest, base[at[1]] - logs[at[0], 0, at[1]], holes[at[1]] - zero[at[0], 0, at[1]])
        cases[num_guises + 1 + bodies.place, bodies.row] = case
        best = cases.max(axis=0)
        failed = ~np.isfinite(best)
        weight = np.exp(cases - np.where(failed, 0.0, best))
        weight = np.where(np.isfinite(cases), np.maximum(weight, FLOOR), 0.0)
        total = np.zeros(rows)
        for one in weight:
            total += one
        return weight / np.where(failed, 1.0, total), failed

    def _people(self, hid: Array, as_body: Array) -> tuple[Array, Array]:
        """(person [N, A, 2, B], dead [A, 2, B]): the mixture of the cases, column by column."""
        bodies, num = self.bodies, self.num
        count, away = self.count[:num], self.away[:num]
        seen = np.flatnonzero(self.is_person)
        at = self.slot[seen], bodies.row[seen]
        out = np.zeros((num, 2, len(self.prior.gone)))  # weight of being out of sight
        out[:, 0] = out[:, 1] = count == 0
        placed = np.zeros((len(bodies.row), 2))  # weight of being this body
        alone = self.again[seen] == 1
        fits = self.real[seen, 0] > 0
        placed[seen, 0] = alone & fits
        placed[seen, 1] = np.where(alone, hid[at], 0.0)
        out[at[0][alone], 1, at[1][alone]] = as_body[seen][alone]
        pair = seen[self.again[seen] == 2]
        placed[self.other[pair], 1] = as_body[pair]
        total = out.copy()
        np.add.at(total, (self.slot[seen, None], _BOTH, bodies.row[seen, None]), placed[seen])
        ok = total > 0
        scale = out / np.where(ok, total, 1.0) / np.where(away > 0, away, 1.0)
        scale *= (away > 0) & self.tracked[:, None]
        person = floored(self.person, scale)
        dead = self.dead * scale
        self._place(person, dead, seen, placed / np.where(ok, total, 1.0)[self.slot, :, bodies.row])
        worn = hid[:num].copy()
        np.add.at(worn, (self.slot[seen], bodies.row[seen]), as_body[seen])
        whole = person.sum(axis=0) + dead
        for column, other, lost in ((1, 0, (worn <= 0) | (whole[:, 1] <= 0)), (0, 1, whole[:, 0] <= 0)):
            slots, rows = np.nonzero(lost & self.tracked)
            if len(slots):
                person[:, slots, column, rows] = person[:, slots, other, rows]
                dead[slots, column, rows] = dead[slots, other, rows]
        return person, dead

    def _place(self, person: Array, dead: Array, seen: Array, part: Array) -> None:
        """Put people (in place) where they are seen to be: [n, 2] is how surely, for each column."""
        bodies = self.bodies
        here = seen[~bodies.left[seen] & (bodies.wounds[seen] != 2)]
        at = bodies.node[here, None], self.slot[here, None], _BOTH, bodies.row[here, None]
        np.add.at(person, at, part[here].astype(person.dtype))
        lying = seen[bodies.wounds[seen] == 2]
        np.add.at(dead, (self.slot[lying, None], _BOTH, bodies.row[lying, None]), part[lying])
        for place, body in enumerate(self.went.tolist()):
            if self.is_person[body]:
                slot, row = self.slot[body], bodies.row[body]
                fell = self.dead[slot, :, row]
                whole = self._sum(self.hid)[place] + fell
                share = np.where(whole > 0, part[body] / np.where(whole > 0, whole, 1.0), 0.0)
                person[:, slot, :, row] += floored(self.hid[:, place, :, None], share[:, None])[:, :, 0]
                dead[slot, :, row] += fell * share


def floored(mass: Array, scale: Array) -> Array:
    """Mass [N, ...] times a scale; what was possible and stays so is at least FLOOR."""
    out: Array = mass * scale.astype(mass.dtype)
    faint = (out < FLOOR) & (mass > 0)
    if faint.any():
        faint &= scale > 0
        out[faint] = FLOOR
    return out
