"""The hunter that is somebody else: it plans whom to be and which way to go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Gait, Verb
from pursuit.core.world import Ruleset
from pursuit.mimicry.belief import Belief
from pursuit.mimicry.channel import believed
from pursuit.mimicry.exposure import mirror_of
from pursuit.policies.base import Memory, param
from pursuit.policies.interceptor import Interceptor, Quest
from pursuit.policies.parts.disguise import Disguise
from pursuit.policies.parts.scene import Draft, Scene
from pursuit.sense.observation import Brief, Intents, Observation

Array = NDArray[Any]

_SEEN = 0.5  # chance of being looked at from which it walks as its look would
_MANY = 256  # plans made at once: more would not fit the cache


@dataclass(eq=False)
class Impostor:
    """Hunts as interceptor does, in the look and by the way that give least away, and drops the mask to strike."""

    mimicry: bool = param(True, help="false: shows its own look, and hunts all the same")
    weight: float = param(0.1, 0.0, 100.0, help="hops that a unit of exposure is worth")
    daring: float = param(0.7, 0.0, 1.0, help="chance of being known at which it drops the mask before its quarry")
    patience: int = param(25, 0, 1000, help="turns that it trusts an old sighting")
    near: int = param(3, 0, 100, help="hops within which it goes straight for the quarry")

    name: ClassVar[str] = "impostor"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("hunter",)
    believes = mirror_of

    def init(self, brief: Brief, rows: int) -> Memory:
        self._hunt = Interceptor(self.patience, self.near)
        memory = self._hunt.init(brief, rows)
        self._shifter = brief.shifter
        self._plays = brief.ruleset == Ruleset.STORY and brief.shifter >= 0
        if self._plays:
            self._ground = self._hunt.ground
            self._disguise = self._ground.derive(Disguise)
        return memory

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        belief = believed(obs)
        if not self._plays or belief is None:
            return self._hunt.act(obs, memory)
        scene = Scene(self._ground, obs)
        draft = Draft(scene)
        quest, after = self._hunt.choose(scene, draft, memory)
        mine = (scene.slots == self._shifter) & (scene.ride < 0) & (scene.my("pending") < 0)
        if self.mimicry:
            self._deceive(scene, draft, quest, belief, mine)
        else:
            draft.set(mine & (scene.my("guise") != self._shifter), verb=Verb.MORPH, object=self._shifter)
        return draft.intents(), after

    def _deceive(self, scene: Scene, draft: Draft, quest: Quest, belief: Belief, mine: Array) -> None:
        """Overrule the hunt where being somebody else, or going another way, is better than being fast."""
        sight, goal = quest.sight, draft.chosen("goal")
        blown = self._disguise.suspected(scene, belief) > self.daring
        straight = (sight.row >= 0) & (blown | sight.runs | (sight.hops <= self.near))  # the mask has done its work
        draft.set(mine & straight, gait=Gait.RUN)
        busy = ~np.isin(draft.chosen("verb"), (Verb.WAIT.value, Verb.STRIKE.value, Verb.SHOOT.value))
        plans = (mine & ~straight & ~busy & (goal >= 0) & (goal != scene.node)).nonzero()[0]
        for first in range(0, len(plans), _MANY):
            agents = plans[first : first + _MANY]
            self._follow(scene, draft, agents, goal.take(agents), belief)

    def _follow(self, scene: Scene, draft: Draft, agents: Array, goal: Array, belief: Belief) -> None:
        plan = self._disguise.plan(scene, agents, goal, belief, self.weight)
        masked = scene.my("guise").take(agents) != self._shifter
        walks = (plan.step >= 0).nonzero()[0]
        draft.put(agents[walks], goal=plan.step[walks])
        draft.put(agents, gait=np.where(masked & (plan.watched > _SEEN), Gait.WALK.value, Gait.RUN.value))
        touches = (plan.touch >= 0).nonzero()[0]
        if len(touches):
            who, sight = agents[touches], plan.touch[touches]
            row, node = scene.row_of(sight), scene.of("body_node", sight)
            draft.put(who, goal=node, toward=row)
            close = scene.ground.hops(scene.feet.take(who), scene.node.take(who), node)
            near = close <= scene.stride.take(who) + 1
            deed = np.where(plan.unwatched[touches], Verb.STRIKE.value, Verb.SAMPLE.value)
            draft.put(who[near], verb=deed[near], object=row[near])
        changes = ((plan.change >= 0) & (plan.touch < 0)).nonzero()[0]
        draft.put(agents[changes], verb=Verb.MORPH.value, object=plan.change[changes])
