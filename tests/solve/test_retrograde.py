"""The solver against the plain one, and the table against play by it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from tests.solve.plain import plain_turns

from pursuit.content.maps import load_map
from pursuit.solve import strokes
from pursuit.solve.game import RULES, Graph, TooLargeError, graph_from_pairs, graph_of
from pursuit.solve.retrograde import solve
from pursuit.solve.table import NEVER, Table

QUICK, ALL = 30, 300


def random_game(seed: int) -> tuple[list[set[int]], int, str, frozenset[int]]:
    """Ways out of each node, number of pursuers, rule and exits."""
    rng = np.random.default_rng(seed)
    pursuers = seed % 3 + 1
    num = int(rng.integers(1, (13, 9, 7)[pursuers - 1]))
    joined = rng.random((num, num)) < rng.uniform(0.1, 0.7)
    np.fill_diagonal(joined, False)
    if seed % 5:  # one in five has one-way edges
        joined |= joined.T
    exits = frozenset(np.flatnonzero(rng.random(num) < 0.2).tolist()) if seed % 4 == 0 else frozenset()
    rule = ("alternating", "alternating", "adjacent", "lazy")[int(rng.integers(4))]
    return [set(np.flatnonzero(row).tolist()) for row in joined], pursuers, rule, exits


def graph_from(out: list[set[int]]) -> Graph:
    pairs = np.array([(a, b) for a, ends in enumerate(out) for b in ends], np.intp).reshape(-1, 2)
    return graph_from_pairs(len(out), pairs[:, 0], pairs[:, 1])


def compare(seed: int) -> None:
    out, pursuers, rule, exits = random_game(seed)
    table = solve(graph_from(out), pursuers, RULES[rule], exits=sorted(exits))
    plain = plain_turns(out, pursuers, adjacent=rule == "adjacent", lazy=rule == "lazy", exits=exits)
    nodes = range(len(out))
    expected = np.full((len(out),) * (pursuers + 1), NEVER)
    for (team, evader), turns in plain.items():
        expected[(*team, evader)] = turns
    found = table.all_turns()
    assert np.array_equal(found, expected), seed
    at = np.indices(found.shape)
    assert np.array_equal(table.turns(np.moveaxis(at[:-1], 0, -1), at[-1]), expected)
    finite = expected[expected != NEVER]
    summary = table.summary
    assert (summary.finite, summary.sum, summary.max) == (finite.size, finite.sum(), finite.max(initial=0))
    worst = {team: [plain.get((team, e)) for e in nodes] for team in product(nodes, repeat=pursuers)}
    sure = [max(times) for times in worst.values() if None not in times]  # type: ignore[type-var]
    assert table.capture_time == min(sure, default=None)
    if table.placement is not None:
        assert max(worst[table.placement]) == table.capture_time  # type: ignore[type-var]


@pytest.mark.parametrize("seed", range(QUICK))
def test_random_graphs(seed: int) -> None:
    compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(QUICK, ALL))
def test_more_random_graphs(seed: int) -> None:
    compare(seed)


def test_four_pursuers() -> None:
    out = [{1, 2}, {0, 3}, {0, 3}, {1, 2}]
    found = solve(graph_from(out), 4).all_turns()
    for (team, evader), turns in plain_turns(out, 4).items():
        assert found[(*team, evader)] == turns


def play(table: Table, team: np.ndarray, evader: np.ndarray, rng: np.random.Generator | None) -> np.ndarray:
    """Turns until capture of each start, pursuers by the table, evader by the table or at random."""
    wanted = table.turns(team, evader)
    took = np.where(table.captured(team, evader), 0, NEVER)
    for turn in range(1, int(wanted.max()) + 1):
        rows = np.arange(len(team))
        nodes, value = table.pursuer_moves(team, evader)
        team = nodes[rows, np.where(value == NEVER, 1 << 30, value).argmin(axis=1)]
        caught = table.captured(team, evader) if table.rule.tested_early else np.zeros(len(team), np.bool_)
        answers, value = table.evader_moves(team, evader)
        choice = value.argmax(axis=1) if rng is None else rng.integers(answers.shape[1], size=len(team))
        evader = np.where(caught | (took != NEVER), evader, answers[rows, choice])
        took = np.where((took == NEVER) & (caught | table.captured(team, evader)), turn, took)
    return took


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize(("board", "pursuers"), [("grid:4x5", 2), ("petersen", 3), ("cycle:9", 2), ("tree:2x3", 1)])
def test_play_by_the_table_takes_the_turns_of_the_table(board: str, pursuers: int, rule: str) -> None:
    table = solve(graph_of(load_map(board)), pursuers, RULES[rule])
    starts = np.random.default_rng(5).integers(table.graph.num_nodes, size=(400, pursuers + 1))
    team, evader = starts[:, :-1], starts[:, -1]
    wanted = table.turns(team, evader)
    finite = wanted != NEVER
    team, evader, wanted = team[finite], evader[finite], wanted[finite]
    assert len(wanted) > 100
    assert np.array_equal(play(table, team, evader, None), wanted)
    at_random = play(table, team, evader, np.random.default_rng(6))
    assert (at_random != NEVER).all() and (at_random <= wanted).all()


def test_the_figure_comes_before_the_memory() -> None:
    with pytest.raises(TooLargeError, match=r"10,000 nodes with 2 pursuers take [\d,]+ MiB; the budget is 2,048 MiB"):
        solve(graph_of(load_map("path:10000")), 2)


@pytest.mark.parametrize("pursuers", [0, 5])
def test_one_to_four_pursuers(pursuers: int) -> None:
    with pytest.raises(ValueError, match="1 to 4 pursuers"):
        solve(graph_of(load_map("path:3")), pursuers)


def test_an_exit_must_be_a_node() -> None:
    with pytest.raises(ValueError, match="exits are nodes 0 to 2"):
        solve(graph_of(load_map("path:3")), 1, exits=[3])


@pytest.mark.parametrize(("board", "pursuers", "rule"), [("grid:9x8", 2, "adjacent"), ("random:21:0.1:3", 3, "lazy")])
def test_the_table_does_not_depend_on_how_it_is_cut(
    board: str, pursuers: int, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = graph_of(load_map(board))
    whole = solve(graph, pursuers, RULES[rule])
    monkeypatch.setattr(strokes, "_CHUNK_WORDS", 130)
    cut = solve(graph, pursuers, RULES[rule])
    assert cut.tally == whole.tally and cut.placement == whole.placement
    assert np.array_equal(cut.all_turns(), whole.all_turns())
