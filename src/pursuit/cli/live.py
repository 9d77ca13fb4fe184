"""A tournament as it goes: a bar and the standings on standard error, if that is a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from pursuit.tournament.plan import Plan
    from pursuit.tournament.results import Results

_EVERY = 0.5  # seconds between two looks
_MOST = 12  # pairings shown


@contextmanager
def standings(plan: Plan) -> Iterator[Callable[[Results], None] | None]:
    """Gives what is to be called as games end, or None where nobody would see it."""
    from rich.console import Group
    from rich.live import Live
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from pursuit.cli import show

    out = show.console(stderr=True)
    if not out.is_terminal:
        yield None
        return
    bar = Progress(TextColumn("games"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=out)
    games, looked = bar.add_task("games", total=None), 0.0
    with Live(bar, console=out, transient=True, auto_refresh=False) as live:

        def on_progress(results: Results) -> None:
            nonlocal looked
            now = time.monotonic()
            if now - looked >= _EVERY:
                looked = now
                bar.update(games, completed=int(results.done.sum()), total=results.schedule.num_games)
                live.update(Group(bar, _table(results)), refresh=True)

        yield on_progress


def _table(results: Results) -> Table:
    from rich import box
    from rich.table import Table

    from pursuit.tournament.rating import mean_score, superiority

    plan = results.schedule.plan
    made = Table(*("first", "second", "pairs", "score", "LOS"), box=box.SIMPLE_HEAD, pad_edge=False)
    for at, (first, second) in enumerate(results.schedule.pairings[:_MOST]):
        tally = results.tally(at)
        score = mean_score(tally)
        figures = f"{score.value:.3f} [{score.low:.3f}, {score.high:.3f}]", f"{superiority(tally):.3f}"
        made.add_row(plan.entrants[first].name, plan.entrants[second].name, f"{tally.num_pairs:,}", *figures)
    if len(results.schedule.pairings) > _MOST:
        made.add_row(f"… and {len(results.schedule.pairings) - _MOST} more", "", "", "", "")
    return made
