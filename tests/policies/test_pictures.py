"""What policies choose in plain situations, on the street of `stage`."""

from __future__ import annotations

import numpy as np
import pytest
from tests.policies.stage import HUNTER, PROTECTOR, STRANGER, WARD, begin, choose, world

from pursuit.core.script import Cue, Toward
from pursuit.core.state import Actions, Gait, Mark, Order, Verb
from pursuit.policies.registry import make
from pursuit.rules.turn import fresh


def _does(actions: Actions, slot: int) -> tuple[int, Verb, int]:
    return int(actions.goal[0, slot]), Verb(int(actions.verb[0, slot])), int(actions.object[0, slot])


@pytest.mark.parametrize("name", ["beeline", "interceptor"])
def test_hunters_run_at_the_quarry_they_see_and_strike_at_contact(name: str) -> None:
    stage = world(exits=())
    actions, _ = choose(stage, begin(stage, node={HUNTER: 4}), make(name), HUNTER)
    assert _does(actions, HUNTER) == (10, Verb.WAIT, -1)
    assert actions.toward[0, HUNTER] == WARD and actions.gait[0, HUNTER] == Gait.RUN
    actions, _ = choose(stage, begin(stage, node={HUNTER: 9}), make(name), HUNTER)
    assert _does(actions, HUNTER) == (10, Verb.STRIKE, WARD)


@pytest.mark.parametrize("name", ["beeline", "interceptor"])
def test_hunters_go_to_where_they_saw_it_last(name: str) -> None:
    stage = world(exits=())
    _, memory = choose(stage, begin(stage, node={HUNTER: 4}), make(name), HUNTER)
    hidden = begin(stage, node={HUNTER: 4, WARD: 20})
    actions, memory = choose(stage, hidden, make(name), HUNTER, memory=memory)
    assert actions.goal[0, HUNTER] == 10
    actions, _ = choose(stage, begin(stage, node={HUNTER: 10, WARD: 20}), make(name), HUNTER, memory=memory)
    assert actions.goal[0, HUNTER] != 10  # nobody there: it searches


def test_hunters_are_taken_in_by_looks_and_pass_by_the_dead() -> None:
    stage = world(exits=())
    state = begin(stage, node={HUNTER: 4, WARD: 20, STRANGER: 6})
    actions, _ = choose(stage, state, make("beeline"), HUNTER)
    assert actions.toward[0, HUNTER] == -1  # a stranger is no quarry
    dead = begin(stage, node={HUNTER: 9}, status={WARD: 2})
    actions, _ = choose(stage, dead, make("beeline"), HUNTER)
    assert actions.verb[0, HUNTER] == Verb.WAIT


def test_the_interceptor_cuts_the_way_where_beeline_follows() -> None:
    """Chasing takes longer than the quarry needs to the exit, but the hunter can be there first."""
    stage = world(exits=(20,))
    state = begin(stage, node={HUNTER: 18, WARD: 12, PROTECTOR: 0})
    assert choose(stage, state, make("beeline"), HUNTER)[0].goal[0, HUNTER] == 12
    assert choose(stage, state, make("interceptor"), HUNTER)[0].goal[0, HUNTER] == 20
    late = begin(stage, node={HUNTER: 8, WARD: 15, PROTECTOR: 0})
    assert choose(stage, late, make("interceptor"), HUNTER)[0].goal[0, HUNTER] == 15  # too late to cut: after it


@pytest.mark.parametrize("name", ["runner", "safe_path"])
def test_evaders_rest_until_they_fear_and_run_from_a_hunters_look(name: str) -> None:
    stage = world(exits=())
    calm = begin(stage, node={HUNTER: 4, WARD: 10, PROTECTOR: 20}, guise={HUNTER: STRANGER})
    actions, memory = choose(stage, calm, make(name), WARD)
    assert actions.goal[0, WARD] == -1  # it looks like a stranger
    afraid = begin(stage, node={HUNTER: 4, WARD: 10, PROTECTOR: 20})
    actions, memory = choose(stage, afraid, make(name), WARD)
    assert actions.goal[0, WARD] > 10 and actions.gait[0, WARD] == Gait.RUN
    gone = begin(stage, node={HUNTER: 0, WARD: 12, PROTECTOR: 20})
    actions, _ = choose(stage, gone, make(name), WARD, memory=memory)
    assert actions.goal[0, WARD] > 12  # it remembers


def test_who_was_seen_to_change_is_known_by_its_new_look() -> None:
    stage = world(exits=())
    policy = make("runner")
    state = begin(stage, node={HUNTER: 4, WARD: 10, STRANGER: 9}, guise={HUNTER: STRANGER})
    changed = state.evolve(marks=np.where(np.arange(4) == HUNTER, np.uint16(Mark.CHANGED), np.uint16(0))[None])
    actions, memory = choose(stage, changed, policy, WARD)
    assert memory["foe"][0, WARD].tolist() == [STRANGER, 4, 0, -1]
    assert actions.goal[0, WARD] > 10
    later, _ = choose(stage, begin(stage, node={WARD: 10, STRANGER: 13}), policy, WARD, memory=memory)
    assert later.goal[0, WARD] != -1  # now every such look is feared, even the real one


def test_safe_path_takes_the_exit_that_is_still_safe() -> None:
    stage = world(exits=(0, 20))
    policy = make("safe_path")
    away = {PROTECTOR: 23, STRANGER: 23}
    assert choose(stage, begin(stage, node={HUNTER: 4, WARD: 12, **away}), policy, WARD)[0].goal[0, WARD] == 20
    assert choose(stage, begin(stage, node={HUNTER: 17, WARD: 9, **away}), policy, WARD)[0].goal[0, WARD] == 0


