"""Playing on from the turn shown: choose policies, see how it ends a hundred times, open any of the endings.

The state of the sheet without its window; `app` shows its lines and hands it the keys.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pursuit.content.files.problems import ContentError
from pursuit.core.world import Side
from pursuit.play.fork import fork, onward
from pursuit.play.replay import Replay, open_replay
from pursuit.play.result import Result
from pursuit.play.seeds import episode_seeds
from pursuit.policies.registry import describe, names
from pursuit.viewer.theme import SIDE_NAME

EPISODES = 100

_RECORDED = "as recorded"
_workers = ThreadPoolExecutor(1, thread_name_prefix="onward")


class Onward:
    """The sheet for one turn of a replay.

    First the arrows choose a policy for each side and Enter plays; then they choose an ending and Enter opens it:
    `opened` is its replay, written beside the one it forks.
    """

    def __init__(self, replay: Replay, turn: int) -> None:
        self.replay, self.turn = replay, turn
        self.message = ""
        self.opened: Replay | None = None
        self._seeds: NDArray[np.uint64] = episode_seeds(replay.seed, EPISODES)
        self._sides = [side for side in Side if (replay.world.side == side.value).any()]
        self._options = {side: [_RECORDED, *_policies(side)] for side in self._sides}
        self._chosen = dict.fromkeys(self._sides, 0)
        self._line = 0
        self._playing: Future[Result] | None = None
        self._result: Result | None = None

    @property
    def title(self) -> str:
        """What stands above the lines."""
        return f"Play on from turn {self.turn}" if self._result is None else f"{EPISODES} endings from turn {self.turn}"

    def lines(self) -> list[str]:
        """The sheet as it is now."""
        self._collect()
        if self._playing is not None:
            return [f"playing {EPISODES} episodes …"]
        if self._result is not None:
            happened = self.replay.outcome or "open"
            shown = []
            for k, (name, count) in enumerate(self._result.outcomes().items()):
                bar = "█" * max(round(20 * count / EPISODES), 1)
                mark = "  as it happened" if name == happened else ""
                shown.append(f"{self._cursor(k)}{name.replace('_', ' ')}: {count}  {bar}{mark}")
            return [*shown, "", "Enter opens one; Esc closes"]
        rows = [
            f"{self._cursor(k)}{SIDE_NAME[side]}:  {self._options[side][self._chosen[side]]}"
            for k, side in enumerate(self._sides)
        ]
        return [*rows, "", "Up Down side, Left Right policy, Enter plays"]

    def press(self, chord: str) -> bool:
        """A key; False for one that the sheet does not know."""
        self._collect()
        if self._playing is not None:
            return chord in ("up", "down", "left", "right", "return")
        rows = len(self._sides) if self._result is None else len(self._result.outcomes())
        match chord:
            case "up" | "down":
                self._line = (self._line + (1 if chord == "down" else -1)) % rows
            case "left" | "right" if self._result is None:
                side = self._sides[self._line]
                way = 1 if chord == "right" else -1
                self._chosen[side] = (self._chosen[side] + way) % len(self._options[side])
            case "return" if self._result is None:
                self._playing = _workers.submit(onward, self.replay, self.turn, self._overrides(), self._seeds)
            case "return":
                self._open()
            case _:
                return False
        return True

    def wait(self) -> None:
        """Until what is being played is over."""
        if self._playing is not None:
            self._playing.exception()
        self._collect()

    def _cursor(self, line: int) -> str:
        return "› " if line == self._line else "  "

    def _overrides(self) -> list[str]:
        """The policies that were chosen, as options say them."""
        chosen = [(side, self._options[side][self._chosen[side]]) for side in self._sides]
        return [f"{SIDE_NAME[side]}={policy}" for side, policy in chosen if policy != _RECORDED]

    def _collect(self) -> None:
        if self._playing is None or not self._playing.done():
            return
        try:
            self._result = self._playing.result()
        except ContentError as error:
            self.message = str(error)
        self._playing, self._line = None, 0

    def _open(self) -> None:
        """Play one episode with the chosen ending again, this time for a replay."""
        assert self._result is not None
        world = self.replay.world
        name = list(self._result.outcomes())[self._line]
        number = world.outcome_name.index(name) if name in world.outcome_name else -1
        row = int(np.flatnonzero(self._result.outcome == number)[0])
        path = _beside(self.replay.path, self.turn, row)
        try:
            fork(self.replay, self.turn, self._overrides(), path, seed=int(self._seeds[row]))
            self.opened = open_replay(path)
        except ContentError as error:
            self.message = str(error)


def _policies(side: Side) -> list[str]:
    """Names of the policies that can play a side."""
    return [name for name in names() if not describe(name).sides or SIDE_NAME[side] in describe(name).sides]


def _beside(path: Path, turn: int, row: int) -> Path:
    stem = path.name.removesuffix(".gz").removesuffix(".chase.jsonl")
    return path.with_name(f"{stem}-from-{turn}-{row}.chase.jsonl")
