"""Strolling: a random neighbor now and then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from pursuit.core.board import Feature, Mode
from pursuit.core.rng import scale
from pursuit.core.state import Gait
from pursuit.policies.base import NO_MEMORY, Memory, param
from pursuit.policies.parts.chance import dice
from pursuit.sense.observation import Brief, Intents, Listed, Observation, constant, listed_intents


@dataclass(eq=False)
class RandomWalk:
    """Walks to a random neighbor, or rests."""

    rest: int = param(0, 0, 1000, help="permille of turns in which it stays where it is")

    name: ClassVar[str] = "random_walk"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("hunter", "guardian", "law", "bystander")

    def init(self, brief: Brief, rows: int) -> Memory:
        board = brief.board
        usable = (board.modes >> Mode.FOOT & 1).astype(np.bool_) & ~board.bars
        usable &= (board.feature[board.neighbor] & Feature.VAT.value) == 0  # nobody strolls into molten steel
        usable[:, 0] = False
        count = usable.sum(axis=1)
        packed = np.argsort(~usable, axis=1, kind="stable")
        width = max(int(count.max(initial=0)), 1)
        lead = np.take_along_axis(board.neighbor, packed[:, :width], axis=1)
        nodes = np.arange(board.num_nodes)[:, None]
        self._lead = np.where(np.arange(width) < count[:, None], lead, nodes).astype(np.int32).reshape(-1)
        self._width, self._count = width, np.maximum(count, 1).astype(np.uint64)
        self._num_agents = len(brief.kind)
        return NO_MEMORY

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        rows, slots = obs.actors
        node = obs.of_actors("node")
        bits = dice(obs.key.take(rows), obs.turn.take(rows), slots)
        goal = self._lead.take(node * self._width + scale(bits, self._count.take(node)))
        if self.rest:
            goal = np.where((bits & np.uint64(0xFFFF)) * np.uint64(1000) >> np.uint64(16) < self.rest, -1, goal)
        gait = constant(1, len(rows), Gait.WALK.value, "int8")[0]
        listed = Listed((rows, slots), (obs.num_rows, self._num_agents), {"goal": goal, "gait": gait})
        return listed_intents(listed), memory
