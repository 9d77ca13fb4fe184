"""Events: every kind is told, in sentences, from the difference of two states."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest
from tests.reference.choices import random_actions
from tests.reference.worlds import random_world

from pursuit.content.scenario import load_scenario
from pursuit.core.rng import KeyedDraws
from pursuit.core.state import Mark, Order, Status, Verb
from pursuit.play.lineup import assign
from pursuit.play.session import play
from pursuit.play.story import told
from pursuit.rules.told.events import Event, Kind, events
from pursuit.rules.told.telling import Teller, listing, sentence, spoken
from pursuit.rules.turn import fresh, step


def random_events(world_seed: int, turns: int = 60) -> list[Event]:
    world = random_world(world_seed)
    state = fresh(world, np.arange(4, dtype=np.uint64))
    choices, out = Random(world_seed), []
    for _ in range(turns):
        after = step(world, state, random_actions(world, state, choices), KeyedDraws())
        for happened in events(world, state, after):
            out += happened
        state = after
        if state.ended.all():
            break
    return out


def film_events(name: str) -> list[Event]:
    scenario = load_scenario(name, "film")
    heard: list[Event] = []
    play(
        scenario.world,
        scenario.seed,
        assign(scenario.world, scenario.policies),
        tell=lambda turn, new: heard.extend(new),
    )
    return heard


def test_every_kind_is_told_in_whole_sentences() -> None:
    seen: Counter[str] = Counter()
    for world_seed in range(14):
        for event in random_events(world_seed):
            seen[event.kind] += 1
            assert event.text[0].isupper() or not event.text[0].isalpha(), event
            assert event.text.endswith((".", "!", "?", "”")) and "  " not in event.text and "None" not in event.text
            assert all(0 <= slot < 12 for slot in event.agents)
    for name in ("galleria", "freeway_arrival", "hospital_break", "desert_cache"):
        seen.update(event.kind for event in film_events(name))
    missing = (
        {kind.value for kind in Kind} - set(seen) - {"captured", "mark", "brought", "reloaded"}
    )  # told below, or by no film
    assert not missing, missing


def test_who_is_brought_appears() -> None:
    world = load_scenario("galleria", "film").world
    state = fresh(world, np.array([1], np.uint64))
    john = world.agent_name.index("john")
    absent = state.status.copy()
    absent[0, john] = Status.ABSENT
    after = state.evolve(turn=state.turn + np.int32(1))
    happened = events(world, state.evolve(status=absent), after)[0]
    where = Teller(world).where(int(state.node[0, john]))
    assert f"John appears{where}." in [event.text for event in happened if event.kind == Kind.BROUGHT]


def test_who_loads_a_gun_is_told() -> None:
    world = load_scenario("galleria", "film").world
    before = fresh(world, np.array([1], np.uint64))
    t_800, shotgun = world.agent_name.index("t_800"), int(np.flatnonzero(world.item_weapon >= 0)[0])
    did, thing = before.did.copy(), before.did_object.copy()
    did[0, t_800], thing[0, t_800] = Verb.RELOAD, shotgun
    after = before.evolve(did=did, did_object=thing, turn=before.turn + np.int32(1))
    told_of = [event for event in events(world, before, after)[0] if event.kind == Kind.RELOADED]
    assert [event.agents for event in told_of] == [(t_800,)]
    assert told_of[0].text.startswith(f"The T-800 loads {Teller(world).items[shotgun]}")


def test_a_capture_is_told() -> None:
    scenario = load_scenario("duel_grid", "open")
    heard: list[Event] = []
    speakers = assign(scenario.world, scenario.policies, ["evader=stand_still"])
    play(scenario.world, 1, speakers, tell=lambda turn, new: heard.extend(new))
    assert [event.kind for event in heard[-2:]] == [Kind.CAPTURED, Kind.ENDED]
    assert heard[-1].text == "The quarry is caught."


def test_the_opening_is_told_once_and_nothing_of_an_unchanged_state() -> None:
    world = load_scenario("galleria", "film").world
    state = fresh(world, np.array([1, 2], np.uint64))
    assert len(events(world, state, state)) == 2
    assert {event.kind for event in events(world, state, state)[0]} <= {Kind.FIRED, Kind.MESSAGE, Kind.MARK}


def test_who_does_what_to_whom() -> None:
    world = load_scenario("galleria", "film").world
    slot = {name: index for index, name in enumerate(world.agent_name)}
    hunter, john, guard, t_800 = (slot[name] for name in ("t_1000", "john", "guard", "t_800"))
    before = fresh(world, np.array([1], np.uint64))
    blank = before.evolve(
        row=np.full_like(before.row, -1),
        marks=np.zeros_like(before.marks),
        turn=before.turn + np.int32(1),
        fired_turn=np.full_like(before.fired_turn, -1),
    )
    before = before.evolve(row=np.full_like(before.row, -1))

    def after(**cells: dict[int, int]) -> list[str]:
        columns = {}
        for name, values in cells.items():
            column = getattr(blank, name).copy()
            for agent, value in values.items():
                column[0, agent] = value
            columns[name] = column
        return [event.text for event in events(world, before, blank.evolve(**columns))[0]]

    where = Teller(world).where(int(before.node[0, hunter]))
    assert after(did={hunter: Verb.STRIKE}, did_object={hunter: guard}, marks={hunter: Mark.HIT}) == [
        f"The T-1000, as the policeman, stabs the mall guard{where}."
    ]
    where = Teller(world).where(int(before.node[0, t_800]))
    assert after(did={t_800: Verb.STRIKE}, did_object={t_800: hunter}) == [
        f"The T-800 swings at the false policeman{where} and misses."
    ]
    where = Teller(world).where(int(before.node[0, guard]))
    assert after(status={guard: Status.DEAD}) == [f"The mall guard falls dead{where}."]
    assert after(did={john: Verb.ORDER}, did_object={john: t_800}, order={t_800: Order.HOLD}) == [
        "John orders the T-800 to hold still."
    ]
    where = Teller(world).where(int(before.node[0, hunter]))
    assert after(guise={hunter: hunter}, marks={hunter: Mark.CHANGED}) == [
        f"The T-1000 takes its own shape again{where}."
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("t_1000", "the T-1000"),
        ("T-800", "the T-800"),
        ("John", "John"),
        ("the policeman", "the policeman"),
        ("a girl with a soda", "a girl with a soda"),
        ("foster_parent", "the foster parent"),
        ("guard_2", "the second guard"),
        ("cell_12", "the cell 12"),
    ],
)
def test_names_become_words(name: str, words: str) -> None:
    assert spoken(name) == words


def test_sentences_and_lists() -> None:
    assert sentence("john runs") == "John runs."
    assert sentence("“I swear.”") == "“I swear.”"
    assert listing(["John"]) == "John"
    assert listing(["John", "Sarah", "the T-800"]) == "John, Sarah and the T-800"


def test_a_short_telling_leaves_small_things_out() -> None:
    world = load_scenario("galleria", "film").world
    all_of_it = film_events("galleria")
    short = told(world, all_of_it)
    assert 30 < len(short) < len(all_of_it)
    assert not {event.kind for event in short} & {Kind.FIRED, Kind.LOST, Kind.REFUSED}
    assert [event for event in all_of_it if event.kind == Kind.MESSAGE] == [
        event for event in short if event.kind == Kind.MESSAGE
    ]
