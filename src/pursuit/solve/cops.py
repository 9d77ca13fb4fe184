"""How many pursuers it takes."""

from __future__ import annotations

from pursuit.solve.game import DEFAULT_BUDGET, MOST_PURSUERS, Graph, Rule, TooLargeError, states
from pursuit.solve.retrograde import solve
from pursuit.solve.table import Table

MOST_STATES = 200_000_000
"""A larger game is not begun only to learn the number of pursuers: it would take minutes."""


def cop_number(graph: Graph, rule: Rule, known: Table | None = None, *, budget: int = DEFAULT_BUDGET) -> int | None:
    """The least number of pursuers, up to four, that can force capture from a placement of their choice.

    None if four are too few, or if the answer takes a game beyond ``budget`` bytes or MOST_STATES states. ``known`` is
    a table there is already; it is not solved again.
    """
    for pursuers in range(1, MOST_PURSUERS + 1):
        if known is not None and pursuers == known.pursuers:
            table = known
        else:
            if states(graph.num_nodes, pursuers) > MOST_STATES:
                return None
            try:
                table = solve(graph, pursuers, rule, budget=budget)
            except TooLargeError:
                return None
        if table.capture_time is not None:
            return pursuers
    return None
