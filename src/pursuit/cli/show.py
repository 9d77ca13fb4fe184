"""How things look on a terminal: 80 columns are enough, color only where there is a terminal to show it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from pursuit.play.checks import CheckResult
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
