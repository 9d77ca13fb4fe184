"""Hunters of limited sight who reckon with the worst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from pursuit.mimicry.channel import whereabouts_of
from pursuit.policies.base import NO_MEMORY, Memory, param
from pursuit.policies.parts import mastery
from pursuit.policies.parts.mastery import TIES, Mastery
from pursuit.sense.observation import Brief, Intents, Observation


@dataclass(eq=False)
class SetHunter:
    """Oracle: takes the joint move whose worst case, over where the quarry can be, is caught soonest if seen."""

    ties: str = param("first", choices=TIES, help="among equally good moves")

    name: ClassVar[str] = "set_hunter"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("hunter",)
    oracle: ClassVar[str] = "solved"
    unfit = staticmethod(mastery.unfit_blind)
    believes = staticmethod(whereabouts_of)

    def init(self, brief: Brief, rows: int) -> Memory:
        self._mastery = Mastery(brief)
        return NO_MEMORY

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        mastery = self._mastery
        nodes, cost = mastery.prospects(obs)
        worst = np.where(mastery.chances(obs)[:, None] > 0, cost, 0).max(axis=2)
        chosen = mastery.pick(obs, worst, self.ties)
        return mastery.answer(obs, mastery.hunters, mastery.moved(nodes, chosen)), memory
