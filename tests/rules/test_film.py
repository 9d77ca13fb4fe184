"""Pictures of the film's rules: hazards, blasts, backup power, the hoist. Engine and referee must agree besides."""

from __future__ import annotations

import numpy as np
import pytest
from tests.reference.boards import make_board
from tests.reference.picture import GUARDIAN, HUNTER, LAW, begin, cast, do, line, play
from tests.reference.worlds import NUMBERS

from pursuit.core.board import Door, Feature
from pursuit.core.rng import Stream
from pursuit.core.state import Mark, Order, Refusal, Status, Verb
from pursuit.core.world import Hazard, Outcome, World

GUN = (False, 4, -1, -1, 0)  # a grenade launcher in the hands of slot 0
THING = (True, -1, -1, -1, 0)


def mill(kinds: list[str], nodes: list[int], **more: object) -> World:
    """Nodes 0 … 4 in a row; 4 is a vat of molten steel, 3 the hoist above its edge, 0 a lever."""
    board = line(5, feature={4: Feature.VAT, 3: Feature.HOIST, 0: Feature.LEVER})
    return cast(
        board,
        kinds,
        [GUARDIAN, HUNTER, GUARDIAN][: len(kinds)],
        nodes,
        quarry=[True, False, False][: len(kinds)],
        **more,
    )


# molten steel


def test_a_grenade_throws_the_shifter_into_the_vat() -> None:
    world = mill(["fighter", "shifter"], [2, 3], items=[GUN])
    after = play(
        world, begin(world), {0: do(verb=Verb.SHOOT, object=1)}, {(Stream.HIT, 0): [0], (Stream.BLAST, 0): [999]}
    )
    assert after.node[0, 1] == 4
    assert after.status[0, 1] == Status.DEAD
    assert after.marks[0, 1] & Mark.KNOCKED and after.marks[0, 1] & Mark.DESTROYED
    assert after.outcome[0] == Outcome.HUNTER_DESTROYED


def test_what_lies_in_molten_steel_is_gone() -> None:
    world = mill(["child", "thief"], [3, 0], items=[THING])
    after = play(world, begin(world), {0: do(verb=Verb.THROW, object=0, order_object=4)})
    assert (after.item_node[0, 0], after.holder[0, 0]) == (-1, -1)
    assert after.did[0, 0] == Verb.THROW


def test_whoever_melts_takes_along_what_it_holds() -> None:
    world = mill(["civilian", "thief"], [3, 0], items=[THING])
    after = play(world, begin(world), {0: do(goal=4)})
    assert after.status[0, 0] == Status.DEAD
    assert after.holder[0, 0] == -1


def test_no_way_leads_through_a_vat() -> None:
    board = make_board([(0.0, 0.0), (5.0, 0.0), (10.0, 0.0)], [(0, 1), (1, 2)], feature={1: Feature.VAT})
    world = cast(board, ["thief", "child"], [HUNTER, GUARDIAN], [0, 2])
    after = play(world, begin(world), {0: do(goal=2)})
    assert after.node[0, 0] == 0
    assert after.marks[0, 0] & Mark.BLOCKED


# no self-harm, and the hoist


def test_a_machine_does_itself_no_harm() -> None:
    world = mill(["protector", "shifter"], [2, 0])
    after = play(world, begin(world), {0: do(goal=4)})
    assert after.node[0, 0] == 3
    after = play(world, after, {0: do(goal=4)})
    assert (after.node[0, 0], after.refused[0, 0]) == (3, Refusal.HARM)
    assert after.status[0, 0] == Status.WELL


def test_others_may_lower_it() -> None:
    world = mill(["protector", "shifter", "child"], [3, 0, 2], mind=[0, 1, 0], items=[THING])
    after = play(world, begin(world), {2: do(verb=Verb.LOWER, object=0)})
    assert after.status[0].tolist() == [Status.DEAD, Status.WELL, Status.WELL]
    assert after.holder[0, 0] == -1


def test_nobody_is_lowered_who_does_not_want_to_be() -> None:
    world = mill(["protector", "shifter", "child"], [3, 0, 2], mind=[0, 1, 2])
    after = play(world, begin(world), {2: do(verb=Verb.LOWER, object=0)})
    assert after.refused[0, 2] == Refusal.UNWILLING
    down = play(world, begin(world, status=[Status.OFFLINE, 0, 0]), {2: do(verb=Verb.LOWER, object=0)})
    assert down.status[0, 0] == Status.DEAD


# presses and fire


