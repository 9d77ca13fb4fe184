"""The phase trigger, word by word: each event, condition and effect, edges, delays, cooldowns, priorities, chance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pursuit.content.scenario import Scenario, scenario_from_texts
from pursuit.core.rng import KeyedDraws, ScriptedDraws, Stream
from pursuit.core.state import Actions, Mark, Order, State, Status, Verb, idle
from pursuit.core.world import World
from pursuit.rules.script.triggers import landed
from pursuit.rules.turn import fresh, step

MAP = """
id = "yard"
title = "The yard"
cell = 5.0
sight = 100.0
place = [
  { name = "a", at = [0, 0] }, { name = "b", at = [20, 0] }, { name = "c", at = [40, 0] },
  { name = "shed", at = [40, 15] }, { name = "gate", at = [60, 0] },
]
street = [
  { name = "lane", label = "lane", through = ["a", "b", "c", "gate"] },
  { name = "path", label = "path", width = "path", through = ["c", "shed"] },
]
door = [{ name = "shed_door", between = ["c", "shed"], start = "shut", routes = true }]
"""

CAST = """
id = "yard"
title = "The yard"
map = "yard"
turns = 6
facts = ["skynet", "dyson"]

[vars]
count = 0
other = 5

[[agent]]
id = "t_1000"
kind = "t_1000"
side = "hunter"
at = "a"

[[agent]]
id = "t_800"
kind = "t_800"
side = "guardian"
at = "b"
holds = ["gun"]

[[agent]]
id = "john"
kind = "john"
side = "guardian"
at = "c"
quarry = true

[[agent]]
id = "police"
kind = "police"
side = "law"
at = "c"
absent = true
holds = ["badge"]

[[item]]
id = "gun"
weapon = "shotgun"

[[item]]
id = "badge"
simple = true

[[item]]
id = "brick"
at = "c"

[[vehicle]]
id = "bike"
kind = "motorcycle"
at = "c"

