"""The plain evader: away from what it fears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pursuit.core.state import Gait
from pursuit.core.world import Ruleset
from pursuit.policies.base import NO_MEMORY, Memory, param, remember
from pursuit.policies.parts.afield import find_duel
from pursuit.policies.parts.choices import FOE_NOTES, Refuge, foes, forget
from pursuit.policies.parts.ground import Ground
from pursuit.policies.parts.scene import Draft, Scene
from pursuit.sense.observation import Brief, Intents, Observation


@dataclass(eq=False)
class Runner:
    """Runs from whatever it fears to where it is farthest from it, and rests when it fears nothing."""

    patience: int = param(15, 0, 1000, help="turns that it runs from what it does not see any more")

    name: ClassVar[str] = "runner"
    version: ClassVar[int] = 2
    sides: ClassVar[tuple[str, ...]] = ("guardian", "bystander")

    def init(self, brief: Brief, rows: int) -> Memory:
        self._classical = brief.ruleset != Ruleset.STORY
        if self._classical:
            self._duel = find_duel(brief)
            return NO_MEMORY
        self._ground = brief.derive(Ground)
        self._refuge = self._ground.derive(Refuge)
        return {"foe": remember(rows, len(brief.kind), FOE_NOTES)}

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        if self._classical:
            return self._dodge(obs), memory
        scene = Scene(self._ground, obs)
        draft = Draft(scene)
        notes = scene.mine(memory["foe"])
        foe = forget(foes(scene, notes), self.patience)
        afraid = foe.is_known.nonzero()[0]
        if len(afraid):
            draft.put(afraid, goal=self._refuge.flee(scene, foe, afraid), gait=Gait.RUN)
        return draft.intents(), {"foe": scene.noted(memory["foe"], foe.notes, notes)}

    def _dodge(self, obs: Observation) -> Intents:
        duel = self._duel
        return duel.answer(obs, duel.retreat(duel.own_nodes(obs), duel.foe_nodes(obs)))
