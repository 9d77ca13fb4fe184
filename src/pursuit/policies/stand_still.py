"""Doing nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pursuit.policies.base import NO_MEMORY, Memory
from pursuit.sense.observation import Brief, Intents, Observation, idle_intents


@dataclass(eq=False)
class StandStill:
    """Stays where it is and does nothing."""

    name: ClassVar[str] = "stand_still"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("hunter", "guardian", "law", "bystander")

    def init(self, brief: Brief, rows: int) -> Memory:
        self._num_agents = len(brief.kind)
        return NO_MEMORY

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        return idle_intents(obs.num_rows, self._num_agents), memory
