"""Whether an answer of a policy is well-formed and legal: part of the contract.

Dimension letters: ``R`` rows, ``A`` agent slots.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np

from pursuit.core.state import Gait, Order, Verb
from pursuit.policies.base import Memory
from pursuit.sense.observation import MATE, Brief, Intents, Observation


def wrong_answers(
    brief: Brief, obs: Observation, memory: Memory, intents: Any, after: Any
) -> Iterator[tuple[str, str]]:
    """(promise, detail) of all that is wrong with an answer; promises are shape and legality."""
    misshapen = list(wrong_shapes(len(brief.kind), obs, memory, intents, after))
    yield from (("shape", detail) for detail in misshapen)
    if not misshapen:
        yield from (("legality", detail) for detail in _illegal(brief, obs, intents))


def wrong_shapes(num_agents: int, obs: Observation, memory: Memory, intents: Any, after: Any) -> Iterator[str]:
    """What is wrong with the shapes and types of an answer, whatever is in it."""
    shape = obs.num_rows, num_agents
    if not isinstance(intents, Intents):
        yield f"act answers {type(intents).__name__}, not Intents"
        return
    for name in _COLUMNS:
        column = getattr(intents, name)
        if not isinstance(column, np.ndarray) or column.dtype.kind not in "iu":
            yield f"Intents.{name} is no array of integers"
        elif column.shape != shape:
            yield f"Intents.{name} has shape {column.shape}, not {shape}"
    if not isinstance(after, dict) or set(after) != set(memory):
        yield "memory comes back with other names than it had"
        return
    for name, column in after.items():
        if not isinstance(column, np.ndarray) or column.dtype != memory[name].dtype:
            yield f"memory {name!r} comes back as another type"
        elif column.shape != memory[name].shape:
            yield f"memory {name!r} comes back with shape {column.shape}, not {memory[name].shape}"


_COLUMNS = tuple(field.name for field in fields(Intents))


def _illegal(brief: Brief, obs: Observation, intents: Intents) -> Iterator[str]:
    rows, slots = obs.actors
    num_agents, num_nodes = len(brief.kind), brief.board.num_nodes

    def chosen(name: str) -> Any:
        return getattr(intents, name)[rows, slots].astype(np.int64)

    goal, gait, verb, thing, toward = (chosen(name) for name in ("goal", "gait", "verb", "object", "toward"))
    if ((goal < -1) | (goal >= num_nodes)).any():
        yield "a goal is no node"
    if (~np.isin(gait, (Gait.WALK, Gait.RUN))).any():
        yield "a gait is neither WALK nor RUN"
    if ((verb < 0) | (verb >= len(Verb))).any():
        yield "a verb is no Verb"
        return
    refused = (obs.legal[rows, slots] >> verb.astype(np.uint32) & 1) == 0
    if refused.any():
        yield f"{Verb(verb[refused.argmax()]).name} is not open to the agent that chose it"
    if (~_someone(obs, rows, toward, num_agents) & (toward != -1)).any():
        yield "toward names nobody who is there"
    sampled_item = (verb == Verb.SAMPLE) & (thing <= MATE) & (thing > MATE - len(brief.item_simple))
    person = np.isin(verb, (Verb.STRIKE, Verb.SHOOT, Verb.CHALLENGE, Verb.ORDER)) | (verb == Verb.SAMPLE)
    if (person & ~sampled_item & ~_someone(obs, rows, thing, num_agents)).any():
        yield "an object names nobody who is there"
    for verbs, limit, what in (
        ((Verb.GRAB, Verb.MOUNT), len(brief.vehicle_kind), "vehicle"),
        ((Verb.OPEN, Verb.SHUT, Verb.FORCE), brief.board.num_doors, "door"),
        ((Verb.TAKE, Verb.DROP), len(brief.item_simple), "item"),
        ((Verb.MORPH,), num_agents + len(brief.item_simple), "look"),
    ):
        if (np.isin(verb, verbs) & ((thing < 0) | (thing >= limit))).any():
            yield f"an object is no {what}"
    if ((verb == Verb.ORDER) & ((chosen("order") <= Order.NONE) | (chosen("order") >= len(Order)))).any():
        yield "an order is none"


def _someone(obs: Observation, rows: Any, code: Any, num_agents: int) -> Any:
    """Whether codes name a body in sight or a mate, [n]."""
    is_body = (code >= 0) & (code < num_agents)
    there = is_body & (obs.body_node[rows, np.where(is_body, code, 0)] >= 0)
    is_mate = (code <= MATE) & (code > MATE - num_agents)
    return there | (is_mate & obs.mate[rows, np.where(is_mate, MATE - code, 0)])
