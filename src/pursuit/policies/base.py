"""What a policy is: observation and memory in, intents and memory out.

A policy is a value. It holds parameters, never anything that changes; what it remembers is handed in
and handed back, so rows can be dropped, replayed and forked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from pursuit.mimicry.channel import Believes
from pursuit.sense.observation import Brief, Intents, Observation

Memory = dict[str, NDArray[Any]]
"""Named arrays, each leading with [R, A]; an agent's entries stay with the agent. Empty: no memory."""

NO_MEMORY: Memory = {}

ORACLES = {"sees all": "is handed the true places of everybody", "solved": "reads the solved game"}
"""What an oracle is called, and what that means. One that sees all reads the solved game, too."""


@runtime_checkable
class Policy(Protocol):
    """Chooses for the agents it is given.

    `init` prepares the tables the policy needs from the brief and returns the memory of `rows` rows;
    it may keep what it derives from the brief on itself, as that is fixed for a run.
    `act` must not write into its arguments, and must answer for a row the same alone and in any batch.

    An oracle says so by a class attribute ``oracle``, one of ORACLES. Where a policy cannot play, its static method
    ``unfit``, a function of the brief, says why; without one it plays everything.

    A policy with a class attribute ``believes``, a function of the brief such as `mimicry.channel.identity_of`, finds
    what its mind holds for likely in ``obs.belief``.

    A class that is registered or named as ``module:Class`` is a dataclass: its fields made with `param` are the
    parameters that may be written in ``name(parameter=value)``, and its docstring's first line describes it.
    """

    name: ClassVar[str]
    version: ClassVar[int]  # goes up when the same observation gets another answer
    sides: ClassVar[tuple[str, ...]]  # for whom it is meant

    def init(self, brief: Brief, rows: int) -> Memory: ...

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]: ...


@dataclass(frozen=True)
class Param:
    """A parameter of a policy: what may be written in ``name(parameter=value)``."""

    name: str
    default: int | float | bool | str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    help: str


def param(
    default: int | float | bool | str,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    help: str = "",
) -> Any:
    """A dataclass field that is a parameter, with its range."""
    return field(default=default, metadata={"low": low, "high": high, "choices": choices, "help": help})


def params_of(policy: type[Any]) -> tuple[Param, ...]:
    """The parameters of a policy class."""
    return tuple(
        Param(f.name, f.default, **f.metadata) for f in fields(policy) if f.metadata and f.default is not MISSING
    )


def chosen(policy: Policy) -> dict[str, int | float | bool | str]:
    """The values of a policy's parameters."""
    return {p.name: getattr(policy, p.name) for p in params_of(type(policy))}


def believes(policy: Policy) -> Believes | None:
    """What a policy wants its minds to believe, if it reads beliefs."""
    wanted: Believes | None = getattr(type(policy), "believes", None)
    return wanted


def oracle(policy: type[Any] | Policy) -> str:
    """What a policy knows beyond its observations, one of ORACLES; empty for most."""
    said: str = getattr(policy, "oracle", "")
    return said


def unfit(policy: Policy, brief: Brief) -> str:
    """Why a policy cannot play what the brief describes; empty if it can."""
    says: Callable[[Brief], str] = getattr(policy, "unfit", lambda brief: "")
    return says(brief)


def remember(rows: int, agents: int, width: int, dtype: type[np.integer[Any]] = np.int32) -> NDArray[Any]:
    """Fresh notes [rows, agents, width], all -1."""
    return np.full((rows, agents, width), -1, dtype)
