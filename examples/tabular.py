"""A learner in numpy alone: Q-learning in a table, for one hunter after one evader whom it sees.

``python tabular.py`` learns on the vector environment and writes ``tabular.npz``; then, in the same folder,
``pursuit run duel_grid --policy hunter=tabular:Tabular --policy guardian=random_walk`` plays what was learned.
The evader strolls: on a grid one hunter never catches one that flees well.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pursuit.content.scenario import load_scenario
from pursuit.core.world import Ruleset
from pursuit.policies.base import NO_MEMORY, Memory, param
from pursuit.sense.observation import Brief, Intents, Listed, Observation, listed_intents

FILE = "tabular.npz"
DISCOUNT, RATE, EXPLORE = 0.97, 0.3, 0.1


@dataclass(eq=False)
class Tabular:
    """Takes the out-slot that its table values most, by its own node and the evader's."""

    table: str = param(FILE, help="the file that learning wrote")

    name: ClassVar[str] = "tabular"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("hunter",)

    @staticmethod
    def unfit(brief: Brief) -> str:
        """Why it cannot play."""
        if brief.ruleset == Ruleset.STORY or len(brief.kind) != 2 or brief.board.sight_hops >= 0:
            return "it plays duels in full sight"
        return ""

    def init(self, brief: Brief, rows: int) -> Memory:
        """Raises OSError if nothing was learned yet, ValueError if it was learned on a board of another size."""
        with np.load(self.table) as file:
            values = file["values"]
        if values.shape != (brief.board.num_nodes**2, brief.board.neighbor.shape[1]):
            raise ValueError(f"{self.table} was learned on another board than {brief.board.name}")
        own = np.arange(len(values)) // brief.board.num_nodes
        self._goal = brief.board.neighbor[own, values.argmax(axis=1)]
        self._num_nodes = brief.board.num_nodes
        return NO_MEMORY

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        rows, slots = obs.actors
        foe = obs.body_node.max(axis=1).take(rows)
        goal = self._goal.take(obs.of_actors("node") * self._num_nodes + np.maximum(foe, 0))
        return listed_intents(Listed((rows, slots), obs.own.shape, {"goal": goal})), memory


def learn(
    scenario: str, evader: str, steps: int, batch: int, seed: int, out: Path, every: int
) -> list[tuple[int, float, float]]:
    """Learn so many steps of a batch and write the table; (episodes, capture rate, mean turns) now and then."""
    from pursuit.envs.vector import vector_env

    env = vector_env(scenario, batch, ["hunter"], [f"guardian={evader}"], rewards={"turn_limit": {"hunter": 0.0}})
    board, places = env.setup.world.board, env.setup.layout.places
    own, foe = places["node"].start, places["body_node"].start

    def place(looks: NDArray[Any]) -> NDArray[np.intp]:
        return looks[:, own].astype(np.intp) * board.num_nodes + np.maximum(looks[:, foe], 0)

    values = np.zeros((board.num_nodes**2, env.setup.menu.size))
    values[np.arange(values.shape[1]) >= board.degree.repeat(board.num_nodes)[:, None]] = -np.inf  # no such way
    chance = np.random.default_rng(seed)
    looks, info = env.reset(seed=seed)
    episodes, curve = 0, []
    for step in range(1, steps + 1):
        at = place(looks)
        best = (values[at] + chance.random((batch, values.shape[1])) * 1e-9).argmax(axis=1)
        tried = (chance.random(info["action_mask"].shape) * info["action_mask"]).argmax(axis=1)
        option = np.where(chance.random(batch) < EXPLORE, tried, best)
        looks, reward, ended, _, info = env.step(option)
        onward = np.where(ended, 0.0, values[place(looks)].max(axis=1))
        values[at, option] += RATE * (reward + DISCOUNT * onward - values[at, option])
        episodes += int(np.count_nonzero(ended))
        if step % every == 0:
            np.savez_compressed(out, values=values)
            curve.append((episodes, *measure(scenario, evader, f"tabular:Tabular(table={str(out)!r})")))
            print(f"{episodes:>9,} episodes: captures {curve[-1][1]:.3f}, {curve[-1][2]:.1f} turns", flush=True)
    return curve


def measure(scenario: str, evader: str, hunter: str, episodes: int = 2000) -> tuple[float, float]:
    """(capture rate, mean turns) of a hunter on seeds that nobody learns from."""
    from pursuit import assign, episode_seeds, fresh, rollout

    found = load_scenario(scenario, "open")
    state = fresh(found.world, episode_seeds(10**6, episodes))
    result = rollout(
        found.world, state, assign(found.world, found.policies, [f"hunter={hunter}", f"guardian={evader}"])
    )
    return result.outcomes().get("quarry_captured", 0) / episodes, float(result.turns.mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="duel_grid")
    parser.add_argument("--evader", default="random_walk")
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(FILE))
    args = parser.parse_args()
    for hunter in ("random_walk", "beeline"):
        rate, turns = measure(args.scenario, args.evader, hunter)
        print(f"{hunter}: captures {rate:.3f}, {turns:.1f} turns", flush=True)
    begun = time.perf_counter()
    learn(args.scenario, args.evader, args.steps, args.batch, args.seed, args.out, max(args.steps // 8, 1))
    print(f"{time.perf_counter() - begun:.0f} s; {args.out} written")


if __name__ == "__main__":
    main()
