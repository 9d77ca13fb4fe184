"""A batch of episodes in which some agents are learned and policies play the rest: what the environments share.

Dimension letters: ``B`` episodes, ``A`` agent slots, ``K`` learned slots, ``F`` entries of an observation, ``O``
options.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.content.files.problems import fail
from pursuit.content.scenario import Scenario, load_scenario
from pursuit.core.rng import KeyedDraws
from pursuit.core.state import Actions, State
from pursuit.core.world import Ruleset, Side, World
from pursuit.envs.layout import Layout
from pursuit.envs.menu import STAY, Menu
from pursuit.envs.rewards import Rewards, reward_table
from pursuit.play.lineup import assign, slots_of
from pursuit.play.voices import Chorus, Speaker
from pursuit.rules.common import some
from pursuit.rules.turn import fresh, step
from pursuit.sense.live import Live, live_rows
from pursuit.sense.observation import Intents, Observation
from pursuit.sense.observe import observe
from pursuit.sense.resolve import resolve

Flat = NDArray[np.intp]


@dataclass(frozen=True)
class Setup:
    """Who learns what: a scenario with its learned slots, and all that is worked out once for it."""

    scenario: Scenario
    learned: tuple[int, ...]  # [K] ascending
    speakers: tuple[Speaker, ...]  # of everybody else
    layout: Layout
    menu: Menu
    worth: NDArray[np.float64]  # [outcomes, K]
    each_turn: NDArray[np.float64]  # [K]

    @property
    def world(self) -> World:
        return self.scenario.world

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the learned agents, [K]."""
        return tuple(self.world.agent_name[slot] for slot in self.learned)


def set_up(
    scenario: str | Scenario,
    learned: Sequence[str] = ("hunter",),
    policies: Sequence[str] = (),
    rewards: Rewards | None = None,
) -> Setup:
    """Prepare a scenario (by name or path: its open line) for learning.

    ``learned`` names agents or sides; ``policies`` are overrides ``SIDE=POLICY`` or ``AGENT=POLICY`` for the rest.
    Raises ContentError for whatever is not known.
    """
    found = load_scenario(scenario, "open") if isinstance(scenario, str) else scenario
    world = found.world
    slots = sorted({slot for name in learned for slot in slots_of(world, name, name)})
    if not slots:
        raise fail("nobody-learns", f"name at least one agent or side of {world.name} that is learned")
    kept = [
        Speaker(speaker.policy, tuple(slot for slot in speaker.slots if slot not in slots), speaker.spec)
        for speaker in assign(world, found.policies, policies)
    ]
    at = np.array(slots, np.intp)
    worth, each = reward_table(world, rewards)
    return Setup(
        scenario=found,
        learned=tuple(slots),
        speakers=tuple(speaker for speaker in kept if speaker.slots),
        layout=Layout(world, at),
        menu=Menu(world, at),
        worth=worth[:, world.side[at]],
        each_turn=each[world.side[at]],
    )


@dataclass(frozen=True, eq=False)
class Sight:
    """What the learned agents are shown of one state."""

    live: Live
    obs: Observation
    rows: Flat  # [n] of who is well, in order of row and slot
    slots: Flat
    cells: Flat  # [n] where their entries are among all [B · K]
    node: NDArray[Any]  # [n]
    seen: NDArray[Any]  # [B, K, F] -1 for who is out of the game
    open: NDArray[np.int8]  # [B, K, O]


