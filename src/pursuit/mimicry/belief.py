"""What the identity filter holds, and what it starts from.

Dimension letters: ``B`` rows (one mind of one episode each), ``A`` agent slots, ``G`` guises (A looks of agents, then
the looks of items), ``N`` nodes, ``I`` items, ``J`` bodies in sight.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Rows

Array = NDArray[Any]

FLOOR = 1e-30
"""No cell that is possible is held for less likely than this."""

UNKNOWN, HELD = -1, -2
"""Where an item lies: nobody knows; in the hands of a mate."""


@dataclass(frozen=True, eq=False)
class Belief:
    """Who is who, and where. Columns lie in memory node by node, with rows next to each other (Fortran order)."""

    shifter: Array  # [B, G, N] the shifter is there, in that guise; with `gone` it sums to 1
    gone: Array  # [B] it has not come yet, or has left for good
    person: Array  # [B, 2, A, N] the real one is there, given that the shifter does (1) or does not (0) wear its look
    dead: Array  # [B, 2, A] the real one is dead, down or not on the board; with `person` it sums to 1
    touchable: NDArray[np.bool_]  # [B, G] looks that the shifter can have touched
    worst: NDArray[np.int8]  # [B, A] 0 unhurt, 1 seen hurt, 2 seen down, dead or offline: for good
    lies: NDArray[np.int32]  # [B, I] where an item was seen to lie last turn, else UNKNOWN or HELD
    fake: Array  # [B, J] the body of that row is the shifter
    resets: NDArray[np.int32]  # [B] how often what was seen was held for impossible; 0 in a sound filter
    is_fresh: NDArray[np.bool_]  # [B] nothing has been seen yet

    @property
    def num_rows(self) -> int:
        return len(self.gone)

    def take(self, rows: Rows) -> Belief:
        """Some rows, by index, mask or slice; a mind that parts takes a copy of its row along so."""
        return Belief(**{f.name: np.asfortranarray(getattr(self, f.name)[rows]) for f in fields(self)})

    def put(self, rows: Rows, other: Belief) -> Belief:
        """This belief with some rows replaced by those of another."""
        columns = {f.name: getattr(self, f.name).copy("K") for f in fields(self)}
        for name, column in columns.items():
            column[rows] = getattr(other, name)
        return Belief(**columns)

    @property
    def anywhere(self) -> Array:
        """The chance that the shifter is at a node, in whatever guise, [B, N]."""
        return self.shifter.T.sum(axis=1).T


@dataclass(frozen=True)
class Prior:
    """What is held before anything is seen; what is None is held for equally likely everywhere.

    Raises nothing itself: `Identity.start` checks the shapes.
    """

    shifter: Array | None = None  # [G, N]; with `gone` it sums to 1
    gone: float = 0.02
    person: Array | None = None  # [A, N]; with `dead` it sums to 1
    dead: float | Array = 0.02  # [A]
    touchable: NDArray[np.bool_] | None = None  # [G]; None: any
