"""The story on `galleria`, whole cast, open play: agent-steps a second in a batch, turns a second at batch 1."""

from __future__ import annotations

import resource

import numpy as np

from harness import best, checksum, options, report
from pursuit.content.scenario import load_scenario
from pursuit.play.lineup import assign
from pursuit.play.rollout import rollout
from pursuit.play.seeds import episode_seeds
from pursuit.rules.turn import fresh


def main() -> None:
    parser = options(__doc__ or "")
    parser.add_argument("--batch", type=int, default=1024, help="episodes played at once")
    parser.add_argument("--scenario", default="galleria")
    args = parser.parse_args()
    scenario = load_scenario(args.scenario, line="open")
    world = scenario.world
    alone = args.batch == 1
    # one game is over too soon to time: play twenty, one after another
    seeds = episode_seeds(1, 20 if alone else args.batch)

    def play() -> list[object]:
        lineup = assign(world, scenario.policies)
        starts = [seeds[i : i + args.batch] for i in range(0, len(seeds), args.batch)]
        return [rollout(world, fresh(world, start), lineup) for start in starts]

    seconds, results = best(play, 1 if args.quick else 3)
    turns = int(sum(result.turns.sum() for result in results))
    steps = sum(result.agent_steps for result in results)
    report(
        "story",
        turns / seconds if alone else steps / seconds,
        "turns/s" if alone else "agent-steps/s",
        checksum(results[-1].state),
        args.json,
        scenario=args.scenario,
        batch=args.batch,
        nodes=world.board.num_nodes,
        agents=world.num_agents,
        episode_turns=turns,
        agent_steps=steps,
        distinct_starts=len(np.unique(fresh(world, seeds).node, axis=0)),
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


if __name__ == "__main__":
    main()
