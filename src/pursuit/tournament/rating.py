"""What a tally is worth: Elo, normalized Elo, likelihood of superiority, each from the scores alone.

With μ and σ² the mean and variance of the pair score over N pairs, C = 800/ln 10 and t = (μ − ½)/σ:
Elo(x) = −400·log₁₀(1/x − 1), nElo = C·t/√2 ± 1.96·C/√(2N), LOS = Φ(t·√N). The model is that of the match runners of
chess engines: pentanomial statistics and normalized Elo as Michel Van den Bergh derived them for fishtest.
"""

from __future__ import annotations

from math import inf, log, log10, sqrt
from statistics import NormalDist

from pursuit.play.result import Estimate, wilson
from pursuit.tournament.score import Tally

C = 800 / log(10)
Z95 = NormalDist().inv_cdf(0.975)


def elo_of(score: float) -> float:
    """The difference in Elo at which a score is expected; ± infinity for 1 and 0."""
    if score <= 0 or score >= 1:
        return inf if score >= 1 else -inf
    return -400 * log10(1 / score - 1)


def mean_score(tally: Tally) -> Estimate:
    """The mean pair score with its 95 % interval.

    Pairs that all gave the same show no variance; they get the Wilson interval of as many plain wins and losses, which
    is too wide rather than too narrow.
    """
    num, mean = tally.num_pairs, tally.mean
    if not num:
        return Estimate(mean, 0.0, 1.0)
    if not tally.variance:
        return wilson(mean * num, num)
    half = Z95 * tally.deviation / sqrt(num)
    return Estimate(mean, max(0.0, mean - half), min(1.0, mean + half))


def elo(tally: Tally) -> Estimate:
    """The first entrant's lead in Elo, with the 95 % interval of its mean score."""
    mean = mean_score(tally)
    return Estimate(elo_of(mean.value), elo_of(mean.low), elo_of(mean.high))


def normalized_elo(tally: Tally) -> Estimate:
    """The lead in units of a game's noise, which makes drawish and wild boards comparable.

    Without variance it is not known: 0 if all pairs were tied, else infinite, and the interval is everything.
    """
    num = tally.num_pairs
    if not tally.variance:
        return Estimate(0.0 if tally.mean == 0.5 else elo_of(round(tally.mean)), -inf, inf)
    value = C * (tally.mean - 0.5) / tally.deviation / sqrt(2)
    half = Z95 * C / sqrt(2 * num)
    return Estimate(value, value - half, value + half)


def superiority(tally: Tally) -> float:
    """Likelihood that the first entrant is the stronger one, 0 … 1."""
    if not tally.variance:
        return 0.5 if tally.mean == 0.5 else float(tally.mean > 0.5)
    return NormalDist().cdf((tally.mean - 0.5) / tally.deviation * sqrt(tally.num_pairs))
