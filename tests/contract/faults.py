"""Policies with a fault each, which the contract must catch. Importable, for other processes."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from pursuit.policies.base import Memory
from pursuit.policies.random_walk import RandomWalk
from pursuit.sense.observation import Brief, Intents, Observation


@dataclass(eq=False)
class Sound(RandomWalk):
    """Walks at random, as it should, and counts its turns."""

    name: ClassVar[str] = "sound"

    def init(self, brief: Brief, rows: int) -> Memory:
        super().init(brief, rows)
        self.count = 0
        return {"turns": np.zeros((rows, len(brief.kind)), np.int32)}

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        intents, _ = super().act(obs, {})
        goal = self.goal(obs, intents.goal, memory)
        return replace(intents, goal=goal), {"turns": memory["turns"] + np.int32(1)}

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        return goal

    def some(self, obs: Observation, number: int) -> Any:
        """Every own agent to one of the first nodes."""
        return np.full(obs.node.shape, number % len(self._count), np.int32)


class GlobalRandom(Sound):
    """Asks Python's dice."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        return self.some(obs, random.randrange(1 << 20))


class GlobalNumpy(Sound):
    """Asks numpy's dice."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        return self.some(obs, np.random.randint(1 << 20))


class WallClock(Sound):
    """Asks the time of day, in whole minutes."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        return self.some(obs, int(time.time()) // 60)


class SetOrder(Sound):
    """Takes the first of a set of names, which is another in every process."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        names = {f"corner {n}" for n in range(len(self._count))}
        return self.some(obs, int(next(iter(names)).split()[1]))


class SharedDefault(Sound):
    """Keeps what it saw in a default argument that all instances share."""

    def goal(self, obs: Observation, goal: Any, memory: Memory, past: list[int] = []) -> Any:  # noqa: B006
        past.append(1)
        return self.some(obs, len(past))


class HiddenMemory(Sound):
    """Counts calls on itself."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        self.count += 1
        return self.some(obs, self.count)


class LastBatch(Sound):
    """Remembers, on itself, how many rows it was asked last."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        first, self.count = self.count, int(obs.key[0] & np.uint64(0xFFFF))
        return self.some(obs, first) if first != self.count else goal


class WritesMemory(Sound):
    """Writes into the memory it was given."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        memory["turns"] += 1
        return goal


class WritesObservation(Sound):
    """Writes into the observation, and unlocks it for that."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        obs.node.setflags(write=True)
        obs.node[:] = 0
        return goal


class LooksAround(Sound):
    """Lets the other rows of a batch decide."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        return self.some(obs, int(obs.node.sum()))


class Peeks(Sound):
    """Reads the true state behind the observation."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        truth = getattr(obs, "_state", None)
        return goal if truth is None else self.some(obs, int(truth.still.sum()))


class WrongShape(Sound):
    """Answers for one agent too few."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        return goal[:, 1:]


class WrongType(Sound):
    """Answers in floats."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        return goal * 1.0


class NoNode(Sound):
    """Heads off the board."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        return self.some(obs, 0) + len(self._count)


class Illegal(Sound):
    """Changes shape without being able to."""

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        intents, after = super().act(obs, memory)
        return replace(intents, verb=np.ones_like(intents.verb), object=np.zeros_like(intents.object)), after


class Crashes(Sound):
    """Divides by zero."""

    def goal(self, obs: Observation, goal: Any, memory: Memory) -> Any:
        return goal // (1 - len({1}))


FAULTS: dict[type[Sound], str] = {
    GlobalRandom: "determinism",
    GlobalNumpy: "determinism",
    WallClock: "determinism",
    SharedDefault: "determinism",
    HiddenMemory: "determinism",
    LastBatch: "memory",
    WritesMemory: "arguments",
    WritesObservation: "arguments",
    LooksAround: "rows",
    Peeks: "peeking",
    WrongShape: "shape",
    WrongType: "shape",
    NoNode: "legality",
    Illegal: "legality",
    Crashes: "crash",
}
