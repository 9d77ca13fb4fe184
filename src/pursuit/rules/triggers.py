"""Phase trigger: the scenario's rules (docs/scenarios.md)."""

from __future__ import annotations

from pursuit.core.rng import Draws
from pursuit.core.state import Actions, State
from pursuit.core.world import World


def start_triggers(world: World, state: State, draws: Draws) -> State:
    """Fire the triggers on `start`."""
    return state


def trigger(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Evaluate every live trigger on one state, then apply the effects."""
    return state
