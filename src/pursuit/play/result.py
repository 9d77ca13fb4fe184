"""What came of a rollout: outcomes, turns, scores, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import State
from pursuit.core.world import World

_Z = 1.959963984540054  # two-sided 95 %


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Result:
    """B episodes, played."""

    world: World
    state: State  # the last state of each
    turns: NDArray[np.int32]  # [B] turns played
    agent_steps: int  # agents that were well, summed over turns and episodes
    seconds: float  # wall time

    @property
    def num_rows(self) -> int:
        return self.state.num_rows

    @property
    def outcome(self) -> NDArray[np.int16]:
        """Row of World.outcome_name, [B]; -1 for an episode still open."""
        return self.state.outcome

    @property
    def score(self) -> NDArray[np.float64]:
        """The hunter's score, [B]: 0, 1/2 or 1; 1/2 for an episode still open."""
        halves = np.append(self.world.outcome_score, 1)
        return halves[self.outcome] / 2

    @property
    def rate(self) -> float:
        """Agent-steps a second."""
        return self.agent_steps / self.seconds if self.seconds > 0 else 0.0

    def outcomes(self) -> dict[str, int]:
        """How many episodes ended in which way, the most frequent first; ``open`` for those that did not."""
        names = (*self.world.outcome_name, "open")
        counts = np.bincount(np.where(self.outcome < 0, len(names) - 1, self.outcome), minlength=len(names))
        order = np.argsort(-counts, kind="stable").tolist()
        return {names[index]: int(counts[index]) for index in order if counts[index]}

    def mean_score(self) -> Estimate:
        """The hunter's mean score; the interval is the normal one, cut to 0 … 1."""
        return mean(self.score)


def mean(values: NDArray[np.float64]) -> Estimate:
    """Mean of values between 0 and 1 with its normal 95 % interval; all of 0 … 1 for fewer than two values."""
    num = len(values)
    if num < 2:
        return Estimate(float(values.mean()) if num else 0.5, 0.0, 1.0)
    center = float(values.mean())
    half = _Z * float(values.std(ddof=1)) / sqrt(num)
    return Estimate(center, max(0.0, center - half), min(1.0, center + half))


def wilson(count: float, num: int) -> Estimate:
    """A share with its 95 % Wilson interval."""
    if num == 0:
        return Estimate(0.0, 0.0, 1.0)
    share, square = count / num, _Z * _Z
    center = (share + square / (2 * num)) / (1 + square / num)
    half = _Z * sqrt(share * (1 - share) / num + square / (4 * num * num)) / (1 + square / num)
    return Estimate(share, max(0.0, center - half), min(1.0, center + half))
