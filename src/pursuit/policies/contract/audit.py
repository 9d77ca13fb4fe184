"""The contract that every policy keeps, as a check that anybody can run.

`audit` plays a policy on a world and returns every promise it broke: shape and type of its answers, legality,
determinism, independence of rows, no memory but what it hands back, no writing into its arguments, no peeking.
`fingerprint` is for comparing processes: run it under two hash seeds.

Dimension letters: ``R`` rows, ``A`` agent slots.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import KeyedDraws
from pursuit.core.state import Actions, State
from pursuit.core.world import Side, World
from pursuit.mimicry.channel import Channel
from pursuit.policies.base import Memory, Policy, believes, oracle, unfit
from pursuit.policies.contract.answers import wrong_answers
from pursuit.policies.contract.relabel import relabel
from pursuit.rules.turn import fresh, step
from pursuit.sense.live import Live, live_rows
from pursuit.sense.observation import FIELDS, Beliefs, Intents, Observation
from pursuit.sense.observe import brief, observe, revealed
from pursuit.sense.resolve import resolve

Factory = Callable[[], Policy]


@dataclass(frozen=True)
class Breach:
    """A promise that was broken, and how."""

    promise: str  # shape, legality, determinism, rows, memory, arguments, peeking, crash
    detail: str


def audit(make: Factory, world: World, episodes: int = 4, turns: int = 10, seed: int = 1) -> list[Breach]:
    """Every promise that a policy breaks in some episodes of a world, each named once; empty: it keeps the contract.

    It plays the agents of the sides it is meant for; all others act at random.
    """
    slots = own_slots(make(), world)
    if not slots:
        return []
    found: dict[str, Breach] = {}
    speaks = np.zeros(world.num_agents, np.bool_)
    speaks[list(slots)] = True
    policy = make()
    told = brief(world, slots)
    if unfit(policy, told):
        return []
    state = fresh(world, np.arange(seed, seed + episodes, dtype=np.uint64))
    store = policy.init(told, episodes)
    channel = channel_of(policy, world, slots)
    dice = np.random.default_rng(seed)
    for _ in range(turns):
        live = live_rows(world, state, speaks)
        if not len(live.episode):
            break
        belief = _looked(channel, world, state, live)
        obs = settled(_seen(policy, world, state, live, belief))
        memory = {name: frozen(column[live.episode]) for name, column in store.items()}
        try:
            breaches, answer = _examine(make, policy, told, obs, memory, dice)
            if answer is not None and oracle(policy) != "sees all":
                breaches += _peeks(world, state, policy, live.mind, belief, speaks, store, dice)
        except Exception as error:
            breaches, answer = [Breach("crash", f"{type(error).__name__}: {error}")], None
        for breach in breaches:
            found.setdefault(breach.promise, breach)
        if answer is None:
            break
        intents, after = answer
        rows, own = obs.actors
        store = {name: column.copy() for name, column in store.items()}
        for name, column in after.items():
            store[name][live.episode[rows], own] = column[rows, own]
        state = step(world, state, mixed(world, resolve(world, state, [(live, intents)]), speaks, dice), KeyedDraws())
    return list(found.values())


def fingerprint(make: Factory, world: World, episodes: int = 8, turns: int = 8, seed: int = 1) -> str:
    """A digest of all that a policy answers in some episodes; the same in every process, if the policy is sound."""
    slots = own_slots(make(), world)
    hasher = hashlib.blake2b(digest_size=8)
    speaks = np.zeros(world.num_agents, np.bool_)
    speaks[list(slots)] = True
    policy = make()
    state = fresh(world, np.arange(seed, seed + episodes, dtype=np.uint64))
    told = brief(world, slots)
    if not slots or unfit(policy, told):
        return hasher.hexdigest()
    store = policy.init(told, episodes)
    channel = channel_of(policy, world, slots)
    dice = np.random.default_rng(seed)
    for _ in range(turns):
        live = live_rows(world, state, speaks)
        if not len(live.episode):
            break
        obs = _seen(policy, world, state, live, _looked(channel, world, state, live))
        intents, after = policy.act(obs, {name: column[live.episode] for name, column in store.items()})
        hasher.update(digest_of(obs, intents, after))
        rows, own = obs.actors
        for name, column in after.items():
            store[name] = store[name].copy()
            store[name][live.episode[rows], own] = column[rows, own]
        state = step(world, state, mixed(world, resolve(world, state, [(live, intents)]), speaks, dice), KeyedDraws())
    return hasher.hexdigest()


def own_slots(policy: Policy, world: World) -> tuple[int, ...]:
    """The agents of the sides that a policy is meant for."""
    sides = [Side[side.upper()] for side in policy.sides]
    return tuple(slot for slot in range(world.num_agents) if world.side[slot] in sides)


def channel_of(policy: Policy, world: World, slots: tuple[int, ...]) -> Channel | None:
    """What keeps the beliefs of the minds that a policy speaks for, if it reads them."""
    wanted = believes(policy)
    return Channel(world, wanted, slots) if wanted is not None else None


def _looked(channel: Channel | None, world: World, state: State, live: Live) -> Beliefs | None:
    """What the rows believe after a look around."""
    if channel is None:
        return None
    channel.look(world, state, None)
    return channel.of(live)


def _seen(policy: Policy, world: World, state: State, live: Live, belief: Beliefs | None) -> Observation:
    """What a policy is shown."""
    obs = observe(world, state, live, belief=belief)
    return revealed(state, obs) if oracle(policy) == "sees all" else obs


def settled(obs: Observation) -> Observation:
    """The same observation with every field worked out, in arrays of its own that cannot be written."""
    belief = obs.belief.take(slice(None)) if obs.belief is not None else None
    for column in vars(belief).values() if belief is not None else ():
        column.setflags(write=False)
    return Observation(**{name: frozen(getattr(obs, name)) for name in FIELDS}, belief=belief)


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    copy = np.array(array)
    copy.setflags(write=False)
    return copy


def digest_of(obs: Observation, intents: Intents, memory: Memory, rows: slice = slice(None)) -> bytes:
    """What a policy answered for its own agents, and what it would remember of them."""
    own = obs.own[rows]
    hasher = hashlib.blake2b()
    for field in fields(Intents):
        hasher.update(np.ascontiguousarray(getattr(intents, field.name)[rows][own], np.int64).tobytes())
    for name in sorted(memory):
        hasher.update(name.encode() + np.ascontiguousarray(memory[name][rows][own]).tobytes())
    return hasher.digest()


def _examine(
    make: Factory, policy: Policy, told: Any, obs: Observation, memory: Memory, dice: np.random.Generator
) -> tuple[list[Breach], tuple[Intents, Memory] | None]:
    """One call of a policy, looked at from all sides."""
    before = _bytes(obs, memory)
    try:
        intents, after = policy.act(obs, dict(memory))
    except ValueError as error:
        if "read-only" in str(error):
            return [Breach("arguments", f"act writes into what it was given ({error})")], None
        raise
    found = [Breach(promise, detail) for promise, detail in wrong_answers(told, obs, memory, intents, after)]
    if any(breach.promise == "shape" for breach in found):
        return found, None
    if _bytes(obs, memory) != before:
        found.append(Breach("arguments", "act writes into what it was given"))
    mine = digest_of(obs, intents, after)
    with _elsewhen():
        if digest_of(obs, *policy.act(obs, dict(memory))) != mine:
            found.append(Breach("determinism", "asked the same twice, it answers differently"))
    other = make()
    other.init(told, obs.num_rows)
    if digest_of(obs, *other.act(obs, dict(memory))) != mine:
        found.append(Breach("memory", "a fresh policy with the same memory answers differently"))
    mixed_up = dice.permutation(obs.num_rows)
    strange = obs.take(mixed_up)
    other.act(strange, {name: column[mixed_up] for name, column in memory.items()})
    if digest_of(obs, *other.act(obs, dict(memory))) != mine:
        found.append(Breach("memory", "what it was asked before changes its answer"))
    for row in range(min(obs.num_rows, 6)):
        part = slice(row, row + 1)
        alone = obs.take(part)
        answer = policy.act(alone, {name: column[part] for name, column in memory.items()})
        if digest_of(alone, *answer) != digest_of(obs, intents, after, part):
            found.append(Breach("rows", f"row {row} gets another answer alone than among {obs.num_rows} rows"))
            break
    return found, (intents, after)


def _peeks(
    world: World,
    state: State,
    policy: Policy,
    minds: NDArray[np.intp],
    belief: Beliefs | None,
    speaks: NDArray[np.bool_],
    store: Memory,
    dice: np.random.Generator,
) -> list[Breach]:
    """Change what a mind cannot know: neither its observation nor the policy's answer may change."""
    mind = int(dice.choice(minds))
    other = relabel(world, state, mind, dice)
    answers, views = [], []
    for truth in (state, other):
        live = live_rows(world, truth, speaks)
        rows = np.flatnonzero((live.mind == mind) & ~truth.ended[live.episode])
        obs = observe(world, truth, live, belief=belief).take(rows)
        views.append(settled(obs))
        answers.append(digest_of(obs, *policy.act(obs, {n: c[live.episode[rows]] for n, c in store.items()})))
    for name in FIELDS:
        if not np.array_equal(getattr(views[0], name), getattr(views[1], name)):
            return [Breach("peeking", f"the observation's {name} tells what the mind has not seen")]
    return [] if answers[0] == answers[1] else [Breach("peeking", "its answer depends on what its mind has not seen")]