@pytest.mark.parametrize(
    ("kind", "status"), [("child", Status.DEAD), ("shifter", Status.WELL), ("robot", Status.OFFLINE)]
)
def test_a_press_crushes_once_the_lever_is_pulled(kind: str, status: Status) -> None:
    board = line(3, feature={1: Feature.PRESS, 0: Feature.LEVER})
    health = {"child": 9, "shifter": 9, "robot": 9}
    world = cast(board, ["thief", kind], [HUNTER, GUARDIAN], [0, 1], health=health, quarry=[False, False])
    state = begin(world, hazard=[False])
    assert play(world, state, {}).health[0, 1] == 9
    after = play(world, state, {0: do(verb=Verb.PULL)})
    assert after.hazard[0, 0]
    assert after.status[0, 1] == status
    assert not play(world, after, {0: do(verb=Verb.PULL)}).hazard[0, 0]


def test_fire_burns() -> None:
    world = cast(line(2), ["thief", "child"], [HUNTER, GUARDIAN], [0, 1], hazards=[(Hazard.BURNS, True, [1])])
    assert play(world, begin(world), {}).health[0].tolist() == [14, 10]


# blasts


def test_a_blast_catches_who_stands_near() -> None:
    world = cast(
        line(6),
        ["fighter", "thief", "child"],
        [GUARDIAN, HUNTER, GUARDIAN],
        [0, 3, 4],
        items=[GUN],
        health={"child": 60, "thief": 60},
    )
    answers = {(Stream.HIT, 0): [0], (Stream.BLAST, 2): [0]}
    after = play(world, begin(world), {0: do(verb=Verb.SHOOT, object=1)}, answers)
    assert after.health[0].tolist() == [20, 30, 45]
    assert after.node[0].tolist() == [0, 4, 5]


def test_a_shut_door_stops_who_is_thrown_back() -> None:
    world = cast(
        line(4, doors={1: (Door.SHUT, False)}),
        ["fighter", "thief"],
        [GUARDIAN, HUNTER],
        [0, 1],
        items=[GUN],
        health={"thief": 60},
    )
    after = play(
        world, begin(world), {0: do(verb=Verb.SHOOT, object=1)}, {(Stream.HIT, 0): [0], (Stream.BLAST, 0): [999]}
    )
    assert after.node[0, 1] == 1
    assert not after.marks[0, 1] & Mark.KNOCKED


def test_blades_and_blasts_split_poly_alloy_and_bullets_do_not() -> None:
    for weapon, split in ((3, False), (4, True)):
        gun = (False, weapon, -1, -1, 0)
        world = cast(line(2), ["fighter", "shifter"], [GUARDIAN, HUNTER], [0, 1], items=[gun], health={"shifter": 90})
        answers = {(Stream.HIT, 0): [0]} | ({(Stream.BLAST, 0): [999]} if split else {})
        after = play(world, begin(world), {0: do(verb=Verb.SHOOT, object=1)}, answers)
        assert after.status[0, 1] == Status.WELL
        assert bool(after.marks[0, 1] & Mark.FELL) == split


# lives


@pytest.mark.parametrize("spare", [False, True])
def test_lives_are_counted(spare: bool) -> None:
    world = cast(line(2), ["thief", "child"], [HUNTER, GUARDIAN], [0, 0], health={"child": 5})
    state = begin(world, spare=[spare, False])
    after = play(world, state, {0: do(verb=Verb.STRIKE, object=1)}, {(Stream.HIT, 0): [0]})
    assert (after.taken[0, 0], after.spared[0, 0]) == ((0, 1) if spare else (1, 0))


# backup power


def test_backup_power_brings_a_machine_back_once() -> None:
    world = mill(["protector", "shifter"], [1, 0])
    state = begin(world, status=[Status.OFFLINE, Status.WELL], health=[0, 40])
    for turns_left in range(NUMBERS.backup_turns - 1, 0, -1):
        state = play(world, state, {})
        assert (state.status[0, 0], state.backup[0, 0]) == (Status.OFFLINE, turns_left)
    state = play(world, state, {})
    assert (state.status[0, 0], state.health[0, 0], state.backup[0, 0]) == (Status.WELL, 18, -1)
    assert state.marks[0, 0] & Mark.RESTARTED
    state = state.evolve(status=np.array([[Status.OFFLINE, Status.WELL]], np.int8))
    for _ in range(NUMBERS.backup_turns + 2):
        state = play(world, state, {})
    assert state.status[0, 0] == Status.OFFLINE


