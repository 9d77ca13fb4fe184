"""Picture tests: a tiny board, one turn, chance written down beforehand, and what must come of it.

Each picture is played by the engine and by the referee, which must agree on every column besides.
"""

from __future__ import annotations

from dataclasses import replace

from tests.reference.picture import GUARDIAN, HUNTER, LAW, begin, cast, do, line, play
from tests.reference.worlds import NAMES, make_roster, make_world

from pursuit.core.board import Door
from pursuit.core.rng import Stream
from pursuit.core.state import Gait, Mark, Order, Refusal, State, Status, Verb
from pursuit.core.world import Outcome, Ruleset, World

# contact and escape on one turn


def chase_to_the_exit() -> World:
    """The quarry, at 1, is one hop from its exit at 2; the hunter, at 3, is one hop from there too."""
    return cast(line(4), ["thief", "child"], [HUNTER, GUARDIAN], [3, 1], exits=[(GUARDIAN, 2)])


def test_a_strike_lands_before_the_exit() -> None:
    world = chase_to_the_exit()
    doings = {0: do(goal=2, toward=1, verb=Verb.STRIKE, object=1), 1: do(goal=2)}
    after = play(world, begin(world), doings, {(Stream.HIT, 0): [0]})
    assert after.met[0, 0, 1]
    assert after.status[0, 1] == Status.DEAD
    assert after.outcome[0] == Outcome.QUARRY_KILLED
    assert after.ended[0]


def test_who_is_missed_at_the_exit_escapes() -> None:
    world = chase_to_the_exit()
    doings = {0: do(goal=2, toward=1, verb=Verb.STRIKE, object=1), 1: do(goal=2)}
    after = play(world, begin(world), doings, {(Stream.HIT, 0): [999]})
    assert after.met[0, 0, 1]
    assert after.status[0, 1] == Status.LEFT
    assert after.outcome[0] == Outcome.QUARRY_ESCAPED


def test_contact_alone_does_not_hold_anybody() -> None:
    world = chase_to_the_exit()
    after = play(world, begin(world), {0: do(goal=2), 1: do(goal=2)})
    assert after.outcome[0] == Outcome.QUARRY_ESCAPED


def test_an_exit_stops_who_would_go_on() -> None:
    world = cast(line(5), ["thief", "child"], [HUNTER, GUARDIAN], [0, 1], exits=[(GUARDIAN, 2)], pace={"child": 210})
    after = play(world, begin(world), {1: do(goal=4)})
    assert after.node[0, 1] == 2
    assert after.leftover[0, 1] == 0


# crossing on one edge


def test_who_cross_on_one_edge_meet() -> None:
    world = cast(line(2), ["thief", "child"], [HUNTER, GUARDIAN], [0, 1])
    after = play(world, begin(world), {0: do(goal=1), 1: do(goal=0)})
    assert after.node[0].tolist() == [1, 0]
    assert after.met[0, 0, 1] and after.met[0, 1, 0]


def test_who_crosses_whom_it_walks_toward_stops_beyond() -> None:
    world = cast(line(5), ["thief", "child"], [HUNTER, GUARDIAN], [1, 2], pace={"thief": 300})
    after = play(world, begin(world), {0: do(goal=4, toward=1), 1: do(goal=0)})
    assert after.node[0].tolist() == [2, 1]
    without = play(world, begin(world), {0: do(goal=4), 1: do(goal=0)})
    assert without.node[0].tolist() == [4, 1]


def test_two_on_a_chain_of_three_meet_in_the_middle() -> None:
    world = cast(line(3), ["thief", "child"], [HUNTER, GUARDIAN], [0, 2])
    after = play(world, begin(world), {0: do(goal=2), 1: do(goal=0)})
    assert after.node[0].tolist() == [1, 1]
    assert after.met[0, 0, 1]


# strikes


def test_the_killed_still_strike() -> None:
    world = cast(line(2), ["thief", "thief"], [HUNTER, GUARDIAN], [0, 0])
    doings = {0: do(verb=Verb.STRIKE, object=1), 1: do(verb=Verb.STRIKE, object=0)}
    after = play(world, begin(world), doings, {(Stream.HIT, 0): [749], (Stream.HIT, 1): [749]})
    assert after.status[0].tolist() == [Status.DEAD, Status.DEAD]
    assert (after.marks[0] & Mark.HIT).all()
    assert after.outcome[0] == Outcome.QUARRY_KILLED


