"""A ledger as a table that other tools read: Parquet files, and SQL, by DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.content.files.problems import fail
from pursuit.tournament.referee import By, Fault
from pursuit.tournament.results import Results
from pursuit.tournament.spec import Spec


def columns(results: Results, spec: Spec) -> dict[str, NDArray[Any]]:
    """Every finished game as columns, in the order of the schedule, [n] each.

    ``counts`` says whether reports look at it: games beyond the stop of a sequential test are there, but do not count.
    """
    schedule = results.schedule
    cell, index = np.nonzero(results.done)
    games, cells = results.games[cell, index], schedule.cells
    indices = np.arange(schedule.plan.pairs)
    venues = [schedule.plan.venues[found.venue].label for found in cells]
    outcomes = [[*spec["venues"][found.venue]["outcomes"], "forfeit"] for found in cells]

    def each(values: list[str]) -> NDArray[Any]:
        return np.array(values, object)[cell]

    return {
        "game": np.stack([schedule.games(at, indices) for at in range(len(cells))])[cell, index],
        "board": each(venues),
        "hunter": each([found.hunter for found in cells]),
        "guardian": each([found.guardian for found in cells]),
        "copy": np.array([found.copy for found in cells], np.int8)[cell],
        "index": index,
        "seed": np.stack([schedule.seeds(found.venue, indices) for found in cells])[cell, index],
        "score": games["score"] / 2,
        "outcome": _looked_up(outcomes, cell, games["outcome"]),
        "turns": games["turns"],
        "fault": np.array([fault.name.lower() for fault in Fault], object)[games["fault"]],
        "by": np.array([by.name.lower() for by in By], object)[games["by"]],
        "hunter_loss": games["hunter_loss"],
        "guardian_loss": games["guardian_loss"],
        "play": games["play"],
        "counts": results.counted()[cell, index],
    }


def write_parquet(results: Results, spec: Spec, path: Path) -> int:
    """Write all finished games; how many there were. Raises ContentError without DuckDB."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connected(results, spec)
    name = str(path).replace("'", "''")
    connection.execute(f"copy (select * from games) to '{name}' (format parquet, compression zstd)")
    return int(results.done.sum())


def query(results: Results, spec: Spec, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """(column names, rows) that a query of the table ``games`` gives. Raises ContentError for a query that fails."""
    connection = _connected(results, spec)
    import duckdb

    try:
        answer = connection.execute(sql)
        return [column[0] for column in answer.description or []], answer.fetchall()
    except duckdb.Error as error:
        raise fail("sql", str(error).strip()) from None


def _looked_up(names: list[list[str]], cell: NDArray[np.intp], number: NDArray[np.int8]) -> NDArray[Any]:
    """names[cell][number], [n]; a number of -1 takes the last."""
    wide = max(map(len, names))
    table = np.array([[*found[:-1], *[found[-1]] * (wide - len(found) + 1)] for found in names], object)
    looked_up: NDArray[Any] = table[cell, number]
    return looked_up


def _connected(results: Results, spec: Spec) -> Any:
    try:
        import duckdb
    except ImportError:
        raise fail("missing-extra", "this needs DuckDB: pip install 'pursuit[report]'") from None
    connection = duckdb.connect()
    connection.register("games", columns(results, spec))
    return connection
