"""The story on `galleria`, whole cast, open play: agent-steps a second in a batch, turns a second at batch 1."""

from __future__ import annotations

import resource

import numpy as np

from harness import best, checksum, options, report
from pursuit.content.scenario import load_scenario
from pursuit.play.lineup import assign
from pursuit.play.result import Result
from pursuit.play.rollout import rollout
from pursuit.play.seeds import episode_seeds
from pursuit.rules.turn import fresh


def main() -> None:
    parser = options(__doc__ or "")
    parser.add_argument("--batch", type=int, default=1024, help="episodes played at once")
    parser.add_argument("--episodes", type=int, help="games in all; as some end, the next begin")
    parser.add_argument("--scenario", default="galleria")
    args = parser.parse_args()
    scenario = load_scenario(args.scenario, line="open")
    world = scenario.world
    alone = args.batch == 1
    # enough games that the lanes are full for most of the time, and that one is not over too soon to time
    seeds = episode_seeds(1, args.episodes or (20 if alone else args.batch * (2 if args.quick else 8)))

    def play() -> Result:
        return rollout(world, fresh(world, seeds), assign(world, scenario.policies), lanes=args.batch)

    seconds, result = best(play, 1 if args.quick else 3)
    turns, steps = int(result.turns.sum()), result.agent_steps
    report(
        "story",
        turns / seconds if alone else steps / seconds,
        "turns/s" if alone else "agent-steps/s",
        checksum(result.state),
        args.json,
        scenario=args.scenario,
        batch=args.batch,
        episodes=len(seeds),
        nodes=world.board.num_nodes,
        agents=world.num_agents,
        episode_turns=turns,
        agent_steps=steps,
        distinct_starts=len(np.unique(fresh(world, seeds).node, axis=0)),
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


if __name__ == "__main__":
    main()
