"""What a tournament costs beyond its games: overhead over bare rollouts, gain of a second worker, memory of a million.

The same games are played bare, by `rollout` in batches of the same size, and as a tournament with its ledger, in this
process and by the processor's clock; the runs alternate and the fastest of each counts, as the machine's speed wanders.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from harness import options, report
from pursuit.content.scenario import Scenario
from pursuit.play.rollout import rollout
from pursuit.rules.turn import fresh
from pursuit.tournament import pools
from pursuit.tournament.games import speakers_of
from pursuit.tournament.ledger import Ledger
from pursuit.tournament.plan import Plan, Venue, read_entrants
from pursuit.tournament.report.build import build
from pursuit.tournament.report.page import as_html
from pursuit.tournament.results import Results
from pursuit.tournament.runner import Options, good_batch, run
from pursuit.tournament.schedule import Schedule
from pursuit.tournament.spec import Spec, make_spec

SHORT = ("duel_torus", ("interceptor/stand_still", "beeline/stand_still"))  # about five turns a game
STORY = ("galleria", ("interceptor/escort", "beeline/runner"))


def main() -> None:
    parser = options(__doc__ or "")
    parser.add_argument("what", nargs="*", choices=["overhead", "workers", "million", []], help="default: all")
    args = parser.parse_args()
    asked = args.what or ["overhead", "workers", "million"]
    if "overhead" in asked:
        overhead("overhead on short games", *SHORT, 4096 if args.quick else 32768, args)
        overhead("overhead on story games", *STORY, 128 if args.quick else 512, args)
    if "workers" in asked:
        workers(256 if args.quick else 2048, args)
    if "million" in asked:
        million(20_000 if args.quick else 500_000, args)


def plan_of(scenario: str, entrants: tuple[str, str], pairs: int) -> Plan:
    return Plan("match", read_entrants(entrants), (Venue(scenario),), pairs)


def overhead(name: str, scenario: str, entrants: tuple[str, str], pairs: int, args: argparse.Namespace) -> None:
    """Seconds of a tournament against those of its bare games; the report is timed apart."""
    plan = plan_of(scenario, entrants, pairs)
    spec, schedule = make_spec(plan), Schedule(plan)
    scenarios, batch = [venue.load() for venue in plan.venues], good_batch(schedule, spec, 1)
    bare(schedule, scenarios, batch)
    times: dict[str, list[float]] = {"bare": [], "played": [], "told": []}
    for _ in range(2 if args.quick else 5):
        times["bare"].append(seconds(lambda: bare(schedule, scenarios, batch)))
        begun = time.process_time()
        results = whole(plan, spec, pools.here(), batch)
        times["played"].append(time.process_time() - begun)
        times["told"].append(seconds(lambda found=results: as_html(build(found, spec))))  # type: ignore[misc]
    least = {what: min(found) for what, found in times.items()}
    share = least["played"] / least["bare"] - 1
    facts = {"bare_seconds": f"{least['bare']:.3f}", "report_seconds": f"{least['told']:.3f}", "games": 2 * pairs}
    report(name, 100 * share, "percent", fingerprint(results), args.json, **facts)


def workers(pairs: int, args: argparse.Namespace) -> None:
    """How much faster two processes are than one, from start to end."""
    plan = plan_of(*STORY, pairs)
    spec = make_spec(plan)
    times: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(2):
        for num, found in times.items():
            begun = time.perf_counter()
            results = whole(plan, spec, pools.processes(num), batch=pairs // 8)
            found.append(time.perf_counter() - begun)
    one, two = min(times[1]), min(times[2])
    facts = {"one_seconds": f"{one:.1f}", "two_seconds": f"{two:.1f}", "games": 2 * pairs}
    report("two workers", one / two, "times one", fingerprint(results), args.json, **facts)


def million(pairs: int, args: argparse.Namespace) -> None:
    """Memory of a long run of short games, at a tenth of it and at its end, and with the report."""
    plan = plan_of(*SHORT, pairs)
    spec, marks = make_spec(plan), {}

    def look(results: Results) -> None:
        done = int(results.done.sum())
        for part in (10, 50, 100):
            if part not in marks and done >= part * 2 * pairs // 100:
                marks[part] = resident()

    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        with Ledger(Path(folder), spec) as ledger:
            results = run(Schedule(plan), spec, ledger, pools.here(), on_progress=look)
        played = time.perf_counter() - begun
        size = (Path(folder) / "games.ledger").stat().st_size
    as_html(build(results, spec))
    facts = {f"mib_at_{part}_percent": mib for part, mib in marks.items()}
    facts |= {"mib_with_report": resident(), "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}
    facts |= {"ledger_mib": size >> 20, "games": 2 * pairs}
    report("a million games", 2 * pairs / played, "games/s", fingerprint(results), args.json, **facts)


def bare(schedule: Schedule, scenarios: list[Scenario], batch: int) -> None:
    """The games of a schedule and nothing else."""
    for cell in schedule.cells:
        venue, scenario = schedule.plan.venues[cell.venue], scenarios[cell.venue]
        for first in range(0, schedule.plan.pairs, batch):
            seeds = schedule.seeds(cell.venue, np.arange(first, min(first + batch, schedule.plan.pairs)))
            speakers = speakers_of(scenario, venue, cell.hunter, cell.guardian)
            rollout(scenario.world, fresh(scenario.world, seeds), speakers)


def whole(plan: Plan, spec: Spec, pool: pools.Pool, batch: int = 0) -> Results:
    """The same games as a tournament, ledger and all."""
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder), spec) as ledger:
        return run(Schedule(plan), spec, ledger, pool, Options(batch))


def seconds(work: Callable[[], object]) -> float:
    """Of this process at work, whoever else is on the machine."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def fingerprint(results: Results) -> str:
    return f"{int(np.bitwise_xor.reduce(results.games['play'].ravel())):016x}"


def resident() -> int:
    """MiB that this process holds now."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() >> 20


if __name__ == "__main__":
    main()
