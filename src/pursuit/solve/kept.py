"""Solved games, kept on disk from one run to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.cache import fetch
from pursuit.solve import retrograde
from pursuit.solve.game import DEFAULT_BUDGET, Graph, Rule, check_size, states
from pursuit.solve.table import LAYOUT, Table

WORTH_KEEPING = 3_000_000
"""States of a game that takes longer to solve than to read."""


def solve_once(
    graph: Graph,
    pursuers: int,
    rule: Rule,
    *,
    exits: Sequence[int] = (),
    budget: int = DEFAULT_BUDGET,
    progress: retrograde.Progress | None = None,
) -> Table:
    """The table that `retrograde.solve` makes: from disk, if this game was solved before and is worth keeping."""

    def build() -> Table:
        return retrograde.solve(graph, pursuers, rule, exits=exits, budget=budget, progress=progress)

    if states(graph.num_nodes, pursuers) < WORTH_KEEPING:
        return build()
    check_size(graph.num_nodes, pursuers, budget)
    inputs = (LAYOUT, graph.neighbor, graph.usable, pursuers, rule, sorted(exits))
    return _table(graph, pursuers, rule, fetch("solved", inputs, retrograde.__file__, lambda: _arrays(build())))


def _arrays(table: Table) -> dict[str, NDArray[Any]]:
    return {
        "place": table.place,
        "won": table.won,
        "planes": np.array(table.planes),
        "tally": np.array(table.tally),
        "capture_time": np.array([] if table.capture_time is None else [table.capture_time]),
        "placement": np.array(table.placement or (), np.int64),
    }


def _table(graph: Graph, pursuers: int, rule: Rule, arrays: Any) -> Table:
    times, placement = arrays["capture_time"].tolist(), arrays["placement"].tolist()
    return Table(
        graph,
        pursuers,
        rule,
        arrays["place"],
        arrays["won"],
        tuple(arrays["planes"]),
        tuple(arrays["tally"].tolist()),
        int(times[0]) if times else None,
        tuple(placement) or None,
    )
