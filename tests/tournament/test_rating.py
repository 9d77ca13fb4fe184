"""Ratings: published vectors, simulated matches, and the edges where nothing varies."""

from __future__ import annotations

from math import inf, log

import numpy as np
import pytest
from scipy import stats

from pursuit.play.result import Estimate, wilson
from pursuit.tournament.power import needed, score_of
from pursuit.tournament.rating import elo, elo_of, mean_score, normalized_elo, superiority
from pursuit.tournament.score import STEPS, Counts, Tally
from pursuit.tournament.sprt import Sprt

WIDE: Counts = (379, 10170, 21828, 10640, 343)
SHORT: Counts = (363, 3205, 5861, 3376, 414)
LAWS = {  # pentanomial laws with mean 1/2
    "even": (0.04, 0.24, 0.44, 0.24, 0.04),
    "wild": (0.25, 0.10, 0.30, 0.10, 0.25),
    "drawish": (0.0, 0.02, 0.96, 0.02, 0.0),
    "skewed": (0.0, 0.4, 0.3, 0.2, 0.1),
    "all or nothing": (0.5, 0.0, 0.0, 0.0, 0.5),
}


def half(estimate: Estimate) -> float:
    return (estimate.high - estimate.low) / 2


def test_published_matches_come_out_to_the_printed_digit() -> None:
    wide, short = Tally(WIDE), Tally(SHORT)
    assert f"{normalized_elo(wide).value:.2f} {half(normalized_elo(wide)):.2f}" == "3.05 2.31"
    assert f"{Sprt(0, 2).ratio(wide):.5f}" == "2.94598"
    assert f"{elo(short).value:.2f} {half(elo(short)):.2f}" == "3.59 2.53"
    assert f"{normalized_elo(short).value:.2f} {half(normalized_elo(short)):.2f}" == "5.93 4.19"
    assert f"{Sprt(0, 3).ratio(short):.2f}" == "2.91"


def test_a_tally_adds_and_flips() -> None:
    one, other = Tally(SHORT), Tally((1, 2, 3, 4, 5))
    assert (one + other).num_pairs == one.num_pairs + 15
    assert one.flipped().flipped() == one
    assert one.flipped().mean == pytest.approx(1 - one.mean)
    assert one.flipped().variance == pytest.approx(one.variance)
    scores = np.repeat(STEPS, SHORT)
    assert Tally.of((scores * 4).astype(np.int64)) == one
    assert (one.mean, one.variance) == pytest.approx((scores.mean(), scores.var()))
    assert elo(one.flipped()).value == pytest.approx(-elo(one).value)
    assert superiority(one) + superiority(one.flipped()) == pytest.approx(1)


@pytest.mark.parametrize(("low", "high"), [(0.0, 30.0), (0.0, 100.0)])
@pytest.mark.parametrize("law", LAWS.values(), ids=list(LAWS))
def test_sprt_stops_wrongly_in_at_most_seven_of_a_hundred(law: tuple[float, ...], low: float, high: float) -> None:
    rng = np.random.default_rng(8)
    wrong = 0
    for _ in range(400):
        _, verdict = Sprt(low, high).decide(rng.choice(5, size=3000, p=law))
        wrong += verdict == "upper"
    assert wrong <= 0.07 * 400


@pytest.mark.parametrize("law", LAWS.values(), ids=list(LAWS))
def test_a_95_percent_interval_holds_the_truth(law: tuple[float, ...]) -> None:
    rng = np.random.default_rng(9)
    held = {"elo": 0, "nelo": 0}
    for counts in rng.multinomial(1000, law, size=2000).tolist():
        tally = Tally(tuple(counts))
        held["elo"] += elo(tally).low <= 0 <= elo(tally).high
        held["nelo"] += normalized_elo(tally).low <= 0 <= normalized_elo(tally).high
    assert all(0.935 <= count / 2000 <= 0.967 for count in held.values()), held


def test_sprt_finds_a_real_lead_soon_and_is_decided_on_the_prefix() -> None:
    rng = np.random.default_rng(10)
    pairs = rng.choice(5, size=20000, p=(0.02, 0.2, 0.4, 0.3, 0.08))
    test = Sprt(0, 20)
    num, verdict = test.decide(pairs)
    assert verdict == "upper" and num < 2000
    assert test.decide(pairs[:num]) == (num, "upper"), "what comes after does not matter"
    assert test.decide(pairs[: num - 1]) == (num - 1, "open")
    assert test.decide(4 - pairs)[1] == "lower"
    assert test.path(pairs)[num - 1] == pytest.approx(test.ratio(Tally.of(pairs[:num])))


def test_who_wins_every_pair_is_found_out_although_nothing_varies() -> None:
    always = np.full(20000, 4)
    num, verdict = Sprt(0, 50).decide(always)
    assert verdict == "upper" and num < 10000
    assert Sprt(-50, 0).decide(4 - always) == (num, "lower")


def test_ties_alone_say_nothing_but_that() -> None:
    ties = Tally((0, 0, 50, 0, 0))
    assert elo(ties).value == 0 and elo(ties).low < 0 < elo(ties).high
    assert normalized_elo(ties) == Estimate(0.0, -inf, inf)
    assert superiority(ties) == 0.5
    assert mean_score(ties) == wilson(25, 50)
    sweep = Tally((0, 0, 0, 0, 50))
    assert elo(sweep).value == inf and 0 < elo(sweep).low < inf
    assert normalized_elo(sweep) == Estimate(inf, -inf, inf) and superiority(sweep) == 1
    assert elo(Tally()).low == -inf and elo(Tally()).value == 0
    assert Sprt(0, 5).ratio(Tally()) == 0
    assert Sprt(-5, 5).decide(np.full(5000, 2)) == (5000, "open")


def test_wilson_is_scipys() -> None:
    for count, num in ((0, 7), (3, 7), (7, 7), (512, 1000), (1, 100000)):
        theirs = stats.binomtest(count, num).proportion_ci(0.95, method="wilson")
        mine = wilson(count, num)
        assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_the_number_of_pairs_needed_is_the_number_it_takes() -> None:
    law = np.array((0.04, 0.22, 0.42, 0.26, 0.06))
    tally = Tally((40, 220, 420, 260, 60))
    lead = elo_of(tally.mean)
    need = needed(lead, tally.deviation)
    assert score_of(lead) == pytest.approx(tally.mean)
    assert need.normalized == pytest.approx(normalized_elo(tally).value)
    assert need.even == need.interval < need.sequential < need.sure
    rng = np.random.default_rng(11)

    def power(num: int) -> float:
        means = np.array([Tally(tuple(c)).mean for c in rng.multinomial(num, law, size=2000).tolist()])
        return float(((means - 0.5) / tally.deviation * num**0.5 > 1.959964).mean())

    assert power(need.even) == pytest.approx(0.5, abs=0.04)
    assert power(need.sure) == pytest.approx(0.95, abs=0.02)
    lengths = [Sprt(0, need.normalized).decide(rng.choice(5, size=20 * need.sure, p=law))[0] for _ in range(300)]
    assert np.mean(lengths) == pytest.approx(need.sequential, rel=0.15)
    with pytest.raises(ValueError, match="a lead of 0"):
        needed(0, 0.2)


def test_the_limits_are_walds() -> None:
    assert Sprt(0, 1).limits == pytest.approx((log(0.05 / 0.95), log(0.95 / 0.05)))
