"""Games as they are played: the same whoever plays them, and nobody loses by somebody else's fault."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tests.tournament.staff import EVERY, HERE, QUICK, played, small

from pursuit.core.world import Side
from pursuit.play.lineup import assign
from pursuit.play.rollout import rollout
from pursuit.rules.turn import fresh
from pursuit.sense.keys import mind_keys
from pursuit.tournament import pools
from pursuit.tournament.ledger import read_ledger
from pursuit.tournament.referee import By, Fault
from pursuit.tournament.results import Results
from pursuit.tournament.sprt import Sprt


def ledger_set(folder: Path) -> set[bytes]:
    rows = read_ledger(folder)[1]
    assert len(rows) == len(set(rows["game"].tolist()))
    return {row.tobytes() for row in rows}


def test_results_are_those_of_plain_rollouts(tmp_path: Path) -> None:
    plan = small("beeline/runner", "random_walk/safe_path", mode="match", venues=("duel_torus", "duel_lazy"))
    results = played(plan, tmp_path, batch=7)
    schedule = results.schedule
    for at, cell in enumerate(schedule.cells):
        scenario = plan.venues[cell.venue].load()
        overrides = [f"hunter={cell.hunter}", f"guardian={cell.guardian}"]
        seeds = schedule.seeds(cell.venue, np.arange(plan.pairs))
        lineup = assign(scenario.world, scenario.policies, overrides)
        result = rollout(scenario.world, fresh(scenario.world, seeds), lineup)
        assert np.array_equal(results.games["turns"][at], result.turns)
        assert np.array_equal(results.games["outcome"][at], result.outcome)
        assert np.array_equal(results.games["score"][at] / 2, result.score)
    quarters = 2 * results.games["score"][0] / 2 + 2 * (1 - results.games["score"][1] / 2)
    assert np.array_equal(results.quarters(0)[0::2], quarters)


def test_a_policy_against_itself_ties_every_pair(tmp_path: Path) -> None:
    for at, (entrant, venue) in enumerate((("beeline/runner", "duel_torus"), ("interceptor/escort", "galleria"))):
        plan = small(entrant, entrant, mode="match", venues=(venue,), pairs=10)
        results = played(plan, tmp_path / str(at), batch=4)
        assert results.tally(0).counts == (0, 0, 10, 0, 0)
        assert len(set(results.games["play"][0].tolist())) > 5, "the games differ"
        assert np.array_equal(results.games[0], results.games[1]), "and each is the same again"


@pytest.mark.parametrize("batch", [1, 5])
def test_the_size_of_batches_changes_nothing(tmp_path: Path, batch: int) -> None:
    plan = small("beeline/runner", "interceptor/escort", mode="match", venues=("galleria",), pairs=6)
    played(plan, tmp_path / "a", batch=batch)
    played(plan, tmp_path / "b")
    assert ledger_set(tmp_path / "a") == ledger_set(tmp_path / "b")


def test_any_executor_will_do(tmp_path: Path) -> None:
    plan = small("beeline/runner", "random_walk/safe_path", mode="match")
    threads = pools.Pool(lambda: ThreadPoolExecutor(2), 2)
    played(plan, tmp_path / "a", threads, batch=3)
    played(plan, tmp_path / "b", pools.processes(2), batch=3)
    assert ledger_set(tmp_path / "a") == ledger_set(tmp_path / "b")


def test_a_sequential_test_stops_and_counts_the_same_pairs_whatever_else_was_played(tmp_path: Path) -> None:
    plan = small("interceptor", "random_walk/", mode="match", pairs=3000, sprt=Sprt(0, 100))
    one = played(plan, tmp_path / "a", batch=16)
    num, verdict = one.stop(0)
    assert verdict == "upper" and num < 600
    assert not one.done.all(), "the rest was not played"
    other = played(plan, tmp_path / "b", batch=200)
    assert other.stop(0) == (num, verdict) and other.tally(0) == one.tally(0)
    assert np.array_equal(one.counted(), other.counted()) and one.counted()[:, num - 1].all()
    assert not one.counted()[:, num:].any()


def due(results: Results, side: Side) -> np.ndarray:
    """In which games of index 0, 1, … a faulty policy of a side is faulty, [S]."""
    world = results.schedule.plan.venues[0].load().world
    seeds = results.schedule.seeds(0, np.arange(results.schedule.plan.pairs))
    mind = world.mind[int(np.flatnonzero(world.side == side)[0])]
    return mind_keys(world, seeds)[:, mind] % np.uint64(EVERY) == 0


def faulty(name: str, fault: Fault, tmp_path: Path, pool: pools.Pool | None = None, pairs: int = 16) -> None:
    """A policy that is faulty in some games forfeits those, and all else is as with a sound one."""
    plan = small(f"{HERE}:{name}/", "random_walk/", mode="match", pairs=pairs, limits=QUICK)
    results = played(plan, tmp_path, pool)
    bad, sound = results.games
    planted = due(results, Side.HUNTER) & (sound["turns"] > 2)
    assert 0 < planted.sum() < pairs
    assert np.array_equal(bad["fault"], np.where(planted, fault, Fault.NONE))
    assert np.array_equal(bad[~planted], sound[~planted])
    by = By.OTHERS if fault == Fault.KILLED else By.HUNTER
    assert (bad["by"][planted] == by).all() and (bad["score"][planted] == (by == By.OTHERS)).all()
    assert (bad["turns"][planted] == (0 if fault == Fault.KILLED else 2)).all()


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("Crashes", Fault.CRASH),
        ("Hangs", Fault.HANG),
        ("Dawdles", Fault.SLOW),
        ("Misshapen", Fault.SHAPE),
        ("Cheats", Fault.ILLEGAL),
        ("Devours", Fault.MEMORY),
    ],
)
def test_a_fault_forfeits_its_game_and_no_other(tmp_path: Path, name: str, fault: Fault) -> None:
    faulty(name, fault, tmp_path)


def test_a_hang_is_broken_off_outside_the_main_thread_too(tmp_path: Path) -> None:
    faulty("Hangs", Fault.HANG, tmp_path, pools.Pool(lambda: ThreadPoolExecutor(1), 1))


@pytest.mark.slow
def test_all_faults_in_one_tournament_are_counted_as_planted(tmp_path: Path) -> None:
    kinds = {"Crashes": Fault.CRASH, "Hangs": Fault.HANG, "Dawdles": Fault.SLOW, "Misshapen": Fault.SHAPE}
    kinds |= {"Cheats": Fault.ILLEGAL, "Devours": Fault.MEMORY, "Dies": Fault.KILLED}
    entrants = [f"{HERE}:{name}/" for name in kinds]
    plan = small("random_walk/", "beeline/", *entrants, mode="gauntlet", pairs=16, limits=QUICK)
    results = played(plan, tmp_path / "all", pools.processes(2))
    alone = played(small("random_walk/", "beeline/", mode="match", pairs=16, limits=QUICK), tmp_path / "two")
    assert np.array_equal(results.games[:2], alone.games), "the sound ones play as if the others were not there"
    planted = due(results, Side.HUNTER) & (results.games["turns"][0] > 2)
    for at, cell in enumerate(results.schedule.cells[2:], start=2):
        kind = kinds[cell.hunter.rpartition(":")[2]]
        assert np.array_equal(results.games["fault"][at], np.where(planted, kind, Fault.NONE)), cell.hunter
        assert np.array_equal(results.games[at][~planted], results.games[0][~planted])


@pytest.mark.slow
def test_a_policy_that_kills_its_process_forfeits_its_game_and_no_other(tmp_path: Path) -> None:
    faulty("Dies", Fault.KILLED, tmp_path, pools.processes(2))


def test_who_never_starts_forfeits_everything_at_once(tmp_path: Path) -> None:
    plan = small(f"/{HERE}:NeverStarts", "/runner", mode="match", pairs=200)
    results = played(plan, tmp_path)
    at = next(at for at, cell in enumerate(results.schedule.cells) if cell.guardian.startswith(HERE))
    assert (results.games["fault"][at] == Fault.CRASH).all() and (results.games["by"][at] == By.GUARDIAN).all()
    assert (results.games["score"][at] == 2).all()


def test_illegal_moves_are_found_in_the_story_as_well(tmp_path: Path) -> None:
    plan = small(f"{HERE}:Cheats/", "random_walk/", mode="match", venues=("galleria",), pairs=12)
    results = played(plan, tmp_path)
    bad, sound = results.games
    planted = due(results, Side.HUNTER) & (sound["turns"] > 2)
    assert planted.any() and np.array_equal(bad["fault"] == Fault.ILLEGAL, planted)
    assert np.array_equal(bad[~planted], sound[~planted])
