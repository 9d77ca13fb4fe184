"""The ledger: one row for each finished game, appended and flushed, so that a run can be killed at any moment.

A folder holds ``spec.json``, the terms of the tournament, and ``games.ledger``, rows of 42 bytes in the order in which
the games ended. A row that was cut short or damaged fails its check; it does not count, a notice says so, and its game
is played again.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.content.files.problems import fail
from pursuit.core.rng import mix
from pursuit.tournament.games import PLAYED, Played
from pursuit.tournament.results import Results
from pursuit.tournament.schedule import Schedule
from pursuit.tournament.spec import FILE, Spec, check_same, plan_of, read_spec

Rows = NDArray[Any]

ROW = np.dtype(
    [
        ("game", "<u8"),
        ("cell", "<u2"),
        ("index", "<u4"),
        *((name, PLAYED[name]) for name in PLAYED.names or ()),
        ("check", "<u4"),
    ]
)
"""A finished game: its name, the cell and index that the schedule gives it, what came of it, and a checksum."""

GAMES = "games.ledger"
_SYNC = 2.0  # seconds between two writes that reach the disk itself


class Ledger:
    """A ledger that is open for writing; only one process at a time may have it so."""

    def __init__(self, folder: Path, spec: Spec) -> None:
        """Open the ledger of a tournament, or begin it.

        Raises ContentError if another tournament is kept there, its policies have changed, or somebody is at it.
        """
        self.notices: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._file = os.open(folder / GAMES, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            _lock(self._file, folder)
            if (folder / FILE).exists():
                check_same(read_spec(folder), spec, folder)
            elif os.fstat(self._file).st_size:
                raise fail("missing-file", f"{GAMES} is there without its {FILE}", str(folder))
            _write_whole(folder / FILE, json.dumps(spec, ensure_ascii=False, indent=1) + "\n")
            self.rows = self._mend(folder)
        except BaseException:
            os.close(self._file)
            raise
        self._synced = time.monotonic()

    def append(self, cell: int, games: NDArray[np.uint64], indices: NDArray[np.int64], played: Played) -> None:
        """Write down finished games of a cell. What has been written stays written, whatever happens to the process."""
        rows = np.zeros(len(played), ROW)
        rows["game"], rows["cell"], rows["index"] = games, cell, indices
        for name in PLAYED.names or ():
            rows[name] = played[name]
        rows["check"] = row_checks(rows)
        self.take(rows)

    def take(self, rows: Rows) -> None:
        """Write down rows that are complete."""
        left = memoryview(rows.tobytes())
        while left:
            left = left[os.write(self._file, left) :]
        if time.monotonic() - self._synced > _SYNC:
            self._sync()

    def close(self) -> None:
        self._sync()
        os.close(self._file)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _sync(self) -> None:
        os.fsync(self._file)
        self._synced = time.monotonic()

    def _mend(self, folder: Path) -> Rows:
        """The good rows; a row that was cut short is cut off, damaged ones are left lying."""
        rows, notices = _good_rows(folder)
        self.notices += notices
        size = os.fstat(self._file).st_size
        os.ftruncate(self._file, size - size % ROW.itemsize)
        return rows


def read_ledger(folder: Path) -> tuple[Spec, Rows, list[str]]:
    """The spec, the finished games and notices about rows that are damaged. Raises ContentError."""
    spec = read_spec(folder)
    return (spec, *_good_rows(folder))


def read_results(folder: Path) -> tuple[Results, Spec, list[str]]:
    """What a ledger holds, as results of its schedule; its spec; notices. Raises ContentError."""
    spec, rows, notices = read_ledger(folder)
    results = Results(Schedule(plan_of(spec)))
    results.enter(rows)
    return results, spec, notices


def _good_rows(folder: Path) -> tuple[Rows, list[str]]:
    path, notices = folder / GAMES, []
    raw = path.read_bytes() if path.exists() else b""
    if len(raw) % ROW.itemsize:
        notices.append(f"{path}: the last row was cut short; its game is played again")
    rows = np.frombuffer(raw[: len(raw) // ROW.itemsize * ROW.itemsize], ROW)
    good = rows["check"] == row_checks(rows)
    if not good.all():
        bad = np.flatnonzero(~good)
        notices.append(f"{path}: {len(bad)} rows are damaged, the first is number {bad[0] + 1}; they are played again")
        rows = rows[good]
    return rows, notices


def row_checks(rows: Rows) -> NDArray[np.uint32]:
    """The checksum of each row, over all its other fields."""
    found = rows["game"].copy()
    for name in ROW.names or ():
        if name not in ("game", "check"):
            found = mix(found + rows[name].astype(np.uint64))
    return (found >> np.uint64(32)).astype(np.uint32)


def _lock(file: int, folder: Path) -> None:
    try:
        import fcntl
    except ImportError:  # a system without such locks: two runs at a time must not be started there
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise fail("busy", "another run is writing to this ledger", str(folder)) from None


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there wholly or not at all."""
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)
