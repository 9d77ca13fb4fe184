"""Sums and scales of mass over nodes, in one order whatever the width: a row is the same alone and in any batch.

Dimension letters: ``B`` rows, ``N`` nodes, ``K`` lanes, ``T`` things.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FLOOR = 1e-30
"""No cell that is possible is held for less likely than this."""

TRACE = 1e-24
"""What comes to every node in a turn, of whoever may be anywhere: a margin above FLOOR."""

_FAINT = 1e-4  # a scale below it could take what is possible out of the range of float32


def in_all(lanes: Array, weight: Array, things: Array) -> Array:
    """The sum of lanes [N, K, B] by weight [K, B] and of things [N, T, B], each in their order, [N, B]."""
    total: Array = lanes[:, 0] * weight[0].astype(lanes.dtype)
    for lane, share in enumerate(weight[1:].astype(lanes.dtype), 1):
        total += lanes[:, lane] * share
    for thing in range(things.shape[1]):
        total += things[:, thing]
    return total


def node_sum(mass: Array) -> Array:
    """The sum over nodes of mass [N, ...], in an order that depends on their number only; faster than numpy's own."""
    num_nodes, shape = len(mass), mass.shape[1:]
    flat = mass.reshape(num_nodes, -1)
    fold = num_nodes // 32
    if fold < 2:
        return flat.sum(axis=0).reshape(shape)
    whole = flat[: fold * 32].reshape(fold, -1).sum(axis=0).reshape(32, -1).sum(axis=0)
    whole += flat[fold * 32 :].sum(axis=0)
    return whole.reshape(shape)


def in_turn(parts: Array) -> Array:
    """Sum over nodes in their order, whatever the width."""
    total = np.zeros(parts.shape[1:])
    for part in parts:
        total += part
    return total


def rescale(mass: Array, scale: Array) -> None:
    """Mass [N, ...] times a scale [...], in place; what was possible and stays so is at least FLOOR.

    A scale that is not very small needs no care: who may be somewhere is there with TRACE at least.
    """
    faint = (scale > 0) & (scale < _FAINT)
    if np.count_nonzero(faint):
        least = np.minimum(mass[:, faint], mass.dtype.type(FLOOR))
        mass *= scale.astype(mass.dtype)
        mass[:, faint] = np.maximum(mass[:, faint], least)
    else:
        mass *= scale.astype(mass.dtype)
