"""PettingZoo: one episode, in which each learned agent is an agent of the environment.

Dimension letters: ``K`` learned slots, ``F`` entries of an observation, ``O`` options, ``T`` entries of the truth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import AECEnv, ParallelEnv
from pettingzoo.utils.conversions import parallel_to_aec

from pursuit.content.files.problems import did_you_mean, fail
from pursuit.content.scenario import Scenario
from pursuit.envs.arena import Arena, Setup, set_up
from pursuit.envs.rewards import Rewards
from pursuit.envs.truth import truth, truth_size
from pursuit.play.seeds import nth_seeds

if TYPE_CHECKING:
    from pursuit.viewer.watching import Watcher

Observations = dict[str, NDArray[Any]]
Infos = dict[str, dict[str, Any]]


class PursuitParallel(ParallelEnv[str, NDArray[Any], int]):
    """One episode of a scenario.

    An observation is an integer array [F], field by field as `Setup.layout` says; ``info["action_mask"]`` [O] tells
    which options are open. Agents stay to the end of the episode, with nothing but *stay* open once they are out of the
    game, so that each gets what the ending is worth. An episode is terminated when it ends by its rules, its turn limit
    included, and truncated after ``max_cycles`` steps.
    """

    metadata: ClassVar[dict[str, Any]] = {
        "name": "pursuit",
        "render_modes": ["human", "rgb_array"],
        "is_parallelizable": True,
        "render_fps": 2,
    }

    def __init__(self, setup: Setup, max_cycles: int | None = None, render_mode: str | None = None) -> None:
        """Raises ContentError for a render mode that there is not."""
        modes = self.metadata["render_modes"]
        if render_mode is not None and render_mode not in modes:
            hint = did_you_mean(render_mode, modes) or f"; there is {', '.join(modes)}"
            raise fail("unknown-render-mode", f"{render_mode!r} is no render mode{hint}")
        self.setup, self.max_cycles, self.render_mode = setup, max_cycles, render_mode
        self.possible_agents = list(setup.names)
        self.agents: list[str] = []
        low, high = setup.layout.bounds()
        self._observation = {name: spaces.Box(low, high, dtype=low.dtype.type) for name in setup.names}
        self._action = {name: spaces.Discrete(setup.menu.size) for name in setup.names}
        ends = np.iinfo(np.int32)
        self.state_space = spaces.Box(ends.min, ends.max, (truth_size(setup.world),), np.int32)
        self._master, self._number, self._cycles = setup.scenario.seed, 0, 0
        self._arena: Arena | None = None
        self._watcher: Watcher | None = None

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        return self._observation[agent]

    def action_space(self, agent: str) -> spaces.Space[Any]:
        return self._action[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Observations, Infos]:
        """Begin an episode: the first of ``seed``, or the next of the seed before (at first, the scenario's own)."""
        if seed is not None:
            self._master, self._number = seed, 0
        seeds = nth_seeds(np.array([self._master], np.uint64), np.array([self._number]))
        self._number += 1
        self._cycles = 0
        if self._arena is None:
            self._arena = Arena(self.setup, seeds)
        else:
            self._arena.renew(np.zeros(1, np.intp), seeds)
        self.agents = self.possible_agents[:]
        self._watcher = self._watch() if self.render_mode is not None else None
        return self._seen()

    def step(
        self, actions: Mapping[str, int]
    ) -> tuple[Observations, dict[str, float], dict[str, bool], dict[str, bool], Infos]:
        """Play a turn; an option that is not open counts as staying, and so does none at all."""
        if not self.agents:
            return {}, {}, {}, {}, {}
        arena = self._begun()
        options = np.array([[int(actions.get(name, 0)) for name in self.possible_agents]])
        rewards = arena.step(options)[0].tolist()
        self._cycles += 1
        if self._watcher is not None and arena.actions is not None:
            self._watcher.watched.play(arena.actions, arena.state)
            if self.render_mode == "human":
                self._watcher.show()
        observations, infos = self._seen()
        ended = bool(arena.state.ended[0])
        cut = not ended and self.max_cycles is not None and self._cycles >= self.max_cycles
        names = self.agents
        if ended or cut:
            self.agents = []
        return (
            observations,
            dict(zip(names, rewards, strict=True)),
            dict.fromkeys(names, ended),
            dict.fromkeys(names, cut),
            infos,
        )

    def state(self) -> NDArray[np.int32]:
        """The truth of the episode, [T]: what a critic may see, and no player."""
        return truth(self.setup.world, self._begun().state)[0]

    def render(self) -> NDArray[np.uint8] | None:
        """The last turn: pixels [height, width, 3] for ``rgb_array``; a window for ``human``, as steps do."""
        self._begun()
        if self._watcher is None:
            return None
        if self.render_mode == "rgb_array":
            return self._watcher.picture()
        self._watcher.show()
        return None

    def close(self) -> None:
        if self._watcher is not None and self.render_mode == "human":
            from pursuit.viewer.watching import close_window

            close_window()
        self._watcher = None

    def _begun(self) -> Arena:
        if self._arena is None:
            raise fail("not-begun", "no episode is under way; call reset first")
        return self._arena

    def _seen(self) -> tuple[Observations, Infos]:
        sight = self._begun().sight
        seen, masks = sight.seen[0], sight.open[0]
        infos = {name: {"action_mask": masks[k]} for k, name in enumerate(self.possible_agents)}
        return {name: seen[k] for k, name in enumerate(self.possible_agents)}, infos

    def _watch(self) -> Watcher:
        from pursuit.viewer.watching import Watched, Watcher

        names = dict.fromkeys(self.setup.names, "learned")
        for speaker in self.setup.speakers:
            names |= {self.setup.world.agent_name[slot]: speaker.spec for slot in speaker.slots}
        return Watcher(Watched(self.setup.world, self._begun().state, names))


def parallel_env(
    scenario: str | Scenario,
    learned: Sequence[str] = ("hunter",),
    policies: Sequence[str] = (),
    *,
    rewards: Rewards | None = None,
    max_cycles: int | None = None,
    render_mode: str | None = None,
) -> PursuitParallel:
    """A scenario in which the agents or sides of ``learned`` are learned and policies play the rest.

    Arguments are those of `envs.arena.set_up` and of `PursuitParallel`. Raises ContentError.
    """
    return PursuitParallel(set_up(scenario, learned, policies, rewards), max_cycles, render_mode)


def env(scenario: str | Scenario, *args: Any, **kwargs: Any) -> AECEnv[str, NDArray[Any], int | None]:
    """The same, agent by agent, through PettingZoo's own wrapper."""
    return parallel_to_aec(parallel_env(scenario, *args, **kwargs))
