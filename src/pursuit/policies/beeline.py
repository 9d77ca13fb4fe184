"""The plain hunter: straight to the nearest quarry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from pursuit.core.world import Ruleset
from pursuit.policies.base import NO_MEMORY, Memory, param, remember
from pursuit.policies.parts.afield import find_duel
from pursuit.policies.parts.duel import node_of, or_else
from pursuit.policies.parts.ground import Ground
from pursuit.policies.parts.hunting import TRAIL, attack, sightings
from pursuit.policies.parts.scene import Draft, Scene
from pursuit.rules.common import some
from pursuit.sense.observation import Brief, Intents, Observation


@dataclass(eq=False)
class Beeline:
    """Runs at the nearest quarry it sees, to where it saw it last, or wanders; strikes at contact."""

    patience: int = param(30, 0, 1000, help="turns that it trusts an old sighting")

    name: ClassVar[str] = "beeline"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("hunter",)

    def init(self, brief: Brief, rows: int) -> Memory:
        self._classical = brief.ruleset != Ruleset.STORY
        if self._classical:
            self._duel = find_duel(brief)
            return NO_MEMORY
        self._ground = brief.derive(Ground)
        self._wander = self._ground.landmarks()
        agents = len(brief.kind)
        return {"trail": remember(rows, agents, TRAIL), "wander": remember(rows, agents, 1)}

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        if self._classical:
            return self._chase(obs), memory
        scene = Scene(self._ground, obs)
        draft = Draft(scene)
        trail = scene.mine(memory["trail"])
        sight = sightings(scene, trail, self.patience)
        aim = scene.mine(memory["wander"])[:, 0]
        lost = sight.node < 0
        if some(lost):
            there = (aim < 0) | (aim == scene.node)
            drawn = self._wander[scene.chance(0, len(self._wander))]
            aim = np.where(there & lost, drawn, aim)
            draft.set(lost, goal=aim)
        attack(scene, draft, sight)
        return draft.intents(), {
            "trail": scene.noted(memory["trail"], sight.notes, trail),
            "wander": scene.noted(memory["wander"], aim[:, None]),
        }

    def _chase(self, obs: Observation) -> Intents:
        duel = self._duel
        own = duel.own_nodes(obs)
        nearest = duel.nearest(own, duel.foe_nodes(obs))
        return duel.answer(obs, or_else(nearest, node_of(nearest), own))
