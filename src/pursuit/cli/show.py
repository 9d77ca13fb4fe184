"""How things look on a terminal: 80 columns are enough, color only where there is a terminal to show it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from pursuit.content.files.problems import Problem
    from pursuit.play.checks import CheckResult
    from pursuit.play.coverage import Coverage
    from pursuit.play.regret import Tally
    from pursuit.rules.told.events import Event

_INDENT = 6

STYLES = {
    "changed": "magenta",
    "morphs": "magenta",
    "sampled": "magenta",
    "struck": "red",
    "shot": "red",
    "down": "bold red",
    "killed": "bold red",
    "offline": "bold red",
    "split": "red",
    "passed": "cyan",
    "failed": "bold cyan",
    "ordered": "cyan",
    "linked": "green",
    "left": "bold green",
    "sighted": "yellow",
    "found": "yellow",
    "message": "italic",
    "ended": "bold",
    "fired": "dim",
    "refused": "dim",
    "blocked": "dim",
    "lost": "dim",
    "mark": "dim",
}
"""How kinds of events are set off; the rest is plain."""


def console(*, stderr: bool = False) -> Console:
    """Where text goes. Not on a terminal: no color, and 80 columns unless COLUMNS says otherwise."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if not made.is_terminal:
        return Console(stderr=stderr, highlight=False, color_system=None, width=made.width)
    return made


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, if that is a terminal: call what this gives with how much is done and of how much."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    out = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as shown:
        bar = shown.add_task(title, total=None)
        yield lambda done, total: shown.update(bar, completed=done, total=total)


def emit(data: dict[str, Any]) -> None:
    """One JSON object on standard output."""
    print(json.dumps(data, ensure_ascii=False, indent=2))


def note(text: str) -> None:
    """A remark on standard error."""
    print(text, file=sys.stderr)


def tell(out: Console, turn: int, events: Sequence[Event]) -> None:
    """A turn of the story: its number once, then a line for each event, wrapped with a hanging indent."""
    from rich.text import Text

    number = f"{turn:>4}  "
    for event in events:
        lines = Text(event.text, style=STYLES.get(event.kind, "")).wrap(out, max(20, out.width - _INDENT))
        for line in lines:
            line.rstrip()
            out.print(Text(number, style="dim") + line)
            number = " " * _INDENT


def checks(out: Console, results: Sequence[CheckResult]) -> None:
    """Each check with its status; what failed, with what was expected and what was there instead."""
    from rich.text import Text

    for check in results:
        failed = check.status == "fail"
        sign, style = (
            ("FAIL", "bold red") if failed and check.required else ("miss", "yellow") if failed else ("ok", "green")
        )
        line = Text(f"{sign:<6}", style=style) + Text(check.title)
        out.print(line)
        if failed:
            out.print(Text(f"      expected {check.expected}; {check.actual}", style="dim"))


def check_facts(check: CheckResult) -> dict[str, Any]:
    """A check as JSON."""
    names = ("name", "title", "required", "status", "expected", "actual", "passed", "episodes")
    return {name: getattr(check, name) for name in names}


def coverage_facts(found: Coverage) -> dict[str, Any]:
    """A trigger that never fired, as JSON."""
    return {"name": found.name, "near_miss": found.near_miss}


def regret(out: Console, tallies: Mapping[str, Tally]) -> None:
    """What the moves of each side lose against best play, a line each."""
    for side, tally in tallies.items():
        blunders = "1 blunder" if tally.blunders == 1 else f"{tally.blunders:,} blunders"
        out.print(
            f"{side}: {tally.optimal:.1%} of {tally.moves:,} moves are best play, "
            f"{tally.regret:.3f} turns lost a move, {blunders}"
        )


def regret_facts(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """The same as JSON."""
    names = ("moves", "regret", "optimal", "blunders")
    return {side: {name: getattr(tally, name) for name in names} for side, tally in tallies.items()}


def table(
    out: Console, columns: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = (), title: str = ""
) -> None:
    """A plain table; the columns numbered in ``right`` are set flush right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for index, column in enumerate(columns):
        made.add_column(column, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    out.print(made)


class Findings:
    """What a look at several files found: told file by file, or gathered for one JSON object."""

    def __init__(self, what: str, *, quiet: bool) -> None:
        self._what, self._quiet = what, quiet
        self._facts: list[dict[str, Any]] = []

    def good(self, name: str, text: str, warnings: Iterable[Problem] = ()) -> None:
        """A file that can be used."""
        self._add(name, True, tuple(warnings))
        if not self._quiet:
            print(f"{name}: {text}")

    def bad(self, name: str, problems: Sequence[Problem]) -> None:
        """A file that cannot."""
        self._add(name, False, problems)

    def close(self) -> int:
        """Print the object if that is wanted; the exit code."""
        if self._quiet:
            emit({self._what: self._facts})
        return 0 if all(fact["ok"] for fact in self._facts) else 2

    def _add(self, name: str, ok: bool, problems: Sequence[Problem]) -> None:
        parts = ("severity", "code", "message", "file", "line", "column")
        told = [{part: getattr(problem, part) for part in parts} for problem in problems]
        self._facts.append({"name": name, "ok": ok, "problems": told})
        if not self._quiet:
            for problem in problems:
                note(str(problem))
