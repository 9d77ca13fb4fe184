"""A pool of policies as a game: what a clever mixture of them secures, and what each alone can lose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Equilibrium:
    """A Nash equilibrium of a zero-sum game."""

    value: float  # what the rows' player gets
    rows: Floats  # its mixture
    columns: Floats  # the other's


def equilibrium(payoff: Floats) -> Equilibrium:
    """A Nash equilibrium in mixed strategies, by a linear programme for each player (von Neumann 1928; Dantzig 1951).

    ``payoff[i, j]`` is what the rows' player gets when it plays i and the other j.
    """
    value, rows = _best_mixture(payoff)
    return Equilibrium(value, rows, _best_mixture(-payoff.T)[1])


def worst_case(payoff: Floats) -> Floats:
    """What each row gets against the column that is worst for it."""
    least: Floats = payoff.min(axis=1)
    return least


def exploitability(payoff: Floats) -> Floats:
    """How much each row, played alone, may lose against what the best mixture of rows secures; 0 for an optimal one."""
    return equilibrium(payoff).value - worst_case(payoff)


def _best_mixture(payoff: Floats) -> tuple[float, Floats]:
    """The mixture of rows with the largest worst case, and that."""
    from scipy.optimize import linprog  # takes longer to import than most reports to make

    num_rows, num_columns = payoff.shape
    # Maximize v over mixtures x with v ≤ x·payoff[:, j] for every column j.
    found = linprog(
        c=[*[0.0] * num_rows, -1.0],
        A_ub=np.hstack([-payoff.T, np.ones((num_columns, 1))]),
        b_ub=np.zeros(num_columns),
        A_eq=[[*[1.0] * num_rows, 0.0]],
        b_eq=[1.0],
        bounds=[*[(0, 1)] * num_rows, (None, None)],
        method="highs",
    )
    mixture = np.clip(found.x[:-1], 0, 1)
    return float(found.x[-1]), mixture / mixture.sum()
