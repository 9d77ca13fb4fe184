"""``pursuit run --episodes N``: outcomes counted, with their intervals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pursuit.cli import show
from pursuit.cli.run import checked_keep
from pursuit.core.state import State
from pursuit.play.checks import CheckResult, CheckWatch
from pursuit.play.lineup import specs
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


def run_batch(
    scenario: Scenario,
    seed: int,
    episodes: int,
    speakers: Sequence[Speaker],
    *,
    folder: Path | None,
    keep: str,
    strict: bool,
    as_json: bool,
) -> bool:
    """Play, print the table (or the JSON object), and write the replays that are to be kept.

    Says whether every required check held in every episode.
    """
    world = scenario.world
    checked_keep(world, keep)
    watch = CheckWatch(world, scenario.checks, episodes)
    result = play_batch(world, seed, episodes, speakers, watch, strict=strict)
    checks = [check for check in watch.results() if check.status != "skipped"]
    kept = _keep(scenario, result, seed, speakers, folder or Path("replays"), keep)
    if as_json:
        show.emit({**_as_json(scenario, result, seed, speakers, kept), "checks": [*map(show.check_facts, checks)]})
    else:
        _print(scenario, result, seed, kept, checks)
    return not any(check.fatal for check in checks)


def play_batch(
    world: World, seed: int, episodes: int, speakers: Sequence[Speaker], watch: CheckWatch, *, strict: bool = False
) -> Result:
    """Play episodes 0 … episodes − 1 of a batch, chunk by chunk, with a bar on standard error."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    seeds = episode_seeds(seed, episodes)
    chunk, checked = _chunk(world), any(not check.skipped for check in watch.checks)
    out = show.console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    results: list[Result] = []
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress:
        bar = progress.add_task(world.name, total=episodes)
        ended = np.zeros(episodes, np.bool_)
        for start in range(0, episodes, chunk):
            part = seeds[start : start + chunk]

            def on_turn(turn: Step, first: int = start) -> None:
                ended[first + turn.rows] = turn.after.ended[turn.at]
                progress.update(bar, completed=int(ended.sum()))
                if checked:
                    watch.hear(replace(turn, rows=first + turn.rows))

            state = fresh(world, part)
            heard = on_turn if checked or out.is_terminal else None
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
    one: State = fresh(world, np.zeros(1, np.uint64))
    size = sum(column.nbytes for _, column in one.columns())
    return int(np.clip(BYTES_AT_ONCE // (8 * size), 64, 16_384))


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
        "turns": {
            "total": int(result.turns.sum()),
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
