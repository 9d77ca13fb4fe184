"""Pictures of what the policies choose that deceive, and that are on their guard."""

from __future__ import annotations

import numpy as np
from tests.policies import stage
from tests.policies.stage import HUNTER, PROTECTOR, STRANGER, WARD, begin, choose

from pursuit.core.state import Gait, Mark, State, Verb
from pursuit.core.world import World
from pursuit.policies.escort import Escort
from pursuit.policies.impostor import Impostor
from pursuit.policies.tracker import Tracker
from pursuit.policies.trusting import Trusting
from pursuit.policies.wary import Wary


def _as_stranger(world: World, **columns: dict[int, object]) -> State:
    """The shifter in the stranger's look, which it can wear."""
    state = begin(world, guise={HUNTER: STRANGER}, **columns)
    sampled = state.sampled.copy("K")
    sampled[0, STRANGER] = True
    return state.evolve(sampled=sampled)


def _marked(state: State, slot: int, mark: Mark) -> State:
    marks = state.marks.copy("K")
    marks[0, slot] = mark
    return state.evolve(marks=marks)


def test_without_mimicry_it_shows_its_own_look() -> None:
    world = stage.world()
    actions, _ = choose(world, _as_stranger(world, node={HUNTER: 2}), Impostor(mimicry=False), HUNTER)
    assert (actions.verb[0, HUNTER], actions.object[0, HUNTER]) == (Verb.MORPH, HUNTER)


def test_in_a_look_it_walks_where_a_guardian_looks_on() -> None:
    world = stage.world()
    seen, _ = choose(world, _as_stranger(world, node={HUNTER: 4, PROTECTOR: 11}), Impostor(), HUNTER)
    assert seen.gait[0, HUNTER] == Gait.WALK and seen.goal[0, HUNTER] > 4
    bare, _ = choose(world, begin(world, node={HUNTER: 4, PROTECTOR: 11}), Impostor(), HUNTER)
    assert bare.gait[0, HUNTER] == Gait.RUN


def test_out_of_sight_it_takes_a_face_and_puts_it_on() -> None:
    world = stage.world()
    state = begin(world, node={HUNTER: 1, STRANGER: 2, WARD: 20, PROTECTOR: 19})
    taken, _ = choose(world, state, Impostor(weight=5.0), HUNTER)
    assert taken.verb[0, HUNTER] in (Verb.SAMPLE, Verb.STRIKE) and taken.object[0, HUNTER] == STRANGER
    known = _as_stranger(world, node={HUNTER: 1, WARD: 20, PROTECTOR: 19})
    own = known.guise.copy("K")
    own[0, HUNTER] = HUNTER
    worn, _ = choose(world, known.evolve(guise=own), Impostor(weight=5.0), HUNTER)
    assert (worn.verb[0, HUNTER], worn.object[0, HUNTER]) == (Verb.MORPH, STRANGER)


def test_near_its_quarry_it_runs_and_strikes() -> None:
    world = stage.world()
    actions, _ = choose(world, _as_stranger(world, node={HUNTER: 9}), Impostor(), HUNTER)
    assert (actions.gait[0, HUNTER], actions.verb[0, HUNTER]) == (Gait.RUN, Verb.STRIKE)
    assert actions.object[0, HUNTER] == WARD


def test_who_was_seen_to_change_is_fled_from_and_fought() -> None:
    world = stage.world()
    state = _marked(_as_stranger(world, node={HUNTER: 8, PROTECTOR: 12}), HUNTER, Mark.CHANGED)
    ward, _ = choose(world, state, Wary(), WARD)
    assert ward.goal[0, WARD] > 10 and ward.gait[0, WARD] == Gait.RUN
    guard, _ = choose(world, state, Wary(), PROTECTOR)
    assert guard.goal[0, PROTECTOR] == 8 and guard.toward[0, PROTECTOR] == HUNTER


def test_the_wary_ask_a_stranger_and_the_trusting_do_not() -> None:
    world = stage.world()
    state = begin(world, node={HUNTER: 0, WARD: 10, PROTECTOR: 19, STRANGER: 11})
    wary, _ = choose(world, state, Wary(fear=0.9, unease=0.9), WARD)
    trusting, _ = choose(world, state, Trusting(), WARD)
    assert (wary.verb[0, WARD], wary.object[0, WARD]) == (Verb.CHALLENGE, STRANGER)
    assert trusting.verb[0, WARD] == Verb.WAIT


def test_the_trusting_do_not_mind_who_comes_running() -> None:
    world = stage.world()
    state = begin(world, node={HUNTER: 0, STRANGER: 7, PROTECTOR: 20})
    gait = state.gait.copy("K")
    gait[0, STRANGER] = Gait.RUN
    runs = state.evolve(gait=gait)
    minds, trusts = (choose(world, runs, policy, WARD)[0] for policy in (Escort(), Trusting()))
    assert minds.goal[0, WARD] > 10 and trusts.goal[0, WARD] == -1


def test_a_tracker_looks_where_its_quarry_can_be() -> None:
    world = stage.world()
    actions, _ = choose(world, begin(world, node={HUNTER: 0, WARD: 20}), Tracker(), HUNTER)
    sight = world.sight.view(int(world.sight.pick(0)))
    goal = int(actions.goal[0, HUNTER])
    assert np.count_nonzero(sight[goal] & ~sight[0]) > np.count_nonzero(sight[goal] & sight[0])
