"""Each clue of the game comes out of the one formula: nothing in the filter knows of any of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.mimicry.glance import Body, glance
from tests.reference.boards import CELL, make_board
from tests.reference.worlds import NAMES, NUMBERS, make_roster, make_world

from pursuit.core.state import Mark
from pursuit.core.world import Side, World
from pursuit.mimicry.belief import Belief, Prior
from pursuit.mimicry.identity import Identity
from pursuit.sense.observation import Wounds
from pursuit.sense.observe import brief

OWN, ANN, BOB, ME = range(4)
NODES = 12
I_STAND = 5


def _world() -> World:
    """A street of 12 nodes; I stand in the middle and see two nodes either way."""
    board = make_board(
        [(node * CELL, 0.0) for node in range(NODES)], [(node, node + 1) for node in range(NODES - 1)], sight_hops=2
    )
    cast = "shifter", "civilian", "civilian", "fighter"
    return make_world(
        board, make_roster({}, {}, {}, {}), kind=[NAMES.index(name) for name in cast],
        side=[int(s) for s in (Side.HUNTER, Side.BYSTANDER, Side.BYSTANDER, Side.GUARDIAN)],
        start=[[0]] * 4, numbers=replace(NUMBERS, bluff=300),
    )  # fmt: skip


@pytest.fixture
def mind() -> Identity:
    return Identity(brief(_world(), (ME,)), dtype=np.float64)


def _start(mind: Identity) -> Belief:
    """The shifter can be being Ann, Bob or itself; anybody anywhere."""
    return mind.start(1, Prior(touchable=np.array([False, True, True, False])))


def _after(mind: Identity, *looks: tuple[Body, ...], start: Belief | None = None) -> Belief:
    belief = start or _start(mind)
    for bodies in looks:
        belief = mind.update(belief, glance(mind.brief, {ME: I_STAND}, bodies))
        assert not belief.resets[0]
    return belief


def _at(mind: Identity, person: int, node: int) -> Belief:
    """As `_start`, but a person is known to be at a node."""
    where = np.full((4, NODES), 0.98 / NODES)
    where[person] = np.arange(NODES) == node
    dead = np.where(np.arange(4) == person, 0.0, 0.02)
    return mind.start(1, Prior(touchable=np.array([False, True, True, False]), person=where, dead=dead))


def test_nothing_odd_is_little_suspicion(mind: Identity) -> None:
    """One sighting of one person: prior odds, by hand."""
    fake = _after(mind, (Body(ANN, 4),)).fake[0, 0]
    each = 0.98 / 3 / NODES  # any look, any node, of the shifter
    person = 0.98 / NODES  # the real one, at any node
    away = (NODES - 5) / NODES * 0.98 + 0.02 * (0.5 + 0.5 * (NODES - 5) / NODES)
    as_ann = each * away
    unseen = (each * 3 * (NODES - 5) + 0.02) * person
    assert np.isclose(fake, as_ann / (as_ann + unseen))
    assert fake < 0.5


def test_who_cannot_have_got_there_is_fake(mind: Identity) -> None:
    plain = _after(mind, (Body(ANN, 7),)).fake[0, 0]
    for far in (0, 11):
        first = mind.update(_at(mind, ANN, far), glance(mind.brief, {ME: I_STAND}))
        assert _after(mind, (Body(ANN, 4),), start=first).fake[0, 0] == pytest.approx(1)
    assert plain < 0.5


def test_two_of_one_look_and_the_one_that_could_walk_there_is_real(mind: Identity) -> None:
    seen = _after(mind, (Body(ANN, 3),), start=_at(mind, ANN, 3))
    belief = _after(mind, (Body(ANN, 3), Body(ANN, 7)), start=seen)
    assert belief.fake[0, 1] > 0.999
    assert np.isclose(belief.fake[0, :2].sum(), 1)
    assert np.isclose(belief.shifter[0, ANN].sum(), 1)


def test_a_dead_face_that_walks_is_fake(mind: Identity) -> None:
    seen = _after(mind, (Body(ANN, 4, wounds=Wounds.DEAD),), ())
    assert (seen.person[0, :, ANN] == 0).all()
    assert _after(mind, (Body(ANN, 6),), start=seen).fake[0, 0] == pytest.approx(1)


def test_who_is_a_mate_is_not_somebody_in_the_street(mind: Identity) -> None:
    belief = mind.start(1)
    belief = mind.update(belief, glance(mind.brief, {ME: I_STAND, BOB: 4}, (Body(BOB, 6),)))
    assert belief.fake[0, 0] == pytest.approx(1)


def test_its_own_look_is_nobody_else(mind: Identity) -> None:
    assert _after(mind, (Body(OWN, 6),)).fake[0, 0] == pytest.approx(1)


@pytest.mark.parametrize("mark", [Mark.CHANGED, Mark.BLADED, Mark.SPLASHED, Mark.FAILED])
def test_marks_that_no_person_shows(mind: Identity, mark: Mark) -> None:
    seen = _after(mind, (Body(ANN, 4),))
    quiet = _after(mind, (Body(ANN, 4),), start=seen).fake[0, 0]
    assert quiet < 0.5
    assert _after(mind, (Body(ANN, 4, mark),), start=seen).fake[0, 0] == pytest.approx(1)


def test_a_challenge_passed_speaks_for_it_by_the_bluff(mind: Identity) -> None:
    quiet = _after(mind, (Body(ANN, 4),)).fake[0, 0]
    passed = _after(mind, (Body(ANN, 4, Mark.PASSED),)).fake[0, 0]
    assert np.isclose(passed / (1 - passed), 0.3 * quiet / (1 - quiet))


def test_wounds_are_never_feigned_and_never_heal(mind: Identity) -> None:
    hurt = _after(mind, (Body(ANN, 4, wounds=Wounds.HURT),))
    assert hurt.fake[0, 0] == 0
    assert _after(mind, (Body(ANN, 4),), start=hurt).fake[0, 0] == pytest.approx(1)


def test_pace_beyond_a_persons(mind: Identity) -> None:
    """Ann at 3 and then at 5 has run two hops: she can make one in a turn, the shifter two."""
    seen = _after(mind, (Body(ANN, 3),))
    slow = _after(mind, (Body(ANN, 4),), start=seen).fake[0, 0]
    assert slow < 0.5
    assert _after(mind, (Body(ANN, 5),), start=seen).fake[0, 0] == pytest.approx(1, abs=1e-4)


def test_a_marked_body_that_slipped_out_of_sight(mind: Identity) -> None:
    """It changed and went: it is the shifter, out of sight, near where it was."""
    seen = _after(mind, (Body(ANN, 7),))
    belief = _after(mind, (Body(BOB, 7, Mark.CHANGED, left=True),), start=seen)
    assert belief.fake[0, 0] == pytest.approx(1)
    assert (belief.shifter[0].sum(axis=0)[8:10] > 0).any()
    assert belief.shifter[0, :, 3:8].sum() == 0
    assert belief.shifter[0, :, 10:].sum() == 0


def test_seen_elsewhere_just_now_tells_of_the_double(mind: Identity) -> None:
    """Who was with me all along is not suspected; the same look met again after a time out of sight is more so."""
    stayed = _after(mind, *[(Body(ANN, 4),)] * 6).fake[0, 0]
    back = _after(mind, (Body(ANN, 4),), (), (), (), (), (Body(ANN, 4),)).fake[0, 0]
    assert stayed < back


def test_impossible_sights_reset_and_are_counted(mind: Identity) -> None:
    belief = mind.update(_start(mind), glance(mind.brief, {ME: I_STAND}, [Body(ANN, 4)] * 3))
    assert belief.resets[0] == 1
    assert np.isclose(belief.shifter[0].sum() + belief.gone[0], 1)


def test_a_prior_of_a_wrong_shape_is_refused(mind: Identity) -> None:
    with pytest.raises(ValueError, match=r"the prior's touchable has shape \(2,\), expected \(4,\)"):
        mind.start(1, Prior(touchable=np.array([True, False])))
