"""Arrays kept on disk: found again, told apart, bounded, safe between processes, and made again when damaged."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests.core.test_distance import ALL, make_board

from pursuit.core import cache
from pursuit.core.distance import Ways


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


class Maker:
    """Counts how often it had to work."""

    def __init__(self, size: int = 100) -> None:
        self.size, self.calls = size, 0

    def __call__(self) -> cache.Arrays:
        self.calls += 1
        return {"square": np.arange(self.size) ** 2, "flag": np.ones((2, 3), np.bool_, order="F")}

    def fetch(self, *inputs: object, code: str = __file__) -> cache.Arrays:
        return cache.fetch("squares", inputs or (self.size,), code, self)


def test_made_once_and_found_again(home: Path) -> None:
    maker = Maker()
    first, again = maker.fetch(), maker.fetch()
    assert maker.calls == 1
    assert [path.name.partition("-")[0] for path in home.iterdir()] == ["squares"]
    for name, array in first.items():
        np.testing.assert_array_equal(again[name], array)
        assert again[name].dtype == array.dtype


def test_other_inputs_and_other_code_are_other_entries(home: Path, tmp_path: Path) -> None:
    maker = Maker()
    grid = np.arange(4, dtype=np.int32)
    for inputs in [(grid,), (grid.astype(np.int64),), (grid.reshape(2, 2),), (grid + 1,), (grid, "last"), ("a", "b")]:
        maker.fetch(*inputs)
    code = tmp_path / "module.py"
    for text in ("one", "two"):
        code.write_text(text)
        maker.fetch(grid, code=str(code))
    assert maker.calls == len(list(home.iterdir())) == 8


def test_the_variable_turns_it_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(cache.VARIABLE, "off")
    maker = Maker()
    maker.fetch()
    maker.fetch()
    assert maker.calls == 2
    assert cache.folder() is None
    assert not list(tmp_path.iterdir())


def test_without_the_variable_it_is_the_platforms_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(cache.VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    for system, parts in [("linux", 1), ("win32", 2)]:
        monkeypatch.setattr(cache.sys, "platform", system)
        found = cache.folder()
        assert found is not None
        assert len(found.relative_to(tmp_path).parts) == parts


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "other", "pickle"])
def test_a_damaged_file_is_made_again_with_a_notice(home: Path, harm: str, caplog: pytest.LogCaptureFixture) -> None:
    maker = Maker()
    maker.fetch()
    (path,) = home.iterdir()
    raw = path.read_bytes()
    if harm == "pickle":
        with path.open("wb") as file:
            np.savez(file, square=np.array([{"a": 1}], object))
    else:
        middle = raw.index(b"\x90")  # 144, in the squares
        flipped = raw[:middle] + b"\x91" + raw[middle + 1 :]
        path.write_bytes({"cut": raw[:-30], "flip": flipped, "empty": b"", "other": b"no archive"}[harm])
    with caplog.at_level(logging.WARNING):
        np.testing.assert_array_equal(maker.fetch()["square"], np.arange(100) ** 2)
    assert maker.calls == 2
    assert "is made again" in caplog.text
    assert maker.fetch()["square"][12] == 144
    assert maker.calls == 2


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "file"))
    maker = Maker()
    with caplog.at_level(logging.INFO):
        assert maker.fetch()["square"][3] == 9
    assert maker.calls == 1


def test_the_files_used_longest_ago_go(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = Maker()
    now = time.time()
    for size in range(3):
        maker.fetch(size)
        newest = max(home.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (now - 100 + size, now - 100 + size))
    size = next(home.iterdir()).stat().st_size
    maker.fetch(0)  # used: no longer the oldest
    (home / "dead.part").write_bytes(b"half")
    os.utime(home / "dead.part", (now - 9000, now - 9000))
    monkeypatch.setattr(cache, "MOST_BYTES", 3 * size)
    maker.fetch(3)
    assert len(list(home.iterdir())) == 3
    assert maker.calls == 4
    for kept in (0, 2, 3):
        maker.fetch(kept)
    assert maker.calls == 4
    maker.fetch(1)
    assert maker.calls == 5


def test_what_is_too_large_is_not_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 1000)
    Maker().fetch()
    assert not home.exists()


def test_processes_that_make_the_same_entry_at_once(home: Path) -> None:
    code = """
import numpy as np
from pursuit.core import cache
for turn in range(30):
    found = cache.fetch("race", (turn,), cache.__file__, lambda: {"a": np.full(50_000, turn)})
    assert (found["a"] == turn).all() and found["a"].size == 50_000
"""
    racers = [subprocess.Popen([sys.executable, "-W", "error", "-c", code], stderr=subprocess.PIPE) for _ in range(3)]
    for racer in racers:
        _, said = racer.communicate(timeout=60)
        assert racer.returncode == 0, said.decode()
        assert not said
    assert len(list(home.iterdir())) == 30


def test_tables_of_large_boards_are_kept(home: Path) -> None:
    """Not those of small ones, which are made faster than a file is opened."""
    for num_nodes, files in [(60, 0), (1100, 1)]:
        board = make_board([(a, (a + 1) % num_nodes, ALL) for a in range(num_nodes)], num_nodes)
        made, kept = Ways(board), Ways(board)
        for ways in (made, kept):
            ways.pick(0, False, 0)
        assert len(list(home.iterdir()) if home.exists() else []) == files
        np.testing.assert_array_equal(made.hops(0), kept.hops(0))
        np.testing.assert_array_equal(made.distances(0), kept.distances(0))
        assert made.far == kept.far