[[region]]
id = "away"
nodes = ["gate"]
exit = ["guardian"]
"""

T1000, T800, JOHN, POLICE = range(4)
GUN, BADGE, BRICK = range(3)


def scenario(script: str) -> Scenario:
    return scenario_from_texts({"scenario": CAST + script, "map": MAP}, "open")


def start(script: str, seeds: int = 1) -> tuple[World, State]:
    world = scenario(script).world
    return world, fresh(world, np.arange(seeds, dtype=np.uint64))


def trigger(on: str, do: str = '{ add = "count" }', name: str = "it") -> str:
    return f'[[trigger]]\nid = "{name}"\n{on}\ndo = [{do}]\n'


def acts(world: World, rows: int = 1, **parts: dict[int, Any]) -> Actions:
    """Actions in which the agents do what is given: a part, then values by slot."""
    actions = idle(rows, world.num_agents)
    columns = {}
    for part, values in parts.items():
        column = getattr(actions, part).copy()
        for slot, value in values.items():
            column[:, slot] = value
        columns[part] = column
    return replace(actions, **columns)


def turn(world: World, state: State, draws: Any = None, **parts: dict[int, Any]) -> State:
    return step(world, state, acts(world, state.num_rows, **parts), draws or KeyedDraws())


def place(world: World, name: str) -> int:
    return world.board.places[name]


def put(state: State, **columns: dict[int, Any]) -> State:
    """A state with values put into columns, by slot; where an agent stands, it stood before, too."""
    new = {}
    for name, values in columns.items():
        column = getattr(state, name).copy()
        for slot, value in values.items():
            column[:, slot] = value
        new[name] = column
    return state.evolve(**new)


def count(state: State) -> int:
    return int(state.var[0, 0])


def hits(*slots: int) -> ScriptedDraws:
    """Whoever strikes, hits; and rows are drawn as they come."""
    return Chance({(Stream.HIT, slot): [0] for slot in slots})


class Chance(ScriptedDraws):
    """Scripted for some questions, keyed for rows."""

    def below(self, seed: Any, turn: Any, stream: Stream, rows: Any, lanes: Any, bound: Any) -> Any:
        if stream == Stream.ROW:
            return KeyedDraws().below(seed, turn, stream, rows, lanes, bound)
        return super().below(seed, turn, stream, rows, lanes, bound)


# Events


def _walk(world: World, state: State, slot: int, to: str, turns: int = 1) -> State:
    for _ in range(turns):
        state = turn(world, state, goal={slot: place(world, to)})
    return state


def test_start_fires_before_the_first_turn_and_never_again() -> None:
    world, state = start(trigger('on = "start"\nmax = 0'))
    assert (count(state), state.fired_turn[0, 0]) == (1, 0)
    assert count(turn(world, state)) == 1


def test_turn() -> None:
    def counts(arguments: str) -> list[int]:
        world, state = start(trigger(f'on = "turn"\nmax = 0\n{arguments}'))
        seen = []
        for _ in range(6):
            state = turn(world, state)
            seen.append(count(state))
        return seen

    assert counts("") == [1, 2, 3, 4, 5, 6]
    assert counts("turn = 3") == [0, 0, 1, 1, 1, 1]
    assert counts("from = 2\nto = 5\nevery = 2") == [0, 1, 1, 2, 2, 2]


def test_enter_arrive_exit_and_pass_edge() -> None:
    script = "".join(
        trigger(f'on = "{on}"\nagent = "john"\n{where}\nmax = 0', f'{{ mark = "{on}" }}', on)
        for on, where in (
            ("enter", 'at = "gate"'),
            ("arrive", 'at = "gate"'),
            ("exit", 'at = "c"'),
            ("pass_edge", 'way = ["lane", "gate"]'),
        )
    )
    world, state = start(script)
    fired = []
    for _ in range(6):  # four hops of the lane at 70 hundredths
        state = turn(world, state, goal={JOHN: place(world, "gate")})
        fired.append(state.fired[0].tolist())
    assert fired[0] == [0, 0, 0, 0]
    assert fired[1] == [0, 0, 1, 0]
    assert fired[-1] == [1, 1, 1, 1]


def test_sighted_comes_once_and_lost_sight_after_it() -> None:
    script = trigger('on = "sighted"\nagent = "john"\nother = "t_800"\nmax = 0', name="seen")
    script += trigger('on = "lost_sight"\nagent = "john"\nother = "t_800"\nmax = 0', '{ add = "other" }', name="lost")
    world, state = start(script)
    assert state.row[0, state.mind[0, JOHN], T800] >= 0  # in view from the start: that is no news
    state = put(turn(world, state), node={JOHN: place(world, "shed")})
    assert state.fired[0].tolist() == [0, 0]
    state = turn(world, state)  # behind the shut door
    assert state.fired[0].tolist() == [0, 1]
    state = turn(world, put(state, node={JOHN: place(world, "c")}))
    assert state.fired[0].tolist() == [1, 1]
    assert turn(world, state).fired[0].tolist() == [1, 1]


def test_heard_strike_hurt_and_downed() -> None:
    script = (
        trigger('on = "heard"\nagent = "john"\nother = "t_800"', name="heard")
        + trigger('on = "strike"\nagent = "t_800"\nother = "t_1000"\nverb = "shoot"\nhit = true', name="shot")
        + trigger('on = "strike"\nagent = "t_800"\nverb = "strike"', name="blow")
        + trigger('on = "hurt"\nagent = "t_1000"', name="hurt")
        + trigger('on = "downed"\nagent = "t_1000"', name="downed")
    )
    world, state = start(script)
    state = turn(world, state)
    assert not state.fired.any()
    shot = turn(world, state, hits(T800), verb={T800: Verb.SHOOT}, object={T800: T1000})
    assert shot.fired[0].tolist() == [1, 1, 0, 1, 0]
    weak = put(state, health={T1000: 5})
    assert turn(world, weak, hits(T800), verb={T800: Verb.SHOOT}, object={T800: T1000}).fired[0, 4] == 1


def test_near_far_and_distance() -> None:
    script = (
        trigger('on = "near"\nagent = "t_1000"\nother = "t_800"\nradius = 20', name="near")
        + trigger('on = "near"\nagent = "t_1000"\nother = "t_800"\nradius = 15', name="nearer")
        + trigger('on = "far"\nagent = "t_1000"\nother = "john"\nradius = 35', name="far")
        + trigger('on = "near"\nagent = "john"\nat = ["a", "gate"]\nradius = 20', name="place")
        + trigger('on = "turn"\nwhen = { distance = ["john", "t_800"], at_least = 25 }', name="distance")
    )
    world, state = start(script)
    assert turn(world, state).fired[0].tolist() == [1, 0, 1, 1, 0]


def test_contact_and_groups() -> None:
    world, state = start(trigger('on = "contact"\nagent = "@hunter"\nother = "@guardian"'))
    assert count(turn(world, state)) == 0
    assert count(turn(world, put(state, node={T1000: place(world, "c")}))) == 1


def test_escaped_holds_on_the_turn_before_it_is_true() -> None:
    world, state = start(trigger('on = "escaped"\nagent = "john"'))
    state = turn(world, put(state, node={JOHN: place(world, "gate")}))
    assert (count(state), state.status[0, JOHN]) == (1, Status.LEFT)


def test_morph_and_unmask() -> None:
    script = trigger('on = "morph"\nguise = "john"', name="morph") + trigger('on = "unmask"', name="unmask")
    world, state = start(script)
    sampled = np.zeros_like(state.sampled)
    sampled[:, JOHN] = True
    state = turn(world, state.evolve(sampled=sampled), verb={T1000: Verb.MORPH}, object={T1000: JOHN})
    assert not state.fired.any()
    state = turn(world, state)
    assert state.fired[0].tolist() == [1, 0]
    state = turn(world, turn(world, state, verb={T1000: Verb.MORPH}, object={T1000: T1000}))
    assert state.fired[0].tolist() == [1, 1]


def test_take_drop_use_and_refused() -> None:
    script = (
        trigger('on = "take"\nagent = "john"\nitem = "brick"', name="take")
        + trigger('on = "drop"', name="drop")
        + trigger('on = "use"\nverb = "mount"\nvehicle = "bike"', name="use")
        + trigger('on = "use"\nverb = "order"\nother = "t_800"', name="order")
        + trigger('on = "refused"\nagent = "t_1000"\nreason = "complex"', name="refused")
        + trigger('on = "refused"\nagent = "t_1000"\nreason = "too_far"', name="too_far")
    )
    world, state = start(script)
    state = turn(
        world,
        state,
        verb={JOHN: Verb.TAKE, T800: Verb.DROP, T1000: Verb.SAMPLE},
        object={JOHN: BRICK, T800: GUN, T1000: world.num_agents + BRICK},
    )
    assert state.fired[0].tolist() == [1, 1, 0, 0, 1, 0]
    assert turn(world, state, verb={JOHN: Verb.MOUNT}, object={JOHN: 0}).fired[0, 2] == 1
    near = put(state, node={T800: place(world, "c")})
    orders = turn(world, near, verb={JOHN: Verb.ORDER}, object={JOHN: T800}, order={JOHN: Order.SPARE})
    assert orders.fired[0, 3] == 1


def test_idle_blocked_timer_and_time_over() -> None:
    script = (
        trigger('on = "idle"\nagent = "john"\nturns = 2', name="idle")
        + trigger('on = "blocked"\nagent = "john"', name="blocked")
        + trigger('on = "timer"\nafter = "idle"\nturns = 2', name="timer")
        + trigger('on = "time_over"', name="over")
    )
    world, state = start(script)
    fired = []
    for _ in range(6):
        state = turn(world, state)
        fired.append(state.fired[0].tolist())
    assert [row[0] for row in fired] == [0, 0, 1, 1, 1, 1]  # `still` of the turns before
    assert [row[2] for row in fired] == [0, 0, 0, 0, 1, 1]
    assert [row[3] for row in fired] == [0, 0, 0, 0, 0, 1]
    _, state = start(script)
    assert _walk(world, put(state, door={0: 2}), JOHN, "shed", turns=2).fired[0, 1] == 1


@pytest.mark.parametrize(
    ("cue", "done_at"),
    [('to = "gate"', 6), ('to = { item = "brick" }', 1), ('to = { vehicle = "bike" }', 1), ("", 1)],
)
def test_done(cue: str, done_at: int) -> None:
    script = f'[[cue]]\nid = "go"\nagent = "john"\n{cue}\ngiven = {{ on = "start" }}\n'
    world, state = start(trigger('on = "done"\ncue = "go"') + script)
    assert state.cue[0, JOHN] == 0
    goal = world.script.cues[0].goal if cue.startswith('to = "') else -1
    for now in range(1, 7):
        state = turn(world, state, goal={JOHN: goal})
        assert count(state) == (now >= done_at)


def test_done_by_verb_and_by_meeting() -> None:
    script = """
