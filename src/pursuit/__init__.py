"""Turn-based tactical pursuit on city graphs: thousands of chases at once, told step by step.

The calls nearly everyone needs are few, and all are reached from here: `load_scenario`, `fresh`, `episode_seeds`,
`assign`, `rollout`, `step` and `open_replay`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pursuit.content.scenario import load_scenario
    from pursuit.play.lineup import assign
    from pursuit.play.replay import open_replay
    from pursuit.play.rollout import rollout
    from pursuit.play.seeds import episode_seeds
    from pursuit.rules.turn import fresh, step

__version__ = "0.1.0"
__all__ = ["assign", "episode_seeds", "fresh", "load_scenario", "open_replay", "rollout", "step"]

_HOME = {
    "assign": "play.lineup",
    "episode_seeds": "play.seeds",
    "fresh": "rules.turn",
    "load_scenario": "content.scenario",
    "open_replay": "play.replay",
    "rollout": "play.rollout",
    "step": "rules.turn",
}


def __getattr__(name: str) -> Any:
    # Imported when first asked for: `pursuit --help` must not wait for numpy.
    if name in _HOME:
        return getattr(import_module(f"pursuit.{_HOME[name]}"), name)
    raise AttributeError(f"module 'pursuit' has no attribute {name!r}")
