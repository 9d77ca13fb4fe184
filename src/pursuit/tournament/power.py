"""How many pairs a difference needs, before anybody plays them."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

from pursuit.tournament.rating import C
from pursuit.tournament.sprt import Sprt


def score_of(elo: float) -> float:
    """The score that a lead in Elo makes one expect."""
    return 1 / (1 + 10 ** (-elo / 400))


@dataclass(frozen=True)
class Needed:
    """What it takes to tell a lead from none."""

    elo: float
    normalized: float  # the same lead in normalized Elo
    deviation: float  # of a pair's score
    interval: int  # pairs until the 95 % interval is as wide, to either side, as the lead
    even: int  # pairs for a fixed test that sees the lead in half of the cases
    sure: int  # … in 95 % of the cases
    sequential: int  # pairs that a sequential test between 0 and the lead takes on average, if the lead is real
    sequential_none: int  # … and if there is none


def needed(elo: float, deviation: float, alpha: float = 0.05, beta: float = 0.05) -> Needed:
    """Pairs that a lead in Elo needs, if a pair's score has such a standard deviation.

    A fixed test at level ``alpha``, two-sided, takes ((z₁₋α/₂ + z_power)/t)² pairs with t = (μ − ½)/σ; the mean length
    of a sequential test is Wald's (1945). Raises ValueError for no lead or no deviation.
    """
    if not elo or deviation <= 0:
        raise ValueError("a lead of 0, or pairs that never differ, can be told by no number of pairs")
    t = abs(score_of(elo) - 0.5) / deviation
    normal = NormalDist()
    side, power = normal.inv_cdf(1 - alpha / 2), normal.inv_cdf(1 - beta)
    normalized = C * t / sqrt(2)
    lower, upper = Sprt(0, normalized, alpha, beta).limits
    per_pair = t * t / 2
    real = ((1 - beta) * upper + beta * lower) / per_pair
    none = -(alpha * upper + (1 - alpha) * lower) / per_pair
    counts = ((side / t) ** 2, (side / t) ** 2, ((side + power) / t) ** 2, real, none)
    return Needed(elo, normalized if elo > 0 else -normalized, deviation, *(ceil(count) for count in counts))