def mixed(world: World, actions: Actions, speaks: NDArray[np.bool_], dice: np.random.Generator) -> Actions:
    """The actions of the agents in `speaks`, and random ones of all others."""
    shape = actions.goal.shape
    bounds = {
        "goal": (-1, world.board.num_nodes), "gait": (1, 3), "toward": (-1, world.num_agents), "verb": (0, 15),
        "object": (0, max(world.num_agents, 2)), "order": (1, 9), "order_object": (0, world.num_agents),
    }  # fmt: skip
    columns = {}
    for name, (low, high) in bounds.items():
        column = getattr(actions, name)
        columns[name] = np.where(speaks, column, dice.integers(low, high, shape).astype(column.dtype))
    return Actions(**columns)


def _bytes(obs: Observation, memory: Memory) -> bytes:
    hasher = hashlib.blake2b()
    for name in FIELDS:
        hasher.update(getattr(obs, name).tobytes())
    for name in sorted(memory):
        hasher.update(memory[name].tobytes())
    return hasher.digest()


@contextmanager
def _elsewhen() -> Iterator[None]:
    """Other dice and another time of day, for whoever looks at them."""
    clocks = {name: getattr(time, name) for name in ("time", "time_ns", "monotonic", "perf_counter", "process_time")}
    dice = random.getstate()
    np_dice = np.random.get_state()
    try:
        for name, clock in clocks.items():
            setattr(time, name, lambda clock=clock: clock() + 12_345_679)
        random.seed(99)
        np.random.seed(99)
        yield
    finally:
        for name, clock in clocks.items():
            setattr(time, name, clock)
        random.setstate(dice)
        np.random.set_state(np_dice)
