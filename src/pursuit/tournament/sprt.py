"""A sequential test: stop as soon as the pairs say enough, and only then.

The generalized sequential probability ratio test on normalized Elo. After N pairs with mean μ and variance σ² of the
pair score, t = (μ − ½)/σ and tᵢ = √2·nEloᵢ/C, the log-likelihood ratio is N/2·ln[(1 + (t − t₀)²)/(1 + (t − t₁)²)]
(Michel Van den Bergh, for fishtest). Crossing ln((1 − β)/α) accepts the upper bound, crossing ln(β/(1 − α)) the lower
(Wald 1945).

A variance below that of one pair in N being a quarter off is taken for that, as pairs that all went the same way would
otherwise show none.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.tournament.rating import C
from pursuit.tournament.score import Tally

Verdict: TypeAlias = Literal["upper", "lower", "open"]

_LEAST = 1 / 16  # square of a quarter


@dataclass(frozen=True)
class Sprt:
    """The bounds of a test: is the lead nearer to ``low`` or to ``high``, in normalized Elo?"""

    low: float
    high: float
    alpha: float = 0.05  # chance to accept `high` where `low` is true
    beta: float = 0.05  # chance to accept `low` where `high` is true

    @property
    def limits(self) -> tuple[float, float]:
        """Log-likelihood ratios at which the lower and the upper bound are accepted."""
        return log(self.beta / (1 - self.alpha)), log((1 - self.beta) / self.alpha)

    def ratios(
        self, num: NDArray[np.float64], mean: NDArray[np.float64], variance: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Log-likelihood ratios of so many pairs with such means and variances, elementwise."""
        t = (mean - 0.5) / np.sqrt(np.maximum(variance, _LEAST / np.maximum(num, 1)))
        low, high = (sqrt(2) * bound / C for bound in (self.low, self.high))
        return num / 2 * (np.log1p((t - low) ** 2) - np.log1p((t - high) ** 2))

    def ratio(self, tally: Tally) -> float:
        """The log-likelihood ratio of a tally."""
        found = self.ratios(*(np.array([float(v)]) for v in (tally.num_pairs, tally.mean, tally.variance)))
        return float(found[0])

    def path(self, quarters: NDArray[np.integer]) -> NDArray[np.float64]:
        """The log-likelihood ratio after each pair, [P], of pair scores in quarters."""
        scores = quarters / 4
        num = np.arange(1, len(scores) + 1, dtype=np.float64)
        mean = np.cumsum(scores) / num
        return self.ratios(num, mean, np.cumsum(scores * scores) / num - mean * mean)

    def decide(self, quarters: NDArray[np.integer]) -> tuple[int, Verdict]:
        """After how many pairs the test stops, and with what verdict; all of them and ``open`` if it does not."""
        lower, upper = self.limits
        path = self.path(quarters)
        crossed = np.flatnonzero((path >= upper) | (path <= lower))
        if not len(crossed):
            return len(quarters), "open"
        first = int(crossed[0])
        return first + 1, "upper" if path[first] >= upper else "lower"
