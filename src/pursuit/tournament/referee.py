"""The referee of a batch: calls the policies, watches what they do, and knows whose fault it is.

Dimension letters: ``B`` episodes, ``A`` agent slots.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.world import Side, World
from pursuit.play.rollout import Step, forbidden
from pursuit.play.voices import Speaker
from pursuit.policies.contract.answers import wrong_shapes
from pursuit.tournament.clock import Clock, Overrun


class Fault(IntEnum):
    """Why a game was forfeit. Grows only at the end: ledgers hold the numbers."""

    NONE = 0
    CRASH = 1  # the policy raised an exception
    HANG = 2  # it was broken off after twice its time
    SLOW = 3  # it answered, but after its time
    SHAPE = 4  # an answer of a wrong shape or type
    ILLEGAL = 5  # something that its agent could never do
    MEMORY = 6  # it asked for more memory than allowed
    KILLED = 7  # the process died


class By(IntEnum):
    """Whose fault it was. Grows only at the end."""

    NOBODY = 0
    HUNTER = 1
    GUARDIAN = 2
    OTHERS = 3  # the scenario's own people, or nobody knows


class FaultError(Exception):
    """A policy's fault, in some game of a batch."""

    def __init__(self, fault: Fault, by: By, *, at_start: bool, detail: str = "") -> None:
        super().__init__(f"{fault.name.lower()} by {by.name.lower()}: {detail}")
        self.fault, self.by, self.at_start = fault, by, at_start
        self.turns = 0  # completed before it, where the batch is one game


class Referee:
    """Watches one rollout of B episodes: `call` calls its policies, `hear` hears of its turns."""

    def __init__(self, world: World, rows: int, clock: Clock, seconds: float) -> None:
        self._world, self._side = world, world.side
        self._clock, self._seconds = clock, seconds
        self._is_entrant = np.isin(world.side, (Side.HUNTER.value, Side.GUARDIAN.value))
        self.turn = 0  # turns completed in the first episode
        self.illegal_turn: NDArray[np.int32] = np.full(rows, -1, np.int32)  # [B] of the first illegal choice, or -1
        self.illegal_by: NDArray[np.int8] = np.zeros(rows, np.int8)  # [B] By

    def call(self, speaker: Speaker, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a policy's function. Raises FaultError if it does not answer in time and in form."""
        starts = function.__name__ == "init"
        begun = time.perf_counter()
        self._clock.start(2 * self._seconds)
        try:
            answer = function(*arguments)
            self._clock.stop()
        except Overrun:
            raise self._fault(speaker, Fault.HANG, starts) from None
        except MemoryError as error:
            raise self._fault(speaker, Fault.MEMORY, starts, str(error)) from None
        except Exception as error:
            raise self._fault(speaker, Fault.CRASH, starts, f"{type(error).__name__}: {error}") from error
        finally:
            self._clock.stop()
        if time.perf_counter() - begun > self._seconds:
            raise self._fault(speaker, Fault.SLOW, starts)
        if not starts:
            self._check_shape(speaker, answer, *arguments)
        return answer

    def hear(self, step: Step) -> None:
        """Note who chose what its agent could never do."""
        self.turn = int(step.after.turn[step.at[0]])
        wrong = forbidden(self._world, step.before, step.actions, step.after) & self._is_entrant
        if not np.count_nonzero(wrong):
            return
        wrong = wrong[step.at]
        found = np.flatnonzero(wrong.any(axis=1) & (self.illegal_turn[step.rows] < 0))
        episodes, slots = step.rows[found], wrong[found].argmax(axis=1)
        self.illegal_turn[episodes] = step.before.turn[step.at[found]]
        is_hunter = self._side[slots] == Side.HUNTER.value
        self.illegal_by[episodes] = np.where(is_hunter, By.HUNTER.value, By.GUARDIAN.value)

    def _check_shape(self, speaker: Speaker, answer: Any, obs: Any, memory: Any) -> None:
        if not isinstance(answer, tuple) or len(answer) != 2:
            raise self._fault(speaker, Fault.SHAPE, False, "act answers a pair of intents and memory")
        for detail in wrong_shapes(len(self._side), obs, memory, *answer):
            raise self._fault(speaker, Fault.SHAPE, False, detail)

    def _fault(self, speaker: Speaker, fault: Fault, at_start: bool, detail: str = "") -> FaultError:
        sides = set(self._side[list(speaker.slots)].tolist())
        known = {Side.HUNTER.value: By.HUNTER, Side.GUARDIAN.value: By.GUARDIAN}
        by = known.get(sides.pop(), By.OTHERS) if len(sides) == 1 else By.OTHERS
        return FaultError(fault, by, at_start=at_start, detail=f"{speaker.spec}: {detail}" if detail else speaker.spec)
