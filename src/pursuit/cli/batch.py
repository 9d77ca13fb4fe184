"""``pursuit run --episodes N``: outcomes counted, with their intervals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pursuit.cli import show
from pursuit.cli.run import checked_keep
from pursuit.content.files.problems import fail
from pursuit.core.state import State
from pursuit.play.checks import CheckResult, CheckWatch
from pursuit.play.coverage import TriggerWatch
from pursuit.play.lineup import specs
from pursuit.play.regret import RegretWatch, judge_of
from pursuit.play.result import Result, wilson
from pursuit.play.rollout import Step, join, rollout
from pursuit.play.seeds import episode_seeds
from pursuit.play.voices import Speaker
from pursuit.rules.turn import fresh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pursuit.content.scenario import Scenario
    from pursuit.core.world import World

BYTES_AT_ONCE = 1 << 28
"""Memory that the states of one chunk may take: big casts are played in smaller chunks."""
BYTES_IN_ALL = 1 << 32
"""Memory that the last states of a batch may take, while they are put together."""


def run_batch(
    scenario: Scenario,
    seed: int,
    episodes: int,
    speakers: Sequence[Speaker],
    *,
    folder: Path | None,
    keep: str,
    strict: bool,
    fail_on_unfired: bool,
    as_json: bool,
) -> bool:
    """Play, print the table (or the JSON object), and write the replays that are to be kept.

    Says whether every required check held in every episode and, if asked for, every trigger fired in one of them.
    """
    world = scenario.world
    checked_keep(world, keep)
    _checked_size(world, episodes)
    watch = CheckWatch(world, scenario.checks, episodes)
    coverage = TriggerWatch(world, episodes) if fail_on_unfired else None
    judge = judge_of(world)
    regret = RegretWatch(judge) if judge is not None else None
    result = play_batch(world, seed, episodes, speakers, watch, coverage, regret, strict=strict)
    unfired = [found for found in coverage.results() if found.never] if coverage else []
    checks = [check for check in watch.results() if check.status != "skipped"]
    kept = _keep(scenario, result, seed, speakers, folder or Path("replays"), keep)
    if as_json:
        facts = _as_json(scenario, result, seed, speakers, kept)
        missing = {"unfired": [show.coverage_facts(found) for found in unfired]} if coverage else {}
        facts["regret"] = show.regret_facts(regret.tallies()) if regret is not None else None
        show.emit({**facts, "checks": [*map(show.check_facts, checks)], **missing})
    else:
        _print(scenario, result, seed, kept, checks)
        if regret is not None:
            show.regret(show.console(), regret.tallies())
        for found in unfired:
            show.note(f"trigger {found.name} never fired: {found.near_miss}")
    return not (unfired or any(check.fatal for check in checks))


def play_batch(
    world: World,
    seed: int,
    episodes: int,
    speakers: Sequence[Speaker],
    watch: CheckWatch,
    coverage: TriggerWatch | None = None,
    regret: RegretWatch | None = None,
    *,
    strict: bool = False,
) -> Result:
    """Play episodes 0 … episodes − 1 of a batch, chunk by chunk, with a bar on standard error."""
    seeds = episode_seeds(seed, episodes)
    chunk, checked = _chunk(world), any(not check.skipped for check in watch.checks)
    out = show.console(stderr=True)
    results: list[Result] = []
    with show.progress(world.name) as advance:
        ended = np.zeros(episodes, np.bool_)
        for start in range(0, episodes, chunk):
            part = seeds[start : start + chunk]

            def on_turn(turn: Step, first: int = start) -> None:
                ended[first + turn.rows] = turn.after.ended[turn.at]
                advance(int(ended.sum()), episodes)
                if checked:
                    watch.hear(replace(turn, rows=first + turn.rows))
                if coverage:
                    coverage.hear(replace(turn, rows=first + turn.rows))
                if regret:
                    regret.hear(turn)

            state = fresh(world, part)
            if coverage:
                coverage.see(state, np.arange(start, start + len(part)))
            heard = on_turn if checked or coverage or regret or out.is_terminal else None
            results.append(rollout(world, state, speakers, on_turn=heard, strict=strict))
    if len(results) == 1:
        return results[0]
    return Result(
        world,
        join([result.state for result in results]),
        np.concatenate([result.turns for result in results]),
        sum(result.agent_steps for result in results),
        sum(result.seconds for result in results),
    )


def _chunk(world: World) -> int:
    """Episodes to begin together: fewer for casts whose states are large."""
    return int(np.clip(BYTES_AT_ONCE // (8 * _size(world)), 64, 16_384))


def _size(world: World) -> int:
    """Bytes of a state."""
    one: State = fresh(world, np.zeros(1, np.uint64))
    return sum(column.nbytes for _, column in one.columns())


def _checked_size(world: World, episodes: int) -> None:
    """Raise ContentError for more episodes than their last states leave room for."""
    most = BYTES_IN_ALL // (2 * _size(world))
    if episodes > most:
        raise fail("episodes", f"at most {most:,} episodes of {world.name} are played at once; use several seeds")


def _keep(
    scenario: Scenario, result: Result, seed: int, speakers: Sequence[Speaker], folder: Path, keep: str
) -> list[Path]:
    """Replays of the episodes that ended so: each is played again alone, which plays the same."""
    from pursuit.play.session import make_head, play

    world = scenario.world
    if keep == "none":
        return []
    wanted = np.arange(result.num_rows)
    if keep != "all":
        wanted = np.flatnonzero(result.outcome == world.outcome_name.index(keep))
    paths = []
    for row in wanted.tolist():
        own = int(result.state.seed[row])
        path = folder / f"{world.name}-{seed}-{row}.chase.jsonl"
        play(world, own, speakers, head=make_head(scenario, own, speakers), path=path)
        paths.append(path)
    return paths


def _print(scenario: Scenario, result: Result, seed: int, kept: list[Path], checks: Sequence[CheckResult]) -> None:
    out, num = show.console(), result.num_rows
    line = "film line" if scenario.line == "film" else "open play"
    out.print(f"{scenario.world.title}: {line}, {num} episodes, seed {seed}", style="bold")
    rows = []
    for name, count in result.outcomes().items():
        share = wilson(count, num)
        turns = result.turns[result.outcome == _index(scenario.world, name)]
        interval = f"{100 * share.low:.1f} to {100 * share.high:.1f} %"
        rows.append((name.replace("_", " "), f"{count}", f"{100 * share.value:.1f} %", interval, f"{turns.mean():.1f}"))
    show.table(out, ("outcome", "episodes", "share", "95 % interval", "mean turns"), rows, right=(1, 2, 3, 4))
    failed = [(check.title, f"{check.passed}", f"{check.episodes - check.passed}") for check in checks]
    if checks:
        show.table(out, ("check", "held", "failed"), failed, right=(1, 2))
    score = result.mean_score()
    out.print(f"hunter's score {score.value:.3f} (95 % interval {score.low:.3f} to {score.high:.3f})")
    out.print(f"{result.rate:,.0f} agent-steps a second ({result.seconds:.1f} s)")
    if kept:
        out.print(f"{len(kept)} replays in {kept[0].parent}")


def _index(world: World, outcome: str) -> int:
    return world.outcome_name.index(outcome) if outcome in world.outcome_name else -1


def _as_json(
    scenario: Scenario, result: Result, seed: int, speakers: Sequence[Speaker], kept: list[Path]
) -> dict[str, Any]:
    world, score = scenario.world, result.mean_score()
    return {
        "scenario": world.name,
        "line": scenario.line,
        "seed": seed,
        "params": dict(world.params),
        "episodes": result.num_rows,
        "outcomes": result.outcomes(),
        "turns": int(result.turns.sum()),
        "turns_an_episode": {
            "mean": float(result.turns.mean()),
            "least": int(result.turns.min()),
            "most": int(result.turns.max()),
        },
        "score": {"mean": score.value, "low": score.low, "high": score.high},
        "agent_steps": result.agent_steps,
        "agent_steps_per_second": result.rate,
        "policies": dict(zip(world.agent_name, specs(world, speakers), strict=True)),
        "replays": [str(path) for path in kept],
    }
