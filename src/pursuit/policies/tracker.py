"""The searcher that remembers where nobody was: it goes where whom it looks for is most likely to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Gait
from pursuit.core.world import Ruleset, Side
from pursuit.mimicry.channel import believed, whereabouts_of
from pursuit.mimicry.position import Positions
from pursuit.policies.base import Memory, param, remember
from pursuit.policies.beeline import Beeline
from pursuit.policies.parts.choices import FOE_NOTES, foes, lookouts
from pursuit.policies.parts.ground import FAR, Ground
from pursuit.policies.parts.hunting import Sighting, attack, sightings
from pursuit.policies.parts.scene import Draft, Scene
from pursuit.rules.common import some
from pursuit.sense.observation import Brief, Intents, Observation, constant, idle_intents

Array = NDArray[Any]

_EFFORT = 4  # hops that stopping to look is worth


@dataclass(eq=False)
class Tracker:
    """Hunts by a filter of where the quarry can be; of the law, by one of where the shape-shifter can be."""

    patience: int = param(5, 0, 1000, help="turns that it trusts an old sighting")
    sure: float = param(0.8, 0.0, 1.0, help="chance of being the shape-shifter at which the law goes for somebody")

    name: ClassVar[str] = "tracker"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("hunter", "law")
    believes = whereabouts_of

    def init(self, brief: Brief, rows: int) -> Memory:
        self._plain = Beeline(self.patience)
        self._quarry = np.flatnonzero(brief.quarry)
        self._classical = brief.ruleset != Ruleset.STORY
        memory = self._plain.init(brief, rows)
        if self._classical:
            self._brief = brief
            return memory
        self._ground = brief.derive(Ground)
        self._nodes, _ = self._ground.derive(lookouts)
        sight = brief.sight
        self._shows = sight.view(int(sight.pick(self._ground.dark)))[self._nodes].astype(np.float32)  # [L, N]
        self._is_law = brief.side == Side.LAW
        return {**memory, "foe": remember(rows, len(brief.kind), FOE_NOTES)}

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        if self._classical:
            return self._search(obs, memory)
        belief = believed(obs)
        if belief is None:
            intents, after = self._plain.act(obs, {name: memory[name] for name in ("trail", "wander")})
            return intents, {**after, "foe": memory["foe"]}
        scene = Scene(self._ground, obs)
        draft = Draft(scene)
        trail, notes = scene.mine(memory["trail"]), scene.mine(memory["foe"])
        sight = sightings(scene, trail, self.patience)
        is_law = self._is_law.take(scene.slots)
        if some(is_law):
            viewer = scene.viewer
            fake = belief.fake[scene.rows.take(viewer), scene.row_of(np.arange(len(viewer)))]
            foe = foes(scene, notes, held=is_law.take(viewer) & (fake >= self.sure) & scene.is_up)
            fresh = foe.is_known & (scene.turn - foe.turn <= self.patience)
            fresh &= (foe.row >= 0) | (foe.node != scene.node)
            node, row = np.where(fresh, foe.node, -1), foe.row
            on_foot, unhurried = np.full(scene.num, -1), np.zeros(scene.num, np.bool_)
            theirs = Sighting(node, foe.turn, row, foe.hops, on_foot, unhurried, sight.notes)
            sight = _either(is_law, theirs, sight)
            notes = foe.notes
        lost = (sight.node < 0).nonzero()[0]
        if len(lost):
            rows = scene.rows.take(lost)
            where = np.ascontiguousarray(belief.people(self._quarry)[rows, 0]).sum(axis=1)
            law = is_law[lost]
            if some(law):
                where[law] = belief.anywhere[rows[law]]
            draft.put(lost, goal=self._best(scene, lost, where), gait=Gait.RUN.value)
        attack(scene, draft, sight)
        return draft.intents(), {
            **memory,
            "trail": scene.noted(memory["trail"], sight.notes, trail),
            "foe": scene.noted(memory["foe"], notes),
        }

    def _best(self, scene: Scene, agents: Array, where: Array) -> Array:
        """The lookout [k] that shows most of the chance [k, N] for the walk; -1 where none is in reach."""
        shown = np.empty((len(agents), len(self._nodes)))
        for place, shows in enumerate(self._shows):
            shown[:, place] = (where * shows).sum(axis=1)
        hops = scene.ground.hops(scene.feet.take(agents)[:, None], scene.node.take(agents)[:, None], self._nodes)
        worth = np.where((hops >= FAR) | (hops == 0), -1.0, shown / (hops + _EFFORT))
        best = worth.argmax(axis=1)
        return np.where(worth[np.arange(len(agents)), best] >= 0, self._nodes[best], -1)

    def _search(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        """Each to the node where some quarry is likeliest for the way there."""
        positions = obs.belief
        if not isinstance(positions, Positions) or not len(self._quarry):
            return self._plain.act(obs, memory)
        rows, slots = obs.actors
        ways, brief = self._brief.ways, self._brief
        hops = ways.distance(ways.pick(0, False, 0), obs.node[rows, slots][:, None], np.arange(brief.board.num_nodes))
        alive = positions.weight[rows][:, self._quarry].max(axis=1)
        goal = (alive / (hops.astype(np.int64) + 1)).argmax(axis=1)
        goals = constant(obs.num_rows, len(brief.kind), -1, "int32").copy("F")
        goals[rows, slots] = goal
        return idle_intents(obs.num_rows, len(brief.kind), goal=goals), memory


def _either(which: Array, one: Sighting, other: Sighting) -> Sighting:
    """The sightings of some agents, and of the others."""
    mixed = {name: np.where(which, value, getattr(other, name)) for name, value in vars(one).items() if name != "notes"}
    return Sighting(**mixed, notes=other.notes)
