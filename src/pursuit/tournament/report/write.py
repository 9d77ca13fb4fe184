"""A report as JSON, CSV and Markdown."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import Any

from pursuit.play.result import Estimate
from pursuit.tournament.report.tables import Cell, Report, finite, texts


def as_data(report: Report) -> dict[str, Any]:
    """A report as plain data: numbers in full, estimates with their intervals, None for what has no bound."""
    tables = {}
    for table in report.tables:
        names = [column.name for column in table.columns]
        tables[table.name] = [dict(zip(names, map(_plain, row), strict=True)) for row in table.rows]
    return {"title": report.title, **report.facts, "tables": tables, "games_to_see": [*map(asdict, report.showpieces)]}


def as_json(report: Report) -> str:
    return json.dumps(as_data(report), ensure_ascii=False, indent=2) + "\n"


def as_csv(report: Report) -> str:
    """Every number in a line of its own: table, what it is about, measure, value, and the interval where it has one."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("table", "about", "measure", "value", "low", "high"))
    for table in report.tables:
        for row in table.rows:
            about = " | ".join(str(cell) for cell in row[: table.keys])
            for column, cell in zip(table.columns[table.keys :], row[table.keys :], strict=True):
                values = (cell.value, cell.low, cell.high) if isinstance(cell, Estimate) else (cell, None, None)
                writer.writerow((table.name, about, column.name, *values))
    return out.getvalue()


def as_markdown(report: Report) -> str:
    """A report to paste where Markdown is read."""
    lines = [f"# {report.title}", "", told(report), ""]
    for table in report.tables:
        lines += [f"## {table.title}", "", _row([column.name for column in table.columns])]
        lines.append("|" + "|".join("---" if at < table.keys else "--:" for at in range(len(table.columns))) + "|")
        lines += [_row(row) for row in texts(table)]
        lines += ["", table.note, ""] if table.note else [""]
    if report.showpieces:
        lines += ["## Games to see", ""]
        for piece in report.showpieces:
            lines.append(
                f"- {piece.why}: {piece.outcome} after {piece.turns} turns on {piece.venue}: `{piece.command}`"
            )
        lines.append("")
    return "\n".join(lines)


def told(report: Report) -> str:
    """What was played and by which rules, in a few sentences."""
    facts = report.facts
    forfeits = ", ".join(f"{count} by {kind}" for kind, count in facts["forfeits"].items()) or "none"
    boards = "; ".join(
        f"{board['board']} ({board['ruleset']}, ties {board['tie']}, starts {board['start']}, {board['turns']} turns)"
        for board in facts["boards"]
    )
    games = f"{facts['games']:,} games, {facts['distinct_games']:,} of them distinct"
    return f"Seed {facts['seed']}, {games}, forfeits: {forfeits}. Intervals of {facts['interval']}. Boards: {boards}."


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _plain(cell: Cell) -> Any:
    if isinstance(cell, Estimate):
        return {name: finite(value) for name, value in asdict(cell).items()}
    return finite(cell) if isinstance(cell, float) else cell
