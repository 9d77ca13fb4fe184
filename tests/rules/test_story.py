"""Systems of the story that are more than one rule: small pictures of them, and what the film line shows of them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.reference.film import play as play_out
from tests.reference.picture import GUARDIAN, HUNTER, LAW, begin, cast, do, line, play

from pursuit.content.scenario import load_scenario
from pursuit.core.rng import Stream
from pursuit.core.state import Mark, Refusal, Status, Verb


def assert_shown(name: str, row: int) -> None:
    """The film line of a scenario passes all its checks of a row."""
    _, results, _ = play_out(load_scenario(name, "film"), seeds=1)
    checks = [check for check in results if check.name == f"row_{row}" or check.name.startswith(f"row_{row}_")]
    assert checks, f"{name} has no check of row {row}"
    assert [(check.name, check.actual) for check in checks if check.status != "pass"] == []


def test_john_lives_with_foster_parents() -> None:
    assert_shown("freeway_arrival", 1)


def test_a_machine_is_sent_to_protect_john() -> None:
    assert_shown("galleria", 8)


def test_both_machines_find_john() -> None:
    assert_shown("galleria", 10)


def test_a_nightmare_changes_her_goal() -> None:
    assert_shown("desert_cache", 17)


@pytest.mark.parametrize("simple", [True, False])
def test_a_complex_thing_is_no_guise(simple: bool) -> None:
    world = cast(line(3), ["shifter", "child"], [HUNTER, GUARDIAN], [0, 2], items=[(simple, -1, -1, 0, -1)])
    after = play(world, begin(world), {0: do(verb=Verb.SAMPLE, object=2)})
    assert after.sampled[0, 2] == simple
    assert after.refused[0, 0] == (Refusal.NONE if simple else Refusal.COMPLEX)
    worn = play(world, play(world, after, {0: do(verb=Verb.MORPH, object=2)}), {})
    assert (worn.guise[0, 0] == 2) == simple


def test_blades_come_out_of_any_guise_and_give_it_away() -> None:
    world = cast(line(3), ["shifter", "fighter", "child"], [HUNTER, GUARDIAN, GUARDIAN], [0, 0, 2])
    masked = begin(world, guise=[2, 1, 2])
    after = play(world, masked, {0: do(verb=Verb.STRIKE, object=1)}, {(Stream.HIT, 0): [0]})
    assert (after.guise[0, 0], after.health[0, 1]) == (2, 6)
    assert after.marks[0, 0] == Mark.BLADED | Mark.HIT


def test_it_kills_a_policeman_and_takes_his_place() -> None:
    kinds, sides = ["shifter", "child", "police"], [HUNTER, GUARDIAN, LAW]
    radio = (False, -1, LAW, -1, 2)
    world = cast(
        line(9), kinds, sides, [1, 8, 1], items=[radio], vehicles=[(2, LAW, 1)], health={"police": 9}, quarry=None
    )
    killed = play(world, begin(world), {0: do(verb=Verb.STRIKE, object=2)}, {(Stream.HIT, 0): [0]})
    assert (killed.status[0, 2], killed.sampled[0].tolist()) == (Status.DEAD, [False, False, True, False])
    changing = play(world, killed, {0: do(verb=Verb.MORPH, object=2)})
    robbing = play(world, changing, {0: do(verb=Verb.TAKE, object=0)})
    assert (robbing.guise[0, 0], robbing.holder[0, 0]) == (2, 0)
    driving = play(world, robbing, {0: do(verb=Verb.MOUNT, object=0)})
    assert (driving.ride[0, 0], driving.seat[0, 0]) == (0, 0)


def test_two_get_away_on_a_motorcycle() -> None:
    world = cast(
        line(9), ["shifter", "child", "fighter"], [HUNTER, GUARDIAN, GUARDIAN], [0, 1, 1],
        mind=[0, 1, 1], vehicles=[(0, -1, 1)],
    )  # fmt: skip
    first = play(world, begin(world), {0: do(goal=8), 1: do(goal=8, verb=Verb.MOUNT, object=0)})
    assert first.node[0].tolist() == [1, 2, 1], "who walks away mounts nothing"
    both = {agent: do(verb=Verb.MOUNT, object=0) for agent in (1, 2)}
    start = begin(world)
    mounted = play(world, start, both, {(Stream.SEAT, 1): [5], (Stream.SEAT, 2): [9]})
    assert (mounted.seat[0].tolist(), mounted.node[0].tolist()) == ([-1, 0, 1], [0, 1, 1])
    away = play(world, mounted, {0: do(goal=8), 1: do(goal=8)})
    assert away.node[0].tolist() == [1, 4, 4]


def test_it_hangs_on_to_the_car_until_it_is_shaken_off() -> None:
    gun = (False, 3, -1, -1, 2)
    world = cast(
        line(9), ["shifter", "fighter", "fighter"], [HUNTER, GUARDIAN, GUARDIAN], [1, 1, 1],
        mind=[0, 1, 1], items=[gun], vehicles=[(2, -1, 1)],
    )  # fmt: skip
    state = begin(world, ride=[-1, 0, 0], seat=[-1, 0, 1])
    hanging = play(world, state, {0: do(verb=Verb.GRAB, object=0)})
    assert (hanging.ride[0, 0], hanging.seat[0, 0]) == (0, -1)
    carried = play(world, hanging, {1: do(goal=8)})
    assert carried.node[0].tolist() == [3, 3, 3]
    shot = play(world, carried, {2: do(verb=Verb.SHOOT, object=0)}, {(Stream.HIT, 2): [0]})
    assert shot.ride[0].tolist() == [-1, 0, 0]
    assert play(world, shot, {1: do(goal=8)}).node[0].tolist() == [3, 5, 5]


def test_a_machine_at_nothing_is_shut_down() -> None:
    world = cast(line(2), ["shifter", "protector"], [HUNTER, GUARDIAN], [0, 0], health={"protector": 14})
    after = play(world, begin(world), {0: do(verb=Verb.STRIKE, object=1)}, {(Stream.HIT, 0): [0]})
    assert (after.status[0, 1], after.health[0, 1]) == (Status.OFFLINE, 0)
    later = play(world, after, {1: do(goal=1, verb=Verb.STRIKE, object=0)})
    assert not np.any(later.did[0]), "what is offline does nothing"
