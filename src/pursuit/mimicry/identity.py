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
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.mimicry.belief import HELD, UNKNOWN, Belief, Prior
from pursuit.mimicry.correct import Sighting, correct
from pursuit.mimicry.evidence import Witness
from pursuit.mimicry.habits import Habits
from pursuit.mimicry.predict import Forecast, Predictor
from pursuit.sense.observation import Brief, Observation

Array = NDArray[Any]

_SPREAD = 0.01  # what a reset gives to cells that were held for impossible


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
        touchable = touchable.copy()
        touchable[A:] &= self.brief.item_simple
        J, items = A, len(self.brief.item_simple)

        def every(value: Any, dtype: Any) -> Array:
            value = np.asarray(value, dtype)
            return np.asfortranarray(np.broadcast_to(value, (rows, *value.shape)))

        return Belief(
            shifter=every(shifter, self.dtype), gone=every(prior.gone, np.float64),
            person=every(np.stack([person, person]), self.dtype), dead=every(np.stack([dead, dead]), np.float64),
            touchable=every(touchable, np.bool_), worst=every(np.zeros(A), np.int8),
            lies=every(np.full(items, UNKNOWN), np.int32), fake=every(np.zeros(J), np.float64),
            resets=every(0, np.int32), is_fresh=every(True, np.bool_),
        )  # fmt: skip

    def update(self, belief: Belief, obs: Observation) -> Belief:
        """The belief after a look around; row r of both is the same mind. A turn lies between two looks."""
        if not belief.num_rows:
            return belief
        if belief.num_rows == 1:  # never at width 1, where numpy sums in another order
            twice = np.zeros(2, np.intp)
            return self.update(belief.take(twice), obs.take(twice)).take(slice(0, 1))
        return self._corrected(self.forecast(belief), obs)

    def forecast(self, belief: Belief) -> Forecast:
        """What is expected to be so by the next look; rows that have seen nothing yet stay as they are."""
        cells = belief.shifter.T
        if belief.is_fresh.all():
            return Forecast(belief, cells, cells)
        forecast = self.predictor.predict(belief)
        if belief.is_fresh.any():
            new = np.flatnonzero(belief.is_fresh)
            forecast = replace(forecast, belief=forecast.belief.put(new, belief.take(new)))
        return forecast

    def _corrected(self, forecast: Forecast, obs: Observation) -> Belief:
        belief = forecast.belief
        bodies = self._witness.bodies(obs, belief.worst)
        sighting = Sighting(
            bodies, self._witness.hidden(obs), obs.mate, obs.body_node.shape[1], self.predictor.walks.reach
        )
        is_real = self.predictor.is_real
        told, failed = correct(forecast, sighting, is_real)
        if failed.any():
            rows = np.flatnonzero(failed)
            spread = self._spread(forecast.belief, rows)
            again, hopeless = correct(Forecast(spread, spread.shifter.T, spread.shifter.T), sighting, is_real)
            again = again.put(np.flatnonzero(hopeless), spread.take(np.flatnonzero(hopeless)))
            told = told.put(rows, again.take(rows))
            told = replace(told, resets=told.resets + failed.astype(np.int32))
        told = self._know_mates(told, obs)
        lies = np.where(obs.item_node >= 0, obs.item_node, np.where(obs.item_mate >= 0, HELD, UNKNOWN))
        return replace(
            told,
            worst=self._witness.worse(obs, bodies, told.worst),
            lies=np.asfortranarray(lies.astype(np.int32)),
            is_fresh=np.zeros_like(told.is_fresh),
        )

    def _spread(self, belief: Belief, rows: NDArray[np.intp]) -> Belief:
        """The belief with a little everywhere in some rows."""
        shifter, person = belief.shifter.copy("K"), belief.person.copy("K")
        keep = 1 - _SPREAD
        people = shifter.shape[1] * shifter.shape[2]
        shifter[rows] = shifter[rows] * keep + _SPREAD / people
        person[rows] = person[rows] * keep + 0.5 * _SPREAD / person.shape[3]
        gone, dead = belief.gone.copy(), belief.dead.copy("K")
        gone[rows] *= keep
        dead[rows] = dead[rows] * keep + 0.5 * _SPREAD
        return replace(belief, shifter=shifter, person=person, gone=gone, dead=dead)

    def _know_mates(self, belief: Belief, obs: Observation) -> Belief:
        """Mates are known exactly, should the shifter be one of them."""
        rows, slots = np.nonzero(obs.mate)
        nodes = obs.node[rows, slots]
        person, dead = belief.person.T, belief.dead.T
        person[:, slots, :, rows] = 0
        person[nodes, slots, :, rows] = 1
        dead[slots, :, rows] = 0
        own = slots == self.brief.shifter
        if own.any():
            rows, nodes = rows[own], nodes[own]
            belief.shifter[rows] = 0
            belief.shifter[rows, obs.guise[rows, self.brief.shifter], nodes] = 1
            belief.gone[rows] = 0
        return belief
