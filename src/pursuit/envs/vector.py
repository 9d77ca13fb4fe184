"""Gymnasium: thousands of episodes in one call, each beginning anew when it ends.

Dimension letters: ``B`` episodes, ``K`` learned slots, ``F`` entries of an observation, ``O`` options, ``T`` entries of
the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode, VectorEnv
from numpy.typing import NDArray

from pursuit.content.files.problems import fail
from pursuit.content.scenario import Scenario
from pursuit.core.world import Side
from pursuit.envs.arena import Arena, Setup, set_up
from pursuit.envs.rewards import Rewards
from pursuit.envs.truth import truth
from pursuit.play.seeds import nth_seeds
from pursuit.rules.common import some

Array = NDArray[Any]


class PursuitVector(VectorEnv[Array, Array, Array]):
    """B episodes of a scenario, stepped together.

    One learned agent has observations [B, F] and options [B]; a team of K has [B, K, F] and [B, K], and the reward [B]
    of its side. ``info["action_mask"]`` ([B, O] or [B, K, O]) tells which options are open. Autoreset is ``SAME_STEP``:
    where an episode ended, what is returned is the first look of the next one, and the last look of the old one is in
    ``info["final_obs"]``, at the rows of ``info["_final_obs"]``.
    """

    metadata: dict[str, Any] = {"render_modes": [], "autoreset_mode": AutoresetMode.SAME_STEP}  # noqa: RUF012

    def __init__(self, setup: Setup, num_envs: int, max_cycles: int | None = None) -> None:
        """Raises ContentError unless all learned agents are of one side."""
        sides = {int(setup.world.side[slot]) for slot in setup.learned}
        if len(sides) > 1:
            names = ", ".join(Side(side).name.lower() for side in sorted(sides))
            raise fail(
                "several-sides", f"a vector environment has one reward, and learns one side, not {names}; see Arena"
            )
        self.setup, self.num_envs, self.max_cycles = setup, num_envs, max_cycles
        low, high = setup.layout.bounds()
        team, num_options = len(setup.learned), setup.menu.size
        self._is_team = team > 1
        if self._is_team:
            low, high = (np.tile(bound, (team, 1)) for bound in (low, high))
            self.single_action_space: spaces.Space[Any] = spaces.MultiDiscrete([num_options] * team)
            self.action_space: spaces.Space[Any] = spaces.MultiDiscrete(np.full((num_envs, team), num_options))
        else:
            self.single_action_space = spaces.Discrete(num_options)
            self.action_space = spaces.MultiDiscrete([num_options] * num_envs)
        self.single_observation_space = spaces.Box(low, high, dtype=low.dtype.type)
        lows, highs = (np.broadcast_to(bound, (num_envs, *bound.shape)) for bound in (low, high))
        self.observation_space = spaces.Box(lows, highs, dtype=low.dtype.type)
        self._masters = np.full(num_envs, setup.scenario.seed, np.uint64)
        self._numbers = np.arange(num_envs)
        self._stride = num_envs
        self._arena: Arena | None = None
        self._cycles = np.zeros(num_envs, np.int64)

    @property
    def arena(self) -> Arena:
        """The batch under way. Raises ContentError before the first reset."""
        if self._arena is None:
            raise fail("not-begun", "no episode is under way; call reset first")
        return self._arena

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Array, dict[str, Any]]:
        """Begin all episodes anew.

        Row b plays the episodes b, b + B, b + 2B … of one seed, as `episode_seeds` numbers them; given a seed for each
        row, the episodes 0, 1, 2 … of its own. Without a seed the rows go on to their next episodes.
        Raises ContentError for seeds that are not one for each row.
        """
        if isinstance(seed, int):
            self._masters = np.full(self.num_envs, seed, np.uint64)
            self._numbers, self._stride = np.arange(self.num_envs), self.num_envs
        elif seed is not None:
            masters = [one for one in seed if one is not None]
            if len(masters) != self.num_envs:
                raise fail("bad-seeds", f"{len(masters)} seeds for {self.num_envs} rows; give one, or one for each row")
            self._masters = np.array(masters, np.uint64)
            self._numbers, self._stride = np.zeros(self.num_envs, np.int64), 1
        everybody = np.arange(self.num_envs)
        if self._arena is None:
            self._arena = Arena(self.setup, self._next_seeds(everybody))
        else:
            self._arena.renew(everybody, self._next_seeds(everybody))
        self._cycles = np.zeros(self.num_envs, np.int64)
        sight = self._arena.sight
        return self._shaped(sight.seen), {"action_mask": self._shaped(sight.open)}

    def step(self, actions: Array) -> tuple[Array, Array, NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Play a turn of every episode; an option that is not open counts as staying."""
        arena = self.arena
        rewards = arena.step(actions)[:, 0]
        self._cycles += 1
        ended = arena.state.ended
        cut = np.zeros(self.num_envs, np.bool_)
        if self.max_cycles is not None:
            cut = ~ended & (self._cycles >= self.max_cycles)
        over = ended | cut
        info: dict[str, Any] = {}
        if some(over):
            rows = np.flatnonzero(over)
            last = self._shaped(arena.sight.seen)
            arena.renew(rows, self._next_seeds(rows))
            self._cycles[rows] = 0
            info = {"final_obs": last, "_final_obs": over}
        sight = arena.sight
        info["action_mask"] = self._shaped(sight.open)
        return self._shaped(sight.seen), rewards, ended, cut, info

    def state(self) -> NDArray[np.int32]:
        """The truth of each episode, [B, T]: what a critic may see, and no player."""
        return truth(self.setup.world, self.arena.state)

    def _next_seeds(self, rows: NDArray[np.intp]) -> NDArray[np.uint64]:
        seeds = nth_seeds(self._masters[rows], self._numbers[rows])
        self._numbers[rows] += self._stride
        return seeds

    def _shaped(self, values: Array) -> Array:
        return values if self._is_team else values[:, 0]


def vector_env(
    scenario: str | Scenario,
    num_envs: int,
    learned: Sequence[str] = ("hunter",),
    policies: Sequence[str] = (),
    *,
    rewards: Rewards | None = None,
    max_cycles: int | None = None,
) -> PursuitVector:
    """A batch of a scenario in which the agents or the side of ``learned`` are learned and policies play the rest.

    Arguments are those of `envs.arena.set_up` and of `PursuitVector`. Raises ContentError.
    """
    return PursuitVector(set_up(scenario, learned, policies, rewards), num_envs, max_cycles)