[[cue]]
id = "shoot"
agent = "t_800"
verb = "shoot"
object = "t_1000"
given = { on = "start" }

[[cue]]
id = "meet"
agent = "t_1000"
to = { guise = "john" }
given = { on = "start" }
"""
    world, state = start(
        trigger('on = "done"\ncue = "shoot"') + trigger('on = "done"\ncue = "meet"', name="met") + script
    )
    state = turn(world, state)
    assert state.fired[0, :2].tolist() == [0, 0]
    shot = turn(world, state, verb={T800: Verb.SHOOT}, object={T800: T1000})
    assert shot.fired[0, :2].tolist() == [1, 0]
    met = turn(world, put(state, node={T1000: place(world, "c")}))
    assert met.fired[0, :2].tolist() == [0, 1]


# Conditions


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('{ agent = "john", in = ["a", "c"] }', True),
        ('{ agent = "police", in = "c" }', False),  # not there yet
        ('{ agent = "police", status = "absent" }', True),
        ('{ agent = ["john", "police"], status = ["down", "absent"] }', True),
        ('{ agent = "t_1000", guise = "t_1000" }', True),
        ('{ agent = "t_1000", masked = true }', False),
        ('{ agent = "john", rides = "@none" }', True),
        ('{ agent = "john", rides = "bike" }', False),
        ('{ agent = "john", cue = "@none" }', True),
        ('{ agent = "t_800", order = "hold" }', False),
        ('{ agent = "t_800", linked = "john" }', False),
        ('{ agent = "john", idle = 1 }', False),
        ('{ health = "t_800", at_least = 300 }', True),
        ('{ health = "@all", at_most = 30 }', True),
        ('{ item = "brick", in = "c" }', True),
        ('{ item = "gun", held_by = "t_800" }', True),
        ('{ item = "gun", held_by = "@hunter" }', False),
        ('{ rounds = "gun", is = 10 }', True),
        ('{ vehicle = "bike", in = "c" }', True),
        ('{ vehicle = "bike", driven_by = "@all" }', False),
        ('{ door = "shed_door", state = ["shut", "locked"] }', True),
        ('{ count = "@all", is = 3 }', True),
        ('{ count = "@guardian", in = "c", at_least = 2 }', False),
        ('{ count = "@all", status = "absent", is = 1 }', True),
        ('{ visible = "t_1000", by = "john" }', True),
        ('{ visible = "police", by = "john" }', False),
        ('{ in_view = "t_1000", by = "john" }', True),
        ('{ var = "other", at_least = 5, at_most = 5 }', True),
        ('{ knows = "skynet", by = "john" }', False),
        ("{ turn = 1 }", True),
        ("{ turn = { from = 2 } }", False),
        ('{ fired = "it" }', False),
        ('{ on = "turn" }', True),
        ('{ not = { on = "hurt" } }', True),
        ('{ all = [{ turn = 1 }, { var = "count", is = 0 }] }', True),
        ('{ all = [{ turn = 1 }, { var = "count", is = 1 }] }', False),
        ('{ any = [{ turn = 2 }, { var = "count", is = 0 }] }', True),
        ("{ any = [] }", False),
        ("{ all = [] }", True),
    ],
)
def test_condition(condition: str, expected: bool) -> None:
    world, state = start(trigger(f'on = "turn"\nwhen = {condition}'))
    assert count(turn(world, state)) == expected


# Effects


def effect(do: str, **columns: dict[int, Any]) -> tuple[World, State]:
    world, state = start(trigger('on = "turn"', do) + '[[cue]]\nid = "go"\nagent = "john"\nto = "a"\n')
    return world, turn(world, put(state, **columns))


def test_cue_and_release() -> None:
    assert effect('{ cue = "go" }')[1].cue[0].tolist() == [-1, -1, 0, -1]
    assert effect('{ release = "john" }', cue={JOHN: 0})[1].cue[0, JOHN] == -1


def test_set_and_add() -> None:
    _, state = effect('{ set = "count", to = -3 }, { add = "other", by = 2 }, { add = "count" }')
    assert state.var[0].tolist() == [-2, 7]


def test_know_and_link() -> None:
    world, state = effect('{ know = "dyson", agent = "john" }, { link = ["t_800", "john"] }')
    assert state.mind[0, T800] == state.mind[0, JOHN] == world.mind[T800]
    assert state.knows[0, state.mind[0, T800]] == 2
    assert state.marks[0, JOHN] & Mark.LINKED
    _, apart = effect('{ link = ["t_800", "john"] }', status={JOHN: Status.DOWN})
    assert apart.mind[0, T800] != apart.mind[0, JOHN]


def test_bring_and_send_away() -> None:
    world, state = effect('{ bring = "police", at = "a" }, { send_away = "t_800" }')
    assert state.status[0].tolist() == [Status.WELL, Status.ABSENT, Status.WELL, Status.WELL]
    assert state.node[0, POLICE] == place(world, "a")
    assert (state.path[0, POLICE] == place(world, "a")).all()
    assert (state.holder[0, GUN], state.item_node[0, GUN]) == (-1, place(world, "b"))
    world, state = effect('{ bring = ["police", "john"] }')
    assert state.node[0].tolist() == [place(world, name) for name in ("a", "b", "c", "c")]


def test_give() -> None:
    _, state = effect('{ give = "brick", to = "john" }, { give = "gun", to = "t_1000" }')
    assert state.holder[0].tolist() == [T1000, POLICE, JOHN]
    assert state.item_node[0].tolist() == [-1, -1, -1]


def test_damage() -> None:
    _, state = effect('{ damage = ["john", "t_1000", "police"], by = 30 }')
    assert state.status[0].tolist() == [Status.WELL, Status.WELL, Status.DOWN, Status.ABSENT]
    assert state.health[0].tolist() == [70, 300, 0, 50]
    assert state.marks[0, JOHN] & (Mark.HURT | Mark.FELL) == Mark.HURT | Mark.FELL
    world, state = effect('{ damage = ["t_1000", "t_800"], by = 300 }')
    assert state.status[0, :2].tolist() == [Status.WELL, Status.OFFLINE]
    assert state.stagger[0, T1000] == world.numbers.split_turns


def test_open_and_close() -> None:
    assert effect('{ open = "shed_door" }')[1].door[0, 0] == 0
    assert effect('{ close = "shed_door" }', door={0: 0})[1].door[0, 0] == 1
    assert effect('{ close = "shed_door" }', door={0: 2})[1].door[0, 0] == 2


def test_alarm_calls_the_law() -> None:
    world, state = effect('{ bring = "police" }, { alarm = "a" }')
    assert (state.order[0, POLICE], state.order_object[0, POLICE]) == (Order.GO, place(world, "a"))
    assert (state.order[0, :POLICE] == Order.NONE).all()


def test_enable_disable_and_end() -> None:
    script = (
        trigger('on = "turn"\nturn = 1', '{ enable = "second" }, { disable = "third" }', "first")
        + trigger('on = "turn"\nmax = 0\nenabled = false', name="second")
        + trigger('on = "turn"\ndelay = 2', '{ set = "count", to = 99 }', "third")
        + trigger('on = "turn"\nturn = 4', '{ end = "quarry_escaped" }, { end = "quarry_killed" }', "last")
    )
    world, state = start(script)
    counts = []
    for _ in range(4):
        state = turn(world, state)
        counts.append(count(state))
    assert counts == [0, 1, 2, 3]
    assert state.due[0].tolist() == [-1] * 4
    assert (state.ended[0], world.outcome_name[state.outcome[0]]) == (True, "quarry_escaped")


# When and how often


def over(state: State, world: World, turns: int, held: list[bool] | None = None) -> list[int]:
    """How often trigger 0 has fired after each turn, with variable `other` set by hand before it."""
    seen = []
    for at in range(turns):
        if held is not None:
            var = state.var.copy()
            var[:, 1] = held[at]
            state = state.evolve(var=var)
        state = turn(world, state)
        seen.append(int(state.fired[0, 0]))
    return seen


@pytest.mark.parametrize(
    ("edge", "expected"),
    [
        ("level", [1, 2, 2, 2, 3]),
        ("rising", [1, 1, 1, 1, 2]),
        ("falling", [0, 0, 1, 1, 1]),
        ("both", [1, 1, 2, 2, 3]),
    ],
)
def test_edge(edge: str, expected: list[int]) -> None:
    world, state = start(trigger(f'on = "var"\nvar = "other"\nis = 1\nmax = 0\nedge = "{edge}"'))
    assert over(state, world, 5, [True, True, False, False, True]) == expected


def test_max_cooldown_and_delay() -> None:
    def fired(keys: str) -> list[int]:
        world, state = start(trigger(f'on = "turn"\n{keys}'))
        return over(state, world, 5)

    assert fired("") == [1, 1, 1, 1, 1]
    assert fired("max = 3") == [1, 2, 3, 3, 3]
    assert fired("max = 0\ncooldown = 1") == [1, 1, 2, 2, 3]
    assert fired("max = 0\ndelay = 2") == [1, 1, 1, 2, 2]  # not while an effect is due


def test_an_effect_lands_when_it_is_due() -> None:
    world, state = start(trigger('on = "turn"\ndelay = 2'))
    counts, lands = [], []
    for _ in range(4):
        before, state = state, turn(world, state)
        counts.append(count(state))
        lands.append(bool(landed(world, before, state)[0, 0]))
    assert counts == [0, 0, 1, 1]
    assert lands == [False, False, True, False]


def test_priority_then_file_order() -> None:
    script = (
        trigger('on = "turn"', '{ set = "count", to = 1 }', "a")
        + trigger('on = "turn"\npriority = 1', '{ set = "count", to = 2 }', "b")
        + trigger('on = "turn"', '{ add = "count", by = 10 }', "c")
    )
    world, state = start(script)
    assert count(turn(world, state)) == 11


def test_all_tests_come_before_all_effects() -> None:
    script = trigger('on = "turn"', '{ set = "other", to = 0 }', "a")
    script += trigger('on = "var"\nvar = "other"\nis = 0', name="b")
    world, state = start(script)
    state = turn(world, state)
    assert state.fired[0].tolist() == [1, 0]
    assert turn(world, state).fired[0].tolist() == [1, 1]


def test_chance_is_drawn_last_and_only_when_all_else_holds() -> None:
    script = trigger('on = "turn"\nfrom = 2\nwhen = { all = [{ var = "other", is = 5 }, { chance = 300 }] }\nmax = 0')
    world, state = start(script)
    state = turn(world, state, Chance({}))
    draws = Chance({(Stream.CHANCE, 0): [299, 300]})
    state = turn(world, state, draws)
    assert count(state) == 1
    state = turn(world, state, draws)
    assert count(state) == 1
    draws.finish()


def test_rows_are_independent() -> None:
    script = trigger('on = "turn"\nmax = 0\nwhen = { chance = 400 }') + trigger(
        'on = "var"\nvar = "count"\nat_least = 2\nedge = "rising"\ndelay = 1', '{ damage = "john", by = 5 }', "two"
    )
    world, many = start(script, seeds=16)
    for _ in range(5):
        many = turn(world, many)
    assert len(np.unique(many.var[:, 0])) > 2
    for row in range(16):
        alone = fresh(world, np.array([row], np.uint64))
        for _ in range(5):
            alone = turn(world, alone)
        for name, column in alone.columns():
            assert np.array_equal(column[0], getattr(many, name)[row]), name
