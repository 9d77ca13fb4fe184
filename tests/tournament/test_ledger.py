"""The ledger: what is written stays written, and only what belongs together is put together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.tournament.staff import played, small

from pursuit.content.files.problems import ContentError
from pursuit.tournament.ledger import GAMES, ROW, Ledger, read_ledger
from pursuit.tournament.spec import FILE, make_spec

PLAN = small("beeline/runner", "random_walk/safe_path", mode="match", pairs=12)


def rows(folder: Path) -> np.ndarray:
    return np.sort(read_ledger(folder)[1], order="game")


def test_a_row_cut_short_is_cut_off_and_its_game_played_again(tmp_path: Path) -> None:
    whole = played(PLAN, tmp_path / "whole", batch=4)
    torn = tmp_path / "torn"
    played(PLAN, torn, batch=4)
    raw = (torn / GAMES).read_bytes()
    (torn / GAMES).write_bytes(raw[: -ROW.itemsize - 5])
    assert "the last row was cut short" in read_ledger(torn)[2][0]
    spec = make_spec(PLAN)
    with Ledger(torn, spec) as ledger:
        assert len(ledger.rows) == 22 and "cut short" in ledger.notices[0]
    assert (torn / GAMES).stat().st_size == 22 * ROW.itemsize
    again = played(PLAN, torn, batch=4)
    assert np.array_equal(rows(torn), rows(tmp_path / "whole"))
    assert again.tally(0) == whole.tally(0)


def test_a_damaged_row_does_not_count_and_is_played_again(tmp_path: Path) -> None:
    played(PLAN, tmp_path, batch=4)
    before = rows(tmp_path)
    raw = bytearray((tmp_path / GAMES).read_bytes())
    raw[5 * ROW.itemsize + 14] ^= 1
    (tmp_path / GAMES).write_bytes(raw)
    assert len(rows(tmp_path)) == 23
    assert "1 rows are damaged, the first is number 6" in read_ledger(tmp_path)[2][0]
    played(PLAN, tmp_path)
    assert np.array_equal(rows(tmp_path), before)


def test_the_same_again_plays_nothing_and_more_pairs_go_on(tmp_path: Path) -> None:
    played(PLAN, tmp_path)
    raw = (tmp_path / GAMES).read_bytes()
    played(PLAN, tmp_path)
    assert (tmp_path / GAMES).read_bytes() == raw
    more = replace(PLAN, pairs=20)
    results = played(more, tmp_path)
    assert (tmp_path / GAMES).read_bytes()[: len(raw)] == raw and results.done.all()
    assert results.tally(0) == played(more, tmp_path / "fresh").tally(0)
    with pytest.raises(ContentError, match="20 pairs are kept here, more than the 12"):
        played(PLAN, tmp_path)


def test_another_tournament_is_refused_with_the_difference(tmp_path: Path) -> None:
    played(PLAN, tmp_path)
    with pytest.raises(ContentError) as error:
        played(replace(small("beeline(patience=3)/runner", "random_walk/safe_path", mode="match"), seed=3), tmp_path)
    assert "another tournament is kept here" in str(error.value)
    assert "seed: 1, now 3" in str(error.value)
    assert 'entrants[0].hunter: "beeline", now "beeline(patience=3)"' in str(error.value)


def test_changed_code_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "from their_table import REST\n"
        "from pursuit.policies.random_walk import RandomWalk\n"
        "class Mine(RandomWalk):\n"
        "    name = 'mine'\n"
        "    version = REST\n"
    )
    (tmp_path / "my_walk_of_the_ledger.py").write_text(text)
    (tmp_path / "their_table.py").write_text("REST = 3\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    plan = small("my_walk_of_the_ledger:Mine/runner", "random_walk/safe_path", mode="match", pairs=3)
    played(plan, tmp_path / "out")
    played(plan, tmp_path / "out")
    (tmp_path / "my_walk_of_the_ledger.py").write_text(text + "    rest = 3\n")
    with pytest.raises(ContentError, match="the code of my_walk_of_the_ledger:Mine has changed"):
        played(plan, tmp_path / "out")


def test_only_one_run_at_a_time(tmp_path: Path) -> None:
    spec = make_spec(PLAN)
    with Ledger(tmp_path, spec), pytest.raises(ContentError, match="another run is writing"):
        Ledger(tmp_path, spec)
    Ledger(tmp_path, spec).close()


def test_what_is_no_tournament_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there is no tournament here"):
        read_ledger(tmp_path)
    (tmp_path / FILE).write_text("{")
    with pytest.raises(ContentError, match="cannot be read"):
        read_ledger(tmp_path)
    (tmp_path / FILE).write_text('{"format": 99}')
    with pytest.raises(ContentError, match="another version of pursuit"):
        read_ledger(tmp_path)
    (tmp_path / FILE).unlink()
    (tmp_path / GAMES).write_bytes(b"something")
    with pytest.raises(ContentError, match="without its spec"):
        Ledger(tmp_path, make_spec(PLAN))
