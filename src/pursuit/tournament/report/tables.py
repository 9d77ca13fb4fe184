"""Tables of numbers with their intervals, before anybody decides how they look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isinf, isnan
from typing import Any, TypeAlias

from pursuit.play.result import Estimate

Cell: TypeAlias = str | int | float | Estimate | None


@dataclass(frozen=True)
class Column:
    """A column; its numbers are shown with so many digits behind the point."""

    name: str
    digits: int = 3


@dataclass(frozen=True)
class Table:
    """One table of a report."""

    name: str  # for machines
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    keys: int = 1  # how many columns, from the first, say what a row is about
    note: str = ""  # how the numbers came about


@dataclass(frozen=True)
class Showpiece:
    """A game worth seeing, and how to see it."""

    why: str
    venue: str
    hunter: str
    guardian: str
    seed: int
    outcome: str
    turns: int
    command: str  # plays it again


@dataclass(frozen=True)
class Curve:
    """A line to draw."""

    name: str
    x: Sequence[float]
    y: Sequence[float]


@dataclass(frozen=True)
class Chart:
    """Some lines over one axis."""

    title: str
    x: str
    y: str
    curves: Sequence[Curve]
    levels: Sequence[float] = ()  # horizontal lines that mean something


@dataclass(frozen=True)
class Report:
    """All that is to be told of a tournament."""

    title: str
    facts: dict[str, Any]  # what was played, and by which rules
    tables: Sequence[Table]
    showpieces: Sequence[Showpiece]
    charts: Sequence[Chart] = field(default_factory=tuple)


def text(cell: Cell, digits: int) -> str:
    """A cell as people read it: an estimate with its interval in brackets."""
    if cell is None:
        return ""
    if isinstance(cell, Estimate):
        return f"{_number(cell.value, digits)} [{_number(cell.low, digits)}, {_number(cell.high, digits)}]"
    if isinstance(cell, float):
        return _number(cell, digits)
    return f"{cell:,}" if isinstance(cell, int) else cell


def texts(table: Table) -> list[list[str]]:
    """All cells of a table, as people read them."""
    columns = [column.digits for column in table.columns]
    return [[text(cell, digits) for cell, digits in zip(row, columns, strict=True)] for row in table.rows]


def finite(number: float) -> float | None:
    """A number as JSON has them; None for one that is not known or has no bound."""
    return None if isinf(number) or isnan(number) else number


def _number(number: float, digits: int) -> str:
    if isinf(number):
        return "∞" if number > 0 else "-∞"
    shown = f"{number:,.{digits}f}"
    return shown.lstrip("-") if float(shown.replace(",", "")) == 0 else shown
