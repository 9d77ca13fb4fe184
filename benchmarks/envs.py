"""Agent-steps a second of the vector environment against PettingZoo's own `pursuit`, in one run.

Both play 8 learned pursuers after 30 evaders on a 16 x 16 grid; pursuers choose at random (ours among what is open),
evaders stroll at random, observations are built every step (and our action masks), and episodes begin anew when they
end. What is counted is steps of learned agents. The games are alike in size, not in rules: there two pursuers catch
together and see 7 x 7 cells, here one catches and everybody is seen.
"""

from __future__ import annotations

import hashlib
import time
import warnings
from typing import Any

import numpy as np

from harness import options, report
from pursuit.content.roster import load_tables
from pursuit.content.scenario import Scenario, scenario_from_texts
from pursuit.envs.arena import set_up
from pursuit.envs.vector import PursuitVector

PURSUERS, EVADERS, SIDE = 8, 30, 16

SCENARIO = f"""
id = "herd"
title = "A herd on a grid"
about = "Eight pursuers after thirty evaders on a grid."
map = "grid:{SIDE}x{SIDE}"
ruleset = "simultaneous"
turns = 500
seed = 1

[[agent]]
id = "pursuer"
kind = "piece"
side = "hunter"
mind = "hunters"
at = "@anywhere"
policy = "random_walk"
copies = {PURSUERS}

[[agent]]
id = "evader"
kind = "piece"
side = "guardian"
mind = "evaders"
at = "@anywhere"
policy = "random_walk"
quarry = true
copies = {EVADERS}
"""


def herd() -> Scenario:
    """The scenario that is played."""
    return scenario_from_texts({"scenario": SCENARIO, **load_tables().texts}, "open")


class Ours:
    """The vector environment under random play among open options."""

    def __init__(self, batch: int) -> None:
        self.env = PursuitVector(set_up(herd()), batch)
        self._chance = np.random.default_rng(1)
        _, info = self.env.reset(seed=1)
        self._mask = info["action_mask"]
        self.hasher = hashlib.blake2b(digest_size=8)

    def play(self, steps: int) -> int:
        """Steps of learned agents in so many steps of the batch."""
        for _ in range(steps):
            weight = self._chance.random(self._mask.shape, np.float32)
            seen, rewards, _, _, info = self.env.step((weight * self._mask).argmax(axis=2))
            self._mask = info["action_mask"]
        self.hasher.update(seen.tobytes() + rewards.tobytes())
        return steps * self.env.num_envs * PURSUERS


class Theirs:
    """PettingZoo's parallel `pursuit` under random play."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pettingzoo.sisl import pursuit_v5
        self.env = pursuit_v5.parallel_env(
            n_pursuers=PURSUERS, n_evaders=EVADERS, x_size=SIDE, y_size=SIDE, max_cycles=500
        )
        self._chance = np.random.default_rng(1)
        self.env.reset(seed=1)
        self.hasher = hashlib.blake2b(digest_size=8)

    def play(self, steps: int) -> int:
        """Steps of pursuers in so many steps of the environment."""
        played = 0
        for _ in range(steps):
            if not self.env.agents:
                self.env.reset()
            chosen = self._chance.integers(5, size=len(self.env.agents)).tolist()
            played += len(chosen)
            seen, *_ = self.env.step(dict(zip(self.env.agents, chosen, strict=True)))
        self.hasher.update(b"".join(np.asarray(look).tobytes() for look in seen.values()))
        return played


def main() -> None:
    parser = options(__doc__ or "")
    parser.add_argument("--repeats", type=int, default=5, help="rounds, in each of which all are measured")
    args = parser.parse_args()
    repeats = 2 if args.quick else args.repeats
    players: dict[str, tuple[Any, int]] = {
        "pettingzoo pursuit": (Theirs(), 100),
        "envs, batch 1": (Ours(1), 500),
        "envs, batch 1,024": (Ours(1024), 60),
    }
    rates = dict.fromkeys(players, 0.0)
    for _ in range(repeats):
        for name, (player, steps) in players.items():
            begun = time.perf_counter()
            played = player.play(steps)
            rates[name] = max(rates[name], played / (time.perf_counter() - begun))
    base = rates["pettingzoo pursuit"]
    for name, (player, _) in players.items():
        report(
            name,
            rates[name],
            "agent-steps/s",
            player.hasher.hexdigest(),
            args.json,
            times_pettingzoo=round(rates[name] / base, 1),
            repeats=repeats,
        )


if __name__ == "__main__":
    main()
