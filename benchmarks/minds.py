"""The identity filter for one mind of a scenario: episode-turns a second, rules and the other policies left out."""

from __future__ import annotations

import hashlib
import resource
import time
from dataclasses import fields

import numpy as np

from harness import best, options, report
from pursuit.content.scenario import load_scenario
from pursuit.core.world import Side
from pursuit.mimicry.belief import Belief, Prior
from pursuit.mimicry.identity import Identity
from pursuit.play.lineup import assign
from pursuit.play.rollout import Step, rollout
from pursuit.play.seeds import episode_seeds
from pursuit.rules.turn import fresh
from pursuit.sense.live import live_rows
from pursuit.sense.observation import Observation
from pursuit.sense.observe import brief, observe

Look = tuple[np.ndarray, Observation]  # episodes, and what their minds see


def main() -> None:
    parser = options(__doc__ or "")
    parser.add_argument("--batch", type=int, default=256, help="episodes played at once")
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--scenario", default="galleria")
    args = parser.parse_args()
    scenario = load_scenario(args.scenario, line="open")
    world = scenario.world
    slot = int(np.flatnonzero((world.side == Side.GUARDIAN) & ~world.absent)[0])
    speaks = np.arange(world.num_agents) == slot
    looks: list[Look] = []

    def listen(step: Step) -> None:
        live = live_rows(world, step.before, speaks)
        if len(live.episode):
            looks.append((step.rows[np.searchsorted(step.at, live.episode)], observe(world, step.before, live)))

    seeds = episode_seeds(1, args.batch)
    rollout(world, fresh(world, seeds), assign(world, scenario.policies), turns=args.turns, on_turn=listen)
    identity = Identity(brief(world, (slot,)))
    prior = Prior(touchable=world.sampled)

    def run() -> Belief:
        belief = identity.start(args.batch, prior)
        for rows, obs in looks:
            whole = len(rows) == args.batch
            new = identity.update(belief if whole else belief.take(rows), obs)
            belief = new if whole else belief.put(rows, new)
        return belief

    begun, repeats = time.process_time(), 1 if args.quick else 3
    seconds, belief = best(run, repeats)
    busy = (time.process_time() - begun) / (repeats + 1)
    turns = sum(len(rows) for rows, _ in looks)
    hasher = hashlib.blake2b(digest_size=8)
    for column in belief.says().values():
        hasher.update(np.ascontiguousarray(column).tobytes())
    guises, nodes, agents = world.num_guises, world.board.num_nodes, world.num_agents
    cells = (guises + 2 * agents) * nodes
    lanes = [int((table.max(axis=1) + 1).sum()) for table in (belief.look_of, belief.crowd_of, belief.pair_of)]
    lanes_a_row = (lanes[0] + lanes[1] + 2 * lanes[2]) / args.batch
    held = sum(getattr(belief, field.name).nbytes for field in fields(belief))
    report(
        "minds", turns / seconds, "episode-turns/s", hasher.hexdigest(), args.json, scenario=args.scenario,
        batch=args.batch, per_second_of_processor_time=round(turns / busy), nodes=nodes, guises=guises,
        guises_in_use=int((belief.worn > 0).sum(axis=1).max()), cells=cells,
        cells_in_use=round(lanes_a_row * nodes), ns_a_cell=round(seconds / turns / cells * 1e9, 2),
        resets=int(belief.resets.sum()), belief_mib_at_1024=round(held / args.batch * 1024 / 2**20),
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )  # fmt: skip


if __name__ == "__main__":
    main()