def test_a_ride_is_taken_where_it_is_quicker() -> None:
    stage = world(exits=(20,), vehicle=9)
    state = begin(stage, node={HUNTER: 0, WARD: 8, PROTECTOR: 23, STRANGER: 23})
    actions, _ = choose(stage, state, make("safe_path"), WARD)
    assert _does(actions, WARD) == (9, Verb.MOUNT, 0)
    near = begin(stage, node={HUNTER: 0, WARD: 19, PROTECTOR: 23, STRANGER: 23})
    assert choose(stage, near, make("safe_path"), WARD)[0].goal[0, WARD] == 20


def test_the_protector_finds_asks_and_shields_its_ward() -> None:
    stage = world()
    policy = make("escort")
    actions, _ = choose(stage, begin(stage, node={PROTECTOR: 15}), policy, PROTECTOR)
    assert actions.goal[0, PROTECTOR] == 10 and actions.verb[0, PROTECTOR] == Verb.WAIT
    actions, _ = choose(stage, begin(stage, node={PROTECTOR: 11}), policy, PROTECTOR)
    assert _does(actions, PROTECTOR)[1:] == (Verb.CHALLENGE, WARD)
    linked = begin(stage, node={PROTECTOR: 11, HUNTER: 12}, mind={WARD: PROTECTOR})
    actions, _ = choose(stage, linked, policy, PROTECTOR, WARD)
    assert _does(actions, PROTECTOR) == (12, Verb.SHOOT, HUNTER)
    assert actions.goal[0, WARD] < 10 and actions.gait[0, WARD] == Gait.RUN


def test_the_ward_orders_its_protector_to_spare_lives() -> None:
    stage = world()
    linked = begin(stage, node={PROTECTOR: 11}, mind={WARD: PROTECTOR})
    actions, _ = choose(stage, linked, make("escort"), PROTECTOR, WARD)
    assert _does(actions, WARD)[1:] == (Verb.ORDER, PROTECTOR)
    assert actions.order[0, WARD] == Order.SPARE


def test_the_ward_is_wary_of_who_comes_running() -> None:
    stage = world(exits=())
    state = begin(stage, node={HUNTER: 4, PROTECTOR: 20}, guise={HUNTER: STRANGER})
    runs = state.evolve(gait=np.where(np.arange(4) == HUNTER, np.int8(Gait.RUN), np.int8(0))[None])
    assert choose(stage, runs, make("escort"), WARD)[0].goal[0, WARD] > 10
    assert choose(stage, runs, make("escort(wary=false)"), WARD)[0].goal[0, WARD] == -1


def _cue(toward: Toward = Toward.NOTHING, goal: int = -1, verb: Verb = Verb.WAIT, thing: int = -1) -> Cue:
    return Cue("cue", 0, toward, goal, Gait.WALK, verb, thing, Order.NONE, -1)


@pytest.mark.parametrize(
    ("cue", "node", "expected"),
    [
        (_cue(Toward.NODE, 7), 0, (7, Verb.WAIT, -1)),
        (_cue(Toward.GUISE, WARD), 4, (10, Verb.WAIT, -1)),
        (_cue(Toward.GUISE, WARD), 0, (-1, Verb.WAIT, -1)),  # out of sight, and never seen
        (_cue(Toward.GUISE, WARD, Verb.STRIKE, WARD), 4, (10, Verb.WAIT, -1)),
        (_cue(Toward.GUISE, WARD, Verb.STRIKE, WARD), 9, (10, Verb.STRIKE, WARD)),
        (_cue(Toward.GUISE, STRANGER, Verb.SAMPLE, STRANGER), 22, (23, Verb.SAMPLE, STRANGER)),
        (_cue(Toward.VEHICLE, 0, Verb.MOUNT, 0), 11, (12, Verb.MOUNT, 0)),
        (_cue(Toward.NODE, 3, Verb.MORPH, STRANGER), 0, (-1, Verb.MORPH, STRANGER)),
    ],
)
def test_cues_are_followed(cue: Cue, node: int, expected: tuple[int, Verb, int]) -> None:
    stage = world([cue], vehicle=12, sampled=[STRANGER])
    state = begin(stage, node={HUNTER: node}, cue={HUNTER: 0})
    actions, _ = choose(stage, state, make("cues"), HUNTER)
    assert _does(actions, HUNTER) == expected
    assert actions.gait[0, HUNTER] == Gait.WALK


def test_without_a_cue_nothing_is_done_and_what_a_cue_saw_is_remembered() -> None:
    stage = world([_cue(Toward.GUISE, WARD)])
    idle, _ = choose(stage, begin(stage, node={HUNTER: 4}), make("cues"), HUNTER)
    assert _does(idle, HUNTER) == (-1, Verb.WAIT, -1)
    _, memory = choose(stage, begin(stage, node={HUNTER: 4}, cue={HUNTER: 0}), make("cues"), HUNTER)
    gone = begin(stage, node={HUNTER: 4, WARD: 20}, cue={HUNTER: 0})
    assert choose(stage, gone, make("cues"), HUNTER, memory=memory)[0].goal[0, HUNTER] == 10


def test_random_walks_go_to_neighbors_and_rest_as_often_as_they_are_told() -> None:
    stage = world()
    state = fresh(stage, np.arange(1, dtype=np.uint64))
    seen = set()
    for turn in range(40):
        later = state.evolve(turn=np.array([turn], np.int32))
        seen.add(int(choose(stage, later, make("random_walk"), WARD)[0].goal[0, WARD]))
    assert seen == {9, 11, 21}
    assert choose(stage, state, make("random_walk(rest=1000)"), WARD)[0].goal[0, WARD] == -1
