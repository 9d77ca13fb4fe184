"""The command line as a process: start-up, output streams, interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pursuit.play.replay import open_replay

ENV = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), "COLUMNS": "80"}


def pursuit(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pursuit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=ENV, check=False)


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys, pursuit.cli.main as m\n"
        "heavy = {'numpy', 'pygame', 'pydantic', 'msgspec', 'networkx', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=ENV, check=False)
    assert done.returncode == 0, done.stderr
    assert pursuit("--help", cwd=tmp_path).returncode == 0


def test_errors_have_no_traceback(tmp_path: Path) -> None:
    done = pursuit("run", "gallera", cwd=tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert "unknown-scenario" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is a matter of the system")
def test_a_full_disk_is_said_to_be_full(tmp_path: Path) -> None:
    done = pursuit("run", "duel_grid", "--replay", "/dev/full", cwd=tmp_path)
    assert done.returncode == 2 and "No space left" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a window opens without any setting")
def test_without_a_display_there_is_a_sentence_and_pictures_all_the_same(tmp_path: Path) -> None:
    bare = {key: value for key, value in ENV.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
    for arguments, code in (
        (("run", "duel_grid", "--replay", "a.chase.jsonl"), 0),
        (("replay", "play", "a.chase.jsonl"), 2),
        (("replay", "render", "a.chase.jsonl", "-o", "a.png"), 0),
    ):
        command = [sys.executable, "-m", "pursuit", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=bare, check=False, timeout=60)
        assert done.returncode == code and "Traceback" not in done.stderr
        assert code == 0 or "replay play --text" in done.stderr


def test_two_processes_write_the_same_replay(tmp_path: Path) -> None:
    for name in ("a", "b"):
        done = pursuit("run", "duel_torus", "--replay", f"{name}.chase.jsonl", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.chase.jsonl").read_bytes() == (tmp_path / "b.chase.jsonl").read_bytes()


def test_a_reader_who_has_enough_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m pursuit run duel_grid | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=tmp_path, env=ENV, check=False)
    assert done.stdout.startswith("Duel on a grid") and "Traceback" not in done.stderr


def test_interrupted_play_leaves_a_readable_replay(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(
        "import time\nfrom dataclasses import dataclass\nfrom typing import ClassVar\n"
        "from pursuit.policies.stand_still import StandStill\n\n"
        "@dataclass(eq=False)\nclass Slow(StandStill):\n    '''Takes its time.'''\n"
        "    name: ClassVar[str] = 'slow'\n\n"
        "    def act(self, obs, memory):\n        time.sleep(0.05)\n        return super().act(obs, memory)\n",
        "utf-8",
    )
    path = tmp_path / "slow.chase.jsonl"
    command = [
        sys.executable,
        "-m",
        "pursuit",
        "run",
        "duel_grid",
        "--policy",
        "evader=slow:Slow",
        "--policy",
        "hunter=slow:Slow",
        "--replay",
        str(path),
    ]
    process = subprocess.Popen(command, cwd=tmp_path, env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (path.exists() and path.read_bytes().count(b"\n") > 8):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130 and b"Traceback" not in err
    replay = open_replay(path)
    assert 0 < replay.num_turns < 60 and "before the episode was closed" in replay.notice
