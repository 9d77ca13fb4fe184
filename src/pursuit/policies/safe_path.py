"""The evader that leaves the board, if it can without being met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from pursuit.core.state import Gait
from pursuit.core.world import Ruleset
from pursuit.policies.base import NO_MEMORY, Memory, param, remember
from pursuit.policies.parts.afield import find_duel
from pursuit.policies.parts.choices import FOE_NOTES, Leave, Refuge, foes, forget
from pursuit.policies.parts.ground import TICKS, Ground
from pursuit.policies.parts.scene import Draft, Scene
from pursuit.policies.parts.wheels import escape
from pursuit.rules.common import some
from pursuit.sense.observation import Brief, Intents, Observation


@dataclass(eq=False)
class SafePath:
    """Goes to the nearest exit that no known threat reaches first, by vehicle if that is quicker; else it runs."""

    margin: int = param(1, 0, 100, help="turns before a threat that it wants to be at the exit")
    patience: int = param(25, 0, 1000, help="turns that it runs from what it does not see any more")
    calm: bool = param(False, help="stays where it is until it knows of a threat")

    name: ClassVar[str] = "safe_path"
    version: ClassVar[int] = 2
    sides: ClassVar[tuple[str, ...]] = ("guardian", "bystander")

    def init(self, brief: Brief, rows: int) -> Memory:
        self._classical = brief.ruleset != Ruleset.STORY
        if self._classical:
            self._duel = find_duel(brief)
            return NO_MEMORY
        self._ground = ground = brief.derive(Ground)
        self._refuge = ground.derive(Refuge)
        self._leave = ground.derive(Leave, int(brief.side[brief.own[0]]) if brief.own else 0)
        return {"foe": remember(rows, len(brief.kind), FOE_NOTES)}

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        if self._classical:
            return self._slip_away(obs), memory
        scene = Scene(self._ground, obs)
        draft = Draft(scene)
        notes = scene.mine(memory["foe"])
        foe = forget(foes(scene, notes), self.patience)
        afraid = foe.is_known
        goes = afraid if self.calm else np.ones(scene.num, np.bool_)
        if some(goes):
            draft.set(goes, gait=np.where(afraid, Gait.RUN, Gait.WALK))
            escape(scene, draft, goes, foe, self._refuge, self._leave, self.margin * TICKS)
        return draft.intents(), {"foe": scene.noted(memory["foe"], foe.notes, notes)}

    def _slip_away(self, obs: Observation) -> Intents:
        duel = self._duel
        own, foes_at = duel.own_nodes(obs), duel.foe_nodes(obs)
        goal = duel.retreat(own, foes_at)
        return duel.answer(obs, duel.safe_exit(own, foes_at, goal, self.margin))
