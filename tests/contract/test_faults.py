"""Policies with planted faults: the contract catches each of them, and lets the sound one pass."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.contract.faults import FAULTS, SetOrder, Sound
from tests.reference.worlds import random_world

from pursuit.policies.contract import audit, fingerprint

_PRINT = """
from pursuit.policies.contract import fingerprint
from tests.contract import faults
from tests.reference.worlds import random_world
print(fingerprint(faults.{name}, random_world(1)))
"""


def _elsewhere(name: str, hash_seed: int) -> str:
    """The fingerprint of a policy in another process."""
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", _PRINT.format(name=name)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_sound_one_passes() -> None:
    assert audit(Sound, random_world(1)) == []
    assert audit(Sound, random_world(6, shifter=False)) == []


@pytest.mark.parametrize(("policy", "promise"), FAULTS.items(), ids=lambda value: getattr(value, "__name__", value))
def test_a_fault_is_caught(policy: type[Sound], promise: str) -> None:
    breaches = audit(policy, random_world(1))
    assert promise in {breach.promise for breach in breaches}, breaches


def test_the_order_of_sets_is_caught_between_processes() -> None:
    assert fingerprint(Sound, random_world(1)) == _elsewhere("Sound", 1) == _elsewhere("Sound", 2)
    assert len({_elsewhere("SetOrder", seed) for seed in (1, 2, 3)}) > 1
    assert audit(SetOrder, random_world(1)) == []  # one process alone cannot tell
