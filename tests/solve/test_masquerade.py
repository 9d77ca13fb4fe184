"""The small game of mimicry: a plain recursion over what is seen, the classical games it contains, and the engine."""

from __future__ import annotations

import importlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import product
from types import ModuleType
from typing import ClassVar

import numpy as np
import pytest

from pursuit.content.maps import load_map
from pursuit.core.state import Status, Verb
from pursuit.play.lineup import assign
from pursuit.play.rollout import rollout
from pursuit.play.voices import Speaker
from pursuit.policies.base import NO_MEMORY, Memory
from pursuit.policies.parts.chance import dice
from pursuit.sense.observation import Brief, Intents, Observation, idle_intents
from pursuit.solve.game import ALTERNATING, Graph, TooLargeError, graph_of
from pursuit.solve.masquerade import FOR_EVER, Masquerade, Truth, solve_masquerade
from pursuit.solve.retrograde import solve

Body = tuple[int, str, int]  # node, look, name that the quarry gave it (-1: out of sight)
Secret = tuple[Body, Body, str]  # shifter, stranger, look that the shifter is about to have


def far(board: str, hops: int) -> tuple[Graph, np.ndarray]:
    graph = graph_of(load_map(board))
    return graph, np.linalg.matrix_power(graph.reach.astype(np.int64), hops) > 0


def named(before: Secret | None, after: Secret, sees: np.ndarray, names: int) -> list[tuple[object, Secret]]:
    """What is seen of a secret, and the secret with the names that the quarry may give; new ones are `names` on."""
    (s, look, _), (c, dress, _), coming = after
    old = (before[0][2], before[1][2]) if before else (-1, -1)
    changed = before is not None and before[0][1] != look
    new = [who for who, node in enumerate((s, c)) if sees[node] and old[who] < 0]
    found = []
    for order in {tuple(new), tuple(reversed(new))}:
        given = [old[who] if sees[node] else -1 for who, node in enumerate((s, c))]
        for number, who in enumerate(order):
            given[who] = names + number
        shown = sorted(
            (given[who], node, worn, changed and who == 0)
            for who, (node, worn) in enumerate(((s, look), (c, dress)))
            if sees[node]
        )
        if [one[1:3] for one in shown if one[0] >= names] != sorted(one[1:3] for one in shown if one[0] >= names):
            continue  # new ones are numbered by place and look
        slipped = old[0] if changed and not sees[s] else -1
        given[0] = max(given[0], slipped)
        found.append(((tuple(shown), slipped), ((s, look, given[0]), (c, dress, given[1]), coming)))
    return found


def lives(graph: Graph, sees: np.ndarray, quarry: int, secrets: frozenset[Secret], turns: int, names: int) -> bool:
    """Whether the quarry has a plan that keeps it from every blow for so many turns, whichever secret is true."""
    if not turns:
        return True
    ways = [np.flatnonzero(row) for row in graph.reach]
    for move in ways[quarry]:
        groups: dict[object, set[Secret]] = defaultdict(set)
        struck = False
        for secret in secrets:
            (s, _, name), (c, dress, other), coming = secret
            for deed in [*ways[s], "own", "stranger"]:
                if deed == coming:
                    continue
                changes = isinstance(deed, str)
                to = s if changes else int(deed)
                if not changes and (to == move or (to == quarry and move == s)):
                    struck = True
                for walk in ways[c]:
                    later = ((to, coming, name), (int(walk), dress, other), deed if changes else coming)
                    for seen, known in named(secret, later, sees[move], names):
                        groups[seen].add(known)
        if not struck and all(
            lives(graph, sees, int(move), frozenset(group), turns - 1, names + 2) for group in groups.values()
        ):
            return True
    return False


@pytest.mark.parametrize(
    ("board", "hops", "most"), [("path:3", 1, 3), ("path:4", 1, 3), ("path:4", 2, 3), ("cycle:4", 1, 2)]
)
def test_plain(board: str, hops: int, most: int) -> None:
    """A recursion over the names and views of each history agrees on every start, up to so many turns."""
    graph, sees = far(board, hops)
    game = solve_masquerade(graph, sees)
    nodes = range(graph.num_nodes)
    starts: dict[tuple[int, object], dict[Secret, Truth]] = defaultdict(dict)
    for quarry, s, c, masked in product(nodes, nodes, nodes, (False, True)):
        look = "stranger" if masked else "own"
        for seen, secret in named(None, ((s, look, -1), (c, "stranger", -1), look), sees[quarry], 0):
            if s != quarry:
                starts[quarry, seen][secret] = Truth(s, c, masked, False)
    told = Counter()
    for (quarry, _), group in starts.items():
        turns = {game.turns[game.begin(quarry, truth)] for truth in group.values()}
        assert len(turns) == 1, "whoever sees the same knows the same"
        sure = turns.pop()
        for horizon in range(1, most + 1):
            alive = sure == FOR_EVER or sure > horizon
            assert lives(graph, sees, quarry, frozenset(group), horizon, 2) == alive, (quarry, group, horizon)
        told[sure] += 1
    assert len(told) > 1


