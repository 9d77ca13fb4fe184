"""Belief is the mind's: kept from turn to turn, copied for who leaves, lost by who joins, the same in any batch."""

from __future__ import annotations

import numpy as np
from tests.reference.worlds import classical_world, random_world

from pursuit.core.rng import KeyedDraws
from pursuit.core.state import State, idle
from pursuit.core.world import Ruleset, Side, World
from pursuit.mimicry.belief import Belief
from pursuit.mimicry.channel import Channel, identity_of, whereabouts_of
from pursuit.mimicry.identity import Identity
from pursuit.mimicry.position import Positions
from pursuit.policies.contract import mixed
from pursuit.rules.turn import fresh, step
from pursuit.sense.live import live_rows
from pursuit.sense.observe import brief, observe

ROWS = 6


def _episodes(world: World, turns: int, seed: int = 1) -> list[State]:
    """States of some random play, turn by turn."""
    dice = np.random.default_rng(seed)
    nobody = np.zeros(world.num_agents, np.bool_)
    states = [fresh(world, np.arange(ROWS, dtype=np.uint64))]
    for _ in range(turns):
        actions = mixed(world, idle(ROWS, world.num_agents), nobody, dice)
        states.append(step(world, states[-1], actions, KeyedDraws()))
    return states


def _others(world: World) -> tuple[int, ...]:
    return tuple(int(slot) for slot in np.flatnonzero(world.side != Side.HUNTER))


def _believed(channel: Channel, world: World, state: State, slots: tuple[int, ...]) -> dict[tuple[int, int], Belief]:
    live = live_rows(world, state, np.isin(np.arange(world.num_agents), slots))
    belief = channel.of(live)
    assert isinstance(belief, Belief)
    where = zip(live.episode.tolist(), live.mind.tolist(), strict=True)
    return {key: belief.take(slice(row, row + 1)) for row, key in enumerate(where)}


def _same(one: Belief, other: Belief) -> bool:
    return all(np.array_equal(column, other.says()[name]) for name, column in one.says().items())


def test_a_row_believes_the_same_alone_and_after_others_were_dropped() -> None:
    world = random_world(6)
    slots, states = _others(world), _episodes(world, 6)
    whole, thinned = Channel(world, identity_of, slots), Channel(world, identity_of, slots)
    alone = [Channel(world, identity_of, slots) for _ in range(ROWS)]
    kept = np.array([4, 1, 2])
    for turn, state in enumerate(states):
        whole.look(world, state, None)
        for row, channel in enumerate(alone):
            channel.look(world, state.take(np.array([row])), None)
        if turn == 3:
            thinned.keep(kept, 2)
        some = state if turn < 3 else state.take(kept)
        if turn >= 3:
            newcomers = states[turn - 3].take(np.array([0, 5]))
            some = State(**{n: np.concatenate([c, getattr(newcomers, n)]) for n, c in some.columns()})
        thinned.look(world, some, None)
    together, few = _believed(whole, world, states[-1], slots), _believed(thinned, world, some, slots)
    for row in range(ROWS):
        only = _believed(alone[row], world, states[-1].take(np.array([row])), slots)
        assert all(_same(belief, together[row, mind]) for (_, mind), belief in only.items())
    assert len(few) >= 3
    for at, row in enumerate(kept.tolist()):
        assert all(_same(belief, together[row, mind]) for (episode, mind), belief in few.items() if episode == at)
    young = Channel(world, identity_of, slots)
    for state in states[: len(states) - 3]:
        young.look(world, state, None)
    later = _believed(young, world, states[len(states) - 4], slots)
    for at, row in ((3, 0), (4, 5)):
        assert all(_same(belief, later[row, mind]) for (episode, mind), belief in few.items() if episode == at)


def _with_minds(state: State, **mind: int) -> State:
    minds = state.mind.copy("K")
    for slot, number in mind.items():
        minds[:, int(slot[1:])] = number
    return state.evolve(mind=minds)


def test_who_leaves_takes_a_copy_and_who_joins_takes_over_the_hosts() -> None:
    world = random_world(6)
    states = _episodes(world, 3)
    a, *others = _others(world)
    b = next(
        slot for slot in others if not (np.delete(states[-1].mind, slot, axis=1) == slot).any()
    )  # free to leave for
    linked = [_with_minds(state, **{f"_{a}": a, f"_{b}": a}) for state in states]
    parted = _with_minds(states[-1], **{f"_{a}": a, f"_{b}": b})

    def last(path: list[State], slots: tuple[int, ...] = (a, b)) -> dict[tuple[int, int], Belief]:
        channel = Channel(world, identity_of, slots)
        for state in path:
            channel.look(world, state, None)
        return _believed(channel, world, path[-1], slots)

    after = last([*linked, parted])
    ours = Channel(world, identity_of, (a, b))
    for state in linked:
        ours.look(world, state, None)
    common = _believed(ours, world, linked[-1], (a, b))
    told = Identity(brief(world, (a, b)))
    live = live_rows(world, parted, np.isin(np.arange(world.num_agents), (a, b)))
    checked = 0
    for at, key in enumerate(zip(live.episode.tolist(), live.mind.tolist(), strict=True)):
        if (key[0], a) not in common:
            continue
        obs = observe(world, parted, live).take(slice(at, at + 1))
        assert _same(told.update(common[key[0], a], obs), after[key])
        checked += 1
    assert checked >= ROWS
    # and back: b's own belief is lost, a's goes on
    again = last([*states[:2], *linked[2:]])
    alone = last([*states[:2], *linked[2:]], (a,))
    assert again.keys() == alone.keys()
    assert all(_same(belief, alone[key]) for key, belief in again.items())


def test_where_looks_do_not_deceive_it_keeps_places() -> None:
    world = classical_world(1, Ruleset.SIMULTANEOUS)
    slots = _others(world)
    channel = Channel(world, whereabouts_of, slots)
    for state in _episodes(world, 4):
        channel.look(world, state, None)
    live = live_rows(world, state, np.isin(np.arange(world.num_agents), slots))
    belief = channel.of(live)
    assert isinstance(belief, Positions)
    assert np.allclose(belief.weight.sum(axis=2), 1)


def test_without_a_shifter_there_is_nothing_to_believe() -> None:
    world = random_world(5, shifter=False)
    channel = Channel(world, identity_of, (0,))
    state = fresh(world, np.arange(2, dtype=np.uint64))
    channel.look(world, state, None)
    assert channel.of(live_rows(world, state, np.arange(world.num_agents) == 0)) is None
