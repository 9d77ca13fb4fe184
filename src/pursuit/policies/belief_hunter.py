"""Hunters of limited sight who play the odds."""

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
class BeliefHunter:
    """Oracle: takes the joint move of the least mean turns to capture, over where it believes the quarry to be."""

    ties: str = param("first", choices=TIES, help="among equally good moves")

    name: ClassVar[str] = "belief_hunter"
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
        # Summed place by place in their order, so that a row gets the same mean in any batch.
        mean = np.add.accumulate(cost * mastery.chances(obs)[:, None], axis=2)[:, :, -1]
        chosen = mastery.pick(obs, np.round(mean, 9), self.ties)
        return mastery.answer(obs, mastery.hunters, mastery.moved(nodes, chosen)), memory
