"""Killed at any moment and gone on with: the same games, and the same report to the byte, whoever played them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.tournament.staff import played, small

from pursuit.content.files.problems import ContentError
from pursuit.tournament import pools
from pursuit.tournament.ledger import GAMES, ROW, read_ledger, read_results
from pursuit.tournament.plan import Plan
from pursuit.tournament.report.build import build
from pursuit.tournament.report.page import as_html
from pursuit.tournament.report.write import as_json

ENTRANTS = ("beeline/runner", "interceptor/escort", "random_walk/safe_path")


def plan(pairs: int) -> Plan:
    return small(*ENTRANTS, venues=("duel_torus", "duel_lazy"), pairs=pairs)


def start(folder: Path, pairs: int, workers: int) -> subprocess.Popen[bytes]:
    """The same tournament in a process of its own, in small batches."""
    words = [*command(folder, pairs), "--workers", str(workers)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def command(folder: Path, pairs: int) -> list[str]:
    words = [sys.executable, "-m", "pursuit", "tournament", "roundrobin", *ENTRANTS]
    words += ["--scenario", "duel_torus", "--scenario", "duel_lazy", "--pairs", str(pairs), "--out", str(folder)]
    return [*words, "--batch", "2", "--json"]


def size(folder: Path) -> int:
    path = folder / GAMES
    return path.stat().st_size if path.exists() else 0


def kill_at_random(folder: Path, pairs: int, workers: int, dice: random.Random) -> bool:
    """Start or go on, and kill it some rows later; whether it was still running then."""
    before, rows = size(folder), dice.randrange(1, 40)
    process = start(folder, pairs, workers)
    while process.poll() is None and size(folder) < before + rows * ROW.itemsize:
        time.sleep(0.005)
    time.sleep(dice.random() * 0.05)
    if process.poll() is not None:
        return False
    process.send_signal(signal.SIGKILL)
    process.wait()
    return True


def facts(folder: Path) -> tuple[set[bytes], str, str]:
    """The set of rows, and the report in two forms."""
    _, rows, notices = read_ledger(folder)
    assert not notices
    results, spec, _ = read_results(folder)
    report = build(results, spec)
    return {row.tobytes() for row in rows}, as_json(report), as_html(report)


def killed_and_resumed(tmp_path: Path, pairs: int, kills: int, workers: int) -> None:
    dice = random.Random(workers)
    died = [kill_at_random(tmp_path / "killed", pairs, workers, dice) for _ in range(kills)]
    assert all(died), "a run was over before it could be killed"
    num = len(read_ledger(tmp_path / "killed")[1])
    assert kills <= num < 12 * pairs, "each run went on, and the last was not over"
    assert start(tmp_path / "killed", pairs, workers).wait() == 0
    played(plan(pairs), tmp_path / "whole")
    assert facts(tmp_path / "killed") == facts(tmp_path / "whole")


def test_killed_and_resumed(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path, pairs=5, kills=1, workers=0)


@pytest.mark.slow
def test_killed_twenty_times_with_two_workers_and_resumed(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path, pairs=160, kills=20, workers=2)


@pytest.mark.slow
def test_workers_end_with_whom_they_work_for(tmp_path: Path) -> None:
    process = start(tmp_path, 5000, 2)
    while size(tmp_path) < 10 * ROW.itemsize:
        time.sleep(0.05)
    workers = [int(word) for word in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    assert len(workers) >= 2
    process.kill()
    process.wait()
    for _ in range(100):
        if not any(_runs(worker) for worker in workers):
            return
        time.sleep(0.1)
    raise AssertionError("workers run on")


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_number_of_workers_changes_no_byte(tmp_path: Path, workers: int) -> None:
    played(plan(20), tmp_path / "many", pools.processes(workers), batch=3)
    played(plan(20), tmp_path / "alone")
    assert facts(tmp_path / "many") == facts(tmp_path / "alone")


def cluster(workers: int, processes: bool) -> Any:
    distributed = pytest.importorskip("distributed")
    own = {"dashboard_address": "127.0.0.1:0", "worker_dashboard_address": "127.0.0.1:0"}
    if processes:
        own["host"] = "127.0.0.1"
    return distributed.LocalCluster(n_workers=workers, processes=processes, threads_per_worker=1, **own)


def test_a_cluster_changes_no_byte(tmp_path: Path) -> None:
    with cluster(1, processes=False) as found:
        pool = pools.cluster(found.scheduler_address)
        played(plan(3), tmp_path / "cluster", pool, batch=3)
        pool.close()
    played(plan(3), tmp_path / "alone")
    assert facts(tmp_path / "cluster") == facts(tmp_path / "alone")


@pytest.mark.slow
def test_a_worker_of_a_cluster_is_killed_in_the_middle(tmp_path: Path) -> None:
    with cluster(2, processes=True) as found:
        words = [*command(tmp_path / "cluster", 60), "--scheduler", found.scheduler_address]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        while size(tmp_path / "cluster") < 60 * ROW.itemsize:
            assert process.poll() is None
            time.sleep(0.02)
        os.kill(next(iter(found.workers.values())).pid, signal.SIGKILL)
        assert process.wait() == 0
    played(plan(60), tmp_path / "alone")
    assert facts(tmp_path / "cluster") == facts(tmp_path / "alone")


def test_no_cluster_is_said_in_a_sentence() -> None:
    pytest.importorskip("distributed")
    with pytest.raises(ContentError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        pools.cluster("tcp://127.0.0.1:1", patience=0.2)
