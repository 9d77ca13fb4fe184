"""The hunter that thinks of where the quarry wants to go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Gait, Mark
from pursuit.core.world import Ruleset
from pursuit.policies.base import NO_MEMORY, Memory, param, remember
from pursuit.policies.parts.afield import find_duel
from pursuit.policies.parts.choices import Sweep
from pursuit.policies.parts.duel import NOBODY, Foresight, hops_of, node_of
from pursuit.policies.parts.ground import FAR, TICKS, Ground
from pursuit.policies.parts.hunting import TRAIL, Sighting, attack, heard, sightings
from pursuit.policies.parts.scene import Bools, Draft, Scene
from pursuit.policies.parts.wheels import Rides, leave_wheels
from pursuit.rules.common import some
from pursuit.sense.observation import Brief, Intents, Observation

Array = NDArray[Any]

_BLOWN = np.uint16(Mark.CHANGED | Mark.BLADED | Mark.SPLASHED | Mark.HURT | Mark.FAILED)
"""What happens to a shifter whose disguise is over."""


@dataclass(frozen=True, eq=False)
class Quest:
    """Where a hunt stands, for each own agent, [n]."""

    sight: Sighting
    blown: Bools  # its disguise is over


@dataclass(eq=False)
class Interceptor:
    """Heads the quarry off where it can leave, closes in when near, searches by lookouts; in disguise it walks."""

    patience: int = param(25, 0, 1000, help="turns that it trusts an old sighting")
    near: int = param(3, 0, 100, help="hops within which it goes straight for the quarry")

    name: ClassVar[str] = "interceptor"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("hunter",)

    def init(self, brief: Brief, rows: int) -> Memory:
        self._classical = brief.ruleset != Ruleset.STORY
        if self._classical:
            self._duel = find_duel(brief)
            self._foresight = Foresight(self._duel)
            return NO_MEMORY
        self.ground = ground = brief.derive(Ground)
        self._rides, self._sweep = ground.derive(Rides), ground.derive(Sweep)
        quarry = np.flatnonzero(brief.quarry)
        self._exits = ground.exits[int(brief.side[quarry[0]])] if len(quarry) else np.empty(0, np.intp)
        self._quarry_pace = int(ground.pace[quarry].max(initial=1))
        agents = len(brief.kind)
        return {
            "trail": remember(rows, agents, TRAIL),
            "sweep": self._sweep.notes(rows, agents),
            "blown": np.zeros((rows, agents), np.bool_),
        }

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        if self._classical:
            return self._surround(obs), memory
        scene = Scene(self.ground, obs)
        draft = Draft(scene)
        _, after = self.choose(scene, draft, memory)
        return draft.intents(), after

    def choose(self, scene: Scene, draft: Draft, memory: Memory) -> tuple[Quest, Memory]:
        """Draft a turn of a story; and what else there is to know of it, for who builds on this."""
        trail = scene.mine(memory["trail"])
        sight = sightings(scene, trail, self.patience)
        sweep = memory["sweep"]
        lost = sight.node < 0
        if some(lost):
            goal, notes = self._sweep.go(scene, scene.mine(sweep), lost)
            draft.set(lost, goal=heard(scene, goal), gait=Gait.RUN)
            sweep = scene.noted(sweep, notes)
        attack(scene, draft, sight)
        self._head_off(scene, draft, sight)
        blown = was_blown = scene.mine(memory["blown"])
        exposed = (scene.my("marks") & _BLOWN) != 0
        if some(exposed):
            blown = blown | exposed
        self._blend_in(scene, draft, sight, blown)
        if scene.ground.brief.vehicle_kind.size:
            self._rides.go(scene, draft, sight.hops > self.near, draft.chosen("goal"))
            leave_wheels(scene, draft, sight.hops <= self.near)
        return Quest(sight, blown), {
            "trail": scene.noted(memory["trail"], sight.notes, trail),
            "sweep": sweep,
            "blown": scene.noted(memory["blown"], blown, was_blown),
        }

    def _blend_in(self, scene: Scene, draft: Draft, sight: Sighting, blown: Bools) -> None:
        """In somebody else's look, walk as they would where guardians may see it, until the quarry is near or runs."""
        masked = (scene.my("guise") != scene.slots) & ~blown & (sight.hops > self.near)
        if not (some(masked) and scene.sees_anybody):
            return
        watched = np.zeros(scene.num, np.bool_)
        guardians = scene.ground.is_guardian.take(scene.sight("body_guise")) & scene.is_up
        watched[scene.viewer[guardians]] = True
        draft.set(masked & watched & ~sight.runs, gait=Gait.WALK)

    def _head_off(self, scene: Scene, draft: Draft, sight: Sighting) -> None:
        """Go to the exit it will be at first, if the chase would come too late and we would not."""
        far = (sight.node >= 0) & (sight.hops > self.near)
        if not (some(far) and len(self._exits)):
            return
        ground = scene.ground
        afoot = int(ground.brief.ways.pick(0, False, ground.closed))
        riding = sight.ride >= 0
        pace = np.full(scene.num, self._quarry_pace)
        if some(riding):
            pace = np.where(riding, ground.ride_pace[sight.ride], pace)
        gone = (scene.turn - sight.turn)[:, None] * TICKS
        theirs = ground.ticks(ground.hops(afoot, sight.node[:, None], self._exits), pace[:, None]) - gone
        ours = ground.ticks(scene.hops_to(self._exits[None]), scene.pace[:, None])
        first = theirs.argmin(axis=1)
        every = np.arange(scene.num)
        escape, cut = theirs[every, first], ours[every, first]
        gain = scene.pace - pace
        gap = np.minimum(scene.hops_to(sight.node), 4096)
        chase = np.where(gain > 0, gap * (100 * TICKS) // np.maximum(gain, 1), FAR)
        head_off = far & (chase > escape) & (cut <= np.maximum(escape, 0) + TICKS)
        draft.set(head_off, goal=self._exits[first])

    def _surround(self, obs: Observation) -> Intents:
        """The nearest goes straight; the others go to where the quarry will be if it runs from that one."""
        duel = self._duel
        own, foes = duel.own_nodes(obs), duel.foe_nodes(obs)
        nearest = duel.nearest(own, foes)
        quarry = np.where(nearest == NOBODY, own, node_of(nearest))
        goal = quarry
        if len(own) > 1:
            hops = np.where(own >= 0, hops_of(nearest), NOBODY)
            lead = hops.argmin(axis=0)
            ahead = self._foresight.meeting(own, quarry, own[lead, np.arange(own.shape[1])])
            follows = (np.arange(len(own))[:, None] != lead) & (hops > 1)
            goal = np.where(follows & (nearest != NOBODY), ahead, goal)
        if len(duel.exits):
            goal = duel.cut_off(own, quarry, goal)
        return duel.answer(obs, goal)
