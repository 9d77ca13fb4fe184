"""The guardian that works out who is who."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Verb
from pursuit.mimicry.channel import believed, identity_of
from pursuit.policies.base import param
from pursuit.policies.escort import Escort
from pursuit.policies.parts.choices import Foe, foes
from pursuit.policies.parts.hunting import shoot
from pursuit.policies.parts.scene import Bools, Draft, Scene

Array = NDArray[Any]

_UNKNOWN = -1  # a look that it goes by no more


@dataclass(eq=False)
class Wary(Escort):
    """Plays as escort does, by inference: keeps away from who is probably fake, asks, shoots to see the splash."""

    fear: float = param(0.3, 0.0, 1.0, help="chance of being fake from which somebody is a threat")
    unease: float = param(0.08, 0.0, 1.0, help="the same for who is close to somebody with a ward, or to the ward")
    sure: float = param(0.9, 0.0, 1.0, help="the same for who looks like one of its own side")
    close: int = param(4, 0, 100, help="hops that are close")
    doubt: float = param(0.02, 0.0, 1.0, help="chance of being fake from which somebody is asked")
    wary: bool = field(default=False, init=False)

    name: ClassVar[str] = "wary"
    version: ClassVar[int] = 1
    believes = identity_of

    def _threats(self, scene: Scene, notes: Array, careful: Bools) -> Foe:
        fake = _fake(scene)
        if fake is None:
            return super()._threats(scene, notes, careful)
        viewer = scene.viewer
        hops = scene.ground.hops(scene.table.take(viewer), scene.node.take(viewer), scene.sight("body_node"))
        bound = np.where(careful.take(viewer) & (hops <= self.close), self.unease, self.fear)
        bound = np.where(_looks_friendly(scene), self.sure, bound)
        notes = notes.copy()
        notes[:, 0] = _UNKNOWN
        return foes(scene, notes, held=(fake >= bound) & scene.is_up)

    def _test(self, scene: Scene, draft: Draft, is_ward: Bools) -> None:
        fake = _fake(scene)
        if fake is None or not len(fake):
            return
        idle = draft.chosen("verb") == Verb.WAIT.value
        open_question = scene.is_up & (fake >= self.doubt) & (fake < 1)
        sight = scene.foremost(np.where(open_question, fake, 0.0))
        asked, row, node = sight >= 0, scene.row_of(sight), np.where(sight >= 0, scene.of("body_node", sight), -1)
        hops = scene.ground.hops(scene.feet, scene.node, node)
        draft.set(idle & asked & (hops <= scene.ground.brief.numbers.talk_hops), verb=Verb.CHALLENGE, object=row)
        target = asked & (fake.take(sight, mode="wrap") >= self.unease)
        target &= ~_looks_friendly(scene).take(sight, mode="wrap")
        shoot(scene, draft, idle & ~is_ward & target, row, node)


def _looks_friendly(scene: Scene) -> Bools:
    """Which sights are of somebody who looks like one of the guardians, [s]."""
    friendly: Bools = scene.ground.is_guardian.take(scene.sight("body_guise"))
    return friendly


def _fake(scene: Scene) -> Array | None:
    """The chance that each sight is of the shifter, [s]; None where nobody changes shape."""
    belief = believed(scene.obs)
    if belief is None:
        return None
    fake: Array = belief.fake[scene.rows.take(scene.viewer), scene.row_of(np.arange(len(scene.viewer)))]
    return fake
