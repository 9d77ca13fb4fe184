"""Agent-steps a second of whole games on a unit board: simultaneous ruleset, 2 hunters after 4 others, table policies.

Everything goes through the public `rollout`, with all phases of the ruleset; every episode has its own start.
"""

from __future__ import annotations

import resource
from dataclasses import replace

import numpy as np

from harness import best, checksum, options, report
from pursuit.content.scenario import load_scenario
from pursuit.core.fields import FieldWays
from pursuit.play.lineup import assign
from pursuit.play.rollout import rollout
from pursuit.play.seeds import episode_seeds
from pursuit.rules.turn import fresh


def main() -> None:
    parser = options(__doc__ or "")
    parser.add_argument("--batch", type=int, default=4096, help="episodes played at once")
    parser.add_argument("--board", help="a map or generator spec in place of the scenario's")
    parser.add_argument("--agents", type=int, default=6, help="a third of them hunt")
    parser.add_argument(
        "--turns", type=int, help="play so many turns of the first batch only, for boards that take long"
    )
    parser.add_argument("--hunter", help="policy of the hunters in place of the scenario's")
    parser.add_argument("--others", help="policy of the four others in place of the scenario's")
    args = parser.parse_args()
    cast: dict[str, int | str] = {"hunters": args.agents // 3, "evaders": args.agents - args.agents // 3}
    scenario = load_scenario("chase", params=cast | ({"board": args.board} if args.board else {}))
    world = scenario.world
    seeds = episode_seeds(1, args.batch * (1 if args.quick or args.turns else 4))
    chosen = {"hunter": args.hunter, "guardian": args.others}
    overrides = [f"{side}={policy}" for side, policy in chosen.items() if policy]

    def play() -> object:
        # On a large board a world keeps the distances of the episodes before: each run has its own.
        own = replace(world, ways=FieldWays(world.board)) if isinstance(world.ways, FieldWays) else world
        lineup = assign(own, scenario.policies, overrides)
        return rollout(own, fresh(own, seeds), lineup, lanes=args.batch, turns=args.turns)

    _, result = best(play, 1 if args.quick else 5)
    starts = np.unique(fresh(world, seeds).node, axis=0)
    report(
        "chase",
        result.rate,
        "agent-steps/s",
        checksum(result.state),
        args.json,
        batch=args.batch,
        episodes=len(seeds),
        nodes=world.board.num_nodes,
        agents=world.num_agents,
        agent_steps=result.agent_steps,
        distinct_starts=len(starts),
        policies=" ".join(sorted({speaker.spec for speaker in assign(world, scenario.policies, overrides)})),
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


if __name__ == "__main__":
    main()
