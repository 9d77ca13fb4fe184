"""The identity filter: who the shifter is being, where it is, and which of those in sight is not who it looks like.

    mind = Identity(brief)
    belief = mind.start(rows)
    belief = mind.update(belief, obs)      # once a turn, the first time before the first turn
    belief.fake                            # [B, J] for each body in sight

A row's belief is the same, byte for byte, alone and in any batch. `docs/mimicry.md` has the formula.

Dimension letters: ``B`` rows, ``A`` agent slots, ``G`` guises, ``N`` nodes, ``I`` items, ``J`` bodies in sight.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.mimicry.belief import HELD, UNKNOWN, Belief, Prior, join
from pursuit.mimicry.correct import Sighting, correct
from pursuit.mimicry.evidence import Witness
from pursuit.mimicry.habits import Habits
from pursuit.mimicry.lanes import part
from pursuit.mimicry.predict import Predictor
from pursuit.sense.observation import Brief, Observation

Array = NDArray[Any]

BLOCK = 256
"""Rows worked on at once: enough to make light of the calls, few enough for the cache."""

_SPREAD = 0.01  # what a reset gives to cells that were held for all but impossible
_REACHED = 1e-12  # where somebody is held to be with more than this, he may well be


class Identity:
    """The filter of one mind a row. Holds tables only; what changes is in `Belief`.

    Raises ValueError for a world without a shape-shifter.
    """

    def __init__(self, brief: Brief, habits: Habits | None = None, dtype: type[np.floating[Any]] = np.float32) -> None:
        if brief.shifter < 0:
            raise ValueError("nobody in this cast changes shape: use mimicry.position for who is where")
        self.brief, self.habits, self.dtype = brief, habits or Habits(), dtype
        self.predictor = Predictor(brief, self.habits, dtype)
        self._witness = Witness(brief)
        self.num_agents, self.num_nodes = len(brief.kind), brief.board.num_nodes
        self.num_guises = self.num_agents + len(brief.item_simple)

    def start(self, rows: int, prior: Prior | None = None) -> Belief:
        """What `rows` minds hold before they have seen anything. Raises ValueError for a prior of a wrong shape."""
        prior = prior or Prior()
        A, G, N = self.num_agents, self.num_guises, self.num_nodes
        touchable = np.ones(G, np.bool_) if prior.touchable is None else np.asarray(prior.touchable)
        shifter, person = prior.shifter, prior.person
        given = ("touchable", touchable, (G,)), ("shifter", shifter, (G, N)), ("person", person, (A, N))
        for name, array, shape in given:
            if array is not None and np.shape(array) != shape:
                raise ValueError(f"the prior's {name} has shape {np.shape(array)}, expected {shape}")
        if shifter is None:
            may = touchable.copy()
            may[self.brief.shifter] = True
            weight = self.predictor.weight * may
            shifter = np.outer(weight / weight.sum() * (1 - prior.gone), np.full(N, 1 / N))
        dead = np.broadcast_to(np.asarray(prior.dead, np.float64), (A,))
        if person is None:
            person = np.outer(1 - dead, np.full(N, 1 / N))
        simple = np.asarray(self.brief.item_simple, np.bool_)
        touchable = touchable | (shifter > 0).any(axis=1)
        touchable[A:] &= simple
        alike = [(touchable[slot], shifter[slot].tobytes()) if shifter[slot].any() else None for slot in range(A)]
        look_of, in_look = _groups(alike)
        crowd_of, in_crowd = _groups(
            [(*self.predictor.alike(slot), dead[slot], person[slot].tobytes()) if slot != self.brief.shifter else None
             for slot in range(A)]
        )  # fmt: skip

        def every(value: Any, dtype: Any) -> Array:
            value = np.asarray(value, dtype)
            return np.asfortranarray(np.broadcast_to(value, (rows, *value.shape)))

        return Belief(
            gone=every(prior.gone, np.float64), worn=every(shifter.sum(axis=1), np.float64),
            dead=every(np.stack([dead, dead]), np.float64), touchable=every(touchable, np.bool_),
            worst=every(np.zeros(A), np.int8), lies=every(np.full(len(simple), UNKNOWN), np.int32),
            fake=every(np.zeros(A), np.float64), resets=every(0, np.int32), is_fresh=every(True, np.bool_),
            looks=every(shifter[in_look], self.dtype), look_of=every(look_of, np.int8),
            things=every(shifter[A:][simple], self.dtype),
            crowd=every(person[in_crowd], self.dtype), crowd_of=every(crowd_of, np.int8),
            pairs=every(np.zeros((2, 1, N)), self.dtype), pair_of=every(np.full(A, -1), np.int8),
            spot=every(np.full(A, -1), np.int32), simple=simple,
        )  # fmt: skip

    def update(self, belief: Belief, obs: Observation) -> Belief:
        """The belief after a look around; row r of both is the same mind. A turn lies between two looks."""
        rows = belief.num_rows
        if not rows:
            return belief
        if rows == 1:  # never at width 1, where numpy sums in another order
            twice = np.zeros(2, np.intp)
            return self.update(belief.take(twice), obs.take(twice)).take(slice(0, 1))
        fresh = np.count_nonzero(belief.is_fresh)
        if fresh not in {0, rows}:
            for some in (np.flatnonzero(belief.is_fresh), np.flatnonzero(~belief.is_fresh)):
                belief = belief.put(some, self.update(belief.take(some), obs.take(some)))
            return belief
        told, failed = self._seen(belief, obs)
        if failed.any():
            some = np.flatnonzero(failed)
            told = told.put(some, self._again(belief.take(some), obs.take(some)))
            told = replace(told, resets=told.resets + failed.astype(np.int32))
        return told

    def _seen(self, belief: Belief, obs: Observation) -> tuple[Belief, NDArray[np.bool_]]:
        """(belief, rows [B] in which what was seen is impossible) block by block."""
        bodies = self._witness.bodies(obs, belief.worst)
        hidden = self._witness.hidden(obs)
        rows = belief.num_rows
        parts, failed = [], []
        bounds = np.linspace(0, rows, -(-rows // BLOCK) + 1).astype(int).tolist()
        for first, end in pairwise(bounds):
            some = slice(first, end)
            sighting = Sighting(
                bodies.between(first, end),
                np.ascontiguousarray(hidden[some].T.astype(self.dtype)),
                hidden[some].sum(axis=1) / self.num_nodes,
                obs.mate[some].T,
                obs.body_node.shape[1],
            )
            one, lost = self._block(belief.view(some), sighting)
            parts.append(one)
            failed.append(lost)
        told = self._know_mates(join(parts), obs)
        lies = np.where(obs.item_node >= 0, obs.item_node, np.where(obs.item_mate >= 0, HELD, UNKNOWN))
        told = replace(
            told,
            worst=self._witness.worse(obs, bodies, belief.worst),
            lies=np.asfortranarray(lies.astype(np.int32)),
            is_fresh=np.zeros_like(told.is_fresh),
        )
        return told, np.concatenate(failed)

    def _block(self, belief: Belief, sighting: Sighting) -> tuple[Belief, NDArray[np.bool_]]:
        predictor, bodies = self.predictor, sighting.bodies
        fresh = bool(belief.is_fresh[0])
        seen = np.zeros((self.num_agents, belief.num_rows), np.bool_)
        human = bodies.guise < self.num_agents
        seen[bodies.guise[human], bodies.row[human]] = True
        may = belief.touchable.T[: self.num_agents].copy()
        may[self.brief.shifter] = True
        belief, people = part(belief, seen, sighting.is_mate, may, predictor.is_real[:, None])
        forecast = (predictor.at_once if fresh else predictor.expect)(belief, people, bodies)
        return correct(forecast, sighting, predictor.walks, predictor.is_real)

    def _again(self, belief: Belief, obs: Observation) -> Belief:
        """Rows that saw the impossible: the same, after a little was spread over where somebody can have been."""
        if belief.num_rows == 1:
            twice = np.zeros(2, np.intp)
            return self._again(belief.take(twice), obs.take(twice)).take(slice(0, 1))
        spread = self._spread(belief)
        told, hopeless = self._seen(spread, obs)
        lost = np.flatnonzero(hopeless)
        return told.put(lost, replace(spread.take(lost), is_fresh=np.zeros(len(lost), np.bool_)))

    def _spread(self, belief: Belief) -> Belief:
        """Every look, and everybody, a little wherever the shifter, or they, can be."""
        belief = belief.apart(self.predictor.is_real)
        num, keep = self.num_agents, 1 - _SPREAD
        looks, pairs = belief.looks.T, belief.pairs.T  # [N, A, B], [N, A, 2, B]
        there = belief.anywhere.T > _REACHED
        there |= ~there.any(axis=0)
        looks *= self.dtype(keep)
        looks += (_SPREAD / num / there.sum(axis=0) * there).astype(self.dtype)[:, None]
        within = pairs > _REACHED
        within |= ~within.any(axis=0)
        pairs *= self.dtype(keep)
        pairs += (0.5 * _SPREAD / within.sum(axis=0) * within).astype(self.dtype)
        worn = belief.worn * keep
        worn[:, :num] += _SPREAD / num
        touchable = belief.touchable.copy("K")
        touchable[:, :num] = True
        things = belief.things * self.dtype(keep)
        return replace(
            belief, things=things, gone=belief.gone * keep, worn=worn, dead=belief.dead * keep + 0.5 * _SPREAD,
            touchable=touchable,
        )  # fmt: skip

    def _know_mates(self, belief: Belief, obs: Observation) -> Belief:
        """Mates are known exactly, should the shifter be one of them."""
        mate = obs.mate
        spot = np.asfortranarray(np.where(mate, obs.node, -1).astype(np.int32))
        dead = belief.dead.T
        dead[np.broadcast_to(mate.T[:, None], dead.shape)] = 0.0
        rows = np.flatnonzero(mate[:, self.brief.shifter])
        if len(rows):
            node, guise = obs.node[rows, self.brief.shifter], obs.guise[rows, self.brief.shifter].astype(np.intp)
            for column in (belief.looks, belief.things, belief.worn, belief.gone):
                column[rows] = 0
            belief.look_of[rows] = -1
            belief.worn[rows, guise] = 1
            human = guise < self.num_agents
            belief.look_of[rows[human], guise[human]] = 0
            belief.looks[rows[human], 0, node[human]] = 1
            thing = np.searchsorted(self.predictor.simple, guise[~human] - self.num_agents)
            belief.things[rows[~human], thing, node[~human]] = 1
        return replace(belief, spot=spot)


def _groups(keys: list[Any]) -> tuple[list[int], list[int]]:
    """(number of each key's group, -1 for None; the first of each group)."""
    firsts: dict[Any, int] = {}
    for at, key in enumerate(keys):
        if key is not None:
            firsts.setdefault(key, at)
    order = list(firsts)
    return [-1 if key is None else order.index(key) for key in keys], list(firsts.values())