def test_the_permille_itself_misses() -> None:
    world = cast(line(2), ["thief", "thief"], [HUNTER, GUARDIAN], [0, 0])
    after = play(world, begin(world), {0: do(verb=Verb.STRIKE, object=1)}, {(Stream.HIT, 0): [750]})
    assert after.status[0, 1] == Status.WELL
    assert after.did[0, 0] == Verb.STRIKE
    assert after.marks[0, 0] == Mark.BLADED


def test_under_spare_nobody_dies() -> None:
    world = cast(line(2), ["thief", "child"], [HUNTER, GUARDIAN], [0, 0])
    state = begin(world, spare=[True, False])
    after = play(world, state, {0: do(verb=Verb.STRIKE, object=1)}, {(Stream.HIT, 0): [0]})
    assert after.status[0, 1] == Status.DOWN
    assert not after.ended[0]


def test_poly_at_nothing_splits_and_flows_together() -> None:
    world = cast(line(2), ["shifter", "thief"], [HUNTER, GUARDIAN], [0, 0], health={"shifter": 14})
    after = play(world, begin(world), {1: do(verb=Verb.STRIKE, object=0)}, {(Stream.HIT, 1): [0]})
    assert after.status[0, 0] == Status.WELL
    assert (after.health[0, 0], after.stagger[0, 0]) == (0, 2)
    for left in (1, 0):
        after = play(world, after, {0: do(goal=1)})
        assert (after.node[0, 0], after.stagger[0, 0]) == (0, left)


def test_a_shot_driver_falls_out_and_the_car_coasts() -> None:
    more = {"items": [(False, 3, -1, -1, 0)], "vehicles": [(1, -1, 0)]}
    world = cast(line(4), ["fighter", "fighter"], [HUNTER, GUARDIAN], [0, 0], health={"fighter": 5}, **more)
    state = begin(world, ride=[-1, 0], seat=[-1, 0], vehicle_leftover=[60])
    after = play(world, state, {0: do(verb=Verb.SHOOT, object=1)}, {(Stream.HIT, 0): [0]})
    assert (after.ride[0, 1], after.seat[0, 1], after.vehicle_leftover[0, 0]) == (-1, -1, 0)
    assert after.ammo[0, 0] == 4


# changing shape


def shifting() -> World:
    """The shifter, at 0, has the child's look in store."""
    pace = {"shifter": 120, "child": 65}
    return cast(line(6), ["shifter", "child"], [HUNTER, GUARDIAN], [0, 5], sampled=[1], pace=pace)


def test_a_change_takes_a_turn_and_is_not_made_walking() -> None:
    world = shifting()
    first = play(world, begin(world), {0: do(goal=3, verb=Verb.MORPH, object=1)})
    assert (first.node[0, 0], first.guise[0, 0], first.pending[0, 0]) == (0, 0, 1)
    assert first.refused[0, 0] == Refusal.NONE
    second = play(world, first, {0: do(goal=3)})
    assert (second.node[0, 0], second.guise[0, 0], second.pending[0, 0]) == (1, 1, -1)
    assert second.marks[0, 0] == Mark.CHANGED


def test_walking_keeps_the_pace_of_the_guise() -> None:
    world = shifting()
    state = begin(world, guise=[1, 1])
    walks = do(goal=5, gait=Gait.WALK)
    first = play(world, state, {0: walks})
    assert (first.node[0, 0], first.leftover[0, 0]) == (0, 65)
    second = play(world, first, {0: walks})
    assert (second.node[0, 0], second.leftover[0, 0]) == (1, 30)
    running = play(world, state, {0: do(goal=5)})
    assert (running.node[0, 0], running.leftover[0, 0], running.gait[0, 0]) == (1, 20, Gait.RUN)


def test_a_thing_stands_still() -> None:
    more = {"items": [(True, -1, -1, 0, -1)], "sampled": [2]}
    world = cast(line(3), ["shifter", "child"], [HUNTER, GUARDIAN], [0, 1], **more)
    after = play(world, begin(world, guise=[2, 1]), {0: do(goal=1)})
    assert after.node[0, 0] == 0
    assert after.refused[0, 0] == Refusal.STILL
    assert after.row[0, 1, 0] == -1


# minds


