"""Bradley-Terry with two strengths: how well a policy hunts, and how well a policy guards.

A hunter of strength a beats a guardian of strength b with probability 1/(1 + exp(b − a)); a draw is half a win. The
strengths maximize the likelihood of all games (Bradley and Terry 1952) less a weak penalty, ridge·Σx², which keeps
those finite who won or lost everything.

Dimension letters: ``H`` hunting policies, ``G`` guarding policies, ``X`` replicates.
"""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ELO = 400 / log(10)
"""Elo in a unit of log-odds."""

RIDGE = 0.03
"""The penalty of a normal prior with a deviation of 4 in log-odds, about 700 Elo."""

_ROUNDS = 100
_STRIDE = 2.0  # how far a strength may move in a round of Newton's method
_NEAR = 1e-10


def strengths(wins: Floats, games: Floats, ridge: float = RIDGE) -> tuple[Floats, Floats]:
    """Strengths in log-odds, ([X, H], [X, G]), of the hunters' points and the numbers of games, both [X, H, G].

    By Newton's method on all replicates at once. Only differences mean something; they come centered on 0.
    """
    num_replicates, num_hunters, num_guardians = wins.shape
    num = num_hunters + num_guardians
    x = np.zeros((num_replicates, num))
    level = np.full((num, num), 1 / num)  # moving everybody alike changes nothing: keep that way shut
    for _ in range(_ROUNDS):
        lead = x[:, :num_hunters, None] - x[:, None, num_hunters:]
        chance = 1 / (1 + np.exp(-lead))
        excess = wins - games * chance
        bend = games * chance * (1 - chance)
        slope = np.concatenate([excess.sum(axis=2), -excess.sum(axis=1)], axis=1) - 2 * ridge * x
        curve = np.zeros((num_replicates, num, num))
        curve[:, :num_hunters, num_hunters:] = -bend
        curve[:, num_hunters:, :num_hunters] = -bend.transpose(0, 2, 1)
        diagonal = np.concatenate([bend.sum(axis=2), bend.sum(axis=1)], axis=1) + 2 * ridge
        curve[:, range(num), range(num)] = diagonal
        move = np.linalg.solve(curve + level, slope[..., None])[..., 0]
        x += np.clip(move, -_STRIDE, _STRIDE)
        if np.abs(move).max() < _NEAR:
            break
    x -= x.mean(axis=1, keepdims=True)
    return x[:, :num_hunters], x[:, num_hunters:]
