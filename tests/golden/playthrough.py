"""Golden playthroughs: each scenario's film line as it is told, with digests.

Write them anew, and read the difference before committing it:

    python -m tests.golden.playthrough
"""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from pursuit.cli import show
from pursuit.content.scenario import load_scenario, scenario_names
from pursuit.core.state import digest
from pursuit.play.checks import CheckWatch
from pursuit.play.lineup import assign
from pursuit.play.rollout import Step
from pursuit.play.session import play
from pursuit.play.story import told
from pursuit.rules.version import RULES_VERSION

FOLDER = Path(__file__).parent


def playthrough(name: str) -> str:
    """The film line of a scenario, with its own seed: story, checks, and the digest of every tenth turn."""
    scenario = load_scenario(name, "film")
    world, text = scenario.world, StringIO()
    out = Console(file=text, width=80, color_system=None, highlight=False)
    watch = CheckWatch(world, scenario.checks, 1)

    def on_turn(turn: Step) -> None:
        watch.hear(turn)
        number = int(turn.after.turn[0])
        if number % 10 == 0 and number != int(turn.before.turn[0]):
            digests.append(f"{number:>4}  {digest(turn.after)}")

    digests: list[str] = []
    out.print(f"{scenario.title}: seed {scenario.seed}, rules version {RULES_VERSION}\n")
    result = play(
        world,
        scenario.seed,
        assign(world, scenario.policies),
        tell=lambda turn, events: show.tell(out, turn, told(world, events)),
        listeners=[on_turn],
    )
    out.print()
    show.checks(out, watch.results())
    out.print("\n".join(["digests", *digests, f" end  {digest(result.state)}"]))
    out.print(f"\n{next(iter(result.outcomes()))} after {int(result.turns[0])} turns")
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def main() -> None:
    """Write all of them, and remove those of scenarios that are gone."""
    names = scenario_names()
    for path in FOLDER.glob("*.txt"):
        if path.stem not in names:
            path.unlink()
    for name in names:
        (FOLDER / f"{name}.txt").write_text(playthrough(name), "utf-8")
        print(f"written: {name}.txt")


if __name__ == "__main__":
    main()
