"""What the script asks of a state, by the definitions of `docs/scenarios.md`.

A test over several agents holds if it holds for one of them. So the tests of `asking_…` answer for one slot, [B], or
for arrays of slots, [B, P], and the latter are joined here. One slot is by far the most frequent case and the cheapest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np

from pursuit.core.script import Ask, Condition
from pursuit.rules.common import Bools
from pursuit.rules.script.asking_one import OF_ONE, distance_to_area
from pursuit.rules.script.asking_things import OF_THINGS
from pursuit.rules.script.asking_two import OF_TWO
from pursuit.rules.script.look import Look

__all__ = ["Look", "Test", "holds", "prepare"]

Test: TypeAlias = Callable[[Look], Bools]


@lru_cache(maxsize=4096)
def prepare(condition: Condition) -> Test:
    """A condition as a function that says where it holds, [B]; equal conditions are one function.

    The answer may be shared: it is not to be written to.
    """
    ask = condition.ask
    if ask in (Ask.ALL, Ask.ANY):
        return partial(_all if ask == Ask.ALL else _any, tuple(prepare(part) for part in condition.parts))
    if ask == Ask.NOT:
        return partial(_not, prepare(condition.parts[0]))
    if ask in OF_THINGS:
        return _bound(OF_THINGS[ask], c=condition)
    if ask in OF_ONE or condition.area >= 0:
        if not condition.who:
            return _never
        slots = condition.who[0] if len(condition.who) == 1 else np.array(condition.who, np.intp)
        return _bound(_joining(OF_ONE.get(ask, distance_to_area), len(condition.who)), c=condition, a=slots)
    pairs = [(a, b) for a in condition.who for b in condition.whom if a != b]
    if not pairs:
        return _never
    first, second = pairs[0] if len(pairs) == 1 else np.array(pairs, np.intp).T
    return _bound(_joining(OF_TWO[ask], len(pairs)), c=condition, a=first, b=second)


def _bound(test: Callable[..., Bools], **fixed: Any) -> Test:
    return partial(test, **fixed)


def holds(look: Look, condition: Condition) -> Bools:
    """Where a condition holds, [B], for whoever asks once."""
    return prepare(condition)(look)


def _joining(test: Callable[..., Bools], num: int) -> Callable[..., Bools]:
    """A test of several slots or pairs as one that holds if it holds for one of them."""
    return test if num == 1 else lambda look, **fixed: _joined(test(look, **fixed))


def _never(look: Look) -> Bools:
    return look.nobody


def _joined(found: Bools) -> Bools:
    """[B] from [B] or [B, P]."""
    return found if found.ndim == 1 else np.logical_or.reduce(found, axis=1)


def _all(parts: tuple[Test, ...], look: Look) -> Bools:
    so_far = look.everybody
    for part in parts:
        found = part(look)
        so_far = found if so_far is look.everybody else so_far & found
        if not np.count_nonzero(so_far):
            return look.nobody
    return so_far


def _any(parts: tuple[Test, ...], look: Look) -> Bools:
    so_far = look.nobody
    for part in parts:
        found = part(look)
        so_far = found if so_far is look.nobody else so_far | found
    return so_far


def _not(part: Test, look: Look) -> Bools:
    return ~part(look)
