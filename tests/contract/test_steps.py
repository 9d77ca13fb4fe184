"""Phases with planted faults are caught, in the story and in a classical game; the engine's own have none."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.contract import steps
from tests.contract.steps import FAULTS, breaches, fingerprint, planted, sound, world_of

from pursuit.core.world import Ruleset
from pursuit.rules.turn import Phase

_PRINT = """
from pursuit.core.world import Ruleset
from tests.contract import steps
print(steps.fingerprint(Ruleset.{ruleset}, getattr(steps, {phase!r}, None)))
"""


def _elsewhere(ruleset: Ruleset, phase: str, hash_seed: int) -> str:
    """The fingerprint of play in another process."""
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", _PRINT.format(ruleset=ruleset.name, phase=phase)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("ruleset", list(Ruleset), ids=lambda ruleset: ruleset.name.lower())
def test_the_phases_keep_their_promises(ruleset: Ruleset) -> None:
    assert breaches(world_of(ruleset)) == set()
    with planted(ruleset, sound):
        assert breaches(world_of(ruleset)) == set()


@pytest.mark.parametrize("ruleset", [Ruleset.STORY, Ruleset.SIMULTANEOUS], ids=["story", "simultaneous"])
@pytest.mark.parametrize(("phase", "promise"), FAULTS.items(), ids=lambda value: getattr(value, "__name__", value))
def test_a_planted_phase_is_caught(phase: Phase, promise: str, ruleset: Ruleset) -> None:
    with planted(ruleset, phase):
        assert promise in breaches(world_of(ruleset))  # a fault may break another promise along with its own


def test_the_order_of_sets_is_caught_between_processes() -> None:
    ruleset = Ruleset.STORY
    assert fingerprint(ruleset) == _elsewhere(ruleset, "none", 1) == _elsewhere(ruleset, "none", 2)
    assert len({_elsewhere(ruleset, steps.set_order.__name__, seed) for seed in (1, 2, 3)}) > 1
