"""A moment: the two states around the place shown, and what the viewpoint sees in each."""

from __future__ import annotations

from dataclasses import dataclass

from pursuit.core.state import State, Status
from pursuit.core.world import World
from pursuit.viewer.eyes import Eyes, open_eyes
from pursuit.viewer.frame import Lens, Point, View
from pursuit.viewer.reel import Reel

_OFFLINE, _CAPTURED = int(Status.OFFLINE), int(Status.CAPTURED)


@dataclass(frozen=True)
class Moment:
    """A place in a reel, looked at in one way. At a whole turn the two states are the same."""

    reel: Reel
    before: State
    after: State
    part: float  # of the turn between them that is over, 0 to below 1
    eyes_before: Eyes
    eyes_after: Eyes
    seen_only: bool  # any lens but TRUTH: show nothing that the viewpoint does not know

    @classmethod
    def at(cls, reel: Reel, position: float, view: View) -> Moment:
        """The moment at `position` turns, which must lie within the reel."""
        turn = int(position)
        part = position - turn
        if view.phase:
            within = reel.phases(turn + 1)[view.phase - 1][1]
            eyes = open_eyes(reel.world, within, view.viewpoint)
            return cls(reel, within, within, 0.0, eyes, eyes, view.lens == Lens.SEEN)
        before = reel.state(turn)
        after = reel.state(turn + 1) if part > 0 else before
        eyes_before = reel.eyes(turn, view.viewpoint)
        eyes_after = reel.eyes(turn + 1, view.viewpoint) if part > 0 else eyes_before
        return cls(reel, before, after, part, eyes_before, eyes_after, view.lens != Lens.TRUTH)

    @property
    def world(self) -> World:
        return self.reel.world

    @property
    def state(self) -> State:
        """The state whose looks, wounds, doors and marks are shown: the nearer one."""
        return self.after if self.part >= 0.5 else self.before

    @property
    def eyes(self) -> Eyes:
        return self.eyes_after if self.part >= 0.5 else self.eyes_before

    def shows(self, slot: int) -> bool:
        """Whether an agent is on the picture at all: on the board, and known to be if only that is shown."""
        status = int(self.state.status[0, slot])
        if status > _OFFLINE and status != _CAPTURED:
            return False
        return not self.seen_only or bool(self.eyes.shown[slot] or self.eyes.left[slot])

    def knows(self, slot: int) -> bool:
        """Whether what is inside an agent may be shown: health, plans, and who is behind the look."""
        if not self.seen_only:
            return True
        return not self.eyes.all_seeing and bool(self.eyes.mates[slot])

    def sees(self, node: int) -> bool:
        """Whether what lies at a node may be shown."""
        return not self.seen_only or self.eyes.sees(node)

    def node(self, slot: int) -> int:
        """Where an agent is at the end of the moment; who went out of sight is where last seen."""
        if self.seen_only and self.eyes_after.left[slot]:
            return int(self.after.path[0, slot, 0])
        return int(self.after.node[0, slot])

    def point(self, node: int) -> Point:
        """A node's place on the plane of the layout."""
        x, y = self.reel.layout.node_xy[node]
        return float(x), float(y)
