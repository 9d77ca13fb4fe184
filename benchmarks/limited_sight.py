"""The published setting of limited sight, played by hunters who read the solved game and by those who do not.

    python benchmarks/limited_sight.py [BOARD or EDGE LIST ...] [--games 500] [--range 2] [--turns 128] [--hops 0|1]

Two pursuers see so many hops around themselves and tell each other; the evader sees everything, moves after them and
plays best (`perfect_evader`). Starts are drawn evenly among all placements in which both pursuers are farther from the
evader than they see. Every row says how ties are broken, and the games can be played again by board, seed and row.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from harness import checksum, options
from pursuit.content.boards.generate import from_graph
from pursuit.content.boards.graphfile import read_graph
from pursuit.content.files.problems import ContentError, fail
from pursuit.content.maps import load_map
from pursuit.content.scenario import load_scenario
from pursuit.core.board import Board, Mode
from pursuit.core.fields import find_sight, find_ways
from pursuit.core.world import Outcome, Side, World
from pursuit.play.lineup import assign
from pursuit.play.result import wilson
from pursuit.play.rollout import rollout
from pursuit.rules.turn import fresh

BOARDS = ("grid:10x10", "torus:8x8", "streets:15x17:0.22:1", "galleria")
HUNTERS = (
    ("beeline", False),
    ("set_hunter(ties=first)", False),
    ("set_hunter(ties=keyed)", False),
    ("belief_hunter(ties=first)", False),
    ("belief_hunter(ties=keyed)", False),
    ("beeline", True),
    ("perfect_hunter(ties=first)", True),
)
"""Policies, and whether they see everything."""


def board_of(name: str) -> Board:
    """A shipped or generated board, or one from an edge list."""
    if not Path(name).is_file():
        return load_map(name)
    file = read_graph(Path(name))
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(file.number)))
    graph.add_edges_from(file.pairs)
    return from_graph(graph, name)


def world_of(board: Board, sight: int, turns: int, hops: int) -> World:
    """Two pursuers of one mind and an evader; sight counts hops and nothing else, as in the published setting."""
    far_apart = np.arange(board.num_nodes)[:, None] * np.array([[1000.0, 0.0]])  # so that no corner is in the way
    board = replace(board, sight_hops=sight, xy=far_apart)
    base = load_scenario("duel_torus", "open").world
    exits = np.zeros((len(base.exits), board.num_nodes), np.bool_)
    return replace(
        base, board=board, ways=find_ways(board), sight=find_sight(board), exits=exits, turns=turns, capture_hops=hops
    )


def starts_of(world: World, games: int, least: int, seed: int) -> np.ndarray:
    """Places [games, 3] with both pursuers more than so many hops from the evader, from whom they can reach it."""
    rng, num = np.random.default_rng(seed), world.board.num_nodes
    table, found = int(world.ways.pick(int(Mode.FOOT), False, 0)), np.empty((0, 3), np.int32)
    for _ in range(1000):
        places = rng.integers(num, size=(4 * games, 3)).astype(np.int32)
        apart = world.ways.distance(table, places[:, :2], places[:, 2:])
        found = np.concatenate([found, places[((apart > least) & (apart < world.ways.far)).all(axis=1)]])
        if len(found) >= games:
            return found[:games]
    raise fail("no-starts", f"no starts are more than {least} hops apart", world.world.name)


def play(board: Board, hunter: str, sees_all: bool, settings: Any) -> dict[str, Any]:
    """One row of the table."""
    world = world_of(board, -1 if sees_all else settings.range, settings.turns, settings.hops)
    limited = world_of(board, settings.range, settings.turns, settings.hops)
    starts = starts_of(limited, settings.games, settings.range, settings.seed)
    state = fresh(world, np.arange(settings.games, dtype=np.uint64), {"node": starts})
    policies = ["perfect_evader" if side != Side.HUNTER else hunter for side in world.side]
    begun = time.perf_counter()
    end = rollout(world, state, assign(world, policies)).state
    caught = end.outcome == Outcome.QUARRY_CAPTURED
    share = wilson(int(caught.sum()), settings.games)
    return {
        "hunter": hunter,
        "sees": "all" if sees_all else f"{settings.range} hops",
        "captured": int(caught.sum()),
        "share": round(share.value, 4),
        "low": round(share.low, 4),
        "high": round(share.high, 4),
        "mean_turns": round(float(end.turn[caught].mean()), 2) if caught.any() else None,
        "seconds": round(time.perf_counter() - begun, 2),
        "checksum": checksum(end),
    }


def main() -> None:
    parser = options((__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("boards", nargs="*", default=list(BOARDS), help="maps, generated boards or edge lists")
    parser.add_argument("--games", type=int, default=500)
    parser.add_argument("--range", type=int, default=2, help="hops that pursuers see")
    parser.add_argument("--turns", type=int, default=128)
    parser.add_argument("--hops", type=int, default=0, choices=(0, 1), help="how near captures")
    parser.add_argument("--seed", type=int, default=1, help="of the starts; game k has seed k")
    settings = parser.parse_args()
    if settings.quick:
        settings.games, settings.turns = min(settings.games, 60), min(settings.turns, 40)
    rows = []
    try:
        for name in settings.boards:
            board = board_of(name)
            if not settings.json:
                print(
                    f"{name}: {board.num_nodes} nodes, {settings.games} games, starts more than {settings.range} hops "
                    f"apart by seed {settings.seed}, {settings.turns} turns, capture within {settings.hops} hops"
                )
            for hunter, sees_all in HUNTERS:
                row = {"board": name, **play(board, hunter, sees_all, settings)}
                rows.append(row)
                if not settings.json:
                    share = f"{row['share']:7.3f} ({row['low']:.3f} to {row['high']:.3f})"
                    turns = f"{row['mean_turns']:6.1f} turns" if row["mean_turns"] is not None else 12 * " "
                    took = f"{row['seconds']:7.1f} s  checksum {row['checksum']}"
                    print(f"  {hunter:27} sees {row['sees']:7} {share}  {turns} {took}", flush=True)
    except ContentError as error:
        sys.exit(str(error))
    if settings.json:
        print(json.dumps({"benchmark": "limited_sight", **vars(settings), "rows": rows}))


if __name__ == "__main__":
    main()