def test_who_loses_sight_drops_out_and_takes_the_lowest_free_mind() -> None:
    """Slots 1, 2, 3 are one mind; a shut door parts 1 from the others. Slot 0 is mind 0, the dead slot 4 mind 2."""
    board = line(4, doors={1: (Door.SHUT, True)}, sight_hops=3)
    kinds, sides = ["thief", *["fighter"] * 4], [HUNTER, *[GUARDIAN] * 4]
    world = cast(board, kinds, sides, [0, 1, 2, 3, 3], mind=[0, 1, 1, 1, 2])
    state = begin(world)
    assert state.mind[0].tolist() == [0, 1, 3, 3, 2]
    opened = begin(world, mind=[0, 1, 1, 1, 2], status=[0, 0, 0, 0, int(Status.DEAD)])
    after = play(world, opened, {1: do(verb=Verb.OPEN, object=0)})
    assert after.mind[0].tolist() == [0, 1, 1, 1, 2]
    again = play(world, after, {2: do(verb=Verb.SHUT, object=0)})
    assert again.mind[0].tolist() == [0, 1, 3, 3, 2]


def test_a_radio_holds_a_mind_together() -> None:
    board = line(3, doors={1: (Door.SHUT, True)}, sight_hops=3)
    items = [(False, -1, LAW, -1, 1), (False, -1, LAW, -1, 2)]
    world = cast(board, ["thief", "police", "police"], [HUNTER, LAW, LAW], [0, 1, 2], mind=[0, 1, 1], items=items)
    assert begin(world).mind[0].tolist() == [0, 1, 1]
    after = play(world, begin(world), {1: do(verb=Verb.DROP, object=0)})
    assert after.mind[0].tolist() == [0, 1, 2]


def challenge(draw: int | None) -> State:
    """Slot 1 challenges slot 0, who stands beside it: masked if there is a draw."""
    world = cast(line(2), ["shifter", "fighter"], [GUARDIAN, GUARDIAN], [0, 1])
    answers = {} if draw is None else {(Stream.BLUFF, 0): [draw]}
    masked = begin(world, guise=[0 if draw is None else 1, 1])
    return play(world, masked, {1: do(verb=Verb.CHALLENGE, object=0)}, answers)


def test_a_bluff() -> None:
    assert challenge(499).marks[0, 0] == Mark.PASSED
    assert challenge(500).marks[0, 0] == Mark.FAILED
    assert challenge(499).mind[0].tolist() == [0, 1]


def test_who_is_unmasked_passes_and_joins_the_challenger() -> None:
    after = challenge(None)
    assert after.marks[0].tolist() == [Mark.PASSED | Mark.LINKED, Mark.LINKED]
    assert after.mind[0].tolist() == [1, 1]


def test_the_lowest_slot_gives_the_order() -> None:
    world = cast(line(2), ["thief", "fighter", "fighter", "protector"], [HUNTER, *[GUARDIAN] * 3], [0, 1, 1, 1])
    order = do(verb=Verb.ORDER, object=3, order=Order.GO, order_object=0)
    after = play(world, begin(world), {1: order, 2: replace(order, order_object=1)})
    assert (after.order[0, 3], after.order_object[0, 3]) == (Order.GO, 0)
    assert after.refused[0, 2] == Refusal.CONTESTED
    assert play(world, after, {}).node[0, 3] == 0


# vehicles and doors


def test_seats_go_by_draw() -> None:
    """Three want the car: 2 draws lowest and drives, 1 is of its mind and rides, 3 is a stranger."""
    kinds, sides = ["thief", *["fighter"] * 3], [HUNTER, *[GUARDIAN] * 3]
    world = cast(line(2), kinds, sides, [0, 1, 1, 1], mind=[0, 1, 1, 3], vehicles=[(1, -1, 1)])
    mount = do(verb=Verb.MOUNT, object=0)
    answers = {(Stream.SEAT, 1): [9], (Stream.SEAT, 2): [4], (Stream.SEAT, 3): [6]}
    after = play(world, begin(world), {1: mount, 2: mount, 3: mount}, answers)
    assert after.seat[0].tolist() == [-1, 1, 0, -1]
    assert after.ride[0].tolist() == [-1, 0, 0, -1]
    assert after.refused[0, 3] == Refusal.OCCUPIED