def test_a_hunter_that_may_restart_is_not_destroyed() -> None:
    world = cast(line(3), ["robot", "child"], [HUNTER, GUARDIAN], [0, 2])
    state = begin(world, status=[Status.OFFLINE, Status.WELL], health=[0, 14], order=[Order.NONE, Order.NONE])
    assert play(world, state, {}).outcome[0] == -1
    spent = state.evolve(backup=np.array([[-1, -1]], np.int8))
    assert play(world, spent, {}).outcome[0] == Outcome.HUNTER_DESTROYED


# locks and keys


def gate(keys: int = 1, **more: object) -> World:
    """Two thieves either side of a locked door on the edge from 1 to 2; each holds a key."""
    items = [(False, -1, -1, -1, 0), (False, -1, -1, -1, 1)]
    board = line(4, doors={1: (Door.LOCKED, False)})
    return cast(
        board,
        ["thief", "thief"],
        [HUNTER, GUARDIAN],
        [1, 2],
        items=items,
        keys=[(0, 0), (1, 0)],
        locks={0: keys},
        **more,
    )


@pytest.mark.parametrize(("draw", "opens"), [(499, True), (500, False)])
def test_a_lock_is_picked_by_chance(draw: int, opens: bool) -> None:
    world = gate()
    after = play(world, begin(world), {0: do(verb=Verb.PICK, object=0)}, {(Stream.LOCK, 0): [draw]})
    assert after.door[0, 0] == (Door.SHUT if opens else Door.LOCKED)
    assert after.refused[0, 0] == (Refusal.NONE if opens else Refusal.FUMBLED)


def test_one_key_opens_one_lock() -> None:
    world = gate()
    assert play(world, begin(world), {0: do(verb=Verb.UNLOCK, object=0)}).door[0, 0] == Door.SHUT
    without = begin(world, holder=[-1, 1], item_node=[1, -1])
    assert play(world, without, {0: do(verb=Verb.UNLOCK, object=0)}).refused[0, 0] == Refusal.NO_KEY


def test_a_vault_takes_two_keys_at_once() -> None:
    world = gate(keys=2)
    alone = play(world, begin(world), {0: do(verb=Verb.UNLOCK, object=0)})
    assert (alone.door[0, 0], alone.refused[0, 0]) == (Door.LOCKED, Refusal.MORE_KEYS)
    both = play(world, begin(world), {a: do(verb=Verb.UNLOCK, object=0) for a in (0, 1)})
    assert both.door[0, 0] == Door.SHUT
    assert play(world, begin(world), {0: do(verb=Verb.PICK, object=0)}).refused[0, 0] == Refusal.LOCKED


def test_a_vault_is_not_forced() -> None:
    for keys, door in ((1, Door.OPEN), (2, Door.LOCKED)):
        board = line(3, doors={0: (Door.LOCKED, False)})
        world = cast(board, ["protector", "thief"], [GUARDIAN, HUNTER], [0, 2], quarry=[True, False], locks={0: keys})
        assert play(world, begin(world), {0: do(verb=Verb.FORCE, object=0)}).door[0, 0] == door


# custody


def ward(**more: object) -> World:
    """An orderly (slot 0) and a patient (slot 1) on one node."""
    return cast(line(4), ["civilian", "fighter"], [HUNTER, GUARDIAN], [1, 1], patient=[1], **more)


def test_staff_hold_a_patient_fast() -> None:
    world = ward()
    held = play(world, begin(world), {0: do(verb=Verb.SEIZE, object=1)}, {(Stream.SEIZE, 0): [599]})
    assert held.captor[0, 1] == 0
    stays = play(world, held, {1: do(goal=3)})
    assert (stays.node[0, 1], stays.refused[0, 1], stays.captor[0, 1]) == (1, Refusal.HELD, 0)
    left = play(world, stays, {0: do(goal=0)})
    assert left.captor[0, 1] == -1
    assert play(world, left, {1: do(goal=3)}).node[0, 1] == 2


def test_who_fells_the_captor_is_free() -> None:
    world = ward(health={"civilian": 5})
    held = begin(world, captor=[-1, 0])
    after = play(world, held, {1: do(verb=Verb.STRIKE, object=0)}, {(Stream.HIT, 1): [0]})
    assert (after.status[0, 0], after.captor[0, 1]) == (Status.DOWN, -1)


