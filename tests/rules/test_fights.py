"""What holds in any fight with bullets, blasts and blades: ten thousand of them, a tenth by default."""

from __future__ import annotations

import numpy as np
import pytest
from tests.reference.boards import make_board
from tests.reference.picture import GUARDIAN, HUNTER
from tests.reference.worlds import NAMES, NUMBERS, make_roster, make_world

from pursuit.core.board import Feature
from pursuit.core.rng import KeyedDraws
from pursuit.core.state import Actions, Mark, State, Status, Verb
from pursuit.core.world import World
from pursuit.rules.turn import fresh, step

SHIFTER, MACHINE, FIGHTER, GUNNER, VICTIM = range(5)
TURNS = 40
FIGHTS = [1_000, pytest.param(10_000, marks=pytest.mark.slow)]


def arena(vat: bool) -> World:
    """A ring of eight nodes around a middle, which is a vat of molten steel or plain floor."""
    around = [(10 * np.cos(angle), 10 * np.sin(angle)) for angle in np.arange(8) * np.pi / 4]
    edges = [(at, (at + 1) % 8) for at in range(8)] + [(at, 8) for at in range(8)]
    board = make_board([*around, (0.0, 0.0)], edges, feature={8: Feature.VAT} if vat else {})
    kinds = ["shifter", "protector", "fighter", "fighter", "child"]
    guns = [(False, 3, -1, -1, MACHINE), (False, 3, -1, -1, FIGHTER), (False, 4, -1, -1, GUNNER)]
    return make_world(
        board, make_roster({}, {"fighter": 40}, {}, {"shifter": 4}), kind=[NAMES.index(name) for name in kinds],
        side=[HUNTER, GUARDIAN, GUARDIAN, GUARDIAN, GUARDIAN], start=[list(range(8))] * 5, mind=[0, 1, 1, 1, 1],
        items=[*guns, (False, -1, -1, 8 if vat else 0, -1)], quarry=[False] * 5, turns=TURNS + 1, sampled=[VICTIM],
    )  # fmt: skip


def brawl(world: World, state: State, dice: np.random.Generator) -> Actions:
    """Everybody strikes, shoots, walks or changes at random; there are always rounds left."""
    shape = state.node.shape
    verb = dice.choice([Verb.WAIT, Verb.STRIKE, Verb.SHOOT, Verb.SHOOT, Verb.MORPH, Verb.SAMPLE], shape)
    return Actions(
        goal=dice.integers(-1, 9, shape, np.int32),
        gait=np.full(shape, 2, np.int8),
        toward=np.full(shape, -1, np.int8),
        verb=verb.astype(np.int8),
        object=dice.integers(0, 9, shape, np.int32) % (5 + (verb == Verb.MORPH) * 4 + (verb == Verb.SAMPLE) * 4),
        order=np.zeros(shape, np.int8),
        order_object=np.full(shape, -1, np.int32),
    )


def fights(world: World, count: int, spare: bool) -> list[State]:
    """The states of so many fights, turn by turn."""
    dice, draws = np.random.default_rng(count), KeyedDraws()
    state = fresh(world, np.arange(count, dtype=np.uint64))
    merciful = np.zeros(state.spare.shape, np.bool_, order="F")
    merciful[:, MACHINE] = spare
    state = state.evolve(spare=merciful)
    states = [state]
    for _ in range(TURNS):
        ammo = np.where(world.item_weapon >= 0, 3, 0) + np.zeros_like(state.ammo)
        state = step(world, state.evolve(ammo=ammo.astype(np.int16)), brawl(world, state, dice), draws)
        states.append(state)
    return states


@pytest.mark.parametrize("count", FIGHTS)
def test_without_molten_steel_the_shifter_survives_everything(count: int) -> None:
    states = fights(arena(vat=False), count, spare=False)
    assert all((state.status[:, SHIFTER] == Status.WELL).all() for state in states)
    marks = np.bitwise_or.reduce([state.marks[:, SHIFTER] for state in states])
    for mark in (Mark.HURT, Mark.SPLASHED, Mark.FELL, Mark.KNOCKED):  # it was not for lack of trying
        assert ((marks & mark) != 0).sum() > count // 4, mark.name
    assert not any((state.guise >= 5).any() for state in states), "complex things are never worn"


@pytest.mark.parametrize("count", FIGHTS)
def test_nobody_survives_the_vat_and_machines_do_not_walk_into_it(count: int) -> None:
    states = fights(arena(vat=True), count, spare=False)
    for state in states[1:]:
        assert (state.status[state.node == 8] == Status.DEAD).all()
    ended = states[-1].status[:, SHIFTER] == Status.DEAD
    assert ended.sum() > count // 20
    assert not any((state.node[:, MACHINE] == 8).any() for state in states)


@pytest.mark.parametrize("count", FIGHTS)
def test_under_spare_no_life_is_taken_and_backup_power_comes_on_once(count: int) -> None:
    states = fights(arena(vat=False), count, spare=True)
    assert not any(state.taken[:, MACHINE].any() for state in states)
    assert states[-1].spared[:, MACHINE].sum() > 0
    restarts = np.sum([(state.marks[:, MACHINE] & Mark.RESTARTED) != 0 for state in states], axis=0)
    fell = [state.status[:, MACHINE] == Status.OFFLINE for state in states]
    due = np.any(fell[: -NUMBERS.backup_turns], axis=0)
    assert due.sum() > count // 20
    assert (restarts <= 1).all() and (restarts[due] == 1).all()
