"""The doctor finds what is missing or in the way, and names the cure."""

from __future__ import annotations

import json
import sys
from importlib import metadata

import pytest

from pursuit.cli import main as cli


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["pursuit", *arguments])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0)


def _with_packages(monkeypatch: pytest.MonkeyPatch, **versions: str | None) -> None:
    """Some packages in another version, or (None) not there; underscores stand for dashes."""
    real = metadata.version

    def version(name: str) -> str:
        found = versions.get(name.replace("-", "_"), "")
        if found is None:
            raise metadata.PackageNotFoundError(name)
        return found or real(name)

    monkeypatch.setattr(metadata, "version", version)


def test_pygame_beside_pygame_ce(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _with_packages(monkeypatch, pygame="2.6.1")
    assert _run(monkeypatch, "doctor") == 1
    cure = "pip uninstall pygame pygame-ce, then pip install pygame-ce"
    assert f"FAULT pygame 2.6.1 lies over pygame-ce, and one of them will not work: {cure}" in capsys.readouterr().out


def test_a_package_that_is_missing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _with_packages(monkeypatch, pillow=None)
    assert _run(monkeypatch, "doctor", "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert {"ok": False, "text": "pillow is missing: pip install pillow"} in report["found"] and not report["ok"]


def test_a_window_without_pygame_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.delitem(sys.modules, "pursuit.viewer.export", raising=False)
    monkeypatch.setitem(sys.modules, "pygame", None)
    assert _run(monkeypatch, "run", "duel_grid", "--replay", "a.chase.jsonl", "--json") == 0
    capsys.readouterr()
    assert _run(monkeypatch, "replay", "render", "a.chase.jsonl", "-o", "a.png") == 2
    assert "`pursuit doctor` says what to install" in capsys.readouterr().err
