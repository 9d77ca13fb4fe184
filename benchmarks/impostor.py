"""The guise-aware planner: exposure, toll and next step for each shifter of a batch, plans a second.

What the shifter knows comes from play. Its model of the guardians' mind is updated beside and not counted, as
`benchmarks/minds.py` measures such filters. Time is that of the processor.
"""

from __future__ import annotations

import hashlib
import resource
import time

import numpy as np

from harness import options, report
from pursuit.content.scenario import load_scenario
from pursuit.core.board import Mode
from pursuit.mimicry.exposure import Mirror
from pursuit.mimicry.route import Prices, Route, Toll
from pursuit.play.lineup import assign
from pursuit.play.rollout import Step, rollout
from pursuit.play.seeds import episode_seeds
from pursuit.rules.turn import fresh
from pursuit.sense.live import live_rows
from pursuit.sense.observe import brief, observe


def main() -> None:
    parser = options(__doc__ or "")
    parser.add_argument("--batch", type=int, default=64, help="plans made at once")
    parser.add_argument("--turns", type=int, default=12)
    parser.add_argument("--looks", type=int, default=8, help="looks that it can put on")
    parser.add_argument("--weight", type=float, default=2.0, help="hops that one unit of exposure is worth")
    parser.add_argument("--scenario", default="galleria")
    args = parser.parse_args()
    scenario = load_scenario(args.scenario, line="open")
    world = scenario.world
    told = brief(world, (world.shifter,))
    speaks = np.arange(world.num_agents) == world.shifter
    mirror, route = Mirror(told), Route(told, int(Mode.FOOT), True, 0)
    quarry = int(np.flatnonzero(world.quarry)[0])
    people = np.flatnonzero(np.arange(world.num_agents) != quarry)
    looks = np.tile(np.append(world.shifter, people[people != world.shifter])[: args.looks], (args.batch, 1))
    every = np.ones(looks.shape, np.bool_)
    state_of = {"belief": mirror.start(args.batch)}
    spent = {"exposure": 0.0, "toll": 0.0, "step": 0.0}
    hasher = hashlib.blake2b(digest_size=8)
    plans = 0
    last: Toll | None = None

    def plan(step: Step) -> None:
        nonlocal plans, last
        live = live_rows(world, step.before, speaks)
        if len(live.episode) < args.batch:
            return
        belief = state_of["belief"] = mirror.update(state_of["belief"], observe(world, step.before, live))
        goal = step.before.node[:, quarry].astype(np.intp)
        clock = [time.process_time()]
        given, change = mirror.exposure(belief, looks)
        weight = np.float32(args.weight)
        prices = Prices(1 + weight * given, 2 + weight * change, every, every)
        clock.append(time.process_time())
        last = route.toll(goal, prices, last)
        clock.append(time.process_time())
        to = route.step(last, step.before.node[:, world.shifter], np.zeros(args.batch, np.intp), 2)
        clock.append(time.process_time())
        for name, seconds in zip(spent, np.diff(clock), strict=True):
            spent[name] += float(seconds)
        plans += args.batch
        hasher.update(last.field.tobytes() + to.tobytes())

    seeds = episode_seeds(1, args.batch)
    turns = 4 if args.quick else args.turns
    rollout(world, fresh(world, seeds), assign(world, scenario.policies), turns=turns, on_turn=plan)
    report(
        "impostor", plans / sum(spent.values()), "plans/s", hasher.hexdigest(), args.json, scenario=args.scenario,
        batch=args.batch, plans=plans, nodes=world.board.num_nodes, looks=looks.shape[1], weight=args.weight,
        **{f"{name}_ms": round(seconds / plans * 1e3, 3) for name, seconds in spent.items()},
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )  # fmt: skip


if __name__ == "__main__":
    main()
