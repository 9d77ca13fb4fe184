"""What holds of every episode whatever is played: rows keep to themselves, steps are pure, the ended rest.

And *perft*: the number of joint move sequences to a depth, counted through the engine and by plain recursion.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from random import Random

import numpy as np
import pytest
from tests.reference import referee
from tests.reference.boards import make_board
from tests.reference.choices import random_actions, to_actions
from tests.reference.episode import Action, from_state, to_state
from tests.reference.stir import stirred
from tests.reference.worlds import NAMES, classical_world, make_roster, make_world, random_world

from pursuit.core.rng import KeyedDraws
from pursuit.core.state import Actions, State, Status, digest
from pursuit.core.world import Ruleset, Side, World
from pursuit.rules.turn import fresh, phases, step

TURNS = 8


def worlds() -> list[World]:
    """A few of every ruleset, with and without a shifter."""
    story = [random_world(1000 + master, shifter=master % 3 > 0) for master in range(9)]
    return story + [classical_world(1000 + master, Ruleset(1 + master % 3)) for master in range(6)]


def begin(world: World, master: int, rows: int) -> State:
    """Episodes of one world; those of the story in the midst of things."""
    state = fresh(world, referee.seeds(master, rows))
    if world.ruleset != Ruleset.STORY:
        return state
    book, rng = referee.Book(world), Random(master)
    return to_state([stirred(book, from_state(state, row), rng) for row in range(rows)], state)


@pytest.mark.parametrize("master", range(15))
def test_a_row_is_the_same_alone(master: int) -> None:
    """Digest for digest, whatever the other rows hold; and in another order."""
    world, rng, draws = worlds()[master], Random(master), KeyedDraws()
    rows = 5
    state = begin(world, master, rows)
    alone = [state.take(slice(row, row + 1)) for row in range(rows)]
    order = np.array([3, 0, 4, 2, 1])
    shuffled = state.take(order)
    for _ in range(TURNS):
        actions = random_actions(world, state, rng)
        state, shuffled = step(world, state, actions, draws), step(world, shuffled, actions.take(order), draws)
        alone = [step(world, one, actions.take(slice(row, row + 1)), draws) for row, one in enumerate(alone)]
        expected = [digest(one) for one in alone]
        assert [digest(state, row) for row in range(rows)] == expected
        assert [digest(shuffled, place) for place in order.argsort()] == expected


@pytest.mark.parametrize("master", range(15))
def test_a_step_is_pure(master: int) -> None:
    """Its input is left alone and cannot be written; the same again gives the same."""
    world, rng, draws = worlds()[master], Random(master), KeyedDraws()
    state = begin(world, master, 4)
    for _ in range(TURNS):
        actions = random_actions(world, state, rng)
        parts = {name: getattr(actions, name).copy() for name in Actions.__dataclass_fields__}
        before = [digest(state, row) for row in range(4)]
        after = step(world, state, actions, draws)
        assert [digest(state, row) for row in range(4)] == before
        assert all(np.array_equal(getattr(actions, name), part) for name, part in parts.items())
        for name, column in after.columns():
            assert not column.flags.writeable, name
            assert column.dtype == getattr(state, name).dtype, name
            assert column.shape == getattr(state, name).shape, name
        again = step(world, state, actions, draws)
        assert [digest(after, row) for row in range(4)] == [digest(again, row) for row in range(4)]
        state = after


@pytest.mark.parametrize("master", range(15))
def test_phase_by_phase_is_the_step(master: int) -> None:
    world, rng, draws = worlds()[master], Random(master), KeyedDraws()
    state = begin(world, master, 3)
    while not state.ended.any() and state.turn[0] < TURNS:
        actions = random_actions(world, state, rng)
        played = [after for _, after in phases(world, state, actions, draws)]
        state = step(world, state, actions, draws)
        assert [digest(played[-1], row) for row in range(3)] == [digest(state, row) for row in range(3)]


@pytest.mark.parametrize("master", range(15))
def test_what_has_ended_rests(master: int) -> None:
    """Beside live rows, and when all are over."""
    world, rng, draws = worlds()[master], Random(master), KeyedDraws()
    state = begin(world, master, 4)
    for _ in range(60):
        ended, before = state.ended, [digest(state, row) for row in range(4)]
        state = step(world, state, random_actions(world, state, rng), draws)
        for row in np.flatnonzero(ended).tolist():
            assert digest(state, row) == before[row]
    assert state.ended.all()


def test_no_episodes_are_a_batch_too() -> None:
    for world in worlds():
        state = fresh(world, np.empty(0, np.uint64))
        actions = Actions(*(part[:0] for part in vars(to_actions([idle(world)])).values()))
        assert step(world, state, actions, KeyedDraws()).num_rows == 0


def idle(world: World) -> list[Action]:
    return [Action(-1, 2, -1, 0, -1, 0, -1)] * world.num_agents


# perft

SQUARE = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 4)]  # a ring of four with a tail
SPOTS = [(0.0, 0.0), (5.0, 0.0), (5.0, 5.0), (0.0, 5.0), (-5.0, 0.0)]


def perft_world(ruleset: Ruleset, capture_hops: int, exits: bool) -> World:
    """Two pursuers and an evader on a small board."""
    roster = make_roster(dict.fromkeys(NAMES, 100), {}, {}, {})
    return make_world(
        make_board(SPOTS, SQUARE), roster, kind=[5] * 3, side=[int(Side.HUNTER)] * 2 + [int(Side.GUARDIAN)],
        start=[[4], [1], [3]], quarry=[False, False, True], ruleset=ruleset, capture_hops=capture_hops,
        exits=[(int(Side.GUARDIAN), 2)] if exits else [], turns=100,
    )  # fmt: skip


def count_by_engine(world: World, depth: int) -> int:
    """Joint move sequences of `depth` steps: all of a depth are played as one batch.

    Everyone names a neighbor or its own node; sequences end early with the episode, and those whose moves the
    ruleset does not let happen are left out.
    """
    state, total = fresh(world, np.zeros(1, np.uint64)), 0
    for left in range(depth, 0, -1):
        parents, rows = [], []
        for row in range(state.num_rows):
            goals = [_goals(world, state, row, agent) for agent in range(3)]
            joint = [one for one in product(*goals) if _allowed(world, state, row, one)]
            parents += [row] * len(joint)
            rows += [[Action(goal, 2, -1, 0, -1, 0, -1) for goal in one] for one in joint]
        state = step(world, state.take(np.array(parents)), to_actions(rows), KeyedDraws())
        assert np.array_equal(state.node, to_actions(rows).goal), "every goal is next door and must be reached"
        if left == 1:
            return total + state.num_rows
        total += int(state.ended.sum())
        state = state.take(np.flatnonzero(~state.ended))
    return total


def _goals(world: World, state: State, row: int, agent: int) -> list[int]:
    """Where the agent can be after this step."""
    node = int(state.node[row, agent])
    moves = world.ruleset == Ruleset.SIMULTANEOUS or (agent < 2) == (state.to_move[row] == 0)
    if not moves or state.status[row, agent] != Status.WELL:
        return [node]
    return [int(n) for n in world.board.neighbor[node, : world.board.degree[node]]]


def _allowed(world: World, state: State, row: int, goals: tuple[int, ...]) -> bool:
    moved = [agent for agent in range(2) if goals[agent] != state.node[row, agent]]
    return world.ruleset != Ruleset.LAZY or len(moved) < 2


def count_by_hand(ruleset: Ruleset, capture_hops: int, exits: bool, depth: int) -> int:
    """The same by recursion over plain tuples, straight from the words of the rules."""
    ways = {node: [node] + [b if a == node else a for a, b in SQUARE if node in (a, b)] for node in range(5)}

    def over(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
        prey = after[2]
        for hunter in range(2):
            crossed = after[hunter] == before[2] and prey == before[hunter] and ruleset == Ruleset.SIMULTANEOUS
            if after[hunter] == prey or crossed or (capture_hops == 1 and prey in ways[after[hunter]]):
                return True
        return exits and prey == 2

    @cache
    def count(nodes: tuple[int, ...], ply: int, left: int) -> int:
        if left == 0:
            return 1
        everybody = ruleset == Ruleset.SIMULTANEOUS
        choices = [ways[n] if everybody or (a < 2) == (ply == 0) else [n] for a, n in enumerate(nodes)]
        total = 0
        for after in product(*choices):
            if ruleset == Ruleset.LAZY and after[0] != nodes[0] and after[1] != nodes[1]:
                continue
            total += 1 if over(nodes, after) else count(after, 1 - ply, left - 1)
        return total

    return count((4, 1, 3), 0, depth)


@pytest.mark.parametrize("exits", [False, True])
@pytest.mark.parametrize("capture_hops", [0, 1])
@pytest.mark.parametrize(("ruleset", "depth"), [(Ruleset.SIMULTANEOUS, 3), (Ruleset.ALTERNATING, 5), (Ruleset.LAZY, 5)])
def test_perft(ruleset: Ruleset, depth: int, capture_hops: int, exits: bool) -> None:
    world = perft_world(ruleset, capture_hops, exits)
    expected = [count_by_hand(ruleset, capture_hops, exits, d) for d in range(1, depth + 1)]
    assert [count_by_engine(world, d) for d in range(1, depth + 1)] == expected


@pytest.mark.parametrize(
    ("ruleset", "counts"),
    [
        (Ruleset.SIMULTANEOUS, [18, 360, 6059]),
        (Ruleset.ALTERNATING, [6, 18, 120, 287, 1734]),
        (Ruleset.LAZY, [4, 12, 45, 118, 412]),
    ],
)
def test_perft_of_the_plain_board(ruleset: Ruleset, counts: list[int]) -> None:
    """The integers themselves, so that both sides cannot drift together."""
    world = perft_world(ruleset, 0, False)
    assert [count_by_engine(world, depth) for depth in range(1, len(counts) + 1)] == counts