@pytest.mark.parametrize("board", ["path:5", "cycle:6", "grid:2x3"])
def test_a_mask_is_one_more_pursuer(board: str) -> None:
    """In full sight it is cops and robbers, the robber first: with one cop unmasked, with two behind one look."""
    graph, everything = far(board, 5)
    nodes = range(graph.num_nodes)
    reach = [np.flatnonzero(row) for row in graph.reach]
    bare, masked = solve_masquerade(graph, everything, mimicry=False), solve_masquerade(graph, everything)
    one, two = (solve(graph, pursuers, ALTERNATING) for pursuers in (1, 2))
    for quarry, s, c in product(nodes, nodes, nodes):
        if quarry in (s, c):
            continue
        for game, table, team, truth in (
            (bare, one, [s], Truth(s, c, False, False)),
            (masked, two, [s, c], Truth(s, c, True, False)),
        ):
            after = [int(table.turns(np.array([team]), np.array([move]))[0]) for move in reach[quarry]]
            best = FOR_EVER if -1 in after else max(1, *after)
            assert game.turns[game.begin(quarry, truth)] == best, (quarry, truth)


def test_too_large() -> None:
    graph, sees = far("cycle:8", 2)
    with pytest.raises(TooLargeError, match="beyond 100 sets"):
        solve_masquerade(graph, sees, most_sets=100)


@pytest.fixture(scope="module")
def games() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend("benchmarks")
        return importlib.import_module("mimicry_games")


@pytest.mark.parametrize("hunter", ["impostor", "tests.solve.test_masquerade:Fickle"])
def test_the_engine_plays_this_game(games: ModuleType, hunter: str) -> None:
    """By the engine, everything seen is possible in the solved game, and nobody is struck before the turn it gives."""
    world = games.world_of("grid:2x3", 2)
    starts = games.starts_of(world) * 2
    game: Masquerade = games.solved(world)
    others = assign(world, [hunter, "stand_still", "random_walk"])
    speakers = [speaker for speaker in others if speaker.slots != (games.QUARRY,)]
    own = Speaker(games.SureQuarry(game), (games.QUARRY,), "sure_quarry")
    end = rollout(world, games.begin(world, starts), (*speakers, own), turns=12).state
    sure = np.array([game.turns[game.begin(quarry, truth)] for quarry, truth in starts])
    struck = end.status[:, games.QUARRY] == Status.DEAD.value
    assert struck.sum() > 20
    assert (sure[struck] != FOR_EVER).all() and (end.turn[struck] >= sure[struck]).all()


@dataclass(eq=False)
class Fickle:
    """Goes anywhere, changes now and then, and strikes whoever looks like the quarry unless it changes."""

    name: ClassVar[str] = "fickle"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("hunter",)

    def init(self, brief: Brief, rows: int) -> Memory:
        self._neighbor = brief.board.neighbor
        return NO_MEMORY

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        shape = obs.node.shape
        goal, object_ = np.full(shape, -1, np.int32), np.full(shape, -1, np.int32)
        verb = np.zeros(shape, np.int8)
        bits = dice(obs.key, obs.turn, np.zeros(len(obs.turn), np.int64))
        for row, chance in enumerate(bits.astype(np.int64)):
            quarry = np.flatnonzero(obs.body_guise[row] == 1)
            ways = self._neighbor[obs.node[row, 0]]
            goal[row, 0] = ways[chance % len(ways)]
            if chance // 8 % 4 == 0 and obs.pending[row, 0] < 0:
                verb[row, 0], object_[row, 0] = Verb.MORPH, 2 - obs.guise[row, 0]
            elif len(quarry):
                verb[row, 0], object_[row, 0] = Verb.STRIKE, quarry[0]
        return idle_intents(*shape, goal=goal, verb=verb, object=object_), memory