def test_nobody_else_is_held() -> None:
    world = cast(line(2), ["civilian", "child"], [HUNTER, GUARDIAN], [1, 1])
    assert play(world, begin(world), {0: do(verb=Verb.SEIZE, object=1)}).refused[0, 0] == Refusal.NOT_SOUGHT
    wanted = begin(world, wanted=[False, True])
    assert play(world, wanted, {0: do(verb=Verb.SEIZE, object=1)}, {(Stream.SEIZE, 0): [0]}).captor[0, 1] == 0


def test_a_crime_that_the_law_sees_makes_a_look_wanted() -> None:
    kinds, sides = ["shifter", "child", "police"], [HUNTER, GUARDIAN, LAW]
    strike, miss = {0: do(verb=Verb.STRIKE, object=1)}, {(Stream.HIT, 0): [999]}
    world = cast(line(9, sight_hops=3), kinds, sides, [1, 1, 3])
    assert play(world, begin(world), strike, miss).wanted[0].tolist() == [True, False, False]
    masked = play(world, begin(world, guise=[1, 1, 2]), strike, miss)
    assert masked.wanted[0].tolist() == [False, True, False]
    uniform = play(world, begin(world, guise=[2, 1, 2]), strike, miss)
    assert not uniform.wanted[0].any()
    alone = cast(line(2), ["shifter", "police"], [HUNTER, LAW], [0, 0], health={"police": 5}, quarry=[False, False])
    dead = play(alone, begin(alone), strike, {(Stream.HIT, 0): [0]})
    assert not dead.wanted[0].any()  # the only witness does not live to tell of it
    far = cast(line(9, sight_hops=3), kinds, sides, [1, 1, 8])
    assert not play(far, begin(far), strike, miss).wanted[0].any()


def test_the_alarm_is_raised_once() -> None:
    world = cast(line(2, feature={0: Feature.TERMINAL}), ["thief", "child"], [HUNTER, GUARDIAN], [0, 1])
    after = play(world, begin(world), {0: do(verb=Verb.ALARM)})
    assert (after.alarm[0], after.noise[0, 0]) == (1, NUMBERS.alarm_noise)
    assert play(world, after, {0: do(verb=Verb.ALARM)}).refused[0, 0] == Refusal.ALREADY


# charges

CHARGE = (False, 7, -1, -1, 0)


def lab(**more: object) -> World:
    """Slot 0 holds a charge at node 1; slot 1, far away, and slot 2, near, stand by; the research lies at 2."""
    items = [CHARGE, (False, -1, -1, 2, -1)]
    kinds, sides = ["child", "shifter", "civilian"], [GUARDIAN, HUNTER, GUARDIAN]
    return cast(line(9), kinds, sides, [1, 8, 2], items=items, quarry=[True, False, False], **more)


def test_a_dead_mans_trigger_holds_for_a_while_and_then_lets_go() -> None:
    world = lab()
    armed = play(world, begin(world), {0: do(verb=Verb.ARM, object=0)})
    assert armed.armed[0, 0] and (armed.fuse[0, 0], armed.item_node[0, 0]) == (2, 1)
    state = play(world, armed, {})
    assert state.fuse[0, 0] == 2
    state = state.evolve(status=np.array([[Status.DOWN, Status.WELL, Status.WELL]], np.int8))
    state = play(world, state, {})
    assert (state.fuse[0, 0], state.armed[0, 0]) == (1, True)
    state = play(world, state, {})
    assert state.status[0].tolist() == [Status.DEAD, Status.WELL, Status.DEAD]
    assert (state.item_node[0] == -1).all() and not state.armed[0, 0]
    assert state.taken[0, 0] == 2


def test_whoever_holds_the_trigger_may_let_go() -> None:
    world = lab(hazards=[(Hazard.BURNS, False, [3])])
    armed = play(world, begin(world), {0: do(verb=Verb.ARM, object=0)})
    away = play(world, armed.evolve(node=np.array([[7, 8, 7]], np.int32)), {0: do(verb=Verb.DETONATE)})
    assert away.status[0].tolist() == [Status.WELL, Status.WELL, Status.WELL]
    assert (away.item_node[0] == -1).all() and away.hazard[0, 0] and away.noise[0, 0] == 150
    assert play(world, away, {0: do(verb=Verb.DETONATE)}).refused[0, 0] == Refusal.NO_TRIGGER