def test_a_hand_on_a_passing_car() -> None:
    world = cast(line(4), ["thief", "fighter"], [HUNTER, GUARDIAN], [0, 1], vehicles=[(1, -1, 1)])
    state = begin(world, ride=[-1, 0], seat=[-1, 0])
    after = play(world, state, {0: do(goal=1, verb=Verb.GRAB, object=0), 1: do(goal=0)})
    assert after.met[0, 0, 1]
    assert (after.node[0].tolist(), after.vehicle_node[0, 0]) == ([0, 0], 0)
    assert (after.ride[0, 0], after.seat[0, 0]) == (0, -1)


def test_opening_a_door_costs_the_hop() -> None:
    world = cast(line(3, doors={0: (Door.SHUT, False)}), ["thief", "child"], [HUNTER, GUARDIAN], [0, 2])
    after = play(world, begin(world), {0: do(goal=2)})
    assert (after.node[0, 0], after.door[0, 0], after.did[0, 0]) == (0, Door.OPEN, Verb.WAIT)


def test_bars_stop_all_but_who_slips_them() -> None:
    world = cast(line(3, doors={0: (Door.BARRED, False)}), ["thief", "child"], [HUNTER, GUARDIAN], [0, 0])
    after = play(world, begin(world), {0: do(goal=2), 1: do(goal=2)})
    assert after.node[0].tolist() == [1, 0]
    assert after.marks[0].tolist() == [0, Mark.BLOCKED]


def test_a_contested_door_goes_by_draw() -> None:
    world = cast(line(2, doors={0: (Door.SHUT, False)}), ["thief", "child"], [HUNTER, GUARDIAN], [0, 1])
    both = do(verb=Verb.OPEN, object=0)
    after = play(world, begin(world), {0: both, 1: both}, {(Stream.DOOR, 0): [5], (Stream.DOOR, 1): [5]})
    assert after.refused[0].tolist() == [Refusal.NONE, Refusal.CONTESTED]


# classical rulesets


def duel(ruleset: Ruleset, nodes: list[int], *, hops: int = 0, length: int = 5) -> World:
    """A pursuer and an evader on a line, with an exit at its end."""
    roster = make_roster(dict.fromkeys(NAMES, 100), {}, {}, {})
    return make_world(
        line(length), roster, kind=[5, 5], side=[HUNTER, GUARDIAN], start=[[n] for n in nodes],
        ruleset=ruleset, capture_hops=hops, exits=[(GUARDIAN, length - 1)],
    )  # fmt: skip


def test_crossing_captures_where_all_move_at_once() -> None:
    world = duel(Ruleset.SIMULTANEOUS, [1, 2])
    after = play(world, begin(world), {0: do(goal=2), 1: do(goal=1)})
    assert after.node[0].tolist() == [2, 1]
    assert after.outcome[0] == Outcome.QUARRY_CAPTURED


def test_capture_comes_before_the_exit() -> None:
    world = duel(Ruleset.SIMULTANEOUS, [2, 3], hops=1)
    after = play(world, begin(world), {0: do(goal=3), 1: do(goal=4)})
    assert after.outcome[0] == Outcome.QUARRY_CAPTURED
    world = duel(Ruleset.SIMULTANEOUS, [2, 3], hops=0)
    after = play(world, begin(world), {0: do(goal=3), 1: do(goal=4)})
    assert after.outcome[0] == Outcome.QUARRY_ESCAPED


def test_a_ply_moves_one_side() -> None:
    world = duel(Ruleset.ALTERNATING, [0, 2])
    first = play(world, begin(world), {0: do(goal=1), 1: do(goal=3)})
    assert (first.node[0].tolist(), first.turn[0], first.to_move[0]) == ([1, 2], 1, 1)
    second = play(world, first, {0: do(goal=2), 1: do(goal=3)})
    assert (second.node[0].tolist(), second.turn[0], second.to_move[0]) == ([1, 3], 1, 0)


def test_only_one_pursuer_is_lively() -> None:
    roster = make_roster(dict.fromkeys(NAMES, 100), {}, {}, {})
    world = make_world(
        line(6), roster, kind=[5] * 4, side=[HUNTER, HUNTER, HUNTER, GUARDIAN], start=[[0], [1], [2], [5]],
        quarry=[False, False, False, True], ruleset=Ruleset.LAZY,
    )  # fmt: skip
    after = play(world, begin(world), {0: do(goal=0), 1: do(goal=3), 2: do(goal=3)})
    assert after.node[0].tolist() == [0, 2, 2, 5]
