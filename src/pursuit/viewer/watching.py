"""An episode under way, watched turn by turn: the replay that it is so far, its picture, and a window for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pygame
from numpy.typing import NDArray

from pursuit.core.state import Actions, State
from pursuit.core.world import World
from pursuit.rules.told.events import Event, events
from pursuit.viewer.compose import compose
from pursuit.viewer.export import paint
from pursuit.viewer.reel import Reel
from pursuit.viewer.source import Belief

SIZE = (960, 600)
"""Pixels of a picture."""


class Watched:
    """What has been played of one episode, as the viewer asks for it."""

    def __init__(self, world: World, start: State, policies: Mapping[str, str]) -> None:
        self.world, self.policies = world, policies
        self.marks: Mapping[int, str] = {}
        self.seed = int(start.seed[0])
        self.command = ""
        self.badge = "watch only"
        self._states = [start]
        self._actions: list[Actions] = []

    @property
    def num_turns(self) -> int:
        return len(self._actions)

    def play(self, actions: Actions, after: State) -> None:
        """One more turn was played."""
        self._actions.append(actions)
        self._states.append(after)

    def state(self, turn: int) -> State:
        return self._states[turn]

    def actions(self, turn: int) -> Actions:
        return self._actions[turn - 1]

    def events(self, turn: int) -> Sequence[Event]:
        return events(self.world, self._states[turn - 1], self._states[turn])[0]

    def beliefs(self, turn: int) -> Sequence[Belief]:
        return ()

    def exact(self, turn: int) -> tuple[int, int, bool] | None:
        return None

    def phases(self, turn: int) -> Sequence[tuple[str, State]]:
        return ()


class Watcher:
    """Pictures of the last turn of an episode, and a window that shows them."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self._reel = Reel(watched)

    def picture(self) -> NDArray[np.uint8]:
        """The last turn, [height, width, 3]; needs no display."""
        pixels: NDArray[Any] = pygame.surfarray.array3d(self._surface())
        return np.ascontiguousarray(pixels.swapaxes(0, 1))

    def show(self) -> None:
        """The last turn in a window, which opens with the first picture."""
        surface = self._surface()
        if not pygame.display.get_init():
            pygame.display.init()
        window = pygame.display.get_surface() or pygame.display.set_mode(SIZE)
        pygame.display.set_caption(self.watched.world.title)
        window.blit(surface, (0, 0))
        pygame.event.pump()
        pygame.display.flip()

    def _surface(self) -> pygame.Surface:
        self._reel.scan(self.watched.num_turns)
        return paint(compose(self._reel, self.watched.num_turns), SIZE)


def close_window() -> None:
    """Close the window, if there is one."""
    if pygame.display.get_init():
        pygame.display.quit()
