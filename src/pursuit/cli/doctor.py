"""``pursuit doctor``: is everything here that it takes, and what to do if not."""

from __future__ import annotations

import sys
import typing
from importlib import metadata
from typing import Annotated

import typer


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False) -> None:
    """Check the installation; every fault comes with its cure."""
    lines = [*_packages(), *_content(), *_draws()]
    if as_json:
        from pursuit.cli import show

        show.emit({"ok": all(good for good, _ in lines), "found": [{"ok": good, "text": text} for good, text in lines]})
    else:
        for good, text in lines:
            print(f"{'ok   ' if good else 'FAULT'} {text}")
    raise typer.Exit(0 if all(good for good, _ in lines) else 1)


def _packages() -> typing.Iterator[tuple[bool, str]]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield (
        sys.version_info >= (3, 11),
        f"Python {version}" + ("" if sys.version_info >= (3, 11) else ": use 3.11 or later"),
    )
    for name in ("numpy", "networkx", "pygame-ce", "pydantic", "msgspec", "typer", "rich", "pillow"):
        try:
            yield True, f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield False, f"{name} is missing: pip install {name}"
    try:
        old = metadata.version("pygame")
    except metadata.PackageNotFoundError:
        return
    cure = "pip uninstall pygame pygame-ce, then pip install pygame-ce"
    yield False, f"pygame {old} lies over pygame-ce, and one of them will not work: {cure}"


def _content() -> typing.Iterator[tuple[bool, str]]:
    try:
        from pursuit.content.files.problems import ContentError
        from pursuit.content.maps import load_map, map_names
        from pursuit.content.scenario import load_scenario, scenario_names
    except ImportError as error:
        yield False, f"the package cannot be imported: {error}"
        return
    for kind, names, load in (("map", map_names(), load_map), ("scenario", scenario_names(), load_scenario)):
        yield bool(names), f"{len(names)} {kind}s" + ("" if names else ": install the package again")
        for name in names:
            try:
                load(name)
            except ContentError as error:
                yield False, f"{kind} {name}: {error}"


def _draws() -> typing.Iterator[tuple[bool, str]]:
    """Whether pictures can be drawn, in a process of its own: a broken pygame may take its process with it."""
    import os
    import subprocess

    code = "import pygame; pygame.display.init(); pygame.Surface((8, 8)); print(pygame.version.ver)"
    quiet = {**os.environ, "SDL_VIDEODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=quiet, check=False)
    if done.returncode == 0:
        yield True, f"pygame draws (version {done.stdout.strip()})"
    else:
        last = (done.stderr.strip().splitlines() or ["it broke off"])[-1]
        yield False, f"pygame does not draw: {last}: pip install --force-reinstall pygame-ce"
