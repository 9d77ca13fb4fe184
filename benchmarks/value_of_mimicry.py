"""What deception is worth: the same hunter with and without mimicry, on the same seeds, against guardians who trust
their eyes, who work out who is who, and who stroll; and what working it out is worth. `docs/value_of_mimicry.md`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pursuit.content.scenario import load_scenario
from pursuit.play.lineup import assign
from pursuit.play.result import Estimate, wilson
from pursuit.play.rollout import rollout
from pursuit.play.seeds import episode_seeds
from pursuit.rules.turn import fresh

_EXITS = {
    "dyson_home": ("exit_bluff_west", "exit_bluff_east", "exit_beach"),
    "desert": ("exit_mexico", "exit_city", "exit_highway_east"),
    "freeway": ("exit_mateo_south", "exit_sixth_west", "exit_santa_fe_south"),
    "hospital": ("exit_foothill_west", "exit_canyon_north", "exit_fire_road"),
    "steel_mill": ("exit_road_west", "exit_gantry_north", "exit_rails_east"),
    "cyberdyne": ("exit_industry_west", "exit_industry_east", "exit_circuit_north"),
}
BOARDS: dict[str, tuple[str, dict[str, str]]] = {"galleria": ("galleria", {})}
for _board, _exits in _EXITS.items():
    _ways = dict(zip(("way_out", "other_way_out", "third_way_out"), _exits, strict=True))
    BOARDS[_board] = "masquerade", {"board": _board, **_ways}
"""Scenario and parameters of each board."""

GUARDIANS = ("trusting", "wary", "random_walk")
HUNTERS = {"open": "impostor(mimicry=false)", "masked": "impostor"}
SEED = 7


@dataclass(frozen=True)
class Played:
    """The games of one hunter against one kind of guardian on one board, seed by seed."""

    captured: NDArray[np.bool_]  # [n]
    time: NDArray[np.int64]  # [n] turns, the turn limit if it was not captured


@dataclass(frozen=True)
class Row:
    """A comparison of two on the same seeds. Shares are of 1; intervals are 95 %."""

    board: str
    about: str
    other: str
    first: Estimate  # capture rate
    second: Estimate
    gain: float  # second less first
    gain_margin: float
    time: float  # turns to the capture, the turn limit without one: second less first
    time_margin: float


def play(board: str, hunter: str, guardian: str, pairs: int, digest: hashlib._Hash) -> Played:
    """So many episodes of a board."""
    name, params = BOARDS[board]
    scenario = load_scenario(name, "open", params)
    world = scenario.world
    speakers = assign(world, scenario.policies, [f"hunter={hunter}", f"guardian={guardian}"])
    result = rollout(world, fresh(world, episode_seeds(SEED, pairs)), speakers, lanes=256)
    captured = result.state.outcome == world.outcome_name.index("quarry_killed")
    digest.update(captured.tobytes() + result.turns.tobytes())
    return Played(captured, np.where(captured, result.turns, world.turns))


def compare(board: str, about: str, other: str, first: Played, second: Played) -> Row:
    """How much more, and how much sooner, the second captures than the first."""
    num = len(first.captured)
    gain = second.captured.astype(float) - first.captured
    time = (second.time - first.time).astype(float)
    one, two = (wilson(int(p.captured.sum()), num) for p in (first, second))
    margin = 1.96 / np.sqrt(num)
    return Row(
        board, about, other, one, two, float(gain.mean()), float(gain.std(ddof=1) * margin),
        float(time.mean()), float(time.std(ddof=1) * margin),
    )  # fmt: skip


def study(boards: list[str], guardians: list[str], pairs: int) -> tuple[list[Row], str]:
    """All comparisons, and a checksum of what was played."""
    digest = hashlib.blake2b(digest_size=8)
    rows = []
    for board in boards:
        games: dict[tuple[str, str], Played] = {}
        for guardian in guardians:
            for look, hunter in HUNTERS.items():
                games[look, guardian] = play(board, hunter, guardian, pairs, digest)
            rows.append(compare(board, "mimicry", guardian, games["open", guardian], games["masked", guardian]))
            print(line(rows[-1]), file=sys.stderr, flush=True)
        if {"trusting", "wary"} <= set(guardians):
            for look in HUNTERS:
                rows.append(compare(board, "wariness", look, games[look, "trusting"], games[look, "wary"]))
                print(line(rows[-1]), file=sys.stderr, flush=True)
    return rows, digest.hexdigest()


def line(row: Row) -> str:
    """A row of the page's table."""
    rates = " | ".join(f"{rate.value:.3f} ({rate.low:.2f} to {rate.high:.2f})" for rate in (row.first, row.second))
    gain = f"{100 * row.gain:+.1f} ± {100 * row.gain_margin:.1f}"
    return f"| {row.board} | {row.other} | {rates} | {gain} | {row.time:+.1f} ± {row.time_margin:.1f} |"


def table(rows: list[Row], about: str) -> str:
    """The page's table of what mimicry, or wariness, is worth."""
    heads = {
        "mimicry": "| board | guardians | own look | masked | gain, points | capture time, turns |",
        "wariness": "| board | hunter | trusting | wary | gain, points | capture time, turns |",
    }
    return "\n".join([heads[about], "|---" * 6 + "|", *(line(row) for row in rows if row.about == about)])


def plot(rows: list[Row], path: Path) -> None:
    """What mimicry is worth on each board, against each kind of guardian; needs matplotlib (extra `report`)."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    shown = [row for row in rows if row.about == "mimicry"]
    boards = list(dict.fromkeys(row.board for row in shown))
    others = list(dict.fromkeys(row.other for row in shown))
    figure, axes = pyplot.subplots(figsize=(7, 3.2), layout="constrained")
    for place, (other, color) in enumerate(zip(others, ("#2a7f9e", "#c8553d", "#8d99ae"), strict=False)):
        of = [row for row in shown if row.other == other]
        at = [boards.index(row.board) + (place - (len(others) - 1) / 2) * 0.22 for row in of]
        axes.errorbar(
            at, [100 * row.gain for row in of], [100 * row.gain_margin for row in of], fmt="o", color=color,
            capsize=3, label=other,
        )  # fmt: skip
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_xticks(range(len(boards)), boards)
    axes.set_ylabel("gain in capture rate, points")
    axes.set_title("What mimicry is worth to the hunter")
    axes.legend(title="guardians", frameon=False)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=160, help="seeds of each cell")
    parser.add_argument("--boards", nargs="+", default=["galleria", "freeway", "dyson_home"], choices=BOARDS)
    parser.add_argument("--guardians", nargs="+", default=list(GUARDIANS), choices=GUARDIANS)
    parser.add_argument("--plot", type=Path, help="where to draw it, such as docs/value_of_mimicry.svg")
    parser.add_argument("--json", action="store_true", help="print one object on standard output")
    args = parser.parse_args()
    rows, checksum = study(args.boards, args.guardians, args.pairs)
    if args.plot:
        plot(rows, args.plot)
    if args.json:
        facts = {"pairs": args.pairs, "seed": SEED, "checksum": checksum, "rows": [asdict(row) for row in rows]}
        print(json.dumps({"benchmark": "value_of_mimicry", **facts}))
        return
    print(f"{args.pairs} pairs, seeds of {SEED}, checksum {checksum}\n\n{table(rows, 'mimicry')}")
    if any(row.about == "wariness" for row in rows):
        print(f"\n{table(rows, 'wariness')}")


if __name__ == "__main__":
    main()
