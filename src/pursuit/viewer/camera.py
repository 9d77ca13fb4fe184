"""The camera: which part of the plane is shown where on the screen. Plain arithmetic, no pygame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
"""Left, low, right, high in meters; north is up."""

Rect = tuple[int, int, int, int]
"""Left, top, width, height in pixels; down is more."""


@dataclass(frozen=True)
class Camera:
    """A view of the plane: `center` in meters stands in the middle of `rect`, one meter is `scale` pixels."""

    rect: Rect
    center: tuple[float, float]
    scale: float

    @classmethod
    def fit(cls, box: Box, rect: Rect, margin: int = 20) -> Camera:
        """The camera that shows the whole box with `margin` pixels around it."""
        left, low, right, high = box
        wide, tall = max(rect[2] - 2 * margin, 1), max(rect[3] - 2 * margin, 1)
        scale = min(wide / max(right - left, 1e-6), tall / max(high - low, 1e-6))
        return cls(rect, ((left + right) / 2, (low + high) / 2), scale)

    def to_screen(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels [..., 2] of points [..., 2] in meters."""
        x0, y0 = self._middle
        flip = np.array([self.scale, -self.scale])
        return (np.asarray(xy, np.float64) - self.center) * flip + (x0, y0)

    def spot(self, at: tuple[float, float]) -> tuple[float, float]:
        """Pixels of one point in meters."""
        x0, y0 = self._middle
        return (at[0] - self.center[0]) * self.scale + x0, (self.center[1] - at[1]) * self.scale + y0

    def to_world(self, x: float, y: float) -> tuple[float, float]:
        """Meters of one pixel."""
        x0, y0 = self._middle
        return self.center[0] + (x - x0) / self.scale, self.center[1] - (y - y0) / self.scale

    def pan(self, dx: float, dy: float) -> Camera:
        """What lay under the pointer goes along with it by (dx, dy) pixels."""
        return replace(self, center=(self.center[0] - dx / self.scale, self.center[1] + dy / self.scale))

    def zoom(self, factor: float, x: float, y: float, least: float = 0.02, most: float = 80.0) -> Camera:
        """Nearer by `factor`; the point under pixel (x, y) stays there. `scale` is kept within the limits."""
        scale = min(max(self.scale * factor, least), most)
        wx, wy = self.to_world(x, y)
        x0, y0 = self._middle
        return replace(self, scale=scale, center=(wx - (x - x0) / scale, wy + (y - y0) / scale))

    def toward(self, goal: Camera, share: float) -> Camera:
        """A camera on the way to another: `share` of the way, there once it is all but there."""
        ratio = goal.scale / self.scale
        x, y = (a + (b - a) * share for a, b in zip(self.center, goal.center, strict=True))
        off = max(abs(goal.center[0] - x), abs(goal.center[1] - y)) * goal.scale
        if abs(ratio - 1) < 0.004 and off < 0.5:
            return goal
        return Camera(goal.rect, (x, y), self.scale * ratio**share)

    @property
    def _middle(self) -> tuple[float, float]:
        left, top, wide, tall = self.rect
        return left + wide / 2, top + tall / 2


class Follower:
    """Takes a camera after what it should show: calmly, by setting out only once that has moved some way."""

    def __init__(self) -> None:
        self._goal: Camera | None = None

    def next(self, camera: Camera, wanted: Camera, share: float) -> Camera:
        """The camera a moment later, `share` of the way to its goal."""
        if self._goal is None or self._goal.rect != wanted.rect or self._strays(self._goal, wanted):
            self._goal = wanted
        return camera.toward(self._goal, share)

    @staticmethod
    def _strays(goal: Camera, wanted: Camera) -> bool:
        """Whether what is wanted lies off the middle by an eighth of the view, or is a fifth larger or smaller."""
        x, y = (abs(a - b) * goal.scale for a, b in zip(goal.center, wanted.center, strict=True))
        wide, tall = goal.rect[2:]
        return x > wide / 8 or y > tall / 8 or not 0.8 < wanted.scale / goal.scale < 1.25
