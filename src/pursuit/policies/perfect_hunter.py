"""The best that hunters can do who see everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pursuit.policies.base import NO_MEMORY, Memory, param
from pursuit.policies.parts import mastery
from pursuit.policies.parts.mastery import TIES, Mastery
from pursuit.sense.observation import Brief, Intents, Observation


@dataclass(eq=False)
class PerfectHunter:
    """Oracle: sees everything and takes a joint move of the fewest turns to capture, by the solved game."""

    ties: str = param("first", choices=TIES, help="among equally good moves")

    name: ClassVar[str] = "perfect_hunter"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("hunter",)
    oracle: ClassVar[str] = "sees all"
    unfit = staticmethod(mastery.unfit)

    def init(self, brief: Brief, rows: int) -> Memory:
        self._mastery = Mastery(brief)
        return NO_MEMORY

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        mastery = self._mastery
        nodes, turns = mastery.table.pursuer_moves(*mastery.places(obs))
        chosen = mastery.pick(obs, mastery.cost(turns), self.ties)
        return mastery.answer(obs, mastery.hunters, mastery.moved(nodes, chosen)), memory
