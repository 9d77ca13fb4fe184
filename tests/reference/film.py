"""Scenarios played from the first turn to the last, and what their checks and triggers have to say."""

from __future__ import annotations

import numpy as np

from pursuit.content.scenario import Scenario
from pursuit.core.state import State
from pursuit.play.checks import CheckResult, CheckWatch
from pursuit.play.coverage import Coverage, TriggerWatch
from pursuit.play.rollout import Step, rollout
from pursuit.play.voices import Speaker
from pursuit.policies.registry import make
from pursuit.rules.turn import fresh


def speakers(scenario: Scenario) -> list[Speaker]:
    """The scenario's own policies."""
    slots: dict[str, list[int]] = {}
    for slot, policy in enumerate(scenario.policies):
        slots.setdefault(policy, []).append(slot)
    return [Speaker(make(policy), tuple(own), policy) for policy, own in slots.items()]


def play(scenario: Scenario, seeds: int, first: int = 0) -> tuple[State, tuple[CheckResult, ...], tuple[Coverage, ...]]:
    """The end of so many episodes, from seed `first` on, with the results of checks and triggers."""
    world = scenario.world
    checks, triggers = CheckWatch(world, scenario.checks, seeds), TriggerWatch(world, seeds)

    def hear(turn: Step) -> None:
        checks.hear(turn)
        triggers.hear(turn)

    state = fresh(world, np.arange(first, first + seeds, dtype=np.uint64))
    triggers.see(state)
    state = rollout(world, state, speakers(scenario), on_turn=hear).state
    return state, checks.results(), triggers.results()