def test_a_charge_that_is_taken_away_is_harmless() -> None:
    world = lab()
    armed = play(world, begin(world), {0: do(verb=Verb.ARM, object=0)})
    there = armed.evolve(node=np.array([[1, 8, 1]], np.int32))
    after = play(world, there, {2: do(verb=Verb.TAKE, object=0)})
    assert not after.armed[0, 0]
    assert play(world, after, {0: do(verb=Verb.DETONATE)}).status[0, 0] == Status.WELL


def test_a_cache_fills_a_gun() -> None:
    world = cast(
        line(2, feature={0: Feature.CACHE}),
        ["fighter", "thief"],
        [GUARDIAN, HUNTER],
        [0, 1],
        items=[GUN],
        quarry=[True, False],
    )
    empty = begin(world, ammo=[0])
    assert play(world, empty, {0: do(verb=Verb.RELOAD, object=0)}).ammo[0, 0] == 3
    assert play(world, begin(world), {0: do(verb=Verb.RELOAD, object=0)}).refused[0, 0] == Refusal.ALREADY


# conscience


@pytest.mark.parametrize("witness", [False, True])
def test_a_witness_bars_the_killing_blow(witness: bool) -> None:
    gun = (False, 3, -1, -1, 0)
    kinds = ["fighter", "thief", "civilian" if witness else "child"]
    world = cast(
        line(3),
        kinds,
        [GUARDIAN, HUNTER, GUARDIAN],
        [0, 1, 2],
        items=[gun],
        health={"thief": 5},
        quarry=[True, False, False],
    )
    shot, start = {0: do(verb=Verb.SHOOT, object=1)}, begin(world)
    if not witness:
        after = play(world, start, shot, {(Stream.HIT, 0): [0]})
        assert (after.status[0, 1], after.taken[0, 0]) == (Status.DEAD, 1)
        return
    down = start.status.copy("K")
    down[0, 1] = Status.DOWN
    for state in (start, start.evolve(status=down)):
        after = play(world, state, shot)
        assert (after.refused[0, 0], after.ammo[0, 0]) == (Refusal.WITNESSED, start.ammo[0, 0])
        assert (after.status[0, 1], after.taken[0, 0]) == (state.status[0, 1], 0)


# words


@pytest.mark.parametrize("evidence", [False, True])
def test_evidence_persuades(evidence: bool) -> None:
    kinds, sides = ["child", "shifter", "protector", "civilian"], [GUARDIAN, HUNTER, GUARDIAN, GUARDIAN]
    world = cast(
        line(9),
        kinds,
        sides,
        [1, 8, 1, 2],
        mind=[0, 1, 0, 3],
        facts=[1, 0, 2, 0],
        evidence=[2] if evidence else [],
        quarry=[True, False, False, False],
    )
    after = play(world, begin(world), {0: do(verb=Verb.PERSUADE, object=3)})
    assert after.persuaded[0, 3] == evidence
    assert after.refused[0, 0] == (Refusal.NONE if evidence else Refusal.NO_EVIDENCE)
    assert (after.mind[0, 3] == after.mind[0, 0]) == evidence
    if evidence:
        assert after.knows[0, 0] == 3
        assert after.marks[0, 3] & Mark.PERSUADED


def test_what_one_mind_knows_it_can_tell() -> None:
    world = cast(
        line(3),
        ["child", "shifter", "civilian"],
        [GUARDIAN, HUNTER, LAW],
        [0, 2, 1],
        facts=[5, 0, 2],
        quarry=[True, False, False],
    )
    after = play(world, begin(world), {0: do(verb=Verb.TELL, object=2)})
    assert after.knows[0].tolist() == [5, 0, 7]
    assert after.mind[0, 2] != after.mind[0, 0]


@pytest.mark.parametrize(("others", "stays"), [(0, False), (1, True)])
def test_the_last_part_will_not_be_told_to_stay(others: int, stays: bool) -> None:
    items = [(False, -1, -1, -1, 1), (False, -1, -1, 2, -1)]
    world = cast(
        line(3),
        ["child", "protector", "shifter"],
        [GUARDIAN, GUARDIAN, HUNTER],
        [0, 0, 2],
        items=items,
        item_part=[0, 1],
        quarry=[True, False, False],
    )
    state = begin(world, item_node=[-1, 2 if others else -1])
    after = play(world, state, {0: do(verb=Verb.ORDER, object=1, order=Order.HOLD)})
    assert (after.order[0, 1] == Order.HOLD) == stays
    assert (after.refused[0, 0] == Refusal.UNWILLING) != stays
    assert play(world, state, {0: do(verb=Verb.ORDER, object=1, order=Order.SPARE)}).spare[0, 1]
