"""What a policy is: observation and memory in, intents and memory out.

A policy is a value. It holds parameters, never anything that changes; what it remembers is handed in
and handed back, so rows can be dropped, replayed and forked.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from pursuit.sense.observation import Brief, Intents, Observation

Memory = dict[str, NDArray[np.generic]]
"""Named arrays, each leading with [R, A]; an agent's entries stay with the agent. Empty: no memory."""


@runtime_checkable
class Policy(Protocol):
    """Chooses for the agents it is given.

    `init` prepares the tables the policy needs from the brief and returns the memory of `rows` rows;
    it may keep what it derives from the brief on itself, as that is fixed for a run.
    `act` must not write into its arguments, and must answer for a row the same alone and in any batch.
    """

    name: str
    version: int

    def init(self, brief: Brief, rows: int) -> Memory: ...

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]: ...