class Arena:
    """B episodes under way, played by `step` in lockstep; which row begins anew, and when, is the caller's business."""

    def __init__(self, setup: Setup, seeds: NDArray[np.uint64]) -> None:
        self.setup, self.world = setup, setup.world
        self.state: State = fresh(setup.world, seeds)
        self.actions: Actions | None = None  # of the turn before
        self._origin = self.state
        self._before: State | None = None
        self._draws = KeyedDraws()
        self._chorus = Chorus(setup.world, setup.speakers, len(seeds))
        self._speaks = np.zeros(setup.world.num_agents, np.bool_)
        self._speaks[list(setup.learned)] = True
        self._place = np.cumsum(self._speaks) - 1  # [A] among the learned
        self._sight: Sight | None = None

    @property
    def sight(self) -> Sight:
        """What the learned agents are shown now; worked out once for each state."""
        if self._sight is None:
            self._sight = self._look()
        return self._sight

    def step(self, options: NDArray[Any]) -> NDArray[np.float64]:
        """Play a turn (a ply, where sides take turns) of every episode that has not ended; rewards, [B, K].

        ``options`` [B, K] are numbers of the menu; one that is not open, and whatever is chosen for who is out of the
        game, counts as staying.
        """
        state = self.state
        mine = self._intents(options)
        answers = self._chorus.ask(state, self._before)
        self.actions = resolve(self.world, state, [*answers, (self.sight.live, mine)])
        self._before, self.state = state, step(self.world, state, self.actions, self._draws)
        self._sight = None
        return self._rewards(state)

    def renew(self, rows: Flat, seeds: NDArray[np.uint64]) -> None:
        """Begin new episodes in some rows: nothing of the old ones is left, in the state or in anybody's memory."""
        new = fresh(self.world, seeds)
        if len(rows) == self.state.num_rows:
            self.state, self._before = new, None
            self._origin = new
        else:
            self.state = self._replaced(rows, new)
            if self._before is not None:
                row = self._before.row.copy("K")
                row[rows] = -1  # who only begins has seen nobody before
                self._before = self._before.evolve(row=row)
        others = np.ones(self.state.num_rows, np.bool_)
        others[rows] = False
        order = np.concatenate([others.nonzero()[0], rows])
        self._chorus.keep(order[: len(order) - len(rows)], len(rows))
        self._chorus.keep(np.argsort(order))
        self._sight = None

    def _replaced(self, rows: Flat, new: State) -> State:
        """The state with new rows; a column that no turn has touched, and that begins alike, is not copied."""
        origin, columns = self._origin.__dict__, {}
        for name, column in self.state.columns():
            first = getattr(new, name)
            if column is origin[name] and np.array_equal(first, column[rows]):
                continue
            columns[name] = column.copy("K")
            columns[name][rows] = first
        return self.state.evolve(**columns)

    def _look(self) -> Sight:
        setup, state = self.setup, self.state
        live = live_rows(self.world, state, self._speaks)
        obs = observe(self.world, state, live, self._before)
        rows, slots = obs.actors
        num = state.num_rows, len(setup.learned)
        cells = live.episode.take(rows) * num[1] + self._place.take(slots)
        node = obs.of_actors("node")
        seen = setup.layout.read(obs, rows, slots)
        allowed = setup.menu.open(obs, rows, node)
        if self.world.ruleset in (Ruleset.ALTERNATING, Ruleset.LAZY):
            waits = (self.world.side.take(slots) == Side.HUNTER.value) != (state.to_move.take(live.episode[rows]) == 0)
            allowed[waits, STAY + 1 :] = 0  # whose ply it is, everybody knows
        return Sight(
            live,
            obs,
            rows,
            slots,
            cells,
            node,
            _spread(seen, cells, num, -1, None),
            _spread(allowed, cells, num, 0, STAY),
        )

    def _intents(self, options: NDArray[Any]) -> Intents:
        sight = self.sight
        chosen = np.asarray(options).reshape(-1).take(sight.cells).astype(np.intp)
        num = self.setup.menu.size
        known = (chosen >= 0) & (chosen < num)
        is_open = sight.open.reshape(-1).take(sight.cells * num + np.where(known, chosen, STAY)) != 0
        chosen = np.where(known & is_open, chosen, STAY)
        return self.setup.menu.intents(sight.obs, sight.rows, sight.slots, sight.node, chosen)

    def _rewards(self, before: State) -> NDArray[np.float64]:
        setup = self.setup
        rewards = np.where(before.ended[:, None], 0.0, setup.each_turn)
        ended = self.state.ended & ~before.ended
        if some(ended):
            rewards[ended] += setup.worth[self.state.outcome[ended]]
        return rewards


def _spread(values: NDArray[Any], cells: Flat, num: tuple[int, int], missing: int, always: int | None) -> NDArray[Any]:
    """Values [n, X] of those who are well, each in its place, [B, K, X]; `always` is the entry that is 1 for all."""
    shape = *num, values.shape[1]
    if len(cells) == num[0] * num[1] and bool((cells[1:] > cells[:-1]).all()):
        return values.reshape(shape)
    out = np.full(shape, missing, values.dtype)
    flat = out.reshape(-1, values.shape[1])
    if always is not None:
        flat[:, always] = 1
    flat[cells] = values
    return out
