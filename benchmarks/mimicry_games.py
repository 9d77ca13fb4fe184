"""Small games of mimicry, as solved and as played: how long the quarry can be sure to live, and what comes of it.

    python benchmarks/mimicry_games.py [BOARD ...] [--sight 2] [--games 1]

Three on a small board (`mimicry_game.toml`), everybody one hop a turn, a blow always lands. The games are played from
every start by the engine: `impostor`, with and without mimicry, hunts `wary`, or whoever reads the solved game
(`sure_quarry`), and a stranger strolls about.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from harness import checksum, options
from pursuit.content.files.problems import ContentError
from pursuit.content.scenario import load_scenario
from pursuit.core.fields import find_sight, find_ways
from pursuit.core.state import Mark, State
from pursuit.core.world import Outcome, World
from pursuit.play.lineup import assign
from pursuit.play.rollout import rollout
from pursuit.play.seeds import episode_seeds
from pursuit.play.voices import Speaker
from pursuit.policies.base import Memory, remember
from pursuit.rules.turn import fresh
from pursuit.sense.observation import Brief, Intents, Observation, idle_intents
from pursuit.solve.game import TooLargeError, graph_of
from pursuit.solve.masquerade import FOR_EVER, Known, Masquerade, Sight, Truth, View, solve_masquerade

SHIFTER, QUARRY, STRANGER = range(3)
BOARDS = ("cycle:6", "cycle:8", "grid:2x4")
HUNTERS = ("impostor(mimicry=false)", "impostor")
SEED = 7


def world_of(board: str, sight: int) -> World:
    """The game on a board; sight counts hops and nothing else, -1 for everything."""
    base = load_scenario(Path(__file__).with_name("mimicry_game.toml"), "open", {"board": board}).world
    far_apart = np.arange(base.board.num_nodes)[:, None] * np.array([[1000.0, 0.0]])  # so that no corner is in the way
    ground = replace(base.board, sight_hops=sight, xy=far_apart)
    roster = replace(base.roster, pace=np.full_like(base.roster.pace, 100), hit=np.full_like(base.roster.hit, 1000))
    return replace(base, board=ground, ways=find_ways(ground), sight=find_sight(ground), roster=roster)


def solved(world: World, mimicry: bool = True) -> Masquerade:
    """The game of a world."""
    nodes = np.arange(world.board.num_nodes)
    sees = world.sight.sees(world.sight.pick(0), nodes[:, None], nodes)
    return solve_masquerade(graph_of(world.board), sees, mimicry=mimicry)


def starts_of(world: World) -> list[tuple[int, Truth]]:
    """Every start: where the quarry is, and the truth."""
    nodes = range(world.board.num_nodes)
    every = [(q, Truth(s, c, m, False)) for q in nodes for s in nodes for c in nodes for m in (False, True)]
    return [(quarry, truth) for quarry, truth in every if quarry != truth.shifter]


def begin(world: World, starts: list[tuple[int, Truth]]) -> State:
    """One episode for each of some starts."""
    node = np.array([[truth.shifter, quarry, truth.stranger] for quarry, truth in starts], np.int32)
    guise = np.array([[STRANGER if truth.masked else SHIFTER, QUARRY, STRANGER] for _, truth in starts], np.int16)
    return fresh(world, episode_seeds(SEED, len(starts)), {"node": node, "guise": guise})


def view_of(obs: Observation, row: int) -> View:
    """What the quarry sees, in the words of the solver."""
    view, left = [], []
    for body in np.flatnonzero(obs.body_node[row] >= 0):
        gone = bool(obs.body_left[row, body])
        node = -1 if gone else int(obs.body_node[row, body])
        changed = bool(obs.body_marks[row, body] & Mark.CHANGED)
        own_look = bool(obs.body_guise[row, body] == SHIFTER)
        (left if gone else view).append(Sight(node, own_look, changed, int(obs.body_was[row, body])))
    return tuple(view + left)


@dataclass(eq=False)
class SureQuarry:
    """Oracle: makes the move after which it can be sure to live longest; then the one that fewest truths strike."""

    game: Masquerade

    name: ClassVar[str] = "sure_quarry"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("guardian",)
    oracle: ClassVar[str] = "solved"

    def init(self, brief: Brief, rows: int) -> Memory:
        self._known: list[Known] = []  # the memory holds numbers of these
        self._best: list[int] = []
        self._number: dict[Known, int] = {}
        return {"known": remember(rows, len(brief.kind), 1)}

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        notes = memory["known"].copy()
        goal = np.full(notes.shape[:2], -1, np.int32)
        for row in range(obs.num_rows):
            node, view = int(obs.node[row, QUARRY]), view_of(obs, row)
            before = int(notes[row, QUARRY, 0])
            known = self.game.first[node, view] if before < 0 else self.game.follow(self._known[before], node, view)
            if known is None:
                raise AssertionError(f"the engine showed {view}, which the solved game holds for impossible")
            notes[row, QUARRY, 0] = number = self._note(known)
            goal[row, QUARRY] = self._best[number]
        return idle_intents(*goal.shape, goal=goal), {"known": notes}

    def _note(self, known: Known) -> int:
        if known not in self._number:
            self._number[known] = len(self._known)
            self._known.append(known)
            self._best.append(max(self.game.moves(known), key=lambda move: (move[1], -move[2]))[0])
        return self._number[known]


def play(world: World, game: Masquerade, hunter: str, guardian: str, games: int) -> dict[str, Any]:
    """One row of the table."""
    starts = starts_of(world) * games
    sure = np.array([game.turns[game.begin(quarry, truth)] for quarry, truth in starts], np.float64)
    sure[sure == FOR_EVER] = inf
    speakers = assign(world, [hunter, "wary" if guardian == "sure_quarry" else guardian, "random_walk"])
    if guardian == "sure_quarry":
        own = Speaker(SureQuarry(game), (QUARRY,), guardian)
        speakers = tuple(own if speaker.slots == (QUARRY,) else speaker for speaker in speakers)
    begun = time.perf_counter()
    end = rollout(world, begin(world, starts), speakers, lanes=256)
    caught = end.state.outcome == Outcome.QUARRY_KILLED
    soon = caught & (end.state.turn < sure)
    both = caught & np.isfinite(sure)
    late = end.state.turn[both] - sure[both]
    return {
        "hunter": hunter,
        "guardian": guardian,
        "games": len(starts),
        "caught": round(float(caught.mean()), 4),
        "too_soon": round(float(soon.mean()), 4),
        "after_sure": round(float(late.mean()), 2) if both.any() else None,
        "seconds": round(time.perf_counter() - begun, 1),
        "checksum": checksum(end.state),
    }


def worth(game: Masquerade, starts: list[tuple[int, Truth]]) -> dict[str, Any]:
    """What the solved game says of some starts."""
    turns = np.array([game.turns[game.begin(quarry, truth)] for quarry, truth in starts])
    ends = turns[turns != FOR_EVER]
    return {
        "sets": len(game.turns),
        "for_ever": round(float((turns == FOR_EVER).mean()), 4),
        "mean_sure": round(float(ends.mean()), 2) if len(ends) else None,
        "most_sure": int(ends.max()) if len(ends) else None,
    }


def main() -> None:
    parser = options((__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("boards", nargs="*", default=list(BOARDS), help="generated boards, of a few nodes")
    parser.add_argument("--sight", type=int, default=2, help="hops that everybody sees; -1 for everything")
    parser.add_argument("--games", type=int, default=1, help="games from each start")
    settings = parser.parse_args()
    if settings.quick:
        settings.boards, settings.games = settings.boards[:1], 1
    rows = []
    try:
        for board in settings.boards:
            world = world_of(board, settings.sight)
            starts = starts_of(world)
            for mimicry in (False, True):
                game = solved(world, mimicry)
                shown = [(quarry, truth) for quarry, truth in starts if mimicry or not truth.masked]
                facts = {"board": board, "mimicry": mimicry, "starts": len(shown), **worth(game, shown)}
                rows.append(facts)
                if not settings.json:
                    print("  ".join(f"{key} {value}" for key, value in facts.items()), flush=True)
            for hunter in HUNTERS:
                for guardian in ("wary", "sure_quarry"):
                    row = {"board": board, **play(world, game, hunter, guardian, settings.games)}
                    rows.append(row)
                    if not settings.json:
                        print("  " + "  ".join(f"{key} {value}" for key, value in row.items()), flush=True)
    except (ContentError, TooLargeError) as error:
        sys.exit(str(error))
    if settings.json:
        print(json.dumps({"benchmark": "mimicry_games", **vars(settings), "rows": rows}))


if __name__ == "__main__":
    main()
