"""Intervals by resampling: whole rows are drawn again, so that what was played on one seed stays together.

Dimension letters: ``S`` seeds (rows), ``C`` columns, ``X`` replicates.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pursuit.play.result import Estimate

Floats = NDArray[np.float64]

REPLICATES = 1000
_CELLS_AT_ONCE = 1 << 22


def resampled(rows: Floats, rng: np.random.Generator, replicates: int = REPLICATES) -> Floats:
    """Column means of samples of S rows, drawn with replacement, [X, C].

    Equal rows are drawn together, by a multinomial law over the distinct ones: the same distribution, and a million
    games that can end in a hundred ways cost no more than a hundred.
    """
    distinct, counts = np.unique(rows, axis=0, return_counts=True)
    num, block = len(rows), max(1, _CELLS_AT_ONCE // len(distinct))
    parts = []
    for start in range(0, replicates, block):
        drawn = rng.multinomial(num, counts / num, size=min(block, replicates - start))
        parts.append(drawn @ distinct / num)
    return np.concatenate(parts)


def interval(value: float, replicates: Floats) -> Estimate:
    """A value with the 95 % percentile interval of its replicates, [X]."""
    low, high = np.quantile(replicates, (0.025, 0.975))
    return Estimate(value, float(low), float(high))


def estimate(
    strata: list[Floats],
    statistic: Callable[[list[Floats]], Floats],
    rng: np.random.Generator,
    replicates: int = REPLICATES,
) -> list[Estimate]:
    """A vector of statistics of the column means of several strata, each with its interval.

    Each stratum [S, C] is resampled by itself; ``statistic`` maps the strata's means, [X, C] each, to [X, K].
    """
    values = statistic([rows.mean(axis=0, keepdims=True) for rows in strata])[0]
    drawn = statistic([resampled(rows, rng, replicates) for rows in strata])
    return [interval(float(value), drawn[:, at]) for at, value in enumerate(values)]


def interquartile_mean(values: Floats) -> Floats:
    """The mean of the middle half, along the last axis; what straddles a quartile counts in part."""
    num = values.shape[-1]
    edges = np.clip(np.arange(num + 1), num / 4, 3 * num / 4)
    weights = np.diff(edges)
    mean: Floats = np.sort(values, axis=-1) @ weights / weights.sum()
    return mean
