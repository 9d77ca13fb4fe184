"""Facts that follow from a few columns of a state alone, worked out once for as long as nobody changes those columns.

Phases hand on the arrays that they do not touch, so a column that is the same array as before says the same as before:
doors, minds and who is well stay for many turns, and so does what is made of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from operator import attrgetter, is_
from typing import TypeVar

from pursuit.core.state import State
from pursuit.core.tables import Shelf
from pursuit.core.world import World

T = TypeVar("T")
Fact = Callable[[World, State], T]


def follows_from(*columns: str) -> Callable[[Fact[T]], Fact[T]]:
    """Make a function of (world, state) that reads these columns only keep its latest answer.

    One answer is kept for each world, that of the state it was asked about last; it is shared and not to be written.
    It may hold numbers of tables: when one of those has gone, the answer is worked out anew.
    """
    made_of = attrgetter("seed", *columns)  # of one name alone it would not make a tuple

    def keeping(work_out: Fact[T]) -> Fact[T]:
        @wraps(work_out)
        def fact(world: World, state: State) -> T:
            now = made_of(state)
            known = world.derived.get(fact)
            if known is not None and all(map(is_, known[0], now)) and known[1] == Shelf.num_evicted:
                answer: T = known[2]
                return answer
            answer = work_out(world, state)
            world.derived[fact] = now, Shelf.num_evicted, answer
            return answer

        return fact

    return keeping
