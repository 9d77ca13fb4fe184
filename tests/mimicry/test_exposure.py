"""What the shifter would give away: its model of the guardians' mind, and the price of being somewhere in a look."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.mimicry.glance import Body, glance
from tests.policies import stage
from tests.policies.stage import HUNTER, PROTECTOR, STRANGER, WARD

from pursuit.core.state import Mark
from pursuit.mimicry.belief import Belief
from pursuit.mimicry.exposure import KNOWN, Mirror
from pursuit.mimicry.identity import Identity
from pursuit.sense.observation import Brief, Observation, Wounds
from pursuit.sense.observe import brief


def _told() -> Brief:
    return brief(stage.world(), (HUNTER,))


def _look(told: Brief, node: int, guise: int, bodies: list[Body], marks: int = 0) -> Observation:
    """The shifter at a node in a look, and whom it sees."""
    seen = glance(told, {HUNTER: node}, bodies)
    worn, marked = seen.guise.copy(), np.zeros_like(seen.marks, np.uint16)
    worn[0, HUNTER], marked[0, HUNTER] = guise, marks
    return replace(seen, guise=worn, marks=marked)


def _after(told: Brief, *looks: Observation) -> tuple[Mirror, Belief]:
    mirror = Mirror(told)
    belief = mirror.start(1)
    for look in looks:
        belief = mirror.update(belief, look)
    return mirror, belief


def test_the_model_is_what_a_guardian_believes_who_sees_the_same() -> None:
    told = _told()
    theirs = Identity(told)
    belief = theirs.start(1)
    looks = []
    for node, marks in ((12, 0), (13, 0), (14, int(Mark.FIRED)), (14, 0)):
        looks.append(_look(told, node, STRANGER, [Body(PROTECTOR, 15)], marks))
        belief = theirs.update(belief, glance(told, {PROTECTOR: 15}, [Body(STRANGER, node, marks)]))
    _, model = _after(told, *looks)
    assert np.allclose(model.shifter, belief.shifter, atol=1e-6)
    assert np.allclose(model.person[:, :, STRANGER], belief.person[:, :, STRANGER], atol=1e-6)


def test_where_a_guardian_looks_is_watched() -> None:
    told = _told()
    mirror, belief = _after(told, _look(told, 8, HUNTER, [Body(PROTECTOR, 15), Body(WARD, 10)]))
    watched = mirror.watched(belief)[0]
    sees = told.sight.view(int(told.sight.pick(0)))
    assert np.allclose(watched, sees[15] | sees[10], atol=1e-6)
    mirror, belief = _after(told, _look(told, 2, HUNTER, []))
    nowhere = mirror.watched(belief)[0]
    assert (nowhere < 1).all() and nowhere[1] < nowhere[15], "guardians it does not see are farther off"


def test_a_dead_mans_look_gives_away_and_a_live_ones_does_not() -> None:
    told = _told()
    here = [Body(PROTECTOR, 15)]
    mirror, belief = _after(told, _look(told, 8, HUNTER, here))
    looks = np.array([[HUNTER, STRANGER]])
    given, change = mirror.exposure(belief, looks)
    assert given[0, 14, 0] == pytest.approx(KNOWN, rel=1e-3) and change[0, 14] == pytest.approx(KNOWN, rel=1e-3)
    assert given[0, 14, 1] < 1
    mirror, belief = _after(told, _look(told, 8, HUNTER, [*here, Body(STRANGER, 14, wounds=Wounds.DEAD)]))
    dead = mirror.exposure(belief, looks)[0][0, 14, 1]
    assert dead == pytest.approx(KNOWN, rel=1e-3)


def test_the_look_of_somebody_in_plain_sight_gives_away_elsewhere() -> None:
    told = _told()
    mirror, belief = _after(told, _look(told, 8, HUNTER, [Body(PROTECTOR, 15), Body(STRANGER, 16)]))
    given = mirror.exposure(belief, np.array([[STRANGER]]))[0][0, :, 0]
    assert given[12] > 5 and given[16] < 0.5


def test_a_row_is_the_same_in_any_batch() -> None:
    told, mirror = _told(), Mirror(_told())
    here = [Body(PROTECTOR, 15)]
    looks = [_look(told, 8, HUNTER, here), _look(told, 12, STRANGER, []), _look(told, 9, STRANGER, here)]
    both = Observation(
        **{name: np.concatenate([getattr(look, name) for look in looks]) for name in vars(looks[0]) if name != "belief"}
    )
    together = mirror.update(mirror.start(3), both)
    for row, look in enumerate(looks):
        alone = mirror.update(mirror.start(1), look)
        for name, column in alone.says().items():
            assert np.array_equal(column[0], together.says()[name][row]), name
        wanted = np.array([[HUNTER, STRANGER]])
        assert np.array_equal(
            mirror.exposure(alone, wanted)[0][0], mirror.exposure(together, wanted.repeat(3, 0))[0][row]
        )
