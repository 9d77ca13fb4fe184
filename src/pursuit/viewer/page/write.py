"""One self-contained HTML file: style, script and the replay's records, which are packed."""

from __future__ import annotations

import base64
import html
import json
import zlib
from collections.abc import Callable
from pathlib import Path

from pursuit.content.files.problems import fail
from pursuit.viewer.page.records import book
from pursuit.viewer.reel import Reel

_ASSETS = Path(__file__).parent / "assets"
_SCRIPTS = ("reel.js", "sheet.js", "ground.js", "paint.js", "panels.js", "player.js")


def write_page(
    reel: Reel, path: Path, theme: str = "dark", on_picture: Callable[[int, int], None] | None = None
) -> None:
    """Write the page of a replay.

    ``on_picture`` hears, before each view is recorded, how many are done and of how many. Raises ContentError where the
    file cannot be written.
    """
    packed = zlib.compress(json.dumps(book(reel, on_picture), separators=(",", ":")).encode(), 9)
    parts = {
        "TITLE": html.escape(f"{reel.world.title or reel.world.name}, seed {reel.replay.seed}"),
        "THEME": theme,
        "STYLE": (_ASSETS / "page.css").read_text("utf-8"),
        "SCRIPT": "\n".join((_ASSETS / name).read_text("utf-8") for name in _SCRIPTS),
        "DATA": base64.b64encode(packed).decode("ascii"),
    }
    page = (_ASSETS / "page.html").read_text("utf-8")
    for name, text in parts.items():
        page = page.replace(f"<!--{name}-->", text)
    try:
        path.write_text(page, "utf-8")
    except OSError as error:
        raise fail("cannot-write", f"the page cannot be written: {error.strerror}", str(path)) from None
