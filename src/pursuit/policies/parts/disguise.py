"""Whom to be and which way to go: the shape-shifter's plan, from what its model of the guardians says it gives away.

Dimension letters: ``A`` agent slots, ``K`` looks of a plan, ``N`` nodes; ``k`` plans, one for each shifter at large;
``s`` sights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Mode
from pursuit.core.roster import Trait
from pursuit.mimicry.belief import Belief
from pursuit.mimicry.exposure import KNOWN, Mirror, mirror_of
from pursuit.mimicry.route import NEVER, Prices, Route, Toll
from pursuit.policies.parts.ground import Ground
from pursuit.policies.parts.scene import Bools, Scene

Array = NDArray[Any]
Floats = NDArray[np.float32]

_LURE = 0.5  # a hop as somebody the quarry comes to meet is half a hop
_MARGIN = 1.0  # hops that a change of look, or a detour to a face, must save


_UNWATCHED = 0.05  # chance of a witness below which a deed is held for unseen


@dataclass(frozen=True, eq=False)
class Plan:
    """What is worth doing, for each of k shifters. -1 stands for nothing."""

    step: Array  # [k] node to go to next, a turn's walk on
    change: Array  # [k] look to put on instead
    touch: Array  # [k] sight of a body whose face is worth going for instead
    watched: Floats  # [k] the chance that a guardian looks on where it is
    unwatched: Bools  # [k] nobody looks on where that body is


class Disguise:
    """Plans over nodes and looks for the shifter of a cast. Holds tables only."""

    def __init__(self, ground: Ground) -> None:
        self._ground, brief = ground, ground.brief
        self._slot = brief.shifter
        mirror = brief.derive(mirror_of)
        assert mirror is not None, "a cast with a shifter has a model of those who look for it"
        self._mirror: Mirror = mirror
        slips, closed = bool(ground.slips[self._slot]), int(ground.foot_mask[self._slot])
        self._route = Route(brief, int(Mode.FOOT), slips, closed)
        self._pace = int(ground.pace[self._slot])
        slots = np.arange(len(brief.kind))
        self._is_face = ~brief.roster.has(Trait.MACHINE)[brief.kind] & ~brief.quarry  # whom it can touch to be
        self._slow = (self._pace / np.minimum(ground.pace, self._pace)).astype(
            np.float32
        )  # [A] time of a hop in a look
        self._slow[self._slot] = 1
        trusted = ground.is_protector[: len(slots)] & (slots != self._slot)
        self._hop = np.where(trusted, _LURE, 1).astype(np.float32)

    def plan(self, scene: Scene, agents: Array, goal: Array, belief: Belief, weight: float) -> Plan:
        """For some of the own agents, [k], who are the shifter of their rows, and their goals [k]."""
        obs = scene.obs
        rows = scene.rows.take(agents)
        if len(rows) < obs.num_rows:
            belief = belief.take(rows)
        every = np.arange(len(rows))
        guise = scene.my("guise").take(agents).astype(np.intp)
        num_agents = len(self._hop)
        wears = obs.sampled[rows, :num_agents]  # a copy
        wears[:, self._slot] = True
        faces = np.zeros_like(wears)
        plan, who = self._faces(scene, agents)
        faces[plan[who], scene.sight("body_guise")[who]] = True
        wanted = wears | faces
        wanted[every, np.minimum(guise, num_agents - 1)] = True
        looks = _packed(wanted)
        prices, watched = self._prices(belief, looks, wears, weight)
        toll = self._route.toll(goal, prices)
        return self._choose(scene, agents, toll, looks, watched)

    def suspected(self, scene: Scene, belief: Belief) -> Floats:
        """How sure the guardians can be that the shifter wears the look that each own agent has, [n]."""
        suspected: Floats = belief.worn[scene.rows, scene.my("guise")]
        return suspected

    def _prices(self, belief: Belief, looks: Array, wears: Bools, weight: float) -> tuple[Prices, Floats]:
        given, change = self._mirror.exposure(belief, looks)
        watched = change / np.float32(KNOWN)
        hop, slow = self._hop[looks][:, None], self._slow[looks][:, None]
        enter = hop * (1 + watched[:, :, None] * (slow - 1)) + np.float32(weight) * given
        exists = looks >= 0
        worn = exists & np.take_along_axis(wears, np.maximum(looks, 0), axis=1)
        turn = np.float32(self._pace / 100)
        return Prices(enter, turn + np.float32(weight) * change, exists, worn), watched

    def _choose(self, scene: Scene, agents: Array, toll: Toll, looks: Array, watched: Floats) -> Plan:
        every = np.arange(len(agents))
        node, guise = scene.node.take(agents), scene.my("guise").take(agents)
        look = (looks == guise[:, None]).argmax(axis=1)  # as a thing it must change first: any look will do
        is_person = (looks == guise[:, None]).any(axis=1)
        to = self._route.step(toll, node, look, 1)
        here, prices = toll.field[every, node], toll.prices
        on = np.where(to == node, NEVER, toll.at(to, look) + prices.enter[every, to, look])
        on = np.where(toll.goal == node, np.float32(0), on)
        other = np.where(prices.wears & (looks != guise[:, None]), here, NEVER)
        best = other.argmin(axis=1)
        changed = other[every, best] + prices.change[every, node]
        changes = (changed < NEVER) & ((changed + _MARGIN < on) | ~is_person)
        price = np.where(changes, changed, on)
        touch, unwatched = self._face(scene, agents, toll, looks, price, watched)
        step = self._route.step(toll, node, look, int(scene.stride.take(agents).max(initial=1)))
        return Plan(
            step=np.where((on < NEVER) & is_person, step, -1),
            change=np.where(changes, looks[every, best], -1),
            touch=touch,
            watched=watched[every, node],
            unwatched=unwatched,
        )

    def _faces(self, scene: Scene, agents: Array) -> tuple[Array, Array]:
        """(number of the plan that each sight is part of [s], sights of people whose look one can take)."""
        plan = np.full(scene.num, -1)
        plan[agents] = np.arange(len(agents))
        plan = plan.take(scene.viewer)
        guise = scene.sight("body_guise")
        person = (guise >= 0) & (guise < len(self._is_face)) & self._is_face.take(guise, mode="clip")
        return plan, np.flatnonzero((plan >= 0) & person & scene.is_up)

    def _face(
        self, scene: Scene, agents: Array, toll: Toll, looks: Array, price: Floats, watched: Floats
    ) -> tuple[Array, Bools]:
        """(sight of whose face saves most, if more than the way there and the change cost; is nobody looking there?)"""
        plan, who = self._faces(scene, agents)
        plan = plan[who]
        node, guise = scene.sight("body_node")[who], scene.sight("body_guise")[who]
        look = (looks[plan] == guise[:, None]).argmax(axis=1)
        hops = self._ground.hops(scene.feet.take(agents)[plan], scene.node.take(agents)[plan], node)
        with_it = toll.field[plan, node, look] + toll.prices.change[plan, node] + hops
        saves = price[plan] - with_it - _MARGIN
        worth = np.zeros(len(scene.viewer))
        worth[who] = np.where(toll.prices.wears[plan, look] | (price[plan] >= NEVER), 0.0, saves)
        best = scene.foremost(worth)[agents]
        at = scene.of("body_node", best) if len(worth) else best
        return best, watched[np.arange(len(agents)), at] < _UNWATCHED


def _packed(wanted: Bools) -> Array:
    """The looks [k, A] that are wanted, side by side, [k, K]; -1 beyond."""
    width = max(int(wanted.sum(axis=1).max(initial=0)), 1)
    looks = np.argsort(~wanted, axis=1, kind="stable")[:, :width]
    return np.where(np.take_along_axis(wanted, looks, axis=1), looks, -1)
