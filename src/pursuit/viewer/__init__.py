"""The viewer: a replay as pictures. The one home of pygame.

`play` opens a window, `render` writes a PNG or a GIF without a display. Between a replay and a picture
stands plain data: `frame.Frame`, which `draw.draw` turns into pixels as a pure function.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # its greeting would land among results on standard output

if TYPE_CHECKING:
    from pursuit.viewer.app import play
    from pursuit.viewer.export import render

__all__ = ["play", "render"]


def __getattr__(name: str) -> Any:
    """Fetch the two entry points late, so that importing a part of the viewer does not load pygame."""
    if name == "play":
        from pursuit.viewer.app import play

        return play
    if name == "render":
        from pursuit.viewer.export import render

        return render
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
