"""pygame lives in the viewer and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pursuit

_IMPORT = re.compile(r"^\s*(?:import|from)\s+pygame\b", re.MULTILINE)
_WITHOUT = ("camera", "compose", "eyes", "frame", "keys", "layout", "moment", "motion", "player", "reel", "source")


def test_only_the_viewer_imports_pygame() -> None:
    root = Path(pursuit.__file__).parent
    users = {path.relative_to(root).parts[0] for path in root.rglob("*.py") if _IMPORT.search(path.read_text("utf-8"))}
    assert users == {"viewer"}


def test_what_a_picture_is_made_of_knows_no_pygame() -> None:
    root = Path(pursuit.__file__).parent / "viewer"
    for name in (*_WITHOUT, "theme", "traces", "words"):
        assert not _IMPORT.search((root / f"{name}.py").read_text("utf-8")), name
