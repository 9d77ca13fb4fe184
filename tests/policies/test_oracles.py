"""Oracles: what they promise by the solved game, through the rollout that everybody plays in."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from tests.reference.worlds import NAMES, make_roster, make_world

from pursuit.content.files.problems import ContentError
from pursuit.content.maps import load_map
from pursuit.content.scenario import load_scenario
from pursuit.core.board import Board
from pursuit.core.world import Outcome, Ruleset, Side, World
from pursuit.play.lineup import assign
from pursuit.play.result import Result
from pursuit.play.rollout import rollout
from pursuit.policies.contract import audit
from pursuit.policies.parts.mastery import TIES
from pursuit.policies.registry import describe, make, names
from pursuit.rules.turn import fresh
from pursuit.solve.game import graph_of, rule_of
from pursuit.solve.retrograde import solve
from pursuit.solve.table import NEVER, Table

ORACLES = ("perfect_hunter", "perfect_evader", "set_hunter", "belief_hunter")


def duel(board: Board, pursuers: int, ruleset: Ruleset = Ruleset.ALTERNATING, hops: int = 0, turns: int = 200) -> World:
    """So many pursuers of one mind against one evader who sees them, anywhere on a board."""
    cast = [Side.HUNTER] * pursuers + [Side.GUARDIAN]
    return make_world(
        board,
        make_roster(dict.fromkeys(NAMES, 100), {}, {}, {}),
        kind=[NAMES.index("civilian")] * len(cast),
        side=cast,
        mind=cast,
        quarry=[side == Side.GUARDIAN for side in cast],
        start=[[0]] * len(cast),
        turns=turns,
        ruleset=ruleset,
        capture_hops=hops,
    )


def played(world: World, starts: np.ndarray, *policies: str) -> Result:
    """A rollout from starts ``[B, A]``, the hunters' policy first."""
    state = fresh(world, np.arange(len(starts), dtype=np.uint64), {"node": starts.astype(np.int32)})
    return rollout(
        world, state, assign(world, [policies[int(side == Side.GUARDIAN)] for side in world.side]), strict=True
    )


def finite_starts(table: Table, most: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """Starts ``[B, K + 1]`` that are won but not over, all of them or some, and their turns."""
    turns = table.all_turns()
    starts = np.argwhere(turns > 0)
    if len(starts) > most:
        starts = starts[np.random.default_rng(1).choice(len(starts), most, replace=False)]
    return starts, turns[tuple(starts.T)]


GAMES = [
    ("grid:4x5", 2, Ruleset.ALTERNATING, 0),
    ("grid:4x5", 2, Ruleset.ALTERNATING, 1),
    ("petersen", 3, Ruleset.LAZY, 0),
    ("cycle:9", 2, Ruleset.LAZY, 1),
    ("tree:2x3", 1, Ruleset.ALTERNATING, 0),
]


@pytest.mark.parametrize(("board", "pursuers", "ruleset", "hops"), GAMES)
@pytest.mark.parametrize("ties", TIES)
def test_the_perfect_hunter_needs_what_the_table_says(
    board: str, pursuers: int, ruleset: Ruleset, hops: int, ties: str
) -> None:
    world = duel(load_map(board), pursuers, ruleset, hops)
    table = solve(graph_of(world.board), pursuers, rule_of(ruleset == Ruleset.LAZY, hops))
    starts, wanted = finite_starts(table)
    assert len(starts) > 100
    hunter = f"perfect_hunter(ties={ties})"
    against_best = played(world, starts, hunter, f"perfect_evader(ties={ties})")
    assert (against_best.state.outcome == Outcome.QUARRY_CAPTURED).all()
    assert np.array_equal(against_best.state.turn, wanted)
    for evader in ("random_walk", "runner"):
        against = played(world, starts, hunter, evader)
        assert (against.state.outcome == Outcome.QUARRY_CAPTURED).all()
        assert (against.state.turn <= wanted).all()


def test_the_mean_over_all_starts_is_that_of_the_table() -> None:
    world = duel(load_map("grid:4x4"), 2)
    table = solve(graph_of(world.board), 2)
    starts, _ = finite_starts(table, most=10_000)
    total = int(played(world, starts, "perfect_hunter", "perfect_evader").state.turn.sum())
    assert table.summary.sum == total and table.summary.finite == len(starts) + table.tally[0]


def test_the_perfect_evader_is_never_caught_where_it_need_not_be() -> None:
    world = duel(load_map("petersen"), 2, turns=40)
    starts = np.argwhere(solve(graph_of(world.board), 2).all_turns() == NEVER)
    for hunter in ("perfect_hunter", "interceptor"):
        end = played(world, starts, hunter, "perfect_evader").state
        assert (end.outcome == Outcome.TURN_LIMIT).all()


@pytest.mark.parametrize("name", ["set_hunter", "belief_hunter"])
def test_who_sees_the_quarry_all_the_time_is_perfect(name: str) -> None:
    world = duel(load_map("grid:4x4"), 2)
    starts, wanted = finite_starts(solve(graph_of(world.board), 2), most=200)
    assert np.array_equal(played(world, starts, name, "perfect_evader").state.turn, wanted)


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("ruleset", [Ruleset.ALTERNATING, Ruleset.LAZY])
@pytest.mark.parametrize("sight", [-1, 1])
def test_oracles_keep_the_contract(name: str, ruleset: Ruleset, sight: int) -> None:
    board = replace(load_map("grid:3x4"), sight_hops=sight)
    world = duel(board, 2, ruleset)
    for ties in TIES:
        assert audit(lambda ties=ties: make(f"{name}(ties={ties})"), world) == []


def test_every_oracle_says_that_it_is_one() -> None:
    found = {name: describe(name) for name in names()}
    assert {name for name, said in found.items() if said.oracle} == set(ORACLES)
    assert all(found[name].summary.startswith("Oracle: ") for name in ORACLES)


def test_where_nothing_is_solved_it_says_why() -> None:
    for scenario in ("galleria", "duel_grid"):
        world = load_scenario(scenario, "open").world
        message = "exact play is for the rulesets alternating and lazy, not " + world.ruleset.name.lower()
        with pytest.raises(ContentError, match=re.escape(message)):
            assign(world, ["stand_still"] * world.num_agents, ["hunter=perfect_hunter"])
