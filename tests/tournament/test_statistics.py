"""Statistics of many policies, against the libraries that everybody trusts and against brute force."""

from __future__ import annotations

from itertools import combinations

import choix
import numpy as np
import pytest
from scipy import stats

from pursuit.tournament.bootstrap import estimate, interquartile_mean, interval, resampled
from pursuit.tournament.pool import equilibrium, exploitability, worst_case
from pursuit.tournament.strength import strengths

RNG = np.random.default_rng(20)


def played(hunters: int, guardians: int, games: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Hunters' wins without ties, and numbers of games, [H, G], of policies of random strengths."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(0, 1, hunters), rng.normal(0, 1, guardians)
    num = rng.integers(games // 2, games, (hunters, guardians))
    return rng.binomial(num, 1 / (1 + np.exp(b[None] - a[:, None]))), num


@pytest.mark.parametrize(("hunters", "guardians", "seed"), [(1, 2, 1), (3, 3, 2), (5, 4, 3), (6, 8, 4)])
def test_bradley_terry_agrees_with_choix(hunters: int, guardians: int, seed: int) -> None:
    wins, games = played(hunters, guardians, 60, seed)
    data = []
    for h, g in np.ndindex(wins.shape):
        data += [(h, hunters + g)] * int(wins[h, g]) + [(hunters + g, h)] * int(games[h, g] - wins[h, g])
    for ridge, theirs in (
        (0.0, choix.ilsr_pairwise(hunters + guardians, data)),
        (0.3, choix.opt_pairwise(hunters + guardians, data, alpha=0.3)),
    ):
        mine = np.concatenate(strengths(wins[None].astype(float), games[None].astype(float), ridge=ridge), axis=1)[0]
        assert mine == pytest.approx(theirs - theirs.mean(), abs=1e-4)


def test_replicates_are_fitted_as_if_alone_and_a_clean_sweep_stays_finite() -> None:
    pools = [played(3, 2, 30, seed) for seed in range(5)]
    wins, games = (np.array([pool[at] for pool in pools], float) for at in (0, 1))
    together = strengths(wins, games)
    for at in range(5):
        alone = strengths(wins[at : at + 1], games[at : at + 1])
        assert together[0][at] == pytest.approx(alone[0][0], abs=1e-9)
    sweep, lost = strengths(np.full((1, 1, 1), 1000.0), np.full((1, 1, 1), 1000.0))
    assert 2 < sweep[0, 0] - lost[0, 0] < 20


def test_resampling_has_the_law_of_scipys_bootstrap() -> None:
    turns = np.minimum(RNG.geometric(0.05, 400), 60).astype(float)
    theirs = stats.bootstrap((turns,), np.mean, n_resamples=20000, method="percentile", random_state=1)
    mine = interval(turns.mean(), resampled(turns[:, None], np.random.default_rng(1), 20000)[:, 0])
    width = theirs.confidence_interval.high - theirs.confidence_interval.low
    assert mine.low == pytest.approx(theirs.confidence_interval.low, abs=0.03 * width)
    assert mine.high == pytest.approx(theirs.confidence_interval.high, abs=0.03 * width)
    assert resampled(turns[:, None], np.random.default_rng(1), 20000).std() == pytest.approx(
        theirs.standard_error, rel=0.03
    )


def test_columns_of_a_row_stay_together() -> None:
    first = RNG.random(200)
    drawn = resampled(np.stack([first, 1 - first], axis=1), np.random.default_rng(2))
    assert drawn.sum(axis=1) == pytest.approx(1)
    rows = RNG.integers(0, 2, (1_000_000, 2)).astype(float)
    assert resampled(rows, np.random.default_rng(3)).mean(axis=0) == pytest.approx(rows.mean(axis=0), abs=1e-3)


def test_the_interval_of_a_stratified_statistic_covers_the_truth() -> None:
    truth, held = np.array([0.2, 0.5, 0.6, 0.9]), 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        strata = [(rng.random((100, 1)) < p).astype(float) for p in truth]
        found = estimate(strata, lambda means: interquartile_mean(np.concatenate(means, axis=1))[:, None], rng, 400)
        held += found[0].low <= 0.55 <= found[0].high
    assert 0.90 <= held / 200 <= 0.99


def test_interquartile_mean_is_scipys_where_quarters_are_whole() -> None:
    for num in (4, 8, 40):
        values = RNG.random((3, num))
        assert interquartile_mean(values) == pytest.approx(stats.trim_mean(values, 0.25, axis=1))
    assert interquartile_mean(np.array([0.0, 1.0, 2.0, 3.0, 100.0])) == pytest.approx((0.75 * 1 + 2 + 0.75 * 3) / 2.5)
    assert interquartile_mean(np.array([7.0])) == 7


def brute_value(payoff: np.ndarray) -> float:
    """The value of a small game: the best over all pairs of square supports that makes both sides indifferent."""
    found = []
    for size in range(1, min(payoff.shape) + 1):
        for rows in combinations(range(payoff.shape[0]), size):
            for columns in combinations(range(payoff.shape[1]), size):
                part = payoff[np.ix_(rows, columns)]
                try:
                    x = _indifferent(part.T)
                    y = _indifferent(part)
                except np.linalg.LinAlgError:
                    continue
                if min(x[:-1].min(), y[:-1].min()) < -1e-12:
                    continue
                full_x, full_y = np.zeros(payoff.shape[0]), np.zeros(payoff.shape[1])
                full_x[list(rows)], full_y[list(columns)] = x[:-1], y[:-1]
                if (full_x @ payoff).min() >= (payoff @ full_y).max() - 1e-9:
                    found.append(x[-1])
    assert found and np.ptp(found) < 1e-9
    return float(found[0])


def _indifferent(part: np.ndarray) -> np.ndarray:
    """The mixture y and value v with part @ y = v in every row and Σy = 1."""
    num = len(part)
    system = np.block([[part, -np.ones((num, 1))], [np.ones((1, num)), np.zeros((1, 1))]])
    return np.linalg.solve(system, [*[0.0] * num, 1.0])


@pytest.mark.parametrize("seed", range(20))
def test_equilibrium_agrees_with_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    payoff = rng.random((int(rng.integers(1, 5)), int(rng.integers(1, 5))))
    found = equilibrium(payoff)
    assert found.value == pytest.approx(brute_value(payoff), abs=1e-9)
    assert found.rows.sum() == pytest.approx(1) and found.columns.sum() == pytest.approx(1)
    assert (found.rows @ payoff).min() == pytest.approx(found.value, abs=1e-9)
    assert (payoff @ found.columns).max() == pytest.approx(found.value, abs=1e-9)
    assert (exploitability(payoff) >= -1e-9).all()
    assert worst_case(payoff) == pytest.approx([row.min() for row in payoff])


def test_rock_paper_scissors() -> None:
    payoff = np.array([[0.5, 0, 1], [1, 0.5, 0], [0, 1, 0.5]])
    found = equilibrium(payoff)
    assert found.value == pytest.approx(0.5) and found.rows == pytest.approx([1 / 3] * 3)
    assert exploitability(payoff) == pytest.approx([0.5] * 3)
